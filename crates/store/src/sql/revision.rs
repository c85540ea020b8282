//! Revisions of records: a live one carries its own, a removed one is found in `deletions`.

use model::{CacheKind, DeliveryKey, ProfileId, QueryKey, Week};

use super::check::Checked;
use super::driver::{Row, Value, params};
use super::header::kind_number;
use super::tx::SqlTx;
use crate::contract::{ReadRevision, Record, Revision};
use crate::error::Result;

columns! {
    table deletions;
    key profile_id, query_id, noun, item;
    set revision;
}

const PROFILE: &str = "SELECT revision FROM profiles WHERE id = ?";
const QUERY: &str = "SELECT revision FROM queries WHERE profile_id = ? AND id = ?";
const DELIVERY: &str = "SELECT revision FROM deliveries WHERE profile_id = ? AND id = ?";
const STATE: &str = "SELECT revision FROM app_state WHERE key = ?";
const HEADER: &str = "SELECT revision FROM cache_headers WHERE query = ? AND kind = ?";
const ISSUE: &str = "SELECT revision FROM jira_cache WHERE query = ? AND issue_key = ?";
const CHANGELOG: &str =
    "SELECT revision FROM jira_changelog_cache WHERE query = ? AND issue_key = ?";
const PROJECT_DATA: &str = "SELECT revision FROM project_data WHERE query = ?";
const SNAPSHOT: &str = "SELECT s.revision FROM metrics_snapshots s
    JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ? AND s.week = ? AND t.name = ?";

const REMOVED: &str = "SELECT revision FROM deletions
    WHERE profile_id = ? AND query_id = ? AND noun = ? AND item = ?";
const FORGET_PROFILE: &str = "DELETE FROM deletions WHERE profile_id = ?";
const FORGET_RECORDS: &str =
    "DELETE FROM deletions WHERE profile_id = ? AND query_id = ? AND noun = ?";
const FORGET_QUERY: &str = "DELETE FROM deletions WHERE profile_id = ? AND query_id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] =
    &[PROFILE, QUERY, DELIVERY, STATE, HEADER, ISSUE, CHANGELOG, PROJECT_DATA, SNAPSHOT, REMOVED];

/// What went.
#[derive(Debug, Clone, Copy)]
pub(super) enum Removed<'r> {
    /// A profile with everything below it.
    Profile(&'r ProfileId),
    /// A query with everything below it.
    Query(&'r QueryKey),
    /// A delivery.
    Delivery(&'r DeliveryKey),
    /// A key of the app state.
    State(&'r str),
    /// All records of a cache, and its header.
    Cache(&'r QueryKey, CacheKind),
    /// One record of a cache.
    Record(&'r QueryKey, CacheKind, &'r str),
    /// Project data.
    ProjectData(&'r QueryKey),
    /// A snapshot.
    Snapshot(&'r QueryKey, Week, &'r str),
}

/// The key of a row of `deletions`: profile, query, noun, item; empty where it does not apply.
type Place = (String, String, &'static str, String);

fn noun_of_cache(kind: CacheKind) -> &'static str {
    match kind {
        CacheKind::Issues => "issues",
        CacheKind::Changelogs => "changelogs",
    }
}

fn noun_of_record(kind: CacheKind) -> &'static str {
    match kind {
        CacheKind::Issues => "issue",
        CacheKind::Changelogs => "changelog",
    }
}

impl Removed<'_> {
    fn place(self) -> Place {
        let below = |query: &QueryKey, noun, item| {
            (query.profile.to_string(), query.query.to_string(), noun, item)
        };
        match self {
            Removed::Profile(id) => (id.to_string(), String::new(), "profile", String::new()),
            Removed::Query(query) => below(query, "query", String::new()),
            Removed::Delivery(key) => {
                let (profile, item) = (key.profile.to_string(), key.delivery.to_string());
                (profile, String::new(), "delivery", item)
            }
            Removed::State(key) => (String::new(), String::new(), "state", key.to_owned()),
            Removed::Cache(query, kind) => below(query, noun_of_cache(kind), String::new()),
            Removed::Record(query, kind, key) => below(query, noun_of_record(kind), key.to_owned()),
            Removed::ProjectData(query) => below(query, "project_data", String::new()),
            Removed::Snapshot(query, week, metric) => {
                below(query, "snapshot", format!("{} {metric}", week.number()))
            }
        }
    }
}

impl ReadRevision for SqlTx<'_> {
    fn revision(&self) -> Result<Revision> {
        self.expect(Checked::Workspace)?;
        Ok(self.current_revision())
    }

    fn revision_of(&self, record: Record<'_>) -> Result<Option<Revision>> {
        if let Some(revision) = self.live_revision(record)? {
            return Ok(Some(revision));
        }
        let mut newest = None;
        for removed in removals_of(record) {
            newest = newest.max(self.removed_revision(removed)?);
        }
        Ok(newest)
    }
}

fn revision(row: &Row<'_>) -> Result<Revision> {
    row.get(0)
}

/// The removals that a record can have gone with.
fn removals_of(record: Record<'_>) -> Vec<Removed<'_>> {
    fn below<'r>(query: &'r QueryKey, removed: Removed<'r>) -> Vec<Removed<'r>> {
        vec![Removed::Profile(&query.profile), Removed::Query(query), removed]
    }
    fn of_cache<'r>(query: &'r QueryKey, kind: CacheKind, key: &'r str) -> Vec<Removed<'r>> {
        let mut removals = below(query, Removed::Cache(query, kind));
        removals.push(Removed::Record(query, kind, key));
        removals
    }
    match record {
        Record::Profile(id) => vec![Removed::Profile(id)],
        Record::Query(query) => vec![Removed::Profile(&query.profile), Removed::Query(query)],
        Record::Delivery(key) => vec![Removed::Profile(&key.profile), Removed::Delivery(key)],
        Record::State(key) => vec![Removed::State(key)],
        Record::Header(query, kind) => below(query, Removed::Cache(query, kind)),
        Record::Issue(query, key) => of_cache(query, CacheKind::Issues, key),
        Record::Changelog(query, key) => of_cache(query, CacheKind::Changelogs, key),
        Record::ProjectData(query) => below(query, Removed::ProjectData(query)),
        Record::Snapshot(query, week, metric) => {
            below(query, Removed::Snapshot(query, week, metric))
        }
    }
}

impl SqlTx<'_> {
    fn live_revision(&self, record: Record<'_>) -> Result<Option<Revision>> {
        match record {
            Record::Profile(id) => self.one(PROFILE, params![id.as_str()], revision),
            Record::State(key) => self.one(STATE, params![key], revision),
            Record::Delivery(key) => {
                let of = params![key.profile.as_str(), key.delivery.as_str()];
                self.one(DELIVERY, of, revision)
            }
            Record::Query(key) => {
                self.one(QUERY, params![key.profile.as_str(), key.query.as_str()], revision)
            }
            Record::Header(query, kind) => {
                self.revision_below(query, HEADER, kind_number(kind).into())
            }
            Record::Issue(query, key) => self.revision_below(query, ISSUE, key.into()),
            Record::Changelog(query, key) => self.revision_below(query, CHANGELOG, key.into()),
            Record::ProjectData(query) => {
                let Some(row) = self.query_row(query)? else { return Ok(None) };
                self.one(PROJECT_DATA, params![row], revision)
            }
            Record::Snapshot(query, week, metric) => {
                let Some(row) = self.query_row(query)? else { return Ok(None) };
                self.one(SNAPSHOT, params![row, week.number(), metric], revision)
            }
        }
    }

    fn revision_below(
        &self,
        query: &QueryKey,
        sql: &str,
        key: Value<'_>,
    ) -> Result<Option<Revision>> {
        let Some(row) = self.query_row(query)? else { return Ok(None) };
        self.one(sql, &[row.into(), key], revision)
    }

    fn removed_revision(&self, removed: Removed<'_>) -> Result<Option<Revision>> {
        let (profile, query, noun, item) = removed.place();
        self.one(REMOVED, params![profile, query, noun, item], revision)
    }

    /// Notes that something went with this transaction.
    pub(super) fn put_removed(&mut self, removed: Removed<'_>) -> Result<()> {
        let revision = self.written_revision();
        let (profile, query, noun, item) = removed.place();
        // What it held went with it.
        match removed {
            Removed::Profile(_) => self.run(FORGET_PROFILE, params![&profile])?,
            Removed::Query(_) => self.run(FORGET_QUERY, params![&profile, &query])?,
            Removed::Cache(_, kind) => {
                self.run(FORGET_RECORDS, params![&profile, &query, noun_of_record(kind)])?
            }
            _ => 0,
        };
        let row = deletions::Row {
            profile_id: profile.into(),
            query_id: query.into(),
            noun: noun.into(),
            item: item.into(),
            revision: revision.into(),
        };
        self.run(deletions::UPSERT, &row.values()).map(drop)
    }
}
