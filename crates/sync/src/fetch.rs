//! Fetching many issues: batches on a few threads, answers on the one that asked.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{SyncSender, sync_channel};

use model::remote::{self, Batch, Remote};

use crate::error::Result;
use crate::progress::{SyncControl, check};

/// Most requests at a time.
const THREADS: usize = 4;

/// The ids of a batch, and what the server says of them.
type Answer<'i> = (&'i [&'i str], remote::Result<Batch>);

/// Fetches `ids` in batches as large as the server takes, and hands over each answer. After the first
/// error nothing more is asked; what is under way is still handed over.
pub(super) fn in_batches(
    remote: &dyn Remote,
    fields: &BTreeSet<String>,
    ids: &[&str],
    control: &dyn SyncControl,
    take: &mut dyn FnMut(&[&str], Batch) -> Result<()>,
) -> Result<()> {
    let fields: Vec<String> = fields.iter().cloned().collect();
    let batches = Mutex::new(ids.chunks(remote.fetch_ids_max().max(1)));
    // An error leaves nothing to take.
    let stop = || *lock(&batches) = [].chunks(1);
    let next = || lock(&batches).next();
    std::thread::scope(|scope| {
        let (sender, answers) = sync_channel(THREADS);
        for _ in 0..THREADS.min(ids.len()) {
            let (sender, fields, next) = (sender.clone(), &fields, &next);
            scope.spawn(move || work(remote, fields, control, next, &sender));
        }
        drop(sender);
        let mut ended = Ok(());
        for (asked, answer) in answers {
            let taken = answer.map_err(Into::into).and_then(|batch| take(asked, batch));
            if let Err(error) = taken {
                stop();
                // The first error is the cause of those that follow.
                ended = ended.and(Err(error));
            }
        }
        ended
    })
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere cannot leave a list of batches half changed.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks for batch after batch until there is none left, or one fails.
fn work<'i>(
    remote: &dyn Remote,
    fields: &[String],
    control: &dyn SyncControl,
    next: &dyn Fn() -> Option<&'i [&'i str]>,
    answers: &SyncSender<Answer<'i>>,
) {
    while let Some(ids) = next() {
        let answer = check(control).map_err(Into::into).and_then(|()| remote.fetch(ids, fields));
        let is_failed = answer.is_err();
        if answers.send((ids, answer)).is_err() || is_failed {
            return;
        }
    }
}
