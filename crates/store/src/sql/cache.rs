//! What the two caches of a query have in common: records with a key, a place in the stored order
//! and a document.

use model::{CacheHeader, Changelog, Document, Issue, QueryKey};

use super::codec::Noun;
use super::dictionary;
use super::driver::{Row, params};
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
    /// Inserts or replaces its row; gives the position that it has now. `place` is for a new one.
    fn put_row(&self, tx: &mut SqlTx<'_>, place: Place, settings: &Self::Settings) -> Result<i64>;
}

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
    ($table:literal) => {
        $crate::sql::cache::Sql {
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
        records.iter().try_for_each(|record| rows.put(self, record))?;
        self.add_records(query, T::KIND, rows.added)?;
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
        for record in first.into_iter().chain(records) {
            record.check_key()?;
            rows.put(self, &record)?;
        }
        self.set_records(query, T::KIND, rows.added)?;
        tracing::debug!(count = rows.added, cache = ?T::KIND, "replace records");
        Ok(())
    }

    fn remove_cached_of(&mut self, key: &QueryKey, keys: &[&str]) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
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

/// Rows being put into one cache.
struct Rows<T: Cached> {
    next: Place,
    settings: T::Settings,
    added: u64,
}

impl<T: Cached> Rows<T> {
    fn new(tx: &mut SqlTx<'_>, query: i64, position: i64) -> Result<Rows<T>> {
        let revision = tx.written_revision();
        let next = Place { query, position, revision };
        Ok(Rows { next, settings: T::settings(tx, query)?, added: 0 })
    }

    fn put(&mut self, tx: &mut SqlTx<'_>, record: &T) -> Result<()> {
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
