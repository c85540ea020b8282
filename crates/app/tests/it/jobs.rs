//! Jobs: one at a time, one per query, cancelled by their user and by the end of the server.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use app::App;
use app::jobs::{self, Connect, Jobs};
use app::live::Live;
use model::remote::{Batch, Patience, Remote, Result, Traffic, Visit};
use model::{QueryKey, SyncOutcome, TaskStatus};
use sync::SyncOptions;

use crate::workspace::{Workspace, noon, query};
use crate::world::{Server, World};

const USUAL: SyncOptions = SyncOptions { is_full: false, is_forced: false, accepts_loss: false };

/// A server that says that it was asked, and then keeps everybody waiting.
struct Slow {
    asked: Sender<()>,
    patience: Arc<dyn Patience>,
}

impl Remote for Slow {
    fn sweep(&self, _: &str, _: &mut Visit<'_>) -> Result<()> {
        self.asked.send(()).unwrap();
        self.patience.wait(Duration::from_secs(3600))?;
        unreachable!("nobody waits that long")
    }

    fn fetch_ids_max(&self) -> usize {
        1
    }

    fn fetch(&self, _: &[&str], _: &[String]) -> Result<Batch> {
        unreachable!("the sweep never ends")
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

/// A workspace with the queries `q` and `r`, and jobs over it.
fn jobs(connect: Box<Connect>) -> (Workspace, [QueryKey; 2], Jobs) {
    let workspace = Workspace::sqlite();
    let second = QueryKey::parse("p", "r").unwrap();
    workspace.put(|writer| writer.put_query(&query(&second)));
    let app: App = workspace.other(noon);
    let keys = [workspace.key.clone(), second];
    (workspace, keys, jobs::over(Arc::new(Live::from(app)), connect))
}

/// Connects to [`Slow`] servers; says when one is asked.
fn slow() -> (Box<Connect>, Receiver<()>) {
    let (asked, was_asked) = channel();
    let connect = move |_: &App, _: &QueryKey, patience: Arc<dyn Patience>| {
        Ok(Box::new(Slow { asked: asked.clone(), patience }) as Box<dyn Remote>)
    };
    (Box::new(connect), was_asked)
}

fn outcome(workspace: &Workspace, key: &QueryKey) -> Option<SyncOutcome> {
    Some(workspace.app.syncs(key, 1).unwrap().first()?.outcome)
}

#[test]
fn a_query_has_one_job_and_others_wait() {
    let (connect, was_asked) = slow();
    let (workspace, [first, second], jobs) = jobs(connect);
    let task = jobs.start(&first, USUAL).unwrap();
    was_asked.recv().unwrap();
    assert_eq!(jobs.start(&first, USUAL).unwrap(), task);
    jobs.start(&second, USUAL).unwrap();
    jobs.start(&second, USUAL).unwrap();
    let standing = jobs.running();
    let queries: Vec<_> = standing.iter().map(|job| (&job.query, job.is_waiting)).collect();
    assert_eq!(queries, [(&first, false), (&second, true)]);
    assert_eq!((standing[0].task.as_str(), &standing[1].progress), ("sync/p/q", &None));
    assert!(standing[0].progress.is_some());
    assert_eq!(workspace.task().unwrap().status, TaskStatus::Running);
    assert!(jobs.cancel(&first));
    was_asked.recv().unwrap();
    assert!(!jobs.cancel(&first), "the second one runs now");
    assert_eq!(outcome(&workspace, &first), Some(SyncOutcome::Cancelled));
    assert_eq!(workspace.task().unwrap().status, TaskStatus::Cancelled);
    drop(jobs);
    assert_eq!(outcome(&workspace, &second), Some(SyncOutcome::Cancelled));
}

#[test]
fn a_job_that_waits_can_be_cancelled() {
    let (connect, was_asked) = slow();
    let (workspace, [first, second], jobs) = jobs(connect);
    jobs.start(&first, USUAL).unwrap();
    was_asked.recv().unwrap();
    jobs.start(&second, USUAL).unwrap();
    assert!(jobs.cancel(&second));
    assert_eq!(jobs.running().len(), 1);
    drop(jobs);
    assert_eq!(outcome(&workspace, &second), None);
}

#[test]
fn a_crash_or_a_refusal_ends_one_job_only() {
    let (connected, was_connected) = channel();
    let connect = move |_: &App, key: &QueryKey, _: Arc<dyn Patience>| {
        connected.send(key.clone()).unwrap();
        if key.query.as_str() == "q" {
            std::panic::panic_any("a bug");
        }
        Err(sync::Error::NoFolder.into())
    };
    let (workspace, [first, second], jobs) = jobs(Box::new(connect));
    jobs.start(&first, USUAL).unwrap();
    assert_eq!(was_connected.recv().unwrap(), first);
    jobs.start(&second, USUAL).unwrap();
    assert_eq!(was_connected.recv().unwrap(), second);
    drop(jobs);
    assert_eq!(outcome(&workspace, &second), Some(SyncOutcome::Failed));
    let task = workspace.store.read().unwrap().task("sync/p/r").unwrap().unwrap();
    assert_eq!(
        (task.status, task.message),
        (TaskStatus::Failed, sync::Error::NoFolder.to_string())
    );
}

#[test]
fn a_job_syncs() {
    let (done, is_done) = channel();
    let connect = move |_: &App, _: &QueryKey, _: Arc<dyn Patience>| {
        done.send(()).unwrap();
        Ok(Box::new(Server::new(World::of(3, 0), 2, 2)) as Box<dyn Remote>)
    };
    let (workspace, [first, second], jobs) = jobs(Box::new(connect));
    jobs.start(&first, USUAL).unwrap();
    is_done.recv().unwrap();
    jobs.start(&second, USUAL).unwrap();
    // The second is connected when the first has ended.
    is_done.recv().unwrap();
    assert_eq!(outcome(&workspace, &first), Some(SyncOutcome::Done));
    assert_eq!(workspace.dump().len(), 3);
    let missing = QueryKey::parse("p", "none").unwrap();
    assert!(workspace.app.start_sync(&missing, USUAL, &jobs).is_err());
}
