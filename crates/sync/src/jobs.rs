//! Syncs in the background of a server: a queue, and one thread that works it off.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use model::QueryKey;
use model::remote::{Cancelled, Patience};

use crate::SyncOptions;
use crate::error::{Error, Result};
use crate::progress::{SyncControl, SyncProgress, check, task_id};

/// How long the end of a running sync is waited for.
const FAREWELL: Duration = Duration::from_secs(5);

/// What jobs do. Says itself in the log what goes wrong.
pub trait Work: Send + Sync {
    /// Syncs a query. Whatever waits there waits with the patience of the ticket, so that it ends
    /// when the user gives up.
    fn sync(&self, key: &QueryKey, options: SyncOptions, ticket: &Arc<Ticket>);

    /// Marks syncs whose task says that they run, though nobody does.
    fn end_interrupted(&self);
}

/// Syncs that run or wait, one at a time. Dropped, it cancels them and waits a little for their end.
pub struct Jobs {
    shared: Arc<Shared>,
    /// `None` while the system gave no thread.
    worker: Mutex<Option<JoinHandle<()>>>,
    spawn: Spawn,
}

/// Starts a thread.
type Spawn = fn(Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>>;

/// A job, for pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStanding {
    /// The query.
    pub query: QueryKey,
    /// Id of the task that tells how far it is.
    pub task: String,
    /// Whether it waits for another one to end.
    pub is_waiting: bool,
    /// How far it is; `None` until it began.
    pub progress: Option<SyncProgress>,
}

struct Shared {
    work: Box<dyn Work>,
    queue: Mutex<Queue>,
    /// Rung when there is something to do.
    bell: Condvar,
}

#[derive(Default)]
struct Queue {
    running: Option<Job>,
    waiting: VecDeque<Job>,
    is_closing: bool,
}

#[derive(Clone)]
struct Job {
    key: QueryKey,
    options: SyncOptions,
    ticket: Arc<Ticket>,
}

impl Jobs {
    /// Jobs that do that work. Syncs that an earlier program left unfinished are marked so.
    pub fn new(work: Box<dyn Work>) -> Jobs {
        Jobs::on_threads(work, |work| std::thread::Builder::new().spawn(work))
    }

    fn on_threads(work: Box<dyn Work>, spawn: Spawn) -> Jobs {
        let (queue, bell) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { work, queue, bell });
        shared.work.end_interrupted();
        let jobs = Jobs { shared, worker: Mutex::default(), spawn };
        if let Err(error) = jobs.have_worker() {
            tracing::warn!(%error, "the next sync of a page tries again");
        }
        jobs
    }

    /// Starts the thread that works jobs off, unless it runs.
    fn have_worker(&self) -> Result<()> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.as_ref().is_none_or(JoinHandle::is_finished) {
            let shared = Arc::clone(&self.shared);
            let work = Box::new(move || while shared.work_off_one() {});
            *worker = Some((self.spawn)(work).map_err(Error::NoThread)?);
        }
        Ok(())
    }

    /// Starts a sync, or lets it wait for its turn; the one of a query that runs or waits already is
    /// the same job. Gives the id of its task. An error if there is no thread that would do it.
    pub fn start(&self, key: &QueryKey, options: SyncOptions) -> Result<String> {
        self.have_worker()?;
        let mut queue = self.shared.queue();
        if !queue.jobs().any(|job| job.key == *key) {
            queue.waiting.push_back(Job { key: key.clone(), options, ticket: Arc::default() });
            self.shared.bell.notify_all();
        }
        Ok(task_id(key))
    }

    /// Ends the sync of a query, running or waiting; says whether there was one.
    pub fn cancel(&self, key: &QueryKey) -> bool {
        let mut queue = self.shared.queue();
        let job = queue.jobs().find(|job| job.key == *key).cloned();
        queue.waiting.retain(|job| job.key != *key);
        job.inspect(|job| job.ticket.cancel()).is_some()
    }

    /// The jobs, the running one first.
    pub fn running(&self) -> Vec<JobStanding> {
        let queue = self.shared.queue();
        let is_running = |job: &Job| queue.running.as_ref().is_some_and(|r| r.key == job.key);
        let standing = |job: &Job| JobStanding {
            query: job.key.clone(),
            task: task_id(&job.key),
            is_waiting: !is_running(job),
            progress: job.ticket.state().progress.clone(),
        };
        queue.jobs().map(standing).collect()
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.is_closing = true;
        queue.jobs().for_each(|job| job.ticket.cancel());
        queue.waiting.clear();
        self.shared.bell.notify_all();
        let is_busy = |queue: &mut Queue| queue.running.is_some();
        let waited = self.shared.bell.wait_timeout_while(queue, FAREWELL, is_busy);
        let is_over = waited.map_or(true, |(queue, _)| queue.running.is_none());
        // One that waits for a server that is silent notices late; nothing is lost if it is cut off.
        let worker = self.worker.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker.filter(|_| is_over) {
            let _ = worker.join();
        }
    }
}

impl Queue {
    fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.running.iter().chain(&self.waiting)
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A panic elsewhere cannot leave a job half added.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a job and does it; `false` when there will be none any more.
    fn work_off_one(&self) -> bool {
        let is_idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.is_closing;
        let waited = self.bell.wait_while(self.queue(), is_idle);
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        let Some(job) = queue.waiting.pop_front() else { return false };
        queue.running = Some(job.clone());
        drop(queue);
        let work = || self.work.sync(&job.key, job.options, &job.ticket);
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!(query = %job.key, "a sync crashed");
            self.work.end_interrupted();
        }
        self.queue().running = None;
        self.bell.notify_all();
        true
    }
}

/// What starter and worker know of a job together.
#[derive(Default)]
pub struct Ticket {
    state: Mutex<TicketState>,
    /// Rung when it is cancelled.
    bell: Condvar,
}

#[derive(Default)]
struct TicketState {
    is_cancelled: bool,
    progress: Option<SyncProgress>,
}

impl Ticket {
    fn state(&self) -> MutexGuard<'_, TicketState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cancel(&self) {
        self.state().is_cancelled = true;
        self.bell.notify_all();
    }
}

impl SyncControl for Ticket {
    fn told(&self, progress: &SyncProgress) {
        self.state().progress = Some(progress.clone());
    }

    fn is_cancelled(&self) -> bool {
        self.state().is_cancelled
    }
}

impl Patience for Ticket {
    fn wait(&self, time: Duration) -> std::result::Result<(), Cancelled> {
        let waited = self.bell.wait_timeout_while(self.state(), time, |s| !s.is_cancelled);
        drop(waited);
        check(self)
    }

    fn check(&self) -> std::result::Result<(), Cancelled> {
        check(self)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    struct Told(Sender<QueryKey>);

    impl Work for Told {
        fn sync(&self, key: &QueryKey, _: SyncOptions, _: &Arc<Ticket>) {
            self.0.send(key.clone()).unwrap();
        }

        fn end_interrupted(&self) {}
    }

    #[test]
    fn a_thread_that_could_not_be_started_is_started_with_a_later_job() {
        static HAS_THREADS: AtomicBool = AtomicBool::new(false);
        let spawn: Spawn = |work| match HAS_THREADS.load(Ordering::SeqCst) {
            true => std::thread::Builder::new().spawn(work),
            false => Err(io::Error::other("no thread left")),
        };
        let (done, was_done) = channel();
        let jobs = Jobs::on_threads(Box::new(Told(done)), spawn);
        let key = QueryKey::parse("p", "q").unwrap();
        let options = SyncOptions { is_full: false, is_forced: false, accepts_loss: false };
        let refused = jobs.start(&key, options).unwrap_err();
        assert!(refused.to_string().contains("no thread left"), "{refused}");
        assert_eq!(jobs.running(), [], "nothing waits for nobody");
        HAS_THREADS.store(true, Ordering::SeqCst);
        jobs.start(&key, options).unwrap();
        assert_eq!(was_done.recv().unwrap(), key);
    }
}
