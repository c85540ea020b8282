//! Profiles and queries by command: made, chosen, renamed, edited, duplicated and moved.

use serde_json::Value;

use crate::program::{Ended, run};
use crate::samples::Workspace;

fn at(workspace: &Workspace, arguments: &[&str]) -> Ended {
    run(&workspace.path, &[&["--workspace", "."], arguments].concat())
}

fn json(workspace: &Workspace, arguments: &[&str]) -> Value {
    at(workspace, &[arguments, &["--json"]].concat()).json()
}

#[test]
fn a_workspace_begins_with_its_first_profile() {
    let workspace = Workspace::empty();
    let said = at(&workspace, &["profile", "create", "Team A"]).answer();
    assert!(said.starts_with("made the profile \"Team A\" (p_"), "{said}");
    let made = json(&workspace, &["query", "create", "project = K order by key"]);
    assert_eq!((&made["name"], &made["jql"]), (&"K".into(), &"project = K order by key".into()));
    let said = at(&workspace, &["use", "team a", "k"]).answer();
    assert_eq!(said, "the query \"K\" of the profile \"Team A\" is used from now on\n");
    at(&workspace, &["profile", "rename", "team a", "Team B"]).answer();
    at(&workspace, &["profile", "describe", "Team B", "Ours"]).answer();
    let profiles = json(&workspace, &["profiles"]);
    assert_eq!(
        (&profiles[0]["name"], &profiles[0]["description"]),
        (&"Team B".into(), &"Ours".into())
    );
    assert_eq!(profiles[0]["queries"][0]["is_active"], true);
}

#[test]
fn what_the_old_app_left_is_edited() {
    let workspace = Workspace::migrated();
    let before = json(&workspace, &["queries"]);
    let query = before[0]["id"].as_str().unwrap();
    let said = at(&workspace, &["query", "edit", query, "--jql", "project = OTHER"]);
    assert!(said.err.contains("stale until they are fetched anew"), "{}", said.err);
    assert!(said.answer().starts_with("edited the query "));
    let after = json(&workspace, &["queries"]);
    assert_eq!(after[0]["jql"], "project = OTHER");
    assert_eq!(
        (&after[0]["issues"], &after[0]["name"]),
        (&before[0]["issues"], &before[0]["name"])
    );
    assert!(at(&workspace, &["summary"]).answer().contains("The JQL was edited"));

    let copy = json(&workspace, &["profile", "duplicate", "Apache Kafka", "--with", "data"]);
    assert_eq!(copy["name"], "Apache Kafka (copy)");
    assert_eq!(copy["queries"][0]["issues"], before[0]["issues"]);
    at(&workspace, &["query", "duplicate", query, "Mine", "--with-data"]).answer();
    let moved = json(&workspace, &["query", "move", "Mine", "Apache Kafka (copy)"]);
    assert_eq!(moved["trail"]["profile"]["id"], copy["trail"]["profile"]["id"]);
    let there = json(&workspace, &["queries", "--profile", "Apache Kafka (copy)"]);
    let mine = there.as_array().unwrap().iter().find(|query| query["name"] == "Mine").unwrap();
    assert_eq!(mine["issues"], before[0]["issues"]);
    assert!(at(&workspace, &["verify"]).answer().contains("equal"));
}

#[track_caller]
fn check_refused(arguments: &[&str], code: i32, part: &str) {
    let workspace = Workspace::migrated();
    let before = json(&workspace, &["profiles"]);
    at(&workspace, arguments).failed(code, &[part]);
    assert_eq!(json(&workspace, &["profiles"]), before, "{arguments:?}");
}

#[test]
fn what_cannot_be_saved_is_named() {
    check_refused(&["profile", "create", " "], 2, "the name cannot be saved: it must not be empty");
    check_refused(&["profile", "create", "apache KAFKA"], 2, "exists already");
    check_refused(&["profile", "rename", "Kafka", "x"], 1, "\"Apache Kafka\"");
    check_refused(&["profile", "duplicate", "Apache Kafka", "--with", "all"], 2, "--with");
    check_refused(&["query", "create", " "], 2, "the JQL cannot be saved");
    check_refused(&["query", "move", "q_25d5b4b45190", "Apache Kafka"], 2, "choose another one");
    check_refused(&["use", "Apache Kafka", "none"], 1, "query \"none\"");
    check_refused(&["use", "Nobody"], 1, "profile \"Nobody\"");
}
