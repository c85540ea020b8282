//! Options of `use`, `profile` and `query`: what changes profiles and queries.

use app::profile::Extent;
use clap::{Args, Subcommand};
use model::WorkKind;

use super::word;

/// Options of `use`.
#[derive(Debug, Args)]
pub struct Use {
    /// Id or name of the profile
    pub profile: String,
    /// Id or name of a query in it [default: the one it used last]
    pub query: Option<String>,
}

/// Options of `profile`.
#[derive(Debug, Args)]
pub struct Profile {
    /// What to do.
    #[command(subcommand)]
    pub action: ProfileAction,
}

/// What can be done to profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileAction {
    /// Make one, without settings and queries
    Create {
        /// What it is called; no other profile has that name
        name: String,
        /// Free text
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Give one another name
    Rename {
        /// Id or name of the profile
        profile: String,
        /// Its new name
        name: String,
    },
    /// Give one another description
    Describe {
        /// Id or name of the profile
        profile: String,
        /// Free text; empty to have none
        text: String,
    },
    /// Make one like it; the Jira token is never copied
    Duplicate {
        /// Id or name of the profile
        profile: String,
        /// What the duplicate is called [default: its name with "(copy)"]
        name: Option<String>,
        /// What the duplicate gets: settings, queries (with settings) or data (with both)
        #[arg(
            long,
            value_name = "WORD",
            value_parser = word(Extent::ALL),
            default_value = "queries",
            hide_possible_values = true
        )]
        with: Extent,
    },
    /// Put one with all below it into the trash, from which it can be restored for 30 days
    Delete {
        /// Id or name of the profile
        profile: String,
        /// Do it without asking
        #[arg(long)]
        yes: bool,
    },
}

/// Options of `queries`.
#[derive(Debug, Args)]
pub struct Queries {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
}

/// Options of `query`.
#[derive(Debug, Args)]
pub struct Query {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE", global = true)]
    pub profile: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub action: QueryAction,
}

/// What can be done to queries.
#[derive(Debug, Subcommand)]
pub enum QueryAction {
    /// Make one
    #[command(visible_alias = "add")]
    Create {
        /// What to ask Jira for
        jql: String,
        /// What it is called [default: made from the JQL]
        #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
        name: String,
        /// Free text
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Give one another JQL, name or description; what was fetched stays
    Edit {
        /// Id or name of the query
        query: String,
        /// What to ask Jira for from now on; a refetch is due then
        #[arg(long, value_name = "JQL")]
        jql: Option<String>,
        /// Its new name; empty to have one made from the JQL
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Free text; empty to have none
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Say what its work is: that of a team, which is never over, or a delivery, which has an end
    Work {
        /// Id or name of the query
        query: String,
        /// team or delivery
        #[arg(value_name = "WORD", value_parser = word(WorkKind::ALL))]
        kind: WorkKind,
    },
    /// Make one like it in the same profile
    Duplicate {
        /// Id or name of the query
        query: String,
        /// What the duplicate is called [default: its name with "(copy)"]
        name: Option<String>,
        /// With everything that was fetched
        #[arg(long)]
        with_data: bool,
    },
    /// Put one with all it holds into another profile
    Move {
        /// Id or name of the query
        query: String,
        /// Id or name of the other profile
        to: String,
    },
    /// Remove for good what left one: issues that it found once and does not find any more
    ForgetLeft {
        /// Id or name of the query
        query: String,
        /// Do it without asking
        #[arg(long)]
        yes: bool,
    },
    /// Put one with all it holds into the trash, from which it can be restored for 30 days
    Delete {
        /// Id or name of the query
        query: String,
        /// Do it without asking
        #[arg(long)]
        yes: bool,
    },
}
