//! The table `app_state`.

use super::check::Checked;
use super::driver::params;
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadState, WriteState};
use crate::error::{Error, Result};

columns! {
    table app_state;
    key key;
    set value, revision;
}

const ONE: &str = "SELECT value FROM app_state WHERE key = ?";
const LIST: &str = "SELECT key, value FROM app_state ORDER BY key";
const REMOVE: &str = "DELETE FROM app_state WHERE key = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

impl ReadState for SqlTx<'_> {
    fn state(&self, key: &str) -> Result<Option<String>> {
        self.expect(Checked::States)?;
        self.one(ONE, params![key], |row| row.get(0))
    }

    fn states(&self) -> Result<Vec<(String, String)>> {
        self.expect(Checked::States)?;
        self.all(LIST, &[], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl WriteState for SqlTx<'_> {
    fn put_state(&mut self, key: &str, value: &str) -> Result<()> {
        if key.is_empty() {
            return Err(Error::invalid("state.key", "it must not be empty"));
        }
        let revision = self.written_revision();
        let row =
            app_state::Row { key: key.into(), value: value.into(), revision: revision.into() };
        self.run(app_state::UPSERT, &row.values())?;
        tracing::debug!(count = 1, "put state");
        Ok(())
    }

    fn remove_state(&mut self, key: &str) -> Result<bool> {
        let removed = self.run(REMOVE, params![key])?;
        if removed > 0 {
            self.put_removed(Removed::State(key))?;
        }
        tracing::debug!(count = removed, "remove state");
        Ok(removed > 0)
    }
}
