//! Locks: a turn among the threads of this process, advisory file locks among processes.

use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

pub(super) use files::Held;
use files::{Kind, LockFile};

use crate::error::{Error, Result};

/// Waits for a lock that many may hold together.
pub(super) fn shared(path: &Path, timeout_ms: u64) -> Result<Held> {
    hold(path, Kind::Shared, timeout_ms)
}

/// Waits for a lock that one holds alone.
pub(super) fn exclusive(path: &Path, timeout_ms: u64) -> Result<Held> {
    hold(path, Kind::Exclusive, timeout_ms)
}

/// Takes a lock alone if nobody holds it.
pub(super) fn exclusive_now(path: &Path) -> Result<Option<Held>> {
    Ok(LockFile::open(path)?.hold(Kind::Exclusive, 0)?)
}

fn hold(path: &Path, kind: Kind, timeout_ms: u64) -> Result<Held> {
    LockFile::open(path)?.hold(kind, timeout_ms)?.ok_or_else(|| busy(path, timeout_ms))
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
