//! Options of `settings`.

use clap::{Args, Subcommand};

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
