//! The ledger: `burndown_syncs.json`, which the old app does not know.

use model::{Json, Object, QueryKey, SyncRecord};

use super::files::corrupt;
use super::layout::{QueryFile, absolute, query_file};
use super::tx::JsonTx;
use crate::contract::{ReadSync, SYNCS_KEPT, WriteSync};
use crate::error::Result;

/// The member that holds the entries, the last added first.
const SYNCS: &str = "syncs";

impl ReadSync for JsonTx<'_> {
    fn syncs(&self, query: &QueryKey, limit: usize) -> Result<Vec<SyncRecord>> {
        let place = query_file(query, QueryFile::Syncs);
        let Some(object) = self.files().read_object(&place)? else { return Ok(Vec::new()) };
        let damaged = || corrupt(&absolute(self.root(), &place), "an entry cannot be read");
        let entries = object.get(SYNCS).and_then(Json::as_array).unwrap_or_default();
        let record = |entry: &Json| SyncRecord::read(&entry.to_compact()).ok_or_else(damaged);
        entries.iter().take(limit).map(record).collect()
    }
}

impl WriteSync for JsonTx<'_> {
    fn add_sync(&mut self, query: &QueryKey, record: &SyncRecord) -> Result<()> {
        self.require_query(query)?;
        let mut records = self.syncs(query, SYNCS_KEPT - 1)?;
        records.insert(0, record.clone());
        let entry = |record: &SyncRecord| Json::parse(&record.written()).unwrap_or(Json::Null);
        let mut object = Object::new();
        object.set(SYNCS, Json::Array(records.iter().map(entry).collect()));
        let place = query_file(query, QueryFile::Syncs);
        self.files_mut().write_object(&place, object, Object::new())?;
        tracing::debug!("a sync was added to the ledger");
        Ok(())
    }
}
