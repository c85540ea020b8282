//! The table `queries`.

use model::{ProfileId, Query, QueryKey, QuerySummary, Stamp, Timestamp, name};
use rusqlite::{Row, named_params, params};

use super::column::{count, object, object_text, stamp, stamp_texts, time};
use super::error::damaged;
use super::revision::Removed;
use super::tx::SqliteTx;
use crate::contract::{ReadQuery, WriteQuery};
use crate::error::{Error, Result};

const ROW: &str = "SELECT row FROM queries WHERE profile_id = ?1 AND id = ?2";
const ONE: &str = "SELECT * FROM queries WHERE profile_id = ?1 AND id = ?2";
const LIST: &str = "SELECT q.profile_id, q.id, q.name, q.jql, q.description, q.last_used,
    coalesce(i.records, 0) AS issues, coalesce(c.records, 0) AS changelogs,
    i.fetched_at, i.expires_at, i.partial
    FROM queries q
    LEFT JOIN cache_headers i ON i.query = q.row AND i.kind = 0
    LEFT JOIN cache_headers c ON c.query = q.row AND c.kind = 1
    WHERE q.profile_id = ?1 ORDER BY q.last_used DESC, q.name, q.id";
const PROFILE: &str = "SELECT 1 FROM profiles WHERE id = ?1";
const PUT: &str = "INSERT INTO queries (profile_id, id, name, jql, description,
    created_at, created_at_text, updated_at, updated_at_text, last_used, last_used_text,
    extra, revision)
    VALUES (:profile_id, :id, :name, :jql, :description,
    :created_at, :created_at_text, :updated_at, :updated_at_text, :last_used, :last_used_text,
    :extra, :revision)
    ON CONFLICT (profile_id, id) DO UPDATE SET name = excluded.name, jql = excluded.jql,
    description = excluded.description, created_at = excluded.created_at,
    created_at_text = excluded.created_at_text, updated_at = excluded.updated_at,
    updated_at_text = excluded.updated_at_text, last_used = excluded.last_used,
    last_used_text = excluded.last_used_text, extra = excluded.extra,
    revision = excluded.revision";
const TOUCH: &str = "UPDATE queries SET last_used = ?3, last_used_text = NULL, revision = ?4
    WHERE profile_id = ?1 AND id = ?2";
const REMOVE: &str = "DELETE FROM queries WHERE profile_id = ?1 AND id = ?2";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ROW, ONE, LIST, PROFILE];

fn key(profile: String, query: String) -> rusqlite::Result<QueryKey> {
    QueryKey::parse(&profile, &query).map_err(|error| damaged(error.to_string()))
}

fn query(row: &Row<'_>) -> rusqlite::Result<Query> {
    Ok(Query {
        key: key(row.get("profile_id")?, row.get("id")?)?,
        name: row.get("name")?,
        jql: row.get("jql")?,
        description: row.get("description")?,
        created_at: stamp(row, "created_at", "created_at_text")?,
        updated_at: stamp(row, "updated_at", "updated_at_text")?,
        last_used: stamp(row, "last_used", "last_used_text")?,
        extra: object(row, "extra")?,
    })
}

/// By number and not by name: every page lists queries.
fn summary(row: &Row<'_>) -> rusqlite::Result<QuerySummary> {
    Ok(QuerySummary {
        key: key(row.get(0)?, row.get(1)?)?,
        name: row.get(2)?,
        jql: row.get(3)?,
        description: row.get(4)?,
        last_used: time(row, 5)?,
        issues: count(row, 6)?,
        changelogs: count(row, 7)?,
        fetched_at: time(row, 8)?,
        expires_at: time(row, 9)?,
        partial: row.get(10)?,
    })
}

impl ReadQuery for SqliteTx<'_> {
    fn query(&self, key: &QueryKey) -> Result<Option<Query>> {
        self.one(ONE, [key.profile.as_str(), key.query.as_str()], query)
    }

    fn queries(&self, profile: &ProfileId) -> Result<Vec<QuerySummary>> {
        self.all(LIST, [profile.as_str()], summary)
    }
}

impl WriteQuery for SqliteTx<'_> {
    fn put_query(&mut self, query: &Query) -> Result<()> {
        name::check(&query.name).map_err(|why| Error::invalid("query.name", why))?;
        if self.one(PROFILE, [query.key.profile.as_str()], |_| Ok(()))?.is_none() {
            return Err(Error::ProfileNotFound(query.key.profile.clone()));
        }
        let revision = self.written_revision().cast_signed();
        let (created_at, created_at_text) = stamp_texts(query.created_at.as_ref());
        let (updated_at, updated_at_text) = stamp_texts(query.updated_at.as_ref());
        let (last_used, last_used_text) = stamp_texts(query.last_used.as_ref());
        let row = named_params! {
            ":profile_id": query.key.profile.as_str(),
            ":id": query.key.query.as_str(),
            ":name": query.name,
            ":jql": query.jql,
            ":description": query.description,
            ":created_at": created_at,
            ":created_at_text": created_at_text,
            ":updated_at": updated_at,
            ":updated_at_text": updated_at_text,
            ":last_used": last_used,
            ":last_used_text": last_used_text,
            ":extra": object_text(&query.extra),
            ":revision": revision,
        };
        self.run(PUT, row)?;
        tracing::debug!(count = 1, "put query");
        Ok(())
    }

    fn touch_query(&mut self, key: &QueryKey, at: Timestamp) -> Result<()> {
        let revision = self.current_revision().cast_signed();
        let (at, _) = stamp_texts(Some(&Stamp::at(at)));
        let row = params![key.profile.as_str(), key.query.as_str(), at, revision];
        let touched = self.run(TOUCH, row)?;
        tracing::debug!(count = touched, "touch query");
        if touched == 0 {
            return Err(Error::QueryNotFound(key.clone()));
        }
        self.written_revision();
        Ok(())
    }

    fn remove_query(&mut self, key: &QueryKey) -> Result<bool> {
        let removed = self.run(REMOVE, [key.profile.as_str(), key.query.as_str()])?;
        if removed > 0 {
            self.forget_encoders();
            self.put_removed(Removed::Query(key))?;
        }
        tracing::debug!(count = removed, "remove query");
        Ok(removed > 0)
    }
}

impl SqliteTx<'_> {
    /// The number by which the data tables know a query; `None` if it is not there.
    pub fn query_row(&self, key: &QueryKey) -> Result<Option<i64>> {
        self.one(ROW, [key.profile.as_str(), key.query.as_str()], |row| row.get(0))
    }

    /// The same for a write, which needs the query.
    pub fn expect_query(&self, key: &QueryKey) -> Result<i64> {
        self.query_row(key)?.ok_or_else(|| Error::QueryNotFound(key.clone()))
    }
}
