//! The ways back of a workspace: backups that are proven when they are made, a list of all that can be
//! restored, restoring, and salvage of what a damaged database still holds. Tokens are in no backup.

mod doctor;
mod entry;
mod error;
mod holding;
mod make;
mod restore;
mod thin;

use std::path::PathBuf;

pub use doctor::{Checked, Finding, Repaired, examine, repair};
pub use entry::{Entry, Kind, Reason, find, list, verify};
pub use error::{Error, Result};
pub use holding::{Gone, look_into, old_folders_that_hold, remove};
pub use make::{back_up, back_up_if_due, is_due};
use model::Timestamp;
pub use restore::{Restored, restore};
pub use thin::thin;

/// A workspace, and what is asked of it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its folder.
    pub workspace: PathBuf,
    /// What time it is.
    pub now: Timestamp,
    /// Version of the program.
    pub program_version: String,
}
