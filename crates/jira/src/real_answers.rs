//! Answers of real servers, where they are at hand, read without losing anything.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use model::json::Json;
use model::{ChangelogFacts, Document, SprintState, Tape, sprint};

use crate::discovery::{Candidates, discover};
use crate::{field, issue, metadata};

/// The text of a file of answers.
fn answers(name: &str) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BURNDOWN_TEST_DATA").map_or(beside, PathBuf::from);
    let Ok(mut file) = File::open(folder.join("jira").join(name)) else {
        println!("skipped: no jira/{name} in the test data (BURNDOWN_TEST_DATA)");
        return None;
    };
    let mut text = String::new();
    if name.ends_with(".gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        file.read_to_string(&mut text).unwrap();
    }
    Some(text)
}

#[test]
fn issues_keep_every_token_and_every_history() {
    for (name, want) in [
        ("aearep", (1_307, 51_510, 12_173)),
        ("aerogear", (200, 1_090, 306)),
        ("agpush", (176, 1_087, 423)),
        ("devlake-ee", (33, 522, 165)),
        ("jirametrics-sp", (6, 21, 15)),
        ("tidev-timob-points", (1_709, 0, 0)),
    ] {
        let Some(text) = answers(&format!("{name}.jsonl.gz")) else { return };
        let (mut issues, mut histories, mut transitions) = (0, 0, 0);
        for (number, line) in text.lines().enumerate() {
            // Some exports leave the id out, which no server does.
            let line = if line.contains("\"id\":") && !line.starts_with("{\"key\"") {
                line.to_owned()
            } else {
                line.replacen('{', &format!("{{\"id\":\"{number}\","), 1)
            };
            let mut tape = Tape::new();
            let whole = issue::whole(tape.parse(&line).unwrap()).unwrap();
            let mut sent = Json::parse(&line).unwrap();
            if let Json::Object(members) = &mut sent {
                members.remove("changelog");
            }
            assert_eq!(whole.document.to_json().unwrap(), sent, "{name} {number}");
            let received = whole.histories.count();
            assert!(whole.told.is_none_or(|told| told == received), "{name} {number}");
            let ours = ChangelogFacts::derive(&whole.histories.document(), &mut tape);
            let theirs = ChangelogFacts::derive(
                &Document::parse(&line, &mut Tape::new()).unwrap(),
                &mut tape,
            );
            assert_eq!(ours, theirs, "{name} {number}");
            (issues, histories, transitions) =
                (issues + 1, histories + received, transitions + ours.transitions.len());
            assert!(whole.stub.updated.is_some());
        }
        assert_eq!((issues, histories, transitions), want, "{name}");
    }
}

#[test]
fn sprints_of_real_issues_are_read() {
    let Some(text) = answers("tidev-timob-points.jsonl.gz") else { return };
    let (mut found, mut there) = (0, 0);
    for line in text.lines() {
        let mut tape = Tape::new();
        let issue = tape.parse(line).unwrap();
        let Some(field) = issue.get("fields").and_then(|f| f.get("customfield_10020")) else {
            continue;
        };
        there += field.elements().count();
        let sprints = sprint::sprints(field);
        found += sprints.len();
        assert!(
            sprints.iter().all(|s| !s.name.is_empty() && s.state != SprintState::Unknown),
            "{line}"
        );
    }
    assert!(found > 1_709, "{found}");
    assert_eq!(found, there);
}

#[test]
fn statuses_types_versions_and_boards_are_read() {
    if let Some(text) = answers("devlake-statuses.json") {
        let mut tape = Tape::new();
        let statuses = metadata::each(tape.parse(&text).unwrap(), metadata::status).unwrap();
        let categories = ["new", "indeterminate", "done"];
        let known = |category: &str| categories.contains(&category);
        assert!(statuses.len() > 10);
        assert!(statuses.iter().all(|s| s.category.as_deref().is_some_and(known)));
    }
    if let Some(text) = answers("devlake-issuetypes.json") {
        let mut tape = Tape::new();
        let types = metadata::each(tape.parse(&text).unwrap(), metadata::issue_type).unwrap();
        let names: Vec<&str> = types
            .iter()
            .filter(|t| t.place.is_subtask == Some(true))
            .map(|t| t.name.as_str())
            .collect();
        assert!(names.contains(&"子任务"), "{names:?}");
    }
    if let Some(text) = answers("tidev-projects.json") {
        let mut tape = Tape::new();
        let projects = tape.parse(&text).unwrap();
        let lists = projects.elements().filter_map(|project| project.get("versions"));
        let versions: Vec<_> =
            lists.flat_map(|list| metadata::each(list, metadata::version).unwrap()).collect();
        assert_eq!(versions.len(), 1_221);
        assert_eq!(versions.iter().filter(|version| version.release.is_some()).count(), 1_043);
    }
    if let Some(text) = answers("jirametrics-board-configuration.json") {
        let mut tape = Tape::new();
        let setup = metadata::board_setup(tape.parse(&text).unwrap());
        assert_eq!(setup.estimation_field, None);
        assert_eq!(setup.columns.first().unwrap().1, ["10000"]);
    }
    if let Some(text) = answers("devlake-fields.json") {
        let mut tape = Tape::new();
        let fields = metadata::each(tape.parse(&text).unwrap(), field::field).unwrap();
        assert_eq!(fields.len(), 2);
        assert_eq!(discover(&fields, &[]), Candidates::default());
    }
}
