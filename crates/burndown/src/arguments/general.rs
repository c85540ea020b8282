//! Options that every command has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "General options")]
pub struct General {
    /// Folder that holds the data; `burndown status` says which one it is otherwise
    #[arg(long, global = true, value_name = "FOLDER")]
    pub workspace: Option<PathBuf>,
    /// A PostgreSQL database that holds the data, as postgres://USER@HOST/DATABASE; BURNDOWN_STORE
    /// does the same
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "ADDRESS",
        conflicts_with = "workspace"
    )]
    pub store: Option<String>,
    /// With --store: a hot standby of it that pages and commands that only read are read from;
    /// BURNDOWN_READ_STORE does the same
    #[arg(long, global = true, hide_short_help = true, value_name = "ADDRESS")]
    pub read_store: Option<String>,
    /// With --store: folder for what only this machine needs, such as its Jira tokens
    #[arg(long, global = true, hide_short_help = true, value_name = "FOLDER")]
    pub state_folder: Option<PathBuf>,
    /// With --store: a command that prints the password; else PGPASSWORD or ~/.pgpass has it
    #[arg(long, global = true, hide_short_help = true, value_name = "COMMAND")]
    pub store_password_command: Option<String>,
    /// With --store: file with the key that all nodes have, so that a session with one is one with all
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub shared_key_file: Option<PathBuf>,
    /// With --store: a command that prints that key
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "COMMAND",
        conflicts_with = "shared_key_file"
    )]
    pub shared_key_command: Option<String>,
    /// Print JSON; errors too
    #[arg(long, global = true)]
    pub json: bool,
    /// Print the table as comma-separated values
    #[arg(long, global = true, conflicts_with = "json")]
    pub csv: bool,
    /// Say nothing but what failed or deserves attention; questions are still answered
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to use colours: auto, always or never; auto heeds NO_COLOR
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: ColorWhen,
    /// Say on stderr what is done (-v), in detail (-vv); RUST_LOG chooses finer
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Append what is done to this file
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
