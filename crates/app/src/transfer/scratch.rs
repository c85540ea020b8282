//! Places in the workspace for what is read or uploaded: for its owner alone, and removed by the next
//! server if this one is killed.

use std::path::{Path, PathBuf};

use files::{Held, Kind, LockFile, NamedTempFile, TempDir};

use crate::error::Result;
use crate::{App, PROFILES};

/// Name of the lock in a scratch folder, held as long as somebody works in it.
const LOCK: &str = "lock";

/// A folder that goes when this is dropped.
pub(crate) struct Scratch {
    folder: TempDir,
    _held: Option<Held>,
}

impl Scratch {
    /// A folder in the one of the system, for work without a workspace that can be written to.
    pub fn outside() -> Result<Scratch> {
        Scratch::below(&std::env::temp_dir())
    }

    fn below(parent: &Path) -> Result<Scratch> {
        let folder = files::scratch_folder(parent)?;
        let lock = LockFile::create(&folder.path().join(LOCK))?;
        Ok(Scratch { folder, _held: lock.hold(Kind::Shared, 0)? })
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
        let inside = files::create_folder(&folder).map_err(crate::Error::from);
        inside.and_then(|()| Scratch::below(&folder)).or_else(|error| {
            tracing::debug!(%error, "nothing can be written here; the system's folder is used");
            Scratch::outside()
        })
    }

    /// Begins a file for what is uploaded. It lies in the workspace, so that the next server removes
    /// what a kill left, and goes when it is dropped.
    pub fn begin_upload(&self) -> Result<NamedTempFile> {
        let Some(folder) = self.upload_folder() else {
            return Ok(files::scratch_file(&std::env::temp_dir())?);
        };
        files::create_folder(&folder)?;
        let file = files::scratch_file(&folder)?;
        // Held as long as somebody waits for it; another server leaves it alone.
        let _ = file.as_file().try_lock_shared();
        Ok(file)
    }

    /// Removes what servers and commands that were killed left.
    pub fn remove_abandoned_uploads(&self) -> Result<()> {
        let Some(folder) = self.upload_folder() else { return Ok(()) };
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
        // What has another name, somebody else put there.
        let is_ours = |entry: &std::fs::DirEntry| {
            entry.file_name().to_string_lossy().starts_with(files::TEMPORARY)
        };
        for entry in entries.flatten().filter(is_ours) {
            let path = entry.path();
            let lock = if path.is_dir() { path.join(LOCK) } else { path.clone() };
            let is_abandoned = match LockFile::open(&lock) {
                Ok(lock) => lock.hold(Kind::Exclusive, 0)?.is_some(),
                // Whoever was killed had not come as far as its lock.
                Err(_) => std::fs::read_dir(&path).is_ok_and(|mut inside| inside.next().is_none()),
            };
            if is_abandoned {
                files::remove(&path)?;
            }
        }
        Ok(())
    }

    fn upload_folder(&self) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(PROFILES).join(".burndown-uploads"))
    }
}
