//! Threads that may wait, in pools: what may take long has a small one of its own, so that pages never
//! queue behind it. Queues are bounded, and what nobody waits for any more is not begun.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::failure::Failure;

/// What a thread is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    /// Pages and forms.
    Pages,
    /// Figures that have to be calculated.
    Figures,
    /// Looking through the whole database.
    Checks,
    /// Pictures of charts.
    Pictures,
    /// Whatever asks Jira while somebody waits.
    Jira,
    /// Exports and imports.
    Transfers,
}

/// How many of a pool work at the same time, and how many may wait for that.
const LIMITS: [(Pool, usize, usize); 6] = [
    (Pool::Pages, 8, 128),
    (Pool::Figures, 3, 64),
    (Pool::Checks, 1, 4),
    (Pool::Pictures, 2, 16),
    (Pool::Jira, 2, 8),
    (Pool::Transfers, 2, 4),
];

/// All threads of the pools at work, and some that look at keys and sessions.
pub(crate) const THREADS_MAX: usize = 32;

/// The pools of a server.
pub(crate) struct Pools(Vec<(Pool, Lane)>);

struct Lane {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
}

/// The right to work in a pool, given back when it is dropped.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// Tells work whether somebody still waits for it: dropped with the request that asked.
pub(crate) struct Asker(Arc<AtomicBool>);

/// The other end of an [`Asker`].
#[derive(Clone)]
pub(crate) struct IsWaiting(Arc<AtomicBool>);

impl Default for Pools {
    fn default() -> Self {
        let lane = |(pool, at_once, waiting_max)| {
            let permits = Arc::new(Semaphore::new(at_once));
            (pool, Lane { permits, waiting: AtomicUsize::new(0), waiting_max })
        };
        Pools(LIMITS.into_iter().map(lane).collect())
    }
}

impl Pools {
    /// Waits for a turn, unless too many do.
    pub async fn enter(&self, pool: Pool) -> Result<Turn, Failure> {
        let found = self.0.iter().find(|(known, _)| *known == pool);
        let (_, lane) = found.ok_or_else(Failure::internal)?;
        if let Ok(permit) = Arc::clone(&lane.permits).try_acquire_owned() {
            return Ok(Turn { _permit: permit });
        }
        let _place = Place::take(lane)?;
        let permit = Arc::clone(&lane.permits).acquire_owned().await;
        permit.map(|permit| Turn { _permit: permit }).map_err(|_| Failure::internal())
    }
}

/// A place in the queue of a pool; given up by whoever gets a turn or goes away.
struct Place<'l>(&'l Lane);

impl<'l> Place<'l> {
    fn take(lane: &'l Lane) -> Result<Place<'l>, Failure> {
        let place = Place(lane);
        let before = lane.waiting.fetch_add(1, Ordering::SeqCst);
        if before < lane.waiting_max { Ok(place) } else { Err(Failure::overloaded()) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Asker {
    /// Somebody who waits, and what tells others so.
    pub fn new() -> (Asker, IsWaiting) {
        let flag = Arc::new(AtomicBool::new(true));
        (Asker(Arc::clone(&flag)), IsWaiting(flag))
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl IsWaiting {
    /// Whether anybody does.
    pub fn check(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_full_pool_stops_no_other_and_its_queue_is_bounded() {
        run(async {
            let pools = Arc::new(Pools::default());
            let mut turns = Vec::new();
            for _ in 0..2 {
                turns.push(pools.enter(Pool::Jira).await.ok().unwrap());
            }
            let wait = || {
                let pools = Arc::clone(&pools);
                Box::pin(async move { pools.enter(Pool::Jira).await.is_ok() })
            };
            let mut waiting: Vec<_> = (0..8).map(|_| wait()).collect();
            for place in &mut waiting {
                assert!(futures_poll(place.as_mut()).is_none(), "it waits");
            }
            assert_eq!(futures_poll(wait().as_mut()), Some(false), "one too many");
            assert!(pools.enter(Pool::Pages).await.is_ok());
            // Whoever goes away gives up the place.
            drop(waiting.pop());
            let mut last = wait();
            assert!(futures_poll(last.as_mut()).is_none());
            turns.clear();
            assert!(waiting.remove(0).await);
        });
    }

    fn futures_poll<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn work_knows_whether_somebody_waits() {
        let (asker, waiting) = Asker::new();
        assert!(waiting.check());
        drop(asker);
        assert!(!waiting.check());
    }
}
