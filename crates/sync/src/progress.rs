//! How a sync tells what it does, and learns that it shall end.

use model::remote::Cancelled;
use model::{QueryKey, SyncOutcome, SyncRecord, TaskProgress, TaskStatus, Timestamp};

use crate::Workspace;

/// How often the task is written at most.
const WRITE_EVERY_MS: i64 = 500;
const PREFIX: &str = "sync";

/// What a sync is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It asks what there is.
    Sweep,
    /// It fetches what is new or changed.
    Fetch,
    /// It stores what came.
    Swap,
}

impl Phase {
    /// Its word for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::Fetch => "fetch",
            Self::Swap => "swap",
        }
    }
}

/// How far a sync is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncProgress {
    /// What it is doing.
    pub phase: Phase,
    /// Issues that are through this phase.
    pub done: u64,
    /// How many there are; `None` if that is not known.
    pub of: Option<u64>,
    /// Of the whole sync.
    pub percent: u8,
    /// The same for people.
    pub message: String,
}

/// Whoever started a sync.
pub trait SyncControl: Sync {
    /// Is told how far it is; called often, from one thread.
    fn told(&self, progress: &SyncProgress);

    /// Whether it shall end; asked between requests, from several threads.
    fn is_cancelled(&self) -> bool;
}

/// Nobody watches, nobody cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl SyncControl for Silent {
    fn told(&self, _: &SyncProgress) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Id of the task that tells how the sync of a query stands.
pub fn task_id(key: &QueryKey) -> String {
    format!("{PREFIX}/{}/{}", key.profile, key.query)
}

/// The query of such an id.
pub(super) fn query_of(task_id: &str) -> Option<QueryKey> {
    let mut parts = task_id.split('/');
    let prefix = parts.next()?;
    let key = QueryKey::parse(parts.next()?, parts.next()?).ok()?;
    (prefix == PREFIX && parts.next().is_none()).then_some(key)
}

/// The task of a sync that ended.
pub(super) fn ended(key: &QueryKey, record: &SyncRecord) -> TaskProgress {
    let (status, percent) = match record.outcome {
        SyncOutcome::Done | SyncOutcome::Partial | SyncOutcome::Fresh => (TaskStatus::Done, 100),
        SyncOutcome::Cancelled => (TaskStatus::Cancelled, 0),
        SyncOutcome::Failed => (TaskStatus::Failed, 0),
    };
    TaskProgress {
        id: task_id(key),
        status,
        percent,
        message: record.message.clone(),
        started_at: record.started_at,
        updated_at: record.ended_at,
    }
}

/// The progress of one sync.
pub(super) struct ProgressWriter<'c> {
    workspace: Workspace<'c>,
    control: &'c dyn SyncControl,
    task: TaskProgress,
    phase: Option<Phase>,
}

impl<'c> ProgressWriter<'c> {
    pub fn begin(
        workspace: Workspace<'c>,
        key: &QueryKey,
        control: &'c dyn SyncControl,
        started_at: Timestamp,
    ) -> ProgressWriter<'c> {
        let task = TaskProgress {
            id: task_id(key),
            status: TaskStatus::Running,
            percent: 0,
            message: String::new(),
            started_at,
            updated_at: started_at,
        };
        ProgressWriter { workspace, control, task, phase: None }
    }

    pub fn control(&self) -> &'c dyn SyncControl {
        self.control
    }

    /// An error if the sync shall end.
    pub fn check(&self) -> Result<(), Cancelled> {
        check(self.control)
    }

    /// Tells how far it is; the task is written now and then.
    pub fn tell(&mut self, phase: Phase, done: u64, of: Option<u64>) {
        let progress = progress(phase, done, of);
        self.control.told(&progress);
        let now = self.workspace.now();
        let waited_ms = now.as_millisecond() - self.task.updated_at.as_millisecond();
        if self.phase == Some(phase) && waited_ms < WRITE_EVERY_MS {
            return;
        }
        self.phase = Some(phase);
        self.task.percent = progress.percent;
        self.task.message = progress.message;
        self.task.updated_at = now;
        if let Err(error) = self.workspace.store.transact(|writer| writer.put_task(&self.task)) {
            tracing::warn!(%error, "how far a sync is could not be stored");
        }
    }

    /// Tells a last word without writing it.
    pub fn say(&self, phase: Phase, message: &str, percent: u8) {
        let message = message.to_owned();
        self.control.told(&SyncProgress { phase, done: 0, of: None, percent, message });
    }
}

/// An error if the sync shall end.
pub(super) fn check(control: &dyn SyncControl) -> Result<(), Cancelled> {
    if control.is_cancelled() { Err(Cancelled) } else { Ok(()) }
}

fn progress(phase: Phase, done: u64, of: Option<u64>) -> SyncProgress {
    let (first, last) = match phase {
        Phase::Sweep => (0, 10),
        Phase::Fetch => (10, 90),
        Phase::Swap => (90, 99),
    };
    let share = of.filter(|of| *of > 0).map_or(0, |of| done.min(of) * (last - first) / of);
    let percent = u8::try_from(first + share).unwrap_or(100);
    let message = match (phase, of) {
        (Phase::Sweep, None) => format!("looking for changes: {done} issues seen"),
        (Phase::Sweep, Some(of)) => format!("looking for changes: {done} of {of} issues seen"),
        (Phase::Fetch, Some(0)) => "nothing to fetch".to_owned(),
        (Phase::Fetch, _) => format!("{done} of {} issues fetched", of.unwrap_or(done)),
        (Phase::Swap, _) => "storing what came".to_owned(),
    };
    SyncProgress { phase, done, of, percent, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_for_people() {
        for (phase, done, of, percent, message) in [
            (Phase::Sweep, 300, None, 0, "looking for changes: 300 issues seen"),
            (Phase::Sweep, 5, Some(10), 5, "looking for changes: 5 of 10 issues seen"),
            (Phase::Fetch, 340, Some(1200), 32, "340 of 1200 issues fetched"),
            (Phase::Fetch, 0, Some(0), 10, "nothing to fetch"),
            (Phase::Fetch, 12, Some(10), 90, "12 of 10 issues fetched"),
            (Phase::Swap, 0, None, 90, "storing what came"),
        ] {
            let told = progress(phase, done, of);
            assert_eq!((told.percent, told.message.as_str()), (percent, message));
        }
    }

    #[test]
    fn a_task_names_its_query() {
        let key = QueryKey::parse("p", "q").unwrap();
        assert_eq!(query_of(&task_id(&key)), Some(key));
        for other in ["", "sync", "sync/p", "sync/p/q/r", "report/p/q", "sync//q"] {
            assert_eq!(query_of(other), None, "{other}");
        }
    }
}
