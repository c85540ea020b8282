//! The same of what a sync fetched: small Jiras of the field, and real issues.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use fake_jira::{Behaviour, FakeJira, Kind, World};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::{Seen, compare, nothing_wrong};
use crate::program::run;
use crate::requirement;
use crate::samples::{Workspace, unpack};

/// Files of real issues with the ids of their points fields.
const REAL: [(&str, &str); 6] = [
    ("aearep", ""),
    ("aerogear", ""),
    ("agpush", ""),
    ("devlake-ee", ""),
    ("jirametrics-sp", ""),
    ("tidev-timob-points", "customfield_10016"),
];

/// Syncs all issues of a world, with everything counted that is there.
fn compare_world(statuses: &[Value], issues: &[Value], points: &str, told: &str, seen: &mut Seen) {
    let mut world = World::new();
    statuses.iter().for_each(|status| drop(world.see_status(status)));
    // Statuses that the list does not name get the category that a document names.
    issues.iter().for_each(|issue| drop(world.see_status(&issue["fields"]["status"])));
    issues.iter().for_each(|issue| drop(world.take_in(issue).unwrap()));
    let projects = world.projects();
    let kind = Kind::DataCenter;
    let server = FakeJira::start(world, kind, Behaviour::honest(kind)).unwrap();
    let listed: Vec<Value> = listed(&server);
    let workspace = Workspace::empty();
    let jql = format!("project in ({})", projects.join(", "));
    let mut steps = vec![
        vec!["connect", server.url(), "--profile", "Team", "--public"],
        vec!["query", "create", &jql, "--profile", "Team"],
        vec!["settings", "set", "count-sub-tasks", "on"],
        vec!["settings", "set", "count-parents", "on"],
        vec!["settings", "set", "time-zone", "UTC"],
    ];
    if !points.is_empty() {
        steps.push(vec!["settings", "set", "points-field", points]);
    }
    steps.push(vec!["sync"]);
    for step in steps {
        run(&workspace.path, &[&["--workspace", "."][..], &step].concat()).answer();
    }
    compare(&workspace.path, &listed, told, seen);
}

/// What the server lists, asked as anybody would.
fn listed(server: &FakeJira) -> Vec<Value> {
    let site = jira::Site { base_url: server.url().to_owned(), login: jira::Login::None };
    let client =
        jira::Client::connect(site, &jira::ClientOptions::default(), std::sync::Arc::new(Patient))
            .unwrap();
    let statuses = client.statuses().unwrap().into_iter();
    statuses
        .map(|status| {
            serde_json::json!({"id": status.id, "name": status.name,
                "scope": {"project": {"id": status.project_id}},
                "statusCategory": {"key": status.category}})
        })
        .collect()
}

struct Patient;

impl model::remote::Patience for Patient {
    fn wait(&self, _: std::time::Duration) -> Result<(), model::remote::Cancelled> {
        Ok(())
    }

    fn check(&self) -> Result<(), model::remote::Cancelled> {
        Ok(())
    }
}

#[test]
fn figures_of_the_field_equal_a_recount_of_their_documents() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/field/cases.tar.gz");
    unpack(&archive, folder.path());
    let mut seen = Seen::default();
    for case in std::fs::read_dir(folder.path()).unwrap() {
        let case = case.unwrap();
        // A workspace of the old app is recounted with the other ones.
        let Ok(world) = std::fs::read(case.path().join("world.json")) else { continue };
        let world: Value = serde_json::from_slice(&world).unwrap();
        if world["recount"] == false {
            // Nothing says what its statuses mean, so nothing is counted.
            continue;
        }
        let list = |name: &str| world[name].as_array().cloned().unwrap_or_default();
        let told = case.file_name().to_string_lossy().into_owned();
        compare_world(&list("statuses"), &list("issues"), "", &told, &mut seen);
    }
    nothing_wrong(&seen);
    assert!(seen.queries >= 10 && seen.weeks > 100 && seen.cycle_times > 50, "{seen:?}");
}

#[test]
fn figures_of_real_issues_equal_a_recount_of_their_documents() {
    let mut seen = Seen::default();
    for (file, points) in REAL {
        let Some(path) = requirement::real_issues(file) else { return };
        let lines = BufReader::new(GzDecoder::new(File::open(path).unwrap())).lines();
        let issues: Vec<Value> =
            lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
        compare_world(&[], &issues, points, file, &mut seen);
    }
    nothing_wrong(&seen);
    assert!(seen.weeks > 1_000 && seen.cycle_times > 1_000 && seen.ages > 50, "{seen:?}");
}
