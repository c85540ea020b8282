//! Issues of real projects with their recorded changes: how they stood on a day, cut off at it, and
//! fetched from a Jira.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use fake_jira::{Behaviour, FakeJira, Kind, World};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;

/// Resolutions that mean not delivered in these tests.
pub const NOT_DELIVERED: [&str; 5] =
    ["Out of Date", "Won't Fix", "Won't Do", "Duplicate Issue", "Rejected"];

/// Fields with one value, as changes call them, which are called the same in documents.
const SINGLE: [&str; 5] = ["status", "resolution", "issuetype", "priority", "assignee"];
/// Fields with several values, as changes and documents call them.
const LISTS: [(&str, &str); 3] =
    [("Fix Version", "fixVersions"), ("Component", "components"), ("Version", "versions")];

/// The issues of a file; `None` where it is not at hand.
pub fn issues(file: &str) -> Option<Vec<Value>> {
    let unzipped = GzDecoder::new(File::open(requirement::real_issues(file)?).unwrap());
    let lines = BufReader::new(unzipped).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

/// A workspace with these issues, fetched from a Jira that lists the statuses of `all`.
pub fn synced(issues: &[Value], all: &[Value], done: &[&str]) -> Workspace {
    let mut world = World::new();
    for issue in all {
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
    let project = issues[0]["key"].as_str().unwrap().split('-').next().unwrap();
    run(&["query", "create", &format!("project = {project}"), "--name", "All"]);
    run(&[&["settings", "set", "done"], done].concat());
    run(&[&["settings", "set", "not-delivered"], &NOT_DELIVERED[..]].concat());
    run(&["sync"]);
    workspace
}

/// The day of a moment as Jira writes it; days compare as text.
pub fn day_of(at: &str) -> String {
    let at: model::Timestamp = model::stamp::parse(at, &model::TimeZone::UTC).unwrap().0;
    model::TimeZone::UTC.to_datetime(at).date().to_string()
}

/// Whether a moment is not after a day.
pub fn is_by(at: &str, day: &str) -> bool {
    day_of(at).as_str() <= day
}

/// The changes of a field, oldest first, each with when it was.
pub fn changes<'i>(issue: &'i Value, field: &str) -> Vec<(&'i str, &'i Value)> {
    let histories = issue["changelog"]["histories"].as_array().unwrap().iter();
    let items = histories.flat_map(|history| {
        let at = history["created"].as_str().unwrap();
        history["items"].as_array().unwrap().iter().map(move |item| (at, item))
    });
    let mut found: Vec<_> = items.filter(|(_, item)| item["field"] == field).collect();
    found.sort_by_key(|(at, _)| model::stamp::parse(at, &model::TimeZone::UTC).unwrap().0);
    found
}

/// The first change of a field after a day.
pub fn next_change<'i>(issue: &'i Value, field: &str, day: &str) -> Option<&'i Value> {
    let mut changes = changes(issue, field).into_iter();
    changes.find(|(at, _)| !is_by(at, day)).map(|(_, item)| item)
}

/// The value of a field with one value on a day: before the first later change, else the present one.
pub fn value_on(issue: &Value, field: &str, day: &str) -> Option<String> {
    let value = match next_change(issue, field, day) {
        Some(item) => &item["fromString"],
        None => &issue["fields"][field]["name"],
    };
    value.as_str().map(str::to_owned)
}

/// Ids of the values of a field with several on a day, from its first ones on: what was added
/// less what was taken out. What it was created with was never added, so it is what is left at the
/// end.
pub fn ids_on(issue: &Value, (change, field): (&str, &str), day: &str) -> BTreeSet<String> {
    let now = issue["fields"][field].as_array().into_iter().flatten();
    let now: BTreeSet<String> = now.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let all = changes(issue, change);
    let side = |item: &Value, side: &str| item[side].as_str().map(str::to_owned);
    let mut at_first = now;
    for (_, item) in all.iter().rev() {
        at_first.retain(|id| Some(id) != side(item, "to").as_ref());
        at_first.extend(side(item, "from"));
    }
    let mut ids = at_first;
    for (_, item) in all.iter().take_while(|(at, _)| is_by(at, day)) {
        ids.retain(|id| Some(id) != side(item, "from").as_ref());
        ids.extend(side(item, "to"));
    }
    ids
}

/// The issues as they were known at the end of a day: those created later and the later changes are
/// gone, fields with a recorded change are what they were, all else is as it is now.
pub fn cut(issues: &[Value], day: &str) -> Vec<Value> {
    let lists = LISTS.map(|list| (list, values(issues, list)));
    let known = issues.iter().filter(|i| is_by(i["fields"]["created"].as_str().unwrap(), day));
    let cut = |issue: &Value| {
        let mut then = issue.clone();
        for field in SINGLE {
            let Some(item) = next_change(issue, field, day) else { continue };
            then["fields"][field] = single(issues, field, item);
        }
        for (list, values) in &lists {
            let value = |id: &String| values.get(id).cloned();
            let found: Vec<Value> = ids_on(issue, *list, day).iter().filter_map(value).collect();
            then["fields"][list.1] = json!(found);
        }
        if let Some(item) = next_change(issue, "labels", day) {
            let labels = item["fromString"].as_str().unwrap_or_default();
            then["fields"]["labels"] = json!(labels.split_whitespace().collect::<Vec<_>>());
        }
        for (field, side) in [("summary", "fromString"), ("duedate", "from")] {
            if let Some(item) = next_change(issue, field, day) {
                then["fields"][field] = item[side].clone();
            }
        }
        if let Some(item) = next_change(issue, "Parent", day) {
            let key = item["fromString"].as_str().filter(|key| !key.is_empty());
            let fields = then["fields"].as_object_mut().unwrap();
            fields.remove("parent");
            if let Some(key) = key {
                fields.insert("parent".to_owned(), json!({"id": item["from"], "key": key}));
            }
        }
        let histories = then["changelog"]["histories"].as_array_mut().unwrap();
        histories.retain(|history| is_by(history["created"].as_str().unwrap(), day));
        let count = histories.len();
        then["changelog"]["total"] = json!(count);
        then
    };
    known.map(cut).collect()
}

/// What a field was before a change, as another issue has it.
fn single(issues: &[Value], field: &str, item: &Value) -> Value {
    let Some(name) = item["fromString"].as_str().filter(|name| !name.is_empty()) else {
        return Value::Null;
    };
    let other = issues.iter().map(|issue| &issue["fields"][field]);
    let same = other.into_iter().find(|value| value["name"] == name);
    let unknown = json!({"id": item["from"], "name": name});
    same.cloned().unwrap_or(unknown)
}

/// The values of a field with several by id. What no issue belongs to any more is known by the
/// changes alone.
fn values(issues: &[Value], (change, field): (&str, &str)) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for (_, item) in issues.iter().flat_map(|issue| changes(issue, change)) {
        for (id, name) in [("from", "fromString"), ("to", "toString")] {
            let Some(id) = item[id].as_str() else { continue };
            found.insert(id.to_owned(), json!({"id": id, "name": item[name]}));
        }
    }
    let now = issues.iter().flat_map(|issue| issue["fields"][field].as_array());
    found.extend(now.flatten().map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())));
    found
}
