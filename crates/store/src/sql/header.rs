//! The table `cache_headers`: one row per query and cache, with the number of its records.

use model::{CacheHeader, CacheKind, QueryKey};

use super::check::Checked;
use super::driver::{Row, params};
use super::field::{
    json, json_text, object, object_text, stamp, stamp_text, stamp_time, time, time_text,
};
use super::tx::SqlTx;
use crate::contract::{ReadHeader, WriteHeader};
use crate::error::Result;

columns! {
    table cache_headers;
    key query, kind;
    once records;
    set fetched_at, fetched_at_text, expires_at, partial, jql, jql_hash, fields_requested,
        last_updated, last_updated_text, cache_version, told_total, extra, changed_keys, revision;
}

const ONE: &str = statement!(cache_headers::SELECT, "WHERE query = ? AND kind = ?");
const RECORDS: &str = "SELECT records FROM cache_headers WHERE query = ? AND kind = ?";
const ADD_RECORDS: &str = "INSERT INTO cache_headers (query, kind, records, extra, revision)
    VALUES (?, ?, ?, '{}', ?)
    ON CONFLICT (query, kind) DO UPDATE SET records = cache_headers.records + excluded.records";
const SET_RECORDS: &str = "UPDATE cache_headers SET records = ? WHERE query = ? AND kind = ?";
const REMOVE: &str = "DELETE FROM cache_headers WHERE query = ? AND kind = ?";

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
fn header(row: &Row<'_>) -> Result<(CacheHeader, Option<Vec<u8>>)> {
    let header = CacheHeader {
        cache_version: json(row, cache_headers::cache_version)?,
        fetched_at: stamp(row, cache_headers::fetched_at, cache_headers::fetched_at_text)?,
        expires_at: time(row, cache_headers::expires_at)?,
        jql: row.get(cache_headers::jql)?,
        jql_hash: row.get(cache_headers::jql_hash)?,
        fields_requested: row.get(cache_headers::fields_requested)?,
        last_updated: stamp(row, cache_headers::last_updated, cache_headers::last_updated_text)?,
        changed_keys: None,
        told_total: json(row, cache_headers::told_total)?,
        partial: row.get(cache_headers::partial)?,
        extra: object(row, cache_headers::extra)?,
    };
    Ok((header, row.get(cache_headers::changed_keys)?))
}

impl ReadHeader for SqlTx<'_> {
    fn header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>> {
        let Some((mut header, changed_keys)) = self.stored_header(query, kind)? else {
            return Ok(None);
        };
        header.changed_keys = self.decode_json(changed_keys.as_deref())?;
        Ok(Some(header))
    }

    fn short_header(&self, query: &QueryKey, kind: CacheKind) -> Result<Option<CacheHeader>> {
        Ok(self.stored_header(query, kind)?.map(|(header, _)| header))
    }
}

impl WriteHeader for SqlTx<'_> {
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

impl SqlTx<'_> {
    /// A header but for `changed_keys`, and the blob of that.
    fn stored_header(
        &self,
        query: &QueryKey,
        kind: CacheKind,
    ) -> Result<Option<(CacheHeader, Option<Vec<u8>>)>> {
        let Some(query) = self.query_row(query)? else { return Ok(None) };
        self.expect(Checked::Headers)?;
        self.one(ONE, params![query, kind_number(kind)], header)
    }

    /// Inserts or replaces a header; the number of records stays.
    pub(super) fn put_header_row(
        &mut self,
        query: i64,
        kind: CacheKind,
        header: &CacheHeader,
    ) -> Result<()> {
        let revision = self.written_revision();
        let row = cache_headers::Row {
            query: query.into(),
            kind: kind_number(kind).into(),
            records: 0_i64.into(),
            fetched_at: stamp_time(&header.fetched_at).into(),
            fetched_at_text: stamp_text(&header.fetched_at).into(),
            expires_at: time_text(header.expires_at).into(),
            partial: (&header.partial).into(),
            jql: (&header.jql).into(),
            jql_hash: (&header.jql_hash).into(),
            fields_requested: (&header.fields_requested).into(),
            last_updated: stamp_time(&header.last_updated).into(),
            last_updated_text: stamp_text(&header.last_updated).into(),
            cache_version: json_text(header.cache_version.as_ref()).into(),
            told_total: json_text(header.told_total.as_ref()).into(),
            extra: object_text(&header.extra).into(),
            changed_keys: self.encode_json(header.changed_keys.as_ref())?.into(),
            revision: revision.into(),
        };
        self.run(cache_headers::UPSERT, &row.values()).map(drop)
    }

    /// How many records a cache holds.
    pub(super) fn records(&self, query: i64, kind: CacheKind) -> Result<u64> {
        self.expect(Checked::Headers)?;
        let found = self.one(RECORDS, params![query, kind_number(kind)], |row| row.get(0))?;
        Ok(found.unwrap_or(0))
    }

    /// Notes that a cache got more records; a cache without a header gets an empty one.
    pub(super) fn add_records(&mut self, query: i64, kind: CacheKind, more: u64) -> Result<()> {
        let revision = self.written_revision();
        self.run(ADD_RECORDS, params![query, kind_number(kind), more, revision]).map(drop)
    }

    /// Notes how many records a cache with a header holds.
    pub(super) fn set_records(&mut self, query: i64, kind: CacheKind, records: u64) -> Result<()> {
        self.run(SET_RECORDS, params![records, query, kind_number(kind)]).map(drop)
    }

    /// Removes a header; says whether it was there.
    pub(super) fn remove_header(&mut self, query: i64, kind: CacheKind) -> Result<bool> {
        Ok(self.run(REMOVE, params![query, kind_number(kind)])? > 0)
    }
}
