//! What a running program keeps an eye on beside the data: damage, and the old app's files.

use std::path::Path;
use std::sync::OnceLock;

use migrate::{OldFiles, Standing};

use crate::App;
use crate::error::Error;
use crate::verdict::Verdict;

/// What is looked for; nothing by default.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) old_files: Option<OldFiles>,
    pub(crate) is_rolled_back: bool,
    /// The damage that was found, as a sentence.
    pub(crate) damage: OnceLock<String>,
}

impl Watch {
    /// Watches a workspace of that standing.
    pub fn over(folder: &Path, standing: &Standing) -> Watch {
        let is_rolled_back = *standing == Standing::RolledBack;
        let old_files = (!is_rolled_back).then(|| OldFiles::new(folder));
        Watch { old_files, is_rolled_back, ..Watch::default() }
    }
}

impl App {
    /// The damage that is known so far, as a sentence.
    pub fn known_damage(&self) -> Option<String> {
        self.watch.damage.get().cloned()
    }

    /// Whether another program took the store's files away under it.
    pub(crate) fn is_displaced(&self) -> bool {
        self.store.check_place().is_err()
    }

    /// Looks for damage of the stored form and remembers what it finds for the workspace page.
    pub(crate) fn look_for_damage(&self) {
        match self.check_all() {
            Ok(verdict) => {
                match verdict.findings.first() {
                    None => tracing::debug!("no damage found"),
                    Some(what) => {
                        let (place, what) = (self.address(), what.clone());
                        self.note_damage(&Error::Store(store::Error::Corrupt { place, what }));
                    }
                }
                // All of it, where meeting it noted one thing.
                self.note_verdict(&verdict);
            }
            Err(error) => {
                tracing::warn!(%error, "could not look for damage");
                self.note_damage(&error);
            }
        }
    }

    /// Remembers the damage that an error is about, so that every page tells it, and `status` looks again.
    pub fn note_damage(&self, error: &Error) {
        if let Error::Store(error @ store::Error::Corrupt { what, .. }) = error
            && self.watch.damage.set(error.to_string()).is_ok()
        {
            tracing::error!(%error, "the database is damaged");
            self.note_verdict(&Verdict { at: self.now(), findings: vec![what.clone()] });
        }
    }
}
