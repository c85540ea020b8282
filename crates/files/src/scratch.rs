//! Files and folders that nobody knows yet: they go when they are dropped, and their names say that
//! they are ours, so that what a kill left behind can be removed later.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::{Act, Result, failed};
use crate::folder::{flush_tree, rename};

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

/// How the names of files begin that their maker holds locked as long as he works on them.
const HELD: &str = ".burndown-held-";

/// The same for a folder that is nobody's own, such as one that somebody exports into: what a kill left
/// there of an earlier one is removed, since no later run would look there.
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

/// Removes files whose maker holds them no more.
fn remove_abandoned(parent: &Path) {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let is_ours = |entry: &std::fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with(HELD))
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    for entry in entries.filter(is_ours) {
        let is_abandoned =
            std::fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        if is_abandoned {
            // One that cannot be removed does no harm but for its room.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Makes a folder in `parent`, `0700`.
pub fn scratch_folder(parent: &Path) -> Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent).map_err(failed(Act::CreateFolder, parent))
}

/// Gives a folder that was filled its name, for good: all in it is flushed before, its parent after.
pub fn publish_folder(folder: TempDir, place: &Path) -> Result<()> {
    publish_folder_as(folder, || place.to_owned()).map(drop)
}

/// The same with the first name that is free: another process may take the one that was. Gives it.
pub fn publish_folder_as(folder: TempDir, name: impl Fn() -> PathBuf) -> Result<PathBuf> {
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
    let _ = folder.keep();
    Ok(place)
}
