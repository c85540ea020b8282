//! The table `syncs`: the ledger.

use model::{QueryKey, SyncRecord};

use super::check::Checked;
use super::driver::{Row, params};
use super::tx::SqlTx;
use crate::contract::{ReadSync, SYNCS_KEPT, WriteSync};
use crate::error::Result;

const NEWEST: &str = "SELECT record FROM syncs WHERE query = ? ORDER BY number DESC LIMIT ?";
const ADD: &str = "INSERT INTO syncs (query, record) VALUES (?, ?)";
const REMOVE_OLD: &str = "DELETE FROM syncs WHERE query = ?1 AND number NOT IN
    (SELECT number FROM syncs WHERE query = ?1 ORDER BY number DESC LIMIT ?2)";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[NEWEST];

fn record(row: &Row<'_>) -> Result<SyncRecord> {
    let text: String = row.get(0)?;
    SyncRecord::read(&text).ok_or_else(|| row.damaged("syncs: a row cannot be read"))
}

impl ReadSync for SqlTx<'_> {
    fn syncs(&self, query: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        self.expect_of(Checked::Syncs, query)?;
        self.all(NEWEST, params![query, i64::try_from(limit).unwrap_or(i64::MAX)], record)
    }
}

impl WriteSync for SqlTx<'_> {
    fn add_sync(&mut self, query: &QueryKey, record: &SyncRecord) -> Result<()> {
        let query = self.expect_query(query)?;
        self.written_revision();
        self.changes_of(Checked::Syncs, query)?;
        self.run(ADD, params![query, record.written()])?;
        self.run(REMOVE_OLD, params![query, SYNCS_KEPT as i64])?;
        tracing::debug!(count = 1, "add sync");
        Ok(())
    }
}
