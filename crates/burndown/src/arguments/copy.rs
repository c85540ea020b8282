//! Options of `copy`.

use clap::Args;

/// Options of `copy`.
#[derive(Debug, Args)]
pub struct Copy {
    /// An empty PostgreSQL database, as postgres://USER@HOST/DATABASE, or a folder
    #[arg(long, value_name = "ADDRESS")]
    pub to: String,
    /// Only compare what is there with the source, record by record
    #[arg(long)]
    pub verify: bool,
    /// Empty an unfinished copy first, also one of another workspace, and begin again
    #[arg(long, conflicts_with = "verify")]
    pub again: bool,
}
