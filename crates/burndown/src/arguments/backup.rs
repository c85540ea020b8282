//! Options of `backup`, `restore`, `doctor` and `status`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Options of `backup`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    /// Put it into this folder [default: backups in the workspace]
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// What to do instead of making one.
    #[command(subcommand)]
    pub action: Option<BackupAction>,
}

/// What can be done with backups.
#[derive(Debug, Subcommand)]
pub enum BackupAction {
    /// List what can be restored, newest first
    List,
    /// Look through a backup: is it what was written?
    Verify {
        /// Its id in the list, or a path [default: the newest backup]
        id: Option<String>,
    },
    /// Put a backup in the place of the database, which is kept
    Restore(Restore),
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// Its id in `burndown backup list`, or a path [default: the newest backup]
    pub id: Option<String>,
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
}

/// Options of `status`.
#[derive(Debug, Clone, Default, Args)]
pub struct Status {
    /// Look through the whole database, instead of telling what the last look found
    #[arg(long)]
    pub check: bool,
}

/// Options of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Set right what can be; what is damaged is kept aside
    #[arg(long)]
    pub repair: bool,
    /// Do it without asking
    #[arg(long, requires = "repair")]
    pub yes: bool,
}
