//! The table `syncs`: the ledger.

use model::{QueryKey, SyncRecord};
use rusqlite::{Row, params};

use super::error::damaged;
use super::tx::SqliteTx;
use crate::contract::{ReadSync, SYNCS_KEPT, WriteSync};
use crate::error::Result;

const NEWEST: &str = "SELECT record FROM syncs WHERE query = ?1 ORDER BY number DESC LIMIT ?2";
const ADD: &str = "INSERT INTO syncs (query, record) VALUES (?1, ?2)";
const REMOVE_OLD: &str = "DELETE FROM syncs WHERE query = ?1 AND number NOT IN
    (SELECT number FROM syncs WHERE query = ?1 ORDER BY number DESC LIMIT ?2)";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[NEWEST];

fn record(row: &Row<'_>) -> rusqlite::Result<SyncRecord> {
    let text: String = row.get(0)?;
    SyncRecord::read(&text).ok_or_else(|| damaged("syncs: a row cannot be read"))
}

impl ReadSync for SqliteTx<'_> {
    fn syncs(&self, query: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        self.all(NEWEST, params![query, i64::try_from(limit).unwrap_or(i64::MAX)], record)
    }
}

impl WriteSync for SqliteTx<'_> {
    fn add_sync(&mut self, query: &QueryKey, record: &SyncRecord) -> Result<()> {
        let query = self.expect_query(query)?;
        self.written_revision();
        self.run(ADD, params![query, record.written()])?;
        self.run(REMOVE_OLD, params![query, SYNCS_KEPT as i64])?;
        tracing::debug!(count = 1, "add sync");
        Ok(())
    }
}
