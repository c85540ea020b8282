//! Headers of the two caches of a query.

use model::{CacheHeader, CacheKind, QueryKey};

use crate::error::Result;

/// Reads cache headers.
pub trait ReadHeader {
    /// The header of a cache; `None` before anything was put into it.
    fn header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>>;
}

/// Writes cache headers.
pub trait WriteHeader: ReadHeader {
    /// Inserts or replaces it. `QueryNotFound` if the query is not there.
    fn put_header(&mut self, query: &QueryKey, kind: CacheKind, header: &CacheHeader)
    -> Result<()>;
}
