//! The ways back of a workspace: backups, restoring, and setting right what is damaged.

pub use ::backup::{
    Checked, Entry, Error, Finding, Job, Kind, Reason, Repaired, Restored, Result, back_up,
    examine, find, is_due, list, repair, restore, thin, verify,
};
pub use migrate::check_backups;

use crate::App;

impl App {
    /// All that can be restored, newest first.
    pub fn backups(&self) -> Vec<Entry> {
        self.folder.as_deref().map(list).unwrap_or_default()
    }

    /// Makes the backup of the day, if something changed since the last one.
    pub fn back_up_if_due(&self) -> crate::Result<Option<Entry>> {
        let Some(job) = self.backup_job() else { return Ok(None) };
        let revision = self.store.read()?.revision()?;
        Ok(::backup::back_up_if_due(&job, revision)?)
    }

    /// Makes the backup of the day, unless what it would hold is damaged.
    pub fn back_up_sound_data(&self) {
        if self.known_damage().is_some() {
            return;
        }
        if let Err(error) = self.back_up_if_due() {
            tracing::warn!(%error, "the backup of the day was not made");
        }
    }

    /// What is backed up; `None` where there is no database in a folder of its own.
    pub(crate) fn backup_job(&self) -> Option<Job> {
        let workspace =
            self.folder.clone().filter(|_| self.hold.is_some() && !self.is_of_old_app());
        let (now, program_version) = (self.now(), self.version().to_owned());
        Some(Job { workspace: workspace?, now, program_version })
    }
}
