//! Cache headers, in the files of their records.

use model::{CacheHeader, CacheKind, QueryKey, stamp};

use super::layout::query_file;
use super::records_file;
use super::tx::JsonTx;
use crate::contract::{ReadHeader, WriteHeader};
use crate::error::Result;

impl ReadHeader for JsonTx<'_> {
    fn header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>> {
        let place = query_file(query, kind.into());
        let is_loaded = self.slot.borrow().as_ref().is_some_and(|slot| slot.place == place);
        if is_loaded {
            return Ok(self.records(query, kind)?.header.clone());
        }
        records_file::load_header(&self.files(), &place, kind, self.zone())
    }
}

impl WriteHeader for JsonTx<'_> {
    fn put_header(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        header: &CacheHeader,
    ) -> Result<()> {
        // As it will be read again.
        let expires_at = header.expires_at.map(stamp::whole_milliseconds);
        let header = CacheHeader { expires_at, ..header.clone() };
        self.change_records(query, kind, |records| records.header = Some(header))?;
        tracing::debug!(?kind, "a cache header was put");
        Ok(())
    }
}
