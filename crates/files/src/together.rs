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
    let count = FLUSHES_AT_ONCE.min(places.len());
    model::thread::on_each(count, || watch.clone().over(work)).into_iter().collect()
}
