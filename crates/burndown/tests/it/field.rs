//! Small Jiras after reports from the field: connected, synced with nothing set by hand, and counted,
//! whatever order their issues come in.

use std::path::{Path, PathBuf};

use fake_jira::{Behaviour, FakeJira, Kind, World};
use model::TimeZone;
use serde_json::{Map, Value};

use crate::program::run;
use crate::samples::{Workspace, unpack};

fn read(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The Jira of a case; its issues have their keys in order, or in the opposite one.
fn world(told: &Value, is_reversed: bool) -> World {
    let mut world = World::new();
    if let Some(zone) = told["tz"].as_str() {
        world.set_zone(TimeZone::get(zone).unwrap());
    }
    for status in told["statuses"].as_array().unwrap() {
        world.see_status(status);
    }
    let mut issues = told["issues"].as_array().unwrap().clone();
    if is_reversed {
        let mut keys: Vec<Value> = issues.iter().map(|issue| issue["key"].clone()).collect();
        keys.reverse();
        for (issue, key) in issues.iter_mut().zip(keys) {
            issue["key"] = key;
        }
    }
    for issue in &issues {
        world.take_in(issue).unwrap();
    }
    world
}

/// The value of a figure, if it is known.
fn known(figure: &Value) -> &Value {
    if figure["state"] == "known" { &figure["value"] } else { &Value::Null }
}

/// Where what was found is not what is expected.
fn differences(workspace: &Workspace, want: &Map<String, Value>) -> Vec<String> {
    let overview = run(&workspace.path, &["summary", "--window", "all", "--json"]).json();
    let summary = &overview["summary"];
    let (totals, cycle) = (known(&summary["totals"]), known(&summary["cycle_time"]));
    let mut wrong = Vec::new();
    for (name, want) in want {
        let found = match name.as_str() {
            "undated_done" => totals["undated"]["done"]["items"].clone(),
            "under_way" => known(&summary["work_item_age"]).as_array().map(Vec::len).into(),
            "weeks" => weeks(workspace),
            "cycle" => cycle_time(&summary["cycle_time"], cycle, want),
            "notes_without" => without(&overview["notes"], want),
            "notes_with" => match without(&overview["notes"], want) {
                Value::Null => want.clone(),
                _ => Value::Null,
            },
            "leave_out" => leave_out(workspace),
            "points" => estimated(workspace, "points"),
            "hours" => estimated(workspace, "hours"),
            "proposes" => said(workspace, &["settings", "propose"], want, true),
            "not_said" => {
                let forecast = said(workspace, &["forecast", "--window", "all"], want, false);
                said(workspace, &["summary", "--window", "all"], &forecast, false)
            }
            total => totals[total]["items"].clone(),
        };
        if found != *want {
            wrong.push(format!("{name}: {found} for {want}"));
        }
    }
    wrong
}

/// The code, where no note has it.
fn without(notes: &Value, code: &Value) -> Value {
    let is_there = notes.as_array().unwrap().iter().any(|note| note["code"] == *code);
    if is_there { Value::Null } else { code.clone() }
}

/// The weeks that a forecast says it could be made without.
fn leave_out(workspace: &Workspace) -> Value {
    let forecast = run(&workspace.path, &["forecast", "--window", "all", "--json"]).json();
    let signals = forecast["signals"].as_array().cloned().unwrap_or_default();
    let weeks = signals.iter().flat_map(|signal| signal["weeks"].as_array().cloned()).flatten();
    let mut weeks: Vec<String> = weeks.map(|week| week.as_str().unwrap().to_owned()).collect();
    weeks.sort();
    weeks.dedup();
    weeks.into()
}

/// Those of the texts that a command says, or does not say.
fn said(workspace: &Workspace, command: &[&str], texts: &Value, is_said: bool) -> Value {
    let ended = run(&workspace.path, command);
    let all = ended.out + &ended.err;
    let texts = texts.as_array().unwrap().iter();
    texts.filter(|text| all.contains(text.as_str().unwrap()) == is_said).cloned().collect()
}

/// The points or hours of the totals, where that is what estimates are told to be in.
fn estimated(workspace: &Workspace, unit: &str) -> Value {
    let overview = run(&workspace.path, &["summary", "--points", "--json"]).json();
    let totals = known(&overview["summary"]["totals"]);
    match overview["trail"]["estimates"].as_str().unwrap_or("points") {
        estimates if estimates == unit => serde_json::json!({
            "done": totals["done"]["points"],
            "open": totals["open"]["points"],
        }),
        _ => Value::Null,
    }
}

fn weeks(workspace: &Workspace) -> Value {
    let weeks = run(&workspace.path, &["weeks", "--window", "all", "--json"]).json();
    let rows = known(&weeks["table"])["rows"].as_array().cloned().unwrap_or_default();
    let done = rows.into_iter().filter(|row| row["done"]["items"] != 0);
    let week =
        |row: Value| (row["week"].as_str().unwrap().to_owned(), row["done"]["items"].clone());
    Value::Object(done.map(week).collect())
}

/// What is expected, where what was found fits it; a range fits what lies in it.
fn cycle_time(figure: &Value, cycle: &Value, want: &Value) -> Value {
    let fits = |(name, want): (&String, &Value)| {
        let found = match name.as_str() {
            "sample" => &figure["sample"],
            percentile => &cycle[format!("{percentile}_days")],
        };
        match want.as_array().map(Vec::as_slice) {
            Some([least, most]) => {
                let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
                (number(least)..=number(most)).contains(&number(found))
            }
            _ => found == want,
        }
    };
    let fits_all = want.as_object().unwrap().iter().all(fits);
    if fits_all { want.clone() } else { serde_json::json!([figure["sample"], cycle]) }
}

/// A workspace into which a world was synced, in what way ever a case wants; once more after what it
/// wants to be changed.
fn synced(told: &Value, is_reversed: bool) -> Workspace {
    let kind = Kind::DataCenter;
    let server = FakeJira::start(world(told, is_reversed), kind, Behaviour::honest(kind)).unwrap();
    let workspace = Workspace::empty();
    let go = |arguments: &[&str]| {
        run(&workspace.path, &[&["--workspace", "."], arguments].concat()).answer();
    };
    let jql = told["jql"].as_str().unwrap_or("project = ABC");
    go(&["connect", server.url(), "--profile", "Team", "--public"]);
    go(&["query", "create", jql, "--profile", "Team"]);
    go(&["sync", "--profile", "Team"]);
    for command in told["run"].as_array().into_iter().flatten() {
        let words = command.as_array().unwrap().iter().map(|word| word.as_str().unwrap());
        go(&words.collect::<Vec<_>>());
    }
    for (key, fields) in told["then"].as_object().into_iter().flatten() {
        for (field, value) in fields.as_object().unwrap() {
            match key.strip_prefix("type ") {
                Some(id) => server.world().rename_type(id, value.as_str().unwrap()),
                None => server.world().set(key, field, value).unwrap(),
            }
        }
    }
    if told["then"].is_object() {
        go(&["sync", "--all", "--force"]);
    }
    workspace
}

/// The workspaces that a case makes: one of the old app, or one for each order of its issues.
fn workspaces(case: &Path) -> Vec<Workspace> {
    let old = case.join("workspace.tar.gz");
    if !old.is_file() {
        let told = read(case.join("world.json"));
        // What changes later is told by key.
        let orders: &[bool] = if told["then"].is_object() { &[false] } else { &[false, true] };
        return orders.iter().map(|is_reversed| synced(&told, *is_reversed)).collect();
    }
    let mut workspace = Workspace::empty();
    unpack(&old, &workspace.path);
    let inner = std::fs::read_dir(&workspace.path).unwrap().next().unwrap().unwrap();
    workspace.path = inner.path();
    run(&workspace.path, &["migrate"]).answer();
    vec![workspace]
}

#[test]
fn cases_of_the_field_are_counted_right() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/field/cases.tar.gz");
    unpack(&archive, folder.path());
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 30);
    for case in cases {
        let want = read(case.join("expect.json"));
        for workspace in workspaces(&case) {
            let found = differences(&workspace, want.as_object().unwrap());
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            wrong.extend(found.into_iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
