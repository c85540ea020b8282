//! Real issues, served. Skipped where the sample data is not there.

use std::path::PathBuf;

use fake_jira::{Behaviour, FakeJira, Kind, World};
use serde_json::Value;

use crate::client::get;

/// The folder of real issues.
fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let named = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(beside).join("jira");
    let is_there = folder.is_dir();
    if !is_there {
        println!("skipped: {} is not there", folder.display());
    }
    is_there.then_some(folder)
}

#[track_caller]
fn check(file: &str, key: &str, issues: usize, pointer: &str, want: &str) {
    let Some(folder) = folder() else { return };
    let world = World::load(&[folder.join(file)]).unwrap();
    let behaviour = Behaviour::honest(Kind::DataCenter);
    let jira = FakeJira::start(world, Kind::DataCenter, behaviour).unwrap();
    assert_eq!(jira.world().keys().len(), issues, "{file}");
    let issue = get(&jira, &format!("/rest/api/2/issue/{key}?expand=changelog")).json();
    let found = issue.pointer(pointer).map(Value::to_string);
    assert_eq!(found.as_deref(), Some(want), "{file} {key} {pointer}");
}

#[test]
fn files_of_real_issues_are_served() {
    let newest = "\"2012-01-10T15:29:01.000+0000\"";
    check("aerogear.jsonl.gz", "AEROGEAR-2", 200, "/fields/resolutiondate", newest);
    check("agpush.jsonl.gz", "AGPUSH-1", 176, "/fields/priority/name", "\"Major\"");
    check("aearep.jsonl.gz", "AEAREP-4835", 1_307, "/changelog/total", "41");
    check("devlake-ee.jsonl.gz", "EE-1", 33, "/fields/status/name", "\"已完成\"");
    check("tidev-timob-points.jsonl.gz", "TIMOB-2122", 1_709, "/changelog/histories", "[]");
}

#[test]
fn a_folder_is_read_with_its_lists_first() {
    let Some(folder) = folder() else { return };
    let mut world = World::load(&[folder]).unwrap();
    assert_eq!(world.keys().len(), 3_431);
    let done = world.search("project = EE AND statusCategory = Done").unwrap();
    assert_eq!(done.len(), 30, "the list says so, the issues themselves say otherwise");
}
