//! Files and folders that nobody knows yet: they go when they are dropped, and their names say that
//! they are ours, so that what a kill left behind can be removed later.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::{Act, Result, failed};
use crate::folder::{flush_tree, remove, rename};

/// How the names of our temporary files and folders begin.
pub const TEMPORARY: &str = ".burndown-";

/// Makes a file in `parent`, `0600`.
pub fn scratch_file(parent: &Path) -> Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    builder.tempfile_in(parent).map_err(failed(Act::Create, parent))
}

/// How the names of those begin that their maker holds locked as long as he works on them.
const HELD: &str = ".burndown-held-";

/// How old a folder has to be before it is taken for abandoned: its maker holds it a moment after it is
/// there.
const FOLDER_AGE_MIN: Duration = Duration::from_secs(2);

/// The same, removed by the next of its kind in that folder if a kill leaves it there.
pub fn held_scratch_file(parent: &Path) -> Result<NamedTempFile> {
    remove_abandoned(parent);
    let mut builder = Builder::new();
    builder.prefix(HELD);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    let file = builder.tempfile_in(parent).map_err(failed(Act::Create, parent))?;
    // Where a file system has no locks, nothing is ever taken for abandoned either.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes files and folders whose maker holds them no more.
pub fn remove_abandoned(parent: &Path) {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let is_ours = |entry: &std::fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with(HELD))
    };
    for entry in entries.filter(is_ours) {
        if is_abandoned(&entry).unwrap_or(false) {
            // What cannot be removed does no harm but for its room.
            let _ = remove(&entry.path());
        }
    }
}

fn is_abandoned(entry: &std::fs::DirEntry) -> std::io::Result<bool> {
    let kind = entry.file_type()?;
    if !kind.is_file() && !kind.is_dir() {
        return Ok(false);
    }
    let opened = File::open(entry.path())?;
    let age = opened.metadata()?.modified()?.elapsed().unwrap_or_default();
    Ok((kind.is_file() || age > FOLDER_AGE_MIN) && opened.try_lock().is_ok())
}

/// A folder that goes when this is dropped.
#[derive(Debug)]
pub struct ScratchFolder {
    folder: TempDir,
    /// Held as long as it is there.
    _lock: Option<File>,
}

impl ScratchFolder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Makes a folder in `parent`, `0700`, removed by the next of its kind if a kill leaves it there.
pub fn scratch_folder(parent: &Path) -> Result<ScratchFolder> {
    remove_abandoned(parent);
    let mut builder = Builder::new();
    builder.prefix(HELD);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.tempdir_in(parent).map_err(failed(Act::CreateFolder, parent))?;
    // A system that opens no folders takes none for abandoned.
    let lock = File::open(folder.path()).ok().filter(|folder| folder.try_lock().is_ok());
    Ok(ScratchFolder { folder, _lock: lock })
}

/// Gives a folder that was filled its name, for good: all in it is flushed before, its parent after.
pub fn publish_folder(folder: ScratchFolder, place: &Path) -> Result<()> {
    publish_folder_as(folder, || place.to_owned()).map(drop)
}

/// The same with the first name that is free: another process may take the one that was. Gives it.
pub fn publish_folder_as(folder: ScratchFolder, name: impl Fn() -> PathBuf) -> Result<PathBuf> {
    flush_tree(folder.path())?;
    let mut place = name();
    while let Err(error) = rename(folder.path(), &place) {
        let other = name();
        let kind = error.source.kind();
        let is_taken = matches!(kind, ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty);
        if !is_taken || other == place {
            return Err(error);
        }
        place = other;
    }
    // It has its name now, and must not go with the temporary one.
    let _ = folder.folder.keep();
    Ok(place)
}
