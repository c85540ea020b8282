//! Options of `key`.

use std::path::PathBuf;

use app::parameter::Words;
use clap::{Args, Subcommand};
use model::access_key::Role;

use super::word;

/// What keys allow, in words.
const ROLES: &Words<Role> = &[("view", Role::View), ("edit", Role::Edit)];

/// Options of `key`.
#[derive(Debug, Args)]
pub struct Key {
    /// What to do.
    #[command(subcommand)]
    pub action: KeyAction,
}

/// What can be done with access keys.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// Make one for a person or a script; it is shown this once
    Add {
        /// For whom or what
        name: String,
        /// What it allows: view (see everything, change nothing) or edit
        #[arg(long, value_name = "WORD", default_value = "edit", value_parser = word(ROLES), hide_possible_values = true)]
        role: Role,
        /// Write it to this file instead of the terminal [default without a terminal: in the workspace]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// List them
    List,
    /// Remove one, which ends its sessions; the workspace's own is made anew
    Remove {
        /// Its name
        name: String,
    },
}
