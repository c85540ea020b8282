//! What the two caches of a query have in common: records with a key, a place in the stored order
//! and a document.

use model::{CacheHeader, CacheKind, Document, QueryKey};
use rusqlite::params;

use super::codec::Noun;
use super::dictionary;
use super::revision::Removed;
use super::tx::SqliteTx;
use crate::error::{Error, Result};

/// A record of a cache.
pub(super) trait Cached: Sized {
    /// Which cache.
    const KIND: CacheKind;
    /// Whose dictionaries its documents use.
    const NOUN: Noun;
    /// Its name in logs.
    const NAME: &'static str;
    /// Its key's name in errors.
    const KEY_NAME: &'static str;
    /// The table's SQL.
    const SQL: Sql;
    /// What deriving its columns needs to know of the profile.
    type Settings;

    /// Puts a record together.
    fn new(key: String, document: Document) -> Self;
    /// Its key.
    fn key(&self) -> &str;
    /// Its document.
    fn document(&self) -> &Document;
    /// Reads the settings.
    fn settings(tx: &SqliteTx<'_>, query: i64) -> Result<Self::Settings>;
    /// Inserts or replaces its row; gives the position that it has now. `place` is for a new one.
    fn put_row(
        &self,
        tx: &mut SqliteTx<'_>,
        place: Place,
        settings: &Self::Settings,
    ) -> Result<i64>;
}

/// Where a new row goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The query's row.
    pub query: i64,
    /// Place in the stored order.
    pub position: i64,
    /// Of the transaction.
    pub revision: i64,
}

/// SQL that every cache has.
pub(super) struct Sql {
    /// Key and document by query and key.
    pub one: &'static str,
    /// Keys and documents of a query in stored order.
    pub each: &'static str,
    /// The last position of a query.
    pub last_position: &'static str,
    /// Removes all of a query.
    pub remove: &'static str,
    /// Removes one by query and key.
    pub remove_one: &'static str,
}

impl SqliteTx<'_> {
    /// The record of a key.
    pub fn cached<T: Cached>(&self, query: &QueryKey, key: &str) -> Result<Option<T>> {
        let Some(row) = self.query_row(query)? else { return Ok(None) };
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?));
        let Some((key, blob)) = self.one(T::SQL.one, params![row, key], read)? else {
            return Ok(None);
        };
        Ok(Some(T::new(key, Document::from_stored(self.decode(&blob)?))))
    }

    /// Hands over every record of a query in stored order.
    pub fn each_cached<T: Cached>(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let Some(row) = self.query_row(query)? else { return Ok(()) };
        self.each(T::SQL.each, [row], |row| {
            let fail = |error: rusqlite::Error| self.fail(&error);
            let key = row.get(0).map_err(fail)?;
            let blob = row.get_ref(1).and_then(|blob| Ok(blob.as_blob()?)).map_err(fail)?;
            visit(T::new(key, Document::from_stored(self.decode(blob)?)))
        })
    }

    /// How many records a query has.
    pub fn cached_count(&self, query: &QueryKey, kind: CacheKind) -> Result<u64> {
        match self.query_row(query)? {
            Some(row) => self.records(row, kind),
            None => Ok(0),
        }
    }

    /// Inserts or replaces records by key.
    pub fn put_cached<T: Cached>(&mut self, query: &QueryKey, records: &[T]) -> Result<()> {
        let query = self.expect_query(query)?;
        records.iter().try_for_each(check_key)?;
        if records.is_empty() {
            return Ok(());
        }
        let documents: Vec<&str> = documents(records);
        self.prepare_encoder(query, T::NOUN, &documents)?;
        let last = self.one(T::SQL.last_position, [query], |row| row.get::<_, i64>(0))?;
        let mut rows = Rows::new(self, query, last.map_or(0, |last| last + 1))?;
        records.iter().try_for_each(|record| rows.put(self, record))?;
        self.add_records(query, T::KIND, rows.added)?;
        tracing::debug!(count = records.len(), "put {}", T::NAME);
        Ok(())
    }

    /// Replaces header and all records of a query.
    pub fn replace_cached<T: Cached>(
        &mut self,
        key: &QueryKey,
        header: &CacheHeader,
        records: &mut dyn Iterator<Item = T>,
    ) -> Result<()> {
        let query = self.expect_query(key)?;
        self.remove_rows::<T>(key, query)?;
        self.put_header_row(query, T::KIND, header)?;
        let first: Vec<T> = records.take(dictionary::WINDOW).collect();
        self.prepare_encoder(query, T::NOUN, &documents(&first))?;
        let mut rows = Rows::new(self, query, 0)?;
        for record in first.into_iter().chain(records) {
            check_key(&record)?;
            rows.put(self, &record)?;
        }
        self.set_records(query, T::KIND, rows.added)?;
        tracing::debug!(count = rows.added, "replace {}", T::NAME);
        Ok(())
    }

    /// Removes the records of those keys; says how many were there.
    pub fn remove_cached_of<T: Cached>(&mut self, key: &QueryKey, keys: &[&str]) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        let mut removed = 0;
        for record in keys {
            if self.run(T::SQL.remove_one, params![query, record])? > 0 {
                self.put_removed(Removed::Record(key, T::KIND, record))?;
                removed += 1;
            }
        }
        if removed > 0 {
            let left = self.records(query, T::KIND)?.saturating_sub(removed);
            self.set_records(query, T::KIND, left)?;
        }
        tracing::debug!(count = removed, "remove {} by key", T::NAME);
        Ok(removed)
    }

    /// Removes header and all records of a query; says how many there were.
    pub fn remove_cached<T: Cached>(&mut self, key: &QueryKey) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        let removed = self.remove_rows::<T>(key, query)?;
        tracing::debug!(count = removed, "remove {}", T::NAME);
        Ok(removed)
    }

    fn remove_rows<T: Cached>(&mut self, key: &QueryKey, query: i64) -> Result<u64> {
        let removed = self.run(T::SQL.remove, [query])?;
        self.remove_dictionaries(query, T::NOUN)?;
        if self.remove_header(query, T::KIND)? {
            self.put_removed(Removed::Cache(key, T::KIND))?;
        }
        Ok(removed as u64)
    }
}

/// Rows being put into one cache.
struct Rows<T: Cached> {
    next: Place,
    settings: T::Settings,
    added: u64,
}

impl<T: Cached> Rows<T> {
    fn new(tx: &mut SqliteTx<'_>, query: i64, position: i64) -> Result<Rows<T>> {
        let revision = tx.written_revision().cast_signed();
        let next = Place { query, position, revision };
        Ok(Rows { next, settings: T::settings(tx, query)?, added: 0 })
    }

    fn put(&mut self, tx: &mut SqliteTx<'_>, record: &T) -> Result<()> {
        // A known key keeps its place.
        if record.put_row(tx, self.next, &self.settings)? == self.next.position {
            self.next.position += 1;
            self.added += 1;
        }
        Ok(())
    }
}

fn documents<T: Cached>(records: &[T]) -> Vec<&str> {
    records.iter().map(|record| record.document().as_str()).take(dictionary::WINDOW).collect()
}

fn check_key<T: Cached>(record: &T) -> Result<()> {
    if record.key().is_empty() {
        return Err(Error::invalid(T::KEY_NAME, "it must not be empty"));
    }
    Ok(())
}
