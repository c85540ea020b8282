//! The database file before SQLite touches it: whose it is, which version, and how it is created.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// Marks our files (`PRAGMA application_id`): the letters `burn`.
pub(super) const APPLICATION_ID: u32 = 0x6275_726e;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
/// Longest path of a database, in bytes.
const PATH_BYTES_MAX: usize = 503;

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or a file without a byte.
    Nothing,
    /// A database of ours with that schema version.
    Database(u32),
}

/// Looks at the first bytes of a file and nothing else. Foreign, broken and too new ones are
/// errors; the file stays as it is.
pub(super) fn inspect(path: &Path, supported: u32) -> Result<Found> {
    refuse_long(path)?;
    let place = || path.display().to_string();
    let foreign = |what: &str| Error::Foreign { place: place(), what: what.to_owned() };
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        other => other.map_err(|error| Error::from_io(&error, path))?,
    };
    if !metadata.is_file() {
        return Err(foreign("it is no file"));
    }
    let header = first_bytes(path)?;
    if header.is_empty() {
        return Ok(Found::Nothing);
    }
    if !header.starts_with(MAGIC) {
        return Err(foreign("it is not an SQLite database"));
    }
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    let corrupt = |what: &str| Error::Corrupt { place: place(), what: what.to_owned() };
    let (Some(version), Some(application)) = (number(60), number(68)) else {
        return Err(corrupt("its header is cut off"));
    };
    if application != APPLICATION_ID {
        return Err(foreign("another program made this SQLite database"));
    }
    if version > supported {
        return Err(Error::TooNew { place: place(), found: version, supported });
    }
    if version == 0 {
        return Err(corrupt("its header names no version"));
    }
    check_structure(&header, metadata.len()).map_err(corrupt)?;
    Ok(Found::Database(version))
}

/// SQLite takes no longer path, with the ending of its log.
fn refuse_long(path: &Path) -> Result<()> {
    let bytes = path.as_os_str().len();
    if bytes <= PATH_BYTES_MAX {
        return Ok(());
    }
    Err(Error::PathTooLong { place: path.display().to_string(), bytes, most: PATH_BYTES_MAX })
}

fn first_bytes(path: &Path) -> Result<Vec<u8>> {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    File::open(path)
        .and_then(|file| file.take(HEADER_BYTES as u64).read_to_end(&mut header))
        .map_err(|error| Error::from_io(&error, path))?;
    Ok(header)
}

/// The parts of the header that SQLite itself would refuse.
fn check_structure(header: &[u8], length: u64) -> std::result::Result<(), &'static str> {
    let [high, low] = header.get(16..18).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; 2]);
    let page_bytes = match u16::from_be_bytes([high, low]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    if page_bytes < 512 || !page_bytes.is_power_of_two() {
        return Err("its page size is impossible");
    }
    if header.get(21..24) != Some(&[64, 32, 32]) {
        return Err("its header is overwritten");
    }
    if length < page_bytes {
        return Err("it is cut off within its first page");
    }
    Ok(())
}

/// Creates an empty file that only its owner may read, in a folder that only its owner may enter;
/// one that is there stays as it is.
pub(crate) fn create(path: &Path) -> Result<()> {
    files::create_folder(files::folder_of(path))?;
    files::open_private(path)?;
    Ok(())
}

/// Brings a file that SQLite wrote, and its name, to the disk.
pub(super) fn sync(path: &Path) -> Result<()> {
    files::flush_file(path)?;
    Ok(files::flush_folder(files::folder_of(path))?)
}

/// The files that belong to a database beside itself while it is open.
pub(crate) fn side_files(path: &Path) -> [std::path::PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    })
}
