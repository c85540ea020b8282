//! Folders that only their owner may enter, and names that last.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Act, Result, failed};
use crate::unflushed::has_to_last;
use crate::watch::tell;

/// The folder that holds `path`; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Creates a folder and its parents, `0700` where they are new, so that they survive a power cut.
pub fn create_folder(place: &Path) -> Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let new: Vec<PathBuf> = place.ancestors().take_while(is_missing).map(Path::to_owned).collect();
    create_folder_unflushed(place)?;
    new.iter().rev().try_for_each(|folder| flush_folder(folder_of(folder)))
}

/// The same for a folder whose parents are flushed later, with all else that is put there.
pub fn create_folder_unflushed(place: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(place).map_err(failed(Act::CreateFolder, place))
}

/// Brings a folder's entries to the disk; a system that cannot open folders has nothing to flush.
pub fn flush_folder(place: &Path) -> Result<()> {
    if cfg!(unix) && has_to_last() {
        let flushed = File::open(place).and_then(|folder| folder.sync_all());
        flushed.map_err(failed(Act::Flush, place))?;
        tell(Act::Flush, place, None);
    }
    Ok(())
}

/// Renames, so that the new name survives a power cut and the old one does not come back. A file gets a name on
/// another disk by way of a copy, which is whole before it has that name.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices && is_file(from) => {
            copy_over(from, to).map_err(failed(Act::Rename, from))?;
        }
        renamed => renamed.map_err(failed(Act::Rename, from))?,
    }
    tell(Act::Rename, from, Some(to));
    let (left, reached) = (folder_of(from), folder_of(to));
    flush_folder(reached)?;
    if left == reached { Ok(()) } else { flush_folder(left) }
}

fn copy_over(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut copy = crate::scratch::scratch_file(folder_of(to)).map_err(|error| error.source)?;
    std::io::copy(&mut fs::File::open(from)?, &mut copy)?;
    copy.as_file().set_permissions(fs::metadata(from)?.permissions())?;
    copy.as_file().sync_all()?;
    copy.persist(to).map_err(|error| error.error)?;
    // The one name goes when the other lasts.
    flush_folder(folder_of(to)).map_err(|error| error.source)?;
    fs::remove_file(from)
}

/// Whether it is a file and no link to one.
fn is_file(place: &Path) -> bool {
    fs::symlink_metadata(place).is_ok_and(|found| found.is_file())
}

/// Removes a file or folder with all in it, if it is there, so that it does not come back. A link
/// goes, what it points to stays.
pub fn remove(place: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(place) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(place),
        Ok(_) => fs::remove_file(place),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(Act::Remove, place)(error)),
        Ok(()) => {
            tell(Act::Remove, place, None);
            flush_folder(folder_of(place))
        }
    }
}

/// Brings everything below a folder to the disk, files before the folders that name them.
pub fn flush_tree(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(failed(Act::Read, folder))? {
        let entry = entry.map_err(failed(Act::Read, folder))?;
        let kind = entry.file_type().map_err(failed(Act::Read, folder))?;
        if kind.is_dir() {
            flush_tree(&entry.path())?;
        } else if kind.is_file() {
            crate::flush_file(&entry.path())?;
        }
    }
    flush_folder(folder)
}
