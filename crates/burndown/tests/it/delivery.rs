//! Deliveries, as whoever types their commands sees them.

use fake_jira::{Behaviour, FakeJira, Kind, World};
use serde_json::{Value, json};

use crate::program::{Ended, run};
use crate::samples::Workspace;
use crate::serving::Server;

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

/// The start page, `answers` and the JSON interface say the same of what runs, and nothing of what
/// is over.
#[test]
fn running_deliveries_are_on_the_first_page() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = Bug", "--target", "2026-06-01"]).answer();
    delivery(&workspace, &["add", "all", "--name", "Everything & more"]).answer();
    delivery(&workspace, &["add", "type = Task", "--name", "Over"]).answer();
    delivery(&workspace, &["state", "Over", "done"]).answer();
    let found = run(&workspace.path, &["answers", "--json"]).json();
    let rows = found["deliveries"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Bug", "Everything & more"]);
    let text = run(&workspace.path, &["answers"]).answer();
    let server = Server::start(&workspace, &["--port", "0"]);
    let (_, page) = server.get("/");
    let (_, api) = server.get("/api/v1/answers");
    let api: Value = serde_json::from_str(&api).unwrap();
    assert_eq!(api["deliveries"], found["deliveries"]);
    assert!(page.contains(">Everything &amp; more</a>") && !page.contains(">Over</a>"));
    for row in rows {
        let name = row["name"].as_str().unwrap();
        let shown = delivery(&workspace, &["show", name, "--json"]).json();
        assert_eq!(row["standing"], shown["standing"]);
        assert_eq!(row["odds"], shown["forecast"]["value"]["target"]);
        let said = delivery(&workspace, &["show", name]).answer();
        let sentence = said.lines().next().unwrap().strip_prefix(&format!("{name}: ")).unwrap();
        assert!(text.contains(&format!("{name}\n  {sentence}\n")), "{sentence}: {text}");
        assert!(page.contains(&format!("<td>{sentence}</td>")), "{sentence}: {page}");
    }
    assert!(text.contains("  Target 1 Jun 2026: "), "{text}");
    let none = run(&workspace.path, &["answers", "nothing of that name"]).answer();
    assert_eq!(none, "there is no such query or delivery\n");
}

/// Issues of a project: so many a week, more in some and fewer in others, done in the twelve weeks
/// before 2025-06-23, and `open` ones.
fn team(project: &str, a_week: u64, open: u64) -> Vec<Value> {
    let first: model::Timestamp = "2025-03-31T10:00:00Z".parse().unwrap();
    let issue = |number: u64| {
        let is_done = number < 12 * a_week;
        let week = if number.is_multiple_of(3) { number % 5 } else { number % 12 };
        let at = first + std::time::Duration::from_secs(week * 7 * 86_400);
        let at = at.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
        let (id, name, category) =
            if is_done { ("5", "Done", "done") } else { ("1", "Open", "new") };
        let done = json!([{"id": "1", "created": at, "items": [{"field": "status", "from": "1",
            "fromString": "Open", "to": "5", "toString": "Done"}]}]);
        let histories = if is_done { done } else { json!([]) };
        json!({"key": format!("{project}-{}", number + 1),
            "fields": {"project": {"key": project}, "created": "2025-03-24T10:00:00.000+0000",
                "issuetype": {"id": "1", "name": "Task", "subtask": false},
                "status": {"id": id, "name": name, "statusCategory": {"key": category}}},
            "changelog": {"total": histories.as_array().unwrap().len(), "histories": histories}})
    };
    (0..12 * a_week + open).map(issue).collect()
}

/// A delivery on which two teams work is done when both are: the product of their chances.
#[test]
fn the_chances_of_several_teams_are_multiplied() {
    let mut world = World::new();
    for issue in team("SLOW", 2, 18).iter().chain(&team("FAST", 5, 40)) {
        world.take_in(issue).unwrap();
    }
    let server = FakeJira::start(world, Kind::Cloud, Behaviour::honest(Kind::Cloud)).unwrap();
    let workspace = Workspace::empty();
    let run = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    run(&["connect", server.url(), "--profile", "Teams", "--public"]);
    for project in ["SLOW", "FAST"] {
        run(&["query", "create", &format!("project = {project}"), "--name", project]);
    }
    run(&["sync", "--all"]);
    let chance = |queries: &[&str], target: &str| {
        let of = queries.iter().flat_map(|query| ["--query", query]);
        let add = ["add", "all", "--name", "It", "--target", target].into_iter().chain(of);
        delivery(&workspace, &add.collect::<Vec<_>>()).answer();
        let show = ["show", "It", "--as-of", "2025-06-22", "--json"];
        let said = delivery(&workspace, &show).json();
        delivery(&workspace, &["remove", "It"]).answer();
        let forecast = &said["forecast"]["value"];
        assert_eq!(forecast["assumes"]["teams"], queries.len());
        forecast["target"]["chance"].as_f64().unwrap()
    };
    let mut uncertain = 0;
    for target in ["2025-08-15", "2025-08-29", "2025-10-31"] {
        let [slow, fast] = ["SLOW", "FAST"].map(|query| chance(&[query], target));
        let both = chance(&["SLOW", "FAST"], target);
        assert!((both - slow * fast).abs() < 1e-9, "{target}: {slow} × {fast} = {both}");
        uncertain += u32::from(both > 0.01 && both < slow.min(fast));
    }
    assert!(uncertain > 0, "nothing was uncertain");
}
