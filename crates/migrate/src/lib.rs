//! Moves a workspace of the old app into the store: inventory, backup, build, verify, publish,
//! report; verifies it any time later; and takes it back.
//!
//! Nothing in the old folder is ever changed by a migration. A crash at any moment leaves either
//! the old state in force or the new one.

mod backup;
mod build;
mod change;
mod compare;
mod dry_run;
mod error;
mod fill;
mod folder;
mod hold;
mod inventory;
mod later;
mod ledger;
mod link;
mod migration;
mod old_backup;
mod place;
mod plan;
mod quarantine;
mod read;
mod render;
mod replace;
mod report;
mod rollback;
mod row_count;
mod standing;
mod undo;
mod verify;

use std::path::PathBuf;

pub use change::OldFiles;
pub use dry_run::dry_run;
pub use error::{Error, Result};
pub use fill::{Filled, fill};
pub use hold::{Hold, other_servers, who_replaces};
pub use inventory::{OLD_DATABASE, is_profiles_folder, looks_legacy};
pub use later::{Later, later_work};
pub use link::check_backups;
pub use migration::migrate;
use model::{TimeZone, Timestamp};
pub use place::{
    backups as backups_folder, database_path, forget_rollback, stamped as stamped_name,
    verdict_file,
};
pub use replace::replace as replace_database;
pub use replace::{is_aside, is_same_file};
pub use report::{Fate, FileReport, FindingReport, Report, Totals, Verification};
pub use rollback::{Rollback, plan_rollback, rollback, rollback_telling};
pub use row_count::{CellReport, TableReport};
pub use standing::{Found, Opened, Standing, Trace, look_into, standing};
pub use verify::{last_report, verify};

/// Where a migration reads and writes.
#[derive(Debug, Clone)]
pub struct Job {
    /// The folder where the old app was started.
    pub source: PathBuf,
    /// The workspace that is made; often the same folder.
    pub workspace: PathBuf,
    /// When it begins.
    pub now: Timestamp,
    /// Zone of times that were written without an offset.
    pub zone: TimeZone,
    /// Version of the program, for report and database.
    pub program_version: String,
    /// Whether to migrate even though that was done before.
    pub again: bool,
}

impl Job {
    /// The same with links on the way followed.
    fn behind_links(&self) -> Job {
        let real = |path: &std::path::Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Job { source: real(&self.source), workspace: real(&self.workspace), ..self.clone() }
    }
}

/// The stages of a migration, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Finding out what is there.
    Inventory,
    /// Copying the old files, and building the database from them at the same time.
    Build,
    /// Comparing the database with the copy.
    Verify,
    /// Giving the database its final name.
    Publish,
}

impl Stage {
    /// For a progress bar.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Inventory => "looking",
            Stage::Build => "backing up and building",
            Stage::Verify => "verifying",
            Stage::Publish => "publishing",
        }
    }
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// Where in the stage; changes of it are the moments a crash could tell apart.
    pub step: &'static str,
    /// Bytes done in this stage.
    pub done_bytes: u64,
    /// Bytes of this stage.
    pub total_bytes: u64,
}
