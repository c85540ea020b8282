//! SQLite behind the driver's contract: a connection of the store with a transaction open on it.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row as SqliteRow, ToSql, params_from_iter};

use super::error::{classify, is_busy};
use super::turn::Turn;
use super::{Options, SqliteStore};
use crate::error::{Error, Result};
use crate::sql::{Driver, REVISION, Row, Source, SqlTx, Value, up_to};

/// The shortest wait for a lock before another try.
const RETRY_PAUSE: Duration = Duration::from_millis(1);

/// A transaction of somebody else, who commits it.
struct Borrowed<'c> {
    connection: &'c Connection,
    path: &'c Path,
    options: Options,
    place: String,
}

/// The rest of the store's logic within the transaction that is open on `connection`.
pub(super) fn within<'c>(
    connection: &'c Connection,
    path: &'c Path,
    options: Options,
) -> SqlTx<'c> {
    let place = path.display().to_string();
    SqlTx::begun(Borrowed { connection, path, options, place }, 0, true)
}

impl Driver for Borrowed<'_> {
    fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let fail =
            |error: &rusqlite::Error| classify(error, self.path, self.options.busy_timeout_ms);
        each(self.connection, &self.place, &fail, sql, values, visit)
    }

    fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        run(self.connection, sql, values)
            .map_err(|error| classify(&error, self.path, self.options.busy_timeout_ms))
    }

    /// Left to whoever began it.
    fn commit(&self) -> Result<()> {
        Ok(())
    }

    fn keeps_checks(&self) -> bool {
        true
    }

    fn place(&self) -> &str {
        &self.place
    }
}

/// A connection with a transaction open on it.
struct SqliteDriver<'s> {
    store: &'s SqliteStore,
    /// `None` only while it is being dropped.
    connection: Option<Connection>,
    place: String,
    /// A writer's turn.
    turn: Option<Turn<'s>>,
}

impl SqliteStore {
    /// Begins a transaction that reads.
    pub(super) fn begin_reading(&self) -> Result<SqlTx<'_>> {
        self.begin(None, "BEGIN DEFERRED")
    }

    /// Begins a transaction that writes.
    pub(super) fn begin_writing(&self) -> Result<SqlTx<'_>> {
        let waited_ms = self.options.busy_total_ms();
        let turn = self.turns.take(&self.path, waited_ms)?.ok_or_else(|| Error::Busy {
            place: self.path.display().to_string(),
            waited_s: waited_ms / 1000,
        })?;
        self.begin(Some(turn), "BEGIN IMMEDIATE")
    }

    fn begin<'s>(&'s self, turn: Option<Turn<'s>>, sql: &str) -> Result<SqlTx<'s>> {
        let connection = self.take_connection()?;
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
        let seen = patiently(self.options, begin).map_err(|error| self.fail(&error))?;
        let is_writer = turn.is_some();
        let place = self.path.display().to_string();
        let driver = SqliteDriver { store: self, connection: Some(connection), place, turn };
        if is_writer {
            self.check_place()?;
        }
        Ok(SqlTx::begun(driver, seen.unsigned_abs(), is_writer))
    }
}

impl SqliteDriver<'_> {
    fn connection(&self) -> Result<&Connection> {
        // Only a transaction that is being dropped has none.
        self.connection.as_ref().ok_or_else(|| Error::Aborted("the transaction ended".to_owned()))
    }
}

impl Driver for SqliteDriver<'_> {
    fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let fail = |error: &rusqlite::Error| self.store.fail(error);
        each(self.connection()?, &self.place, &fail, sql, values, visit)
    }

    fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        run(self.connection()?, sql, values).map_err(|error| self.store.fail(&error))
    }

    fn commit(&self) -> Result<()> {
        if self.turn.is_some() {
            self.store.check_place()?;
        }
        let connection = self.connection()?;
        patiently(self.store.options, || connection.execute_batch("COMMIT"))
            .map_err(|error| self.store.fail(&error))
    }

    fn keeps_checks(&self) -> bool {
        true
    }

    fn check_table(&self, table: &str) -> Result<()> {
        self.store.check_table(self.connection()?, table)
    }

    fn place(&self) -> &str {
        &self.place
    }
}

impl Drop for SqliteDriver<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            // Closing the connection rolls back too.
            return;
        }
        self.store.give_back(connection);
    }
}

fn each(
    connection: &Connection,
    place: &str,
    fail: &dyn Fn(&rusqlite::Error) -> Error,
    sql: &str,
    values: &[Value<'_>],
    visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let fails = |error: rusqlite::Error| fail(&error);
    let mut statement = connection.prepare_cached(sql).map_err(fails)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(fails)?;
    while let Some(row) = rows.next().map_err(fails)? {
        if visit(&Row::new(&SqliteSource { fail, row }, place))?.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str, values: &[Value<'_>]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute(params_from_iter(values)).map(|rows| rows as u64)
}

/// The columns of a row.
struct SqliteSource<'r> {
    fail: &'r dyn Fn(&rusqlite::Error) -> Error,
    row: &'r SqliteRow<'r>,
}

impl Source for SqliteSource<'_> {
    fn columns(&self) -> usize {
        self.row.as_ref().column_count()
    }

    fn value(&self, column: usize) -> Result<Value<'_>> {
        let fail = |error: rusqlite::Error| (self.fail)(&error);
        Ok(match self.row.get_ref(column).map_err(fail)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => {
                let text = str::from_utf8(text);
                Value::Text(
                    text.map_err(|error| fail(rusqlite::Error::Utf8Error(column, error)))?.into(),
                )
            }
            ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Tries again while somebody else holds the lock, after a short wait of random length so that two
/// who wait do not meet again.
pub(super) fn patiently<T>(
    options: Options,
    mut attempt: impl FnMut() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    for retry in 0..options.busy_retries {
        match attempt() {
            Err(error) if is_busy(&error) => {
                if retry == 0 {
                    tracing::warn!("another program is writing to the database; waiting for it");
                }
                std::thread::sleep(RETRY_PAUSE + up_to(RETRY_PAUSE * 24));
            }
            done => return done,
        }
    }
    attempt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy() -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
    }

    #[test]
    fn a_lock_that_is_given_back_in_time_is_got() {
        let options = Options { busy_timeout_ms: 1, busy_retries: 3 };
        for (refusals, want) in [(0, Some(1)), (1, Some(2)), (3, Some(4)), (4, None)] {
            let mut tries = 0;
            let got = patiently(options, || {
                tries += 1;
                if tries > refusals { Ok(tries) } else { Err(busy()) }
            });
            assert_eq!(got.ok(), want, "refused {refusals} times");
        }
        let mut tries = 0;
        let other = patiently(options, || {
            tries += 1;
            Err::<(), _>(rusqlite::Error::InvalidQuery)
        });
        assert!(other.is_err() && tries == 1, "only a lock is worth another try");
    }
}
