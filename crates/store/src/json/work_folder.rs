//! `.burndown-json`: locks, staged files, the journal, and versions that readers still need.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::layout::WORK_FOLDER;
use super::lock::{self, Held};
use crate::contract::Revision;
use crate::error::{Error, Result};

const WRITE_LOCK: &str = "write.lock";
const PUBLISH_LOCK: &str = "publish.lock";
const READERS_LOCK: &str = "readers.lock";

/// The folder's places. It is made by the first write; reading alone leaves a legacy folder as it
/// was.
#[derive(Debug, Clone)]
pub(super) struct WorkFolder {
    path: PathBuf,
}

impl WorkFolder {
    pub(super) fn of(root: &Path) -> WorkFolder {
        WorkFolder { path: root.join(WORK_FOLDER) }
    }

    pub(super) fn exists(&self) -> bool {
        // The locks are made last to first, so this one says that all are there.
        self.path.join(WRITE_LOCK).exists()
    }

    /// Makes the folder and its locks where they are missing.
    pub(super) fn create(&self) -> Result<()> {
        for folder in [self.path.clone(), self.new_folder(), self.old_folder()] {
            // All in them goes one day: what a link leads to is not ours.
            if folder.is_symlink() {
                files::remove(&folder)?;
            }
            files::create_folder(&folder)?;
        }
        for name in [READERS_LOCK, PUBLISH_LOCK, WRITE_LOCK] {
            // One that is there stays: somebody may hold it.
            files::open_private(&self.path.join(name))?;
        }
        Ok(())
    }

    /// Held by the one writer from its first read to its end, and by whoever repairs.
    pub(super) fn lock_for_writing(&self, timeout_ms: u64) -> Result<Held> {
        lock::exclusive(&self.path.join(WRITE_LOCK), timeout_ms)
    }

    /// Held while files take their places: nobody begins to read a half-made state.
    pub(super) fn lock_for_publishing(&self, timeout_ms: u64) -> Result<Held> {
        lock::exclusive(&self.path.join(PUBLISH_LOCK), timeout_ms)
    }

    /// Held by a reader while it learns which files there are.
    pub(super) fn lock_against_publishing(&self, timeout_ms: u64) -> Result<Held> {
        lock::shared(&self.path.join(PUBLISH_LOCK), timeout_ms)
    }

    /// Held by every reader for its whole life: older versions stay meanwhile.
    pub(super) fn lock_as_reader(&self, timeout_ms: u64) -> Result<Held> {
        lock::shared(&self.path.join(READERS_LOCK), timeout_ms)
    }

    /// The lock that only somebody gets while nobody reads.
    pub(super) fn lock_without_readers(&self) -> Result<Option<Held>> {
        lock::exclusive_now(&self.path.join(READERS_LOCK))
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.path.join("journal.json")
    }

    /// Where staged files are.
    pub(super) fn new_folder(&self) -> PathBuf {
        self.path.join("new")
    }

    /// A staged file.
    pub(super) fn new_file(&self, number: u32) -> PathBuf {
        self.new_folder().join(number.to_string())
    }

    fn old_folder(&self) -> PathBuf {
        self.path.join("old")
    }

    /// Where the versions are that this revision superseded.
    pub(super) fn superseded_by(&self, revision: Revision) -> PathBuf {
        self.old_folder().join(revision.to_string())
    }

    /// The revisions whose superseded versions are still here, oldest first.
    pub(super) fn kept_revisions(&self) -> Result<Vec<Revision>> {
        let folder = self.old_folder();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::from_io(&error, &folder)),
        };
        let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
        let mut revisions: Vec<Revision> = entries.flatten().filter_map(number).collect();
        revisions.sort_unstable();
        Ok(revisions)
    }

    /// Removes staged files that nobody will publish.
    pub(super) fn clear_new(&self) -> Result<()> {
        self.clear(&self.new_folder())
    }

    /// Removes superseded versions; the caller knows that nobody needs them.
    pub(super) fn clear_old(&self) -> Result<()> {
        self.clear(&self.old_folder())
    }

    fn clear(&self, folder: &Path) -> Result<()> {
        let in_folder = |error: io::Error| Error::from_io(&error, folder);
        for entry in fs::read_dir(folder).map_err(in_folder)? {
            let entry = entry.map_err(in_folder)?;
            let is_folder = entry.file_type().map_err(in_folder)?.is_dir();
            let path = entry.path();
            let removed =
                if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| Error::from_io(&error, &path))?;
        }
        Ok(())
    }
}
