//! The table `app_state`.

use rusqlite::params;

use super::revision::Removed;
use super::tx::SqliteTx;
use crate::contract::{ReadState, WriteState};
use crate::error::{Error, Result};

const ONE: &str = "SELECT value FROM app_state WHERE key = ?1";
const LIST: &str = "SELECT key, value FROM app_state ORDER BY key";
const PUT: &str = "INSERT INTO app_state (key, value, revision) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision";
const REMOVE: &str = "DELETE FROM app_state WHERE key = ?1";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

impl ReadState for SqliteTx<'_> {
    fn state(&self, key: &str) -> Result<Option<String>> {
        self.one(ONE, [key], |row| row.get(0))
    }

    fn states(&self) -> Result<Vec<(String, String)>> {
        self.all(LIST, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl WriteState for SqliteTx<'_> {
    fn put_state(&mut self, key: &str, value: &str) -> Result<()> {
        if key.is_empty() {
            return Err(Error::invalid("state.key", "it must not be empty"));
        }
        let revision = self.written_revision().cast_signed();
        self.run(PUT, params![key, value, revision])?;
        tracing::debug!(count = 1, "put state");
        Ok(())
    }

    fn remove_state(&mut self, key: &str) -> Result<bool> {
        let removed = self.run(REMOVE, [key])?;
        if removed > 0 {
            self.put_removed(Removed::State(key))?;
        }
        tracing::debug!(count = removed, "remove state");
        Ok(removed > 0)
    }
}
