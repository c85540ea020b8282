//! The two caches of a query, issues and changelogs: records with a key, in stored order.

use model::{CacheHeader, CacheKind, Changelog, Document, Issue, QueryKey};

use crate::error::{Error, Result};

/// A record of a cache: a document and the issue key that it is known by.
pub trait CacheRecord: Sized {
    /// Which cache.
    const KIND: CacheKind;
    /// What errors call its key.
    const KEY_NAME: &'static str;

    /// Puts a record together.
    fn new(key: String, document: Document) -> Self;
    /// Its key.
    fn key(&self) -> &str;
    /// Its document.
    fn document(&self) -> &Document;

    /// Refuses an empty key.
    fn check_key(&self) -> Result<()> {
        if self.key().is_empty() {
            return Err(Error::invalid(Self::KEY_NAME, "it must not be empty"));
        }
        Ok(())
    }
}

macro_rules! cache_record {
    ($record:ident, $kind:ident, $key_name:literal) => {
        impl CacheRecord for $record {
            const KIND: CacheKind = CacheKind::$kind;
            const KEY_NAME: &'static str = $key_name;

            fn new(key: String, document: Document) -> $record {
                $record { key, document }
            }

            fn key(&self) -> &str {
                &self.key
            }

            fn document(&self) -> &Document {
                &self.document
            }
        }
    };
}

cache_record!(Issue, Issues, "issue.key");
cache_record!(Changelog, Changelogs, "changelog.key");

/// Reads a cache.
pub trait ReadCache<R: CacheRecord> {
    /// The record of one issue key; `None` if there is none. Its document is what was put; that the record
    /// is the newest of its key, and that none is missing, only a walk over all of them can tell.
    fn cached(&self, query: &QueryKey, key: &str) -> Result<Option<R>>;

    /// Hands over every record in stored order; an error of `visit` ends the walk.
    fn each_cached(&self, query: &QueryKey, visit: &mut dyn FnMut(R) -> Result<()>) -> Result<()>;

    /// How many records there are.
    fn cached_count(&self, query: &QueryKey) -> Result<u64>;
}

/// Writes a cache. What a backend needs to know of a document it derives itself.
pub trait WriteCache<R: CacheRecord>: ReadCache<R> {
    /// Inserts or replaces each by key; a known key keeps its place, a new one goes to the end; of
    /// two with the same key the later wins. `QueryNotFound` if the query is not there, `Invalid`
    /// if a key is empty.
    fn put_cached(&mut self, query: &QueryKey, records: &[R]) -> Result<()>;

    /// Replaces header and all records in one step, in the order given.
    fn replace_cached(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        records: &mut dyn Iterator<Item = R>,
    ) -> Result<()>;

    /// Removes the records with those keys; says how many of them were there. Header and order of
    /// the others stay.
    fn remove_cached_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64>;

    /// Removes the header and all records; says how many there were.
    fn remove_cached(&mut self, query: &QueryKey) -> Result<u64>;
}
