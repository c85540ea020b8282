//! Upkeep of the file.

use std::path::Path;
use std::sync::PoisonError;

use model::Timestamp;
use rusqlite::Connection;

use super::driver::patiently;
use super::{SqliteStore, file, schema};
use crate::contract::{Maintenance, Writer as _};
use crate::error::{Error, Result};

const INTEGRITY: &str = "PRAGMA integrity_check(100)";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
/// Pages below which compaction is not worth its while.
const LOOSE_PAGES_MIN: i64 = 64;
const FOREIGN_KEYS: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check
    GROUP BY 1, 2";

/// Counts anew what is checked, in a database that somebody changed by hand and means so.
pub fn renew_checks(path: &Path) -> Result<()> {
    let store = SqliteStore::open_existing(path)?;
    let tx = store.begin_writing()?.without_checks();
    tx.renew_checks()?;
    Box::new(tx).commit()
}

impl SqliteStore {
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

    fn compact(&self) -> Result<()> {
        let busy_ms = self.options.busy_total_ms();
        let _turn = self.turns.take(self.path(), busy_ms)?.ok_or_else(|| Error::Busy {
            place: self.path().display().to_string(),
            waited_s: busy_ms / 1000,
        })?;
        let connection = self.take_connection()?;
        let compacted = patiently(self.options, || {
            connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        });
        // Also where there was no room: with the last connection the log would go, as if somebody had
        // taken it.
        self.give_back(connection);
        compacted.map_err(|error| self.fail(&error))?;
        tracing::debug!("compact");
        Ok(())
    }

    fn compact_if_loose(&self) -> Result<bool> {
        let tx = self.begin_reading()?;
        let number = |sql| tx.one(sql, &[], |row| row.get::<i64>(0)).map(Option::unwrap_or_default);
        let (free, all) = (number("PRAGMA freelist_count")?, number("PRAGMA page_count")?);
        drop(tx);
        let is_loose = all >= LOOSE_PAGES_MIN && free * 4 >= all;
        if is_loose {
            self.compact()?;
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
