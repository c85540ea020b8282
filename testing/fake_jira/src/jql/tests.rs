//! Queries against a small world: what they find, and how they are refused.

use serde_json::{Value, json};

use super::Strictness;
use crate::world::World;

fn world() -> World {
    let mut world = World::new();
    let done = json!({"id": "5", "name": "Done", "statusCategory": {"key": "done"}});
    let doing = json!({"id": "3", "name": "In Progress"});
    let add = |world: &mut World, project: &str, fields: Value| world.add(project, fields).unwrap();
    add(&mut world, "AB", json!({"status": done, "labels": ["Red", "blue"]}));
    add(&mut world, "AB", json!({"status": doing, "summary": "Say \"hello\""}));
    add(&mut world, "AB", json!({"issuetype": {"id": "9", "name": "Bug"}}));
    add(&mut world, "XY", json!({"status": done, "assignee": {"displayName": "Ada"}}));
    world.hide("AB-3").unwrap();
    add(&mut world, "AB", json!({"created": "2020-02-03T04:05:06.000+0000"}));
    world
}

fn keys(jql: &str, strictness: Strictness) -> Result<String, String> {
    let mut world = world();
    let found = world.find(jql, strictness)?;
    let keys = found.ids.iter().map(|id| world.issues[id].key.to_string());
    Ok(keys.collect::<Vec<_>>().join(" "))
}

#[track_caller]
fn check(jql: &str, want: &str) {
    assert_eq!(keys(jql, Strictness::Strict).as_deref(), Ok(want), "{jql}");
}

#[track_caller]
fn check_refused(jql: &str, want: &str) {
    let refusal = keys(jql, Strictness::Strict).unwrap_err();
    assert!(refusal.contains(want), "{jql}: {refusal}");
}

#[test]
fn conditions_find_issues() {
    check("project = AB ORDER BY key", "AB-1 AB-2 AB-4");
    check("project in (ab, \"XY\") AND status = Done ORDER BY key", "AB-1 XY-1");
    check("project != AB", "XY-1");
    check("status = 'in progress' OR key = XY-1 ORDER BY key", "AB-2 XY-1");
    check("statusCategory = Done ORDER BY key DESC", "XY-1 AB-1");
    check("statusCategory not in (done, new)", "AB-2");
    check("NOT (project = AB OR status = \"In Progress\")", "XY-1");
    check("project = AB && key > AB-1 ORDER BY issuekey ASC", "AB-2 AB-4");
    check("key <= AB-1", "AB-1");
    check("key in (AB-4, XY-1) ORDER BY created, key", "AB-4 XY-1");
    check("issuetype = Story AND created < \"2020/02/03 04:06\"", "AB-4");
    check("created >= 2020-02-04 AND updated <= now() AND project = XY", "XY-1");
    check("labels in (red)", "AB-1");
    check("labels != red", "");
    check("assignee is not EMPTY", "XY-1");
    check("assignee = null AND summary ~ hello", "AB-2");
}

#[test]
fn nothing_at_all_finds_everything_newest_first() {
    check("", "AB-4 XY-1 AB-2 AB-1");
    check("order by project desc, key asc", "XY-1 AB-1 AB-2 AB-4");
}

#[test]
fn refusals_are_in_jiras_words() {
    check_refused("project = NO", "The value 'NO' does not exist for the field 'project'.");
    check_refused("status = Lost", "The value 'Lost' does not exist for the field 'status'.");
    check_refused("key = AB-9", "An issue with key 'AB-9' does not exist for field 'key'.");
    check_refused("key = AB-3", "An issue with key 'AB-3' does not exist for field 'key'.");
    check_refused("id in (7)", "A value with ID '7' does not exist for the field 'id'.");
    check_refused("team = a", "Field 'team' does not exist or you do not have permission");
    check_refused("project = AB status = Done", "'OR' or 'AND' but got 'status'. (line 1, char");
    check_refused("project AB", "Expecting operator but got 'AB'. The valid operators are");
    check_refused("project = \"AB", "The quoted string 'AB' has not been completed.");
    check_refused("a % b", "The character '%' is a reserved JQL character.");
    check_refused("project =", "before the end of the query.");
    check_refused("(project = AB", "Expecting ')' before the end of the query.");
    check_refused("updated > soon", "Date value 'soon' for field 'updated' is invalid.");
    check_refused("status > Done", "is not supported by that field");
    check_refused("project = AB ORDER BY mood", "Field 'mood' does not exist");
    check_refused(&"(".repeat(5_000), "nested too deeply");
}

#[test]
fn who_is_lenient_finds_less_instead() {
    let missing = "key in (AB-1, AB-9)";
    assert_eq!(keys(missing, Strictness::LenientIssues).as_deref(), Ok("AB-1"));
    assert!(keys("project = NO", Strictness::LenientIssues).is_err());
    assert_eq!(keys("project in (NO, XY)", Strictness::Lenient).as_deref(), Ok("XY-1"));
}
