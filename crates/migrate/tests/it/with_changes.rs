//! Back with the work done since, and forward again: nothing is there twice, comes back, or is forgotten.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use migrate::Job;
use model::{CacheKind, QueryKey, Timestamp};

use super::old_database::{changed, files as files_of};
use super::workspace::{Workspace, findings, json, query_keys, silent};

const PROFILE: &str = "profiles/p_a7b6725386c3";
const QUERY: &str = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190";

fn now() -> Timestamp {
    "2026-01-06T08:00:00Z".parse().unwrap()
}

fn back_and_again(workspace: &Workspace) -> Vec<QueryKey> {
    migrate::rollback(&workspace.path, true, now()).unwrap();
    migrate::migrate(&Job { again: true, ..workspace.job() }, &silent).unwrap();
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    query_keys(&*workspace.store().read().unwrap())
}

/// Copies a folder of a workspace.
fn copy(workspace: &Workspace, from: &str, to: &str) {
    for (path, bytes) in workspace.legacy_files() {
        if let Some(rest) = path.strip_prefix(&format!("{from}/")) {
            workspace.write(&format!("{to}/{rest}"), &bytes);
        }
    }
}

fn root_files() -> Workspace {
    let small = Workspace::small();
    let workspace = Workspace::with(&[]);
    for name in ["jira_cache.json", "project_data.json", "metrics_snapshots.json"] {
        let bytes = fs::read(small.path.join(QUERY).join(name)).unwrap();
        workspace.write(name, &bytes);
    }
    workspace.write("app_settings.json", br#"{"deadline":"2026-06-30","jql_query":"project = A"}"#);
    workspace
}

#[test]
fn deleted_profiles_and_queries_stay_away() {
    let workspace = Workspace::small();
    copy(&workspace, QUERY, &format!("{PROFILE}/queries/q_gone"));
    copy(&workspace, PROFILE, "profiles/p_gone");
    workspace.write(&format!("{PROFILE}/queries/q_gone/.DS_Store"), b"x");
    workspace.write("profiles/p_gone/app_settings.json", br#"{"deadline":"2026-06-30"}"#);
    workspace.migrate();
    let store = workspace.store();
    let gone = QueryKey::parse("p_a7b6725386c3", "q_gone").unwrap();
    let profile = model::ProfileId::new("p_gone").unwrap();
    store.transact(|writer| writer.remove_query(&gone)).unwrap();
    store.transact(|writer| writer.remove_profile(&profile)).unwrap();
    let kept = query_keys(&*store.read().unwrap());
    drop(store);
    assert_eq!(back_and_again(&workspace), kept);
    for path in ["profiles/p_gone".to_owned(), format!("{PROFILE}/queries/q_gone")] {
        assert!(!workspace.path.join(&path).exists(), "{path}");
    }
}

#[test]
fn root_files_are_not_there_twice() {
    let workspace = root_files();
    workspace.migrate();
    let before = query_keys(&*workspace.store().read().unwrap());
    assert_eq!(back_and_again(&workspace), before);
    let aside = workspace.path.join("backups/rolled-back-20260106T080000Z/legacy/jira_cache.json");
    assert!(aside.is_file());
    assert!(!workspace.path.join("jira_cache.json").exists());
}

#[test]
fn what_could_not_be_read_is_remembered() {
    for (name, kind) in [("jira_cache.json", true), ("project_data.json", false)] {
        let workspace = root_files();
        let bytes = fs::read(workspace.path.join(name)).unwrap();
        workspace.write(name, &bytes[..bytes.len() / 2]);
        workspace.migrate();
        let told = || {
            let store = workspace.store();
            let reader = store.read().unwrap();
            let key = &query_keys(&*reader)[0];
            if kind {
                reader.header(key, CacheKind::Issues).unwrap().unwrap().partial
            } else {
                reader.project_data(key).unwrap().unwrap().partial
            }
        };
        let before = told();
        assert!(before.is_some(), "{name}");
        back_and_again(&workspace);
        assert_eq!(told(), before, "{name}");
        let rendered = json(&workspace.path.join("profiles/default/queries/main").join(name));
        assert!(rendered.get("burndown_partial").is_some(), "{name}");
    }
}

#[test]
fn folders_whose_names_begin_like_our_files_are_profiles() {
    let workspace = Workspace::small();
    let names = ["burndown.db.old", "burndown.sqlite.d", "burndown.lock.d", "burndown-keys"];
    for name in names {
        copy(&workspace, PROFILE, &format!("profiles/{name}"));
    }
    for name in names {
        copy(&workspace, QUERY, &format!("{PROFILE}/queries/{name}"));
    }
    let before = files_of(&workspace.path);
    workspace.migrate();
    let keys = query_keys(&*workspace.store().read().unwrap());
    // Each profile has one query; the first has those of the names too.
    assert_eq!(keys.len(), 1 + names.len() * 2, "{keys:?}");
    assert_eq!(back_and_again(&workspace), keys);
    for (path, _) in before {
        assert!(workspace.path.join(&path).exists(), "{path}");
    }
}

#[test]
fn a_lone_folder_beside_which_no_database_stands_is_a_profile() {
    let workspace =
        Workspace::with(&[("profiles/burndown.db.old/profile.json", br#"{"name":"A"}"#)]);
    assert_eq!(workspace.migrate().totals.profiles, 1);
}

#[test]
fn a_deadline_that_is_no_day_is_told() {
    for written in ["\"2026-02-30\"", "\"31.12.2026\"", "7", "[]"] {
        for name in ["deadline", "milestone"] {
            let settings = format!(r#"{{"name":"A","forecast_settings":{{"{name}":{written}}}}}"#);
            let flat = format!(r#"{{"name":"A","{name}":{written}}}"#);
            for text in [settings, flat] {
                let workspace = Workspace::with(&[("profiles/p/profile.json", text.as_bytes())]);
                let report = workspace.migrate();
                assert_eq!(findings(&report, "profile.json", "unreadable-time"), 1, "{text}");
            }
            let sql = format!(
                "UPDATE profiles SET forecast_settings = '{{\"{name}\":{written}}}' WHERE rowid = 1"
            );
            let report = changed(&sql).migrate();
            assert_eq!(findings(&report, "burndown.db", "unreadable-time"), 1, "{sql}");
        }
    }
    for fine in ["\"2026-02-28\"", "\"\"", "null"] {
        let text = format!(r#"{{"name":"A","forecast_settings":{{"deadline":{fine}}}}}"#);
        let report = Workspace::with(&[("profiles/p/profile.json", text.as_bytes())]).migrate();
        assert_eq!(findings(&report, "profile.json", "unreadable-time"), 0, "{text}");
    }
}

/// A workspace in which going back with changes moves three files and writes four.
fn edited() -> Workspace {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let (mut query, mut profile) = {
        let reader = store.read().unwrap();
        let query = reader.query(&query_keys(&*reader)[0]).unwrap().unwrap();
        let profile = reader.profile(&query.key.profile).unwrap().unwrap();
        (query, profile)
    };
    query.name = "Renamed here".to_owned();
    profile.description = Some("Later work".to_owned());
    let mut more = query.clone();
    more.key = QueryKey::parse(query.key.profile.as_str(), "a_new_one").unwrap();
    store
        .transact(|writer| {
            writer.put_query(&query)?;
            writer.put_query(&more)?;
            writer.put_profile(&profile)
        })
        .unwrap();
    workspace
}

#[test]
fn scratch_files_are_not_flushed() {
    let workspace = edited();
    let flushed = Arc::new(Mutex::new(Vec::new()));
    let watcher = {
        let flushed = Arc::clone(&flushed);
        move |done: &files::Done| {
            if done.act == files::Act::Flush {
                flushed.lock().unwrap().push(done.place.clone());
            }
        }
    };
    files::watched(watcher, || migrate::plan_rollback(&workspace.path, true)).unwrap();
    assert_eq!(*flushed.lock().unwrap(), Vec::<std::path::PathBuf>::new());
}

/// Does `spoil` as soon as the second file was moved aside.
fn broken_rollback(
    workspace: &Workspace,
    spoil: impl Fn(&Path) + Send + 'static,
) -> std::thread::Result<Result<migrate::Rollback, migrate::Error>> {
    let moved = AtomicU64::new(0);
    let watcher = move |done: &files::Done| {
        let Some(to) = done.to.as_ref().filter(|to| to.iter().any(|part| part == "legacy")) else {
            return;
        };
        if moved.fetch_add(1, Ordering::Relaxed) == 1 {
            spoil(to);
        }
    };
    let workspace = workspace.path.clone();
    catch_unwind(AssertUnwindSafe(|| {
        files::watched(watcher, || migrate::rollback(&workspace, true, now()))
    }))
}

#[test]
fn a_rollback_that_fails_takes_back_what_it_did() {
    let workspace = edited();
    let before = workspace.legacy_files();
    // What was to be put there is gone.
    let backups = workspace.path.join("backups");
    let done = broken_rollback(&workspace, move |_| {
        for entry in fs::read_dir(&backups).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with(files::TEMPORARY) {
                fs::remove_dir_all(entry.path()).unwrap();
            }
        }
    });
    assert!(done.unwrap().is_err());
    assert_eq!(workspace.legacy_files(), before);
    assert!(workspace.database().exists());
    migrate::rollback(&workspace.path, true, now()).unwrap();
}

#[test]
fn a_rollback_that_is_killed_is_taken_back_by_the_next() {
    let workspace = edited();
    let before = workspace.legacy_files();
    let done = broken_rollback(&workspace, |_| panic!("killed"));
    assert!(done.is_err());
    assert_ne!(workspace.legacy_files(), before);
    let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
    assert_eq!(standing, migrate::Standing::RollbackBrokenOff);
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err().to_string();
    assert!(refused.contains("`burndown rollback`"), "{refused}");
    let done = migrate::rollback(&workspace.path, true, now()).unwrap();
    assert_eq!((done.moved_aside.len(), done.written.len()), (3, 4), "{done:?}");
    migrate::migrate(&Job { again: true, ..workspace.job() }, &silent).unwrap();
    let store = workspace.store();
    let reader = store.read().unwrap();
    let mut names: Vec<_> =
        query_keys(&*reader).iter().map(|key| reader.query(key).unwrap().unwrap().name).collect();
    names.dedup();
    assert_eq!(names, ["Renamed here"]);
    assert!(
        fs::read_dir(workspace.path.join("backups"))
            .unwrap()
            .flatten()
            .all(|entry| { !entry.file_name().to_string_lossy().ends_with(".partial") })
    );
}

#[test]
fn what_is_incomplete_goes_back_with_the_keys_of_its_header() {
    let workspace = Workspace::small();
    workspace.migrate();
    let key = query_keys(&*workspace.store().read().unwrap()).remove(0);
    let changed = model::Json::parse(r#"["A-1","A-2"]"#).unwrap();
    workspace
        .store()
        .transact(|writer| {
            let mut header = writer.header(&key, CacheKind::Issues)?.unwrap();
            header.partial = Some("some are missing".to_owned());
            header.changed_keys = Some(changed.clone());
            writer.put_header(&key, CacheKind::Issues, &header)
        })
        .unwrap();
    migrate::rollback(&workspace.path, true, now()).unwrap();
    let cache = json(&workspace.path.join(QUERY).join("jira_cache.json"));
    assert_eq!(cache.get("changed_keys"), Some(&changed));
}
