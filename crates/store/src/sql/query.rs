//! The table `queries`.

use model::{ProfileId, Query, QueryKey, QuerySummary, Stamp, Timestamp, name};

use super::check::Checked;
use super::driver::{Row, params};
use super::field::{object, object_text, stamp, stamp_text, stamp_time, time};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadQuery, WriteQuery};
use crate::error::{Error, Result};

columns! {
    table queries;
    key profile_id, id;
    set name, jql, description, created_at, created_at_text, updated_at, updated_at_text, last_used,
        last_used_text, extra, revision;
}

columns! {
    select summary;
    profile_id = "q.profile_id",
    id = "q.id",
    name = "q.name",
    jql = "q.jql",
    description = "q.description",
    last_used = "q.last_used",
    issues = "coalesce(i.records, 0)",
    changelogs = "coalesce(c.records, 0)",
    fetched_at = "i.fetched_at",
    expires_at = "i.expires_at",
    partial = "i.partial";
}

const ROW: &str = "SELECT row FROM queries WHERE profile_id = ? AND id = ?";
const ONE: &str = statement!(queries::SELECT, "WHERE profile_id = ? AND id = ?");
const LIST: &str = statement!(
    summary::SELECT,
    "FROM queries q
    LEFT JOIN cache_headers i ON i.query = q.row AND i.kind = 0
    LEFT JOIN cache_headers c ON c.query = q.row AND c.kind = 1
    WHERE q.profile_id = ? ORDER BY q.last_used DESC NULLS LAST, q.name, q.id"
);
const PROFILE: &str = "SELECT 1 FROM profiles WHERE id = ?";
const TOUCH: &str = "UPDATE queries SET last_used = ?, last_used_text = NULL, revision = ?
    WHERE profile_id = ? AND id = ?";
const REMOVE: &str = "DELETE FROM queries WHERE profile_id = ? AND id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ROW, ONE, LIST, PROFILE];

fn key(row: &Row<'_>, profile: usize, query: usize) -> Result<QueryKey> {
    let key = QueryKey::parse(&row.get::<String>(profile)?, &row.get::<String>(query)?);
    key.map_err(|error| row.damaged(error.to_string()))
}

fn query(row: &Row<'_>) -> Result<Query> {
    Ok(Query {
        key: key(row, queries::profile_id, queries::id)?,
        name: row.get(queries::name)?,
        jql: row.get(queries::jql)?,
        description: row.get(queries::description)?,
        created_at: stamp(row, queries::created_at, queries::created_at_text)?,
        updated_at: stamp(row, queries::updated_at, queries::updated_at_text)?,
        last_used: stamp(row, queries::last_used, queries::last_used_text)?,
        extra: object(row, queries::extra)?,
    })
}

fn query_summary(row: &Row<'_>) -> Result<QuerySummary> {
    Ok(QuerySummary {
        key: key(row, summary::profile_id, summary::id)?,
        name: row.get(summary::name)?,
        jql: row.get(summary::jql)?,
        description: row.get(summary::description)?,
        last_used: time(row, summary::last_used)?,
        issues: row.get(summary::issues)?,
        changelogs: row.get(summary::changelogs)?,
        fetched_at: time(row, summary::fetched_at)?,
        expires_at: time(row, summary::expires_at)?,
        partial: row.get(summary::partial)?,
    })
}

impl ReadQuery for SqlTx<'_> {
    fn query(&self, key: &QueryKey) -> Result<Option<Query>> {
        self.expect(Checked::Queries)?;
        self.one(ONE, params![key.profile.as_str(), key.query.as_str()], query)
    }

    fn queries(&self, profile: &ProfileId) -> Result<Vec<QuerySummary>> {
        self.expect(Checked::Queries)?;
        self.expect(Checked::Headers)?;
        self.all(LIST, params![profile.as_str()], query_summary)
    }
}

impl WriteQuery for SqlTx<'_> {
    fn put_query(&mut self, query: &Query) -> Result<()> {
        name::check(&query.name).map_err(|why| Error::invalid("query.name", why))?;
        if self.one(PROFILE, params![query.key.profile.as_str()], |_| Ok(()))?.is_none() {
            return Err(Error::ProfileNotFound(query.key.profile.clone()));
        }
        let revision = self.written_revision();
        let row = queries::Row {
            profile_id: query.key.profile.as_str().into(),
            id: query.key.query.as_str().into(),
            name: query.name.as_str().into(),
            jql: query.jql.as_str().into(),
            description: (&query.description).into(),
            created_at: stamp_time(&query.created_at).into(),
            created_at_text: stamp_text(&query.created_at).into(),
            updated_at: stamp_time(&query.updated_at).into(),
            updated_at_text: stamp_text(&query.updated_at).into(),
            last_used: stamp_time(&query.last_used).into(),
            last_used_text: stamp_text(&query.last_used).into(),
            extra: object_text(&query.extra).into(),
            revision: revision.into(),
        };
        self.run(queries::UPSERT, &row.values())?;
        tracing::debug!(id = %query.key, "put query");
        Ok(())
    }

    fn touch_query(&mut self, key: &QueryKey, at: Timestamp) -> Result<()> {
        let revision = self.current_revision();
        let at = stamp_time(&Some(Stamp::at(at)));
        let row = params![at, revision, key.profile.as_str(), key.query.as_str()];
        let touched = self.run(TOUCH, row)?;
        tracing::debug!(count = touched, "touch query");
        if touched == 0 {
            return Err(Error::QueryNotFound(key.clone()));
        }
        self.written_revision();
        Ok(())
    }

    fn remove_query(&mut self, key: &QueryKey) -> Result<bool> {
        let removed = self.run(REMOVE, params![key.profile.as_str(), key.query.as_str()])?;
        if removed > 0 {
            self.forget_encoders();
            self.forget_checks_of_gone()?;
            self.put_removed(Removed::Query(key))?;
        }
        tracing::debug!(id = %key, count = removed, "remove query");
        Ok(removed > 0)
    }
}

impl SqlTx<'_> {
    /// The number by which the data tables know a query; `None` if it is not there.
    pub(super) fn query_row(&self, key: &QueryKey) -> Result<Option<i64>> {
        self.expect(Checked::Queries)?;
        // One who only reads asks for most of what there is of one query, and nothing changes.
        let known =
            self.last_query.borrow().as_ref().filter(|(of, _)| of == key).map(|(_, row)| *row);
        if known.is_some() {
            return Ok(known);
        }
        let values = params![key.profile.as_str(), key.query.as_str()];
        let found = self.one(ROW, values, |row| row.get(0))?;
        if !self.is_writer() {
            self.last_query.replace(found.map(|row| (key.clone(), row)));
        }
        Ok(found)
    }

    /// The same for a write, which needs the query.
    pub(super) fn expect_query(&self, key: &QueryKey) -> Result<i64> {
        self.query_row(key)?.ok_or_else(|| Error::QueryNotFound(key.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::ops::ControlFlow;
    use std::rc::Rc;

    use super::*;
    use crate::sql::{Driver, Source, Value};

    /// Answers every statement with the number 7, and counts them.
    struct Counting(Rc<Cell<usize>>);

    impl Source for i64 {
        fn value(&self, _: usize) -> Result<Value<'_>> {
            Ok(Value::Integer(*self))
        }

        fn columns(&self) -> usize {
            1
        }
    }

    impl Driver for Counting {
        fn each(
            &self,
            _: &str,
            _: &[Value<'_>],
            visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
        ) -> Result<()> {
            self.0.set(self.0.get() + 1);
            visit(&Row::new(&7_i64, "")).map(drop)
        }

        fn run(&self, _: &str, _: &[Value<'_>]) -> Result<u64> {
            Ok(0)
        }

        fn commit(&self) -> Result<()> {
            Ok(())
        }

        fn place(&self) -> &str {
            ""
        }
    }

    #[track_caller]
    fn check(is_writer: bool, keys: &[&str], statements: usize) {
        let count = Rc::default();
        let tx = SqlTx::begun(Counting(Rc::clone(&count)), 0, is_writer);
        for key in keys {
            let key = QueryKey::parse("p", key).unwrap();
            assert_eq!(tx.query_row(&key).unwrap(), Some(7));
        }
        assert_eq!(count.get(), statements, "{keys:?}");
    }

    #[test]
    fn one_who_only_reads_asks_once_for_the_number_of_a_query() {
        check(false, &["a", "a", "a"], 1);
        check(false, &["a", "b", "a"], 3);
        check(true, &["a", "a", "a"], 3);
    }
}
