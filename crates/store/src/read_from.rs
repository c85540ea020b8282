//! Whether what a thread reads may come from a replica of the server.

use std::cell::Cell;
use std::time::Duration;

/// Where a thread reads. Whatever it is, nothing is read that is older than what the same store wrote, or gave
/// to a thread that might read from a replica, before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadFrom {
    /// From the server that is written to.
    #[default]
    Primary,
    /// From a replica that lacks nothing that was stored when the reading began.
    EqualReplica,
    /// From a replica that may be behind; [`Store::behind`](crate::Store::behind) says how far.
    Replica,
}

thread_local! {
    static CHOSEN: Cell<ReadFrom> = const { Cell::new(ReadFrom::Primary) };
    /// For how long what was read from a replica has been lacking something, since that was chosen.
    static LACKING: Cell<Option<Duration>> = const { Cell::new(None) };
}

/// Does `work`, in which this thread reads there.
pub fn read_from<T>(place: ReadFrom, work: impl FnOnce() -> T) -> T {
    /// Goes back also where the work panics: the thread may serve others.
    struct Before(ReadFrom, Option<Duration>);
    impl Drop for Before {
        fn drop(&mut self) {
            CHOSEN.set(self.0);
            LACKING.set(self.1);
        }
    }
    let _before = Before(CHOSEN.replace(place), LACKING.take());
    work()
}

/// Where this thread reads now.
#[cfg(feature = "postgres")]
pub(crate) fn chosen() -> ReadFrom {
    CHOSEN.get()
}

/// Notes for how long what this thread reads from a replica has been lacking something.
#[cfg(feature = "postgres")]
pub(crate) fn note_lacking(lacking: Option<Duration>) {
    LACKING.set(LACKING.get().max(lacking));
}

/// The longest that was noted since this thread chose where it reads.
#[cfg(feature = "postgres")]
pub(crate) fn lacking() -> Option<Duration> {
    LACKING.get()
}
