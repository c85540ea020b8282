//! Making what is stored of a query what Jira has now: sweep, fetch, swap. Until the swap, which
//! is one transaction, nothing of what was stored before is touched; what was fetched so far lies in
//! a file, so that the next sync goes on from there.

mod ask;
mod compare;
mod conduct;
mod entry;
mod fetch;
mod follow;
mod gather;
mod interrupted;
mod labels;
mod stage;
mod stage_record;
mod swap;

use std::path::PathBuf;

use jira::{Remote, Traffic};
use model::{QueryKey, SyncOutcome, SyncRecord, TaskStatus, Timestamp};

use crate::App;
use crate::connect::rough;
use crate::error::{Error, Result};

use ask::Ask;
use compare::{Plan, Stored};
use conduct::Course;
use gather::Gathered;
use stage::{Head, Stage};

pub use conduct::{Conduct, Phase, Silent, SyncProgress, task_id};

pub(crate) use follow::STORED_AS;

/// Below the folder of the workspace: what interrupted syncs have fetched so far.
const STAGE_FOLDER: [&str; 2] = ["profiles", ".burndown-sync"];

/// How a sync is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// Fetch every issue, whatever is stored.
    pub is_full: bool,
    /// Ask even if what is stored is not due yet.
    pub is_forced: bool,
}

impl App {
    /// Makes the stored issues and changelogs of a query what `remote` has now, or marks them with
    /// what is missing. On any error what was stored before stays in force. One sync of a query at
    /// a time: [`Error::SyncRunning`] names the other one. Reads never wait for it.
    pub fn sync(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        conduct: &dyn Conduct,
    ) -> Result<SyncRecord> {
        let conduct = &Yielding { conduct, hold: self.hold.as_ref() };
        let mut stage = self.lock_sync(key)?;
        self.note_interrupted(key)?;
        let started_at = self.now();
        let ask = Ask::read(&*self.store.read()?, key, options)?;
        if ask.is_fresh(started_at) {
            return Ok(fresh(&ask, started_at));
        }
        let traffic = remote.traffic();
        let mut sync = Sync {
            app: self,
            remote,
            course: Course::begin(self, key, conduct, started_at),
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
                if let Err(error) = stage.clear() {
                    tracing::warn!(%error, "what a sync fetched could not be removed");
                }
                if let Err(error) = self.follow(key) {
                    tracing::warn!(%error, "the weekly values could not be stored");
                }
                Ok(record)
            }
            Err(error) => {
                self.note_ended(key, ended_by(record, &error, remote.traffic(), traffic));
                Err(conduct.ended_by(error))
            }
        }
    }

    /// Notes that a sync could not even begin.
    pub(crate) fn note_refused(&self, key: &QueryKey, error: &Error) {
        let record = SyncRecord { started_at: self.now(), ..SyncRecord::default() };
        self.note_ended(key, ended_by(record, error, Traffic::default(), Traffic::default()));
    }

    /// Puts the end of a sync that changed nothing into the ledger and into its task.
    fn note_ended(&self, key: &QueryKey, mut record: SyncRecord) {
        record.ended_at = self.now();
        let noted = self.store.transact(|writer| {
            writer.put_task(&conduct::ended(key, &record))?;
            writer.add_sync(key, &record)
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "the end of a sync could not be noted");
        }
    }

    /// The ledger of a query, the last sync first; an error if the query is not there.
    pub fn syncs(&self, key: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>> {
        let reader = self.store.read()?;
        crate::query_edit::existing(&*reader, key)?;
        Ok(reader.syncs(key, limit)?)
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

    fn stage_folder(&self) -> Option<PathBuf> {
        let [profiles, stage] = STAGE_FOLDER;
        Some(self.folder.as_ref()?.join(profiles).join(stage))
    }
}

/// Ends a sync as if it were cancelled when somebody asks to replace the database; what it fetched so
/// far stays for the next one.
struct Yielding<'c> {
    conduct: &'c dyn Conduct,
    hold: Option<&'c migrate::Hold>,
}

impl Yielding<'_> {
    fn asked_by(&self) -> Option<String> {
        self.hold.and_then(migrate::Hold::is_asked_to_end_by)
    }

    fn ended_by(&self, error: Error) -> Error {
        match (error, self.asked_by()) {
            (Error::Jira(jira::Error::Cancelled), Some(by)) => Error::BeingReplaced { by },
            (error, _) => error,
        }
    }
}

impl Conduct for Yielding<'_> {
    fn told(&self, progress: &SyncProgress) {
        self.conduct.told(progress);
    }

    fn is_cancelled(&self) -> bool {
        self.conduct.is_cancelled() || self.asked_by().is_some()
    }
}

/// A sync under way.
struct Sync<'s> {
    app: &'s App,
    remote: &'s dyn Remote,
    course: Course<'s>,
    ask: Ask,
    stage: &'s mut Stage,
    traffic: Traffic,
    record: SyncRecord,
}

impl Sync<'_> {
    fn run(&mut self) -> Result<()> {
        self.ask.learn(self.remote)?;
        let sweep = compare::sweep(self.remote, &self.ask.query.jql, &mut self.course)?;
        let stored = Stored::read(&*self.app.store.read()?, &self.ask)?;
        self.record.found = sweep.stubs.len() as u64;
        if sweep.stubs.is_empty() && !stored.is_empty() && !self.ask.is_full {
            return Err(Error::NothingFound { stored: stored.len() as u64 });
        }
        let plan = Plan::of(sweep, &stored, self.ask.is_full);
        self.stage.resume(&Head::of(&self.ask))?;
        let gathered = self.fetch(&plan)?;
        self.swap(&stored, &plan, gathered)
    }

    fn fetch(&mut self, plan: &Plan) -> Result<Gathered> {
        let mut gathered = Gathered::reusing(plan, self.stage);
        let ids = gathered.to_ask(plan);
        self.record.reused = gathered.reused;
        self.record.asked = ids.len() as u64;
        let (total, course) = (plan.fetch.len() as u64, &mut self.course);
        course.tell(Phase::Fetch, gathered.reused, Some(total));
        let conduct = course.conduct();
        let (stage, record) = (&mut *self.stage, &mut self.record);
        fetch::in_batches(self.remote, &self.ask.fields, &ids, conduct, &mut |asked, batch| {
            stage.add(&batch.issues)?;
            record.received += batch.issues.len() as u64;
            gathered.take(asked, batch);
            course.tell(Phase::Fetch, gathered.done(), Some(total));
            Ok(())
        })?;
        Ok(gathered)
    }

    fn swap(&mut self, stored: &Stored, plan: &Plan, gathered: Gathered) -> Result<()> {
        self.course.tell(Phase::Swap, 0, None);
        self.course.check()?;
        let spent = spent(self.remote.traffic(), self.traffic);
        (self.record.requests, self.record.retries, self.record.bytes) =
            (spent.requests, spent.retries, spent.bytes);
        let swap = swap::Swap {
            app: self.app,
            ask: &self.ask,
            stored,
            plan,
            gathered: &gathered,
            stage: self.stage,
            conduct: self.course.conduct(),
        };
        swap.run(&mut self.record)?;
        self.course.say(Phase::Swap, &self.record.message, 100);
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
fn ended_by(record: SyncRecord, error: &Error, now: Traffic, before: Traffic) -> SyncRecord {
    let is_cancelled = matches!(error, Error::Jira(jira::Error::Cancelled));
    let outcome = if is_cancelled { SyncOutcome::Cancelled } else { SyncOutcome::Failed };
    let spent = spent(now, before);
    SyncRecord {
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
