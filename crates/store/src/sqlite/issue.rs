//! The table `jira_cache`.

use model::{
    CacheHeader, CacheKind, Document, Issue, IssueFacts, Points, QueryKey, Resolution, Settings,
    Tape,
};
use rusqlite::{Row, params};

use super::cache::{Cached, Place, Sql};
use super::codec::Noun;
use super::column::{json, time, time_text};
use super::error::damaged;
use super::shared_text::SharedTexts;
use super::tx::SqliteTx;
use crate::contract::{ReadIssue, WriteIssue};
use crate::error::Result;

const SQL: Sql = Sql {
    one: "SELECT issue_key, document FROM jira_cache WHERE query = ?1 AND issue_key = ?2",
    each: "SELECT issue_key, document FROM jira_cache WHERE query = ?1 ORDER BY position",
    last_position: "SELECT position FROM jira_cache WHERE query = ?1 ORDER BY position DESC LIMIT 1",
    remove: "DELETE FROM jira_cache WHERE query = ?1",
    remove_one: "DELETE FROM jira_cache WHERE query = ?1 AND issue_key = ?2",
};
const FACTS: &str = "SELECT issue_key, project, issue_type, status, status_category, priority,
    summary, created, updated, resolved, points, points_state, parent, resolution
    FROM jira_cache WHERE query = ?1 ORDER BY position";
const POINTS_FIELD: &str = "SELECT p.jira_config, p.field_mappings FROM queries q
    JOIN profiles p ON p.id = q.profile_id WHERE q.row = ?1";
const PUT: &str = "INSERT INTO jira_cache (query, position, issue_key, project, issue_type, status,
    status_category, priority, summary, created, updated, resolved, points, points_state, parent,
    revision, document, resolution)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
    ON CONFLICT (query, issue_key) DO UPDATE SET project = excluded.project,
    issue_type = excluded.issue_type, status = excluded.status,
    status_category = excluded.status_category, priority = excluded.priority,
    summary = excluded.summary, created = excluded.created, updated = excluded.updated,
    resolved = excluded.resolved, points = excluded.points, points_state = excluded.points_state,
    parent = excluded.parent, revision = excluded.revision, document = excluded.document,
    resolution = excluded.resolution
    RETURNING position";
const CHUNK: &str = "SELECT position, document FROM jira_cache
    WHERE query = ?1 AND position > ?2 ORDER BY position LIMIT 500";
const SET_POINTS: &str =
    "UPDATE jira_cache SET points = ?3, points_state = ?4 WHERE query = ?1 AND position = ?2";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] =
    &[SQL.one, SQL.each, SQL.last_position, FACTS, POINTS_FIELD, CHUNK];

impl Cached for Issue {
    const KIND: CacheKind = CacheKind::Issues;
    const NOUN: Noun = Noun::Issue;
    const NAME: &'static str = "issues";
    const KEY_NAME: &'static str = "issue.key";
    const SQL: Sql = SQL;
    type Settings = Option<String>;

    fn new(key: String, document: Document) -> Issue {
        Issue { key, document }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn document(&self) -> &Document {
        &self.document
    }

    fn settings(tx: &SqliteTx<'_>, query: i64) -> Result<Option<String>> {
        let field = tx.one(POINTS_FIELD, [query], |row| {
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
        tx: &mut SqliteTx<'_>,
        place: Place,
        points_field: &Option<String>,
    ) -> Result<i64> {
        let document = tx.encode(self.document.as_str())?;
        let facts =
            IssueFacts::derive(&self.key, &self.document, points_field.as_deref(), &mut tx.tape);
        let (points, points_state) = points_columns(facts.points);
        let row = params![
            place.query,
            place.position,
            facts.key,
            facts.project,
            facts.issue_type,
            facts.status,
            facts.status_category,
            facts.priority,
            facts.summary,
            time_text(facts.created),
            time_text(facts.updated),
            time_text(facts.resolved),
            points,
            points_state,
            facts.parent,
            place.revision,
            document,
            resolution_column(facts.resolution),
        ];
        tx.one(PUT, row, |row| row.get(0))?.ok_or_else(|| tx.damaged("jira_cache: no position"))
    }
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

fn points(points: Option<f64>, state: i64) -> rusqlite::Result<Points> {
    match (state, points) {
        (0, Some(points)) => Ok(Points::Known(points)),
        (1, _) => Ok(Points::Empty),
        (2, _) => Ok(Points::Absent),
        (3, _) => Ok(Points::NotRequested),
        (4, _) => Ok(Points::Unreadable),
        _ => Err(damaged("jira_cache: points_state is not known")),
    }
}

/// By number and not by name: this runs for every issue of a query.
fn facts(row: &Row<'_>, names: &mut SharedTexts) -> rusqlite::Result<IssueFacts> {
    let mut name = |column: usize| names.share(row.get_ref(column)?);
    Ok(IssueFacts {
        project: name(1)?,
        issue_type: name(2)?,
        status: name(3)?,
        status_category: name(4)?,
        priority: name(5)?,
        key: row.get(0)?,
        summary: row.get(6)?,
        created: time(row, 7)?,
        updated: time(row, 8)?,
        resolved: time(row, 9)?,
        points: points(row.get(10)?, row.get(11)?)?,
        parent: row.get(12)?,
        resolution: resolution(row.get(13)?),
    })
}

impl ReadIssue for SqliteTx<'_> {
    fn issue(&self, query: &QueryKey, key: &str) -> Result<Option<Issue>> {
        self.cached(query, key)
    }

    fn issues(&self, query: &QueryKey, keys: &[&str]) -> Result<Vec<Issue>> {
        let found = keys.iter().map(|key| self.issue(query, key));
        found.filter_map(Result::transpose).collect()
    }

    fn each_issue(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Issue) -> Result<()>,
    ) -> Result<()> {
        self.each_cached(query, visit)
    }

    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let mut names = SharedTexts::default();
        self.each(FACTS, [query], |row| {
            visit(facts(row, &mut names).map_err(|error| self.fail(&error))?)
        })
    }

    fn issue_count(&self, query: &QueryKey) -> Result<u64> {
        self.cached_count(query, CacheKind::Issues)
    }
}

impl WriteIssue for SqliteTx<'_> {
    fn put_issues(&mut self, query: &QueryKey, issues: &[Issue]) -> Result<()> {
        self.put_cached(query, issues)
    }

    fn replace_issues(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        issues: &mut dyn Iterator<Item = Issue>,
    ) -> Result<()> {
        self.replace_cached(query, header, issues)
    }

    fn remove_issues_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        self.remove_cached_of::<Issue>(query, keys)
    }

    fn remove_issues(&mut self, query: &QueryKey) -> Result<u64> {
        self.remove_cached::<Issue>(query)
    }
}

impl SqliteTx<'_> {
    /// Derives the points of all issues of a query from their documents. The documents did not
    /// change, so the revisions stay.
    pub fn derive_points_anew(&mut self, query: i64, points_field: Option<&str>) -> Result<()> {
        let mut tape = Tape::new();
        let mut after = -1_i64;
        loop {
            // In chunks: rows must not change under a statement that walks over them.
            let chunk = self.all(CHUNK, params![query, after], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            let Some((last, _)) = chunk.last() else { return Ok(()) };
            after = *last;
            for (position, blob) in chunk {
                let document = Document::from_stored(self.decode(&blob)?);
                let facts = IssueFacts::derive("", &document, points_field, &mut tape);
                let (points, points_state) = points_columns(facts.points);
                self.run(SET_POINTS, params![query, position, points, points_state])?;
            }
        }
    }
}
