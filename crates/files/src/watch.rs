//! Watching what is done to files, in order. A killed process keeps what it wrote, so that no test
//! can see a flush that is missing; a test that is told each step can, and it can spoil a file
//! between two steps. Nothing is watched unless a test asks for it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Act;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub act: Act,
    /// To which file or folder.
    pub place: PathBuf,
    /// The new name, if it was renamed.
    pub to: Option<PathBuf>,
}

/// Who is told what a thread does to files, if anybody is.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Mutex<Watcher>>>);

type Watcher = dyn FnMut(&Done) + Send;

thread_local! {
    static CURRENT: RefCell<Watch> = const { RefCell::new(Watch(None)) };
}

impl Watch {
    /// Who watches this thread: for another thread that does a part of the work.
    pub fn current() -> Watch {
        CURRENT.with_borrow(Watch::clone)
    }

    /// Does `work` watched by the same.
    pub fn over<R>(self, work: impl FnOnce() -> R) -> R {
        let before = CURRENT.replace(self);
        let answer = work();
        CURRENT.set(before);
        answer
    }
}

/// Does `work`; what it does to files on this thread is told to `watcher`, each step once it is
/// done. What the watcher does itself is not.
pub fn watched<R>(watcher: impl FnMut(&Done) + Send + 'static, work: impl FnOnce() -> R) -> R {
    Watch(Some(Arc::new(Mutex::new(watcher)))).over(work)
}

pub(crate) fn tell(act: Act, place: &Path, to: Option<&Path>) {
    let Watch(Some(watcher)) = Watch::current() else { return };
    let done = Done { act, place: place.to_owned(), to: to.map(Path::to_owned) };
    Watch(None).over(|| {
        let mut watcher = watcher.lock().unwrap_or_else(PoisonError::into_inner);
        (*watcher)(&done);
    });
}
