//! The stored form and its versions: numbered steps, forward only, all that are missing in one
//! transaction together with the number of the last.

use std::path::PathBuf;

use crate::error::{Error, Result};

/// One version of the stored form, reached from the one before. Never edited after a release.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The version that it leads to.
    pub version: u32,
    /// What to do.
    pub sql: &'static str,
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
    /// Brings what is derived and counted to the newest version; an error if it is not what a new one is.
    fn finish(&self) -> Result<()>;
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
        if self.missing(upgrade)?.is_empty() {
            return Ok(());
        }
        upgrade.begin()?;
        // Asked again under the lock: another process may have been faster.
        let taken = self.missing(upgrade).and_then(|steps| self.take(upgrade, steps));
        match taken {
            Ok(()) => upgrade.end(true),
            Err(error) => upgrade.end(false).and(Err(error)),
        }
    }

    fn take(self, upgrade: &dyn Upgrade, steps: &[Step]) -> Result<()> {
        let Some(last) = steps.last().copied() else { return Ok(()) };
        let has_data = upgrade.version()? > 0;
        // Others can read but not write while the transaction is open.
        let backup = if has_data { upgrade.back_up(self.version())? } else { None };
        for step in steps {
            upgrade.take(*step).map_err(|error| failed(upgrade, *step, &backup, error))?;
            tracing::debug!(version = step.version, "take a step of the schema");
        }
        upgrade.finish().map_err(|error| failed(upgrade, last, &backup, error))
    }

    fn missing(self, upgrade: &dyn Upgrade) -> Result<&'static [Step]> {
        let (found, supported) = (upgrade.version()?, self.version());
        if found > supported {
            return Err(Error::TooNew { place: upgrade.place(), found, supported });
        }
        let done = self.steps.iter().take_while(|step| step.version <= found).count();
        Ok(self.steps.get(done..).unwrap_or_default())
    }
}

/// What whoever has a copy is told.
fn failed(upgrade: &dyn Upgrade, step: Step, backup: &Option<PathBuf>, error: Error) -> Error {
    let Some(backup) = backup.clone() else { return error };
    Error::UpgradeFailed {
        place: upgrade.place(),
        version: step.version,
        why: error.to_string(),
        backup,
    }
}
