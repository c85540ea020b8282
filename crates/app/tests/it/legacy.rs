//! A workspace of the old app, migrated and then synced with a Jira that has the same issues.

use std::path::{Path, PathBuf};

use model::remote::{Batch, Fetched, Page, Remote, Result, Stub, Traffic, Visit};
use model::{
    CacheKind, Document, IssueFacts, QueryKey, Snapshot, SyncOutcome, Tape, TimeZone, Timestamp,
    Week,
};
use store::{Address, Store};
use sync::{Silent, SyncOptions};

use crate::workspace::{app_over, noon};

/// A Jira that has what an old cache has, and says when each issue was changed.
struct Replay(Vec<Fetched>);

impl Replay {
    fn of(store: &dyn Store, key: &QueryKey) -> Replay {
        let mut issues = Vec::new();
        let reader = store.read().unwrap();
        reader
            .each_issue(key, &mut |issue| {
                let id = issues.len().to_string();
                issues.push(fetched(id, issue.key, &issue.document));
                Ok(())
            })
            .unwrap();
        Replay(issues)
    }
}

/// The issue as Jira would send it with the fields that a sync asks for.
fn fetched(id: String, key: String, document: &Document) -> Fetched {
    let mut tape = Tape::new();
    let mut text = document.as_str().to_owned();
    let known = IssueFacts::derive(&key, document, None, &mut tape).updated;
    let updated: Timestamp = known.unwrap_or_else(|| "2025-12-20T10:00:00Z".parse().unwrap());
    if known.is_none() {
        let fields = text.find(r#""fields":{"#).unwrap() + r#""fields":{"#.len();
        text.insert_str(fields, r#""updated":"2025-12-20T10:00:00.000Z","#);
    }
    Fetched {
        stub: Stub { id, key, updated: Some(updated) },
        document: Document::parse(&text, &mut tape).unwrap(),
        changelog: Document::parse(r#"{"changelog":{"histories":[]}}"#, &mut tape).unwrap(),
        histories_told: Some(0),
        histories_received: 0,
    }
}

impl Remote for Replay {
    fn sweep(&self, _: &str, visit: &mut Visit<'_>) -> Result<()> {
        let stubs = self.0.iter().map(|issue| issue.stub.clone()).collect();
        Ok(visit(Page::Stubs { stubs, of: None })?)
    }

    fn fetch_ids_max(&self) -> usize {
        100
    }

    fn fetch(&self, ids: &[&str], _: &[String]) -> Result<Batch> {
        let wanted = self.0.iter().filter(|issue| ids.contains(&issue.stub.id.as_str()));
        Ok(Batch { issues: wanted.cloned().collect(), ..Batch::default() })
    }

    fn standard_fields(&self) -> Vec<String> {
        jira::standard_fields(&[])
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Unpacks a workspace of the old app; `None` (said) where it is not there.
fn unpacked(archive: &Path, name: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    if !archive.is_file() {
        println!("skipped: no {name}.tar.gz in the test data (BURNDOWN_TEST_DATA)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::open(archive).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path()).unwrap();
    let path = folder.path().join(name);
    Some((folder, path))
}

/// A sample of the old app by name; `None` (said) where it is not there.
pub fn sample(name: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    let data = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
    let data = data.unwrap_or_else(|| root().join("../shared/data")).join("legacy");
    let own = root().join(format!("fixtures/legacy/{name}.tar.gz"));
    let archive = if own.is_file() { own } else { data.join(format!("{name}.tar.gz")) };
    unpacked(&archive, name)
}

pub fn migrated(path: &Path) -> Box<dyn Store> {
    let job = migrate::Job {
        source: path.to_owned(),
        workspace: path.to_owned(),
        now: noon(),
        zone: TimeZone::UTC,
        program_version: "0.0.0".to_owned(),
        again: false,
    };
    migrate::migrate(&job, &|_| {}).unwrap();
    Address::Sqlite(migrate::database_path(path)).open().unwrap()
}

/// Snapshots that only the old app writes.
fn old_snapshots(store: &dyn Store, key: &QueryKey) -> Vec<Snapshot> {
    let weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    let mut rows = store.read().unwrap().snapshots_between(key, weeks).unwrap();
    rows.retain(|row| !["throughput", "forecast"].contains(&row.metric.as_str()));
    rows
}

fn check_query(path: &Path, store: &dyn Store, key: &QueryKey) {
    let remote = Replay::of(store, key);
    let app = app_over(Address::Sqlite(migrate::database_path(path)).open().unwrap(), path, noon);
    let before = store.read().unwrap().project_data(key).unwrap();
    let snapshots = old_snapshots(store, key);
    let record = app.sync(key, &remote, SyncOptions::default(), &Silent).unwrap();
    let issues = remote.0.len() as u64;
    assert_eq!((record.outcome, record.received), (SyncOutcome::Done, issues), "{key}");
    assert_eq!((record.new, record.gone), (0, 0), "{key}");
    let reader = store.read().unwrap();
    assert_eq!(reader.project_data(key).unwrap(), before, "{key}: statistics stay");
    let mut still = old_snapshots(store, key);
    still.retain(|row| snapshots.iter().any(|old| old.metric == row.metric));
    assert_eq!(still, snapshots, "{key}: old weeks stay");
    assert_eq!(reader.issue_count(key).unwrap(), issues);
    assert_eq!(reader.changelog_count(key).unwrap(), issues);
    let header = reader.header(key, CacheKind::Issues).unwrap().unwrap();
    assert_eq!((header.partial, header.fetched_at.unwrap().at), (None, Some(noon())));
    drop(reader);
    let forced = SyncOptions { is_forced: true, ..SyncOptions::default() };
    let again = app.sync(key, &remote, forced, &Silent).unwrap();
    assert_eq!((again.asked, again.unchanged), (0, issues), "{key}: nothing is left to fetch");
}

fn check(name: &str) {
    let Some((_folder, path)) = sample(name) else { return };
    let store = migrated(&path);
    let reader = store.read().unwrap();
    let mut keys = Vec::new();
    for profile in reader.profiles().unwrap() {
        let queries = reader.queries(&profile.id).unwrap();
        let asks = queries.into_iter().filter(|q| q.issues > 0 && !q.jql.is_empty());
        keys.extend(asks.map(|query| query.key));
    }
    drop(reader);
    assert!(!keys.is_empty(), "{name}");
    keys.iter().for_each(|key| check_query(&path, &*store, key));
    assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn history_goes_on_from_where_the_old_app_stopped() {
    ["small", "multi", "real"].into_iter().for_each(check);
}
