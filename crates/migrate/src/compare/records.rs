//! Issues, changelogs, project data and snapshots of one file against the store.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use model::{
    CacheHeader, CacheKind, Changelog, ChangelogFacts, Document, Issue, IssueFacts, Json, Object,
    Points, ProjectData, Snapshot, Tape, Week,
};
use store::Record;
use store::legacy::{self, Finding};

use super::Tally;
use super::config::name_members;
use crate::error::Result;
use crate::read::{Batch, Unit};

/// Compares batches of one record file as they are read.
pub(super) struct Records<'u, 't, 'r> {
    unit: &'u Unit,
    /// The setting in force, which columns are derived under.
    points_field: Option<String>,
    tally: &'t mut Tally<'r>,
    tape: Tape,
    /// Place in the file and digest of the typed columns, by key.
    expected: HashMap<String, (u64, u64)>,
    /// What the store has for keys whose document differed so far; a later record with the same
    /// key may be the one that counts.
    differing: BTreeMap<String, Option<Document>>,
    /// Files' JSON and the store's, to be explained when the findings are known.
    pairs: Vec<(Json, Json)>,
}

impl<'u, 't, 'r> Records<'u, 't, 'r> {
    pub fn new(unit: &'u Unit, points_field: Option<String>, tally: &'t mut Tally<'r>) -> Self {
        let (expected, differing, pairs) = (HashMap::new(), BTreeMap::new(), Vec::new());
        Records { unit, points_field, tally, tape: Tape::new(), expected, differing, pairs }
    }

    pub fn take(&mut self, batch: Batch) -> Result<()> {
        match batch {
            Batch::Issues(issues) => self.issues(&issues),
            Batch::Changelogs(changelogs) => self.changelogs(&changelogs),
            Batch::Header(kind, header, original) => self.header(kind, &header, original),
            Batch::ProjectData(data, original) => self.project_data(&data, original),
            Batch::Snapshots(snapshots, original) => self.snapshots(snapshots, original),
            Batch::Quarantined(..) => Ok(()),
        }
    }

    /// Explains the differences between the file's form and the store's.
    pub fn finish(self, findings: &[Finding]) -> Result<()> {
        for (original, rendered) in &self.pairs {
            self.tally.explain(&self.unit.path, original, rendered, findings);
        }
        Ok(())
    }

    fn issues(&mut self, issues: &[Issue]) -> Result<()> {
        let keys: Vec<&str> = issues.iter().map(|issue| issue.key.as_str()).collect();
        let stored = or_named(self.tally.reader.issues(&self.unit.query, &keys), self.tally)?;
        let stored: HashMap<String, Document> = stored
            .unwrap_or_default()
            .into_iter()
            .map(|issue| (issue.key, issue.document))
            .collect();
        for issue in issues {
            let field = self.points_field.as_deref();
            let facts = IssueFacts::derive(&issue.key, &issue.document, field, &mut self.tape);
            self.expect(&issue.key, digest_facts(&facts));
            self.document(&issue.key, &issue.document, stored.get(&issue.key));
        }
        Ok(())
    }

    fn changelogs(&mut self, changelogs: &[Changelog]) -> Result<()> {
        for entry in changelogs {
            let read = self.tally.reader.changelog(&self.unit.query, &entry.key);
            let stored = or_named(read, self.tally)?.flatten();
            let facts = ChangelogFacts::derive(&entry.document, &mut self.tape);
            self.expect(&entry.key, digest_changelog(&facts));
            self.document(&entry.key, &entry.document, stored.map(|entry| entry.document).as_ref());
        }
        Ok(())
    }

    fn expect(&mut self, key: &str, digest: u64) {
        let place = self.expected.len() as u64;
        self.expected
            .entry(key.to_owned())
            .and_modify(|(_, known)| *known = digest)
            .or_insert((place, digest));
    }

    fn document(&mut self, key: &str, wanted: &Document, stored: Option<&Document>) {
        if stored.is_some_and(|stored| stored.means_same(wanted)) {
            self.differing.remove(key);
        } else {
            self.differing.insert(key.to_owned(), stored.cloned());
        }
    }

    fn header(&mut self, kind: CacheKind, wanted: &CacheHeader, original: Object) -> Result<()> {
        let query = &self.unit.query;
        let differing = std::mem::take(&mut self.differing);
        let expected = std::mem::take(&mut self.expected);
        let mut walk =
            Walk { expected, last_place: None, tally: self.tally, unit: self.unit, kind };
        walk.report_documents(&differing)?;
        walk.columns()?;
        match self.tally.reader.header(query, kind)? {
            Some(stored) if stored == *wanted => self.tally.equal(),
            stored => {
                let (left, right) = (render(wanted), render(&stored.unwrap_or_default()));
                let what = || {
                    format!(
                        "cache_headers: {query}: {}",
                        name_members(&left, &right, "expiry or completeness")
                    )
                };
                return self.tally.differs(Record::Header(query, kind), what);
            }
        }
        self.pairs.push((Json::Object(original), render(wanted)));
        Ok(())
    }

    fn project_data(&mut self, wanted: &ProjectData, original: Object) -> Result<()> {
        let query = &self.unit.query;
        let read = self.tally.reader.project_data(query);
        let stored = or_named(read, self.tally)?.flatten();
        let render = |data: &ProjectData| Json::Object(legacy::project_data::encode(data));
        match stored {
            Some(stored) if stored == *wanted => self.tally.equal(),
            stored => {
                let (left, right) = (render(wanted), render(&stored.unwrap_or_default()));
                let what = || {
                    format!(
                        "project_data: {query}: {}",
                        name_members(&left, &right, "completeness")
                    )
                };
                return self.tally.differs(Record::ProjectData(query), what);
            }
        }
        if !original.is_empty() {
            self.pairs.push((Json::Object(original), render(wanted)));
        }
        Ok(())
    }

    fn snapshots(&mut self, wanted: Vec<Snapshot>, original: Object) -> Result<()> {
        let query = &self.unit.query;
        let weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
        let read = self.tally.reader.snapshots_between(query, weeks);
        let stored = or_named(read, self.tally)?.unwrap_or_default();
        let rendered = Json::Object(legacy::snapshot::encode(&wanted));
        let by_key = |snapshot: Snapshot| ((snapshot.week, snapshot.metric.clone()), snapshot);
        let mut stored: BTreeMap<_, _> = stored.into_iter().map(by_key).collect();
        for snapshot in &wanted {
            let record = Record::Snapshot(query, snapshot.week, &snapshot.metric);
            let key = (snapshot.week, snapshot.metric.clone());
            match stored.remove(&key) {
                Some(stored) if stored == *snapshot => self.tally.equal(),
                found => {
                    let how = if found.is_some() { "differs" } else { "is missing" };
                    let what = || format!("metrics_snapshots: {query}: {} {} {how}", key.0, key.1);
                    self.tally.differs(record, what)?;
                }
            }
        }
        for (week, metric) in stored.into_keys() {
            let what = || format!("metrics_snapshots: {query}: {week} {metric} is of no file");
            self.tally.differs(Record::Snapshot(query, week, &metric), what)?;
        }
        self.pairs.push((Json::Object(original), rendered));
        Ok(())
    }
}

/// A damaged record is a difference to name, not a reason to stop comparing.
fn or_named<T>(read: store::Result<T>, tally: &mut Tally<'_>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error @ store::Error::Corrupt { .. }) => {
            tally.unexplained(error.to_string());
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn render(header: &CacheHeader) -> Json {
    let (mut members, after) = legacy::header::encode(header);
    for (name, value) in after {
        members.set(name, value);
    }
    Json::Object(members)
}

/// Walks the store's rows of a cache in stored order.
struct Walk<'w, 't> {
    expected: HashMap<String, (u64, u64)>,
    last_place: Option<u64>,
    tally: &'w mut Tally<'t>,
    unit: &'w Unit,
    kind: CacheKind,
}

impl Walk<'_, '_> {
    fn table(&self) -> &'static str {
        match self.kind {
            CacheKind::Issues => "jira_cache",
            CacheKind::Changelogs => "jira_changelog_cache",
        }
    }

    fn record<'k>(&'k self, key: &'k str) -> Record<'k> {
        match self.kind {
            CacheKind::Issues => Record::Issue(&self.unit.query, key),
            CacheKind::Changelogs => Record::Changelog(&self.unit.query, key),
        }
    }

    /// Documents that differ, and how.
    fn report_documents(&mut self, differing: &BTreeMap<String, Option<Document>>) -> Result<()> {
        for (key, stored) in differing {
            let how = if stored.is_some() { "document differs" } else { "is missing" };
            let what = format!("{}: {}: {key}: {how}", self.table(), self.unit.query);
            let changed = self.tally.is_changed_since(self.record(key))?;
            self.count(changed, what);
            self.expected.remove(key);
        }
        Ok(())
    }

    /// Typed columns and order of every row.
    fn columns(&mut self) -> Result<()> {
        let reader = self.tally.reader;
        let query = &self.unit.query;
        let mut rows: Vec<(String, u64)> = Vec::new();
        let walked = match self.kind {
            CacheKind::Issues => reader.each_issue_facts(query, &mut |facts| {
                rows.push((facts.key.clone(), digest_facts(&facts)));
                Ok(())
            }),
            CacheKind::Changelogs => reader.each_changelog_facts(query, &mut |key, facts| {
                rows.push((key.to_owned(), digest_changelog(&facts)));
                Ok(())
            }),
        };
        or_named(walked, self.tally)?;
        for (key, digest) in rows {
            self.row(&key, digest)?;
        }
        let mut missing: Vec<String> = std::mem::take(&mut self.expected).into_keys().collect();
        missing.sort();
        for key in missing {
            let what = format!("{}: {query}: {key}: no row", self.table());
            let record = self.record(&key);
            let changed = self.tally.is_changed_since(record)?;
            self.count(changed, what);
        }
        Ok(())
    }

    fn row(&mut self, key: &str, digest: u64) -> Result<()> {
        let (table, query) = (self.table(), &self.unit.query);
        let fault = match self.expected.remove(key) {
            None => Some("is of no file, or its document differs"),
            Some((_, expected)) if expected != digest => {
                Some("a typed column is not what its document says")
            }
            Some((place, _)) if self.last_place.is_some_and(|last| last > place) => {
                Some("stands in another order")
            }
            Some((place, _)) => {
                self.last_place = Some(place);
                None
            }
        };
        match fault {
            None => self.tally.equal(),
            Some(fault) => {
                let changed = self.tally.is_changed_since(self.record(key))?;
                self.count(changed, format!("{table}: {query}: {key}: {fault}"));
            }
        }
        Ok(())
    }

    fn count(&mut self, changed: bool, what: String) {
        self.tally.found.compared += 1;
        if changed {
            self.tally.found.changed_since += 1;
        } else {
            self.tally.unexplained(what);
        }
    }
}

fn digest_facts(facts: &IssueFacts) -> u64 {
    let mut hasher = DefaultHasher::new();
    let texts = [
        facts.project.as_deref(),
        facts.issue_type.as_deref(),
        facts.status.as_deref(),
        facts.status_id.as_deref(),
        facts.status_category.as_deref(),
        facts.priority.as_deref(),
        facts.summary.as_deref(),
        facts.parent.as_deref(),
    ];
    (texts, &facts.resolution, facts.is_subtask, facts.hierarchy_level).hash(&mut hasher);
    [facts.created, facts.updated, facts.resolved].hash(&mut hasher);
    std::mem::discriminant(&facts.points).hash(&mut hasher);
    if let Points::Known(points) = facts.points {
        points.to_bits().hash(&mut hasher);
    }
    hasher.finish()
}

fn digest_changelog(facts: &ChangelogFacts) -> u64 {
    let mut hasher = DefaultHasher::new();
    for transition in &facts.transitions {
        (transition.at, &transition.from, &transition.to).hash(&mut hasher);
    }
    for change in &facts.resolutions {
        (change.at, &change.from, &change.to).hash(&mut hasher);
    }
    hasher.finish()
}
