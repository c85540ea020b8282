//! Reading from a hot standby: never less than what this node wrote or showed already, and with word of how
//! far behind it is.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::Config;
use super::pool::Pool;
use crate::error::{Error, Result};
use crate::read_from::{ReadFrom, chosen};
use crate::server::Server;

/// Where the server is in its log, in bytes: on a standby, what it has replayed.
pub(super) const POSITION: &str = "SELECT CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
    THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END, '0/0') AS BIGINT)";

/// How long a replica that does not answer is waited for, and for how long it is not asked again then.
const PATIENCE: Duration = Duration::from_secs(1);
const PASSED_OVER: Duration = Duration::from_secs(10);

/// How often the primary is asked where it is, while somebody reads.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Where a primary is that does not say so.
const UNKNOWN: u64 = u64::MAX;

/// A server that follows the primary.
pub(super) struct Replica {
    pub pool: Pool,
    /// The position that whoever reads must find at least.
    wanted: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    passed_over_until: Option<Instant>,
    ask_at: Option<Instant>,
    /// Where the primary was and when, as far as the replica was not there yet; the oldest first.
    missing: VecDeque<(Instant, u64)>,
}

impl Replica {
    pub fn of(server: &Server) -> Result<Replica> {
        let mut config = Config::of(server)?;
        config.patience = PATIENCE;
        Ok(Replica { pool: Pool::new(config), wanted: AtomicU64::new(0), state: Mutex::default() })
    }

    /// Whether this thread may ask it now.
    pub fn is_open(&self) -> bool {
        let until = self.state().passed_over_until;
        chosen() != ReadFrom::Primary && until.is_none_or(|until| until <= Instant::now())
    }

    /// Whoever reads from now on must find the state of the primary at that position.
    pub fn want(&self, position: Option<u64>) {
        self.wanted.fetch_max(position.unwrap_or_default(), Ordering::SeqCst);
    }

    /// The same of all that the primary has now.
    pub fn want_all(&self, primary: &Pool) -> Result<()> {
        self.want(position(primary, primary.config().patience)?);
        Ok(())
    }

    /// Whether a state that was read at that position or later shows what it must.
    pub fn is_enough(&self, position: Option<u64>, primary: &Pool) -> bool {
        self.compare_with(primary);
        let found = position.unwrap_or_default();
        let mut state = self.state();
        state.passed_over_until = None;
        while state.missing.front().is_some_and(|(_, at)| *at <= found) {
            state.missing.pop_front();
        }
        found >= self.wanted.load(Ordering::SeqCst)
            && (chosen() == ReadFrom::Replica || state.missing.is_empty())
    }

    /// Notes that it could not be read.
    pub fn pass_over(&self, error: &Error) {
        tracing::warn!(%error, "the replica cannot be read, so the primary is");
        self.state().passed_over_until = Some(Instant::now() + PASSED_OVER);
    }

    /// For how long it has been lacking something that the primary has, or may have.
    pub fn behind(&self) -> Option<Duration> {
        self.state().missing.front().map(|(since, _)| since.elapsed())
    }

    /// Asks the primary where it is, unless somebody just did.
    fn compare_with(&self, primary: &Pool) {
        let now = Instant::now();
        {
            let mut state = self.state();
            if state.ask_at.is_some_and(|at| now < at) {
                return;
            }
            state.ask_at = Some(now + ASK_EVERY);
        }
        let asked = position(primary, PATIENCE);
        let mut state = self.state();
        match asked {
            Ok(at) => {
                state.missing.retain(|(_, at)| *at != UNKNOWN);
                state.missing.extend(at.map(|at| (now, at)));
            }
            Err(_) => {
                state.ask_at = Some(now + PASSED_OVER);
                if state.missing.back().is_none_or(|(_, at)| *at != UNKNOWN) {
                    state.missing.push_back((now, UNKNOWN));
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere cannot leave a list half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The position of a server.
fn position(pool: &Pool, patience: Duration) -> Result<Option<u64>> {
    let (connection, row) = pool.begin(patience, |connection| connection.batch(POSITION))?;
    pool.give_back(Some(connection));
    Ok(row.into_iter().next().flatten().and_then(|text| text.parse().ok()))
}
