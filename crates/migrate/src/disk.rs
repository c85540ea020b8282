//! Writing so that it lasts: private modes, flushed files, flushed folders.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// Creates a folder and its parents, `0700` where they are new.
pub(crate) fn create_folder(place: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(place).map_err(|error| Error::io("creating the folder", place, &error))
}

/// Creates a file that must not be there, `0600`.
pub(crate) fn create_file(place: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place).map_err(|error| Error::io("creating", place, &error))
}

/// How names of our temporary files and folders begin.
pub(crate) const TEMPORARY: &str = ".burndown-";

/// Makes a folder that goes when it is dropped; one that a kill left behind is removed later.
pub(crate) fn scratch_folder(parent: &Path) -> Result<TempDir> {
    let made = tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(parent);
    made.map_err(|error| Error::io("creating a folder in", parent, &error))
}

/// Writes a whole file anew in one step, `0600`, flushed.
pub(crate) fn write_file(place: &Path, bytes: &[u8]) -> Result<()> {
    write_file_with(place, bytes, None)
}

/// The same with other permissions.
pub(crate) fn write_file_with(
    place: &Path,
    bytes: &[u8],
    permissions: Option<Permissions>,
) -> Result<()> {
    let failed = |error: &io::Error| Error::io("writing", place, error);
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions).map_err(|error| failed(&error))?;
    }
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    file.persist(place).map_err(|error| failed(&error.error))?;
    sync_folder(folder)
}

/// Renames and flushes the folder, so that the new name survives a power cut.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| Error::io("renaming", from, &error))?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
}

/// Flushes a folder's entries; a system that cannot open folders has nothing to flush.
pub(crate) fn sync_folder(place: &Path) -> Result<()> {
    if cfg!(unix) {
        let folder = File::open(place).map_err(|error| Error::io("opening", place, &error))?;
        folder.sync_all().map_err(|error| Error::io("flushing", place, &error))?;
    }
    Ok(())
}

/// Flushes a file that another hand wrote.
pub(crate) fn sync_file(place: &Path) -> Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(place);
    file.and_then(|file| file.sync_all()).map_err(|error| Error::io("flushing", place, &error))
}

/// Flushes made at the same time. A disk takes them together, so that a thousand small files cost
/// hardly more than a few.
const FLUSHES_AT_ONCE: usize = 16;

/// Flushes many files or folders.
pub(crate) fn flush_together(
    places: &[PathBuf],
    flush: impl Fn(&Path) -> Result<()> + Sync,
) -> Result<()> {
    let next = Mutex::new(places.iter());
    let work = || {
        loop {
            // A statement of its own, so that the lock is not held while the disk works.
            let place = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(place) = place else { return Ok(()) };
            flush(place)?;
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..FLUSHES_AT_ONCE.min(places.len())).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

/// Removes a file or folder if it is there.
pub(crate) fn remove(place: &Path) -> Result<()> {
    let result = match fs::symlink_metadata(place) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(place),
        Ok(_) => fs::remove_file(place),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("removing", place, &error))
        }
        _ => Ok(()),
    }
}
