//! Options of the commands that write and read files.

use std::path::PathBuf;

use app::transfer::DayOrder;
use clap::{Args, ValueEnum};

/// Options of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// File to write, packed if its name ends in .gz; - is stdout; or a folder to make
    pub file: PathBuf,
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Only this query: its id or name [default: all]
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
    /// Only settings and queries, no issues and figures
    #[arg(long)]
    pub config_only: bool,
    /// What to write: file, to be imported again; legacy, a folder that the old app opens; csv, a
    /// folder with a table per file
    #[arg(long, value_name = "FORM", default_value = "file", hide_possible_values = true)]
    pub format: ExportFormat,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One file in our own format.
    File,
    /// A folder in the old app's layout.
    Legacy,
    /// A folder with a file of comma-separated values per table.
    Csv,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// File to read: an export of burndown or of the old app, or a CSV of weeks or of issues
    pub file: PathBuf,
    /// Say what would come of it, change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Name of the new profile [default: the one in the file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What comes first in dates of a CSV such as 07/09/2026: day-first or month-first
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<DayOrder>,
    /// Put it in place of this profile (id or name), which goes to the trash
    #[arg(long, value_name = "PROFILE")]
    pub replace: Option<String>,
    /// Replace without asking
    #[arg(long)]
    pub yes: bool,
}
