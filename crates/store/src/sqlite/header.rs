//! The table `cache_headers`: one row per query and cache, with the number of its records.

use model::{CacheHeader, CacheKind, QueryKey};
use rusqlite::{Row, named_params, params};

use super::column::{json, json_text, object, object_text, stamp, stamp_texts, time, time_text};
use super::tx::SqliteTx;
use crate::contract::{ReadHeader, WriteHeader};
use crate::error::Result;

const ONE: &str = "SELECT * FROM cache_headers WHERE query = ?1 AND kind = ?2";
const RECORDS: &str = "SELECT records FROM cache_headers WHERE query = ?1 AND kind = ?2";
const PUT: &str = "INSERT INTO cache_headers (query, kind, records, fetched_at, fetched_at_text,
    expires_at, partial, jql, jql_hash, fields_requested, last_updated, last_updated_text,
    cache_version, told_total, extra, changed_keys, revision)
    VALUES (:query, :kind, 0, :fetched_at, :fetched_at_text,
    :expires_at, :partial, :jql, :jql_hash, :fields_requested, :last_updated, :last_updated_text,
    :cache_version, :told_total, :extra, :changed_keys, :revision)
    ON CONFLICT (query, kind) DO UPDATE SET fetched_at = excluded.fetched_at,
    fetched_at_text = excluded.fetched_at_text, expires_at = excluded.expires_at,
    partial = excluded.partial, jql = excluded.jql, jql_hash = excluded.jql_hash,
    fields_requested = excluded.fields_requested, last_updated = excluded.last_updated,
    last_updated_text = excluded.last_updated_text, cache_version = excluded.cache_version,
    told_total = excluded.told_total, extra = excluded.extra,
    changed_keys = excluded.changed_keys, revision = excluded.revision";
const ADD_RECORDS: &str = "INSERT INTO cache_headers (query, kind, records, extra, revision)
    VALUES (?1, ?2, ?3, '{}', ?4)
    ON CONFLICT (query, kind) DO UPDATE SET records = records + excluded.records";
const SET_RECORDS: &str = "UPDATE cache_headers SET records = ?3 WHERE query = ?1 AND kind = ?2";
const REMOVE: &str = "DELETE FROM cache_headers WHERE query = ?1 AND kind = ?2";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE, RECORDS];

/// The number of a kind, as it is stored.
pub(super) fn kind_number(kind: CacheKind) -> i64 {
    match kind {
        CacheKind::Issues => 0,
        CacheKind::Changelogs => 1,
    }
}

/// The header of a row but for `changed_keys`, and the blob of that.
fn header(row: &Row<'_>) -> rusqlite::Result<(CacheHeader, Option<Vec<u8>>)> {
    let header = CacheHeader {
        cache_version: json(row, "cache_version")?,
        fetched_at: stamp(row, "fetched_at", "fetched_at_text")?,
        expires_at: time(row, "expires_at")?,
        jql: row.get("jql")?,
        jql_hash: row.get("jql_hash")?,
        fields_requested: row.get("fields_requested")?,
        last_updated: stamp(row, "last_updated", "last_updated_text")?,
        changed_keys: None,
        told_total: json(row, "told_total")?,
        partial: row.get("partial")?,
        extra: object(row, "extra")?,
    };
    Ok((header, row.get("changed_keys")?))
}

impl ReadHeader for SqliteTx<'_> {
    fn header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>> {
        let Some(query) = self.query_row(query)? else { return Ok(None) };
        let Some((mut header, changed_keys)) = self.one(ONE, [query, kind_number(kind)], header)?
        else {
            return Ok(None);
        };
        header.changed_keys = self.decode_json(changed_keys.as_deref())?;
        Ok(Some(header))
    }
}

impl WriteHeader for SqliteTx<'_> {
    fn put_header(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        header: &CacheHeader,
    ) -> Result<()> {
        let query = self.expect_query(query)?;
        self.put_header_row(query, kind, header)?;
        tracing::debug!(count = 1, "put header");
        Ok(())
    }
}

impl SqliteTx<'_> {
    /// Inserts or replaces a header; the number of records stays.
    pub fn put_header_row(
        &mut self,
        query: i64,
        kind: CacheKind,
        header: &CacheHeader,
    ) -> Result<()> {
        let revision = self.written_revision().cast_signed();
        let (fetched_at, fetched_at_text) = stamp_texts(header.fetched_at.as_ref());
        let (last_updated, last_updated_text) = stamp_texts(header.last_updated.as_ref());
        let row = named_params! {
            ":query": query,
            ":kind": kind_number(kind),
            ":fetched_at": fetched_at,
            ":fetched_at_text": fetched_at_text,
            ":expires_at": time_text(header.expires_at),
            ":partial": header.partial,
            ":jql": header.jql,
            ":jql_hash": header.jql_hash,
            ":fields_requested": header.fields_requested,
            ":last_updated": last_updated,
            ":last_updated_text": last_updated_text,
            ":cache_version": json_text(header.cache_version.as_ref()),
            ":told_total": json_text(header.told_total.as_ref()),
            ":extra": object_text(&header.extra),
            ":changed_keys": self.encode_json(header.changed_keys.as_ref())?,
            ":revision": revision,
        };
        self.run(PUT, row).map(drop)
    }

    /// How many records a cache holds.
    pub fn records(&self, query: i64, kind: CacheKind) -> Result<u64> {
        let records = |row: &Row<'_>| row.get::<_, i64>(0);
        let found = self.one(RECORDS, [query, kind_number(kind)], records)?;
        Ok(found.unwrap_or(0).unsigned_abs())
    }

    /// Notes that a cache got more records; a cache without a header gets an empty one.
    pub fn add_records(&mut self, query: i64, kind: CacheKind, more: u64) -> Result<()> {
        let revision = self.written_revision().cast_signed();
        let row = params![query, kind_number(kind), more.cast_signed(), revision];
        self.run(ADD_RECORDS, row).map(drop)
    }

    /// Notes how many records a cache with a header holds.
    pub fn set_records(&mut self, query: i64, kind: CacheKind, records: u64) -> Result<()> {
        let row = params![query, kind_number(kind), records.cast_signed()];
        self.run(SET_RECORDS, row).map(drop)
    }

    /// Removes a header; says whether it was there.
    pub fn remove_header(&mut self, query: i64, kind: CacheKind) -> Result<bool> {
        Ok(self.run(REMOVE, [query, kind_number(kind)])? > 0)
    }
}
