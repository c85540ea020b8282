//! A workspace with one query, synced against a [`Server`](crate::world::Server).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::{App, Context};
use model::remote::Remote;
use model::{
    CacheHeader, CacheKind, Json, Object, Profile, ProfileId, Query, QueryKey, Settings,
    SyncOutcome, SyncRecord, TaskProgress, TimeZone, Timestamp,
};
use store::{Store, Writer};
use sync::{Silent, SyncControl, SyncOptions};
use tempfile::TempDir;

/// Everything stored, in a form that can be compared: document and histories by key.
pub type Dump = BTreeMap<String, (String, String)>;

/// The workspace, and a second way to its store.
pub struct Workspace {
    pub app: App,
    pub key: QueryKey,
    pub store: Box<dyn Store>,
    folder: TempDir,
}

/// Asks even if what is stored is fresh.
pub const FORCED: SyncOptions =
    SyncOptions { is_full: false, is_forced: true, accepts_loss: false };
/// Fetches everything.
pub const FULL: SyncOptions = SyncOptions { is_full: true, is_forced: false, accepts_loss: false };

/// The query that is synced.
pub fn key() -> QueryKey {
    QueryKey::parse("p", "q").unwrap()
}

/// The time that tests live in.
pub fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

impl Workspace {
    /// A workspace in a database.
    pub fn sqlite() -> Workspace {
        Workspace::over("sqlite:", "burndown.sqlite")
    }

    /// A workspace in the old app's files.
    pub fn json() -> Workspace {
        Workspace::over("json:", "")
    }

    fn over(kind: &str, name: &str) -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("{kind}{}", folder.path().join("profiles").join(name).display());
        let key = key();
        let open = || store::open(&address).unwrap();
        let store = open();
        let workspace =
            Workspace { app: app_over(open(), folder.path(), noon), key, store, folder };
        workspace.put(|writer| {
            writer.put_profile(&profile("{}"))?;
            writer.put_query(&query(&workspace.key))
        });
        workspace
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A second program on the same workspace, at another time.
    pub fn other(&self, clock: fn() -> Timestamp) -> App {
        app_over(store::open(&self.store.address()).unwrap(), self.folder.path(), clock)
    }

    /// Writes behind the app's back.
    pub fn put<R>(&self, work: impl FnOnce(&mut dyn Writer) -> store::Result<R>) -> R {
        self.store.transact(work).unwrap()
    }

    /// Gives the profile another connection.
    pub fn connect(&self, connection: &str) {
        self.put(|writer| writer.put_profile(&profile(connection)));
    }

    pub fn sync(&self, remote: &dyn Remote, options: SyncOptions) -> app::Result<SyncRecord> {
        self.sync_with(remote, options, &Silent)
    }

    pub fn sync_with(
        &self,
        remote: &dyn Remote,
        options: SyncOptions,
        control: &dyn SyncControl,
    ) -> app::Result<SyncRecord> {
        self.app.sync(&self.key, remote, options, control)
    }

    /// A sync that must have everything.
    #[track_caller]
    pub fn synced(&self, remote: &dyn Remote, options: SyncOptions) -> SyncRecord {
        let record = self.sync(remote, options).unwrap();
        assert_eq!(record.outcome, SyncOutcome::Done, "{record:?}");
        record
    }

    pub fn header(&self, kind: CacheKind) -> CacheHeader {
        self.store.read().unwrap().header(&self.key, kind).unwrap().unwrap_or_default()
    }

    pub fn task(&self) -> Option<TaskProgress> {
        self.store.read().unwrap().task(&sync::task_id(&self.key)).unwrap()
    }

    /// The ledger, the last sync first.
    pub fn ledger(&self) -> Vec<SyncRecord> {
        self.app.syncs(&self.key, 100).unwrap()
    }

    /// What the query found last. Issues and changelogs must have the same keys; what left the query
    /// is stored beside it.
    pub fn dump(&self) -> Dump {
        let reader = self.store.read().unwrap();
        let mut left = std::collections::HashSet::new();
        reader
            .each_issue_facts(&self.key, &mut |facts| {
                left.extend(facts.left.map(|_| facts.key));
                Ok(())
            })
            .unwrap();
        let mut histories = BTreeMap::new();
        reader
            .each_changelog(&self.key, &mut |entry| {
                let json = entry.document.to_json().unwrap();
                let list = json.get("changelog").unwrap().get("histories").unwrap().to_compact();
                histories.insert(entry.key, format!(r#"{{"changelog":{{"histories":{list}}}}}"#));
                Ok(())
            })
            .unwrap();
        let mut dump = Dump::new();
        reader
            .each_issue(&self.key, &mut |issue| {
                let history = histories.remove(&issue.key).unwrap_or_default();
                if !left.contains(&issue.key) {
                    dump.insert(issue.key, (issue.document.as_str().to_owned(), history));
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(histories, BTreeMap::new(), "changelogs without an issue");
        dump
    }

    /// The file in which a sync puts what it fetches; `None` once it is stored.
    pub fn stage(&self) -> Option<PathBuf> {
        let folder = self.folder.path().join("profiles").join(".burndown-sync");
        let mut files = std::fs::read_dir(folder).unwrap();
        Some(files.next()?.unwrap().path())
    }
}

/// An app over a store whose workspace is that folder.
pub fn app_over(store: Box<dyn Store>, folder: &Path, clock: fn() -> Timestamp) -> App {
    let context = Context {
        version: "0.0.0".to_owned(),
        zone: TimeZone::UTC,
        clock,
        report: None,
        is_demo: false,
        access: app::access::Access::default(),
    };
    App::new(store, context).in_folder(folder)
}

fn profile(connection: &str) -> Profile {
    Profile {
        id: ProfileId::new("p").unwrap(),
        name: "P".to_owned(),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings { jira_config: Json::parse(connection).ok(), ..Settings::default() },
    }
}

/// A query named Q.
pub fn query(key: &QueryKey) -> Query {
    Query {
        key: key.clone(),
        name: "Q".to_owned(),
        jql: "project = K".to_owned(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: Object::new(),
    }
}
