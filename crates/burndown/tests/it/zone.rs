//! The zone in which Jira shows times to its user, beside the one that a profile counts weeks in.

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Login, World};
use model::TimeZone;
use serde_json::{Value, json};

use crate::program::{BINARY, Ended, command, finish};
use crate::samples::Workspace;

const TOKEN: &str = "example-token";

/// A Jira whose user lives there, with an issue that was done at 23:30 of a Sunday in New York.
fn jira(zone: &str) -> FakeJira {
    let mut world = World::new();
    world.set_zone(TimeZone::get(zone).unwrap());
    for (id, name, category) in [("1", "Open", "new"), ("3", "Done", "done")] {
        let category = json!({"key": category, "name": category});
        world.see_status(&json!({"id": id, "name": name, "statusCategory": category}));
    }
    let change = json!({"field": "status", "from": "1", "fromString": "Open", "to": "3",
        "toString": "Done"});
    let issue = json!({"key": "ABC-1",
        "fields": {"summary": "Late", "status": {"id": "3", "name": "Done"},
            "created": "2025-06-02T10:00:00.000+0000"},
        "changelog": {"histories": [
            {"id": "1", "created": "2025-06-15T23:30:00.000-0400", "items": [change]}]}});
    world.take_in(&issue).unwrap();
    let kind = Kind::DataCenter;
    let login = Login::Bearer(TOKEN.to_owned());
    let behaviour = Behaviour::honest(kind).login(login, Anonymous::Refused);
    FakeJira::start(world, kind, behaviour).unwrap()
}

fn at(workspace: &Workspace, arguments: &[&str]) -> Ended {
    let mut command = command(BINARY, &workspace.path);
    let command = command.args(["--workspace", "."]).args(arguments);
    finish(command.env("BURNDOWN_JIRA_TOKEN", TOKEN))
}

/// The zone of the profile, the week in which the issue was done, and the other zone of a note.
fn told(workspace: &Workspace) -> [Option<String>; 3] {
    let json = |arguments: &[&str]| at(workspace, &[arguments, &["--json"]].concat()).json();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let settings = json(&["settings", "list"]);
    let zone = settings["settings"].as_array().unwrap().iter().find(|s| s["name"] == "time-zone");
    let weeks = json(&["weeks", "--window", "all"]);
    let rows = weeks["table"]["value"]["rows"].as_array().unwrap();
    let done = rows.iter().find(|row| row["done"]["items"] == 1).unwrap();
    let summary = json(&["summary"]);
    let note = summary["notes"].as_array().unwrap().iter().find(|n| n["code"] == "other-zone");
    [
        zone.and_then(|zone| text(&zone["value"][0])),
        text(&done["week"]),
        note.and_then(|note| text(&note["missing"])),
    ]
}

#[track_caller]
fn check(workspace: &Workspace, zone: &str, week: &str, other: Option<&str>) {
    let want = [Some(zone), Some(week), other].map(|text| text.map(str::to_owned));
    assert_eq!(told(workspace), want);
}

#[test]
fn a_new_profile_takes_the_zone_of_its_user_and_an_older_one_is_told() {
    let jira = jira("America/New_York");
    let workspace = Workspace::empty();
    let said = at(&workspace, &["connect", jira.url(), "--profile", "Team"]);
    let zone = "weeks begin in America/New_York";
    assert!(said.err.contains(zone) || said.out.contains(zone), "{said:?}");
    at(&workspace, &["query", "create", "project = ABC", "--profile", "Team"]).answer();
    at(&workspace, &["sync"]).answer();
    check(&workspace, "America/New_York", "2025-W24", None);

    // The profile keeps what somebody chose, and is told of it with what would change it.
    at(&workspace, &["settings", "set", "time-zone", "UTC"]).answer();
    at(&workspace, &["sync", "--all", "--force"]).answer();
    check(&workspace, "UTC", "2025-W25", Some("America/New_York"));
    let note = at(&workspace, &["summary"]).answer();
    let note = note.lines().find(|line| line.contains("America/New_York")).unwrap().to_owned();
    assert!(note.contains("burndown settings set time-zone"), "{note}");
    // The same times by another name.
    at(&workspace, &["settings", "set", "time-zone", "US/Eastern"]).answer();
    check(&workspace, "US/Eastern", "2025-W24", None);

    // The user moves; connecting anew changes no zone either.
    jira.world().set_zone(TimeZone::get("Asia/Tokyo").unwrap());
    at(&workspace, &["connect", jira.url(), "--profile", "Team"]).answer();
    at(&workspace, &["sync", "--all", "--force"]).answer();
    check(&workspace, "US/Eastern", "2025-W24", Some("Asia/Tokyo"));
}
