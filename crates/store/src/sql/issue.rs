//! The table `jira_cache`.

use std::sync::Arc;

use model::{
    Document, Issue, IssueFacts, Membership, Points, QueryKey, Resolution, Settings, Tape,
    Timestamp,
};

use super::cache::{Cached, Place, Put, Sql, cache_sql};
use super::check::{Checked, Total};
use super::codec::Noun;
use super::digest::Digest;
use super::driver::{Row, Value, params};
use super::field::{json, time, time_text};
use super::membership;
use super::shared_text::SharedTexts;
use super::tx::SqlTx;
use super::walk::{Digests, Walk, document_digest, membership_digest};
use crate::contract::{Half, Met, ReadIssue, WriteIssue};
use crate::error::Result;

columns! {
    table jira_cache;
    key query, issue_key;
    once position;
    set project, issue_type, status, status_category, priority, summary, created, updated, resolved,
        resolution, points, points_state, parent, revision, document, status_id, is_subtask,
        hierarchy_level, left_at, membership, project_id, issue_type_id;
}

columns! {
    select facts;
    issue_key, project, issue_type, status, status_category, priority, summary, created, updated,
    resolved, resolution, points, points_state, parent, status_id, is_subtask, hierarchy_level,
    left_at, project_id, issue_type_id, position;
}

const SQL: Sql = cache_sql!("jira_cache", jira_cache);
const FACTS: &str = statement!(facts::SELECT, "FROM jira_cache WHERE query = ? ORDER BY position");
const FACTS_UP_TO: &str = statement!(
    facts::SELECT,
    "FROM jira_cache WHERE query = ? AND position <= ? ORDER BY position"
);
const FACTS_BEYOND: &str =
    statement!(facts::SELECT, "FROM jira_cache WHERE query = ? AND position > ? ORDER BY position");
const DERIVED: &str = "SELECT issue_key, project, issue_type, status, status_category, priority,
    summary, created, updated, resolved, resolution, points, points_state, parent, status_id,
    is_subtask, hierarchy_level, left_at, project_id, issue_type_id, position, document, membership
    FROM jira_cache WHERE query = ? ORDER BY position";
const STORED: &str = "SELECT issue_key, project, issue_type, status, status_category, priority,
    summary, created, updated, resolved, resolution, points, points_state, parent, status_id,
    is_subtask, hierarchy_level, left_at, project_id, issue_type_id, position, document, membership
    FROM jira_cache WHERE query = ? AND issue_key = ?";
/// The places of the document and of what the issue belongs to in both.
const DOCUMENT: usize = facts::position + 1;
const MEMBERSHIP: usize = DOCUMENT + 1;
const POINTS_FIELD: &str = "SELECT p.jira_config, p.field_mappings FROM queries q
    JOIN profiles p ON p.id = q.profile_id WHERE q.row = ?";
const CHUNK: &str = "SELECT position, document FROM jira_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const MARK_LEFT: &str =
    "UPDATE jira_cache SET left_at = ?, revision = ? WHERE query = ? AND issue_key = ?";
const SET_FACTS: &str = "UPDATE jira_cache SET project = ?, issue_type = ?, status = ?,
    status_category = ?, priority = ?, summary = ?, created = ?, updated = ?, resolved = ?,
    resolution = ?, points = ?, points_state = ?, parent = ?, status_id = ?, is_subtask = ?,
    hierarchy_level = ?, membership = ?, project_id = ?, issue_type_id = ? WHERE query = ? AND position = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[
    SQL.one,
    SQL.each,
    SQL.last_position,
    FACTS,
    FACTS_UP_TO,
    FACTS_BEYOND,
    STORED,
    POINTS_FIELD,
    CHUNK,
];

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
        let digests = Digests {
            facts: digest(&facts),
            document: document_digest(&self.key, &document),
            membership: membership_digest(&self.key, membership.as_deref()),
        };
        let (points, points_state) = points_columns(facts.points);
        let row = jira_cache::Row {
            query: place.query.into(),
            issue_key: facts.key.into(),
            position: place.position.into(),
            project: facts.project.as_deref().into(),
            issue_type: facts.issue_type.as_deref().into(),
            status: facts.status.as_deref().into(),
            status_category: facts.status_category.as_deref().into(),
            priority: facts.priority.as_deref().into(),
            summary: facts.summary.into(),
            created: time_text(facts.created).into(),
            updated: time_text(facts.updated).into(),
            resolved: time_text(facts.resolved).into(),
            resolution: resolution_column(facts.resolution).into(),
            points: points.into(),
            points_state: points_state.into(),
            parent: facts.parent.into(),
            revision: place.revision.into(),
            document: document.into(),
            status_id: facts.status_id.as_deref().into(),
            is_subtask: facts.is_subtask.map(i64::from).into(),
            hierarchy_level: facts.hierarchy_level.map(i64::from).into(),
            // What is put was found.
            left_at: Value::Null,
            membership: membership.into(),
            project_id: facts.project_id.as_deref().into(),
            issue_type_id: facts.issue_type_id.as_deref().into(),
        };
        Ok((put(tx, &row.values())?, digests))
    }

    fn stored_digests(tx: &SqlTx<'_>, query: i64, key: &str) -> Result<Option<(i64, Digests)>> {
        let mut names = SharedTexts::default();
        tx.one(STORED, params![query, key], |row| {
            let issue = issue_facts(row, &mut names)?;
            let document = document_digest(&issue.key, &row.blob(DOCUMENT)?);
            let membership = membership_digest(&issue.key, row.text(MEMBERSHIP)?.as_deref());
            let digests = Digests { facts: digest(&issue), document, membership };
            Ok((row.get(facts::position)?, digests))
        })
    }
}

/// Facts as one number, the same for those derived from a document and those read from its columns.
fn digest(facts: &IssueFacts) -> u64 {
    let ms = |at: Option<Timestamp>| at.map(|at| at.as_millisecond());
    let mut digest = Digest::default();
    digest.bytes(facts.key.as_bytes());
    let names = [
        &facts.project,
        &facts.project_id,
        &facts.issue_type,
        &facts.issue_type_id,
        &facts.status,
        &facts.status_id,
        &facts.status_category,
        &facts.priority,
    ];
    names.into_iter().for_each(|name| digest.text(name.as_deref()));
    digest.text(facts.summary.as_deref());
    let times = [facts.created, facts.updated, facts.resolved, facts.left];
    times.into_iter().for_each(|at| digest.number(ms(at)));
    match &facts.resolution {
        Resolution::Absent => digest.text(None),
        Resolution::Unresolved => digest.text(Some("")),
        Resolution::Named(name) => digest.text(Some(name)),
    }
    let (points, points_state) = points_columns(facts.points);
    // A negative nothing is stored as nothing.
    digest.word(points.map_or(u64::MAX, |points| (points + 0.0).to_bits()));
    digest.word(points_state.cast_unsigned());
    digest.text(facts.parent.as_deref());
    digest.number(facts.is_subtask.map(i64::from));
    digest.number(facts.hierarchy_level.map(i64::from));
    digest.finish()
}

/// NULL where the document does not say, empty text where it says that there is none.
fn resolution_column(resolution: Resolution) -> Option<String> {
    match resolution {
        Resolution::Absent => None,
        Resolution::Unresolved => Some(String::new()),
        Resolution::Named(name) => Some(name),
    }
}

fn resolution(column: Option<String>) -> Resolution {
    match column {
        None => Resolution::Absent,
        Some(name) if name.is_empty() => Resolution::Unresolved,
        Some(name) => Resolution::Named(name),
    }
}

/// Points as their two columns.
fn points_columns(points: Points) -> (Option<f64>, i64) {
    match points {
        Points::Known(points) => (Some(points), 0),
        Points::Empty => (None, 1),
        Points::Absent => (None, 2),
        Points::NotRequested => (None, 3),
        Points::Unreadable => (None, 4),
    }
}

fn points(row: &Row<'_>) -> Result<Points> {
    match (row.get(facts::points_state)?, row.get(facts::points)?) {
        (0_i64, Some(points)) => Ok(Points::Known(points)),
        (1, _) => Ok(Points::Empty),
        (2, _) => Ok(Points::Absent),
        (3, _) => Ok(Points::NotRequested),
        (4, _) => Ok(Points::Unreadable),
        _ => Err(row.damaged("jira_cache: points_state is not known")),
    }
}

fn issue_facts(row: &Row<'_>, names: &mut SharedTexts) -> Result<IssueFacts> {
    let mut name = |column| -> Result<Option<Arc<str>>> {
        Ok(row.text(column)?.map(|text| names.share(&text)))
    };
    Ok(IssueFacts {
        project: name(facts::project)?,
        project_id: name(facts::project_id)?,
        issue_type: name(facts::issue_type)?,
        issue_type_id: name(facts::issue_type_id)?,
        status: name(facts::status)?,
        status_id: name(facts::status_id)?,
        status_category: name(facts::status_category)?,
        priority: name(facts::priority)?,
        key: row.get(facts::issue_key)?,
        summary: row.get(facts::summary)?,
        created: time(row, facts::created)?,
        updated: time(row, facts::updated)?,
        resolved: time(row, facts::resolved)?,
        points: points(row)?,
        parent: row.get(facts::parent)?,
        is_subtask: row.get::<Option<i64>>(facts::is_subtask)?.map(|flag| flag != 0),
        hierarchy_level: row
            .get::<Option<i64>>(facts::hierarchy_level)?
            .and_then(|level| level.try_into().ok()),
        left: time(row, facts::left_at)?,
        resolution: resolution(row.get(facts::resolution)?),
    })
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

    fn half_of_issue_facts(
        &self,
        query: &QueryKey,
        half: Half,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<Met> {
        let Some(query) = self.query_row(query)? else { return Ok(Met::default()) };
        let last = self.one(SQL.last_position, params![query], |row| row.get::<i64>(0))?;
        let middle = last.unwrap_or_default() / 2;
        let sql = if half == Half::First { FACTS_UP_TO } else { FACTS_BEYOND };
        self.walk_issue_facts(sql, params![query, middle], visit)
    }

    fn end_halves(&self, query: &QueryKey, [first, second]: [Met; 2]) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        self.expect_count::<Issue>(query, Checked::IssueFacts, first.with(second))
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
            let facts = issue_facts(row, &mut names)?;
            walk.meet(row, facts::position, digest(&facts))?;
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
            let (mut names, mut tape) = (SharedTexts::default(), Tape::new());
            self.each(DERIVED, params![query], |row| {
                let stored = issue_facts(row, &mut names);
                let document = self.decode(&row.blob(DOCUMENT)?).map(Document::from_stored);
                let is_same = match (stored, document) {
                    (Ok(stored), Ok(document)) => {
                        let key = stored.key.clone();
                        let derived =
                            IssueFacts::derive(&key, &document, field.as_deref(), &mut tape);
                        // That it left does not stand in its document.
                        stored == IssueFacts { left: stored.left, ..derived }
                            && row.text(MEMBERSHIP).is_ok_and(|stored| {
                                stored.as_deref()
                                    == membership::of_issue(&document, &mut tape).as_deref()
                            })
                    }
                    _ => false,
                };
                if !is_same {
                    let key = row.get::<String>(0).unwrap_or_default();
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
            let (points, points_state) = points_columns(facts.points);
            let row = params![
                facts.project.as_deref(),
                facts.issue_type.as_deref(),
                facts.status.as_deref(),
                facts.status_category.as_deref(),
                facts.priority.as_deref(),
                facts.summary,
                time_text(facts.created),
                time_text(facts.updated),
                time_text(facts.resolved),
                resolution_column(facts.resolution),
                points,
                points_state,
                facts.parent,
                facts.status_id.as_deref(),
                facts.is_subtask.map(i64::from),
                facts.hierarchy_level.map(i64::from),
                membership::of_issue(&document, &mut tape),
                facts.project_id.as_deref(),
                facts.issue_type_id.as_deref(),
                query,
                position
            ];
            tx.run(SET_FACTS, row).map(drop)
        })?;
        self.recount(Checked::IssueFacts, query)
    }
}
