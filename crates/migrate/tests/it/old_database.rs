//! The old app's database (2.5 and later): every sample arrives whole, row by row.

use std::collections::BTreeMap;
use std::path::Path;

use migrate::{Report, TableReport};
use model::{QueryKey, Transition};
use store::Reader;

use super::workspace::{Workspace, findings, query_keys, silent};

/// Counts of profiles, queries, issues, statistics, snapshots.
#[track_caller]
fn check(workspace: &Workspace, want: [u64; 5]) -> Report {
    let before = files(&workspace.path);
    let planned = migrate::dry_run(&workspace.job(), &silent).unwrap();
    assert_eq!(files(&workspace.path), before, "a dry run changes nothing");
    let report = workspace.migrate();
    for (path, bytes) in &before {
        assert_eq!(std::fs::read(workspace.path.join(path)).ok().as_ref(), Some(bytes), "{path}");
    }
    let totals = &report.totals;
    let got = [totals.profiles, totals.queries, totals.issues, totals.statistics, totals.snapshots];
    assert_eq!(got, want, "{}", report.to_text());
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    assert_eq!(planned.tables, report.tables);
    assert_eq!(planned.finding_count(), report.finding_count());
    check_rows(workspace, &report);
    rolls_back(workspace, &before);
    report
}

/// What became of rows adds up to what another reader counts.
#[track_caller]
fn check_rows(workspace: &Workspace, report: &Report) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["burndown.db", "burndown.db-wal"] {
        let place = workspace.path.join("profiles").join(name);
        if place.exists() {
            std::fs::write(folder.path().join(name), std::fs::read(place).unwrap()).unwrap();
        }
    }
    let database = rusqlite::Connection::open(folder.path().join("burndown.db")).unwrap();
    for (table, told) in totals(&report.tables) {
        let sql = format!("SELECT count(*) FROM {table}");
        let Ok(rows) = database.query_row(&sql, [], |row| row.get::<_, i64>(0)) else { continue };
        assert_eq!(told, rows as u64, "{table}");
    }
}

fn totals(tables: &[TableReport]) -> BTreeMap<&str, u64> {
    let mut totals = BTreeMap::new();
    for table in tables {
        assert_eq!(table.rows, table.taken + table.merged + table.kept_aside);
        *totals.entry(table.table.as_str()).or_insert(0) += table.rows;
    }
    totals
}

/// After going back the folder is as it was, file by file, but for what is ours: backups, among them the
/// mark that says so, the tokens, which whoever takes the rollback back needs, and the lock of whoever
/// looks at the old files from here.
#[track_caller]
fn rolls_back(workspace: &Workspace, before: &BTreeMap<String, Vec<u8>>) {
    const OURS: [&str; 4] = [
        "backups/migration-20260105T080000Z/",
        "backups/rolled-back",
        "profiles/burndown-secrets.json",
        "profiles/burndown.lock",
    ];
    migrate::rollback(&workspace.path, false, "2026-02-01T08:00:00Z".parse().unwrap()).unwrap();
    assert!(!workspace.database().exists());
    let mut now = files(&workspace.path);
    now.retain(|path, _| !OURS.iter().any(|ours| path.starts_with(ours)));
    let paths = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&now), paths(before));
    assert!(now == *before, "a file changed");
    let job = migrate::Job { again: true, ..workspace.job() };
    migrate::migrate(&job, &silent).unwrap();
}

/// Every file below a folder with its bytes.
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn changes(reader: &dyn Reader, query: &QueryKey) -> Vec<(String, Vec<Transition>)> {
    let mut found = Vec::new();
    reader
        .each_changelog_facts(query, &mut |key, facts| {
            let transitions = facts.transitions;
            found.push((key.to_owned(), transitions));
            Ok(())
        })
        .unwrap();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

pub fn change_count(workspace: &Workspace) -> usize {
    let store = workspace.store();
    let reader = store.read().unwrap();
    let of = |key| changes(&*reader, &key).iter().map(|(_, found)| found.len()).sum::<usize>();
    query_keys(&*reader).into_iter().map(of).sum()
}

/// What figures are made of is the same as if the JSON of before had been migrated.
#[track_caller]
fn check_same_figures(workspace: &Workspace, json: &Workspace) {
    json.migrate();
    let (ours, theirs) = (workspace.store(), json.store());
    let (ours, theirs) = (ours.read().unwrap(), theirs.read().unwrap());
    let mut keys = query_keys(&*theirs);
    keys.sort();
    for key in keys {
        let facts = |reader: &dyn Reader| {
            let mut found = Vec::new();
            reader
                .each_issue_facts(&key, &mut |mut facts| {
                    // The old app's database did not keep these apart.
                    facts.resolution = Default::default();
                    facts.parent = None;
                    found.push(facts);
                    Ok(())
                })
                .unwrap();
            found.sort_by(|a, b| a.key.cmp(&b.key));
            found
        };
        for (a, b) in facts(&*ours).iter().zip(facts(&*theirs)) {
            let mut b = b;
            // Only documents have these; rows of the database of 2.5 must not make them up.
            (b.is_subtask, b.status_id) = (None, None);
            (b.issue_type_id, b.project_id) = (None, None);
            // A summary that a delta fetch brought is in the database too.
            b.points =
                if matches!(b.points, model::Points::Known(_)) { b.points } else { a.points };
            assert_eq!(*a, b, "{key}");
        }
        assert_eq!(facts(&*ours).len(), facts(&*theirs).len(), "{key}");
        assert_eq!(changes(&*ours, &key), changes(&*theirs, &key), "{key}");
    }
}

#[test]
fn small_with_the_histories_of_its_backup() {
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    let report = check(&workspace, [1, 1, 60, 29, 261]);
    assert_eq!(change_count(&workspace), 139);
    let added: u64 =
        report.tables.iter().filter(|t| t.table == "jira_changelog_entries").map(|t| t.added).sum();
    assert_eq!(added, 139);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let query = reader.query(&query_keys(&*reader)[0]).unwrap().unwrap();
    assert_eq!(query.description.as_deref(), Some("Everything"));
    drop(reader);
    drop(store);
    check_same_figures(&workspace, &Workspace::small());
}

#[test]
fn multi_with_the_histories_of_its_backup() {
    let Some(workspace) = Workspace::shared("sqlite-v2.5.0-multi") else { return };
    check(&workspace, [3, 7, 1550, 229, 1854]);
    assert_eq!(change_count(&workspace), 3344);
    let Some(json) = Workspace::shared("multi") else { return };
    check_same_figures(&workspace, &json);
}

#[test]
fn settings_that_only_the_json_beside_has() {
    let Some(workspace) = Workspace::shared("sqlite-v2.5.0-both") else { return };
    check(&workspace, [1, 1, 120, 37, 108]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let key = QueryKey::parse("default", "main").unwrap();
    let profile = reader.profile(&key.profile).unwrap().unwrap();
    assert_eq!(profile.settings.base_url(), Some("https://issues.example.org"));
    assert_eq!(reader.query(&key).unwrap().unwrap().jql, "project = KAFKA");
    let secrets = store::SecretFile::open(&workspace.path.join("profiles")).unwrap();
    assert_eq!(secrets.token(&key.profile).unwrap().reveal(), "example-token");
}

/// A copy that the old app made of its folder counts if it was used later, and then nobody chooses.
#[test]
fn a_newer_copy_of_the_database_is_named_and_not_passed_over() {
    let copied = |from: &Workspace, to: &Workspace| {
        let bytes = std::fs::read(from.path.join("profiles/burndown.db")).unwrap();
        to.write("profiles_backup_20260301_000000/burndown.db", &bytes);
    };
    let old = Workspace::database_of("sqlite-v2.5.0-small");
    let new = Workspace::database_of("sqlite-v2.15.3-fresh");
    copied(&new, &old);
    copied(&old, &new);
    let before = old.legacy_files();
    let refused = migrate::migrate(&old.job(), &silent).unwrap_err();
    assert!(matches!(refused, migrate::Error::TwoDatabases { .. }), "{refused}");
    for part in ["profiles_backup_20260301_000000/burndown.db", "2026-01-", "--from"] {
        assert!(refused.to_string().contains(part), "{refused}");
    }
    assert_eq!(old.legacy_files(), before);
    new.migrate();
    let target = tempfile::tempdir().unwrap();
    let (source, into) = (old.path.join("profiles/burndown.db"), target.path().to_owned());
    let job = migrate::Job { source, workspace: into, ..old.job() };
    assert_eq!(migrate::migrate(&job, &silent).unwrap().totals.issues, 60);
}

#[test]
fn a_budget_is_kept_whole() {
    let Some(workspace) = Workspace::shared("sqlite-v2.11.0-budget") else { return };
    check(&workspace, [1, 3, 206, 64, 576]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let queries = query_keys(&*reader).into_iter().map(|key| reader.query(&key).unwrap().unwrap());
    let with: Vec<_> =
        queries.filter(|query| query.extra.get("budget_settings").is_some()).collect();
    assert_eq!(with.len(), 1);
    let revisions = with[0].extra.get("budget_revisions").and_then(model::Json::as_array).unwrap();
    assert_eq!(revisions.len(), 2);
    let scope = reader.project_data(&with[0].key).unwrap().unwrap().project_scope;
    assert!(scope.is_none(), "a scope of a delta fetch is not shown");
}

#[test]
fn fresh() {
    check(&Workspace::database_of("sqlite-v2.15.3-fresh"), [2, 4, 113, 63, 567]);
}

#[test]
fn full_with_the_newest_changes_of_the_log() {
    let Some(workspace) = Workspace::shared("sqlite-v2.15.3-full") else { return };
    let report = check(&workspace, [6, 12, 532, 237, 1377]);
    let merged: u64 = report.tables.iter().map(|table| table.merged).sum();
    assert_eq!(merged, 297);
}

#[test]
fn real() {
    let Some(workspace) = Workspace::shared("sqlite-v2.15.3-real") else { return };
    check(&workspace, [1, 2, 376, 1444, 12_996]);
    assert_eq!(change_count(&workspace), 729);
}

/// A sample of the repository with something changed in its database.
pub fn changed(sql: &str) -> Workspace {
    let workspace = Workspace::database_of("sqlite-v2.15.3-fresh");
    let place = workspace.path.join("profiles/burndown.db");
    rusqlite::Connection::open(place).unwrap().execute_batch(sql).unwrap();
    workspace
}

#[test]
fn issues_that_a_whole_fetch_did_not_bring_are_marked() {
    let workspace = changed(
        "UPDATE app_state SET value = '-1' WHERE key LIKE 'last_delta_changed_count:%';
         UPDATE jira_issues SET fetched_at = '2026-01-01T10:00:00+00:00' WHERE id IN (3, 5, 7);",
    );
    let report = workspace.migrate();
    assert_eq!(findings(&report, "burndown.db", "may-have-left"), 3, "{}", report.to_text());
    assert_eq!(report.totals.issues, 113);
}

#[test]
fn rows_of_nobody_and_odd_ids_find_a_place_or_are_named() {
    let workspace = changed(
        "PRAGMA foreign_keys = OFF;
         UPDATE jira_issues SET query_id = 'q_gone' WHERE id = 4;
         UPDATE project_statistics SET profile_id = x'00' WHERE id = (SELECT max(id) FROM project_statistics);
         UPDATE profiles SET id = 'a/b' WHERE rowid = 1;
         CREATE TABLE more (a); INSERT INTO more VALUES (1), (2);
         ALTER TABLE jira_issues ADD COLUMN later TEXT; UPDATE jira_issues SET later = 'x' WHERE id = 6;",
    );
    let report = workspace.migrate();
    assert_eq!(report.totals.issues, 113);
    check_table(&report, "project_statistics", [62, 0, 1]);
    check_table(&report, "more", [0, 0, 2]);
    assert!(findings(&report, "burndown.db", "recovered") > 0);
    assert_eq!(findings(&report, "burndown.db", "id-changed"), 1, "{}", report.to_text());
}

#[test]
fn newer_json_beside_the_database_has_to_be_chosen() {
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    let query = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190";
    workspace.write("profiles/p_a7b6725386c3/profile.json", br#"{"name":"Newer"}"#);
    let cache =
        br#"{"timestamp":"2027-02-01T10:00:00+00:00","issues":[{"key":"A-1","fields":{}}]}"#;
    workspace.write(&format!("{query}/jira_cache.json"), cache);
    let before = files(&workspace.path);
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err().to_string();
    for part in ["2026-01-14", "2027-02-01", "--from"] {
        assert!(refused.contains(part), "{refused}");
    }
    assert_eq!(files(&workspace.path), before);
    for (from, issues) in [("profiles", 1), ("profiles/burndown.db", 60)] {
        let target = tempfile::tempdir().unwrap();
        let (source, into) = (workspace.path.join(from), target.path().to_owned());
        let job = migrate::Job { source, workspace: into, ..workspace.job() };
        assert_eq!(migrate::migrate(&job, &silent).unwrap().totals.issues, issues, "{from}");
        assert_eq!(migrate::verify(target.path(), &silent).unwrap().unexplained_count, 0);
    }
}

#[test]
fn a_database_that_was_never_migrated_leaves_to_json_what_json_has() {
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    let place = workspace.path.join("profiles/burndown.db");
    let sql = "DELETE FROM app_state WHERE key LIKE 'migration%'";
    rusqlite::Connection::open(place).unwrap().execute_batch(sql).unwrap();
    workspace.write("profiles/p_a7b6725386c3/profile.json", br#"{"name":"From JSON"}"#);
    let report = workspace.migrate();
    assert_eq!((report.totals.profiles, report.totals.issues), (1, 60));
    let cache = br#"{"issues":[{"key":"A-1","fields":{}}]}"#;
    workspace.write("profiles/p_a7b6725386c3/queries/q_25d5b4b45190/jira_cache.json", cache);
    let report =
        migrate::migrate(&migrate::Job { again: true, ..workspace.job() }, &silent).unwrap();
    assert_eq!((report.totals.profiles, report.totals.issues), (1, 1));
    check_table(&report, "jira_issues", [0, 0, 60]);
}

#[track_caller]
pub fn check_table(report: &Report, table: &str, want: [u64; 3]) {
    let of = |pick: fn(&TableReport) -> u64| {
        report.tables.iter().filter(|t| t.table == table).map(pick).sum::<u64>()
    };
    assert_eq!([of(|t| t.taken), of(|t| t.merged), of(|t| t.kept_aside)], want, "{table}");
}

/// Everything below a folder, folders too.
pub fn names(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            found.push(entry.path().display().to_string());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// A refusal leaves no lock, no folder and no copy behind, neither in the old app's folder nor where the
/// workspace would have been.
#[test]
fn a_migration_that_is_refused_leaves_nothing_behind() {
    type Change = fn(&Workspace);
    let newer_json: Change = |workspace| {
        let profile = "profiles/p_a7b6725386c3";
        workspace.write(&format!("{profile}/profile.json"), br#"{"name":"Newer"}"#);
        let cache = br#"{"timestamp":"2027-02-01T10:00:00+00:00","issues":[]}"#;
        workspace.write(&format!("{profile}/queries/q_25d5b4b45190/jira_cache.json"), cache);
    };
    let newer_copy: Change = |workspace| {
        let other = Workspace::database_of("sqlite-v2.15.3-fresh");
        let bytes = std::fs::read(other.path.join("profiles/burndown.db")).unwrap();
        workspace.write("profiles_backup_20260301_000000/burndown.db", &bytes);
    };
    let foreign: Change = |workspace| workspace.write("profiles/burndown.db", b"hello");
    let cut: Change = |workspace| {
        workspace.write("profiles/burndown.db", &[b"SQLite format 3\0", &[7; 4096][..]].concat());
    };
    let only_log: Change = |workspace| {
        let database = workspace.path.join("profiles/burndown.db");
        std::fs::rename(&database, database.with_extension("db-wal")).unwrap();
    };
    for change in [newer_json, newer_copy, foreign, cut, only_log] {
        let workspace = Workspace::database_of("sqlite-v2.5.0-small");
        change(&workspace);
        let elsewhere = tempfile::tempdir().unwrap();
        let target = elsewhere.path().join("new");
        let before = (names(&workspace.path), workspace.legacy_files());
        for into in [workspace.path.clone(), target.clone()] {
            let job = migrate::Job { workspace: into, ..workspace.job() };
            let refused = migrate::migrate(&job, &silent).unwrap_err();
            assert!(refused.to_string().contains("Nothing was changed"), "{refused}");
            assert_eq!((names(&workspace.path), workspace.legacy_files()), before, "{refused}");
            assert!(!target.exists(), "{refused}");
        }
    }
}
