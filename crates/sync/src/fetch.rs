//! Fetching many issues: batches on a few threads, answers on the one that asked.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use model::remote::{self, Batch, Remote};
use model::thread::gather;

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
    let work = |give: &mut dyn FnMut(_) -> bool| work(remote, &fields, control, &next, give);
    let mut failed = None;
    gather(THREADS.min(ids.len()), THREADS, work, |(asked, answer): Answer<'_>| {
        let taken = answer.map_err(Into::into).and_then(|batch| take(asked, batch));
        if let Err(error) = taken {
            stop();
            // The first error is the cause of those that follow.
            failed.get_or_insert(error);
        }
        true
    });
    failed.map_or(Ok(()), Err)
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
    give: &mut dyn FnMut(Answer<'i>) -> bool,
) {
    while let Some(ids) = next() {
        let answer = check(control).map_err(Into::into).and_then(|()| remote.fetch(ids, fields));
        let is_failed = answer.is_err();
        if !give((ids, answer)) || is_failed {
            return;
        }
    }
}
