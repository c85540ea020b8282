//! PostgreSQL behind the driver's contract: a connection of the store with a transaction open on it.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::{Rc, Weak};
use std::time::Duration;

use model::Timestamp;
use postgres::Row as PostgresRow;
use postgres::error::SqlState;

use super::PostgresStore;
use super::connection::Connection;
use super::pool::Pool;
use super::replica::{POSITION, REPLAYED, Replica};
use super::schema::SCHEMA;
use crate::error::{Error, Result};
use crate::read_from::{ReadFrom, chosen};
use crate::sql::{Bulk, Driver, Row, Source, SqlTx, Value, Writing};

/// One snapshot for all that is read. Statements are few, so one message carries them.
const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT schema_version, revision, pg_backend_pid() FROM workspace";

/// The same on a replica, after its position: the snapshot shows all up to there.
fn begin_on_replica() -> String {
    format!("BEGIN; {REPLAYED}; COMMIT; {BEGIN_READING}")
}

/// The lock comes before the first look at data: what is read under it is the newest state, and stays
/// so, because nobody else may write. A node that is paused while it holds the lock loses it, before
/// those that wait for it give up.
fn begin_writing(patience: Duration) -> String {
    let turn = take_turn(patience);
    format!(
        "{turn}; SELECT schema_version, revision, pg_backend_pid(), pg_current_xact_id(), {LIFE} FROM workspace"
    )
}

fn take_turn(patience: Duration) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        SET LOCAL lock_timeout = {};
        SET LOCAL idle_in_transaction_session_timeout = {};
        SELECT pg_advisory_xact_lock({WRITE_LOCK})",
        patience.as_millis(),
        (patience / 2).as_millis()
    )
}

/// Tells a run of the server from the next one, also where it was a crash that ended it: in another one the
/// number of a transaction that the disk never saw may be given again.
const LIFE: &str =
    "concat(pg_postmaster_start_time(), ' ', pg_stat_get_bgwriter_stat_reset_time())";

/// Of a transaction that writes: its number, by which the server knows later what became of it, and the run
/// of the server that gave the number.
type Transaction = (String, String);

const NOW_MS: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Names the lock of those who write, among the locks of the database. It ends with its transaction.
pub(super) const WRITE_LOCK: i64 = 0x6275_726e_646f_776e;

thread_local! {
    /// What this thread reads, by the number of its pool. Who reads while the same thread reads already
    /// shares its connection and snapshot: were there a connection for each, requests that have one and
    /// wait for another would keep each other waiting.
    static READING: RefCell<Vec<(u64, Weak<Opened>)>> = const { RefCell::new(Vec::new()) };
}

/// A connection, perhaps with a transaction open on it, for all that use it.
struct Opened {
    /// `None` only when it has ended.
    connection: RefCell<Option<Connection>>,
    /// Whether a statement failed: the server would then answer a commit by a rollback.
    is_failed: Cell<bool>,
    /// The revision that it sees.
    seen: u64,
}

/// One who reads or writes on it.
pub(super) struct PostgresDriver<'s> {
    pool: &'s Pool,
    /// Where reads may go that have to show what is written here.
    replica: Option<&'s Replica>,
    opened: Rc<Opened>,
    transaction: Option<Transaction>,
    _writing: Option<Writing>,
}

impl PostgresStore {
    /// Begins a transaction that reads.
    pub(super) fn begin_reading(&self) -> Result<SqlTx<'_>> {
        let replica = self.replica.as_ref().filter(|_| chosen() != ReadFrom::Primary);
        for pool in [Some(&self.pool), replica.map(|replica| &replica.pool)].into_iter().flatten() {
            if let Some(opened) = reading(pool.number) {
                let seen = opened.seen;
                return Ok(SqlTx::begun(PostgresDriver::reading(pool, opened), seen, false));
            }
        }
        let Some(replica) = replica else {
            return Ok(self.begin(&self.pool, BEGIN_READING, None)?.0);
        };
        if replica.is_open()
            && let Some(tx) = self.begin_on_replica(replica)?
        {
            return Ok(tx);
        }
        let asked = replica.asking();
        let (tx, _) = self.begin(&self.pool, BEGIN_READING, None)?;
        // Asked for after the snapshot was taken: it shows no more than what is before that.
        let position = tx.one(POSITION, &[], |row| row.get(0))?;
        position.into_iter().for_each(|position| replica.want(asked, position));
        Ok(tx)
    }

    /// Begins a transaction that reads on the replica, if it can be read and shows what it must.
    fn begin_on_replica<'s>(&'s self, replica: &'s Replica) -> Result<Option<SqlTx<'s>>> {
        let begun = match replica.is_of_primary() {
            Ok(true) => self.begin(&replica.pool, &begin_on_replica(), None),
            Ok(false) => return Err(replica.refusal(&self.pool)),
            Err(error) => Err(error),
        };
        match begun {
            Ok((tx, Some(position))) => {
                return Ok(replica.is_enough(position, &self.pool).then_some(tx));
            }
            Ok((_, None)) => replica.pass_over(&Error::Aborted("it follows no server".to_owned())),
            // It is there, and may be for others.
            Err(Error::AllInUse { .. }) => {}
            Err(error) => replica.pass_over(&error),
        }
        Ok(None)
    }

    /// Begins a transaction that writes.
    pub(super) fn begin_writing(&self) -> Result<SqlTx<'_>> {
        let writing = Writing::begin(&self.pool.config.place)?;
        Ok(self.begin(&self.pool, &begin_writing(self.pool.config.patience), Some(writing))?.0)
    }

    /// Begins a transaction. Gives the number that the first statement with an answer told, too.
    fn begin<'s>(
        &'s self,
        pool: &'s Pool,
        sql: &str,
        writing: Option<Writing>,
    ) -> Result<(SqlTx<'s>, Option<u64>)> {
        let (mut connection, mut rows) =
            pool.begin(pool.config.patience, |connection| connection.answers(sql))?;
        let first = rows.first().and_then(|row| row.first()?.as_ref()?.parse().ok());
        let mut texts = rows.pop().unwrap_or_default().into_iter().map(Option::unwrap_or_default);
        let mut number = || texts.next().and_then(|text| text.parse::<u64>().ok());
        let (version, seen) = (number(), number());
        // Before the first statement: there a name may stand for another statement.
        if connection.has_moved(texts.next().unwrap_or_default()) {
            pool.note_pooler();
        }
        if pool.is_pooled() {
            connection.stop_preparing();
        }
        let is_writer = writing.is_some();
        let transaction = texts.next().zip(texts.next());
        let opened = Rc::new(Opened {
            connection: RefCell::new(Some(connection)),
            is_failed: Cell::new(false),
            seen: seen.unwrap_or_default(),
        });
        let replica = self.replica.as_ref();
        let driver = PostgresDriver { pool, replica, opened, transaction, _writing: writing };
        let place = || pool.config.place.clone();
        let Some((version, seen)) = version.zip(seen) else {
            return Err(Error::Corrupt { place: place(), what: "table workspace: no row".into() });
        };
        // Another node may have taken the schema further since this store was opened.
        let (found, supported) = (u32::try_from(version).unwrap_or(u32::MAX), SCHEMA.version());
        match found.cmp(&supported) {
            std::cmp::Ordering::Greater => Err(Error::TooNew { place: place(), found, supported }),
            std::cmp::Ordering::Less => {
                let what = format!("schema version {found}, where {supported} was before");
                Err(Error::Corrupt { place: place(), what })
            }
            std::cmp::Ordering::Equal => {
                if !is_writer {
                    READING.with_borrow_mut(|all| {
                        all.push((pool.number, Rc::downgrade(&driver.opened)));
                    });
                }
                Ok((SqlTx::begun(driver, seen, is_writer), first))
            }
        }
    }
}

/// What this thread reads already, if that is of use.
fn reading(pool: u64) -> Option<Rc<Opened>> {
    READING.with_borrow_mut(|all| {
        all.retain(|(_, opened)| opened.strong_count() > 0);
        let of_pool = all.iter().filter(|(number, _)| *number == pool);
        let mut opened = of_pool.filter_map(|(_, opened)| opened.upgrade());
        opened.find(|opened| !opened.is_failed.get() && opened.connection.borrow().is_some())
    })
}

/// Whoever reads after this thread wrote sees what was written.
fn read_anew(pool: u64) {
    READING.with_borrow_mut(|all| all.retain(|(number, _)| *number != pool));
}

impl<'s> PostgresDriver<'s> {
    /// One who uses a connection alone, and sees to transactions himself.
    pub fn alone(pool: &'s Pool) -> Result<PostgresDriver<'s>> {
        let (connection, ()) = pool.begin(pool.config.patience, |_| Ok(()))?;
        let connection = RefCell::new(Some(connection));
        let opened = Opened { connection, is_failed: Cell::new(false), seen: 0 };
        Ok(PostgresDriver::reading(pool, Rc::new(opened)))
    }

    /// The transaction that is open on the same connection, to write in.
    pub fn within(&self) -> SqlTx<'s> {
        SqlTx::begun(PostgresDriver::reading(self.pool, Rc::clone(&self.opened)), 0, true)
    }

    /// One more who reads in a transaction.
    fn reading(pool: &'s Pool, opened: Rc<Opened>) -> PostgresDriver<'s> {
        PostgresDriver { pool, replica: None, opened, transaction: None, _writing: None }
    }

    /// Does something on the connection.
    pub fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, postgres::Error>,
    ) -> Result<T> {
        match self.opened.connection.borrow_mut().as_mut() {
            Some(connection) => work(connection).map_err(|error| {
                self.opened.is_failed.set(true);
                self.pool.fail(&error)
            }),
            None => Err(ended()),
        }
    }
}

/// What became of a commit that the server did not answer: another connection asks, once it has the turn to
/// write, which ended with the transaction.
fn ask_for_outcome(
    pool: &Pool,
    (number, life): &Transaction,
    error: &postgres::Error,
) -> Result<()> {
    let unknown = || Error::OutcomeUnknown(pool.config.place.clone());
    let patience = pool.config.patience;
    let sql = format!("{}; SELECT pg_xact_status('{number}'), {LIFE}", take_turn(patience));
    let asked = pool.begin(patience, |asked| match asked.batch(&sql) {
        // No such number was given yet.
        Err(error) if error.code() == Some(&SqlState::INVALID_PARAMETER_VALUE) => Ok(Vec::new()),
        answer => answer,
    });
    let (connection, texts) = asked.map_err(|_| unknown())?;
    pool.end(connection);
    match texts.iter().map(Option::as_deref).collect::<Vec<_>>().as_slice() {
        [] | [Some("aborted"), _] => Err(pool.fail(error)),
        [Some("committed"), Some(now)] if now == life => Ok(()),
        // Committed by this one, if its log came so far, or by a later one with the same number; or nothing is
        // known of a number so old.
        _ => Err(unknown()),
    }
}

impl Driver for PostgresDriver<'_> {
    /// Rows are fetched before they are visited: a visit may ask for more.
    fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        for row in self.with(|connection| connection.rows(sql, values))? {
            let source = PostgresSource { pool: self.pool, row };
            if visit(&Row::new(&source, self.place()))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.with(|connection| connection.run(sql, values))
    }

    fn now(&self) -> Result<Timestamp> {
        let mut now = None;
        self.each(NOW_MS, &[], &mut |row| {
            now = Timestamp::from_millisecond(row.get(0)?).ok();
            Ok(ControlFlow::Continue(()))
        })?;
        now.ok_or_else(|| Error::Aborted(format!("{} tells no time", self.place())))
    }

    fn bulk(&self) -> Option<&dyn Bulk> {
        Some(self)
    }

    fn commit(&self) -> Result<()> {
        read_anew(self.pool.number);
        self.replica.iter().for_each(|replica| read_anew(replica.pool.number));
        if self.opened.is_failed.get() {
            let place = self.place();
            return Err(Error::Aborted(format!("{place}: a part of the transaction had failed")));
        }
        let mut connection = self.opened.connection.take().ok_or_else(ended)?;
        let asked = self.replica.map(|replica| (replica, replica.asking()));
        let with_position = format!("COMMIT; {POSITION}");
        match connection.batch(if asked.is_some() { &with_position } else { "COMMIT" }) {
            Ok(row) => {
                self.pool.give_back(Some(connection));
                let position = row.into_iter().next().flatten().and_then(|text| text.parse().ok());
                match (asked, position) {
                    (Some((replica, asked)), Some(position)) => replica.want(asked, position),
                    (Some((replica, _)), None) => replica.want_unknown(),
                    (None, _) => {}
                }
                Ok(())
            }
            // It may be that only the second statement failed, so that the first counts.
            Err(error) => {
                self.replica.iter().for_each(|replica| replica.want_unknown());
                self.pool.end(connection);
                match &self.transaction {
                    Some(transaction) => ask_for_outcome(self.pool, transaction, &error),
                    None => Err(self.pool.fail(&error)),
                }
            }
        }
    }

    fn place(&self) -> &str {
        &self.pool.config.place
    }
}

impl Bulk for PostgresDriver<'_> {
    fn insert(&self, table: &str, columns: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        self.with(|connection| connection.copy_in(table, columns, rows)).map(drop)
    }
}

fn ended() -> Error {
    Error::Aborted("the transaction ended".to_owned())
}

impl Drop for PostgresDriver<'_> {
    fn drop(&mut self) {
        if Rc::strong_count(&self.opened) == 1
            && let Some(connection) = self.opened.connection.take()
        {
            self.pool.end(connection);
        }
    }
}

/// The columns of a row.
struct PostgresSource<'s> {
    pool: &'s Pool,
    row: PostgresRow,
}

impl Source for PostgresSource<'_> {
    fn columns(&self) -> usize {
        self.row.len()
    }

    fn value(&self, column: usize) -> Result<Value<'_>> {
        self.row.try_get(column).map_err(|error| self.pool.fail(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;

    /// The number of a transaction tells what became of it only in the run of the server that gave it:
    /// one that the disk never saw is given again after a crash, and by a standby.
    #[test]
    fn a_commit_is_asked_for_by_number_and_run_of_the_server() {
        let Some(database) = postgres_server::Database::new() else { return };
        let address = database.address();
        let mark = if address.contains('?') { '&' } else { '?' };
        let server = Server::parse(&format!("{address}{mark}patience=1")).unwrap();
        let store = PostgresStore::open(&server).unwrap();
        let pool = &store.pool;
        let patience = pool.config.patience;
        let lost = "host".parse::<postgres::Config>().unwrap_err();
        let asked = |end: &str, is_other_run: bool| {
            let begin = begin_writing(patience);
            let (mut connection, row) = pool.begin(patience, |it| it.batch(&begin)).unwrap();
            connection.batch(end).unwrap();
            let texts: Vec<String> = row.into_iter().flatten().collect();
            let life = if is_other_run { "another".to_owned() } else { texts[4].clone() };
            let outcome = ask_for_outcome(pool, &(texts[3].clone(), life), &lost);
            pool.end(connection);
            outcome
        };
        assert!(asked("COMMIT", false).is_ok());
        assert!(matches!(asked("COMMIT", true), Err(Error::OutcomeUnknown(_))));
        for is_other_run in [false, true] {
            assert!(matches!(asked("ROLLBACK", is_other_run), Err(Error::ServerGone { .. })));
        }
        let (future, life) = ("999999".to_owned(), String::new());
        let never = ask_for_outcome(pool, &(future, life), &lost);
        assert!(matches!(never, Err(Error::ServerGone { .. })));
        // Nobody ends it: the server does; or it goes on for longer than is waited.
        assert!(matches!(asked("SELECT 1", false), Err(Error::ServerGone { .. })));
        let goes_on = "SET LOCAL idle_in_transaction_session_timeout = 0";
        assert!(matches!(asked(goes_on, false), Err(Error::OutcomeUnknown(_))));
    }
}
