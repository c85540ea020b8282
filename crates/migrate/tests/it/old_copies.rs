//! Copies that the old app made of its JSON: what its database lacks comes from the best of them, in
//! whatever state they are.

use std::fs;

use model::CacheKind;

use super::old_database::{change_count, files};
use super::workspace::{Workspace, findings, only_query, silent};

const BACKUP: &str = "backups/migration-20260114-093002";
const NEWER: &str = "backups/migration-20260115-100000";
const PROFILE: &str = "profiles/p_a7b6725386c3";
const HISTORIES: &str = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190/jira_changelog_cache.json";

/// Migrates the sample with something changed; `want` is how many changes arrive, and whether the query
/// says that some may be missing.
#[track_caller]
fn check(name: &str, want: (usize, bool), change: impl FnOnce(&Workspace)) {
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    change(&workspace);
    let before = workspace.legacy_files();
    let planned = migrate::dry_run(&workspace.job(), &silent).unwrap();
    let report = workspace.migrate();
    assert_eq!(planned.finding_count(), report.finding_count(), "{name}");
    assert_eq!(workspace.legacy_files(), before, "{name}");
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new(), "{name}");
    let store = workspace.store();
    let reader = store.read().unwrap();
    let key = only_query(&*reader).key;
    let header = reader.header(&key, CacheKind::Changelogs).unwrap().unwrap();
    let is_damaged = header.partial.as_ref().is_some_and(|partial| partial.contains("damaged"));
    assert_eq!((change_count(&workspace), is_damaged), want, "{name}: {}", report.to_text());
    let of_table = report.tables.iter().filter(|table| table.table == "jira_changelog_entries");
    assert_eq!(of_table.map(|table| table.added).sum::<u64>(), want.0 as u64, "{name}");
    let has_any = want.0 > 0;
    assert_eq!(findings(&report, "burndown.db", "no-history"), u64::from(!has_any), "{name}");
}

fn copy(workspace: &Workspace, from: &str, to: &str) {
    for (path, bytes) in files(&workspace.path.join(from)) {
        workspace.write(&format!("{to}/{path}"), &bytes);
    }
}

fn histories(workspace: &Workspace) -> Vec<u8> {
    fs::read(workspace.path.join(BACKUP).join(HISTORIES)).unwrap()
}

#[test]
fn an_older_copy_has_what_the_newest_lacks() {
    check("both", (139, false), |workspace| copy(workspace, BACKUP, NEWER));
    check("an empty file", (139, false), |workspace| {
        copy(workspace, BACKUP, NEWER);
        workspace.write(&format!("{NEWER}/{HISTORIES}"), b"");
    });
    check("half a file", (139, false), |workspace| {
        copy(workspace, BACKUP, NEWER);
        let bytes = histories(workspace);
        workspace.write(&format!("{NEWER}/{HISTORIES}"), &bytes[..bytes.len() / 2]);
    });
    check("no entry", (139, false), |workspace| {
        copy(workspace, BACKUP, NEWER);
        workspace.write(&format!("{NEWER}/{HISTORIES}"), b"{}");
    });
    check("no file", (139, false), |workspace| {
        copy(workspace, BACKUP, NEWER);
        fs::remove_file(workspace.path.join(NEWER).join(HISTORIES)).unwrap();
    });
    check("no query", (139, false), |workspace| {
        copy(workspace, BACKUP, NEWER);
        fs::remove_dir_all(workspace.path.join(NEWER).join(PROFILE).join("queries")).unwrap();
    });
    check("no profile", (139, false), |workspace| {
        fs::create_dir_all(workspace.path.join(NEWER).join("profiles")).unwrap();
    });
}

#[test]
fn what_is_damaged_is_named_and_what_is_left_of_it_taken() {
    check("half a file", (71, true), |workspace| {
        let bytes = histories(workspace);
        workspace.write(&format!("{BACKUP}/{HISTORIES}"), &bytes[..bytes.len() / 2]);
    });
    check("zeros", (0, true), |workspace| {
        workspace.write(&format!("{BACKUP}/{HISTORIES}"), &[0; 5000]);
    });
    check("no file", (0, false), |workspace| {
        fs::remove_file(workspace.path.join(BACKUP).join(HISTORIES)).unwrap();
    });
    check("no copy", (0, false), |workspace| {
        fs::remove_dir_all(workspace.path.join(BACKUP)).unwrap();
    });
}

#[test]
fn a_copy_of_the_profiles_folder_is_one_too() {
    check("the only one", (139, false), |workspace| {
        copy(workspace, &format!("{BACKUP}/profiles"), "profiles_backup_20260114_093003");
        fs::remove_dir_all(workspace.path.join("backups")).unwrap();
    });
}

/// A change counts once, however often copies tell it.
#[test]
fn what_stands_twice_in_a_copy_is_taken_once() {
    let edit = |workspace: &Workspace, change: fn(&str) -> String| {
        let text = String::from_utf8(histories(workspace)).unwrap();
        workspace.write(&format!("{BACKUP}/{HISTORIES}"), change(&text).as_bytes());
    };
    check("each entry", (139, false), |workspace| {
        edit(workspace, |text| {
            let inner = text.trim().strip_prefix('{').unwrap().strip_suffix('}').unwrap();
            format!("{{{inner},{inner}}}")
        });
    });
    check("each history", (139, false), |workspace| {
        edit(workspace, |text| {
            let mut entries: serde_json::Value = serde_json::from_str(text).unwrap();
            for entry in entries.as_object_mut().unwrap().values_mut() {
                let histories = entry.pointer_mut("/changelog/histories");
                if let Some(histories) = histories.and_then(|it| it.as_array_mut()) {
                    histories.extend(histories.clone());
                }
            }
            entries.to_string()
        });
    });
}

/// The old app's own step took the time of the copying for that of the fetch, which only the copy knows.
#[test]
fn data_is_as_old_as_jira_was_asked() {
    let fetched = |workspace: &Workspace| {
        workspace.migrate();
        let store = workspace.store();
        let reader = store.read().unwrap();
        let key = only_query(&*reader).key;
        let header = reader.header(&key, CacheKind::Issues).unwrap().unwrap();
        header.fetched_at.and_then(|stamp| stamp.at).unwrap().to_string()
    };
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    assert_eq!(fetched(&workspace), "2025-12-22T16:06:32.478Z");
    // An issue that was fetched since says when that was.
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    let database = rusqlite::Connection::open(workspace.path.join("profiles/burndown.db")).unwrap();
    let later = "UPDATE jira_issues SET fetched_at = '2026-01-20T10:00:00' WHERE id = 7";
    database.execute_batch(later).unwrap();
    drop(database);
    assert_eq!(fetched(&workspace), "2026-01-20T09:00:00Z");
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    fs::remove_dir_all(workspace.path.join("backups")).unwrap();
    assert_eq!(fetched(&workspace), "2026-01-14T08:30:02.519Z");
}
