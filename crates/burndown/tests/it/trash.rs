//! Deleted by command and brought back: whole, or with a sentence that says why not.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{Ended, run};
use crate::requirement;
use crate::samples::Workspace;

fn at(workspace: &Workspace, arguments: &[&str]) -> Ended {
    run(&workspace.path, &[&["--workspace", "."], arguments].concat())
}

fn json(workspace: &Workspace, arguments: &[&str]) -> Value {
    at(workspace, &[arguments, &["--json"]].concat()).json()
}

/// All that a profile holds, without when it was exported.
fn content(workspace: &Workspace, profile: &str) -> String {
    let file = at(workspace, &["export", "-", "--profile", profile]).answer();
    file.split_once('\n').unwrap().1.to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// Deletes and restores each profile and each query.
fn check_round_trips(workspace: &Workspace) {
    let profiles = ids(&json(workspace, &["profiles"]));
    for profile in &profiles {
        let before = content(workspace, profile);
        let queries = ids(&json(workspace, &["queries", "--profile", profile]));
        for query in &queries {
            let delete = ["query", "delete", query, "--profile", profile, "--yes"];
            let entry = json(workspace, &delete);
            assert_eq!(entry["query"]["id"], query.as_str());
            json(workspace, &["trash", "restore", entry["id"].as_str().unwrap()]);
        }
        let entry = json(workspace, &["profile", "delete", profile, "--yes"]);
        let left = ids(&json(workspace, &["profiles"]));
        assert_eq!(left.len(), profiles.len() - 1);
        let restored = json(workspace, &["trash", "restore", entry["id"].as_str().unwrap()]);
        assert_eq!(
            restored["notes"].as_array().unwrap().len(),
            usize::from(entry["had_token"] == true)
        );
        assert!(content(workspace, profile) == before, "{profile} is not as it was");
    }
    assert_eq!(json(workspace, &["trash", "list"])["entries"], Value::Array(vec![]));
    assert!(at(workspace, &["status"]).answer().contains("integrity"));
}

#[test]
fn everything_comes_back() {
    check_round_trips(&Workspace::migrated());
    let after_rollback = Workspace::migrated();
    at(&after_rollback, &["rollback"]).answer();
    // Whatever was changed there, its copy is equal.
    at(&after_rollback, &["query", "edit", "All issues", "--jql", "project = OTHER"]).answer();
    check_round_trips(&after_rollback);
    for name in ["multi", "real"] {
        let Some(archive) = requirement::large_sample(name) else { continue };
        let workspace = Workspace::unpacked(&archive, name);
        at(&workspace, &["migrate"]).answer();
        check_round_trips(&workspace);
    }
}

#[test]
fn what_goes_is_said_and_needs_a_word() {
    let workspace = Workspace::migrated();
    let refused = at(&workspace, &["profile", "delete", "Apache Kafka"]);
    refused.failed(2, &["nothing was changed; add --yes"]);
    for part in ["1 query, 60 issues and 60 changelogs", "can be undone until", "Jira token"] {
        assert!(refused.err.contains(part), "{part:?} is not in: {}", refused.err);
    }
    let said = at(&workspace, &["profile", "delete", "Apache Kafka", "--yes"]).answer();
    let id = said.split("trash restore ").nth(1).unwrap().split('`').next().unwrap();
    let listed = at(&workspace, &["trash", "list"]).answer();
    assert!(listed.contains(id) && listed.contains("Apache Kafka"), "{listed}");
    assert_eq!(json(&workspace, &["profiles"]), Value::Array(vec![]));
    assert!(at(&workspace, &["verify"]).answer().contains("0 unexplained"));
    at(&workspace, &["trash", "restore", "20010101-000000"]).failed(1, &["burndown trash list"]);
    at(&workspace, &["trash", "empty"]).failed(2, &["--yes"]);
    assert_eq!(at(&workspace, &["trash", "empty", "--yes"]).answer(), "removed 1 thing for good\n");
    let empty = at(&workspace, &["trash", "list"]).answer();
    assert!(empty.starts_with("The trash is empty."), "{empty}");
}

#[test]
fn a_file_takes_the_place_of_a_profile() {
    let workspace = Workspace::migrated();
    let import = ["import", "kafka.json", "--replace", "Apache Kafka"];
    at(&workspace, &["export", "kafka.json"]).answer();
    // An import keeps the forecast of its week.
    at(&workspace, &[&import[..], &["--yes"]].concat()).answer();
    let before = content(&workspace, "Apache Kafka");
    at(&workspace, &["profile", "describe", "Apache Kafka", "Changed"]).answer();
    at(&workspace, &import).failed(2, &["--yes"]);
    let preview = at(&workspace, &[&import[..], &["--dry-run"]].concat()).answer();
    assert!(preview.starts_with("Would import") && !preview.contains("Note"), "{preview}");
    assert_ne!(content(&workspace, "Apache Kafka"), before);
    let done = at(&workspace, &[&import[..], &["--yes"]].concat());
    assert!(done.err.contains("burndown trash restore"), "{}", done.err);
    done.answer();
    assert!(content(&workspace, "Apache Kafka") == before);
    at(&workspace, &["import", "kafka.json", "--replace", "Nobody", "--yes"])
        .failed(1, &["Nobody"]);
}

/// A file system in memory over the trash, gone when dropped.
#[cfg(target_os = "linux")]
struct SmallTrash<'w>(&'w Workspace);

#[cfg(target_os = "linux")]
impl SmallTrash<'_> {
    fn mount<'w>(workspace: &'w Workspace, options: &str) -> Option<SmallTrash<'w>> {
        let place = workspace.path.join("trash");
        fs::create_dir(&place).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&place).stderr(Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        if !is_mounted {
            eprintln!("skipped: no file system can be mounted here");
        }
        is_mounted.then_some(SmallTrash(workspace))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallTrash<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path.join("trash")).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_room_or_right_nothing_is_deleted() {
    for (options, part) in [("size=4k", "No space left"), ("ro", "Read-only")] {
        let workspace = Workspace::migrated();
        let before = content(&workspace, "Apache Kafka");
        let Some(_trash) = SmallTrash::mount(&workspace, options) else { return };
        for arguments in [
            &["profile", "delete", "Apache Kafka", "--yes"][..],
            &["query", "delete", "q_25d5b4b45190", "--yes"],
        ] {
            at(&workspace, arguments).failed(1, &["nothing was", part]);
        }
        assert!(content(&workspace, "Apache Kafka") == before);
        let left = fs::read_dir(workspace.path.join("trash")).unwrap().count();
        assert_eq!(left, 0, "{options}");
    }
}

/// Names of files that hold a text.
fn holders(workspace: &Workspace, text: &str) -> Vec<String> {
    let is_in = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let files = workspace.files();
    files.into_iter().filter(|(_, bytes)| is_in(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn what_goes_for_good_is_in_no_file_any_more() {
    let workspace = Workspace::migrated();
    let canary = "Canary-7d1e";
    json(&workspace, &["profile", "create", canary]);
    let backup = json(&workspace, &["backup"]);
    let id = backup["id"].as_str().unwrap();
    json(&workspace, &["profile", "delete", canary, "--yes"]);
    let refused = at(&workspace, &["trash", "empty"]);
    for part in ["still in backups: ", id, "--backups-too", "nothing was changed"] {
        assert!(refused.err.contains(part), "{part:?} is not in: {}", refused.err);
    }
    assert_eq!(json(&workspace, &["trash", "empty", "--yes"])["removed"], 1);
    let held = holders(&workspace, canary);
    assert!(!held.is_empty() && held.iter().all(|name| name.starts_with("backups/")), "{held:?}");

    // What came after it was deleted does not hold it.
    at(&workspace, &["restore", id, "--yes"]).answer();
    json(&workspace, &["profile", "delete", canary, "--yes"]);
    let emptied = at(&workspace, &["trash", "empty", "--yes", "--backups-too"]);
    let said = emptied.answer();
    assert!(said.contains("that held it"), "{said}");
    assert_eq!(holders(&workspace, canary), Vec::<String>::new());
    assert!(!json(&workspace, &["backup", "list"]).as_array().unwrap().is_empty());
}

/// A backup that holds it in its trash alone, and one of what has its id now.
#[test]
fn backups_of_what_is_there_are_kept_and_those_of_what_went_are_found() {
    let workspace = Workspace::migrated();
    let kept = || {
        let backups = json(&workspace, &["backup", "list"]);
        ids(&backups)
    };
    json(&workspace, &["profile", "create", "Canary-7d1e"]);
    let deleted = json(&workspace, &["profile", "delete", "Canary-7d1e", "--yes"]);
    let in_trash = json(&workspace, &["backup"])["id"].as_str().unwrap().to_owned();
    json(&workspace, &["trash", "restore", deleted["id"].as_str().unwrap()]);
    json(&workspace, &["profile", "delete", "Canary-7d1e", "--yes"]);
    at(&workspace, &["trash", "empty", "--yes", "--backups-too"]).answer();
    assert!(!kept().contains(&in_trash), "{:?}", kept());

    // What takes the place of a profile has its id, and the backups of it are its own.
    json(&workspace, &["export", "f.json", "--profile", "Apache Kafka"]);
    json(&workspace, &["profile", "rename", "Apache Kafka", "Kafka of before"]);
    json(&workspace, &["import", "f.json", "--replace", "Kafka of before", "--yes"]);
    let of_now = json(&workspace, &["backup"])["id"].as_str().unwrap().to_owned();
    let emptied = at(&workspace, &["trash", "empty", "--yes", "--backups-too", "--json"]);
    assert_eq!(emptied.json()["removed"], 1);
    // It has the old one in its trash.
    assert!(!kept().contains(&of_now), "{:?}", kept());
    let of_now = json(&workspace, &["backup"])["id"].as_str().unwrap().to_owned();
    json(&workspace, &["profile", "create", "Other"]);
    json(&workspace, &["profile", "delete", "Other", "--yes"]);
    at(&workspace, &["trash", "empty", "--yes", "--backups-too"]).answer();
    assert!(kept().contains(&of_now), "{:?}", kept());
}

#[test]
fn what_the_old_app_left_of_what_goes_is_named() {
    let workspace = Workspace::migrated();
    let of_copy = workspace.path.join("backups/migration-of-before/profiles");
    fs::create_dir_all(&of_copy).unwrap();
    fs::write(of_copy.join("burndown.db"), "of the old app").unwrap();
    json(&workspace, &["profile", "delete", "Apache Kafka", "--yes"]);
    let emptied = at(&workspace, &["trash", "empty", "--yes"]);
    assert_eq!(emptied.code, 0);
    let parts = [
        "profiles/p_a7b6725386c3",
        "backups/migration-",
        "still with the old app: ",
        "migration-of-before/profiles/burndown.db",
    ];
    for part in parts {
        assert!(emptied.err.contains(part), "{part:?} is not in: {}", emptied.err);
    }
}

/// A workspace in which one profile is nearly all, a file with a small one, and how large its database is.
fn mostly_one_profile() -> (Workspace, u64) {
    let workspace = Workspace::migrated();
    at(&workspace, &["profile", "create", "Little"]).answer();
    at(&workspace, &["export", "little.json", "--profile", "Little"]).answer();
    for copy in ["B", "C", "D", "E", "F"] {
        let duplicate = ["query", "duplicate", "All issues", copy, "--with-data"];
        at(&workspace, &[&duplicate[..], &["--profile", "Apache Kafka"]].concat()).answer();
    }
    let bytes = fs::metadata(workspace.database()).unwrap().len();
    (workspace, bytes)
}

/// What is gone takes no room any more, whichever way it went.
#[test]
fn a_database_shrinks_by_what_went() {
    let put_in_its_place =
        ["import", "little.json", "--name", "Other", "--replace", "Apache Kafka", "--yes"];
    for command in [&["profile", "delete", "Apache Kafka", "--yes"][..], &put_in_its_place] {
        let (workspace, full) = mostly_one_profile();
        at(&workspace, command).answer();
        let left = fs::metadata(workspace.database()).unwrap().len();
        assert!(left * 2 < full, "{command:?} leaves {left} of {full}");
    }
    let (workspace, full) = mostly_one_profile();
    let server = crate::serving::Server::start(&workspace, &["--port", "0"]);
    let profiles = json(&workspace, &["profiles"]);
    let is_big = |profile: &&Value| profile["name"] == "Apache Kafka";
    let id = profiles.as_array().unwrap().iter().find(is_big).unwrap()["id"].clone();
    let (head, _) = server.post(&format!("/profiles/{}/delete", id.as_str().unwrap()), &[]);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    // It goes on while pages are asked for.
    let is_small = || {
        server.get("/healthz");
        fs::metadata(workspace.database()).unwrap().len() * 2 < full
    };
    assert!((0..5_000).any(|_| is_small()), "{full}");
}
