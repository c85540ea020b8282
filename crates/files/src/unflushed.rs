//! Scratch work: what is gone after a power cut anyway need not reach the disk.

use std::cell::Cell;

thread_local! {
    static IS_SCRATCH: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`; what it writes on this thread is not flushed. Only for files that are made to be looked
/// at and removed: nothing of them may be there after a crash.
pub fn unflushed<R>(work: impl FnOnce() -> R) -> R {
    let before = IS_SCRATCH.replace(true);
    let answer = work();
    IS_SCRATCH.set(before);
    answer
}

/// Whether what is written has to last.
pub(crate) fn has_to_last() -> bool {
    !IS_SCRATCH.get()
}
