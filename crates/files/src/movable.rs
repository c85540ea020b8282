//! Whether files can be taken out of their places and others put there, found out without doing it.

use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use crate::error::{Act, Result, failed};
use crate::folder::folder_of;
use crate::scratch::scratch_file;

/// Fails as moving what stands at `place`, or putting something there, would: because of the rights of its
/// folder (or of the nearest one above that is there), or of the file itself. Nothing stays behind.
pub fn check_movable(place: &Path) -> Result<()> {
    let folder = place.ancestors().skip(1).find(|folder| folder.is_dir());
    let folder = folder.unwrap_or_else(|| folder_of(place));
    let probe = scratch_file(folder)?;
    let own = probe.as_file().metadata().map_err(failed(Act::Create, folder))?;
    probe.close().map_err(failed(Act::Remove, folder))?;
    let Ok(found) = fs::symlink_metadata(place) else { return Ok(()) };
    let folder = fs::metadata(folder).map_err(failed(Act::Read, folder))?;
    if is_fixed(place, &found) || is_of_another(&own, &folder, &found) {
        return Err(failed(Act::Rename, place)(io::ErrorKind::PermissionDenied.into()));
    }
    Ok(())
}

/// Whether a file is marked as one that nobody may change: opening it to write, which is all that is done,
/// is then refused in another way than for lack of rights, which are no hindrance.
fn is_fixed(place: &Path, found: &Metadata) -> bool {
    /// `EPERM`, where lack of rights is `EACCES`.
    const NOT_PERMITTED: i32 = 1;
    let opened = || OpenOptions::new().write(true).open(place);
    cfg!(unix)
        && found.is_file()
        && opened().is_err_and(|error| error.raw_os_error() == Some(NOT_PERMITTED))
}

/// Whether the folder is one in which everybody may move only what is his own.
#[cfg(unix)]
fn is_of_another(own: &Metadata, folder: &Metadata, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let me = own.uid();
    folder.mode() & STICKY != 0 && me != 0 && ![folder.uid(), found.uid()].contains(&me)
}

#[cfg(not(unix))]
fn is_of_another(_: &Metadata, _: &Metadata, _: &Metadata) -> bool {
    false
}
