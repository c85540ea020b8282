//! The demo as the store keeps it.

use std::collections::BTreeMap;

use model::{IssueFacts, QueryKey, TimeZone, Timestamp, Week};
use store::{Address, Store};

use super::calendar::week_of;
use super::*;
use crate::error::Error;

const AS_OF: &str = "2026-11-20T15:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(project: usize) -> QueryKey {
    QueryKey::parse(settings::PROFILE, PROJECTS[project].query_id).unwrap()
}

fn prepared(as_of: &str) -> (tempfile::TempDir, Box<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let demo = prepare(folder.path(), at(as_of), &TimeZone::UTC).unwrap();
    assert_eq!(demo.outcome, Outcome::Made);
    let store = open(folder.path());
    (folder, store)
}

fn open(folder: &std::path::Path) -> Box<dyn Store> {
    Address::Sqlite(migrate::database_path(folder)).open().unwrap()
}

fn facts(store: &dyn Store, query: &QueryKey) -> Vec<IssueFacts> {
    let mut all = Vec::new();
    let mut keep = |facts| {
        all.push(facts);
        Ok(())
    };
    store.read().unwrap().each_issue_facts(query, &mut keep).unwrap();
    all
}

/// Issues by a word.
fn counts<'w>(words: impl Iterator<Item = Option<&'w str>>) -> Vec<(&'w str, usize)> {
    let mut counts = BTreeMap::new();
    words.for_each(|word| *counts.entry(word.unwrap_or("-")).or_default() += 1);
    counts.into_iter().collect()
}

/// Done and not cancelled, by week of the history.
fn done_by_week(facts: &[IssueFacts]) -> Vec<usize> {
    let last = week_of(at(AS_OF), &TimeZone::UTC).number();
    let done = facts.iter().filter(|issue| issue.status.as_deref() == Some("Done"));
    let weeks: Vec<Week> =
        done.map(|issue| week_of(issue.resolved.unwrap(), &TimeZone::UTC)).collect();
    (last - 40..=last).map(|w| weeks.iter().filter(|week| week.number() == w).count()).collect()
}

#[test]
fn the_same_moment_and_seed_give_the_same_records() {
    let one = generate(at(AS_OF), SEED).unwrap();
    assert_eq!(one, generate(at(AS_OF), SEED).unwrap());
    assert_ne!(one, generate(at(AS_OF), SEED + 1).unwrap());
    let documents = |generated: &Generated| -> String {
        let all = generated.queries.iter().zip(&PROJECTS);
        all.flat_map(|((_, tickets), project)| {
            tickets
                .iter()
                .map(|ticket| document::issue(project, ticket).document.as_str().to_owned())
        })
        .collect()
    };
    assert_eq!(documents(&one), documents(&generate(at(AS_OF), SEED).unwrap()));
}

#[test]
fn later_in_the_week_more_has_happened_and_nothing_else() {
    let lives = |as_of: &str| -> Vec<Vec<flow::Step>> {
        let tickets = ticket::tickets(&PROJECTS[0], at(as_of), SEED);
        tickets.into_iter().map(|ticket| ticket.life.steps).collect()
    };
    let (earlier, later) = (lives("2026-11-17T15:00:00Z"), lives(AS_OF));
    assert!(earlier.len() <= later.len() && earlier != later);
    assert!(earlier.iter().zip(&later).all(|(before, after)| after.starts_with(before)));
}

#[track_caller]
fn check_counts(project: usize, statuses: &[(&str, usize)], types: &[(&str, usize)]) {
    let (_folder, store) = prepared(AS_OF);
    let facts = facts(&*store, &key(project));
    assert_eq!(counts(facts.iter().map(|issue| issue.status.as_deref())), statuses);
    assert_eq!(counts(facts.iter().map(|issue| issue.issue_type.as_deref())), types);
}

#[test]
fn what_there_is() {
    check_counts(
        0,
        &[
            ("Blocked", 1),
            ("Done", 196),
            ("In Progress", 7),
            ("In Review", 3),
            ("Open", 53),
            ("Won't Do", 13),
        ],
        &[("Bug", 37), ("Story", 139), ("Sub-task", 25), ("Task", 72)],
    );
    check_counts(
        1,
        &[("Blocked", 1), ("Done", 100), ("In Progress", 4), ("Open", 14), ("Won't Do", 8)],
        &[("Bug", 127)],
    );
}

#[test]
fn weeks_look_like_those_of_a_team() {
    let (_folder, store) = prepared(AS_OF);
    let done = done_by_week(&facts(&*store, &key(0)));
    let settled = &done[6..40];
    let mean = settled.iter().sum::<usize>() as f64 / settled.len() as f64;
    let spread = settled.iter().map(|n| (*n as f64 - mean).powi(2)).sum::<f64>();
    let variance = spread / settled.len() as f64;
    assert!((4.0..8.0).contains(&mean), "{mean} a week: {done:?}");
    assert!(variance > mean, "variance {variance}, mean {mean}: {done:?}");
    assert!(done.iter().all(|n| *n <= 25), "{done:?}");
}

#[test]
fn every_season_gives_a_demo() {
    for as_of in ["2026-01-02T09:00:00Z", "2026-03-01T23:59:59Z", "2027-07-05T00:00:01Z", AS_OF] {
        for (project, sizes) in [(&PROJECTS[0], 220..330), (&PROJECTS[1], 90..150)] {
            let tickets = ticket::tickets(project, at(as_of), SEED);
            assert!(sizes.contains(&tickets.len()), "{as_of}: {}", tickets.len());
            let ended = tickets.iter().filter(|ticket| ticket.life.ending().is_some()).count();
            let begun = tickets.iter().filter(|t| t.life.status().is_begun()).count();
            assert!(ended * 2 > tickets.len(), "{as_of}: {ended} of {}", tickets.len());
            assert!((1..25).contains(&begun), "{as_of}: {begun} begun");
        }
    }
}

#[test]
fn issues_and_histories_agree() {
    let (_folder, store) = prepared(AS_OF);
    let reader = store.read().unwrap();
    for project in [0, 1] {
        let facts = facts(&*store, &key(project));
        let mut seen = 0;
        let mut compare = |key: &str, steps: Vec<model::Transition>| {
            let issue = facts.iter().find(|issue| issue.key == key).unwrap();
            let last = steps.last().map_or(Some("Open"), |step| step.to.as_deref());
            assert_eq!(issue.status.as_deref(), last, "{key}");
            let times = steps.iter().map(|step| step.at);
            let times: Vec<_> = issue.created.into_iter().chain(times).collect();
            assert!(times.is_sorted() && *times.last().unwrap() <= at(AS_OF), "{key}: {times:?}");
            seen += 1;
            Ok(())
        };
        reader.each_transitions(&key(project), &mut compare).unwrap();
        assert_eq!(seen, facts.len());
    }
}

#[test]
fn nobody_is_named() {
    let generated = generate(at(AS_OF), SEED).unwrap();
    for ((_, tickets), project) in generated.queries.iter().zip(&PROJECTS) {
        for ticket in tickets {
            let issue = document::issue(project, ticket).document;
            let changelog = document::changelog(project, ticket).document;
            for member in ["assignee", "reporter", "creator", "author", "displayName", "@"] {
                let text = [issue.as_str(), changelog.as_str()];
                assert!(text.iter().all(|text| !text.contains(member)), "{member} in {text:?}");
            }
        }
    }
}

#[test]
fn histories_come_in_the_order_of_their_jira() {
    let created = |project: usize| -> Vec<Vec<String>> {
        let tickets = ticket::tickets(&PROJECTS[project], at(AS_OF), SEED);
        let changelogs = tickets.iter().map(|t| document::changelog(&PROJECTS[project], t));
        let created = |changelog: model::Changelog| {
            let document = changelog.document.to_json().unwrap();
            let histories = document.get("changelog").and_then(|c| c.get("histories")).unwrap();
            let times = histories.as_array().unwrap().iter();
            times.map(|h| h.get("created").unwrap().as_text().unwrap().into_owned()).collect()
        };
        changelogs.map(created).collect()
    };
    assert!(created(0).iter().all(|times| times.iter().rev().is_sorted()));
    assert!(created(1).iter().all(|times| times.is_sorted()));
    assert!(created(0).iter().any(|times| times.len() > 2));
}

#[test]
fn a_demo_is_kept_for_a_week_and_then_renewed() {
    let (folder, store) = prepared("2026-11-16T00:00:01Z");
    let again = |as_of: &str| prepare(folder.path(), at(as_of), &TimeZone::UTC).unwrap().outcome;
    assert_eq!(again("2026-11-22T23:59:59Z"), Outcome::Kept);
    assert_eq!(again("2026-11-23T00:00:00Z"), Outcome::Renewed);
    assert_eq!(again("2026-11-23T00:00:00Z"), Outcome::Kept);
    let fetched = store.read().unwrap().queries(&model::ProfileId::new(settings::PROFILE).unwrap());
    let fetched: Vec<_> = fetched.unwrap().into_iter().map(|query| query.fetched_at).collect();
    assert_eq!(fetched, [Some(at("2026-11-23T00:00:00Z")); 2]);
    assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn a_removed_demo_leaves_nothing() {
    let (keeper, store) = prepared(AS_OF);
    drop(store);
    let removal = remove(keeper.path()).unwrap();
    assert!(removal.is_folder_gone && !removal.removed.is_empty(), "{removal:?}");
    assert!(!keeper.path().exists());
    assert!(remove(keeper.path()).unwrap().removed.is_empty());
}

#[test]
fn what_else_is_in_the_folder_stays() {
    let (keeper, store) = prepared(AS_OF);
    drop(store);
    let note = keeper.path().join("note.txt");
    std::fs::write(&note, "mine").unwrap();
    assert!(!remove(keeper.path()).unwrap().is_folder_gone);
    assert_eq!(std::fs::read_to_string(note).unwrap(), "mine");
}

#[test]
fn a_workspace_that_is_not_the_demo_is_left_alone() {
    let (keeper, store) = prepared(AS_OF);
    store.transact(|writer| writer.remove_state(STATE)).unwrap();
    let revision = store.read().unwrap().revision().unwrap();
    let refused = [
        remove(keeper.path()).map(|_| ()),
        prepare(keeper.path(), at(AS_OF), &TimeZone::UTC).map(|_| ()),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(Error::NotDemo { .. })), "{refused:?}");
    }
    assert_eq!(store.read().unwrap().revision().unwrap(), revision);
    assert!(!is_demo(&*store).unwrap());
    assert!(!facts(&*store, &key(0)).is_empty());
}
