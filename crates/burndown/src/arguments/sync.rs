//! Options of the commands that ask Jira.

use std::path::PathBuf;

use clap::Args;

/// How Jira is reached beside what is stored.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reaching Jira")]
pub struct Reach {
    /// Command that prints the token; it is run once, and the token is kept nowhere
    #[arg(long, value_name = "COMMAND")]
    pub token_command: Option<String>,
    /// File with the certificates to trust in place of those of the system, as PEM
    #[arg(long, value_name = "FILE", env = "BURNDOWN_CA_BUNDLE")]
    pub ca_bundle: Option<PathBuf>,
}

/// Options of `connect`.
#[derive(Debug, Args)]
pub struct Connect {
    /// Address of the Jira, such as `https://jira.example.org` [default: the stored one]
    pub address: Option<String>,
    /// Id or name of the profile, made if it is not there [default: the active one, or one named
    /// after the server]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// E-mail address that the API token belongs to (Jira Cloud)
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["public", "user"])]
    pub email: Option<String>,
    /// User name, with the password in place of a token (Jira Server before 8.14)
    #[arg(long, value_name = "NAME", conflicts_with = "public")]
    pub user: Option<String>,
    /// Ask without a token: a public server
    #[arg(long)]
    pub public: bool,
    /// Send the token over http too, where whoever is on the way can read it
    #[arg(long, conflicts_with = "public")]
    pub allow_http: bool,
    /// Test it, and store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How it is reached.
    #[command(flatten)]
    pub reach: Reach,
}

/// Options of `jql`.
#[derive(Debug, Args)]
pub struct Jql {
    /// What to ask, such as "project = ABC" [default: what the active query asks]
    pub jql: Option<String>,
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Show this many issues
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = super::read_count)]
    pub limit: usize,
    /// How it is reached.
    #[command(flatten)]
    pub reach: Reach,
}

/// Options of `sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// Id or name of the query [default: the active one]
    #[arg(conflicts_with = "all")]
    pub query: Option<String>,
    /// The same, as other commands name it
    #[arg(long = "query", value_name = "QUERY", conflicts_with_all = ["all", "query"], hide = true)]
    pub named_query: Option<String>,
    /// Id or name of the profile [default: the active one; with --all: every one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Every query whose data is due
    #[arg(long)]
    pub all: bool,
    /// With --all: also those whose data is fresh
    #[arg(long, requires = "all")]
    pub force: bool,
    /// Fetch everything anew, whatever is stored
    #[arg(long)]
    pub full: bool,
    /// With --full: take it that all that is missing left the query, also what this login no longer
    /// sees
    #[arg(long, requires = "full")]
    pub accept_loss: bool,
    /// How it is reached.
    #[command(flatten)]
    pub reach: Reach,
}
