//! The right to sync a query where several nodes share a store: taken before anything is asked, kept
//! while the sync runs, let go at its end. In a store of one machine the lock of the stage is enough.
//!
//! A lease is kept as a task of its own: the message is its number and its holder, the time of its
//! last change is when it ends, its percentage says whether the end was asked for. Writers take turns
//! and the time is the store's, so that of two who want it one gets it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use model::{QueryKey, TaskProgress, TaskStatus, Timestamp};
use store::{Reader, StoreKind, Writer};

use crate::Workspace;
use crate::error::{Error, Result};
use crate::progress::{SyncControl, SyncProgress};

/// How long a lease is in force. Whoever is not heard of for longer is taken over from.
const LEASE_MS: u64 = 30_000;
/// How often it is prolonged, and looked at whether somebody asked for the end.
const RENEWED_EVERY: Duration = Duration::from_secs(2);

/// The right to sync a query.
pub(super) struct Lease<'w> {
    workspace: Workspace<'w>,
    key: QueryKey,
    /// `None` where none is needed.
    number: Option<u64>,
}

/// A control that ends too when the lease is lost, or another node asks for the end.
pub(super) struct Held<'c> {
    control: &'c dyn SyncControl,
    number: Option<u64>,
    is_ended: AtomicBool,
}

impl Held<'_> {
    pub fn number(&self) -> Option<u64> {
        self.number
    }
}

impl SyncControl for Held<'_> {
    fn told(&self, progress: &SyncProgress) {
        self.control.told(progress);
    }

    fn is_cancelled(&self) -> bool {
        self.is_ended.load(Ordering::Relaxed) || self.control.is_cancelled()
    }
}

impl<'w> Lease<'w> {
    /// Takes the lease of a query; [`Error::SyncRunning`] while another node has it.
    pub fn take(workspace: Workspace<'w>, key: &QueryKey) -> Result<Lease<'w>> {
        let number = match workspace.store.kind() {
            StoreKind::Postgres => {
                let holder = format!("process {}", std::process::id());
                let take = workspace.store.transact(|writer| take(writer, key, &holder));
                Some(take?.ok_or_else(|| Error::SyncRunning {
                    query: key.clone(),
                    message: "on another node".to_owned(),
                })?)
            }
            StoreKind::Sqlite | StoreKind::Json => None,
        };
        Ok(Lease { workspace, key: key.clone(), number })
    }

    /// What the sync tells and asks.
    pub fn watched<'c>(&self, control: &'c dyn SyncControl) -> Held<'c> {
        Held { control, number: self.number, is_ended: AtomicBool::new(false) }
    }

    /// Runs `work` while the lease is prolonged beside it.
    pub fn kept_alive<T>(&self, held: &Held<'_>, work: impl FnOnce() -> T) -> T {
        let Some(number) = self.number else { return work() };
        let (is_over, bell) = (Mutex::new(false), Condvar::new());
        std::thread::scope(|scope| {
            let renew = || {
                let mut over = is_over.lock().unwrap_or_else(PoisonError::into_inner);
                while !*over {
                    let waited = bell.wait_timeout(over, RENEWED_EVERY);
                    over = waited.unwrap_or_else(PoisonError::into_inner).0;
                    if !*over {
                        self.prolong(number, held);
                    }
                }
            };
            // Whether it is still in force, the swap asks itself.
            if let Err(error) = Builder::new().spawn_scoped(scope, renew) {
                tracing::warn!(%error, "nobody prolongs the lease of a sync");
            }
            let _end = OnDrop(|| {
                *is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
                bell.notify_all();
            });
            work()
        })
    }

    fn prolong(&self, number: u64, held: &Held<'_>) {
        let renewed = self.workspace.store.transact(|writer| {
            let is_ours = renew(writer, &self.key, number, LEASE_MS)?;
            Ok(is_ours && !find(&*writer, &self.key)?.is_some_and(|lease| lease.is_asked_to_end))
        });
        match renewed {
            Ok(true) => {}
            Ok(false) => held.is_ended.store(true, Ordering::Relaxed),
            // The swap asks again; until then the server may come back.
            Err(error) => tracing::warn!(%error, "the lease of a sync could not be prolonged"),
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let ended = self.workspace.store.transact(|writer| renew(writer, &self.key, number, 0));
        if let Err(error) = ended {
            tracing::warn!(%error, "the lease of a sync ends by itself in a while");
        }
    }
}

/// Does something at the end, also of a panic.
struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Workspace<'_> {
    /// Whether another node syncs a query just now; `false` in a store of one machine.
    pub(super) fn is_leased(&self, key: &QueryKey) -> Result<bool> {
        let reader = self.store.read()?;
        Ok(find(&*reader, key)?.is_some_and(|lease| lease.is_live))
    }
}

/// A lease as it stands.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    /// Rises each time that it is taken.
    number: u64,
    holder: String,
    is_live: bool,
    is_asked_to_end: bool,
}

fn task_id(key: &QueryKey) -> String {
    format!("lease/{}/{}", key.profile, key.query)
}

fn find(reader: &(impl Reader + ?Sized), key: &QueryKey) -> store::Result<Option<Standing>> {
    let Some(task) = reader.task(&task_id(key))? else { return Ok(None) };
    let Some((number, holder)) = task.message.split_once(' ') else { return Ok(None) };
    let Ok(number) = number.parse() else { return Ok(None) };
    Ok(Some(Standing {
        number,
        holder: holder.to_owned(),
        is_live: task.updated_at > reader.now()?,
        is_asked_to_end: task.percent > 0,
    }))
}

fn put(
    writer: &mut dyn Writer,
    key: &QueryKey,
    lease: &Standing,
    for_ms: u64,
) -> store::Result<()> {
    let now = writer.now()?;
    let until_ms = now.as_millisecond().saturating_add_unsigned(for_ms);
    writer.put_task(&TaskProgress {
        id: task_id(key),
        status: TaskStatus::Running,
        percent: u8::from(lease.is_asked_to_end),
        message: format!("{} {}", lease.number, lease.holder),
        started_at: now,
        updated_at: Timestamp::from_millisecond(until_ms).unwrap_or(now),
    })
}

/// Takes the lease and gives its number; `None` while another one is in force.
fn take(writer: &mut dyn Writer, key: &QueryKey, holder: &str) -> store::Result<Option<u64>> {
    let known = find(&*writer, key)?;
    if known.as_ref().is_some_and(|lease| lease.is_live) {
        return Ok(None);
    }
    let number = known.map_or(0, |lease| lease.number) + 1;
    let holder = holder.to_owned();
    let lease = Standing { number, holder, is_live: true, is_asked_to_end: false };
    put(writer, key, &lease, LEASE_MS)?;
    Ok(Some(number))
}

/// Prolongs the lease of that number from now on; `false` if another one took it.
fn renew(writer: &mut dyn Writer, key: &QueryKey, number: u64, for_ms: u64) -> store::Result<bool> {
    let Some(lease) = find(&*writer, key)?.filter(|lease| lease.number == number) else {
        return Ok(false);
    };
    put(writer, key, &lease, for_ms)?;
    Ok(true)
}

/// The number of the newest lease of a query.
pub(super) fn number_of(reader: &dyn Writer, key: &QueryKey) -> store::Result<Option<u64>> {
    Ok(find(reader, key)?.map(|lease| lease.number))
}

/// Asks whichever node syncs a query to end; says whether one does.
pub fn ask_to_end(writer: &mut dyn Writer, key: &QueryKey) -> store::Result<bool> {
    let Some(lease) = find(&*writer, key)?.filter(|lease| lease.is_live) else { return Ok(false) };
    let now_ms = writer.now()?.as_millisecond();
    let left_ms = writer.task(&task_id(key))?.map_or(0, |t| t.updated_at.as_millisecond() - now_ms);
    let lease = Standing { is_asked_to_end: true, ..lease };
    put(writer, key, &lease, left_ms.try_into().unwrap_or(0))?;
    Ok(true)
}

/// Whether the lease of a query ended by itself: its node is gone and could not say how its sync went.
pub fn is_abandoned(reader: &dyn Reader, key: &QueryKey) -> store::Result<bool> {
    Ok(find(reader, key)?.is_some_and(|lease| !lease.is_live))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_gets_it_and_the_number_rises() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("x.sqlite").display());
        let store = store::open(&address).unwrap();
        let key = QueryKey::parse("p", "q").unwrap();
        let taken = |holder: &str| store.transact(|writer| take(writer, &key, holder)).unwrap();
        assert_eq!((taken("one"), taken("two")), (Some(1), None));
        let renewed =
            |number, for_ms| store.transact(|writer| renew(writer, &key, number, for_ms)).unwrap();
        assert!(renewed(1, LEASE_MS) && !renewed(2, LEASE_MS));
        assert!(!is_abandoned(&*store.read().unwrap(), &key).unwrap());
        assert!(store.transact(|writer| ask_to_end(writer, &key)).unwrap());
        assert!(find(&*store.read().unwrap(), &key).unwrap().unwrap().is_asked_to_end);
        // It ends by itself, or is let go, and somebody else takes it.
        assert!(renewed(1, 0));
        assert!(is_abandoned(&*store.read().unwrap(), &key).unwrap());
        assert!(!store.transact(|writer| ask_to_end(writer, &key)).unwrap());
        assert_eq!(taken("two"), Some(2));
        assert!(!renewed(1, LEASE_MS));
        let number = store.transact(|writer| number_of(&*writer, &key)).unwrap();
        assert_eq!(number, Some(2));
    }
}
