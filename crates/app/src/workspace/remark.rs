//! What the owner of a workspace has to know before anything else.

use migrate::Standing;
use model::Remedy;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::Result;

/// What its owner has to know; the crate `words` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Remark {
    /// The stored form is damaged.
    Damaged {
        /// What was found where, as a part of a sentence.
        what: String,
        /// What can be done.
        remedy: Remedy,
    },
    /// It is the old app's data after a rollback.
    RolledBack {
        /// What can be done.
        remedy: Remedy,
    },
    /// A rollback was begun and killed.
    RollbackBrokenOff,
    /// Files of the old app changed after the migration.
    OldFilesChanged {
        /// Which.
        what: String,
        /// What can be done.
        remedy: Remedy,
    },
}

impl App {
    /// What has to be known of a workspace of that standing about the old app's files; `None` where
    /// nothing has to be.
    pub fn remark(&self, standing: &Standing) -> Result<Option<Remark>> {
        Ok(match standing {
            Standing::LegacyChanged { what } => Some(self.old_files_changed(what.clone())?),
            Standing::RollbackBrokenOff => Some(Remark::RollbackBrokenOff),
            Standing::RolledBack => self.rollback_remark(),
            _ => None,
        })
    }

    /// What whoever changes something has to know after a rollback: the store is the old app's files.
    pub fn rollback_remark(&self) -> Option<Remark> {
        self.is_of_old_app().then_some(Remark::RolledBack { remedy: Remedy::MigrateAfterRollback })
    }

    /// What its owner has to know now.
    pub(crate) fn remarks(&self) -> Result<Vec<Remark>> {
        let remedy = if self.is_on_server() { Remedy::RestoreDump } else { Remedy::RestoreBackup };
        let damage = self.watch.damage.get();
        let damage = damage.map(|what| Remark::Damaged { what: what.clone(), remedy });
        let mut remarks: Vec<Remark> = damage.into_iter().collect();
        if self.watch.is_rolled_back {
            remarks.extend(self.remark(&Standing::RolledBack)?);
        }
        if let Some(old_files) = &self.watch.old_files
            && let Some(what) = old_files.changed(&*self.store)?
        {
            remarks.push(self.old_files_changed(what)?);
        }
        Ok(remarks)
    }

    fn old_files_changed(&self, what: String) -> Result<Remark> {
        let can_migrate = self.can_migrate_again(&*self.store.read()?)?;
        let remedy = if can_migrate { Remedy::TakeChangedFiles } else { Remedy::Nothing };
        Ok(Remark::OldFilesChanged { what, remedy })
    }
}
