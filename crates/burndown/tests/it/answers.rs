//! What each command answers, as text and as JSON.

use serde_json::Value;

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;

/// Replaces what differs from run to run: the folder, the time of the migration and of its backup,
/// sizes, and versions.
struct Mask {
    pairs: Vec<(String, &'static str)>,
}

impl Mask {
    fn of(workspace: &Workspace) -> Mask {
        let status = run(&workspace.path, &["status", "--json"]).json();
        let report = &status["workspace"]["migration"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let backup = text(&report["backup"]);
        let pairs = vec![
            (workspace.path.display().to_string(), "WORKSPACE"),
            (backup.rsplit('/').next().unwrap_or_default().to_owned(), "BACKUP"),
            (text(&report["completed_at"]), "TIME"),
            (format!("\"size_bytes\": {}", status["health"]["size_bytes"]), "\"size_bytes\": SIZE"),
            (format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": VERSION"),
            (
                format!("\"program_version\": \"{}\"", env!("CARGO_PKG_VERSION")),
                "\"program_version\": VERSION",
            ),
        ];
        Mask { pairs: pairs.into_iter().filter(|(text, _)| !text.is_empty()).collect() }
    }

    fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (volatile, name) in &self.pairs {
            masked = masked.replace(volatile, name);
        }
        let line = |line: &str| {
            let is_size = line.starts_with("size ");
            // What takes how much of it.
            let part =
                line.split_once("_bytes\": ").filter(|(_, bytes)| !bytes.starts_with("SIZE"));
            match part {
                _ if is_size => "size            SIZE".to_owned(),
                Some((name, bytes)) => {
                    let rest = bytes.trim_start_matches(|digit: char| digit.is_ascii_digit());
                    format!("{name}_bytes\": SIZE{rest}")
                }
                _ => without_age(line),
            }
        };
        masked.lines().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// How long ago the sample was fetched differs from day to day.
fn without_age(line: &str) -> String {
    let ago = line.find(" ago)").and_then(|end| Some((line.get(..end)?.rfind('(')?, end)));
    ago.map_or(line.to_owned(), |(from, to)| format!("{}(AGE{}", &line[..from], &line[to..]))
}

/// Cuts lists of many weeks after the third, so that a snapshot can be read.
fn shorten(json: &mut Value) {
    const KEPT: usize = 3;
    match json {
        Value::Array(list) => {
            let more = list.len().saturating_sub(KEPT);
            if list.len() > 16 {
                list.truncate(KEPT);
                list.push(format!("and {more} more").into());
            }
            list.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn each_command_answers_in_text_and_in_json() {
    let workspace = Workspace::migrated();
    let mask = Mask::of(&workspace);
    for (name, arguments) in [
        ("status", &["status"][..]),
        ("answers", &["answers"]),
        ("profiles", &["profiles"]),
        ("queries", &["queries"]),
        ("issues", &["issues", "--limit", "5", "--sort", "-created"]),
        (
            "issues_filtered",
            &["issues", "--status", "Resolved", "--type", "Bug", "--limit", "2", "--offset", "1"],
        ),
        ("issues_behind", &["issues", "--done", "--week", "2025-W49", "--limit", "5"]),
        ("issue", &["issues", "KAFKA-1002"]),
        ("summary", &["summary"]),
        ("weeks", &["weeks", "--window", "4"]),
        ("forecast", &["forecast", "--as-of", "2025-11-30", "--by", "2026-01-31", "--pert"]),
        (
            "forecast_what_if",
            &[
                "forecast",
                "--as-of",
                "2025-12-21",
                "--focus",
                "150",
                "--growth",
                "off",
                "--exclude",
                "2025-W49",
            ],
        ),
        ("milestone", &["milestone"]),
        ("verify", &["verify"]),
        ("rollback", &["rollback", "--dry-run"]),
    ] {
        let text = run(&workspace.path, arguments).answer();
        insta::assert_snapshot!(format!("{name}_text"), mask.apply(&text));
        let mut json = run(&workspace.path, &[arguments, &["--json"]].concat()).json();
        // Jira's own words are long, and not ours.
        if let Some(document) = json.get_mut("document") {
            assert_eq!(document["key"], "KAFKA-1002");
            *document = "DOCUMENT".into();
        }
        shorten(&mut json);
        let json = serde_json::to_string_pretty(&json).unwrap();
        insta::assert_snapshot!(format!("{name}_json"), mask.apply(&json));
    }
}

#[test]
fn a_migration_tells_what_it_did() {
    let workspace = Workspace::small();
    let ended = run(&workspace.path, &["migrate"]);
    let mask = Mask::of(&workspace);
    insta::assert_snapshot!("migrate_said", mask.apply(&ended.err));
    insta::assert_snapshot!("migrate_text", mask.apply(&ended.answer()));
}

#[test]
fn what_stands_before_a_migration() {
    let workspace = Workspace::small();
    let mask = Mask::of(&workspace);
    let status = run(&workspace.path, &["status"]).answer();
    insta::assert_snapshot!("status_legacy", mask.apply(&status));
    let empty = Workspace::empty();
    let status = run(&empty.path, &["status", "--workspace", "."]).answer();
    insta::assert_snapshot!("status_fresh", Mask::of(&empty).apply(&status));
}

#[test]
fn issues_are_cut_where_asked() {
    let workspace = Workspace::migrated();
    let keys = |arguments: &[&str]| -> Vec<String> {
        let list = run(&workspace.path, &[&["issues", "--json"], arguments].concat()).json();
        assert_eq!(list["total"], 60);
        let issues = list["issues"].as_array().unwrap();
        issues.iter().map(|issue| issue["key"].as_str().unwrap().to_owned()).collect()
    };
    let all = keys(&["--limit", "1000"]);
    assert_eq!(all.len(), 60);
    assert_eq!(keys(&[]), all);
    assert_eq!(keys(&["--limit", "7", "--offset", "3"]), all[3..10]);
    assert_eq!(keys(&["--offset", "60"]), Vec::<String>::new());
    let turned: Vec<String> = all.iter().rev().cloned().collect();
    assert_eq!(keys(&["--sort", "-key", "--limit", "60"]), turned);
}

#[test]
fn names_of_every_script_stand_in_line() {
    let Some(archive) = requirement::large_sample("multi") else { return };
    let workspace = Workspace::unpacked(&archive, "multi");
    run(&workspace.path, &["migrate"]).answer();
    insta::assert_snapshot!("profiles_of_multi", run(&workspace.path, &["profiles"]).answer());
    let asked = ["queries", "--profile", "ZÜRICH – Ünïcødé 项目 🚀"];
    insta::assert_snapshot!("queries_of_multi", run(&workspace.path, &asked).answer());
    let empty = run(&workspace.path, &["issues", "--profile", "No data yet"]).answer();
    assert_eq!(empty, "0 of 0 issues\n");
}

#[test]
fn milestones_are_set_and_taken_away() {
    let workspace = Workspace::migrated();
    let milestone =
        |arguments: &[&str]| run(&workspace.path, &[&["milestone"], arguments].concat());
    assert!(milestone(&["set", "Beta", "2026-02-01"]).answer().contains("Beta       2026-02-01"));
    let said = run(&workspace.path, &["forecast"]).answer();
    assert!(said.contains("Beta 1 Feb 2026"), "{said}");
    assert!(!milestone(&["remove", "beta"]).answer().contains("Beta"));
    let wrong = milestone(&["set", "Beta", "soon"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("2025-11-24"), "{}", wrong.err);
}

#[test]
fn after_a_rollback_looking_writes_nothing() {
    let workspace = Workspace::migrated();
    run(&workspace.path, &["rollback"]).answer();
    let before = workspace.files();
    run(&workspace.path, &["forecast"]).answer();
    run(&workspace.path, &["summary"]).answer();
    assert!(workspace.files() == before, "a file changed");
}
