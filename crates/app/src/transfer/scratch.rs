//! Places in the workspace for what is read or uploaded: for its owner alone, and removed by the next
//! server or import if this one is killed.

use std::path::{Path, PathBuf};

use files::{NamedTempFile, ScratchFolder};

use crate::error::Result;
use crate::{App, PROFILES};

/// A folder that goes when this is dropped, and the one that it lies in if that is empty then.
pub(crate) struct Scratch {
    // Goes first.
    folder: ScratchFolder,
    _parent: Option<Emptied>,
}

/// A folder that is of no use once it is empty: another user might not be able to look into it.
struct Emptied(PathBuf);

impl Drop for Emptied {
    fn drop(&mut self) {
        // Whoever has put something into it meanwhile keeps it.
        let _ = std::fs::remove_dir(&self.0);
    }
}

impl Scratch {
    /// A folder in the one of the system, for work without a workspace that can be written to.
    pub fn outside() -> Result<Scratch> {
        Ok(Scratch { folder: files::scratch_folder(&std::env::temp_dir())?, _parent: None })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl App {
    /// A folder for what an import unpacks.
    pub(crate) fn scratch(&self) -> Result<Scratch> {
        let Some(folder) = self.upload_folder() else { return Scratch::outside() };
        let inside = files::create_folder(&folder).and_then(|()| files::scratch_folder(&folder));
        match inside {
            Ok(inside) => Ok(Scratch { folder: inside, _parent: Some(Emptied(folder)) }),
            Err(error) => {
                tracing::debug!(%error, "nothing can be written here; the system's folder is used");
                Scratch::outside()
            }
        }
    }

    /// Begins a file for what is uploaded. It lies in the workspace, so that the next server removes
    /// what a kill left, and goes when it is dropped.
    pub fn begin_upload(&self) -> Result<NamedTempFile> {
        let inside = self.upload_folder().map(|folder| {
            files::create_folder(&folder).and_then(|()| files::held_scratch_file(&folder))
        });
        // Where nothing can be written, or another user's folder is, the system's takes it.
        match inside {
            Some(Ok(file)) => Ok(file),
            _ => Ok(files::scratch_file(&std::env::temp_dir())?),
        }
    }

    /// Removes what servers and commands that were killed left.
    pub fn remove_abandoned_uploads(&self) {
        if let Some(folder) = self.upload_folder() {
            files::remove_abandoned(&folder);
            drop(Emptied(folder));
        }
    }

    fn upload_folder(&self) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(PROFILES).join(".burndown-uploads"))
    }
}
