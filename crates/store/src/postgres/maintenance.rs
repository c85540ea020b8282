//! Upkeep. Most of it is the server's own.

use model::Timestamp;

use super::PostgresStore;
use super::schema::SCHEMA;
use crate::contract::Maintenance;
use crate::error::Result;

const SIZE: &str = "SELECT pg_database_size(current_database())";

impl Maintenance for PostgresStore {
    fn cleanup(&self, now: Timestamp) -> Result<u64> {
        self.begin_writing()?.cleanup(now)
    }

    /// Keys and references the server checks at every write.
    fn check_integrity(&self) -> Result<Vec<String>> {
        self.begin_reading()?.contradictions()
    }

    fn look_for_damage(&self) -> Result<()> {
        self.begin_reading().map(drop)
    }

    fn size_bytes(&self) -> Result<u64> {
        let tx = self.begin_reading()?;
        Ok(tx.one(SIZE, &[], |row| row.get(0))?.unwrap_or_default())
    }

    fn compact(&self) -> Result<()> {
        let patience = self.pool.config.patience;
        let (connection, _) = self.pool.begin(patience, |connection| connection.batch("VACUUM"))?;
        self.pool.give_back(Some(connection));
        tracing::debug!("compact");
        Ok(())
    }

    fn schema_version(&self) -> Result<u32> {
        // A transaction begins on no other version.
        self.begin_reading().map(|_| SCHEMA.version())
    }
}
