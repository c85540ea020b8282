//! Edits of the world and what is seen of them from outside.

use fake_jira::{Behaviour, FakeJira, Kind, SPRINT_FIELD, Which, World};
use jiff::tz::{TimeZone, offset};
use serde_json::{Value, json};

use crate::client::{get, send};
use crate::request::world;

/// Issue AB-1 as Cloud tells it, before and after an edit.
fn around(edit: impl FnOnce(&mut World)) -> [Value; 2] {
    let jira = FakeJira::start(world(), Kind::Cloud, Behaviour::honest(Kind::Cloud)).unwrap();
    let ask = || get(&jira, "/rest/api/3/issue/AB-1?expand=changelog").json();
    let before = ask();
    edit(&mut jira.world());
    [before, ask()]
}

/// Which of these differ: `updated`, the number of histories.
#[track_caller]
fn check(edit: impl FnOnce(&mut World), pointer: &str, want: Value, traces: [bool; 2]) {
    let [before, after] = around(edit);
    assert_eq!(after.pointer(pointer).unwrap_or(&Value::Null), &want, "{after}");
    let seen = ["/fields/updated", "/changelog/total"]
        .map(|pointer| before.pointer(pointer) != after.pointer(pointer));
    assert_eq!(seen, traces, "{pointer}: new updated, new history");
}

#[test]
fn edits_leave_the_traces_that_they_leave_in_jira() {
    let status = "/fields/status/name";
    check(|it| it.transition("AB-1", "Done").unwrap(), status, json!("Done"), [true, true]);
    check(|it| it.rename_status("1", "New").unwrap(), status, json!("New"), [false, false]);
    let summary = "/fields/summary";
    check(|it| it.set("AB-1", "summary", &json!("x")).unwrap(), summary, json!("x"), [true, true]);
    let silently = |it: &mut World| it.set_silently("AB-1", "summary", &json!("x")).unwrap();
    check(silently, summary, json!("x"), [false, false]);
    check(|it| it.touch("AB-1").unwrap(), summary, json!("Issue AB-1"), [true, false]);
    let state = format!("/fields/{SPRINT_FIELD}/0/state");
    let close = |it: &mut World| it.change_sprint(7, "state", "closed").unwrap();
    check(close, &state, json!("closed"), [false, false]);
    check(|it| it.plan("AB-1", &[]).unwrap(), &state, Value::Null, [true, true]);
    let moved = |it: &mut World| assert_eq!(it.move_to("AB-1", "cd").unwrap(), "CD-1");
    check(moved, "/key", json!("CD-1"), [true, true]);
    check(|it| it.delete("AB-1").unwrap(), "/key", Value::Null, [true, true]);
    check(|it| it.hide("AB-1").unwrap(), "/key", Value::Null, [true, true]);
    let back = |it: &mut World| {
        it.hide("AB-1").unwrap();
        it.show("AB-1").unwrap();
    };
    check(back, "/key", json!("AB-1"), [false, false]);
}

#[test]
fn histories_keep_the_names_of_their_day() {
    let [_, after] = around(|world| {
        world.transition("AB-1", "Done").unwrap();
        world.rename_status("5", "Finished").unwrap();
    });
    assert_eq!(after["fields"]["status"]["name"], "Finished");
    let item = &after["changelog"]["histories"][0]["items"][0];
    assert_eq!((&item["to"], &item["toString"]), (&json!("5"), &json!("Done")));
}

#[test]
fn numbers_are_never_given_twice() {
    let mut world = world();
    world.delete("AB-3").unwrap();
    assert_eq!(world.add("AB", json!({})).unwrap(), "AB-4");
    assert_eq!(world.keys(), ["AB-1", "AB-2", "AB-4"]);
}

#[test]
fn times_follow_the_zone() {
    let [before, after] = around(|world| world.set_zone(TimeZone::fixed(offset(-5))));
    assert_eq!(before["fields"]["created"], "2026-01-01T00:03:00.000+0000");
    assert_eq!(after["fields"]["created"], "2025-12-31T19:03:00.000-0500");
    let history = &after["changelog"]["histories"][0]["created"];
    assert_eq!(history, "2025-12-31T19:06:00.000-0500");
}

#[test]
fn two_statuses_may_have_one_name() {
    let mut world = world();
    world.see_status(&json!({"id": "77", "name": "Done"})).unwrap();
    world.transition("AB-3", "77").unwrap();
    world.transition("AB-1", "5").unwrap();
    let found = world.search("status = Done ORDER BY key").unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn an_edit_that_panics_ends_the_connection_and_no_other() {
    let panics = |_: &mut World| panic!("as planned");
    let behaviour = Behaviour::honest(Kind::Cloud).edit("/status", Which::Nth(1), panics);
    let jira = FakeJira::start(world(), Kind::Cloud, behaviour).unwrap();
    assert!(send(&jira, "/rest/api/2/status", None, "").is_none());
    assert_eq!(get(&jira, "/rest/api/2/status").status, 200);
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let mut world = world();
    let message = world.touch("AB-9").unwrap_err().to_string();
    assert_eq!(message, "no issue is called AB-9; add it first");
    let message = world.transition("AB-1", "Lost").unwrap_err().to_string();
    assert_eq!(message, "no status is called Lost; see_status makes one");
    let message = world.plan("AB-1", &[8]).unwrap_err().to_string();
    assert_eq!(message, "no sprint has the id 8; see_sprint makes one");
    let twice = json!({"key": "AB-1", "fields": {}});
    let message = world.take_in(&twice).unwrap_err().to_string();
    assert_eq!(message, "an issue cannot be taken in: AB-1 is there already");
}
