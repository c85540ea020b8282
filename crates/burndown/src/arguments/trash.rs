//! Options of `trash`.

use clap::{Args, Subcommand};

/// Options of `trash`.
#[derive(Debug, Args)]
pub struct Trash {
    /// What to do.
    #[command(subcommand)]
    pub action: TrashAction,
}

/// What can be done with deleted things.
#[derive(Debug, Subcommand)]
pub enum TrashAction {
    /// List what was deleted in the last 30 days
    List,
    /// Put one thing back where it was
    Restore {
        /// Its id in the list
        id: String,
    },
    /// Remove everything in the trash for good
    Empty {
        /// Do it without asking
        #[arg(long)]
        yes: bool,
        /// Remove the backups that still hold it, too, after a new one was made
        #[arg(long)]
        backups_too: bool,
    },
}
