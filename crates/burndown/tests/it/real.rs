//! Real projects give the same figures whether the old app fetched them or a sync did.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use fake_jira::{Behaviour, FakeJira, Kind, World};
use flate2::read::GzDecoder;
use serde_json::Value;

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
/// Statuses of which the settings of the profiles say nothing; here all count as in progress.
const IN_PROGRESS: [(&str, &[&str]); 3] = [
    ("p_f7296cbd577a", &["Reopened", "Pull Request Sent"]),
    ("p_fa6545e7762e", &["Reopened"]),
    (
        "p_b79283fb8ef3",
        &[
            "Alternate workflow",
            "Approved",
            "Assess openICPSR changes",
            "Assigned",
            "Blocked",
            "Code",
            "Code review",
            "Creating repository",
            "Data",
            "Delete NDA data",
            "Incomplete",
            "Open",
            "Pending Article DOI",
            "Pending openICPSR changes",
            "Pending publication",
            "Pre-Approved",
            "Processing publication",
            "Report Under Review",
            "Request addition of article DOI",
            "Submitted PandP form",
            "Submitted to MC",
            "Verification",
            "Waiting for external report",
            "Waiting for info",
            "Write Preliminary Report",
            "Writing Report",
            "Writing Report (Part C)",
        ],
    ),
];

/// The issues of those files as far as the old app saw them.
fn world(files: &[&Path]) -> World {
    let mut world = World::new();
    for file in files {
        let unzipped = GzDecoder::new(File::open(file).unwrap());
        for line in BufReader::new(unzipped).lines() {
            let mut issue: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let fields = issue["fields"].as_object_mut().unwrap();
            fields.retain(|name, _| !NOT_ASKED.contains(&name.as_str()));
            let histories = issue.pointer_mut("/changelog/histories").and_then(Value::as_array_mut);
            for history in histories.into_iter().flatten() {
                let items = history["items"].as_array_mut().unwrap();
                items.retain(|item| !NOT_ASKED.iter().any(|name| item["field"] == *name));
            }
            world.take_in(&issue).unwrap();
        }
    }
    world
}

/// A workspace with the profiles of another one, settings and queries but no data, that asks
/// `server` instead.
fn emptied(of: &Workspace, server: &FakeJira) -> Workspace {
    let workspace = Workspace::empty();
    let file = workspace.path.join("profile.json").display().to_string();
    for profile in ["p_f7296cbd577a", "p_b79283fb8ef3", "p_fa6545e7762e"] {
        let export = ["export", &file, "--profile", profile, "--config-only", "--force"];
        run(&of.path, &export).answer();
        run(&workspace.path, &["import", &file]).answer();
        run(&workspace.path, &["connect", server.url(), "--profile", profile, "--public"]).answer();
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
    let Some(files) = files.iter().map(Option::as_deref).collect::<Option<Vec<_>>>() else {
        return;
    };
    let migrated = Workspace::unpacked(&archive, "real");
    run(&migrated.path, &["migrate"]).answer();
    // Jira tells what a status means that is in no setting; the old app never asked.
    for (profile, statuses) in IN_PROGRESS {
        let add = [&["settings", "add", "in-progress", "--profile", profile], statuses].concat();
        run(&migrated.path, &add).answer();
    }
    for kind in [Kind::DataCenter, Kind::Cloud] {
        let server = FakeJira::start(world(&files), kind, Behaviour::honest(kind)).unwrap();
        let synced = emptied(&migrated, &server);
        run(&synced.path, &["sync", "--all"]).answer();
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
}
