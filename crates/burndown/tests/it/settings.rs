//! Settings by command: listed, set, taken back, and refused.

use std::process::Stdio;

use serde_json::Value;

use crate::program::{BINARY, Ended, command, finish, run};
use crate::samples::Workspace;

fn at(workspace: &Workspace, arguments: &[&str]) -> Ended {
    run(&workspace.path, &[&["--workspace", ".", "settings"], arguments].concat())
}

fn value(workspace: &Workspace, name: &str) -> String {
    let all: Value = at(workspace, &["--json"]).json();
    let settings = all["settings"].as_array().unwrap();
    let found = settings.iter().find(|setting| setting["name"] == name).unwrap();
    let lines = found["value"].as_array().unwrap();
    lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("|")
}

#[test]
fn settings_are_listed() {
    let workspace = Workspace::migrated();
    let list = at(&workspace, &[]).answer();
    let zone = list.lines().find(|line| line.starts_with("time-zone")).unwrap().to_owned();
    insta::assert_snapshot!(list.replace(&zone, "time-zone …"));
    insta::assert_snapshot!(at(&workspace, &["seen"]).answer());
}

/// What is added is added to the list that is there then, and not to one that was read before.
#[test]
fn two_hands_add_to_one_list() {
    let workspace = Workspace::migrated();
    let add = |month: u32| {
        (1..9).for_each(|day| {
            let day = format!("2030-{month:02}-{day:02}");
            let added = at(&workspace, &["add", "holidays", &day]);
            assert_eq!(added.code, 0, "{}", added.err);
        });
    };
    std::thread::scope(|scope| {
        scope.spawn(|| add(3));
        scope.spawn(|| add(4));
    });
    assert_eq!(
        value(&workspace, "holidays").split('|').filter(|day| day.contains("2030-0")).count(),
        16
    );
}

#[test]
fn settings_are_set_and_taken_back() {
    let workspace = Workspace::migrated();
    for (arguments, said, name, want) in [
        (vec!["set", "deadline", "2026-12-01"], "deadline: 2026-12-01", "deadline", "2026-12-01"),
        (vec!["unset", "deadline"], "deadline: none", "deadline", ""),
        (
            vec!["set", "done", "Resolved", "Closed"],
            "done: Resolved, Closed",
            "done",
            "Resolved|Closed",
        ),
        (
            vec!["add", "done", "In Review"],
            "done: Resolved, Closed, In Review",
            "done",
            "Resolved|Closed|In Review",
        ),
        (
            vec!["remove", "done", "CLOSED"],
            "done: Resolved, In Review",
            "done",
            "Resolved|In Review",
        ),
        (
            vec!["set", "working-days", "mon-thu"],
            "working-days: mon, tue, wed, thu",
            "working-days",
            "mon|tue|wed|thu",
        ),
        (
            vec!["add", "holidays", "2026-12-25", "2026-12-24"],
            "holidays: 2026-12-24, 2026-12-25",
            "holidays",
            "2026-12-24|2026-12-25",
        ),
        (
            vec!["set", "time-zone", "asia/tokyo"],
            "time-zone: Asia/Tokyo",
            "time-zone",
            "Asia/Tokyo",
        ),
        (vec!["set", "not-delivered", "Nope"], "not-delivered: Nope", "not-delivered", "Nope"),
        (vec!["remove", "not-delivered", "Nope"], "not-delivered: none", "not-delivered", ""),
        (vec!["set", "window", "8"], "window: 8", "window", "8"),
    ] {
        assert_eq!(at(&workspace, &arguments).answer(), format!("{said}\n"), "{arguments:?}");
        assert_eq!(value(&workspace, name), want, "{arguments:?}");
    }
    at(&workspace, &["unset", "not-delivered"]).answer();
    assert!(value(&workspace, "not-delivered").contains("Won't Do"));
    let summary = run(&workspace.path, &["--workspace", ".", "summary"]).answer();
    assert!(summary.contains("over the last 8 complete weeks"), "{summary}");
}

#[test]
fn a_setting_is_changed_without_a_look_at_the_issues() {
    let workspace = Workspace::migrated();
    let database = rusqlite::Connection::open(workspace.database()).unwrap();
    database.execute_batch("DELETE FROM jira_cache WHERE position = 0").unwrap();
    drop(database);
    at(&workspace, &["seen"]).failed(1, &["damaged", "59 issues"]);
    assert_eq!(at(&workspace, &["set", "window", "8"]).answer(), "window: 8\n");
    assert_eq!(at(&workspace, &["add", "bug-types", "Fault"]).answer(), "bug-types: Bug, Fault\n");
    let milestone = ["--workspace", ".", "milestone", "set", "Deadline", "2026-12-24"];
    assert!(run(&workspace.path, &milestone).answer().contains("2026-12-24"));
    at(&workspace, &["unset", "done"]).failed(1, &["damaged", "59 issues"]);
}

/// A lane that somebody chose counts, whatever a list of the old app says: that is said.
#[test]
fn what_comes_to_a_list_beside_a_chosen_lane_is_told() {
    let workspace = Workspace::migrated();
    at(&workspace, &["lane", "Patch Available", "waiting"]).answer();
    let told = at(&workspace, &["add", "done", "patch available"]);
    assert!(told.out.contains("patch available"), "{}", told.out);
    let want =
        "patch available was put into the lane “waiting”, which counts instead of the list done";
    assert!(told.err.contains(want), "{}", told.err);
    let lane = at(&workspace, &["lane", "--json"]).json();
    let of = lane["lanes"].as_array().unwrap().iter().find(|of| of["name"] == "Patch Available");
    assert_eq!(of.unwrap()["lane"], "waiting");
    let agrees = at(&workspace, &["add", "started", "Patch Available"]);
    assert!(!agrees.err.contains("which counts instead"), "{}", agrees.err);
}

#[test]
fn a_day_is_refused_by_the_name_of_its_argument() {
    let workspace = Workspace::migrated();
    for day in ["1969-01-01", "tomorrow"] {
        let set = ["--workspace", ".", "milestone", "set", "X", day];
        let refused = run(&workspace.path, &set);
        refused.failed(2, &["<DATE>", day]);
        assert!(!refused.err.contains("--date"), "{}", refused.err);
    }
    at(&workspace, &["set", "deadline", "1969-01-01"]).failed(2, &["from 1970 to 2199"]);
}

#[test]
fn a_deadline_among_the_milestones_is_the_deadline() {
    let workspace = Workspace::migrated();
    let added = at(&workspace, &["add", "milestones", "2026-12-25 Deadline"]).answer();
    assert_eq!(added, "deadline: 2026-12-25\nmilestones: none\n");
    assert_eq!(value(&workspace, "deadline"), "2026-12-25");
}

#[test]
fn of_two_queries_with_one_name_each_can_be_named() {
    let workspace = Workspace::migrated();
    let query = |arguments: &[&str]| {
        run(&workspace.path, &[&["--workspace", ".", "query"], arguments].concat())
    };
    let ids: Vec<String> = ["project = A", "project = B"]
        .map(|jql| query(&["add", jql, "--name", "Twin"]).answer())
        .iter()
        .map(|said| said.split("/").nth(1).unwrap().split(')').next().unwrap().to_owned())
        .collect();
    let refused = query(&["edit", "Twin", "--name", "X"]);
    refused.failed(2, &[&ids[0], &ids[1], "burndown queries"]);
    assert!(query(&["edit", &ids[1], "--name", "X"]).answer().contains("\"X\""));
    assert!(query(&["edit", "twin", "--name", "Y"]).answer().contains("\"Y\""));
}

#[test]
fn the_window_of_all_weeks_is_null_in_json() {
    let workspace = Workspace::migrated();
    for command in ["summary", "weeks", "forecast"] {
        let arguments = ["--workspace", ".", command, "--window", "all", "--json"];
        let text = run(&workspace.path, &arguments).answer();
        assert!(text.contains("\"window_weeks\": null"), "{command}");
        assert!(!text.contains(&usize::MAX.to_string()), "{command}");
    }
}

#[test]
fn a_proposal_is_accepted_only_where_nothing_is_set() {
    let workspace = Workspace::migrated();
    let nothing = "Nothing is proposed: it is known what all statuses mean, or nothing tells it.\n";
    assert_eq!(at(&workspace, &["propose"]).answer(), nothing);
    for name in ["started", "in-progress", "active", "done"] {
        at(&workspace, &["unset", name]).answer();
    }
    insta::assert_snapshot!("proposal", at(&workspace, &["propose"]).answer());
    at(&workspace, &["propose", "--accept"]).answer();
    assert!(value(&workspace, "lanes").contains("Resolved done"), "{}", value(&workspace, "lanes"));
    assert_eq!(at(&workspace, &["propose"]).answer(), nothing);
}

#[test]
fn lanes_are_chosen_and_moved() {
    let workspace = Workspace::migrated();
    insta::assert_snapshot!("lanes", at(&workspace, &["lane"]).answer());
    let lane = |name: &str| {
        let found = at(&workspace, &["lane", "--json"]).json();
        let lanes = found["lanes"].as_array().unwrap().clone();
        let place = lanes.iter().position(|lane| lane["name"] == name).unwrap();
        (place, lanes[place]["lane"].clone(), lanes[place]["is_chosen"].as_bool().unwrap())
    };
    let (_, usual, _) = lane("Patch Available");
    at(&workspace, &["lane", "patch available", "waiting", "--before", "Open"]).answer();
    assert_eq!(lane("Patch Available"), (0, "waiting".into(), true));
    at(&workspace, &["lane", "Patch Available", "not-delivered"]).answer();
    assert_eq!(value(&workspace, "lanes"), "Patch Available not-delivered");
    at(&workspace, &["lane", "Patch Available", "--unset"]).answer();
    assert_eq!(lane("Patch Available"), (0, usual, false));
    for (arguments, part) in [
        (vec!["lane", "Nowhere", "done"], "no status is called \"Nowhere\""),
        (vec!["lane", "Open", "parked"], "no lane is called \"parked\""),
        (vec!["lane", "Open"], "say the lane of \"Open\""),
        (vec!["lane", "Open", "--after", "Nowhere"], "Nowhere"),
    ] {
        at(&workspace, &arguments).failed(2, &[part]);
    }
}

#[test]
fn lanes_go_back_to_the_old_app_as_its_lists() {
    let workspace = Workspace::migrated();
    let lists = |folder: &str| {
        let export = ["--workspace", ".", "export", folder, "--format", "legacy"];
        run(&workspace.path, &export).answer();
        let files = workspace.files().into_iter();
        let is_it = |name: &str| name.starts_with(folder) && name.ends_with("/profile.json");
        let (_, bytes) = files.into_iter().find(|(name, _)| is_it(name)).unwrap();
        let profile: Value = serde_json::from_slice(&bytes).unwrap();
        ["flow_end_statuses", "wip_statuses", "active_statuses", "flow_start_statuses"]
            .map(|list| profile["project_classification"][list].clone())
    };
    let before = lists("before");
    at(&workspace, &["lane", "Patch Available", "done"]).answer();
    let after = lists("after");
    let names = |list: &Value| -> Vec<String> {
        let names = list.as_array().into_iter().flatten();
        names.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&after[0]), [names(&before[0]), vec!["Patch Available".to_owned()]].concat());
    for (before, after) in before.iter().zip(&after).skip(1) {
        let mut left = names(before);
        left.retain(|name| name != "Patch Available");
        assert_eq!(names(after), left);
    }
    at(&workspace, &["lane", "Patch Available", "--unset"]).answer();
    assert_eq!(lists("again"), before, "unchanged lanes give the old lists");
}

#[test]
fn the_old_app_finds_its_own_names() {
    let workspace = Workspace::migrated();
    for arguments in [
        ["set", "deadline", "2026-12-01"],
        ["set", "window", "26"],
        ["set", "done", "Shipped"],
        ["set", "risk-types", "Hazard"],
        ["set", "time-zone", "Asia/Tokyo"],
    ] {
        at(&workspace, &arguments).answer();
    }
    let export = ["--workspace", ".", "export", "old", "--format", "legacy"];
    run(&workspace.path, &export).answer();
    let files = workspace.files().into_iter();
    let profile =
        files.filter(|(name, _)| name.starts_with("old/") && name.ends_with("/profile.json"));
    let profile: Vec<Value> =
        profile.map(|(_, bytes)| serde_json::from_slice(&bytes).unwrap()).collect();
    let [profile] = &profile[..] else { panic!("{profile:?}") };
    for (path, want) in [
        ("/forecast_settings/deadline", Value::from("2026-12-01")),
        ("/forecast_settings/data_points_count", 26.into()),
        ("/forecast_settings/pert_factor", 6.into()),
        ("/forecast_settings/time_zone", "Asia/Tokyo".into()),
        ("/project_classification/flow_end_statuses", vec!["Shipped"].into()),
        ("/project_classification/development_projects", vec!["KAFKA"].into()),
        ("/flow_type_mappings/Risk/issue_types", vec!["Hazard"].into()),
        ("/jira_config/base_url", "https://issues.example.org".into()),
    ] {
        assert_eq!(profile.pointer(path), Some(&want), "{path}");
    }
}

#[track_caller]
fn check_refused(arguments: &[&str], parts: &[&str]) {
    let workspace = Workspace::migrated();
    let before: Value = at(&workspace, &["--json"]).json();
    at(&workspace, arguments).failed(2, parts);
    assert_eq!(at(&workspace, &["--json"]).json(), before, "{arguments:?}");
}

#[test]
fn what_cannot_be_saved_is_named() {
    check_refused(&["set", "window", "0"], &["window: give a whole number from 1 to 1040"]);
    check_refused(&["set", "colour", "red"], &["no setting is called \"colour\"", "deadline"]);
    check_refused(&["set", "deadline", "2026-12-01", "2026-12-02"], &["at most one value"]);
    check_refused(&["add", "deadline", "2026-12-01"], &["deadline is no list"]);
    check_refused(&["remove", "done", "Nope"], &["done: \"Nope\" is not on the list"]);
    check_refused(&["set", "done"], &["VALUES"]);
    check_refused(&["set", "authentication", "basic"], &["e-mail address"]);
}

/// Gives the token as a script does.
fn give_token(workspace: &Workspace, token: &str) -> Ended {
    let file = workspace.path.join("typed");
    std::fs::write(&file, token).unwrap();
    let mut command = command(BINARY, &workspace.path);
    command.args(["--workspace", ".", "settings", "token"]);
    command.stdin(Stdio::from(std::fs::File::open(&file).unwrap()));
    let ended = finish(&mut command);
    std::fs::remove_file(file).unwrap();
    ended
}

#[test]
fn a_token_comes_from_stdin_and_goes_with_its_server() {
    let workspace = Workspace::migrated();
    let canary = "canary-66f1";
    let said = give_token(&workspace, &format!("{canary}\n"));
    assert_eq!(said.answer(), "token: stored\n");
    let holders: Vec<String> = workspace
        .files()
        .into_iter()
        .filter(|(_, bytes)| bytes.windows(canary.len()).any(|part| part == canary.as_bytes()))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(holders, ["profiles/burndown-secrets.json"]);
    let list = at(&workspace, &["--json"]);
    assert!(!list.out.contains(canary) && list.out.contains("\"has_token\": true"));
    let moved = at(&workspace, &["set", "server", "https://other.example"]);
    assert!(moved.err.contains("the stored token was forgotten"), "{}", moved.err);
    assert!(at(&workspace, &[]).answer().contains("token: none"));
    let refused = give_token(&workspace, "two words\n");
    refused.failed(2, &["characters that no token has"]);
    give_token(&workspace, "\n").failed(2, &["no token came in"]);
    assert_eq!(at(&workspace, &["token", "--forget"]).answer(), "token: none\n");
}
