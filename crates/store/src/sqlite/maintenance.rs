//! Upkeep of the file.

use std::path::Path;
use std::sync::PoisonError;

use model::Timestamp;
use rusqlite::Connection;

use super::driver::patiently;
use super::error::is_busy;
use super::{Options, SqliteStore, file, schema};
use crate::contract::{Maintenance, Writer as _};
use crate::error::{Error, Result};

const INTEGRITY: &str = "PRAGMA integrity_check(100)";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
/// Pages below which compaction is not worth its while.
const LOOSE_PAGES_MIN: i64 = 64;
/// Has SQLite count what its plans rest on, where that changed much or was never counted, up to a bound of
/// its own. Of all tables: what a connection asked before says nothing where each command has a new one.
const OPTIMIZE: &str = "PRAGMA optimize = 0x10002";
const FOREIGN_KEYS: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check
    GROUP BY 1, 2";

/// Counts anew what is checked, in a database that somebody changed by hand and means so.
pub fn renew_checks(path: &Path) -> Result<()> {
    let store = SqliteStore::open_existing(path)?;
    let tx = store.begin_writing()?.without_checks();
    tx.renew_checks()?;
    Box::new(tx).commit()
}

/// Folds the log into the database, which shrinks with it. Whoever reads an older state keeps it from that:
/// SQLite tells so in a row, not as an error.
fn truncate_log(connection: &Connection) -> rusqlite::Result<()> {
    let is_busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    if is_busy { Err(rusqlite::Error::SqliteFailure(busy, None)) } else { Ok(()) }
}

impl SqliteStore {
    /// Does what no transaction can be around, while no one else of this process writes.
    fn alone(&self, sql: &str) -> Result<()> {
        let busy_ms = self.options.busy_total_ms();
        let _turn = self.turns.take(self.path(), busy_ms)?.ok_or_else(|| Error::Busy {
            place: self.path().display().to_string(),
            waited_s: busy_ms / 1000,
        })?;
        let connection = self.take_connection()?;
        let done = patiently(self.options, || connection.execute_batch(sql));
        // Also where there was no room: with the last connection the log would go, as if somebody had
        // taken it.
        self.give_back(connection);
        done.map_err(|error| self.fail(&error))
    }

    /// Makes the database anew without unused space. What was removed stands in the file until the log is
    /// folded in, which waits for whoever reads, as long as `options` say: so that may fail by itself.
    fn vacuum(&self, options: Options) -> Result<rusqlite::Result<()>> {
        self.alone("VACUUM")?;
        let connection = self.take_connection()?;
        let folded = patiently(options, || truncate_log(&connection));
        self.give_back(connection);
        Ok(folded)
    }

    /// Looks once through a table and its keys.
    pub(super) fn check_table(&self, connection: &Connection, table: &str) -> Result<()> {
        let mut sound = self.sound_tables.lock().unwrap_or_else(PoisonError::into_inner);
        if sound.contains(table) {
            return Ok(());
        }
        let sql = format!("PRAGMA integrity_check({table})");
        let verdict = connection.query_row(&sql, [], |row| row.get::<_, String>(0));
        let verdict = verdict.map_err(|error| self.fail(&error))?;
        if verdict != "ok" {
            let place = self.path().display().to_string();
            return Err(Error::Corrupt { place, what: verdict });
        }
        sound.insert(table.to_owned());
        Ok(())
    }
}

impl Maintenance for SqliteStore {
    fn cleanup(&self, now: Timestamp) -> Result<u64> {
        self.begin_writing()?.cleanup(now)
    }

    fn check_integrity(&self) -> Result<Vec<String>> {
        let tx = self.begin_reading()?;
        let mut findings = tx.all(INTEGRITY, &[], |row| row.get::<String>(0))?;
        findings.retain(|finding| finding != "ok");
        findings.extend(tx.all(FOREIGN_KEYS, &[], |row| {
            let (table, parent, rows) =
                (row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?);
            Ok(format!("table {table}: {rows} rows without their row in {parent}"))
        })?);
        findings.extend(tx.contradictions()?);
        Ok(findings)
    }

    fn look_for_damage(&self) -> Result<()> {
        let tx = self.begin_reading()?;
        let findings = tx.all(QUICK_CHECK, &[], |row| row.get::<String>(0))?;
        let contradictions = tx.unlike_their_checks()?;
        match findings.into_iter().chain(contradictions).find(|finding| finding != "ok") {
            None => Ok(()),
            Some(what) => Err(Error::Corrupt { place: self.path().display().to_string(), what }),
        }
    }

    fn check_place(&self) -> Result<()> {
        SqliteStore::check_place(self)
    }

    fn size_bytes(&self) -> Result<u64> {
        let own =
            std::fs::metadata(self.path()).map_err(|error| Error::from_io(&error, self.path()))?;
        let beside = file::side_files(self.path());
        let beside = beside.iter().filter_map(|path| std::fs::metadata(path).ok());
        Ok(own.len() + beside.map(|metadata| metadata.len()).sum::<u64>())
    }

    fn file_and_unused_bytes(&self) -> Result<Option<(u64, u64)>> {
        let file =
            std::fs::metadata(self.path()).map_err(|error| Error::from_io(&error, self.path()))?;
        let tx = self.begin_reading()?;
        let number = |sql| tx.one(sql, &[], |row| row.get::<i64>(0)).map(Option::unwrap_or_default);
        let unused = number("PRAGMA freelist_count")? * number("PRAGMA page_size")?;
        Ok(Some((file.len(), unused.unsigned_abs())))
    }

    fn compact(&self) -> Result<()> {
        self.vacuum(self.options)?.map_err(|error| self.fail(&error))?;
        tracing::debug!("compact");
        Ok(())
    }

    fn optimize(&self) -> Result<()> {
        self.alone(OPTIMIZE)
    }

    fn compact_if_loose(&self) -> Result<bool> {
        let tx = self.begin_reading()?;
        let number = |sql| tx.one(sql, &[], |row| row.get::<i64>(0)).map(Option::unwrap_or_default);
        let (free, all) = (number("PRAGMA freelist_count")?, number("PRAGMA page_count")?);
        drop(tx);
        let is_loose = all >= LOOSE_PAGES_MIN && free * 4 >= all;
        if is_loose {
            // Where somebody reads for long, the file gets shorter at a later checkpoint.
            match self.vacuum(Options { busy_retries: 0, ..self.options })? {
                Err(error) if !is_busy(&error) => return Err(self.fail(&error)),
                _ => {}
            }
        }
        Ok(is_loose)
    }

    fn schema_version(&self) -> Result<u32> {
        let connection = self.take_connection()?;
        let version = schema::version(&connection).map_err(|error| self.fail(&error))?;
        self.give_back(connection);
        Ok(version)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{issues, key, put_query, transact};
    use super::*;
    use crate::contract::Store as _;

    /// Who reads an older state keeps what was removed in the file; SQLite tells that beside the error.
    #[test]
    fn a_compaction_that_a_reader_keeps_from_its_end_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        let options = Options { busy_timeout_ms: 5, busy_retries: 0 };
        let store = SqliteStore::open_with(&path, options).unwrap();
        transact(&store, |writer| {
            put_query(writer)?;
            writer.put_issues(&key(), &issues(0..300))
        });
        store.compact().unwrap();
        let full = std::fs::metadata(&path).unwrap().len();
        let reader = store.read().unwrap();
        reader.profiles().unwrap();
        transact(&store, |writer| writer.remove_issues(&key()));
        assert!(matches!(store.compact(), Err(Error::Busy { .. })));
        assert!(std::fs::metadata(&path).unwrap().len() == full);
        drop(reader);
        store.compact().unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < full);
    }

    /// Plans that rest on counts of a database that was empty are of no use.
    #[test]
    fn what_plans_rest_on_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        transact(&store, |writer| {
            put_query(writer)?;
            writer.put_issues(&key(), &issues(0..300))
        });
        store.optimize().unwrap();
        let counted = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'jira_cache'";
        let connection = Connection::open(&path).unwrap();
        let count: i64 = connection.query_row(counted, [], |row| row.get(0)).unwrap();
        assert!(count > 0);
        drop((connection, store));
        // It is none of somebody else.
        let store = SqliteStore::open_existing(&path).unwrap();
        assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
    }
}
