//! A copy of a database that another program may be writing to, as it was at one moment.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Unusable;
use crate::error::{Error, Result};

/// How often a copy is tried while the old app writes.
pub(super) const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// The first bytes of a log say which of its frames count.
const LOG_HEAD_BYTES: u64 = 32;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// How a database and its log look from outside; two equal looks mean that nobody wrote between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    database: (u64, Option<SystemTime>),
    log: Option<(u64, Option<SystemTime>, Vec<u8>)>,
}

impl Moment {
    /// Looks at a database. `None` if it is not there.
    pub fn of(database: &Path) -> Result<Option<Moment>> {
        let Some(main) = size_and_time(database)? else { return Ok(None) };
        let log = log_of(database);
        let found = size_and_time(&log)?.filter(|(bytes, _)| *bytes > 0);
        let log = match found {
            Some((bytes, time)) => Some((bytes, time, first_bytes(&log, LOG_HEAD_BYTES)?)),
            None => None,
        };
        Ok(Some(Moment { database: main, log }))
    }
}

/// The write-ahead log of a database.
pub(super) fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn size_and_time(file: &Path) -> Result<Option<(u64, Option<SystemTime>)>> {
    match std::fs::symlink_metadata(file) {
        Ok(found) if found.is_file() => Ok(Some((found.len(), found.modified().ok()))),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::from_io(&error, file)),
    }
}

fn first_bytes(file: &Path, bytes: u64) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(bytes).read_to_end(&mut head));
    match read {
        Ok(_) => Ok(head),
        // The old app removes its log when it closes.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(head),
        Err(error) => Err(Error::from_io(&error, file)),
    }
}

/// Copies database and log so that both are of one moment.
pub(super) fn copy_settled(
    database: &Path,
    target: &Path,
    tries: u32,
) -> Result<std::result::Result<Moment, Unusable>> {
    for attempt in 0..tries {
        if attempt > 0 {
            std::thread::sleep(PAUSE);
        }
        let Some(before) = Moment::of(database)? else {
            return Ok(Err(Unusable::OnlyLog));
        };
        if before.database.0 == 0 {
            return Ok(Err(Unusable::Empty));
        }
        if first_bytes(database, MAGIC.len() as u64)? != MAGIC {
            return Ok(Err(Unusable::Foreign("it is not even an SQLite database".to_owned())));
        }
        if is_locked(database) {
            continue;
        }
        copy_file(database, target)?;
        let log = log_of(target);
        if before.log.is_some() {
            copy_file(&log_of(database), &log)?;
        } else {
            files::remove(&log)?;
        }
        if Moment::of(database)?.as_ref() == Some(&before) {
            return Ok(Ok(before));
        }
    }
    Ok(Err(Unusable::Busy))
}

/// Copies a file's bytes; the copy is for its owner alone, whatever the rights of the original.
pub(super) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    files::remove(to)?;
    let mut target = files::create_file(to)?;
    match File::open(from).and_then(|mut source| io::copy(&mut source, &mut target)) {
        // It went between two looks; the next look tells.
        Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => Ok(()),
        Err(error) => Err(Error::from_io(&error, from)),
        Ok(_) => Ok(()),
    }
}

/// Whether another process keeps the whole database for itself: then its log may be incomplete on
/// disk. Readers and ordinary writers of a database with a log never do.
#[cfg(unix)]
fn is_locked(database: &Path) -> bool {
    use rustix::fs::{FlockOperation, fcntl_lock};
    let Ok(file) = File::open(database) else { return false };
    match fcntl_lock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => {
            // Closing the file gives the lock back as well.
            let _ = fcntl_lock(&file, FlockOperation::NonBlockingUnlock);
            false
        }
        Err(error) => matches!(error, rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS),
    }
}

/// Elsewhere a lock makes reading the file fail.
#[cfg(not(unix))]
fn is_locked(database: &Path) -> bool {
    const LOCK_VIOLATION: i32 = 33;
    let read =
        File::open(database).and_then(|file| io::copy(&mut file.take(u64::MAX), &mut io::sink()));
    read.is_err_and(|error| error.raw_os_error() == Some(LOCK_VIOLATION))
}
