//! The ledger of a query: what its syncs did.

use model::{QueryKey, SyncRecord};

use crate::error::Result;

/// How many entries of a query are kept.
pub const SYNCS_KEPT: usize = 50;

/// Reads the ledger.
pub trait ReadSync {
    /// The newest `limit` entries, the last added first.
    fn syncs(&self, query: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>>;
}

/// Writes the ledger.
pub trait WriteSync: ReadSync {
    /// Adds an entry; of a query the last [`SYNCS_KEPT`] are kept. `QueryNotFound` if the query is
    /// not there.
    fn add_sync(&mut self, query: &QueryKey, record: &SyncRecord) -> Result<()>;
}
