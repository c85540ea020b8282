//! Options of `forecast` and `milestone`: every assumption of the page has an option here.

use app::forecast::{Growth, Model, Scenario};
use app::parameter::{self, GROWTHS, MODELS};
use clap::{Args, Subcommand};
use model::{Date, Week};

use super::{Figures, word};

/// Options of `forecast`.
#[derive(Debug, Args)]
pub struct Forecast {
    /// What it is made from.
    #[command(flatten)]
    pub figures: Figures,
    /// Say how much is done by that day; may be given more than once
    #[arg(long, value_name = "DATE", value_parser = parameter::day)]
    pub by: Vec<Date>,
    /// Say when so much work is done, instead of what is open
    #[arg(long, value_name = "N", value_parser = parameter::amount)]
    pub items: Option<f64>,
    /// Work to be added; less than 0 takes some away
    #[arg(
        long,
        value_name = "N",
        value_parser = parameter::change,
        allow_hyphen_values = true
    )]
    pub add: Option<f64>,
    /// Pace in percent of the sample's
    #[arg(long, value_name = "PERCENT", value_parser = parameter::percent)]
    pub focus: Option<u32>,
    /// New work in percent of what came in the sample
    #[arg(long, value_name = "PERCENT", value_parser = parameter::share)]
    pub arrivals: Option<u32>,
    /// No work before that day
    #[arg(long, value_name = "DATE", value_parser = parameter::day)]
    pub start: Option<Date>,
    /// Weeks to leave out, such as 2025-W52; may be given more than once
    #[arg(long, value_name = "WEEK", value_parser = parameter::week, value_delimiter = ',')]
    pub exclude: Vec<Week>,
    /// Whether the scope grows: on, off, or auto (if it did)
    #[arg(long, value_name = "WORD", value_parser = word(GROWTHS), hide_possible_values = true)]
    pub growth: Option<Growth>,
    /// Which past the future is like: views of several lengths, at a pace that moves (usual); urn, the weeks of the
    /// window, at a steady pace; or exact, each of these weeks as likely
    #[arg(long, value_name = "WORD", value_parser = word(MODELS), hide_possible_values = true)]
    pub model: Option<Model>,
    /// How sure the sentences are, in percent: 50, 70, 85 or 95; usually as the setting `percent` says
    #[arg(long, value_name = "PERCENT", value_parser = parameter::told_percent)]
    pub percent: Option<u32>,
    /// Compare with other assumptions, such as "Two more;focus=120;add=5"; may be given up to 3 times
    #[arg(long, value_name = "SCENARIO", value_parser = read_scenario)]
    pub beside: Vec<Scenario>,
    /// End with exit code 5 unless each milestone is at least so likely
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=99))]
    pub min_odds: Option<u32>,
    /// Say the old app's date too, with its true odds
    #[arg(long)]
    pub pert: bool,
}

fn read_scenario(text: &str) -> Result<Scenario, String> {
    Scenario::read(text).map_err(|error| error.to_string())
}

/// Options of `milestone`.
#[derive(Debug, Args)]
pub struct Milestone {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE", global = true)]
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
        #[arg(value_parser = parameter::day)]
        date: Date,
    },
    /// Remove one
    Remove {
        /// What it is called
        name: String,
    },
}
