//! The table `jira_cache`.

use model::{Document, Issue, IssueFacts, Membership, QueryKey, Settings, Tape, Timestamp};

use super::cache::{Cached, Place, Put, Sql, cache_sql};
use super::check::{Checked, Total};
use super::codec::Noun;
use super::digest::Digest;
use super::driver::{Row, Value, params};
use super::field::{json, time, time_text};
use super::shared_text::SharedTexts;
use super::tx::SqlTx;
use super::walk::{Digests, Walk, document_digest, membership_digest};
use super::{issue_facts, membership};
use crate::contract::{ReadIssue, WriteIssue};
use crate::error::Result;

columns! {
    table jira_cache;
    key query, issue_key;
    once position;
    set facts, left_at, membership, revision, document;
}

columns! {
    select facts_row;
    issue_key, facts, left_at, position;
}

const SQL: Sql = cache_sql!("jira_cache", jira_cache);
const FACTS: &str =
    statement!(facts_row::SELECT, "FROM jira_cache WHERE query = ? ORDER BY position");
const WHOLE: &str = statement!(jira_cache::SELECT, "WHERE query = ? ORDER BY position");
const STORED: &str = statement!(jira_cache::SELECT, "WHERE query = ? AND issue_key = ?");
const POINTS_FIELD: &str = "SELECT p.jira_config, p.field_mappings FROM queries q
    JOIN profiles p ON p.id = q.profile_id WHERE q.row = ?";
const CHUNK: &str = "SELECT position, document FROM jira_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const MARK_LEFT: &str =
    "UPDATE jira_cache SET left_at = ?, revision = ? WHERE query = ? AND issue_key = ?";
const SET_FACTS: &str =
    "UPDATE jira_cache SET facts = ?, membership = ? WHERE query = ? AND position = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] =
    &[SQL.one, SQL.each, SQL.last_position, FACTS, STORED, POINTS_FIELD, CHUNK];

impl Cached for Issue {
    const NOUN: Noun = Noun::Issue;
    const SQL: Sql = SQL;
    const DOCUMENTS: Checked = Checked::Issues;
    const FACTS: Checked = Checked::IssueFacts;
    const MEMBERSHIPS: Checked = Checked::IssueMemberships;
    type Settings = Option<String>;

    fn settings(tx: &SqlTx<'_>, query: i64) -> Result<Option<String>> {
        let field = tx.one(POINTS_FIELD, params![query], |row| {
            let settings = Settings {
                jira_config: json(row, 0)?,
                field_mappings: json(row, 1)?,
                ..Settings::default()
            };
            Ok(settings.points_field().map(str::to_owned))
        })?;
        Ok(field.flatten())
    }

    fn put_row(
        &self,
        tx: &mut SqlTx<'_>,
        place: Place,
        points_field: &Option<String>,
        put: Put<'_>,
    ) -> Result<(i64, Digests)> {
        let document = tx.encode(self.document.as_str())?;
        let (facts, membership) = match tx.tape.parse(self.document.as_str()) {
            Ok(value) => {
                let facts = IssueFacts::of(&self.key, value, points_field.as_deref());
                (facts, membership::written(&Membership::of(value)))
            }
            Err(_) => (IssueFacts { key: self.key.clone(), ..IssueFacts::default() }, None),
        };
        let encoded = issue_facts::encode(&facts);
        let digests = Digests {
            facts: digest(&self.key, &encoded, None),
            document: document_digest(&self.key, &document),
            membership: membership_digest(&self.key, membership.as_deref()),
        };
        let row = jira_cache::Row {
            query: place.query.into(),
            issue_key: facts.key.into(),
            position: place.position.into(),
            facts: encoded.into(),
            // What is put was found.
            left_at: Value::Null,
            membership: membership.into(),
            revision: place.revision.into(),
            document: document.into(),
        };
        Ok((put(tx, &row.values())?, digests))
    }

    fn stored_digests(tx: &SqlTx<'_>, query: i64, key: &str) -> Result<Option<(i64, Digests)>> {
        tx.one(STORED, params![query, key], |row| {
            let (facts, left) = (row.blob(jira_cache::facts)?, row.text(jira_cache::left_at)?);
            let membership = row.text(jira_cache::membership)?;
            let digests = Digests {
                facts: digest(key, &facts, left.as_deref()),
                document: document_digest(key, &row.blob(jira_cache::document)?),
                membership: membership_digest(key, membership.as_deref()),
            };
            Ok((row.get(jira_cache::position)?, digests))
        })
    }
}

/// What is stored for figures as one number.
fn digest(key: &str, facts: &[u8], left: Option<&str>) -> u64 {
    let mut digest = Digest::default();
    digest.bytes(key.as_bytes());
    digest.bytes(facts);
    digest.text(left);
    digest.finish()
}

/// The facts of a row, and their digest.
fn facts_of(row: &Row<'_>, names: &mut SharedTexts) -> Result<(IssueFacts, u64)> {
    let key: String = row.get(facts_row::issue_key)?;
    let (stored, left) = (row.blob(facts_row::facts)?, row.text(facts_row::left_at)?);
    let digest = digest(&key, &stored, left.as_deref());
    let facts = issue_facts::decode(&stored, names);
    let facts = facts.ok_or_else(|| row.damaged(format!("jira_cache: the facts of {key}")))?;
    Ok((IssueFacts { key, left: time(row, facts_row::left_at)?, ..facts }, digest))
}

impl ReadIssue for SqlTx<'_> {
    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let total = self.walk_issue_facts(FACTS, params![query], visit)?;
        self.expect_count::<Issue>(query, Checked::IssueFacts, total)
    }
}

impl WriteIssue for SqlTx<'_> {
    fn mark_left(&mut self, query: &QueryKey, marks: &[(&str, Timestamp)]) -> Result<()> {
        let query = self.expect_query(query)?;
        let revision = self.written_revision();
        self.expect_keys::<Issue>()?;
        let mut total = self.total(Checked::IssueFacts, query)?;
        for (key, at) in marks {
            let stored = |tx: &Self| Issue::stored_digests(tx, query, key);
            let Some((position, before)) = stored(self)? else { continue };
            self.run(MARK_LEFT, params![time_text(Some(*at)), revision, query, *key])?;
            if let Some((_, after)) = stored(self)? {
                let [before, ..] = before.at(position);
                let [after, ..] = after.at(position);
                total.subtract(before);
                total.add(after);
            }
        }
        self.keep_total(Checked::IssueFacts, query, total);
        tracing::debug!(count = marks.len(), "mark issues that left");
        Ok(())
    }
}

impl SqlTx<'_> {
    fn walk_issue_facts(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<Total> {
        let (mut names, mut walk) = (SharedTexts::default(), Walk::new());
        self.each(sql, values, |row| {
            let (facts, digest) = facts_of(row, &mut names)?;
            walk.meet(row, facts_row::position, digest)?;
            visit(facts)
        })?;
        Ok(walk.total())
    }

    pub(super) fn count_issue_facts(&self, query: i64) -> Result<Total> {
        self.walk_issue_facts(FACTS, params![query], &mut |_| Ok(()))
    }

    /// Issues whose columns do not say what their document does, a sentence for each.
    pub(super) fn wrongly_derived_issues(&self) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        for query in self.all("SELECT row FROM queries", &[], |row| row.get::<i64>(0))? {
            let field = <Issue as Cached>::settings(self, query)?;
            let mut tape = Tape::new();
            self.each(WHOLE, params![query], |row| {
                let key: String = row.get(jira_cache::issue_key)?;
                let document = self.decode(&row.blob(jira_cache::document)?);
                let is_same = document.map(Document::from_stored).is_ok_and(|document| {
                    let derived = IssueFacts::derive(&key, &document, field.as_deref(), &mut tape);
                    let belongs = membership::of_issue(&document, &mut tape);
                    row.blob(jira_cache::facts)
                        .is_ok_and(|stored| *stored == issue_facts::encode(&derived))
                        && row
                            .text(jira_cache::membership)
                            .is_ok_and(|stored| stored.as_deref() == belongs.as_deref())
                });
                if !is_same {
                    findings.push(format!("table jira_cache: {key} is not what its document says"));
                }
                Ok(())
            })?;
        }
        Ok(findings)
    }
}

impl SqlTx<'_> {
    /// Derives the columns of all issues of a query from their documents. The documents did not change,
    /// so the revisions stay.
    pub(super) fn derive_issue_facts_anew(&mut self, query: i64) -> Result<()> {
        let points_field = <Issue as Cached>::settings(self, query)?;
        let mut tape = Tape::new();
        self.each_document(CHUNK, query, |tx, position, document| {
            let facts = IssueFacts::derive("", &document, points_field.as_deref(), &mut tape);
            let membership = membership::of_issue(&document, &mut tape);
            let row = params![issue_facts::encode(&facts), membership, query, position];
            tx.run(SET_FACTS, row).map(drop)
        })?;
        self.recount(Checked::IssueFacts, query)
    }
}
