//! Work on several threads at once. Where the system gives no further one, as a limit of the user or of
//! a container is reached, it is done on the one that is there.

use std::sync::mpsc::sync_channel;
use std::thread::{Builder, Scope, ScopedJoinHandle, scope};

/// Does `beside` on another thread while this one does `here`; one after the other if there is none.
pub fn both<A, B: Send>(here: impl FnOnce() -> A, mut beside: impl FnMut() -> B + Send) -> (A, B) {
    let (done, other) = scope(|scope| {
        let other = start(scope, &mut beside);
        (here(), other.map(ended))
    });
    (done, other.unwrap_or_else(beside))
}

/// Does the same `work` on up to `count` threads, this one among them, which share what there is to
/// do; gives what came of each.
pub fn on_each<R: Send>(count: usize, work: impl Fn() -> R + Sync) -> Vec<R> {
    scope(|scope| {
        let others: Vec<_> = (1..count).map_while(|_| start(scope, &work)).collect();
        std::iter::once(work()).chain(others.into_iter().map(ended)).collect()
    })
}

/// Does the same `work` on up to `count` other threads, which share what there is to do, and gives
/// each thing that they hand over to `take` on this one; at most `waiting_max` wait for it. `work` is
/// told whether to go on, and `take` says so.
pub fn gather<T: Send>(
    count: usize,
    waiting_max: usize,
    work: impl Fn(&mut dyn FnMut(T) -> bool) + Sync,
    mut take: impl FnMut(T) -> bool,
) {
    scope(|scope| {
        let (sender, things) = sync_channel(waiting_max);
        let started = (0..count).map_while(|_| {
            let (sender, work) = (sender.clone(), &work);
            start(scope, move || work(&mut |thing| sender.send(thing).is_ok()))
        });
        let started = started.count();
        drop(sender);
        if started == 0 {
            return work(&mut take);
        }
        for thing in things {
            if !take(thing) {
                return;
            }
        }
    });
}

/// `None` if the system gives no further thread.
fn start<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, R>> {
    Builder::new().spawn_scoped(scope, work).ok()
}

fn ended<R>(thread: ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn all_is_done_once_and_handed_over() {
        assert_eq!(both(|| 1, || 2), (1, 2));
        for count in [0, 1, 3, 16] {
            let next = AtomicU32::new(0);
            let some =
                || (0..).map(|_| next.fetch_add(1, Ordering::Relaxed)).take_while(|n| *n < 100);
            let sums = on_each(count, || some().sum::<u32>());
            assert_eq!((sums.iter().sum::<u32>(), sums.len()), (4_950, count.max(1)));
            next.store(0, Ordering::Relaxed);
            let mut seen = Vec::new();
            let work = |emit: &mut dyn FnMut(u32) -> bool| {
                some().all(emit);
            };
            gather(count, 2, work, |n| {
                seen.push(n);
                true
            });
            seen.sort_unstable();
            assert!(seen.iter().copied().eq(0..100), "{count}: {seen:?}");
        }
    }

    #[test]
    fn nothing_more_is_taken_once_it_is_enough() {
        for count in [0, 3] {
            let mut taken = 0;
            let work = |emit: &mut dyn FnMut(u32) -> bool| {
                (0..1_000).all(emit);
            };
            gather(count, 2, work, |_| {
                taken += 1;
                taken < 5
            });
            assert_eq!(taken, 5);
        }
    }
}
