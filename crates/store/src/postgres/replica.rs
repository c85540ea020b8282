//! Reading from a hot standby: never less than what this node wrote or showed already, and with word of how
//! far behind it is.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::Config;
use super::pool::Pool;
use crate::error::{Error, Result};
use crate::read_from::{ReadFrom, chosen, note_lacking};
use crate::server::Server;

/// Where the server is in its log, in bytes: on a standby, what it has replayed. On the primary what is on its
/// disk, as every commit that waited for that is; the place of the next record may lie behind the head of a
/// page, where a standby comes only with that record.
pub(super) const POSITION: &str = "SELECT CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
    THEN pg_last_wal_replay_lsn() WHEN current_setting('synchronous_commit') = 'off'
    THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0') AS BIGINT)";

/// What a standby has replayed; NULL of a server that follows no other, as one that was promoted.
pub(super) const REPLAYED: &str = "SELECT CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
    THEN pg_last_wal_replay_lsn() END, '0/0') AS BIGINT)";

/// The same for a standby as for its primary, and for no other database.
const IDENTITY: &str =
    "SELECT concat((SELECT system_identifier FROM pg_control_system()), ' ', current_database())";

/// How long a replica that does not answer is waited for, and for how long it is not asked again then.
const PATIENCE: Duration = Duration::from_secs(1);
const PASSED_OVER: Duration = Duration::from_secs(10);

/// How often the primary is asked where it is, while somebody reads.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// After a longer pause between two such questions it is not known since when the replica lacks something.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Where a primary is that does not say so.
const UNKNOWN: u64 = u64::MAX;

/// How many positions are kept; some minutes of them.
const MISSING_MAX: usize = 300;

/// A server that follows the primary.
pub(super) struct Replica {
    pub pool: Pool,
    /// What its primary is.
    identity: Option<String>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The position that whoever reads must find at least.
    wanted: u64,
    /// How many commits there were whose position is not known, and how many of them came before a position
    /// that is wanted.
    unknown: u64,
    covered: u64,
    passed_over_until: Option<Instant>,
    ask_at: Option<Instant>,
    /// When the primary last said where it is.
    compared_at: Option<Instant>,
    /// Where the primary was and when, as far as the replica was not there yet; the oldest first.
    missing: VecDeque<(Instant, u64)>,
    is_of_primary: bool,
}

/// The moment at which a position was asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked(u64);

impl Replica {
    pub fn of(server: &Server, primary: &Pool) -> Result<Replica> {
        let config = Config::of(server)?.with_patience(PATIENCE);
        let identity = answer(primary, IDENTITY)?;
        Ok(Replica { pool: Pool::new(config), identity, state: Mutex::default() })
    }

    /// Whether it may be asked now.
    pub fn is_open(&self) -> bool {
        self.state().passed_over_until.is_none_or(|until| until <= Instant::now())
    }

    /// To be called before the primary is asked where it is.
    pub fn asking(&self) -> Asked {
        Asked(self.state().unknown)
    }

    /// Whoever reads from now on must find the state of the primary at that position.
    pub fn want(&self, asked: Asked, position: u64) {
        self.state().want(asked, position);
    }

    /// Whoever reads from now on must find something whose position is not known.
    pub fn want_unknown(&self) {
        self.state().unknown += 1;
    }

    /// Whether a state that was read at that position or later shows what it must.
    pub fn is_enough(&self, found: u64, primary: &Pool) -> bool {
        self.compare_with(found, primary);
        let mut state = self.state();
        state.passed_over_until = None;
        state.find(found);
        let is_enough = state.unknown == state.covered
            && found >= state.wanted
            && (chosen() == ReadFrom::Replica || state.missing.is_empty());
        if is_enough {
            // What is shown now must not be missing later, also where the replica goes back in time.
            state.wanted = found;
            note_lacking(state.missing.front().map(|(since, _)| since.elapsed()));
        }
        is_enough
    }

    /// Notes that it could not be read.
    pub fn pass_over(&self, error: &Error) {
        tracing::warn!(%error, "the replica cannot be read, so the primary is");
        let mut state = self.state();
        state.passed_over_until = Some(Instant::now() + PASSED_OVER);
        state.missing.clear();
    }

    /// Whether it is the database of the primary; it is asked until it is.
    pub fn is_of_primary(&self) -> Result<bool> {
        if self.state().is_of_primary {
            return Ok(true);
        }
        let is_same = answer(&self.pool, IDENTITY)? == self.identity;
        self.state().is_of_primary = is_same;
        Ok(is_same)
    }

    /// What is said where it is not.
    pub fn refusal(&self, primary: &Pool) -> Error {
        let (here, primary) = (&self.pool.config.place, &primary.config.place);
        Error::Aborted(format!(
            "{here} is no standby of {primary}, but another server or another database. Correct the address to \
             read from, or leave it out"
        ))
    }

    /// Asks the primary where it is, unless somebody just did and that is good enough.
    fn compare_with(&self, found: u64, primary: &Pool) {
        let now = Instant::now();
        let asked = {
            let mut state = self.state();
            let is_due = state.ask_at.is_none_or(|at| at <= now)
                || state.unknown > state.covered
                || chosen() == ReadFrom::EqualReplica;
            if !is_due {
                return;
            }
            state.ask_at = Some(now + ASK_EVERY);
            Asked(state.unknown)
        };
        let position = match answer(primary, POSITION) {
            // It is there, and has no connection to spare.
            Err(Error::AllInUse { .. }) => return,
            told => told.ok().flatten().and_then(|text| text.parse().ok()),
        };
        self.state().compare(found, position, asked, now);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere cannot leave a list half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn want(&mut self, asked: Asked, position: u64) {
        self.wanted = self.wanted.max(position);
        self.covered = self.covered.max(asked.0);
    }

    /// The replica is there: of what it lacked nothing before that is missing.
    fn find(&mut self, found: u64) {
        while self.missing.front().is_some_and(|(_, at)| *at <= found) {
            self.missing.pop_front();
        }
    }

    /// Takes in where the primary was when it was asked `now`, and the replica a moment before.
    fn compare(&mut self, found: u64, position: Option<u64>, asked: Asked, now: Instant) {
        let Some(at) = position else {
            self.ask_at = Some(now + PASSED_OVER);
            if self.missing.back().is_none_or(|(_, at)| *at != UNKNOWN) {
                self.missing.push_back((now, UNKNOWN));
            }
            return;
        };
        let last = self.compared_at.replace(now);
        let is_late = last.is_none_or(|last| now.saturating_duration_since(last) > PAUSE_MAX);
        if asked.0 > self.covered || (is_late && found < at) {
            self.want(asked, at);
        }
        self.missing.retain(|(_, at)| *at != UNKNOWN);
        if self.missing.back().is_none_or(|(_, newest)| *newest < at) {
            let since = match self.missing.len() < MISSING_MAX {
                true => now,
                false => self.missing.pop_back().map_or(now, |(since, _)| since),
            };
            self.missing.push_back((since, at));
        }
    }
}

/// What a server answers to a question of one row and column.
fn answer(pool: &Pool, sql: &str) -> Result<Option<String>> {
    let (connection, row) = pool.begin(PATIENCE, |connection| connection.batch(sql))?;
    pool.give_back(Some(connection));
    Ok(row.into_iter().next().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Store;
    use crate::postgres::PostgresStore;
    use crate::read_from::read_from;
    use crate::sql::SqlTx;

    /// Seconds after the start, where the replica and the primary are, and since when something is missing.
    #[track_caller]
    fn check(compared: &[(u64, u64, Option<u64>)], is_wanted: bool, since_s: Option<u64>) {
        let start = Instant::now();
        let mut state = State::default();
        for (second, found, position) in compared {
            let now = start + Duration::from_secs(*second);
            state.compare(*found, *position, Asked(0), now);
            state.find(*found);
        }
        let since = state.missing.front().map(|(since, _)| (*since - start).as_secs());
        assert_eq!((state.wanted > 0, since), (is_wanted, since_s));
    }

    #[test]
    fn a_lag_is_told_where_its_begin_was_seen() {
        check(&[(0, 5, Some(5))], false, None);
        check(&[(0, 5, Some(5)), (1, 5, Some(6)), (2, 5, Some(7))], false, Some(1));
        check(&[(0, 5, Some(5)), (1, 5, Some(6)), (2, 6, Some(7))], false, Some(2));
        check(&[(0, 5, Some(5)), (1, 5, None), (2, 5, None)], false, Some(1));
        check(&[(0, 5, Some(5)), (1, 5, None), (2, 5, Some(5))], false, None);
        // Nobody looked for a while: it may have been lacking something for as long.
        check(&[(0, 5, Some(6))], true, Some(0));
        check(&[(0, 5, Some(5)), (9000, 5, Some(6))], true, Some(9000));
        check(&[(0, 5, Some(5)), (9000, 6, Some(6))], false, None);
    }

    #[test]
    fn no_more_positions_are_kept_than_are_of_use() {
        let (start, mut state) = (Instant::now(), State::default());
        for number in 1..2000 {
            state.compare(0, Some(number / 2), Asked(0), start);
        }
        assert_eq!((state.missing.len(), state.missing.back().unwrap().1), (MISSING_MAX, 999));
    }

    fn opened(
        primary: &postgres_server::Server,
        standby: &postgres_server::Server,
        database: &str,
    ) -> PostgresStore {
        let server = |address: String| Server::parse(&address).unwrap();
        let read = server(standby.address(database) + "?connections=2");
        PostgresStore::open(&server(primary.address("store")).with_replica(Some(read))).unwrap()
    }

    fn is_standby(tx: &SqlTx<'_>) -> bool {
        let sql = "SELECT CAST(pg_is_in_recovery() AS INT)";
        tx.one(sql, &[], |row| row.get::<i32>(0)).unwrap() == Some(1)
    }

    fn reads_standby(store: &PostgresStore, from: ReadFrom) -> bool {
        read_from(from, || is_standby(&store.begin_reading().unwrap()))
    }

    #[track_caller]
    fn wait(is_so: impl Fn() -> bool) {
        let is_so = (0..600).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            is_so()
        });
        assert!(is_so);
    }

    #[test]
    fn a_standby_is_read_where_it_shows_what_it_must() {
        let options = postgres_server::Options::default();
        let Some(primary) = postgres_server::Server::start(&options) else { return };
        ["store", "other"].iter().for_each(|name| primary.run(&format!("CREATE DATABASE {name}")));
        let standby = primary.standby();
        let store = opened(&primary, &standby, "store");
        let replica = store.replica.as_ref().unwrap();
        let read = || reads_standby(&store, ReadFrom::Replica);
        // On an idle server the next record would stand behind the head of a page.
        primary.run("SELECT pg_switch_wal()");
        wait(|| reads_standby(&store, ReadFrom::EqualReplica));
        assert!(!reads_standby(&store, ReadFrom::Primary));
        // A commit of which nobody knows where it stands.
        replica.want_unknown();
        wait(read);
        // While all connections to it are in use the primary is read, and it is not passed over.
        let all =
            [(); 2].map(|()| replica.pool.begin(PATIENCE, |it| it.batch("SELECT 1")).unwrap().0);
        assert!(!read() && replica.is_open());
        all.into_iter().for_each(|one| replica.pool.give_back(Some(one)));
        wait(read);
        // Who reads there already goes on to read there; after a write that is the primary.
        read_from(ReadFrom::Replica, || {
            let outer = store.begin_reading().unwrap();
            assert!(is_standby(&outer));
            replica.pass_over(&Error::Aborted("test".to_owned()));
            assert!(is_standby(&store.begin_reading().unwrap()));
            standby.run("SELECT pg_wal_replay_pause()");
            (&store as &dyn Store).transact(|writer| writer.put_state("a", "1")).unwrap();
            assert!(!is_standby(&store.begin_reading().unwrap()));
        });
        standby.run("SELECT pg_wal_replay_resume()");
        let other = opened(&primary, &standby, "other");
        let refused = read_from(ReadFrom::Replica, || other.begin_reading().map(drop));
        assert!(refused.unwrap_err().to_string().contains("is no standby of"));
        // One that was promoted has positions of its own.
        standby.run("SELECT pg_promote()");
        replica.state().passed_over_until = None;
        read();
        assert!(!replica.is_open());
    }
}
