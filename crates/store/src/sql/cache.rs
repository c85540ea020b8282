//! What the two caches of a query have in common: records with a key, a place in the stored order
//! and a document.

use std::collections::HashSet;

use model::{CacheHeader, CacheKind, Changelog, Document, Issue, QueryKey};

use super::codec::Noun;
use super::dictionary;
use super::driver::{Row, Value, params};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{CacheRecord, ReadCache, Revision, WriteCache};
use crate::error::Result;

/// What a cache has of its own: its table, and the columns that are derived from documents.
pub(super) trait Cached: CacheRecord {
    /// Whose dictionaries its documents use.
    const NOUN: Noun;
    /// The table's SQL.
    const SQL: Sql;
    /// What deriving its columns needs to know of the profile.
    type Settings;

    /// Reads the settings.
    fn settings(tx: &SqlTx<'_>, query: i64) -> Result<Self::Settings>;
    /// Hands over the values of its row to `put`, which inserts or replaces it, and gives the position
    /// that it has then. `place` is for a new one.
    fn put_row(&self, tx: &mut SqlTx, place: Place, of: &Self::Settings, put: Put) -> Result<i64>;
}

/// Puts the values of a row; gives the position that it has then.
pub(super) type Put<'p> = &'p mut dyn FnMut(&SqlTx<'_>, &[Value<'_>]) -> Result<i64>;

/// Rows that are inserted at once, where that is faster than one by one.
const BULK_ROWS: usize = 2_000;

/// Where a new row goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The query's row.
    pub query: i64,
    /// Place in the stored order.
    pub position: i64,
    /// Of the transaction.
    pub revision: Revision,
}

/// SQL that every cache has.
pub(super) struct Sql {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order of a row's values.
    pub columns: &'static str,
    /// Inserts or replaces a row; gives its position.
    pub put: &'static str,
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

/// That of a table.
macro_rules! cache_sql {
    ($table:literal, $module:ident) => {
        $crate::sql::cache::Sql {
            table: $table,
            columns: $module::COLUMNS,
            put: statement!($module::UPSERT, "RETURNING position"),
            one: concat!(
                "SELECT issue_key, document FROM ",
                $table,
                " WHERE query = ? AND issue_key = ?"
            ),
            each: concat!(
                "SELECT issue_key, document FROM ",
                $table,
                " WHERE query = ? ORDER BY position"
            ),
            last_position: concat!(
                "SELECT position FROM ",
                $table,
                " WHERE query = ? ORDER BY position DESC LIMIT 1"
            ),
            remove: concat!("DELETE FROM ", $table, " WHERE query = ?"),
            remove_one: concat!("DELETE FROM ", $table, " WHERE query = ? AND issue_key = ?"),
        }
    };
}
pub(super) use cache_sql;

impl<T: Cached> ReadCache<T> for SqlTx<'_> {
    fn cached(&self, query: &QueryKey, key: &str) -> Result<Option<T>> {
        let Some(row) = self.query_row(query)? else { return Ok(None) };
        self.one(T::SQL.one, params![row, key], |row| self.record(row))
    }

    fn each_cached(&self, query: &QueryKey, visit: &mut dyn FnMut(T) -> Result<()>) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let mut count = 0;
        self.each(T::SQL.each, params![query], |row| {
            count += 1;
            visit(self.record(row)?)
        })?;
        self.expect_count::<T>(query, count)
    }

    fn cached_count(&self, query: &QueryKey) -> Result<u64> {
        match self.query_row(query)? {
            Some(row) => self.records(row, T::KIND),
            None => Ok(0),
        }
    }
}

impl<T: Cached> WriteCache<T> for SqlTx<'_> {
    fn put_cached(&mut self, query: &QueryKey, records: &[T]) -> Result<()> {
        let query = self.expect_query(query)?;
        records.iter().try_for_each(T::check_key)?;
        if records.is_empty() {
            return Ok(());
        }
        let documents: Vec<&str> = documents(records);
        self.prepare_encoder(query, T::NOUN, &documents)?;
        let last = self.one(T::SQL.last_position, params![query], |row| row.get::<i64>(0))?;
        let mut rows = Rows::new(self, query, last.map_or(0, |last| last + 1))?;
        rows.known = self.keys_of_cache(query, T::KIND, last.is_none());
        records.iter().try_for_each(|record| rows.put(self, record))?;
        let added = rows.end(self)?;
        self.add_records(query, T::KIND, added)?;
        tracing::debug!(count = records.len(), cache = ?T::KIND, "put records");
        Ok(())
    }

    fn replace_cached(
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
        rows.known = self.keys_of_cache(query, T::KIND, true);
        for record in first.into_iter().chain(records) {
            record.check_key()?;
            rows.put(self, &record)?;
        }
        let added = rows.end(self)?;
        self.set_records(query, T::KIND, added)?;
        tracing::debug!(count = added, cache = ?T::KIND, "replace records");
        Ok(())
    }

    fn remove_cached_of(&mut self, key: &QueryKey, keys: &[&str]) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        self.known_keys = None;
        let mut removed = 0;
        for record in keys {
            if self.run(T::SQL.remove_one, params![query, *record])? > 0 {
                self.put_removed(Removed::Record(key, T::KIND, record))?;
                removed += 1;
            }
        }
        if removed > 0 {
            let left = self.records(query, T::KIND)?.saturating_sub(removed);
            self.set_records(query, T::KIND, left)?;
        }
        tracing::debug!(count = removed, cache = ?T::KIND, "remove records by key");
        Ok(removed)
    }

    fn remove_cached(&mut self, key: &QueryKey) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        let removed = self.remove_rows::<T>(key, query)?;
        tracing::debug!(count = removed, cache = ?T::KIND, "remove records");
        Ok(removed)
    }
}

impl SqlTx<'_> {
    /// A walk over a whole cache that met fewer or more rows than its header counts met damage: a page
    /// of another table, or of another time.
    pub(super) fn expect_count<T: Cached>(&self, query: i64, found: u64) -> Result<()> {
        let told = self.records(query, T::KIND)?;
        if found == told {
            return Ok(());
        }
        Err(self.damaged(format!("{found} {:?} where {told} were stored", T::KIND).to_lowercase()))
    }

    /// The record of a row of key and document.
    fn record<T: Cached>(&self, row: &Row<'_>) -> Result<T> {
        Ok(T::new(row.get(0)?, Document::from_stored(self.decode(&row.blob(1)?)?)))
    }

    /// Visits the documents of a query, in chunks: rows must not change under a statement that walks
    /// over them. `chunk` reads positions and documents after a position.
    pub(super) fn each_document(
        &mut self,
        chunk: &str,
        query: i64,
        mut visit: impl FnMut(&Self, i64, Document) -> Result<()>,
    ) -> Result<()> {
        let mut after = -1_i64;
        loop {
            let rows = self.all(chunk, params![query, after], |row| {
                Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?))
            })?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = *last;
            for (position, blob) in rows {
                let document = Document::from_stored(self.decode(&blob)?);
                visit(self, position, document)?;
            }
        }
    }

    fn remove_rows<T: Cached>(&mut self, key: &QueryKey, query: i64) -> Result<u64> {
        self.known_keys = None;
        let removed = self.run(T::SQL.remove, params![query])?;
        self.remove_dictionaries(query, T::NOUN)?;
        if self.remove_header(query, T::KIND)? {
            self.put_removed(Removed::Cache(key, T::KIND))?;
        }
        Ok(removed)
    }
}

impl SqlTx<'_> {
    /// Removes every record whose document cannot be read any more; says how many issues went. For
    /// what was saved of a damaged database.
    pub fn drop_unreadable_records(&mut self) -> Result<u64> {
        let queries = self.all("SELECT row FROM queries", &[], |row| row.get::<i64>(0))?;
        let mut issues = 0;
        for query in queries {
            issues += self.drop_unreadable::<Issue>(query)?;
            self.drop_unreadable::<Changelog>(query)?;
            // What an older form derived differently, or a damaged table named, is derived anew.
            self.derive_issue_facts_anew(query)?;
            self.derive_changelog_facts_anew(query)?;
        }
        Ok(issues)
    }

    fn drop_unreadable<T: Cached>(&mut self, query: i64) -> Result<u64> {
        let mut unreadable: Vec<String> = Vec::new();
        self.each(T::SQL.each, params![query], |row| {
            if self.record::<T>(row).is_err() {
                unreadable.push(row.get(0)?);
            }
            Ok(())
        })?;
        for key in &unreadable {
            self.run(T::SQL.remove_one, params![query, key])?;
        }
        let count = unreadable.len() as u64;
        if count > 0 {
            let left = self.records(query, T::KIND)?.saturating_sub(count);
            self.set_records(query, T::KIND, left)?;
        }
        Ok(count)
    }
}

/// The keys of a cache that was empty when this transaction came to it.
pub(super) struct KnownKeys {
    query: i64,
    kind: CacheKind,
    keys: HashSet<String>,
}

impl SqlTx<'_> {
    /// All keys of a cache, if they are known and of use: to insert many rows at once.
    fn keys_of_cache(&mut self, query: i64, kind: CacheKind, is_empty: bool) -> Option<KnownKeys> {
        self.bulk()?;
        let known = self.known_keys.take();
        if is_empty {
            return Some(KnownKeys { query, kind, keys: HashSet::new() });
        }
        known.filter(|known| (known.query, known.kind) == (query, kind))
    }
}

/// Rows being put into one cache.
struct Rows<T: Cached> {
    next: Place,
    settings: T::Settings,
    added: u64,
    /// The keys that are there, if rows are inserted many at once.
    known: Option<KnownKeys>,
    waiting: Vec<Vec<Value<'static>>>,
}

impl<T: Cached> Rows<T> {
    fn new(tx: &mut SqlTx<'_>, query: i64, position: i64) -> Result<Rows<T>> {
        let revision = tx.written_revision();
        let next = Place { query, position, revision };
        let settings = T::settings(tx, query)?;
        Ok(Rows { next, settings, added: 0, known: None, waiting: Vec::new() })
    }

    fn put(&mut self, tx: &mut SqlTx<'_>, record: &T) -> Result<()> {
        let key = record.key();
        let is_new = self.known.as_mut().is_some_and(|known| known.keys.insert(key.to_owned()));
        let position = if is_new {
            self.wait(tx, record)?
        } else {
            self.insert_waiting(tx)?;
            record.put_row(tx, self.next, &self.settings, &mut |tx, values| {
                let position = tx.one(T::SQL.put, values, |row| row.get(0))?;
                position.ok_or_else(|| tx.damaged(format!("{}: no position", T::SQL.table)))
            })?
        };
        // A known key keeps its place.
        if position == self.next.position {
            self.next.position += 1;
            self.added += 1;
        }
        Ok(())
    }

    /// Keeps a new row until there are many.
    fn wait(&mut self, tx: &mut SqlTx<'_>, record: &T) -> Result<i64> {
        let (place, waiting) = (self.next, &mut self.waiting);
        record.put_row(tx, place, &self.settings, &mut |_, values| {
            waiting.push(values.iter().cloned().map(Value::into_owned).collect());
            Ok(place.position)
        })?;
        if self.waiting.len() >= BULK_ROWS {
            self.insert_waiting(tx)?;
        }
        Ok(place.position)
    }

    fn insert_waiting(&mut self, tx: &SqlTx<'_>) -> Result<()> {
        match tx.bulk() {
            Some(bulk) if !self.waiting.is_empty() => {
                let rows = std::mem::take(&mut self.waiting);
                bulk.insert(T::SQL.table, T::SQL.columns, &rows)
            }
            _ => Ok(()),
        }
    }

    /// Inserts what waits; says how many rows were added.
    fn end(mut self, tx: &mut SqlTx<'_>) -> Result<u64> {
        self.insert_waiting(tx)?;
        tx.known_keys = self.known;
        Ok(self.added)
    }
}

fn documents<T: Cached>(records: &[T]) -> Vec<&str> {
    records.iter().map(|record| record.document().as_str()).take(dictionary::WINDOW).collect()
}
