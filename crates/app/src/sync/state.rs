//! How the sync of a query stands: what runs, what the last ones did, and what is in the way.

use model::connection::Connection;
use model::{ProfileSettings, QueryKey, SyncRecord, TaskProgress, TaskStatus, Timestamp};
use serde::Serialize;
use store::Reader;
use sync::{SyncOptions, task_id};

use crate::App;
use crate::active;
use crate::error::{Error, Result};
use crate::lookup;
use crate::sync::jobs::{JobStanding, Jobs};
use crate::trail::Trail;
use crate::workspace::QueryEntry;

/// How many entries of the ledger are shown.
const SHOWN: usize = 20;

/// The sync of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SyncState {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The sync that runs now.
    pub running: Option<TaskProgress>,
    /// Why none can begin, as a sentence with its remedy.
    pub obstacle: Option<String>,
    /// What is stored.
    pub query: Option<QueryEntry>,
    /// When a refetch is due.
    pub due_at: Option<Timestamp>,
    /// What the last syncs did, the newest first.
    pub syncs: Vec<SyncRecord>,
}

impl App {
    /// The sync of a query, while one runs. It is asked beside an answer, which may be older.
    pub fn running_sync(&self, key: &QueryKey) -> Result<Option<TaskProgress>> {
        running(&*self.store.read()?, key)
    }

    /// How the sync of a query stands; an error if it is not there.
    pub fn sync_state(&self, key: &QueryKey, jobs: &Jobs) -> Result<SyncState> {
        // Asked before the store: a job that ends in between is in the ledger then.
        let job = jobs.running().into_iter().find(|job| job.query == *key);
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let at_an_end = || job.map(|job| at_an_end(&job, self.now()));
        let active = active::selection(&*reader)?;
        let summary = reader.queries(&key.profile)?.into_iter().find(|query| query.key == *key);
        let due_at = summary.as_ref().and_then(|query| query.expires_at);
        let jql = lookup::query(&*reader, key)?.jql;
        let stored = lookup::profile(&*reader, &key.profile)?.settings;
        let connection = ProfileSettings::read(&stored).connection;
        let obstacle = match Connection::of(&connection, self.has_token(&key.profile)?) {
            Err(lack) => Some(lack.to_string()),
            Ok(_) if jql.trim().is_empty() => {
                Some("the query has no JQL yet; set one on its set-up page".to_owned())
            }
            Ok(_) => self.secrets().err().map(|error| error.to_string()),
        };
        Ok(SyncState {
            running: running(&*reader, key)?.or_else(at_an_end),
            trail,
            obstacle,
            query: summary.map(|query| QueryEntry::of(query, &active)),
            due_at,
            syncs: reader.syncs(key, SHOWN)?,
        })
    }

    /// The ledger of a query, the last sync first; an error if the query is not there.
    pub fn syncs(&self, key: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>> {
        let reader = self.store.read()?;
        lookup::query(&*reader, key)?;
        Ok(reader.syncs(key, limit)?)
    }

    /// Starts a sync, or lets it wait for its turn; the one of a query that runs or waits already is
    /// the same job. Gives the id of its task. An error if the query is not there, or nothing can work on it.
    pub fn start_sync(&self, key: &QueryKey, options: SyncOptions, jobs: &Jobs) -> Result<String> {
        lookup::query(&*self.store.read()?, key)?;
        Ok(jobs.start(key, options)?)
    }

    /// Ends the sync of a query. An error if another program runs it.
    pub fn cancel_sync(&self, key: &QueryKey, jobs: &Jobs) -> Result<()> {
        if jobs.cancel(key) {
            return Ok(());
        }
        if self.is_on_server() && self.store.transact(|writer| sync::ask_to_end(writer, key))? {
            return Ok(());
        }
        match self.running_sync(key)? {
            Some(_) => Err(Error::SyncElsewhere { query: key.clone() }),
            None => Ok(()),
        }
    }
}

fn running(reader: &dyn Reader, key: &QueryKey) -> Result<Option<TaskProgress>> {
    let task = reader.task(&task_id(key))?.filter(|task| task.status == TaskStatus::Running);
    // A node that was killed could not say so.
    Ok(if task.is_some() && sync::is_abandoned(reader, key)? { None } else { task })
}

/// The task of a job that did not begin yet, or that has stored what came and is almost over.
fn at_an_end(job: &JobStanding, now: Timestamp) -> TaskProgress {
    let (percent, message) = if job.is_waiting || job.progress.is_none() {
        (0, "waiting for its turn")
    } else {
        (99, "working out the figures")
    };
    TaskProgress {
        id: job.task.clone(),
        status: TaskStatus::Running,
        percent,
        message: message.to_owned(),
        started_at: now,
        updated_at: now,
    }
}
