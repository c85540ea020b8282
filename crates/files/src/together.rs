//! Many flushes at once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::Result;
use crate::watch::Watch;

/// Flushes made at the same time. A disk takes them together, so that a thousand small files cost
/// hardly more than a few.
const FLUSHES_AT_ONCE: usize = 16;

/// Brings many files or folders to the disk, each by `flush`.
pub fn flush_together(
    places: &[PathBuf],
    flush: impl Fn(&Path) -> Result<()> + Sync,
) -> Result<()> {
    let next = Mutex::new(places.iter());
    let work = || {
        loop {
            // A statement of its own, so that the lock is not held while the disk works.
            let place = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(place) = place else { return Ok(()) };
            flush(place)?;
        }
    };
    let watch = Watch::current();
    std::thread::scope(|scope| {
        let count = FLUSHES_AT_ONCE.min(places.len());
        let worker = |_| scope.spawn(|| watch.clone().over(work));
        let workers: Vec<_> = (0..count).map(worker).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}
