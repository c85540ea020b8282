//! One migrator a workspace: an advisory lock, let go by the system when the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::place;

/// How long a second migrator waits for the first, in seconds.
pub(crate) const WAIT_S: u64 = 600;

const POLL_MS: u64 = 50;

/// Held while it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the workspace's lock.
    pub fn take(workspace: &Path) -> Result<Lock> {
        Self::take_within(workspace, WAIT_S)
    }

    fn take_within(workspace: &Path, wait_s: u64) -> Result<Lock> {
        files::create_folder(&place::profiles(workspace))?;
        let place = place::lock(workspace);
        if place.is_dir() {
            return Err(Error::FolderInTheWay(place));
        }
        let failed = |error: &std::io::Error| Error::io("locking", &place, error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&place).map_err(|error| failed(&error))?;
        for _ in 0..=(wait_s * 1_000 / POLL_MS) {
            match file.try_lock() {
                Ok(()) => {
                    // The number is only for people; the lock itself does not need it.
                    let _ = file.set_len(0);
                    let _ = file.rewind();
                    let _ = write!(file, "{}", std::process::id());
                    return Ok(Lock { _file: file });
                }
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(Duration::from_millis(POLL_MS));
                }
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
        let mut pid = String::new();
        let _ = file.read_to_string(&mut pid);
        let known = !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit());
        let who = if known { format!(" (pid {pid})") } else { String::new() };
        Err(Error::Locked { who, waited_s: wait_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_waits_and_says_for_whom() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let refused = Lock::take_within(folder.path(), 0).unwrap_err();
        assert!(refused.to_string().contains(&format!("pid {}", std::process::id())), "{refused}");
        drop(first);
        Lock::take_within(folder.path(), 0).unwrap();
    }
}
