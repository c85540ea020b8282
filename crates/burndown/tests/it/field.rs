//! Small Jiras after reports from the field: connected, synced with nothing set by hand, and counted,
//! whatever order their issues come in.

use std::path::{Path, PathBuf};

use fake_jira::{Behaviour, FakeJira, Kind, World};
use serde_json::{Map, Value};

use crate::program::run;
use crate::samples::{Workspace, unpack};

fn read(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The Jira of a case; its issues have their keys in order, or in the opposite one.
fn world(told: &Value, is_reversed: bool) -> World {
    let mut world = World::new();
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
    let summary = run(&workspace.path, &["summary", "--window", "all", "--json"]).json();
    let summary = &summary["summary"];
    let (totals, cycle) = (known(&summary["totals"]), known(&summary["cycle_time"]));
    let mut wrong = Vec::new();
    for (name, want) in want {
        let found = match name.as_str() {
            "undated_done" => totals["undated"]["done"]["items"].clone(),
            "under_way" => known(&summary["work_item_age"]).as_array().map(Vec::len).into(),
            "weeks" => weeks(workspace),
            "cycle" => cycle_time(&summary["cycle_time"], cycle, want),
            total => totals[total]["items"].clone(),
        };
        if found != *want {
            wrong.push(format!("{name}: {found} for {want}"));
        }
    }
    wrong
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

#[test]
fn cases_of_the_field_are_counted_right() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/field/cases.tar.gz");
    unpack(&archive, folder.path());
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 10);
    for case in cases {
        let (told, want) = (read(case.join("world.json")), read(case.join("expect.json")));
        for is_reversed in [false, true] {
            let world = world(&told, is_reversed);
            let kind = Kind::DataCenter;
            let server = FakeJira::start(world, kind, Behaviour::honest(kind)).unwrap();
            let workspace = Workspace::empty();
            for arguments in [
                &["connect", server.url(), "--profile", "Team", "--public"][..],
                &["query", "create", "project = ABC", "--profile", "Team"],
                &["sync", "--profile", "Team"],
            ] {
                run(&workspace.path, &[&["--workspace", "."][..], arguments].concat()).answer();
            }
            let found = differences(&workspace, want.as_object().unwrap());
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            wrong.extend(found.into_iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
