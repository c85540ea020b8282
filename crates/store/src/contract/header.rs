//! Headers of the two caches of a query.

use model::{CacheHeader, CacheKind, QueryKey};

use crate::error::Result;

/// Reads cache headers.
pub trait ReadHeader {
    /// The header of a cache; `None` before anything was put into it.
    fn header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>>;

    /// The same without `changed_keys`, which can name every issue of the query: to be looked
    /// at, never to be put.
    fn short_header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>> {
        let header = self.header(query, kind)?;
        Ok(header.map(|header| CacheHeader { changed_keys: None, ..header }))
    }
}

/// Writes cache headers.
pub trait WriteHeader: ReadHeader {
    /// Inserts or replaces it. `QueryNotFound` if the query is not there.
    fn put_header(&mut self, query: &QueryKey, kind: CacheKind, header: &CacheHeader)
    -> Result<()>;
}
