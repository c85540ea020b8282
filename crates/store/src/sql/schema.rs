//! The stored form and its versions: numbered steps, forward only, each in one transaction together
//! with its number.

use std::path::PathBuf;

use crate::error::{Error, Result};

/// One version of the stored form, reached from the one before. Never edited after a release.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The version that it leads to.
    pub version: u32,
    /// What to do.
    pub sql: &'static str,
    /// Whether the columns that are derived from documents are derived anew after it.
    pub derives_facts: bool,
    /// Whether what issues belong to is derived from documents after it.
    pub derives_memberships: bool,
}

/// All steps, oldest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema {
    /// Their versions are 1, 2, 3, …
    pub steps: &'static [Step],
}

/// What taking steps needs of a backend.
pub(crate) trait Upgrade {
    /// The version that is there; 0 if nothing is.
    fn version(&self) -> Result<u32>;
    /// Begins a transaction that keeps other writers waiting.
    fn begin(&self) -> Result<()>;
    /// Does what a step says and notes its version.
    fn take(&self, step: Step) -> Result<()>;
    /// Ends the transaction: for real, or as if nothing had been.
    fn end(&self, is_real: bool) -> Result<()>;
    /// Makes a proven copy before version `version` is taken; `None` where that is not ours to do.
    fn back_up(&self, version: u32) -> Result<Option<PathBuf>>;
    /// What errors call the place of the data.
    fn place(&self) -> String;
}

impl Schema {
    /// The newest version.
    pub fn version(self) -> u32 {
        self.steps.last().map_or(0, |step| step.version)
    }

    /// Takes what is there to the newest version; data of an older one is backed up first.
    pub fn apply(self, upgrade: &dyn Upgrade) -> Result<()> {
        let has_data = upgrade.version()? > 0;
        let mut backup = None;
        while self.take_next_step(upgrade, has_data, &mut backup)? {}
        Ok(())
    }

    /// Takes one step in a transaction of its own; `false` if there is none left.
    fn take_next_step(
        self,
        upgrade: &dyn Upgrade,
        has_data: bool,
        backup: &mut Option<PathBuf>,
    ) -> Result<bool> {
        if self.next_step(upgrade)?.is_none() {
            return Ok(false);
        }
        upgrade.begin()?;
        // Asked again under the lock: another process may have been faster.
        let taken = self.next_step(upgrade).and_then(|step| match step {
            Some(step) => self.take(upgrade, step, has_data, backup),
            None => Ok(()),
        });
        match taken {
            Ok(()) => upgrade.end(true).map(|()| true),
            Err(error) => upgrade.end(false).and(Err(error)),
        }
    }

    fn take(
        self,
        upgrade: &dyn Upgrade,
        step: Step,
        has_data: bool,
        backup: &mut Option<PathBuf>,
    ) -> Result<()> {
        if has_data && backup.is_none() {
            // Others can read but not write while the transaction is open.
            *backup = upgrade.back_up(self.version())?;
        }
        let Err(error) = upgrade.take(step) else {
            tracing::debug!(version = step.version, "take a step of the schema");
            return Ok(());
        };
        Err(match backup.take() {
            Some(backup) => Error::UpgradeFailed {
                place: upgrade.place(),
                version: step.version,
                why: error.to_string(),
                backup,
            },
            None => error,
        })
    }

    fn next_step(self, upgrade: &dyn Upgrade) -> Result<Option<Step>> {
        let (found, supported) = (upgrade.version()?, self.version());
        if found > supported {
            return Err(Error::TooNew { place: upgrade.place(), found, supported });
        }
        Ok(self.steps.iter().find(|step| step.version > found).copied())
    }
}
