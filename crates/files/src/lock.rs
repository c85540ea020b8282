//! Lock files: advisory, let go by the system when a process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Act, Result, failed};
use crate::file::{open_private, open_to_read, refuse_other};

/// How long to wait between two tries.
const POLL_MS: u64 = 10;
/// Longest text that a lock file says of its holder.
const TEXT_BYTES_MAX: u64 = 1_000;

/// How a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Together with others that share it.
    Shared,
    /// Alone.
    Exclusive,
}

/// A lock file that is open and not held.
#[derive(Debug)]
pub struct LockFile {
    file: File,
    path: PathBuf,
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub struct Held(LockFile);

impl LockFile {
    /// Opens it; creates it, `0600`, if it is not there.
    pub fn create(path: &Path) -> Result<LockFile> {
        Ok(LockFile { file: open_private(path)?, path: path.to_owned() })
    }

    /// Opens one that is there, if only to read: enough to share it.
    pub fn open(path: &Path) -> Result<LockFile> {
        refuse_other(path).map_err(failed(Act::Lock, path))?;
        let file = File::options().read(true).write(true).open(path);
        let file = file.or_else(|_| File::open(path)).map_err(failed(Act::Lock, path))?;
        Ok(LockFile { file, path: path.to_owned() })
    }

    /// Tries to take it.
    pub fn try_hold(self, kind: Kind) -> Result<std::result::Result<Held, LockFile>> {
        let tried = match kind {
            Kind::Shared => self.file.try_lock_shared(),
            Kind::Exclusive => self.file.try_lock(),
        };
        match tried {
            Ok(()) => Ok(Ok(Held(self))),
            Err(TryLockError::WouldBlock) => Ok(Err(self)),
            Err(TryLockError::Error(error)) => Err(failed(Act::Lock, &self.path)(error)),
        }
    }

    /// Takes it, waiting for others; `None` if they take longer than `wait_ms`.
    pub fn hold(self, kind: Kind, wait_ms: u64) -> Result<Option<Held>> {
        let mut lock = self;
        // Tries are counted instead of asking a clock, which may be set meanwhile.
        for tries_left in (0..=wait_ms / POLL_MS).rev() {
            lock = match lock.try_hold(kind)? {
                Ok(held) if held.is_in_place() => return Ok(Some(held)),
                // Whoever held it took the file away; others hold the new one.
                Ok(held) => LockFile::create(held.path())?,
                Err(free) => free,
            };
            if tries_left > 0 {
                std::thread::sleep(Duration::from_millis(POLL_MS));
            }
        }
        Ok(None)
    }

    /// Whether the file that is open is the one that its path leads to.
    fn is_in_place(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let number = |found: &std::fs::Metadata| (found.dev(), found.ino());
            let (opened, there) = (self.file.metadata(), std::fs::metadata(&self.path));
            matches!((opened, there), (Ok(a), Ok(b)) if number(&a) == number(&b))
        }
        #[cfg(not(unix))]
        {
            true
        }
    }
}

impl Held {
    /// Whether the lock file is still there: one that was taken away keeps nobody out.
    pub fn is_in_place(&self) -> bool {
        self.0.is_in_place()
    }

    /// The file, for what is kept in it.
    pub fn file(&self) -> &File {
        &self.0.file
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Takes the file away while it is held, where an open file can be: whoever waits for it in
    /// [`LockFile::hold`] goes on with a new one.
    pub fn remove(&self) {
        if cfg!(unix) {
            let _ = std::fs::remove_file(&self.0.path);
        }
    }

    /// Says in the file who holds it. For people: the lock does not need it.
    pub fn say(&self, text: &str) {
        let mut file = &self.0.file;
        let _ = file.set_len(0);
        let _ = file.rewind();
        let _ = file.write_all(text.as_bytes());
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // A process that is just being started holds a copy of every open file for a moment, and
        // with it the lock, unless that is let go by name.
        let _ = self.0.file.unlock();
    }
}

/// What the holder of a lock file said of itself; empty if it said nothing.
pub fn text_of(path: &Path) -> String {
    let mut text = String::new();
    if let Ok(file) = open_to_read(path) {
        let _ = file.take(TEXT_BYTES_MAX).read_to_string(&mut text);
    }
    text
}

/// Who else holds a lock file, as far as the system tells (Linux does): number and command line of
/// each process, its own left out.
pub fn holders_of(path: &Path) -> Vec<(u32, String)> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt as _;
        let Ok(found) = std::fs::metadata(path) else { return Vec::new() };
        let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
        let mut pids = pids_in(&locks, found.ino());
        pids.retain(|pid| *pid != std::process::id());
        pids.into_iter().map(|pid| (pid, command_of(pid))).collect()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        Vec::new()
    }
}

/// The processes that hold a lock on a file of that number.
#[cfg(any(target_os = "linux", test))]
fn pids_in(locks: &str, file_number: u64) -> Vec<u32> {
    let pid = |line: &str| {
        // `1: FLOCK  ADVISORY  READ 1234 08:01:567 0 EOF`; those that wait have an arrow.
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, _, pid, file, ..] = words.as_slice() else { return None };
        let number: u64 = file.rsplit(':').next()?.parse().ok()?;
        if number == file_number { pid.parse().ok() } else { None }
    };
    let mut pids: Vec<u32> = locks.lines().filter_map(pid).collect();
    pids.sort_unstable();
    pids.dedup();
    pids
}

#[cfg(target_os = "linux")]
fn command_of(pid: u32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let program = words.next().map(|word| String::from_utf8_lossy(word).into_owned());
    let program = program.unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    let rest = words.map(|word| String::from_utf8_lossy(word).into_owned());
    std::iter::once(name).chain(rest).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_share_and_one_is_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let hold = |kind| LockFile::create(&path).unwrap().hold(kind, 0).unwrap();
        let first = hold(Kind::Shared).unwrap();
        let second = hold(Kind::Shared).unwrap();
        assert!(hold(Kind::Exclusive).is_none());
        drop((first, second));
        let alone = hold(Kind::Exclusive).unwrap();
        alone.say("12 burndown migrate");
        assert!(hold(Kind::Shared).is_none() && hold(Kind::Exclusive).is_none());
        #[cfg(unix)]
        assert_eq!(text_of(&path), "12 burndown migrate");
        drop(alone);
        assert!(hold(Kind::Shared).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn whoever_waits_for_a_file_that_is_taken_away_holds_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = LockFile::create(&path).unwrap().hold(Kind::Exclusive, 0).unwrap().unwrap();
        let waiting = LockFile::create(&path).unwrap();
        first.remove();
        drop(first);
        assert!(!path.exists(), "a lock file is left behind");
        let second = waiting.hold(Kind::Exclusive, POLL_MS).unwrap().expect("nobody holds it");
        assert!(second.0.is_in_place());
        assert!(LockFile::create(&path).unwrap().hold(Kind::Exclusive, 0).unwrap().is_none());
    }

    #[test]
    fn holders_are_read_from_the_list_of_locks() {
        let locks = "1: FLOCK  ADVISORY  READ 41 08:01:567 0 EOF\n\
                     2: POSIX  ADVISORY  WRITE 42 08:01:567 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 43 08:01:567 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 44 08:01:568 0 EOF\n";
        assert_eq!(pids_in(locks, 567), [41]);
        assert_eq!(pids_in(locks, 569), [0_u32; 0]);
    }
}
