//! Options of the commands that write and read files.

use std::path::PathBuf;

use clap::Args;

/// Options of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// File to write, packed if its name ends in .gz; - is stdout
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
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// File to read: an export of burndown or of the old app
    pub file: PathBuf,
    /// Say what would come of it, change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Name of the new profile [default: the one in the file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}
