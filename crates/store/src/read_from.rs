//! Whether what a thread reads may come from a replica of the server.

use std::cell::Cell;

/// Where a thread reads. Whatever it is, nothing is read that is older than what the same store wrote, or
/// gave out from a replica, before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadFrom {
    /// From the server that is written to.
    #[default]
    Primary,
    /// From a replica that lacks nothing.
    EqualReplica,
    /// From a replica that may be behind; [`Store::behind`](crate::Store::behind) says how far.
    Replica,
}

thread_local! {
    static CHOSEN: Cell<ReadFrom> = const { Cell::new(ReadFrom::Primary) };
}

/// Does `work`, in which this thread reads there.
pub fn read_from<T>(place: ReadFrom, work: impl FnOnce() -> T) -> T {
    /// Goes back also where the work panics: the thread may serve others.
    struct Before(ReadFrom);
    impl Drop for Before {
        fn drop(&mut self) {
            CHOSEN.set(self.0);
        }
    }
    let _before = Before(CHOSEN.replace(place));
    work()
}

/// Where this thread reads now.
#[cfg(feature = "postgres")]
pub(crate) fn chosen() -> ReadFrom {
    CHOSEN.get()
}
