//! Connections: a bounded number of them, each used by one transaction at a time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::Config;
use super::connection::Connection;
use super::error::{classify, is_about_prepared, is_lost};
use crate::error::{Error, Result};
use crate::sql::up_to;

/// First wait before another attempt; each later one is twice as long.
const WAIT_MIN: Duration = Duration::from_millis(20);
const WAIT_MAX: Duration = Duration::from_millis(500);

/// The connections to a server.
pub(super) struct Pool {
    /// Tells it from all others of the process.
    pub number: u64,
    /// What the connections are made by.
    pub config: Config,
    state: Mutex<State>,
    given_back: Condvar,
    /// Whether something in between hands out another connection for each transaction.
    is_pooled: AtomicBool,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    in_use: u32,
}

impl Pool {
    pub fn new(config: Config) -> Pool {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Pool {
            number: COUNT.fetch_add(1, Ordering::Relaxed),
            config,
            state: Mutex::default(),
            given_back: Condvar::new(),
            is_pooled: AtomicBool::new(false),
        }
    }

    /// Takes a connection and begins something on it. Where the server is gone, this is tried again on
    /// another connection until `patience` ends: a server that starts anew, or another one that takes
    /// over, is found so.
    pub fn begin<T>(
        &self,
        patience: Duration,
        mut attempt: impl FnMut(&mut Connection) -> Result<T, postgres::Error>,
    ) -> Result<(Connection, T)> {
        let until = Instant::now() + patience;
        let mut wait = WAIT_MIN;
        loop {
            let error = match self.try_begin(until, &mut attempt)? {
                Ok(begun) => return Ok(begun),
                Err(error) => error,
            };
            if !is_lost(&error) || Instant::now() + wait >= until {
                return Err(self.fail(&error));
            }
            tracing::warn!(error = %self.fail(&error), "the server is not there; trying again");
            std::thread::sleep(wait + up_to(wait));
            wait = (wait * 2).min(WAIT_MAX);
        }
    }

    fn try_begin<T>(
        &self,
        until: Instant,
        attempt: &mut impl FnMut(&mut Connection) -> Result<T, postgres::Error>,
    ) -> Result<Result<(Connection, T), postgres::Error>> {
        let mut connection = match self.take(until)? {
            Some(connection) => connection,
            None => match self.config.connect() {
                Ok(connection) => connection,
                Err(error) => {
                    self.give_back(None);
                    return Ok(Err(error));
                }
            },
        };
        match attempt(&mut connection) {
            Ok(begun) => Ok(Ok((connection, begun))),
            Err(error) => {
                if is_lost(&error) {
                    // Those that wait went the same way.
                    self.lock().idle.clear();
                    self.give_back(None);
                } else {
                    self.end(connection);
                }
                Ok(Err(error))
            }
        }
    }

    /// An idle connection, or `None` where one more may be made. Waits while all are in use.
    fn take(&self, until: Instant) -> Result<Option<Connection>> {
        let connections_max = self.config.connections_max;
        let wait = until.saturating_duration_since(Instant::now());
        let (mut state, _) = self
            .given_back
            .wait_timeout_while(self.lock(), wait, |state| state.in_use >= connections_max)
            .unwrap_or_else(PoisonError::into_inner);
        if state.in_use >= connections_max {
            let place = self.config.place.clone();
            return Err(Error::AllInUse { place, connections_max });
        }
        state.in_use += 1;
        Ok(state.idle.pop())
    }

    /// Ends what is open on a connection and gives it back.
    pub fn end(&self, mut connection: Connection) {
        let is_usable = !connection.is_closed() && connection.batch("ROLLBACK").is_ok();
        self.give_back(is_usable.then_some(connection));
    }

    /// Gives back a connection on which nothing is open; `None` if it is of no use any more.
    pub fn give_back(&self, connection: Option<Connection>) {
        let mut state = self.lock();
        state.in_use = state.in_use.saturating_sub(1);
        state.idle.extend(connection);
        drop(state);
        self.given_back.notify_one();
    }

    /// Notes that prepared statements are not found again.
    pub fn note_pooler(&self) {
        if !self.is_pooled.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a pooler is in between, so statements are sent unprepared from now on; \
                 prepared=off in the address says so from the start"
            );
        }
    }

    /// Whether statements are to be sent unprepared, whatever the address says.
    pub fn is_pooled(&self) -> bool {
        self.is_pooled.load(Ordering::Relaxed)
    }

    /// The case of a driver error.
    pub fn fail(&self, error: &postgres::Error) -> Error {
        if is_about_prepared(error) {
            self.note_pooler();
        }
        classify(error, &self.config.place, self.config.patience.as_secs())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere cannot leave a list of connections half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    /// The driver says goodbye on an async runtime of its own, which a thread of another runtime cannot
    /// wait for; whoever lets the store go may be on one.
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.lock().idle);
        if idle.is_empty() {
            return;
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        match std::thread::Builder::new().spawn(move || drop(receiver.recv())) {
            Ok(thread) => {
                if sender.send(idle).is_err() || thread.join().is_err() {
                    tracing::debug!("a connection did not end in order");
                }
            }
            // No thread is to be had. The connections end with the process, without a goodbye.
            Err(_) => std::mem::forget(idle),
        }
    }
}
