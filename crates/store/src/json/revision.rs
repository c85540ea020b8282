//! Revisions: one per file, so every record of a file shares that of its last write.

use model::CacheKind;

use super::layout::{QueryFile, deliveries_file, profile_file, query_file};
use super::tx::JsonTx;
use crate::contract::{ReadRevision, ReadState, Record, Revision};
use crate::error::Result;

impl ReadRevision for JsonTx<'_> {
    fn revision(&self) -> Result<Revision> {
        Ok(self.files().ledger.revision)
    }

    fn revision_of(&self, record: Record<'_>) -> Result<Option<Revision>> {
        let place = match record {
            Record::Profile(id) => profile_file(id),
            Record::Query(key) => query_file(key, QueryFile::Query),
            Record::Delivery(key) => deliveries_file(&key.profile),
            Record::State(key) => return self.revision_of_state(key),
            Record::Header(key, kind) => query_file(key, kind.into()),
            Record::Issue(key, _) => query_file(key, CacheKind::Issues.into()),
            Record::Changelog(key, _) => query_file(key, CacheKind::Changelogs.into()),
            Record::ProjectData(key) => query_file(key, QueryFile::ProjectData),
            Record::Snapshot(key, _, _) => query_file(key, QueryFile::Snapshots),
        };
        Ok(self.files().revision_of(&place))
    }
}

impl JsonTx<'_> {
    fn revision_of_state(&self, key: &str) -> Result<Option<Revision>> {
        let noted = self.files().ledger.states().get(key).map(|state| state.revision);
        // The old app may have set what the ledger does not know.
        Ok(noted.or(self.state(key)?.map(|_| 0)))
    }
}
