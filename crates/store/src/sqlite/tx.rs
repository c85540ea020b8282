//! One transaction: begin, the few ways to run SQL in it, commit or roll back.

use std::cell::RefCell;
use std::time::Duration;

use model::Tape;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::codec::Codec;
use super::error::is_busy;
use super::status_name::StatusNames;
use super::turn::Turn;
use super::{Options, SqliteStore};
use crate::contract::{Reader, Revision, Writer};
use crate::error::{Error, Result};

const REVISION: &str = "SELECT revision FROM workspace";
const SET_REVISION: &str = "UPDATE workspace SET revision = ?1";

/// A transaction with the connection that it runs on.
pub(super) struct SqliteTx<'s> {
    pub(super) store: &'s SqliteStore,
    /// `None` only while it is being dropped.
    connection: Option<Connection>,
    /// A writer's turn.
    turn: Option<Turn<'s>>,
    /// The newest committed transaction when this one began.
    seen: Revision,
    wrote: bool,
    pub(super) codec: RefCell<Codec>,
    pub(super) status_names: RefCell<Option<StatusNames>>,
    pub(super) tape: Tape,
}

impl<'s> SqliteTx<'s> {
    /// Begins a transaction that reads.
    pub fn reader(store: &'s SqliteStore) -> Result<SqliteTx<'s>> {
        SqliteTx::begin(store, None, "BEGIN DEFERRED")
    }

    /// Begins a transaction that writes.
    pub fn writer(store: &'s SqliteStore) -> Result<SqliteTx<'s>> {
        let waited_ms = store.options.busy_total_ms();
        let turn = store.turns.take(&store.path, waited_ms)?.ok_or_else(|| Error::Busy {
            place: store.path.display().to_string(),
            waited_s: waited_ms / 1000,
        })?;
        SqliteTx::begin(store, Some(turn), "BEGIN IMMEDIATE")
    }

    fn begin(store: &'s SqliteStore, turn: Option<Turn<'s>>, sql: &str) -> Result<SqliteTx<'s>> {
        let connection = store.take_connection()?;
        // A deferred transaction sees the moment of its first read: read at once.
        let begin = || {
            connection.execute_batch(sql)?;
            let seen =
                connection.prepare_cached(REVISION)?.query_row([], |row| row.get::<_, i64>(0));
            if seen.is_err() && !connection.is_autocommit() {
                // The first error is the one that counts; SQLite may have rolled back itself.
                let _ = connection.execute_batch("ROLLBACK");
            }
            seen
        };
        let seen = patiently(store.options, begin).map_err(|error| store.fail(&error))?;
        let is_writer = turn.is_some();
        let tx = SqliteTx {
            store,
            connection: Some(connection),
            turn,
            seen: seen.unsigned_abs(),
            wrote: false,
            codec: RefCell::default(),
            status_names: RefCell::default(),
            tape: Tape::new(),
        };
        if is_writer {
            store.check_place()?;
        }
        Ok(tx)
    }

    /// The revision that a read answers with.
    pub fn current_revision(&self) -> Revision {
        if self.turn.is_some() { self.seen + 1 } else { self.seen }
    }

    /// The revision of what is being written; from here on the transaction has written something.
    pub fn written_revision(&mut self) -> Revision {
        self.wrote = true;
        self.seen + 1
    }

    fn connection(&self) -> Result<&Connection> {
        // Only a transaction that is being dropped has none.
        self.connection.as_ref().ok_or_else(|| Error::Aborted("the transaction ended".to_owned()))
    }

    /// The case of a driver error.
    pub fn fail(&self, error: &rusqlite::Error) -> Error {
        self.store.fail(error)
    }

    /// Damage found in a stored value.
    pub fn damaged(&self, what: impl Into<String>) -> Error {
        Error::Corrupt { place: self.store.path.display().to_string(), what: what.into() }
    }

    /// The first row, if there is one.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let connection = self.connection()?;
        let found = connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, read).optional());
        found.map_err(|error| self.fail(&error))
    }

    /// All rows.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let connection = self.connection()?;
        let found = connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(params, read)?.collect());
        found.map_err(|error| self.fail(&error))
    }

    /// Visits every row; an error of `visit` ends the walk.
    pub fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let fail = |error: rusqlite::Error| self.fail(&error);
        let mut statement = self.connection()?.prepare_cached(sql).map_err(fail)?;
        let mut rows = statement.query(params).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            visit(row)?;
        }
        Ok(())
    }

    /// Runs a statement that gives no rows; says how many it changed.
    pub fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let changed = self
            .connection()?
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params));
        changed.map_err(|error| self.fail(&error))
    }
}

impl Drop for SqliteTx<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            // Closing the connection rolls back too.
            return;
        }
        self.store.give_back(connection);
    }
}

impl Reader for SqliteTx<'_> {}

impl Writer for SqliteTx<'_> {
    fn commit(self: Box<Self>) -> Result<()> {
        if self.wrote {
            self.run(SET_REVISION, [(self.seen + 1).cast_signed()])?;
        }
        self.store.check_place()?;
        let connection = self.connection()?;
        patiently(self.store.options, || connection.execute_batch("COMMIT"))
            .map_err(|error| self.fail(&error))
    }
}

/// Tries again while somebody else holds the lock, after a short wait of random length so that two
/// who wait do not meet again.
pub(super) fn patiently<T>(
    options: Options,
    mut attempt: impl FnMut() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    for _ in 0..options.busy_retries {
        match attempt() {
            Err(error) if is_busy(&error) => std::thread::sleep(jitter()),
            done => return done,
        }
    }
    attempt()
}

fn jitter() -> Duration {
    use std::hash::{BuildHasher, Hasher};
    let random = std::hash::RandomState::new().build_hasher().finish();
    Duration::from_millis(1 + random % 25)
}
