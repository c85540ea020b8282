//! The database of the old app's later versions, brought home by commands: every sample, one that
//! somebody writes to meanwhile, and one on a disk that nobody can write.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::path::PathBuf;

use crate::program::run;
use crate::samples::{Workspace, fixture};
use crate::serving::{Server, encoded};
use crate::{requirement, unprivileged};

/// Samples with their issues; two are in the repository.
const SAMPLES: [(&str, u64); 7] = [
    ("sqlite-v2.5.0-small", 60),
    ("sqlite-v2.5.0-multi", 1_550),
    ("sqlite-v2.5.0-both", 120),
    ("sqlite-v2.11.0-budget", 206),
    ("sqlite-v2.15.3-fresh", 113),
    ("sqlite-v2.15.3-full", 532),
    ("sqlite-v2.15.3-real", 376),
];

fn archive(name: &str) -> Option<PathBuf> {
    let own = fixture(name);
    if own.is_file() { Some(own) } else { requirement::large_sample(name) }
}

#[test]
fn every_sample_is_migrated_proven_and_put_back() {
    for (name, issues) in SAMPLES {
        let Some(archive) = archive(name) else { continue };
        let workspace = Workspace::unpacked(&archive, name);
        let at = |arguments: &[&str]| run(&workspace.path, arguments);
        let before = workspace.files();
        let is_untouched = || {
            let now = workspace.files();
            before.iter().all(|(path, bytes)| now.get(path) == Some(bytes))
        };
        let planned = at(&["migrate", "--dry-run", "--json"]).json();
        assert!(workspace.files() == before, "{name}: a dry run changed a file");
        let done = at(&["migrate", "--json"]).json();
        assert_eq!(planned["totals"], done["totals"], "{name}");
        assert_eq!(done["totals"]["issues"], issues, "{name}");
        assert!(is_untouched(), "{name}: a file of the old app changed");
        assert!(at(&["verify"]).answer().contains("0 unexplained"), "{name}");
        at(&["profiles"]).answer();
        let plan = at(&["rollback", "--with-changes", "--dry-run"]).answer();
        assert!(plan.contains("without the histories"), "{name}: {plan}");
        at(&["rollback"]).answer();
        assert!(is_untouched() && !workspace.database().exists(), "{name}");
        let mut left: BTreeSet<String> = workspace.files().into_keys().collect();
        left.retain(|path| !before.contains_key(path) && !path.starts_with("backups/"));
        for ours in ["profiles/burndown-secrets.json", "profiles/burndown.lock"] {
            left.remove(ours);
        }
        assert_eq!(left, BTreeSet::new(), "{name}: what a rollback leaves");
    }
}

/// Whoever opens the pages first has the same as with the command, and the old files stay as they are.
#[test]
fn a_server_brings_an_old_database_home_when_it_starts() {
    for (name, issues) in SAMPLES {
        let Some(archive) = archive(name) else { continue };
        let workspace = Workspace::unpacked(&archive, name);
        let before = workspace.files();
        let server = Server::start(&workspace, &["--port", "0"]);
        let profiles = run(&workspace.path, &["profiles", "--json"]).json();
        let of_profile = |profile: &serde_json::Value| profile["issues"].as_u64().unwrap();
        let found: u64 = profiles.as_array().unwrap().iter().map(of_profile).sum();
        assert_eq!(found, issues, "{name}");
        assert!(server.get("/api/v1/migration").1.contains("\"is_proven\":true"), "{name}");
        for (profile, query) in queries(&workspace) {
            let path = format!("/profiles/{}/queries/{}", encoded(&profile), encoded(&query));
            let (head, page) = server.get(&path);
            assert!(head.starts_with("HTTP/1.1 200"), "{name} {query}: {head}\n{page}");
        }
        let ended = server.end("-TERM");
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        let now = workspace.files();
        assert!(before.iter().all(|(path, bytes)| now.get(path) == Some(bytes)), "{name}");
        assert!(run(&workspace.path, &["verify"]).answer().contains("0 unexplained"), "{name}");
    }
}

/// What the old app brought into its database gives the weekly tables of the JSON that it was: every week of
/// every query, in issues and in points, and what was stored of each.
#[test]
fn weekly_tables_are_those_of_the_json_before() {
    for (database, json) in [("sqlite-v2.5.0-small", "small"), ("sqlite-v2.5.0-multi", "multi")] {
        let (Some(of_database), Some(of_json)) = (archive(database), archive(json)) else {
            continue;
        };
        let both = [(of_database, database), (of_json, json)].map(|(archive, name)| {
            let workspace = Workspace::unpacked(&archive, name);
            run(&workspace.path, &["migrate"]).answer();
            workspace
        });
        let (mut weeks, mut stored) = (0, 0);
        for (profile, query) in queries(&both[1]) {
            let of = ["--json", "--profile", &profile, "--query", &query, "--window", "all"];
            for more in [None, Some("--points"), Some("--stored")] {
                let [ours, theirs] = both.each_ref().map(|workspace| {
                    let mut arguments = vec!["weeks"];
                    arguments.extend(of.iter().chain(more.iter()));
                    run(&workspace.path, &arguments).json()
                });
                let rows = |of: &serde_json::Value| {
                    let rows = if more == Some("--stored") {
                        &of["weeks"]
                    } else {
                        &of["table"]["value"]["rows"]
                    };
                    rows.as_array().cloned().unwrap_or_default()
                };
                for (week, (ours, theirs)) in rows(&ours).iter().zip(&rows(&theirs)).enumerate() {
                    assert_eq!(ours, theirs, "{json} {query} {more:?}: row {week}");
                }
                // With its totals, its units, and the day that it is of.
                assert_eq!(without_frame(&ours), without_frame(&theirs), "{json} {query} {more:?}");
                let count = if more == Some("--stored") { &mut stored } else { &mut weeks };
                *count += rows(&ours).len();
            }
        }
        assert!(weeks > 50 && stored > 20, "{json}: {weeks} {stored}");
    }
}

/// An answer but for the way to it, which says how it got here.
fn without_frame(answer: &serde_json::Value) -> serde_json::Value {
    let mut answer = answer.clone();
    answer.as_object_mut().unwrap().remove("trail");
    answer
}

/// Ids of profile and query, of all there are.
fn queries(workspace: &Workspace) -> Vec<(String, String)> {
    let profiles = run(&workspace.path, &["profiles", "--json"]).json();
    let queries =
        profiles.as_array().unwrap().iter().flat_map(|it| it["queries"].as_array().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    queries.map(|query| (text(&query["profile"]), text(&query["id"]))).collect()
}

#[test]
fn what_an_app_that_runs_has_committed_is_taken() {
    let name = "sqlite-v2.15.3-fresh";
    let workspace = Workspace::unpacked(&archive(name).unwrap(), name);
    let app = rusqlite::Connection::open(workspace.path.join("profiles/burndown.db")).unwrap();
    app.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
         UPDATE profiles SET name = 'Committed' WHERE rowid = 1;
         BEGIN IMMEDIATE; UPDATE profiles SET name = 'Not committed' WHERE rowid = 1;",
    )
    .unwrap();
    let before = workspace.files();
    run(&workspace.path, &["migrate"]).answer();
    let names = run(&workspace.path, &["profiles"]).answer();
    assert!(names.contains("Committed") && !names.contains("Not committed"), "{names}");
    assert!(run(&workspace.path, &["verify"]).answer().contains("0 unexplained"));
    let now = workspace.files();
    let is_same = |name: &str| before.get(name) == now.get(name);
    assert!(is_same("profiles/burndown.db") && is_same("profiles/burndown.db-wal"));
    app.execute_batch("COMMIT").unwrap();
}

#[cfg(unix)]
#[test]
fn a_database_that_cannot_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    if !unprivileged::can_run() {
        return;
    }
    let name = "sqlite-v2.15.3-fresh";
    let sample = Workspace::unpacked(&archive(name).unwrap(), name);
    let target = Workspace::empty();
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    let source = target.path.join("old");
    fs::create_dir_all(source.join("profiles")).unwrap();
    let database = source.join("profiles/burndown.db");
    fs::copy(sample.path.join("profiles/burndown.db"), &database).unwrap();
    set(&database, 0o444);
    set(&source.join("profiles"), 0o555);
    set(&source, 0o555);
    set(&target.path, 0o777);
    let arguments =
        ["--workspace", "new", "migrate", "--from", "old/profiles/burndown.db", "--json"];
    let done = unprivileged::run(&target, &arguments).json();
    assert_eq!(done["totals"]["issues"], 113);
    let names: Vec<_> = fs::read_dir(source.join("profiles")).unwrap().flatten().collect();
    assert_eq!(names.len(), 1, "nothing was put beside it");
    set(&source, 0o755);
    set(&source.join("profiles"), 0o755);
}
