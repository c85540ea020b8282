//! Deliveries of real projects on past days: counted again from what Jira says, and without a look at
//! what came later.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use fake_jira::{Behaviour, FakeJira, Kind, World};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;

/// A file of issues, a version of theirs, and days on which it was worked on.
const PROJECTS: [(&str, &str, [&str; 3]); 2] = [
    ("aerogear", "1.0.0.M1", ["2012-01-15", "2012-02-12", "2012-03-18"]),
    ("agpush", "ups-0.8.0", ["2013-07-21", "2013-08-04", "2013-08-18"]),
];
/// Statuses that mean done in both projects.
const DONE: [&str; 2] = ["Resolved", "Closed"];
/// Resolutions that mean not delivered in this test.
const NOT_DELIVERED: [&str; 5] =
    ["Out of Date", "Won't Fix", "Won't Do", "Duplicate Issue", "Rejected"];

fn issues(file: &str) -> Option<Vec<Value>> {
    let unzipped = GzDecoder::new(File::open(requirement::real_issues(file)?).unwrap());
    let lines = BufReader::new(unzipped).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

/// A workspace with all of these issues, fetched from a Jira.
fn synced(issues: &[Value]) -> Workspace {
    let mut world = World::new();
    for issue in issues {
        world.see_status(&issue["fields"]["status"]);
    }
    for issue in issues {
        world.take_in(issue).unwrap();
    }
    let kind = Kind::DataCenter;
    let server = FakeJira::start(world, kind, Behaviour::honest(kind)).unwrap();
    let workspace = Workspace::empty();
    let run = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    run(&["connect", server.url(), "--profile", "Team", "--public"]);
    let jql = format!("project = {}", issues[0]["fields"]["project"]["key"]);
    run(&["query", "create", &jql, "--name", "All"]);
    run(&[&["settings", "set", "done"], &DONE[..]].concat());
    run(&[&["settings", "set", "not-delivered"], &NOT_DELIVERED[..]].concat());
    run(&["sync"]);
    workspace
}

/// What the program says about a version on a day.
fn said(workspace: &Workspace, version: &str, day: &str) -> Value {
    run(&workspace.path, &["delivery", "show", version, "--as-of", day, "--json"]).json()
}

/// The last moment of a day, as Jira writes moments of these projects; text compares as time does
/// once both are of one zone.
fn is_by(at: &str, day: &str) -> bool {
    let at: model::Timestamp = model::stamp::parse(at, &model::TimeZone::UTC).unwrap().0;
    model::TimeZone::UTC.to_datetime(at).date().to_string().as_str() <= day
}

/// The changes of a field, oldest first, each with when it was.
fn changes<'i>(issue: &'i Value, field: &str) -> Vec<(&'i str, &'i Value)> {
    let histories = issue["changelog"]["histories"].as_array().unwrap().iter();
    let items = histories.flat_map(|history| {
        let at = history["created"].as_str().unwrap();
        history["items"].as_array().unwrap().iter().map(move |item| (at, item))
    });
    items.filter(|(_, item)| item["field"] == field).collect()
}

/// The value of a field with one value on a day: before the first later change, else the present one.
fn value_on(issue: &Value, field: &str, day: &str) -> Option<String> {
    let changes = changes(issue, field);
    let later = changes.iter().find(|(at, _)| !is_by(at, day));
    let value = match later {
        Some((_, item)) => &item["fromString"],
        None => &issue["fields"][field]["name"],
    };
    value.as_str().map(str::to_owned)
}

/// Ids of the versions of an issue on a day, from its first version on: what was added less what was
/// taken out. What it was created with was never added, so it is what is left at the end.
fn versions_on(issue: &Value, day: &str) -> BTreeSet<String> {
    let now = issue["fields"]["fixVersions"].as_array().into_iter().flatten();
    let now: BTreeSet<String> = now.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let all = changes(issue, "Fix Version");
    let side = |item: &Value, side: &str| item[side].as_str().map(str::to_owned);
    let mut at_first = now;
    for (_, item) in all.iter().rev() {
        at_first.retain(|id| Some(id) != side(item, "to").as_ref());
        at_first.extend(side(item, "from"));
    }
    let mut versions = at_first;
    for (_, item) in all.iter().take_while(|(at, _)| is_by(at, day)) {
        versions.retain(|id| Some(id) != side(item, "from").as_ref());
        versions.extend(side(item, "to"));
    }
    versions
}

/// The id of a version by its name now.
fn version_id(issues: &[Value], name: &str) -> String {
    let all = issues.iter().flat_map(|issue| issue["fields"]["fixVersions"].as_array().unwrap());
    let found = all.into_iter().find(|version| version["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Keys of the open and of the done items of a version on a day, counted here.
fn counted(issues: &[Value], version: &str, day: &str) -> [BTreeSet<String>; 2] {
    let id = version_id(issues, version);
    let mut found = [BTreeSet::new(), BTreeSet::new()];
    for issue in issues {
        let fields = &issue["fields"];
        let kind = &fields["issuetype"];
        let counts = kind["subtask"] == false && kind["name"] != "Epic";
        if !counts || !is_by(fields["created"].as_str().unwrap(), day) {
            continue;
        }
        if !versions_on(issue, day).contains(&id) {
            continue;
        }
        let is_done = DONE.contains(&value_on(issue, "status", day).unwrap().as_str());
        let resolution = value_on(issue, "resolution", day).unwrap_or_default();
        let key = issue["key"].as_str().unwrap().to_owned();
        if !is_done {
            found[0].insert(key);
        } else if !NOT_DELIVERED.contains(&resolution.as_str()) {
            found[1].insert(key);
        }
    }
    found
}

fn keys(said: &Value, of: &str) -> BTreeSet<String> {
    let keys = said["keys"][of].as_array().unwrap().iter();
    keys.map(|key| key.as_str().unwrap().to_owned()).collect()
}

#[test]
fn items_of_a_version_on_past_days_are_those_that_jira_tells_of() {
    for (file, version, days) in PROJECTS {
        let Some(issues) = issues(file) else { return };
        let workspace = synced(&issues);
        let rule = format!("fix version = {version:?}");
        run(&workspace.path, &["delivery", "add", &rule]).answer();
        let mut seen = 0;
        for day in days {
            let said = said(&workspace, version, day);
            let [open, done] = counted(&issues, version, day);
            assert_eq!(keys(&said, "open"), open, "{file} {day}");
            assert_eq!(keys(&said, "done"), done, "{file} {day}");
            let standing = &said["standing"]["value"];
            assert_eq!(standing["scope"], open.len() + done.len(), "{file} {day}");
            assert_eq!(standing["done"], done.len(), "{file} {day}");
            let week = said["weeks"].as_array().unwrap().last().unwrap();
            assert_eq!((&week["scope"], &week["done"]), (&standing["scope"], &standing["done"]));
            seen += open.len() + done.len();
        }
        assert!(seen > 20, "{file}: only {seen} items on all days");
    }
}

/// The issues as they were known at the end of a day: those created later and the later changes are
/// gone, fields with a recorded change are what they were.
fn cut(issues: &[Value], day: &str) -> Vec<Value> {
    let all = issues.iter().flat_map(|issue| issue["fields"]["fixVersions"].as_array().unwrap());
    let mut versions: BTreeMap<String, Value> = BTreeMap::new();
    // What no issue belongs to any more is known by the changes alone.
    for (_, item) in issues.iter().flat_map(|issue| changes(issue, "Fix Version")) {
        for (id, name) in [("from", "fromString"), ("to", "toString")] {
            let Some(id) = item[id].as_str() else { continue };
            versions.insert(id.to_owned(), json!({"id": id, "name": item[name]}));
        }
    }
    versions.extend(all.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())));
    let known = issues.iter().filter(|i| is_by(i["fields"]["created"].as_str().unwrap(), day));
    let cut = |issue: &Value| {
        let mut then = issue.clone();
        for field in ["status", "resolution"] {
            let later = changes(issue, field).into_iter().find(|(at, _)| !is_by(at, day));
            let Some((_, item)) = later else { continue };
            then["fields"][field] = match item["fromString"].as_str() {
                None | Some("") => Value::Null,
                Some(name) => {
                    let other = issues.iter().map(|issue| &issue["fields"][field]);
                    let same = other.into_iter().find(|value| value["name"] == name);
                    same.cloned().unwrap_or(json!({"id": item["from"], "name": name,
                        "statusCategory": {"key": "indeterminate"}}))
                }
            };
        }
        let of_version = |id: &String| versions.get(id).cloned();
        let then_versions: Vec<Value> =
            versions_on(issue, day).iter().filter_map(of_version).collect();
        then["fields"]["fixVersions"] = json!(then_versions);
        let histories = then["changelog"]["histories"].as_array_mut().unwrap();
        histories.retain(|history| is_by(history["created"].as_str().unwrap(), day));
        let count = histories.len();
        then["changelog"]["total"] = json!(count);
        then
    };
    known.map(cut).collect()
}

#[test]
fn what_is_said_of_a_past_day_looks_at_nothing_that_came_later() {
    for (file, version, days) in PROJECTS {
        let Some(issues) = issues(file) else { return };
        let rule = format!("fix version = {version:?}");
        let whole = synced(&issues);
        run(&whole.path, &["delivery", "add", &rule, "--target", "2014-01-01"]).answer();
        for day in &days[1..2] {
            let then = synced(&cut(&issues, day));
            run(&then.path, &["delivery", "add", &rule, "--target", "2014-01-01"]).answer();
            let [want, found] = [&then, &whole].map(|workspace| said(workspace, version, day));
            for part in ["standing", "forecast", "weeks", "over_time", "keys"] {
                assert_eq!(found[part], want[part], "{file} {day} {part}");
            }
            assert_eq!(found["forecast"]["state"], "known", "{file} {day}");
        }
    }
}

#[test]
fn without_recorded_changes_past_days_are_not_known() {
    let Some(issues) = issues("tidev-timob-points") else { return };
    let workspace = synced(&issues);
    run(&workspace.path, &["delivery", "add", "fix version = Release 5.4.0"]).answer();
    let today = run(&workspace.path, &["delivery", "show", "Release 5.4.0", "--json"]).json();
    assert!(today["standing"]["value"]["scope"].as_u64().unwrap() > 150, "{today}");
    let past = said(&workspace, "Release 5.4.0", "2016-05-20");
    assert_eq!(past["standing"]["reason_code"], "no_membership_history");
    assert_eq!(past["forecast"]["reason_code"], "no_membership_history");
}
