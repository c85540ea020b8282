//! Options of `settings`.

use app::settings::{Lane, LaneEdit, LanePlace, LaneTo};
use clap::{Args, Subcommand};

use crate::failure::{Failure, Result};

/// Options of `settings`.
#[derive(Debug, Args)]
pub struct Settings {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE", global = true)]
    pub profile: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub action: Option<SettingsAction>,
}

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub enum SettingsAction {
    /// List them
    List,
    /// Count the statuses, resolutions, types and projects that the issues name
    Seen,
    /// Say what statuses could mean, where nothing is set about them
    Propose {
        /// Set it so
        #[arg(long)]
        accept: bool,
    },
    /// List the statuses in order with their lanes, put one into a lane, or move it
    Lane(LaneOptions),
    /// Set one; of a list, all it holds
    Set {
        /// Its name, as the list shows it
        name: String,
        /// Its value, or all values of a list
        #[arg(required = true)]
        values: Vec<String>,
    },
    /// Take one back to what is usual
    Unset {
        /// Its name
        name: String,
    },
    /// Add to a list
    Add {
        /// Its name
        name: String,
        /// What to add
        #[arg(required = true)]
        values: Vec<String>,
    },
    /// Take something off a list
    Remove {
        /// Its name
        name: String,
        /// What to take off
        #[arg(required = true)]
        values: Vec<String>,
    },
    /// Store the Jira token, read from stdin and never shown again
    Token {
        /// Forget the stored one instead
        #[arg(long)]
        forget: bool,
    },
}

/// Options of `settings lane`.
#[derive(Debug, Args)]
pub struct LaneOptions {
    /// Id or name of a status; without one they are listed
    pub status: Option<String>,
    /// not-started, waiting, active, done or not-delivered
    pub lane: Option<String>,
    /// Let Jira, or a list, say its lane again
    #[arg(long, conflicts_with = "lane", requires = "status")]
    pub unset: bool,
    /// Move it before another status
    #[arg(long, value_name = "STATUS", requires = "status")]
    pub before: Option<String>,
    /// Move it behind another status
    #[arg(long, value_name = "STATUS", requires = "status", conflicts_with = "before")]
    pub after: Option<String>,
}

impl LaneOptions {
    /// What is to be changed, if anything is.
    pub fn edit(&self) -> Result<Option<LaneEdit>> {
        let Some(status) = self.status.clone() else { return Ok(None) };
        let words = || Lane::ALL.map(Lane::key).join(", ");
        let lane = match &self.lane {
            Some(word) => LaneTo::Chosen(Lane::of_key(word).ok_or_else(|| {
                Failure::usage(format!("no lane is called {word:?}; there are {}", words()))
            })?),
            None if self.unset => LaneTo::Usual,
            None => LaneTo::Same,
        };
        let before = self.before.clone().map(LanePlace::Before);
        let place = before.or_else(|| self.after.clone().map(LanePlace::After));
        if lane == LaneTo::Same && place.is_none() {
            let usage = format!("say the lane of {status:?}: {}", words());
            return Err(Failure::usage(usage));
        }
        Ok(Some(LaneEdit { status, lane, place }))
    }
}
