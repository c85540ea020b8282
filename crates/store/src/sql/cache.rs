//! What the two caches of a query have in common: records with a key, a place in the stored order
//! and a document.

use std::collections::HashSet;

use model::{CacheHeader, CacheKind, Changelog, Document, Issue, QueryKey};

use super::check::{Checked, Total};
use super::codec::Noun;
use super::dictionary;
use super::driver::{Row, Value, params};
use super::revision::Removed;
use super::tx::SqlTx;
use super::walk::{Digests, Walk, document_digest};
use crate::contract::{CacheRecord, ReadCache, Revision, WriteCache};
use crate::error::Result;

/// What a cache has of its own: its table, and the columns that are derived from documents.
pub(super) trait Cached: CacheRecord {
    /// Whose dictionaries its documents use.
    const NOUN: Noun;
    /// The table's SQL.
    const SQL: Sql;
    /// What counts the columns that are derived from its documents, and the documents.
    const FACTS: Checked;
    const DOCUMENTS: Checked;
    /// What counts the column of what issues belong to.
    const MEMBERSHIPS: Checked;
    /// All that counts a row, in the order of its digests.
    const PARTS: [Checked; 3] = [Self::FACTS, Self::DOCUMENTS, Self::MEMBERSHIPS];
    /// What deriving its columns needs to know of the profile.
    type Settings;

    /// Reads the settings.
    fn settings(tx: &SqlTx<'_>, query: i64) -> Result<Self::Settings>;
    /// Hands over the values of its row to `put`, which inserts or replaces it, and gives the position
    /// that it has then, with the digests of what it holds. `place` is for a new one.
    fn put_row(&self, tx: &mut SqlTx, place: Place, of: &Self::Settings, put: Put) -> Placed;
    /// The position of the row of a key, and the digests of what it holds as it is stored.
    fn stored_digests(tx: &SqlTx<'_>, query: i64, key: &str) -> Result<Option<(i64, Digests)>>;
}

/// The position of a row and the digests of what it holds.
pub(super) type Placed = Result<(i64, Digests)>;

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
                "SELECT issue_key, document, position FROM ",
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
        self.expect_keys::<T>()?;
        self.one(T::SQL.one, params![row, key], |row| self.record(row))
    }

    fn each_cached(&self, query: &QueryKey, visit: &mut dyn FnMut(T) -> Result<()>) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let walk = self.walk_documents::<T>(query, |row| visit(self.record(row)?))?;
        self.expect_count::<T>(query, T::DOCUMENTS, walk.total())
    }

    fn cached_count(&self, query: &QueryKey) -> Result<u64> {
        match self.query_row(query)? {
            Some(row) => self.records(row, T::KIND),
            None => Ok(0),
        }
    }
}

impl<T: Cached> WriteCache<T> for SqlTx<'_> {
    fn put_cached(&mut self, key: &QueryKey, records: &[T]) -> Result<()> {
        let query = self.expect_query(key)?;
        records.iter().try_for_each(T::check_key)?;
        if records.is_empty() {
            return Ok(());
        }
        let documents: Vec<&str> = documents(records);
        self.prepare_encoder(query, T::NOUN, &documents)?;
        let last = self.one(T::SQL.last_position, params![query], |row| row.get::<i64>(0))?;
        match last {
            None => self.expect_total(T::FACTS, query, Total::default())?,
            Some(_) => self.expect_keys::<T>()?,
        }
        let mut rows = Rows::new(self, query, last)?;
        rows.known = self.keys_of_cache(query, T::KIND, last.is_none());
        records.iter().try_for_each(|record| rows.put(self, record))?;
        let added = rows.end(self)?;
        self.add_records(query, T::KIND, added)?;
        tracing::debug!(%key, count = records.len(), cache = ?T::KIND, "put records");
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
        let mut rows = Rows::new(self, query, None)?;
        rows.known = self.keys_of_cache(query, T::KIND, true);
        for record in first.into_iter().chain(records) {
            record.check_key()?;
            rows.put(self, &record)?;
        }
        let added = rows.end(self)?;
        self.set_records(query, T::KIND, added)?;
        tracing::debug!(%key, count = added, cache = ?T::KIND, "replace records");
        Ok(())
    }

    fn remove_cached_of(&mut self, key: &QueryKey, keys: &[&str]) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        self.known_keys = None;
        let removed = self.remove_records::<T>(query, keys)?;
        for record in &removed {
            self.put_removed(Removed::Record(key, T::KIND, record))?;
        }
        tracing::debug!(count = removed.len(), cache = ?T::KIND, "remove records by key");
        Ok(removed.len() as u64)
    }

    fn remove_cached(&mut self, key: &QueryKey) -> Result<u64> {
        let Some(query) = self.query_row(key)? else { return Ok(0) };
        let removed = self.remove_rows::<T>(key, query)?;
        tracing::debug!(%key, count = removed, cache = ?T::KIND, "remove records");
        Ok(removed)
    }
}

impl SqlTx<'_> {
    /// A walk over a whole cache that met fewer or more rows than its header counts met damage: a page
    /// of another table, or of another time.
    pub(super) fn expect_count<T: Cached>(
        &self,
        query: i64,
        what: Checked,
        total: Total,
    ) -> Result<()> {
        let (found, told) = (total.records, self.records(query, T::KIND)?);
        if found != told {
            let what = format!("{found} {:?} where {told} were stored", T::KIND).to_lowercase();
            return Err(self.damaged(what));
        }
        self.expect_total(what, query, total)
    }

    /// The totals of a cache as they stand.
    fn totals<T: Cached>(&self, query: i64) -> Result<[Total; 3]> {
        let [facts, documents, memberships] = T::PARTS.map(|what| self.total(what, query));
        Ok([facts?, documents?, memberships?])
    }

    fn keep_totals<T: Cached>(&self, query: i64, totals: [Total; 3]) {
        T::PARTS.into_iter().zip(totals).for_each(|(what, total)| {
            self.keep_total(what, query, total);
        });
    }

    /// Walks over the documents of a query.
    fn walk_documents<T: Cached>(
        &self,
        query: i64,
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<Walk> {
        let mut walk = Walk::new();
        self.each(T::SQL.each, params![query], |row| {
            let key = row.text(0)?.unwrap_or_default();
            walk.meet(row, 2, document_digest(&key, &row.blob(1)?))?;
            visit(row)
        })?;
        Ok(walk)
    }

    pub(super) fn count_documents<T: Cached>(&self, query: i64) -> Result<Total> {
        Ok(self.walk_documents::<T>(query, |_| Ok(()))?.total())
    }

    /// Removes those of the records that are there, and gives their keys.
    pub(super) fn remove_records<'k, T: Cached>(
        &mut self,
        query: i64,
        keys: &[&'k str],
    ) -> Result<Vec<&'k str>> {
        self.expect_keys::<T>()?;
        let mut totals = self.totals::<T>(query)?;
        let mut removed = Vec::new();
        for key in keys {
            let Some((position, digests)) = T::stored_digests(self, query, key)? else { continue };
            self.run(T::SQL.remove_one, params![query, *key])?;
            subtract(&mut totals, digests.at(position));
            removed.push(*key);
        }
        if !removed.is_empty() {
            self.keep_totals::<T>(query, totals);
            let left = self.records(query, T::KIND)?.saturating_sub(removed.len() as u64);
            self.set_records(query, T::KIND, left)?;
        }
        Ok(removed)
    }

    /// Records are found by their keys, whose index can be damaged where the rows are not.
    pub(super) fn expect_keys<T: Cached>(&self) -> Result<()> {
        self.check_table(T::SQL.table)
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
        self.keep_totals::<T>(query, [Total::default(); 3]);
        if self.remove_header(query, T::KIND)? {
            self.put_removed(Removed::Cache(key, T::KIND))?;
        }
        Ok(removed)
    }
}

/// What could not be read of a table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unreadable {
    /// Rows that were removed.
    pub removed: u64,
    /// Rows that are there still, without the members that cannot be read.
    pub cut: u64,
}

impl std::ops::AddAssign for Unreadable {
    fn add_assign(&mut self, more: Unreadable) {
        self.removed += more.removed;
        self.cut += more.cut;
    }
}

impl SqlTx<'_> {
    /// Removes every record whose document cannot be read any more, and members of others that cannot; data
    /// of projects says `why` it lacks some. For what was saved of a damaged database.
    pub fn drop_unreadable_records(
        &mut self,
        why: &str,
    ) -> Result<[(&'static str, Unreadable); 4]> {
        let queries = self.all("SELECT row FROM queries", &[], |row| row.get::<i64>(0))?;
        let [mut issues, mut changelogs, mut snapshots, mut data] = [Unreadable::default(); 4];
        for query in queries {
            issues.removed += self.drop_unreadable::<Issue>(query)?;
            changelogs.removed += self.drop_unreadable::<Changelog>(query)?;
            snapshots += self.drop_unreadable_snapshots(query)?;
            data += self.drop_unreadable_project_data(query, why)?;
        }
        // What an older form derived differently, or was damaged, is derived anew.
        self.derive_anew()?;
        Ok([
            ("jira_cache", issues),
            ("jira_changelog_cache", changelogs),
            ("metrics_snapshots", snapshots),
            ("project_data", data),
        ])
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
    totals: [Total; 3],
    /// Whether there was none before.
    is_first: bool,
    /// Whether a record took the place of one that came with it.
    has_twins: bool,
    /// The keys that are there, if rows are inserted many at once.
    known: Option<KnownKeys>,
    waiting: Vec<Vec<Value<'static>>>,
}

impl<T: Cached> Rows<T> {
    /// `last` is the position of the last that is there.
    fn new(tx: &mut SqlTx<'_>, query: i64, last: Option<i64>) -> Result<Rows<T>> {
        let revision = tx.written_revision();
        Ok(Rows {
            next: Place { query, position: last.map_or(0, |last| last + 1), revision },
            settings: T::settings(tx, query)?,
            added: 0,
            totals: tx.totals::<T>(query)?,
            is_first: last.is_none(),
            has_twins: false,
            known: None,
            waiting: Vec::new(),
        })
    }

    fn put(&mut self, tx: &mut SqlTx<'_>, record: &T) -> Result<()> {
        let key = record.key();
        let before = if self.is_first || tx.has_no_checks() {
            None
        } else {
            T::stored_digests(tx, self.next.query, key)?
        };
        let is_new = self.known.as_mut().is_some_and(|known| known.keys.insert(key.to_owned()));
        let (position, digests) = if is_new {
            self.wait(tx, record)?
        } else {
            self.insert_waiting(tx)?;
            record.put_row(tx, self.next, &self.settings, &mut |tx, values| {
                let position = tx.one(T::SQL.put, values, |row| row.get(0))?;
                position.ok_or_else(|| tx.damaged(format!("{}: no position", T::SQL.table)))
            })?
        };
        let digests = digests.at(position);
        self.totals.iter_mut().zip(digests).for_each(|(total, digest)| total.add(digest));
        if let Some((position, before)) = before {
            subtract(&mut self.totals, before.at(position));
        }
        // A known key keeps its place.
        if position == self.next.position {
            self.next.position += 1;
            self.added += 1;
        } else {
            self.has_twins |= self.is_first;
        }
        Ok(())
    }

    /// Keeps a new row until there are many.
    fn wait(&mut self, tx: &mut SqlTx<'_>, record: &T) -> Result<(i64, Digests)> {
        let (place, waiting) = (self.next, &mut self.waiting);
        let put = record.put_row(tx, place, &self.settings, &mut |_, values| {
            waiting.push(values.iter().cloned().map(Value::into_owned).collect());
            Ok(place.position)
        })?;
        if self.waiting.len() >= BULK_ROWS {
            self.insert_waiting(tx)?;
        }
        Ok(put)
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

    /// Inserts what waits and keeps the totals; says how many rows were added.
    fn end(mut self, tx: &mut SqlTx<'_>) -> Result<u64> {
        let query = self.next.query;
        self.insert_waiting(tx)?;
        tx.known_keys = self.known;
        if self.has_twins {
            T::PARTS.into_iter().try_for_each(|what| tx.recount(what, query))?;
        } else {
            tx.keep_totals::<T>(query, self.totals);
        }
        Ok(self.added)
    }
}

fn subtract(totals: &mut [Total; 3], digests: [u64; 3]) {
    totals.iter_mut().zip(digests).for_each(|(total, digest)| total.subtract(digest));
}

fn documents<T: Cached>(records: &[T]) -> Vec<&str> {
    records.iter().map(|record| record.document().as_str()).take(dictionary::WINDOW).collect()
}
