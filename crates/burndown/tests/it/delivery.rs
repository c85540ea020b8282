//! Deliveries, as whoever types their commands sees them.

use serde_json::Value;

use crate::program::{Ended, run};
use crate::samples::Workspace;

fn delivery(workspace: &Workspace, arguments: &[&str]) -> Ended {
    run(&workspace.path, &[&["delivery"], arguments].concat())
}

/// The names of all, in their order.
fn names(workspace: &Workspace) -> Vec<String> {
    let found = delivery(workspace, &["list", "--json"]).json();
    let all = found["deliveries"].as_array().unwrap().iter();
    all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_delivery_is_made_shown_changed_and_taken_away() {
    let workspace = Workspace::migrated();
    let said = delivery(&workspace, &["list"]).answer();
    assert!(said.starts_with("No delivery yet."), "{said}");
    let said = delivery(&workspace, &["add", "type = bug", "--target", "2026-06-01"]).answer();
    assert!(said.starts_with("bug: 85 % likely done by "), "{said}");
    assert!(said.contains("done     18 of 26 items; 8 open"), "{said}");
    assert!(said.contains("Target 1 Jun 2026: "), "{said}");
    delivery(&workspace, &["add", "all", "--name", "Everything"]).answer();
    assert_eq!(names(&workspace), ["bug", "Everything"]);
    delivery(&workspace, &["order", "everything", "1"]).answer();
    assert_eq!(names(&workspace), ["Everything", "bug"]);
    let edit = ["edit", "bug", "--name", "Bugs", "--target", "", "--split", "share"];
    let said = delivery(&workspace, &edit).answer();
    assert!(said.contains("By share: ") && !said.contains("Target"), "{said}");
    let said = delivery(&workspace, &["state", "Bugs", "done"]).answer();
    assert!(said.starts_with("Bugs: It was said to be over."), "{said}");
    delivery(&workspace, &["remove", "Bugs"]).answer();
    assert_eq!(names(&workspace), ["Everything"]);
}

#[test]
fn what_is_wrong_with_a_delivery_is_said() {
    let workspace = Workspace::migrated();
    for (arguments, code, said) in [
        (&["add", "colour = red"][..], 2, "all, or one of fix version, epic"),
        (&["add", "all", "--target", "soon"], 2, "2025-11-24"),
        (&["add", "all", "--split", "half"], 2, "it can be order or share"),
        (&["add", "all", "--query", "nowhere"], 1, "there is no query \"nowhere\""),
        (&["show", "missing"], 1, "there is no delivery \"missing\", and none at all yet"),
    ] {
        let ended = delivery(&workspace, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
    assert_eq!(names(&workspace), [""; 0]);
}

#[test]
fn a_delivery_outlives_its_query_and_travels_with_its_profile() {
    let workspace = Workspace::migrated();
    let run = |arguments: &[&str]| run(&workspace.path, arguments);
    let add = ["delivery", "add", "type = Bug", "--target", "2026-06-01"];
    run(&add).answer();
    let before = run(&["delivery", "show", "Bug", "--json"]).json();
    run(&["query", "delete", "All issues", "--yes"]).answer();
    let gone = run(&["delivery", "show", "Bug", "--json"]).json();
    assert_eq!(gone["queries"][0]["is_gone"], true);
    assert_eq!(gone["queries"][0]["name"], "All issues");
    assert_eq!(gone["standing"]["reason_code"], "no_queries");
    let trash = run(&["trash", "list", "--json"]).json();
    run(&["trash", "restore", trash["entries"][0]["id"].as_str().unwrap()]).answer();
    assert_eq!(run(&["delivery", "show", "Bug", "--json"]).json(), before);
    // A profile takes its deliveries along.
    run(&["export", "profile.json"]).answer();
    run(&["profile", "delete", "Apache Kafka", "--yes"]).answer();
    let trash = run(&["trash", "list", "--json"]).json();
    run(&["trash", "restore", trash["entries"][0]["id"].as_str().unwrap()]).answer();
    assert_eq!(run(&["delivery", "show", "Bug", "--json"]).json(), before);
    run(&["import", "profile.json", "--name", "Twin"]).answer();
    let twin = run(&["delivery", "show", "Bug", "--profile", "Twin", "--json"]).json();
    assert_eq!(twin["standing"], before["standing"]);
    assert_eq!(twin["forecast"], before["forecast"]);
    assert_ne!(twin["queries"][0]["profile"], before["queries"][0]["profile"]);
}

#[test]
fn past_days_are_not_known_where_histories_hold_the_status_alone() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = Bug"]).answer();
    let show = |more: &[&str]| -> Value {
        let asked = [&["show", "Bug", "--as-of", "2025-10-12", "--json"], more].concat();
        delivery(&workspace, &asked).json()
    };
    let unknown = show(&[]);
    for part in ["standing", "forecast"] {
        assert_eq!(unknown[part]["reason_code"], "no_membership_history", "{part}");
        assert_eq!(unknown[part]["remedy_code"], "sync_now");
    }
    assert_eq!(unknown["weeks"], Value::Array(Vec::new()));
    let of_today = show(&["--membership", "today"]);
    assert_eq!(of_today["membership"], "today");
    assert!(of_today["standing"]["value"]["scope"].as_u64().unwrap() > 5);
}
