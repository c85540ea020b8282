//! The command line: what can be asked for, in which words.

use std::net::IpAddr;
use std::path::PathBuf;

use app::metrics::BandsBy;
use app::overview::Window;
use app::parameter::{self, Words};
use app::week_range::WeekRange;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand};
use model::Date;

mod access_key;
mod backup;
mod chart;
mod completions;
mod copy;
mod delivery;
mod edit;
mod effect;
mod forecast;
mod general;
mod issues;
mod now;
mod report;
mod settings;
mod sync;
mod transfer;
mod trash;
mod weeks;

pub use access_key::{Key, KeyAction};
pub use backup::{Backup, BackupAction, Doctor, Restore, Status};
pub use chart::Chart;
pub use completions::{Completions, Man};
pub use copy::Copy;
pub use delivery::{Delivery, DeliveryAction, DeliveryAt, DeliveryFields};
pub use edit::{Profile, ProfileAction, Queries, Query, QueryAction, Use};
pub use forecast::{Forecast, Milestone, MilestoneAction};
pub use general::{ColorWhen, General};
pub use issues::{Behind, Issues};
pub use now::Now;
pub use report::Report;
pub use settings::{Settings, SettingsAction};
pub use sync::{Connect, Jql, Reach, Sync};
pub use transfer::{Export, ExportFormat, Import};
pub use trash::{Trash, TrashAction};
pub use weeks::Weeks;

/// What stands below the commands and options.
const AFTER_HELP: &str = "\
Without a command it opens the workspace in the browser, as `burndown serve --open` does.

Environment variables:
  BURNDOWN_WORKSPACE   folder that holds the data, unless --workspace names one
  BURNDOWN_STORE       PostgreSQL database that holds the data, as --store
  BURNDOWN_STATE_FOLDER
                       folder for what only this machine needs, as --state-folder
  BURNDOWN_SHARED_KEY_FILE
                       file with the key that all nodes have, as --shared-key-file
  PGPASSWORD, PGPASSFILE
                       password of the database, and the file that has it (~/.pgpass)
  BURNDOWN_JIRA_TOKEN  token for Jira, in place of the stored one
  BURNDOWN_JIRA_SERVER
                       address of the Jira that this token is for
  BURNDOWN_CA_BUNDLE   file with the certificates to trust, as --ca-bundle
  HTTPS_PROXY, ALL_PROXY, NO_PROXY
                       proxy to reach Jira through, and hosts that need none
  NO_COLOR             no colours, unless --color says otherwise
  RUST_LOG             what -v and --log-file tell, finer

Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 nothing to migrate, \
4 some of several failed.";

/// Keeps the issues of Jira queries on this machine, to answer when the work will be done
#[derive(Debug, Parser)]
#[command(name = "burndown", version)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What every command understands.
    #[command(flatten)]
    pub general: General,
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Arguments {
    /// The command that was given; without one, to look at the workspace.
    pub fn into_parts(self) -> Result<(General, Command), clap::Error> {
        match self.command {
            Some(command) => Ok((self.general, command)),
            None => {
                let usual = Arguments::try_parse_from(["burndown", "serve", "--open"])?;
                let command = usual.command.unwrap_or(Command::Status(Status::default()));
                Ok((self.general, command))
            }
        }
    }
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the workspace in the browser; migrates the old app's files first
    Serve(Serve),
    /// Open the pages of a running server in the browser
    Open,
    /// Make, list or remove keys to the pages
    Key(Key),
    /// Move the old app's files into a database: backed up first, proven equal
    Migrate(Migrate),
    /// Compare the database with the files it was migrated from
    Verify,
    /// Go back to the old app's files; the database is kept aside
    Rollback(Rollback),
    /// Say in a few words of each query what is likely, its target's odds and how old its data is
    Answers(Answers),
    /// Say where the data is, why there, and how it is
    Status(Status),
    /// List the profiles
    Profiles,
    /// List the queries of a profile
    Queries(Queries),
    /// Choose the profile and query that commands mean when they name none
    Use(Use),
    /// Make, rename, describe, duplicate or delete a profile
    Profile(Profile),
    /// Make, edit, duplicate, move or delete a query
    Query(Query),
    /// Say where the Jira of a profile is, and test it
    Connect(Connect),
    /// Try a JQL: how many issues it finds, and the first of them
    Jql(Jql),
    /// Fetch what changed in Jira
    Sync(Sync),
    /// List the issues of a query, or show one
    Issues(Issues),
    /// Say how much there is, how fast it goes, and what in the data is doubtful
    Summary(Summary),
    /// Show what was created and done in each week
    Weeks(Weeks),
    /// Say what is under way, how old it is, and what is blocked
    Now(Now),
    /// Say how long items take, how many get done, where they are, what comes and goes
    Flow(Flow),
    /// Say when it will be done, how sure that is, and what if
    Forecast(Forecast),
    /// Write a report to a file, as HTML or Markdown
    Report(Report),
    /// Say when a version, an epic or another part of the work will be done
    Delivery(Delivery),
    /// Write a chart to a file, as SVG or PNG
    Chart(Chart),
    /// List, set or remove the deadlines of a profile
    Milestone(Milestone),
    /// List or change the settings of a profile
    Settings(Settings),
    /// Write a profile to a file, to keep it or to carry it to another machine
    Export(Export),
    /// Read a profile from a file, as a new one
    Import(Import),
    /// List, restore or remove for good what was deleted
    Trash(Trash),
    /// Make a backup, list or verify those there are, or restore one
    Backup(Backup),
    /// Put a backup in the place of the database, which is kept
    Restore(Restore),
    /// Copy the whole workspace into a PostgreSQL database, or back into a folder
    Copy(Copy),
    /// Look through the whole workspace, and set right what can be
    Doctor(Doctor),
    /// Make a demo: a generated team in a workspace of its own
    Demo(Demo),
    /// Print what lets a shell complete commands and options
    Completions(Completions),
    /// Write the manual pages into a folder
    Man(Man),
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Port on this machine [default: 8050, or the next free one]
    #[arg(long, value_name = "N", value_parser = read_port)]
    pub port: Option<u16>,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
    /// Show a generated team, kept apart from your data
    #[arg(long)]
    pub demo: bool,
    /// Let in whoever reaches the port, such as every user of this machine
    #[arg(long, conflicts_with_all = ["allow_remote", "trusted_host"])]
    pub no_login: bool,
    /// Listen on this address of the machine, so that others reach it; see docs/web.md for TLS
    #[arg(long, value_name = "ADDRESS")]
    pub allow_remote: Option<IpAddr>,
    /// Name under which a reverse proxy is asked; may be given several times
    #[arg(long, value_name = "NAME", value_parser = read_host)]
    pub trusted_host: Vec<String>,
    /// How Jira is reached when the browser asks for a sync.
    #[command(flatten)]
    pub reach: Reach,
}

/// Options of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Say what would be done, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do it anew from the old files; the current database is kept aside
    #[arg(long)]
    pub again: bool,
    /// Folder where the old app was started [default: the workspace]
    #[arg(long, value_name = "FOLDER")]
    pub from: Option<PathBuf>,
    /// Put later work aside without asking
    #[arg(long)]
    pub yes: bool,
}

/// Options of `rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// Write later changes out in the old app's format
    #[arg(long)]
    pub with_changes: bool,
    /// Say what would be done, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Put later work aside without asking
    #[arg(long)]
    pub yes: bool,
}

/// Options of `answers`.
#[derive(Debug, Args)]
pub struct Answers {
    /// Only queries with this text in their name or that of their profile
    #[arg(value_name = "TEXT", value_parser = parameter::text)]
    pub text: Option<String>,
    /// All of them, not only the 20 used last
    #[arg(long)]
    pub all: bool,
}

/// Which query a command is about.
#[derive(Debug, Args)]
pub struct OfQuery {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Id or name of the query [default: the active one]
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
}

/// What figures are about.
#[derive(Debug, Args)]
pub struct Figures {
    /// Which query.
    #[command(flatten)]
    pub of: OfQuery,
    /// Over how many complete weeks; or all [default: as the profile is set]
    #[arg(long, value_name = "N")]
    pub window: Option<Window>,
    /// Count story points instead of issues
    #[arg(long)]
    pub points: bool,
    /// Last day of what is known [default: when the data was fetched]
    #[arg(long, value_name = "DATE", value_parser = parameter::day)]
    pub as_of: Option<Date>,
}

/// Options of `summary`.
#[derive(Debug, Args)]
pub struct Summary {
    /// What the figures are about.
    #[command(flatten)]
    pub figures: Figures,
}

/// Options of `flow`.
#[derive(Debug, Args)]
pub struct Flow {
    /// What the figures are about.
    #[command(flatten)]
    pub figures: Figures,
    /// Bands of the cumulative flow: status or lane [default: status]
    #[arg(long, value_name = "WORD", value_parser = word(app::flow::ask::BANDS), hide_possible_values = true)]
    pub bands: Option<BandsBy>,
    /// Weeks that the limits of throughput come from, such as 2025-W02..2025-W20
    #[arg(long, value_name = "WEEKS")]
    pub baseline: Option<WeekRange>,
    /// Share of the service level expectation, 50 to 99 [default: 85]
    #[arg(long, value_name = "N", value_parser = app::flow::ask::percent)]
    pub percent: Option<u32>,
    /// Print comma-separated values, a line a week
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Delete the demo
    #[arg(long)]
    pub remove: bool,
}

fn read_host(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("a host is a name such as burndown.example.org, without http and port".into()),
    }
}

fn read_port(text: &str) -> Result<u16, String> {
    let why = "a port is a number from 0 to 65535, and 0 lets the system choose";
    text.parse().map_err(|_| why.to_owned())
}

fn read_count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "it is a whole number from 0 on".to_owned())
}

/// Reads one of these words, which help and completions can list.
fn word<T: std::marker::Copy + Send + std::marker::Sync + 'static>(
    words: &'static Words<T>,
) -> impl TypedValueParser<Value = T> {
    let names = PossibleValuesParser::new(words.iter().map(|(word, _)| *word));
    names.try_map(|given| parameter::word(words, &given))
}

impl Command {
    /// How Jira is reached, for those that ask it.
    pub fn reach(&self) -> Option<&Reach> {
        match self {
            Command::Serve(options) => Some(&options.reach),
            Command::Connect(options) => Some(&options.reach),
            Command::Jql(options) => Some(&options.reach),
            Command::Sync(options) => Some(&options.reach),
            _ => None,
        }
    }

    /// Whether its answer is one table, which can be comma-separated values.
    pub fn has_table(&self) -> bool {
        match self {
            Command::Issues(options) => options.key.is_none(),
            Command::Delivery(options) => {
                matches!(options.action, DeliveryAction::List { .. } | DeliveryAction::Offer)
            }
            Command::Trash(options) => matches!(options.action, TrashAction::List),
            Command::Backup(options) => matches!(options.action, Some(BackupAction::List)),
            Command::Settings(options) => {
                matches!(options.action, None | Some(SettingsAction::List))
            }
            Command::Milestone(_)
            | Command::Profiles
            | Command::Queries(_)
            | Command::Weeks(_)
            | Command::Flow(_)
            | Command::Now(_)
            | Command::Forecast(_) => true,
            _ => false,
        }
    }

    /// Whether it is about the demo rather than the user's data.
    pub fn is_about_demo(&self) -> bool {
        matches!(self, Command::Demo(_) | Command::Serve(Serve { demo: true, .. }))
    }
}

/// The names of the command and of what is below it on a command line; empty where none is known.
pub fn command_of(line: impl IntoIterator<Item = String>) -> String {
    let mut command = Arguments::command();
    command.build();
    let (mut names, mut words) = (Vec::new(), line.into_iter());
    while let Some(word) = words.next() {
        if takes_value(&command, &word) {
            words.next();
        } else if let Some(found) = command.find_subcommand(&word).cloned() {
            names.push(word);
            command = found;
        }
    }
    names.join(" ")
}

/// Whether the next word is the value of this option.
fn takes_value(command: &clap::Command, word: &str) -> bool {
    let is_it = |option: &&clap::Arg| match word.strip_prefix("--") {
        Some(long) => option.get_long() == Some(long),
        None => option.get_short().is_some_and(|short| word == format!("-{short}")),
    };
    let option = command.get_arguments().find(is_it);
    option.is_some_and(|option| option.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    /// Whoever does what a sentence says must not be told that there is no such command.
    #[test]
    fn commands_that_are_named_can_be_given() {
        for remedy in model::Remedy::ALL {
            for front in [words::Front::Page, words::Front::Terminal] {
                let sentence = words::remedy(remedy, front);
                for named in sentence.split('“').skip(1) {
                    let (command, _) = named.split_once('”').unwrap();
                    // N stands for a number, WEEK for a week.
                    let words = command.split(' ').map(|word| match word {
                        "N" => "25",
                        "WEEK" => "2025-W44",
                        word => word,
                    });
                    let parsed = Arguments::try_parse_from(words);
                    assert!(parsed.is_ok(), "{command}: {:?}", parsed.err());
                }
                assert!(sentence.ends_with('.'), "{sentence}");
            }
        }
    }
}
