//! Options of `forecast` and `milestone`: every assumption of the page has an option here.

use clap::{Args, Subcommand};
use model::Day;

use super::Figures;

/// Options of `forecast`.
#[derive(Debug, Args)]
pub struct Forecast {
    /// What it is made from.
    #[command(flatten)]
    pub figures: Figures,
    /// Say how much is done by that day; may be given more than once
    #[arg(long, value_name = "DATE")]
    pub by: Vec<String>,
    /// Say when so much work is done, instead of what is open
    #[arg(long, value_name = "N")]
    pub items: Option<String>,
    /// Work to be added; less than 0 takes some away
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub add: Option<String>,
    /// Pace in percent of the sample's
    #[arg(long, value_name = "PERCENT")]
    pub focus: Option<String>,
    /// No work before that day
    #[arg(long, value_name = "DATE")]
    pub start: Option<String>,
    /// Weeks to leave out, such as 2025-W52; may be given more than once
    #[arg(long, value_name = "WEEK")]
    pub exclude: Vec<String>,
    /// Whether the scope grows: on, off, or auto (if it did)
    #[arg(long, value_name = "WORD")]
    pub growth: Option<String>,
    /// How the future is drawn: bootstrap or exact
    #[arg(long, value_name = "WORD")]
    pub model: Option<String>,
    /// Say the old app's date too, with its true odds
    #[arg(long)]
    pub pert: bool,
}

/// Options of `milestone`.
#[derive(Debug, Args)]
pub struct Milestone {
    /// The profile, by id or name [default: the one last chosen]
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub action: Option<MilestoneAction>,
}

/// What can be done about milestones.
#[derive(Debug, Subcommand)]
pub enum MilestoneAction {
    /// List them
    List,
    /// Set one, in place of one of that name
    Set {
        /// What it is called, e.g. Deadline
        name: String,
        /// The day
        date: Day,
    },
    /// Take one away
    Remove {
        /// What it is called
        name: String,
    },
}
