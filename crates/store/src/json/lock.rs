//! Locks: a turn among the threads of this process, advisory file locks among processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crate::error::{Error, Result};

/// How long to wait between two tries for a file lock.
const POLL_MS: u64 = 5;

/// A file lock, given back when dropped.
#[derive(Debug)]
pub(super) struct Held {
    /// Closing the file gives the lock back.
    _file: File,
}

/// Waits for a lock that many may hold together.
pub(super) fn shared(path: &Path, timeout_ms: u64) -> Result<Held> {
    let file = File::open(path).map_err(|error| Error::from_io(&error, path))?;
    wait(path, timeout_ms, || file.try_lock_shared())?;
    Ok(Held { _file: file })
}

/// Waits for a lock that one holds alone.
pub(super) fn exclusive(path: &Path, timeout_ms: u64) -> Result<Held> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.map_err(|error| Error::from_io(&error, path))?;
    wait(path, timeout_ms, || file.try_lock())?;
    Ok(Held { _file: file })
}

/// Takes a lock alone if nobody holds it.
pub(super) fn exclusive_now(path: &Path) -> Result<Option<Held>> {
    match exclusive(path, 0) {
        Ok(held) => Ok(Some(held)),
        Err(Error::Busy { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn wait(
    path: &Path,
    timeout_ms: u64,
    mut take: impl FnMut() -> std::result::Result<(), TryLockError>,
) -> Result<()> {
    // Tries are counted instead of asking a clock, which may be set meanwhile.
    for _ in 0..=timeout_ms / POLL_MS {
        match take() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if timeout_ms > 0 => {
                thread::sleep(Duration::from_millis(POLL_MS));
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(Error::from_io(&error, path)),
        }
    }
    Err(busy(path, timeout_ms))
}

fn busy(place: &Path, timeout_ms: u64) -> Error {
    Error::Busy { place: place.display().to_string(), waited_s: timeout_ms / 1_000 }
}

/// Whose turn it is to write, among the threads that share a store.
#[derive(Debug, Default)]
pub(super) struct Turn {
    holder: Mutex<Option<ThreadId>>,
    freed: Condvar,
}

/// The turn of one thread, given back when dropped.
#[derive(Debug)]
pub(super) struct TurnHeld<'t>(&'t Turn);

impl Turn {
    /// Waits for the turn; [`Error::Nested`] if this thread has it already.
    pub(super) fn take(&self, place: &Path, timeout_ms: u64) -> Result<TurnHeld<'_>> {
        let this = thread::current().id();
        let holder = self.holder();
        if *holder == Some(this) {
            return Err(Error::Nested);
        }
        let timeout = Duration::from_millis(timeout_ms);
        let waited = self.freed.wait_timeout_while(holder, timeout, |holder| holder.is_some());
        let (mut holder, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if holder.is_some() {
            return Err(busy(place, timeout_ms));
        }
        *holder = Some(this);
        Ok(TurnHeld(self))
    }

    fn holder(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TurnHeld<'_> {
    fn drop(&mut self) {
        *self.0.holder() = None;
        self.0.freed.notify_one();
    }
}
