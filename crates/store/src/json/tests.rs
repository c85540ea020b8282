//! What is special to the JSON backend: crashes at every step, legacy folders, foreign hands.

mod crash;

use std::collections::BTreeMap;
use std::path::Path;

use model::{
    CacheHeader, CacheKind, Document, Issue, Json, Profile, ProfileId, Query, QueryKey, Settings,
    Tape,
};
use tempfile::TempDir;

use super::JsonStore;
use super::layout::{LEDGER, WORK_FOLDER};
use crate::Error;
use crate::contract::{Maintenance, Reader, Store};

fn key() -> QueryKey {
    QueryKey::parse("p", "q").unwrap()
}

fn profile(id: &str, name: &str) -> Profile {
    Profile {
        id: ProfileId::new(id).unwrap(),
        name: name.to_owned(),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings::default(),
    }
}

fn query(key: &QueryKey) -> Query {
    Query {
        key: key.clone(),
        name: "Bugs".into(),
        jql: String::new(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: Default::default(),
    }
}

fn issue(key: &str) -> Issue {
    let text = format!(r#"{{"key":"{key}","fields":{{}}}}"#);
    Issue { key: key.into(), document: Document::parse(&text, &mut Tape::new()).unwrap() }
}

fn put(folder: &Path, place: &str, text: &str) {
    let path = super::layout::absolute(folder, place);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn text(folder: &Path, place: &str) -> String {
    std::fs::read_to_string(super::layout::absolute(folder, place)).unwrap()
}

#[test]
fn what_gets_its_name_is_on_the_disk_before_and_its_folder_after() {
    let folder = TempDir::new().unwrap();
    let store = JsonStore::open(folder.path()).unwrap();
    let steps = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&steps);
    files::watched(
        move |done| told.lock().unwrap().push(done.clone()),
        || {
            let store: &dyn Store = &store;
            store.transact(|writer| writer.put_profile(&profile("p", "One"))).unwrap();
        },
    );
    let steps = steps.lock().unwrap();
    let is_journal = |place: &Path| place.parent().is_some_and(|it| it.ends_with(WORK_FOLDER));
    let journal = steps.iter().position(|done| done.to.as_deref().is_some_and(is_journal)).unwrap();
    let flushes = |done: &&files::Done| done.act == files::Act::Flush;
    let is_staged = |done: &&files::Done| done.place.parent().is_some_and(|it| it.ends_with("new"));
    // From the journal on, what is staged counts.
    assert!(steps[..journal].iter().filter(flushes).any(|done| is_staged(&done)), "{steps:?}");
    assert!(!steps[journal..].iter().filter(flushes).any(|done| is_staged(&done)));
    assert!(steps[journal..].iter().filter(flushes).any(|done| done.place.ends_with("p")));
}

/// All files of a folder with their content.
fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = listing(&path).into_iter();
            found.extend(below.map(|(place, bytes)| (format!("{name}/{place}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A folder as v2.4.1 leaves it.
fn legacy_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    put(
        at,
        "profiles.json",
        r#"{"version":"3.0","active_profile_id":"p","active_query_id":"main","profiles":{"p":{"id":"p","name":"Zürich","description":"Prüfung","queries":["gone"],"jira_config":{"token":"registry secret"}}},"unheard":1}"#,
    );
    put(
        at,
        "p/profile.json",
        r#"{"id":"p","name":"ZÃ¼rich","description":"PrÃƒÂ¼fung","last_used":"2025-12-22T17:09:33.638444","jira_config":{"base_url":"https://jira.example","token":"file secret"},"queries":[],"show_points":["show"]}"#,
    );
    put(at, "p/queries/q/query.json", r#"{"name":"Bugs","jql":"project = A"}"#);
    put(
        at,
        "p/queries/q/jira_cache.json",
        r#"{"cache_version":"2.0","timestamp":"2025-12-22T16:05:02.176551+00:00","issues":[{"key":"A-1","n":1},{"no":"key"},{"key":"A-2"},{"key":"A-1","n":2}],"total_issues":4,"jql_hash":"00"}"#,
    );
    put(
        at,
        "p/queries/q/jira_changelog_cache.json",
        r#"{"A-1":{"key":"A-1","changelog":{"histories":[]}},"timestamp":"2025-12-22T17:09:33","issues":[{"key":"A-9","changelog":{}}]}"#,
    );
    put(at, "p/queries/q/metrics_snapshots.json", r#"{"2025-44":{"m":{"v":1}},"someday":5}"#);
    put(at, "p/queries/main/project_data.json", r#"{"statistics":[]}"#);
    put(at, "cache/x.json", "{}");
    folder
}

fn read_everything(reader: &dyn Reader) -> String {
    let mut seen = format!("{:?} {:?}", reader.profiles().unwrap(), reader.states().unwrap());
    for summary in reader.profiles().unwrap() {
        seen += &format!("{:?}", reader.profile(&summary.id).unwrap());
        for summary in reader.queries(&summary.id).unwrap() {
            let key = &summary.key;
            seen += &format!("{summary:?} {:?}", reader.query(key).unwrap());
            let mut each = |text: String| {
                seen += &text;
                Ok(())
            };
            reader.each_issue(key, &mut |issue| each(format!("{issue:?}"))).unwrap();
            reader.each_changelog(key, &mut |entry| each(format!("{entry:?}"))).unwrap();
            seen += &format!("{:?}", reader.header(key, CacheKind::Issues).unwrap());
            seen += &format!("{:?}", reader.header(key, CacheKind::Changelogs).unwrap());
            seen += &format!("{:?}", reader.project_data(key).unwrap());
            seen += &format!("{:?}", reader.snapshots(key, 99).unwrap());
        }
    }
    seen
}

fn seen_in(folder: &Path) -> String {
    let store = JsonStore::open(folder).unwrap();
    let seen = read_everything(&*store.read().unwrap());
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    seen
}

#[test]
fn reading_leaves_a_legacy_folder_as_it_was() {
    let folder = legacy_folder();
    let before = listing(folder.path());
    let store = JsonStore::open(folder.path()).unwrap();
    let reader = store.read().unwrap();
    let seen = read_everything(&*reader);
    store.check_integrity().unwrap();
    store.size_bytes().unwrap();
    store.compact().unwrap();
    assert_eq!(listing(folder.path()), before);
    for part in [
        "Zürich",
        "Prüfung",
        "2025-12-22T17:09:33.638444",
        "project = A",
        "A-9",
        "Week(2912)",
        "https://",
    ] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    assert!(!seen.contains("secret"));
    assert_eq!(reader.issue_count(&key()).unwrap(), 2);
    let twin = reader.issue(&key(), "A-1").unwrap().unwrap();
    assert_eq!(twin.document.as_str(), r#"{"key":"A-1","n":2}"#);
    assert_eq!(reader.state("active_query_id").unwrap().as_deref(), Some("main"));
    assert_eq!(reader.revision_of(crate::Record::Query(&key())).unwrap(), Some(0));
}

#[test]
fn a_view_of_a_legacy_folder_outlives_writes() {
    let folder = legacy_folder();
    let store = JsonStore::open(folder.path()).unwrap();
    let reader = store.read().unwrap();
    let dynamic: &dyn Store = &store;
    for name in ["One", "Two"] {
        dynamic
            .transact(|writer| {
                writer.rename_profile(&key().profile, name)?;
                writer.put_issues(&key(), &[issue(name)])
            })
            .unwrap();
    }
    assert_eq!(reader.profile(&key().profile).unwrap().unwrap().name, "Zürich");
    assert_eq!(reader.issue_count(&key()).unwrap(), 2);
    assert_eq!(dynamic.read().unwrap().issue_count(&key()).unwrap(), 4);
}

#[test]
fn a_view_without_a_lock_notices_another_program() {
    let folder = legacy_folder();
    let (one, two) =
        (JsonStore::open(folder.path()).unwrap(), JsonStore::open(folder.path()).unwrap());
    let reader = one.read().unwrap();
    let two: &dyn Store = &two;
    two.transact(|writer| writer.put_issues(&key(), &[issue("A-3")])).unwrap();
    let told = reader.issue_count(&key());
    assert!(matches!(told, Err(Error::Unreachable { why, .. }) if why.contains("read it again")));
}

#[test]
fn secrets_stay_where_they_are() {
    let folder = legacy_folder();
    let store = JsonStore::open(folder.path()).unwrap();
    let dynamic: &dyn Store = &store;
    dynamic
        .transact(|writer| {
            let mut profile = writer.profile(&key().profile)?.unwrap();
            profile.settings.jira_config =
                Some(Json::parse(r#"{"base_url":"https://new.example"}"#).unwrap());
            writer.put_profile(&profile)?;
            writer.rename_profile(&profile.id, "Other")
        })
        .unwrap();
    let file = text(folder.path(), "p/profile.json");
    assert!(file.contains("\"token\": \"file secret\"") && file.contains("https://new.example"));
    assert!(text(folder.path(), "profiles.json").contains("registry secret"));
    assert!(!text(folder.path(), LEDGER).contains("secret"));
    let profile = dynamic.read().unwrap().profile(&key().profile).unwrap().unwrap();
    assert!(!format!("{profile:?}").contains("secret"));
}

#[test]
fn the_registry_keeps_step() {
    let folder = legacy_folder();
    let store = JsonStore::open(folder.path()).unwrap();
    let dynamic: &dyn Store = &store;
    dynamic
        .transact(|writer| {
            writer.put_query(&query(&QueryKey::parse("p", "more").unwrap()))?;
            writer.put_profile(&profile("new", "New"))?;
            writer.put_state("active_profile_id", "new")?;
            writer.remove_state("active_query_id").map(drop)
        })
        .unwrap();
    let want = r#"{
  "version": "3.0",
  "active_profile_id": "new",
  "active_query_id": null,
  "unheard": 1,
  "profiles": {
    "p": {
      "id": "p",
      "name": "Zürich",
      "description": "Prüfung",
      "queries": [
        "main",
        "more",
        "q"
      ],
      "jira_config": {
        "token": "registry secret"
      }
    },
    "new": {
      "id": "new",
      "name": "New",
      "queries": []
    }
  }
}"#;
    assert_eq!(text(folder.path(), "profiles.json"), want);
    dynamic
        .transact(|writer| {
            writer.rename_profile(&key().profile, "Other")?;
            writer.remove_profile(&ProfileId::new("new").unwrap())?;
            writer.remove_query(&key()).map(drop)
        })
        .unwrap();
    let registry = Json::parse(&text(folder.path(), "profiles.json")).unwrap();
    let profiles = registry.get("profiles").unwrap();
    assert_eq!(profiles.as_object().unwrap().len(), 1);
    let entry = profiles.get("p").unwrap();
    assert_eq!(entry.get("name"), Some(&Json::text("Other")));
    assert_eq!(entry.get("queries").unwrap().to_compact(), r#"["main","more"]"#);
}

#[test]
fn files_are_laid_out_as_the_old_app_does() {
    let folder = legacy_folder();
    let store = JsonStore::open(folder.path()).unwrap();
    let dynamic: &dyn Store = &store;
    dynamic.transact(|writer| writer.put_issues(&key(), &[issue("A-3")])).unwrap();
    let want = r#"{
  "cache_version": "2.0",
  "timestamp": "2025-12-22T16:05:02.176551+00:00",
  "total_issues": 4,
  "jql_hash": "00",
  "issues": [
    {
      "key": "A-1",
      "n": 2
    },
    {
      "no": "key"
    },
    {
      "key": "A-2"
    },
    {
      "key": "A-3",
      "fields": {}
    }
  ]
}"#;
    assert_eq!(text(folder.path(), "p/queries/q/jira_cache.json"), want);
}

#[test]
fn details_of_a_file_that_the_old_app_rewrote_no_longer_count() {
    let folder = TempDir::new().unwrap();
    let store = JsonStore::open(folder.path()).unwrap();
    let dynamic: &dyn Store = &store;
    let header = CacheHeader {
        partial: Some("cut".into()),
        expires_at: Some("2030-01-01T00:00:00Z".parse().unwrap()),
        ..CacheHeader::default()
    };
    dynamic
        .transact(|writer| {
            writer.put_profile(&profile("p", "P"))?;
            writer.put_query(&query(&key()))?;
            writer.replace_issues(&key(), &header, &mut [issue("A-1")].into_iter())
        })
        .unwrap();
    put(
        folder.path(),
        "p/queries/q/jira_cache.json",
        r#"{"timestamp":"2026-01-01T00:00:00+00:00","issues":[{"key":"B-1"},{"key":"B-2"}]}"#,
    );
    let reader = dynamic.read().unwrap();
    assert_eq!(reader.issue_count(&key()).unwrap(), 2);
    let header = reader.header(&key(), CacheKind::Issues).unwrap().unwrap();
    let tomorrow = "2026-01-02T00:00:00Z".parse().unwrap();
    assert_eq!((header.partial, header.expires_at), (None, Some(tomorrow)));
}

#[test]
fn damage_is_named() {
    for (place, damage) in [
        ("p/profile.json", "{\"name\":"),
        ("p/queries/q/query.json", "[]"),
        ("p/queries/q/jira_cache.json", "{\"issues\":[{\"key\":\"A-1\"},"),
        ("p/queries/q/jira_changelog_cache.json", "{\"A-1\":{\"changelog\":{]}}"),
        ("p/queries/q/metrics_snapshots.json", "\0\0\0"),
    ] {
        let folder = legacy_folder();
        put(folder.path(), place, damage);
        let store = JsonStore::open(folder.path()).unwrap();
        let findings = store.check_integrity().unwrap();
        assert!(findings.iter().any(|finding| finding.contains(place)), "{place}: {findings:?}");
        assert_eq!(text(folder.path(), place), damage);
    }
}

#[test]
fn a_newer_or_foreign_place_is_refused() {
    let folder = legacy_folder();
    put(folder.path(), LEDGER, r#"{"version":2,"revision":1}"#);
    let refused = JsonStore::open(folder.path()).map(drop);
    assert!(matches!(refused, Err(Error::TooNew { found: 2, supported: 1, .. })));
    put(folder.path(), LEDGER, r#"{"version":1}"#);
    assert!(matches!(JsonStore::open(folder.path()), Err(Error::Corrupt { .. })));
    let file = folder.path().join("profiles.json");
    assert!(matches!(JsonStore::open(&file), Err(Error::Foreign { .. })));
}

#[test]
fn names_of_own_files_are_no_ids() {
    let folder = TempDir::new().unwrap();
    let store = JsonStore::open(folder.path()).unwrap();
    let dynamic: &dyn Store = &store;
    for id in ["profiles.json", "Burndown.json", ".burndown-json"] {
        let refused = dynamic.transact(|writer| writer.put_profile(&profile(id, "X")));
        assert!(matches!(refused, Err(Error::Invalid { field: "profile.id", .. })), "{id}");
    }
}

#[test]
fn a_writer_waits_no_longer_than_the_timeout() {
    let folder = TempDir::new().unwrap();
    let one = JsonStore::open(folder.path()).unwrap();
    let two = JsonStore { busy_timeout_ms: 20, ..JsonStore::open(folder.path()).unwrap() };
    let _writer = one.write().unwrap();
    assert!(matches!(two.write().map(drop), Err(Error::Busy { .. })));
    let three = JsonStore { busy_timeout_ms: 20, ..JsonStore::open(folder.path()).unwrap() };
    let _held = two.turn.take(folder.path(), 0).unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| matches!(two.write().map(drop), Err(Error::Busy { .. })));
        assert!(waits.join().unwrap());
    });
    assert!(matches!(three.write().map(drop), Err(Error::Busy { .. })));
    assert_eq!(three.read().unwrap().profiles().unwrap(), []);
}

/// A folder may come from somebody else, with an unfinished write of his making.
#[test]
fn a_journal_does_not_lead_out_of_its_folder() {
    let outer = TempDir::new().unwrap();
    let at = outer.path().join("a/profiles");
    for place in ["../../evil", "../evil", "p/../../../evil", "/tmp/../evil", "", ".", "p//x"] {
        for step in
            [format!(r#"{{"put":"{place}","from":0}}"#), format!(r#"{{"remove":"{place}"}}"#)]
        {
            put(&at, "p/profile.json", r#"{"name":"P"}"#);
            put(outer.path(), "precious", "mine");
            for name in ["write.lock", "publish.lock", "readers.lock", "old/x"] {
                put(&at, &format!("{WORK_FOLDER}/{name}"), "");
            }
            put(&at, &format!("{WORK_FOLDER}/new/0"), "evil");
            put(
                &at,
                &format!("{WORK_FOLDER}/journal.json"),
                &format!(r#"{{"revision":7,"steps":[{step}]}}"#),
            );
            let wrote = JsonStore::open(&at).and_then(|store| {
                let dynamic: &dyn Store = &store;
                dynamic.transact(|writer| writer.put_profile(&profile("p", "Q")))
            });
            assert!(matches!(wrote, Err(Error::Corrupt { .. })), "{step}: {wrote:?}");
            assert_eq!(text(&at, "p/profile.json"), r#"{"name":"P"}"#, "{step}");
            let outside = listing(outer.path());
            assert!(outside.keys().all(|name| !name.ends_with("evil")), "{step}: {outside:?}");
            std::fs::remove_dir_all(&at).unwrap();
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn links_are_not_followed() {
        let (folder, outside) = (legacy_folder(), legacy_folder());
        let before = listing(outside.path());
        let (at, there) = (folder.path(), outside.path());
        symlink(there.join("p"), at.join("linked")).unwrap();
        std::fs::create_dir_all(at.join("half")).unwrap();
        symlink(there.join("p/queries"), at.join("half/queries")).unwrap();
        put(at, "half/profile.json", r#"{"name":"Half"}"#);
        std::fs::remove_file(at.join("p/queries/q/jira_cache.json")).unwrap();
        symlink(there.join("p/queries/q/jira_cache.json"), at.join("p/queries/q/jira_cache.json"))
            .unwrap();
        let store = JsonStore::open(at).unwrap();
        let dynamic: &dyn Store = &store;
        let reader = dynamic.read().unwrap();
        let ids: Vec<_> = reader.profiles().unwrap().into_iter().map(|p| p.id).collect();
        assert_eq!(ids.iter().map(ProfileId::as_str).collect::<Vec<_>>(), ["p", "half"]);
        assert_eq!(reader.issue_count(&key()).unwrap(), 0);
        drop(reader);
        let through = dynamic
            .transact(|writer| writer.put_query(&query(&QueryKey::parse("half", "x").unwrap())));
        assert!(matches!(through, Err(Error::Unreachable { .. })));
        let through = dynamic.transact(|writer| writer.put_profile(&profile("linked", "L")));
        assert!(matches!(through, Err(Error::Unreachable { .. })));
        dynamic.transact(|writer| writer.put_issues(&key(), &[issue("NEW-1")])).unwrap();
        dynamic.transact(|writer| writer.remove_profile(&key().profile)).unwrap();
        assert_eq!(listing(outside.path()), before);
    }

    #[test]
    fn only_the_owner_reads_new_files() {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("profiles");
        let store = JsonStore::open(&folder).unwrap();
        let dynamic: &dyn Store = &store;
        dynamic.transact(|writer| writer.put_profile(&profile("p", "P"))).unwrap();
        let mode = |place: &str| {
            std::fs::metadata(folder.join(place)).unwrap().permissions().mode() & 0o777
        };
        assert_eq!((mode(""), mode("p"), mode("p/profile.json")), (0o700, 0o700, 0o600));
    }
}
