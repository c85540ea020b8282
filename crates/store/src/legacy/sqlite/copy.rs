//! A copy of a database that another program may be writing to, as it was at one moment.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Unusable;
use crate::error::{Error, Result};

/// How often a copy is tried while the old app writes.
pub(super) const TRIES: u32 = 20;
/// How often a lock is asked for before each try, and how long to wait in between.
const ASKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(5);

/// The first bytes of a log or journal say what of it counts.
const HEAD_BYTES: u64 = 32;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// What SQLite keeps beside a database and reads it with: the log of its newest changes, and the journal
/// from which a change that broke off is taken back.
pub const SIDES: [&str; 2] = ["-wal", "-journal"];

/// How a file looks from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    /// What its name ends with; nothing of the database itself.
    suffix: &'static str,
    bytes: u64,
    modified: Option<SystemTime>,
    /// The first bytes of a file beside the database.
    head: Vec<u8>,
}

/// How a database and what counts beside it look from outside; two equal looks mean that nobody wrote
/// between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment(Vec<Look>);

impl Moment {
    /// The files with what their names end with, their sizes and times; the database is the first.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, u64, Option<SystemTime>)> {
        self.0.iter().map(|look| (look.suffix, look.bytes, look.modified))
    }

    /// What counts beside the database.
    pub(super) fn sides(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().skip(1).map(|look| look.suffix)
    }

    /// Looks at a database. `None` if it is not there.
    pub fn of(database: &Path) -> Result<Option<Moment>> {
        let Some(main) = look(database, "")? else { return Ok(None) };
        let mut looks = vec![main];
        for suffix in SIDES {
            // A journal that begins with a zero was done with; one without a byte says nothing.
            let counts = |look: &Look| suffix == "-wal" || look.head.first() != Some(&0);
            looks.extend(look(database, suffix)?.filter(|it| it.bytes > 0 && counts(it)));
        }
        Ok(Some(Moment(looks)))
    }
}

/// Where a copy keeps its log or journal: not where SQLite would take it in by itself.
pub(super) fn kept_beside(copy: &Path, suffix: &str) -> PathBuf {
    beside(copy, &format!(".kept{suffix}"))
}

/// The file beside a database whose name ends with `suffix`.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn look(database: &Path, suffix: &'static str) -> Result<Option<Look>> {
    let file = beside(database, suffix);
    let found = match std::fs::symlink_metadata(&file) {
        Ok(found) if found.is_file() => found,
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::from_io(&error, &file)),
    };
    let head = if suffix.is_empty() { Vec::new() } else { first_bytes(&file)? };
    Ok(Some(Look { suffix, bytes: found.len(), modified: found.modified().ok(), head }))
}

fn first_bytes(file: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    match read {
        Ok(_) => Ok(head),
        // The old app removes its log when it closes.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(head),
        Err(error) => Err(Error::from_io(&error, file)),
    }
}

/// Copies database and log so that both are of one moment. Other processes wait meanwhile, or are waited
/// for; where neither helps, a copy counts if nobody wrote while it was made.
pub(super) fn copy_settled(
    database: &Path,
    target: &Path,
    tries: u32,
) -> Result<std::result::Result<Moment, Unusable>> {
    match Moment::of(database)? {
        None => return Ok(Err(Unusable::OnlyLog)),
        Some(moment) if moment.files().next().is_some_and(|(_, bytes, _)| bytes == 0) => {
            return Ok(Err(Unusable::Empty));
        }
        Some(_) => {}
    }
    let mut main = File::open(database).map_err(|error| Error::from_io(&error, database))?;
    let mut magic = Vec::new();
    let read = (&main).take(MAGIC.len() as u64).read_to_end(&mut magic);
    read.map_err(|error| Error::from_io(&error, database))?;
    if magic != MAGIC {
        return Ok(Err(Unusable::Foreign("it is not even an SQLite database".to_owned())));
    }
    // The lock is one of a reader: who would keep the whole database for himself, to bring its log in and
    // remove it, does not. It ends when any handle of the file is closed, so there is one alone.
    if !share(&main, tries * ASKS) {
        return Ok(Err(Unusable::Busy));
    }
    for _ in 0..tries {
        // Whoever writes to the log or brings it in needs locks of its index, which is there as long as
        // anybody has the database open.
        let index = beside(database, "-shm");
        let index = index.is_file().then(|| File::open(index).ok()).flatten();
        let _is_quiet = index.as_ref().is_none_or(|index| share(index, ASKS));
        let Some(before) = Moment::of(database)? else { return Ok(Err(Unusable::OnlyLog)) };
        main.rewind().map_err(|error| Error::from_io(&error, database))?;
        copy_into(&mut main, database, target)?;
        for suffix in before.sides() {
            let side = beside(database, suffix);
            match File::open(&side) {
                Ok(mut source) => copy_into(&mut source, &side, &kept_beside(target, suffix))?,
                // It went between two looks; the next look tells.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Error::from_io(&error, &side)),
            }
        }
        if Moment::of(database)?.as_ref() == Some(&before) {
            return Ok(Ok(before));
        }
    }
    Ok(Err(Unusable::Busy))
}

/// Copies a file's bytes; the copy is for its owner alone, whatever the rights of the original.
pub(super) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).map_err(|error| Error::from_io(&error, from))?;
    copy_into(&mut source, from, to)
}

fn copy_into(source: &mut File, from: &Path, to: &Path) -> Result<()> {
    files::remove(to)?;
    let mut target = files::create_file(to)?;
    io::copy(source, &mut target).map_err(|error| Error::from_io(&error, from))?;
    Ok(())
}

/// Takes a lock of a reader, asking that often; it lasts until a handle of the file is closed. False if
/// somebody keeps the file for himself: then the log may be incomplete on disk.
#[cfg(unix)]
fn share(file: &File, asks: u32) -> bool {
    use rustix::fs::{FlockOperation, fcntl_lock};
    use rustix::io::Errno;
    for ask in 0..asks {
        match fcntl_lock(file, FlockOperation::NonBlockingLockShared) {
            Err(Errno::AGAIN | Errno::ACCESS) if ask + 1 < asks => std::thread::sleep(PAUSE),
            Err(Errno::AGAIN | Errno::ACCESS) => return false,
            // A file system without locks keeps nobody out.
            _ => return true,
        }
    }
    false
}

/// Elsewhere a lock makes reading the file fail.
#[cfg(not(unix))]
fn share(file: &File, asks: u32) -> bool {
    const LOCK_VIOLATION: i32 = 33;
    for _ in 0..asks {
        let mut file = file;
        let read = file.rewind().and_then(|()| io::copy(&mut file, &mut io::sink()));
        if !read.is_err_and(|error| error.raw_os_error() == Some(LOCK_VIOLATION)) {
            return true;
        }
        std::thread::sleep(PAUSE);
    }
    false
}
