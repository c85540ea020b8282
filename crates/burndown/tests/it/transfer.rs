//! `burndown export` and `import`: a profile from one workspace into another.

use std::fs;

use crate::program::run;
use crate::samples::Workspace;

/// An export of the small workspace, beside it.
const FILE: &str = "kafka.json.gz";

fn exported() -> Workspace {
    let workspace = Workspace::migrated();
    run(&workspace.path, &["export", FILE]).answer();
    workspace
}

/// An answer but for what can be done: a token does not go along, so that helps which brings one.
fn without_remedies(place: &std::path::Path, command: &[&str]) -> String {
    let answer = run(place, command).answer();
    let lines = answer.lines().filter(|line| !line.trim_start().starts_with("\"remedy"));
    lines.collect::<Vec<&str>>().join("\n")
}

#[test]
fn a_profile_travels_to_another_workspace() {
    let from = exported();
    let file = from.path.join(FILE).display().to_string();
    let to = Workspace::empty();
    let preview = run(&to.path, &["--workspace", ".", "import", &file, "--dry-run"]).answer();
    let first = "Would import an export of burndown 0.1.0 of 20";
    assert!(preview.starts_with(first), "{preview}");
    assert!(
        preview.contains("60 issues") && preview.contains("Missing: no Jira token"),
        "{preview}"
    );
    assert!(to.files().is_empty(), "{:?}", to.files().keys());
    let done = run(&to.path, &["--workspace", ".", "import", &file]).answer();
    assert_eq!(done.replacen("Imported", "Would import", 1), preview);
    for command in [&["issues", "--json"][..], &["summary", "--json"], &["weeks", "--csv"]] {
        let [there, here] = [&from.path, &to.path].map(|place| without_remedies(place, command));
        assert_eq!(there, here, "{command:?}");
    }
    let again = run(&to.path, &["import", &file, "--json"]).json();
    assert_eq!(again["name"], "Apache Kafka (2)");
    assert_eq!(again["notes"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_asked() {
    let workspace = exported();
    let before = fs::read(workspace.path.join(FILE)).unwrap();
    run(&workspace.path, &["export", FILE]).failed(2, &["is there already", "--force"]);
    assert!(fs::read(workspace.path.join(FILE)).unwrap() == before);
    run(&workspace.path, &["export", FILE, "--force", "--config-only"]).answer();
    assert!(fs::read(workspace.path.join(FILE)).unwrap().len() < before.len() / 10);
    let names = workspace.files().into_keys().filter(|name| name.contains(".burndown-"));
    assert_eq!(names.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn an_export_can_go_to_stdout() {
    let workspace = Workspace::migrated();
    let unknown = run(&workspace.path, &["export", "-", "--query", "nope"]);
    unknown.failed(1, &["there is no query \"nope\""]);
    let queries = run(&workspace.path, &["queries", "--json"]).json();
    let name = queries[0]["name"].as_str().unwrap();
    let ended = run(&workspace.path, &["export", "-", "--query", name]);
    assert!(ended.err.starts_with("Exported 1 query, 60 issues"), "{}", ended.err);
    let file: serde_json::Value = serde_json::from_str(&ended.answer()).unwrap();
    assert_eq!(
        (&file["format"], &file["counts"]["issues"]),
        (&"burndown-export".into(), &60.into())
    );
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let workspace = exported();
    let path = |name: &str| workspace.path.join(name).display().to_string();
    let whole = fs::read(path(FILE)).unwrap();
    fs::write(path("cut.gz"), &whole[..whole.len() / 2]).unwrap();
    fs::write(path("other.json"), "{\"a\":1}").unwrap();
    let status = || {
        let mut status = run(&workspace.path, &["status", "--json"]).json();
        // The backup that is due before a change is made whether or not the file is of use.
        status["health"]["room"]["backups_bytes"] = 0.into();
        status
    };
    let before = status();
    for (file, code, part) in [
        ("cut.gz", 1, "the file is damaged"),
        ("other.json", 1, "no export that burndown knows"),
        ("missing.json", 1, "missing.json cannot be read"),
        (".", 1, "cannot be read"),
    ] {
        run(&workspace.path, &["import", &path(file)]).failed(code, &[part]);
        let empty = Workspace::empty();
        run(&empty.path, &["--workspace", ".", "import", &path(file)]).failed(code, &[part]);
        assert!(empty.files().is_empty(), "{:?}", empty.files().keys());
    }
    assert_eq!(status(), before);
}

#[test]
fn the_old_app_gets_a_folder_of_its_own() {
    let workspace = Workspace::migrated();
    let made = run(&workspace.path, &["export", "old", "--format", "legacy"]).answer();
    assert!(made.starts_with("Exported 1 query, 60 issues"), "{made}");
    run(&workspace.path, &["export", "old", "--format", "legacy"]).failed(2, &["never replaced"]);
    run(&workspace.path, &["export", "-", "--format", "csv"]).failed(2, &["cannot be stdout"]);
    let old = workspace.path.join("old");
    run(&old, &["migrate"]).answer();
    for command in [&["issues", "--json"][..], &["summary", "--json"], &["weeks", "--csv"]] {
        let [there, here] = [&workspace.path, &old].map(|place| without_remedies(place, command));
        assert_eq!(there, here, "{command:?}");
    }
}

#[test]
fn tables_are_for_spreadsheets() {
    let workspace = Workspace::migrated();
    run(&workspace.path, &["export", "tables", "--format", "csv"]).answer();
    let tables = workspace.path.join("tables");
    for (name, head, lines) in [
        ("queries.csv", "query,name,jql,", 2),
        ("issues.csv", "query,key,project,", 61),
        ("changes.csv", "query,key,at,from,to", 140),
        ("statistics.csv", "query,date,completed_items,", 30),
        ("snapshots.csv", "query,week,metric,values,forecast", 262),
    ] {
        let text = fs::read_to_string(tables.join(name)).unwrap();
        assert!(text.starts_with(head), "{text}");
        assert_eq!(text.lines().count(), lines, "{name}");
    }
}
