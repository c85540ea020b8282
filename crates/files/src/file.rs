//! Files that only their owner may read, and that are whole as soon as they have their name.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Act, Result, failed};
use crate::folder::{flush_folder, folder_of};
use crate::scratch::scratch_file;
use crate::unflushed::has_to_last;
use crate::watch::tell;

/// Creates a file that must not be there, `0600`.
pub fn create_file(place: &Path) -> Result<File> {
    let file = private().create_new(true).open(place).map_err(failed(Act::Create, place))?;
    tell(Act::Create, place, None);
    Ok(file)
}

/// An error for what is there and is neither file nor folder.
pub(crate) fn refuse_other(place: &Path) -> io::Result<()> {
    match std::fs::metadata(place) {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"))
        }
        _ => Ok(()),
    }
}

/// Opens a file to read it. What is no file, such as a pipe that nobody writes to, is an error: opening it
/// would wait for ever.
pub fn open_to_read(place: &Path) -> io::Result<File> {
    if std::fs::metadata(place)?.is_file() {
        return File::open(place);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"))
}

/// The text of such a file.
pub fn read_text(place: &Path) -> io::Result<String> {
    let mut text = String::new();
    open_to_read(place)?.read_to_string(&mut text)?;
    Ok(text)
}

/// Opens a file to read and write; it is created, `0600`, if it is not there, and keeps what it holds.
pub fn open_private(place: &Path) -> Result<File> {
    refuse_other(place).map_err(failed(Act::Create, place))?;
    private().create(true).truncate(false).open(place).map_err(failed(Act::Create, place))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Brings a file to the disk, whoever wrote it.
pub fn flush_file(place: &Path) -> Result<()> {
    if !has_to_last() {
        return Ok(());
    }
    // Windows flushes only what was opened to be written; a file that may not be written may be read.
    let opened = OpenOptions::new().read(true).write(true).open(place);
    let opened = opened.or_else(|_| File::open(place));
    opened.and_then(|file| file.sync_all()).map_err(failed(Act::Flush, place))?;
    tell(Act::Flush, place, None);
    Ok(())
}

/// Writes a whole file anew in one step, `0600`: after a crash or a power cut it is the old or the
/// new one.
pub fn write_file(place: &Path, bytes: &[u8]) -> Result<()> {
    write_file_with(place, bytes, None)
}

/// The same with other permissions.
pub fn write_file_with(place: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<()> {
    let mut file = scratch_file(folder_of(place))?;
    file.write_all(bytes).map_err(failed(Act::Write, place))?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions).map_err(failed(Act::Write, place))?;
    }
    publish_file(file, place, true)
}

/// Gives a file that was written its name, for good: flushed before, its folder flushed after. What
/// stands there is replaced in one step, or an `AlreadyExists` error unless `replaces`.
pub fn publish_file(file: NamedTempFile, place: &Path, replaces: bool) -> Result<()> {
    if has_to_last() {
        file.as_file().sync_all().map_err(failed(Act::Flush, place))?;
        tell(Act::Flush, file.path(), None);
    }
    let from = file.path().to_owned();
    let named = if replaces { file.persist(place) } else { file.persist_noclobber(place) };
    named.map_err(|error| failed(Act::Rename, place)(error.error))?;
    tell(Act::Rename, &from, Some(place));
    flush_folder(folder_of(place))
}
