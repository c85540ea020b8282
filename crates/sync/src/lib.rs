//! Making what is stored of a query what Jira has now: sweep, fetch, swap. Until the swap, which
//! is one transaction, nothing of what was stored before is touched; what was fetched so far lies in
//! a file, so that the next sync goes on from there.

mod ask;
mod compare;
mod entered_later;
mod entry;
mod error;
mod fetch;
mod former_name;
mod gather;
mod interrupted;
mod jobs;
mod labels;
mod lease;
mod loss;
mod missing;
mod progress;
mod stage;
mod swap;

use std::path::{Path, PathBuf};

use model::remote::{self, Remote, Traffic};
use model::{QueryKey, SyncOutcome, SyncRecord, TaskStatus, Timestamp};
use store::{Stage, Store};

use ask::Ask;
use compare::{Plan, Stored};
use gather::Gathered;
use lease::{Held, Lease};
use progress::ProgressWriter;
use stage::Head;

pub use ask::FRESH_HOURS;
pub use error::{Error, Result};
pub use jobs::{JobStanding, Jobs, Ticket, Work};
pub use lease::{ask_to_end, is_abandoned};
pub use progress::{Phase, Silent, SyncControl, SyncProgress, task_id};

/// Below the folder of the workspace: what interrupted syncs have fetched so far.
const STAGE_FOLDER: [&str; 2] = ["profiles", ".burndown-sync"];

/// How a sync is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// Fetch every issue, whatever is stored.
    pub is_full: bool,
    /// Ask even if what is stored is not due yet.
    pub is_forced: bool,
    /// Take it that what is missing left the query, however much it is and whether or not this
    /// login sees it.
    pub accepts_loss: bool,
}

/// A workspace whose queries are synced.
#[derive(Clone, Copy)]
pub struct Workspace<'w> {
    /// Its data.
    pub store: &'w dyn Store,
    /// Its folder; without one there is no place for what is fetched.
    pub folder: Option<&'w Path>,
    /// Says what time it is.
    pub clock: fn() -> Timestamp,
}

impl Workspace<'_> {
    /// Makes the stored issues and changelogs of a query what `remote` has now, or marks them with
    /// what is missing. On any error what was stored before stays in force. One sync of a query at
    /// a time: [`Error::SyncRunning`] names the other one. Reads never wait for it.
    pub fn sync(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        control: &dyn SyncControl,
    ) -> Result<SyncRecord> {
        let stage = self.lock_sync(key)?;
        let lease = Lease::take(*self, key)?;
        let held = &lease.watched(control);
        self.note_interrupted(key)?;
        lease.kept_alive(held, || self.sync_locked(key, remote, options, held, stage))
    }

    /// The same for whoever holds stage and lease.
    fn sync_locked(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        control: &Held<'_>,
        mut stage: Stage,
    ) -> Result<SyncRecord> {
        let started_at = self.now();
        let ask = Ask::read(&*self.store.read()?, key, remote.standard_fields(), options)?;
        if ask.is_fresh(started_at) {
            if stage.is_empty()? {
                end(stage);
            }
            return Ok(fresh(&ask, started_at));
        }
        let traffic = remote.traffic();
        let mut sync = Sync {
            workspace: *self,
            remote,
            progress: ProgressWriter::begin(*self, key, control, started_at),
            lease: control.number(),
            record: SyncRecord {
                started_at,
                is_full: ask.is_full,
                jql: ask.query.jql.clone(),
                ..SyncRecord::default()
            },
            ask,
            stage: &mut stage,
            traffic,
        };
        let ended = sync.run();
        let Sync { record, .. } = sync;
        match ended {
            Ok(()) => {
                end(stage);
                Ok(record)
            }
            Err(error) => {
                self.note_ended(key, ended_by(record, &error, remote, traffic));
                Err(error)
            }
        }
    }

    /// Notes that a sync could not even begin, and why.
    pub fn note_refused(&self, key: &QueryKey, outcome: SyncOutcome, message: String) {
        let started_at = self.now();
        let record = SyncRecord { started_at, outcome, message, ..SyncRecord::default() };
        self.note_ended(key, record);
    }

    /// Puts the end of a sync that changed nothing into the ledger and into its task.
    fn note_ended(&self, key: &QueryKey, mut record: SyncRecord) {
        record.ended_at = self.now();
        let noted = self.store.transact(|writer| {
            writer.put_task(&progress::ended(key, &record))?;
            writer.add_sync(key, &record)
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "the end of a sync could not be noted");
        }
    }

    fn lock_sync(&self, key: &QueryKey) -> Result<Stage> {
        let folder = self.stage_folder().ok_or(Error::NoFolder)?;
        match Stage::lock(&folder, key)? {
            Some(stage) => Ok(stage),
            None => {
                let task = self.store.read()?.task(&task_id(key))?;
                let task = task.filter(|task| task.status == TaskStatus::Running);
                let message = task.map_or_else(|| "it began just now".to_owned(), |t| t.message);
                Err(Error::SyncRunning { query: key.clone(), message })
            }
        }
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn stage_folder(&self) -> Option<PathBuf> {
        let [profiles, stage] = STAGE_FOLDER;
        Some(self.folder?.join(profiles).join(stage))
    }
}

fn end(stage: Stage) {
    if let Err(error) = stage.end() {
        tracing::warn!(%error, "what a sync fetched could not be removed");
    }
}

/// A sync under way.
struct Sync<'s> {
    workspace: Workspace<'s>,
    remote: &'s dyn Remote,
    progress: ProgressWriter<'s>,
    /// The number of the lease, if one is needed.
    lease: Option<u64>,
    ask: Ask,
    stage: &'s mut Stage,
    traffic: Traffic,
    record: SyncRecord,
}

impl Sync<'_> {
    fn run(&mut self) -> Result<()> {
        self.ask.learn(self.remote)?;
        let mut sweep = compare::sweep(self.remote, &self.ask.query.jql, &mut self.progress)?;
        self.ask.learn_order(self.remote, &sweep.stubs)?;
        let stored = Stored::read(&*self.workspace.store.read()?, &self.ask)?;
        self.record.found = sweep.stubs.len() as u64;
        if sweep.stubs.is_empty() && stored.found_count() > 0 && !self.ask.is_full {
            return Err(Error::NothingFound { stored: stored.found_count() as u64 });
        }
        if loss::is_of_another_jira(self, &stored, &sweep.stubs)? {
            if !self.ask.accepts_loss {
                return Err(Error::AnotherJira { stored: stored.found_count() as u64 });
            }
            self.ask.forget_what_is_stored();
        }
        let passed_over = loss::passed_over(self, &stored, &sweep.stubs)? as u64;
        if passed_over > 0 {
            let listed = sweep.stubs.len() as u64;
            sweep.told = Some(sweep.told.unwrap_or_default().max(listed + passed_over));
        }
        let unseen = loss::unseen(self, &stored, &sweep.stubs)?;
        let plan = Plan::of(sweep, &stored, self.ask.is_full);
        let head = Head::of(&self.ask);
        self.stage.resume(&head.text(), |found| head.is_served_by(found))?;
        let mut gathered = self.fetch(&plan)?;
        self.ask_again_about_gone(&mut gathered)?;
        self.swap(&stored, &plan, gathered, unseen)
    }

    /// What the walk named and a single question denied may be deleted since, or hidden by something
    /// between us and the server. Only if a second walk does not name it either it is gone.
    fn ask_again_about_gone(&mut self, gathered: &mut Gathered) -> Result<()> {
        if gathered.gone.is_empty() {
            return Ok(());
        }
        let again = compare::sweep(self.remote, &self.ask.query.jql, &mut self.progress)?;
        gathered.doubt(again.stubs.iter().map(|stub| stub.id.as_str()));
        Ok(())
    }

    fn fetch(&mut self, plan: &Plan) -> Result<Gathered> {
        let mut gathered = Gathered::reusing(plan, self.stage);
        let ids = gathered.to_ask(plan);
        self.record.reused = gathered.reused;
        self.record.asked = ids.len() as u64;
        let (total, progress) = (plan.fetch.len() as u64, &mut self.progress);
        progress.tell(Phase::Fetch, gathered.reused, Some(total));
        let (control, begun_at) = (progress.control(), self.record.started_at);
        let (stage, record) = (&mut *self.stage, &mut self.record);
        fetch::in_batches(self.remote, &self.ask.fields, &ids, control, &mut |asked, batch| {
            stage.add(&batch.issues, |issue| {
                issue.has_whole_history()
                    && !compare::is_volatile(issue.document.as_str())
                    && issue.stub.updated.is_none_or(|at| compare::is_settled(at, begun_at))
            })?;
            record.received += batch.issues.len() as u64;
            gathered.take(asked, batch);
            progress.tell(Phase::Fetch, gathered.done(), Some(total));
            Ok(())
        })?;
        Ok(gathered)
    }

    fn swap(
        &mut self,
        stored: &Stored,
        plan: &Plan,
        gathered: Gathered,
        unseen: usize,
    ) -> Result<()> {
        self.progress.tell(Phase::Swap, 0, None);
        self.progress.check()?;
        let spent = spent(self.remote.traffic(), self.traffic);
        (self.record.requests, self.record.retries, self.record.bytes) =
            (spent.requests, spent.retries, spent.bytes);
        self.record.refused = self.remote.refused();
        let swap = swap::Swap {
            workspace: self.workspace,
            ask: &self.ask,
            stored,
            plan,
            gathered: &gathered,
            unseen,
            stage: self.stage,
            lease: self.lease,
            control: self.progress.control(),
        };
        swap.run(&mut self.record)?;
        self.progress.say(Phase::Swap, &self.record.message, 100);
        Ok(())
    }
}

/// What is told of a sync that had nothing to do.
fn fresh(ask: &Ask, now: Timestamp) -> SyncRecord {
    let left_s = ask.due_at.map_or(0, |due| due.duration_since(now).as_secs());
    let left = rough(left_s);
    SyncRecord {
        started_at: now,
        ended_at: now,
        outcome: SyncOutcome::Fresh,
        jql: ask.query.jql.clone(),
        message: format!("nothing was asked, because what is stored is fresh for another {left}"),
        ..SyncRecord::default()
    }
}

/// The record of a sync that an error ended.
fn ended_by(record: SyncRecord, error: &Error, remote: &dyn Remote, before: Traffic) -> SyncRecord {
    let is_cancelled = matches!(error, Error::Remote(remote::Error::Cancelled(_)));
    let outcome = if is_cancelled { SyncOutcome::Cancelled } else { SyncOutcome::Failed };
    let spent = spent(remote.traffic(), before);
    SyncRecord {
        refused: remote.refused(),
        outcome,
        message: error.to_string(),
        requests: spent.requests,
        retries: spent.retries,
        bytes: spent.bytes,
        ..record
    }
}

/// What went over the wire since `before`.
fn spent(now: Traffic, before: Traffic) -> Traffic {
    Traffic {
        requests: now.requests.saturating_sub(before.requests),
        retries: now.retries.saturating_sub(before.retries),
        bytes: now.bytes.saturating_sub(before.bytes),
    }
}

/// A length of time of some minutes and more, in its largest sensible unit.
pub fn rough(seconds: i64) -> String {
    match seconds {
        ..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
