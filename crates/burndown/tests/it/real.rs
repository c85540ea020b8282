//! Real projects give the same figures whether the old app fetched them or a sync did.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;

/// Files of issues, the profiles that show them, and their queries.
const PROJECTS: [(&str, &str, &str); 4] = [
    ("aerogear", "p_f7296cbd577a", "AeroGear"),
    ("agpush", "p_f7296cbd577a", "Push"),
    ("aearep", "p_b79283fb8ef3", "All packages"),
    ("tidev-timob-points", "p_fa6545e7762e", "Pointed issues"),
];
/// The day on which the old app fetched all of them, and days on which their teams were at work.
const DAYS: [&str; 5] = ["2025-12-22", "2025-02-16", "2015-06-30", "2013-07-01", "2012-02-20"];
/// What the old app did not ask for though figures depend on it.
const NOT_ASKED: [&str; 1] = ["resolution"];

/// What the old app saw of a profile's issues, in files.
fn world(of: &Workspace, profile: &str, files: &[PathBuf]) -> World {
    let categories = categories(of, profile);
    let (mut world, mut issues) = (World::new(), Vec::new());
    for file in files {
        let unzipped = GzDecoder::new(File::open(file).unwrap());
        for line in BufReader::new(unzipped).lines() {
            let mut issue: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let fields = issue["fields"].as_object_mut().unwrap();
            fields.retain(|name, _| !NOT_ASKED.contains(&name.as_str()));
            // Not every recording tells the category; the fake would guess another one.
            let status = fields["status"].as_object_mut().unwrap();
            if let Some(category) = categories.get(status["name"].as_str().unwrap()) {
                status.entry("statusCategory").or_insert(json!({"key": category}));
            }
            world.see_status(&fields["status"]);
            let histories = issue.pointer_mut("/changelog/histories").and_then(Value::as_array_mut);
            for history in histories.into_iter().flatten() {
                // Of the histories it kept the changes of status.
                let items = history["items"].as_array_mut().unwrap();
                items.retain(|item| item["field"] == "status");
            }
            issues.push(issue);
        }
    }
    // Histories name statuses too, without a category: the documents' ones are known by now.
    for issue in &issues {
        world.take_in(issue).unwrap();
    }
    world
}

/// The categories of a profile's statuses, by name.
fn categories(workspace: &Workspace, profile: &str) -> HashMap<String, Value> {
    let seen = run(&workspace.path, &["settings", "seen", "--profile", profile, "--json"]).json();
    let statuses = seen["statuses"].as_array().unwrap().iter();
    let statuses = statuses.filter(|status| status["category"].is_string());
    statuses
        .map(|status| (status["name"].as_str().unwrap().to_owned(), status["category"].clone()))
        .collect()
}

/// A workspace with the settings and queries of another one whose data comes from a Jira for each
/// profile.
fn synced(of: &Workspace, files: &[PathBuf], kind: Kind, behaviour: &Behaviour) -> Workspace {
    let workspace = Workspace::empty();
    let file = workspace.path.join("profile.json").display().to_string();
    for profile in ["p_f7296cbd577a", "p_b79283fb8ef3", "p_fa6545e7762e"] {
        let its = PROJECTS.iter().zip(files).filter(|((_, shown_by, _), _)| *shown_by == profile);
        let its: Vec<PathBuf> = its.map(|(_, file)| file.clone()).collect();
        let world = world(of, profile, &its);
        let server = FakeJira::start(world, kind, behaviour.clone()).unwrap();
        let export = ["export", &file, "--profile", profile, "--config-only", "--force"];
        run(&of.path, &export).answer();
        run(&workspace.path, &["import", &file]).answer();
        run(&workspace.path, &["connect", server.url(), "--profile", profile, "--public"]).answer();
        run(&workspace.path, &["sync", "--all", "--profile", profile]).answer();
    }
    workspace
}

/// The weekly table with all its columns, and every figure of the summary.
fn figures(workspace: &Workspace, profile: &str, query: &str, day: &str) -> [Value; 2] {
    let of = ["--window", "all", "--as-of", day, "--profile", profile, "--query", query, "--json"];
    let answer = |command| run(&workspace.path, &[&[command], &of[..]].concat()).json();
    let mut figures = [answer("weeks")["table"].take(), answer("summary")["summary"].take()];
    figures.iter_mut().for_each(forget_keys);
    figures
}

/// Notes name the first issues that they are about, in the order in which those were stored.
fn forget_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("keys");
            members.values_mut().for_each(forget_keys);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget_keys),
        _ => {}
    }
}

#[test]
fn real_projects_have_the_same_figures_synced_and_migrated() {
    let files = PROJECTS.map(|(file, ..)| requirement::real_issues(file));
    let Some(archive) = requirement::large_sample("real") else { return };
    let Some(files) = files.into_iter().collect::<Option<Vec<_>>>() else {
        return;
    };
    let migrated = Workspace::unpacked(&archive, "real");
    run(&migrated.path, &["migrate"]).answer();
    for kind in [Kind::DataCenter, Kind::Cloud] {
        // The old app never asked for the list of statuses, which says what they mean.
        let behaviour = Behaviour::honest(kind).fault("/status", Which::Each, Fault::not_found());
        let synced = synced(&migrated, &files, kind, &behaviour);
        for (_, profile, query) in PROJECTS {
            for day in DAYS {
                let [want, found] = [&migrated, &synced].map(|it| figures(it, profile, query, day));
                let rows = want[0]["value"]["rows"].as_array();
                let is_early = day < "2025";
                assert!(is_early || rows.is_some_and(|rows| rows.len() > 50), "{query} {day}");
                for (want, found) in want.iter().zip(&found) {
                    assert_eq!(found, want, "{kind:?} {query} {day}");
                }
            }
        }
    }
    // What arrives and what is done each week does not depend on that list; what was in progress does.
    let kind = Kind::Cloud;
    let synced = synced(&migrated, &files, kind, &Behaviour::honest(kind));
    for (_, profile, query) in PROJECTS {
        for day in DAYS {
            let [want, found] = [&migrated, &synced].map(|it| figures(it, profile, query, day));
            assert_eq!(found[0], want[0], "with the list of statuses: {query} {day}");
        }
    }
}
