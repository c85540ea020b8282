//! What a running program keeps an eye on beside the data: damage, and the old app's files.

use std::path::Path;
use std::sync::OnceLock;

use migrate::{OldFiles, Standing};

use crate::App;

/// What is looked for; nothing by default.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) old_files: Option<OldFiles>,
    pub(crate) is_rolled_back: bool,
    /// The damage that was found, as a part of a sentence.
    pub(crate) damage: OnceLock<String>,
}

impl Watch {
    /// Watches a workspace of that standing.
    pub fn over(folder: &Path, standing: &Standing) -> Watch {
        let is_rolled_back = *standing == Standing::RolledBack;
        let old_files = (!is_rolled_back).then(|| OldFiles::new(folder));
        Watch { old_files, is_rolled_back, damage: OnceLock::new() }
    }
}

impl App {
    /// Looks for damage of the stored form and remembers what it finds for the workspace page.
    pub(crate) fn look_for_damage(&self) {
        match self.store.look_for_damage() {
            Ok(()) => tracing::debug!("no damage found"),
            Err(error @ store::Error::Corrupt { .. }) => {
                tracing::error!(%error, "the database is damaged");
                let _ = self.watch.damage.set(error.to_string());
            }
            Err(error) => tracing::warn!(%error, "could not look for damage"),
        }
    }
}
