//! Back to the old app, without and with the work done since.

use std::fs;

use migrate::{Error, Standing};
use model::{Json, Timestamp};

use super::workspace::{Workspace, json, only_query, silent};

const QUERY: &str = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190";

fn now() -> Timestamp {
    "2026-01-06T08:00:00Z".parse().unwrap()
}

#[test]
fn plain_rollback_leaves_the_old_files_as_they_were() {
    let workspace = Workspace::small();
    let before = workspace.legacy_files();
    workspace.migrate();
    let database = fs::read(workspace.database()).unwrap();
    let done = migrate::rollback(&workspace.path, false, now()).unwrap();
    assert_eq!((done.restored.len(), done.moved_aside.len(), done.written.len()), (0, 0, 0));
    assert_eq!(workspace.legacy_files(), before);
    assert!(!workspace.database().exists());
    // But for its header, which says that there is no log any more.
    let kept = fs::read(done.database_moved_to.join("burndown.sqlite")).unwrap();
    assert_eq!(kept[100..], database[100..]);
    let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
    assert_eq!(standing, Standing::RolledBack);
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(refused, Error::RolledBack(_)), "{refused}");
    migrate::migrate(&migrate::Job { again: true, ..workspace.job() }, &silent).unwrap();
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn missing_and_changed_files_come_back_and_nothing_is_lost() {
    let workspace = Workspace::small();
    let before = workspace.legacy_files();
    workspace.migrate();
    fs::remove_file(workspace.path.join(QUERY).join("jira_cache.json")).unwrap();
    fs::write(workspace.path.join(QUERY).join("query.json"), "{}").unwrap();
    let planned = migrate::plan_rollback(&workspace.path, false).unwrap();
    let done = migrate::rollback(&workspace.path, false, now()).unwrap();
    assert_eq!((&planned.restored, &planned.moved_aside), (&done.restored, &done.moved_aside));
    assert_eq!(done.restored.len(), 2);
    assert_eq!(done.moved_aside, [format!("{QUERY}/query.json")]);
    assert_eq!(workspace.legacy_files(), before);
    let aside = done.database_moved_to.join("legacy").join(QUERY).join("query.json");
    assert_eq!(fs::read_to_string(aside).unwrap(), "{}");
}

/// What the backup holds is looked at only where something has to come back from it.
#[test]
fn a_file_of_the_backup_that_changed_is_no_hindrance_where_nothing_is_missing() {
    for (spoil, is_missing) in [(true, false), (false, false), (true, true)] {
        let workspace = Workspace::small();
        let before = workspace.legacy_files();
        let backup = workspace.path.join(workspace.migrate().backup);
        let kept = backup.join(QUERY).join("jira_cache.json");
        match spoil {
            true => fs::write(&kept, "{}").unwrap(),
            false => fs::remove_file(&kept).unwrap(),
        }
        if is_missing {
            fs::remove_file(workspace.path.join(QUERY).join("jira_cache.json")).unwrap();
        }
        let done = migrate::rollback(&workspace.path, false, now());
        assert_eq!(done.is_err(), is_missing, "{done:?}");
        if !is_missing {
            assert_eq!(workspace.legacy_files(), before);
        }
        assert_eq!(workspace.database().exists(), is_missing);
    }
}

#[test]
fn with_changes_the_old_app_gets_the_later_work() {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let query = only_query(&*store.read().unwrap());
    store
        .transact(|writer| {
            let query = model::Query { name: "Renamed here".to_owned(), ..query.clone() };
            writer.put_query(&query)
        })
        .unwrap();
    drop(store);
    let place = workspace.path.join(QUERY).join("query.json");
    let mode = fs::metadata(&place).unwrap().permissions();
    let before = workspace.legacy_files();
    let planned = migrate::plan_rollback(&workspace.path, true).unwrap();
    assert_eq!(workspace.legacy_files(), before);
    let done = migrate::rollback(&workspace.path, true, now()).unwrap();
    assert_eq!((&planned.written, &planned.moved_aside), (&done.written, &done.moved_aside));
    assert_eq!(fs::metadata(&place).unwrap().permissions(), mode);
    let written = json(&workspace.path.join(QUERY).join("query.json"));
    assert_eq!(written.get("name").unwrap().as_text().unwrap(), "Renamed here");
    assert!(done.written.contains(&format!("{QUERY}/query.json")), "{done:?}");
    // What was not changed stays untouched, also the registry with its stale copies.
    assert_eq!(done.written, [format!("{QUERY}/query.json")]);
    assert_eq!(done.moved_aside, done.written);
    let profile = json(&workspace.path.join("profiles/p_a7b6725386c3/profile.json"));
    let token = profile.get("jira_config").and_then(|config| config.get("token"));
    assert_eq!(token, Some(&Json::text("example-token")));
}

/// A whole workspace written out again is the same JSON, file by file, but for the registry's
/// stale copies.
#[track_caller]
fn check_round_trip(name: &str) {
    let workspace = match name {
        "small" => Workspace::small(),
        _ => match Workspace::shared(name) {
            Some(workspace) => workspace,
            None => return,
        },
    };
    workspace.migrate();
    // What is not there has to be written from the database.
    let before = workspace.legacy_files();
    for (path, _) in &before {
        if path.starts_with("profiles/") {
            fs::remove_file(workspace.path.join(path)).unwrap();
        }
    }
    migrate::rollback(&workspace.path, true, now()).unwrap();
    for (path, bytes) in before {
        if path == "profiles/profiles.json" {
            let (old, new) = (
                Json::parse(std::str::from_utf8(&bytes).unwrap()).unwrap(),
                json(&workspace.path.join(&path)),
            );
            for member in ["version", "active_profile_id", "active_query_id"] {
                if name != "windows-cp1252" {
                    assert_eq!(old.get(member), new.get(member), "{member}");
                }
            }
        } else if path.ends_with(".json")
            && path.starts_with("profiles/")
            && name != "windows-cp1252"
        {
            let old = Json::parse(std::str::from_utf8(&bytes).unwrap()).unwrap();
            let differences = model::json::differences(&old, &json(&workspace.path.join(&path)));
            let paths: Vec<_> = differences.iter().take(5).map(|d| &d.path).collect();
            assert!(differences.is_empty(), "{path}: {paths:?}");
        }
    }
}

#[test]
fn small_round_trips() {
    check_round_trip("small");
}

#[test]
fn multi_round_trips() {
    check_round_trip("multi");
}

#[test]
fn real_round_trips() {
    check_round_trip("real");
}

#[test]
fn what_a_kill_left_behind_is_removed_by_the_next_run() {
    let workspace = Workspace::small();
    workspace.migrate();
    let left = [".burndown-a1", "backups/.burndown-b2", "profiles/.burndown-c3"].map(String::from);
    let left = [&left[..], &[format!("{QUERY}/.burndown-d4")]].concat();
    left.iter().for_each(|path| workspace.write(path, b"{}"));
    let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
    assert_eq!(standing, Standing::Ready { migrated: true });
    let done = migrate::rollback(&workspace.path, false, now()).unwrap();
    assert!(done.moved_aside.is_empty(), "{done:?}");
    for path in left {
        assert!(!workspace.path.join(&path).exists(), "{path} is still there");
    }
}

#[test]
fn files_that_the_old_app_wrote_later_are_told_and_kept() {
    let workspace = Workspace::small();
    workspace.migrate();
    let path = format!("{QUERY}/query.json");
    let place = workspace.path.join(&path);
    fs::write(&place, "{}").unwrap();
    let planned = migrate::plan_rollback(&workspace.path, false).unwrap();
    assert_eq!(planned.newer, [path]);
    assert_eq!(planned.secrets.as_deref(), Some("profiles/burndown-secrets.json"));
}

#[test]
fn root_files_roll_back_into_profiles() {
    let Some(workspace) = Workspace::shared("flat-2025-11") else { return };
    let before = workspace.legacy_files();
    workspace.migrate();
    let done = migrate::rollback(&workspace.path, true, now()).unwrap();
    assert_eq!(done.moved_aside.len(), 5, "{done:?}");
    for (path, bytes) in before {
        // What became a profile is kept aside: it would be migrated beside it.
        let root = if done.moved_aside.contains(&path) {
            done.database_moved_to.join("legacy")
        } else {
            workspace.path.clone()
        };
        assert_eq!(fs::read(root.join(&path)).unwrap(), bytes, "{path}");
    }
    let cache = json(&workspace.path.join("profiles/default/queries/main/jira_cache.json"));
    assert_eq!(cache.get("issues").unwrap().as_array().unwrap().len(), 120);
}

#[test]
fn queries_removed_since_do_not_come_back_with_changes() {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let query = only_query(&*store.read().unwrap());
    store.transact(|writer| writer.remove_query(&query.key)).unwrap();
    drop(store);
    let done = migrate::rollback(&workspace.path, true, now()).unwrap();
    assert!(!workspace.path.join(QUERY).join("query.json").exists());
    assert!(done.moved_aside.contains(&format!("{QUERY}/query.json")));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_never_written_through() {
    let outside = Workspace::with(&[("x/keep.txt", b"mine".as_slice())]);
    let workspace = Workspace::small();
    workspace.migrate();
    let profile = workspace.path.join("profiles/p_a7b6725386c3");
    fs::rename(&profile, workspace.path.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(outside.path.join("x"), &profile).unwrap();
    for with_changes in [false, true] {
        let refused = migrate::rollback(&workspace.path, with_changes, now()).unwrap_err();
        assert!(refused.to_string().contains("symbolic link"), "{refused}");
    }
    assert_eq!(fs::read_dir(outside.path.join("x")).unwrap().count(), 1);
    assert!(workspace.database().exists());
}

#[test]
fn a_copied_workspace_rolls_back_in_its_own_place() {
    let original = Workspace::small();
    original.migrate();
    let copy = Workspace::with(&[]);
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(original.path.join("."))
        .arg(&copy.path)
        .status()
        .unwrap();
    assert!(copied.success());
    fs::remove_file(copy.path.join(QUERY).join("query.json")).unwrap();
    let done = migrate::rollback(&copy.path, false, now()).unwrap();
    assert_eq!(done.restored, [format!("{QUERY}/query.json")]);
}

#[test]
fn a_damaged_database_is_no_dead_end() {
    for again in [false, true] {
        let workspace = Workspace::small();
        workspace.migrate();
        let bytes = fs::read(workspace.database()).unwrap();
        fs::write(workspace.database(), &bytes[..bytes.len() / 3]).unwrap();
        if again {
            let job = migrate::Job { again, ..workspace.job() };
            migrate::migrate(&job, &silent).unwrap();
            assert_eq!(workspace.verify().unexplained_count, 0);
        } else {
            let done = migrate::rollback(&workspace.path, false, now()).unwrap();
            assert!(done.database_moved_to.join("burndown.sqlite").exists());
        }
    }
}

#[test]
fn nothing_to_roll_back() {
    let workspace = Workspace::small();
    let refused = migrate::rollback(&workspace.path, false, now()).unwrap_err();
    assert!(matches!(refused, Error::NotMigrated(_)), "{refused}");
}

/// Makes a file or folder one that cannot be moved, or lets it be moved again; false (said) where this
/// system or its rights allow neither of two ways: a mark that nobody may change it, or a file system of its
/// own at the place.
fn fix(place: &std::path::Path, is_fixed: bool) -> bool {
    let ran = |program: &str, arguments: &[&str]| {
        let ran = std::process::Command::new(program).args(arguments).arg(place).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    let text = place.display().to_string();
    let is_done = match is_fixed {
        true => ran("chattr", &["+i"]) || ran("mount", &["--bind", &text]),
        false => ran("umount", &[]) || ran("chattr", &["-i"]),
    };
    if !is_done {
        println!("skipped: neither chattr nor mount is possible here");
    }
    is_done
}

/// Whatever cannot be moved is named before anything is: not even what could be put back is.
#[test]
fn what_cannot_be_moved_is_named_before_the_first_step() {
    let changed = format!("{QUERY}/query.json");
    for fixed in [changed.as_str(), QUERY, "profiles", "profiles/burndown.sqlite"] {
        for with_changes in [false, true] {
            let workspace = Workspace::small();
            workspace.migrate();
            rename_query(&workspace);
            fs::write(workspace.path.join(&changed), "{}").unwrap();
            fs::remove_file(workspace.path.join("profiles/profiles.json")).unwrap();
            let before = super::old_database::files(&workspace.path);
            if !fix(&workspace.path.join(fixed), true) {
                return;
            }
            let refused = migrate::rollback(&workspace.path, with_changes, now());
            assert!(fix(&workspace.path.join(fixed), false));
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(fixed) && refused.contains("rights"), "{refused}");
            let now_there = super::old_database::files(&workspace.path);
            let names = |of: &std::collections::BTreeMap<String, Vec<u8>>| -> Vec<String> {
                of.keys().filter(|name| !name.ends_with("-shm")).cloned().collect()
            };
            assert_eq!(names(&now_there), names(&before), "{fixed}");
            migrate::rollback(&workspace.path, with_changes, now()).unwrap();
        }
    }
}

fn rename_query(workspace: &Workspace) {
    let store = workspace.store();
    let mut query = only_query(&*store.read().unwrap());
    query.name = "Renamed here".to_owned();
    store.transact(|writer| writer.put_query(&query)).unwrap();
}

/// What the old app wrote after the migration goes aside as a whole: a log of it, left beside the database
/// that comes back, would be taken into that.
#[test]
fn a_later_log_goes_with_its_database() {
    check_later_log("PRAGMA wal_checkpoint(FULL);");
    // The database itself is as it was.
    check_later_log("");
}

#[track_caller]
fn check_later_log(checkpoint: &str) {
    let workspace = Workspace::database_of("sqlite-v2.15.3-fresh");
    let [database, log] =
        ["burndown.db", "burndown.db-wal"].map(|name| workspace.path.join("profiles").join(name));
    let before = fs::read(&database).unwrap();
    workspace.migrate();
    let app = rusqlite::Connection::open(&database).unwrap();
    app.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
         UPDATE jira_issues SET summary = 'later'; {checkpoint}
         UPDATE jira_issues SET summary = 'latest'",
    ))
    .unwrap();
    let kept = [&database, &log].map(|place| fs::read(place).unwrap());
    drop(app);
    fs::write(&database, &kept[0]).unwrap();
    fs::write(&log, &kept[1]).unwrap();
    let done = migrate::rollback(&workspace.path, false, now()).unwrap();
    assert_eq!(fs::read(&database).unwrap(), before);
    assert!(!log.exists(), "{done:?}");
    let aside = done.database_moved_to.join("legacy/profiles");
    if kept[0] != before {
        assert_eq!(fs::read(aside.join("burndown.db")).unwrap(), kept[0]);
    }
    assert_eq!(fs::read(aside.join("burndown.db-wal")).unwrap(), kept[1]);
}

/// A log that says nothing, or is none, stood there before the migration, and stands there after it.
#[cfg(unix)]
#[test]
fn what_stood_beside_the_database_stays_there() {
    type Put = fn(&std::path::Path);
    let empty: Put = |log| fs::write(log, b"").unwrap();
    let link: Put = |log| std::os::unix::fs::symlink("/dev/null", log).unwrap();
    let folder: Put = |log| fs::create_dir(log).unwrap();
    for put in [empty, link, folder] {
        for suffix in ["-wal", "-journal"] {
            let workspace = Workspace::database_of("sqlite-v2.15.3-fresh");
            let log = workspace.path.join(format!("profiles/burndown.db{suffix}"));
            put(&log);
            let kind =
                |log: &std::path::Path| fs::symlink_metadata(log).map(|it| it.file_type()).ok();
            let before = kind(&log);
            let report = workspace.migrate();
            let told = super::workspace::findings(&report, suffix, "not-a-file");
            assert_eq!(told, u64::from(before.is_some_and(|kind| kind.is_symlink())), "{suffix}");
            let done = migrate::rollback(&workspace.path, false, now()).unwrap();
            assert_eq!(kind(&log), before, "{suffix}: {done:?}");
        }
    }
}

/// A link to a log says what the log says, and is not ours to move: the rollback waits for whoever put it there.
#[cfg(unix)]
#[test]
fn a_later_log_behind_a_link_is_named() {
    let workspace = Workspace::database_of("sqlite-v2.15.3-fresh");
    workspace.migrate();
    let log = workspace.path.join("profiles/burndown.db-wal");
    let elsewhere = workspace.path.join("elsewhere");
    fs::write(&elsewhere, b"a log").unwrap();
    std::os::unix::fs::symlink(&elsewhere, &log).unwrap();
    let refused = migrate::rollback(&workspace.path, false, now()).unwrap_err().to_string();
    assert!(refused.contains("burndown.db-wal") && refused.contains("symbolic link"), "{refused}");
    fs::remove_file(&log).unwrap();
    migrate::rollback(&workspace.path, false, now()).unwrap();
    assert_eq!(fs::read(elsewhere).unwrap(), b"a log");
}
