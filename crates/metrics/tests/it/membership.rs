//! What belonged to a delivery on any day, told from generated histories both ways round: forwards as
//! it happened, and backwards as the documents and their changes tell.

use std::collections::BTreeSet;

use metrics::{
    AsOf, Belonging, DeliveryItems, IssueHistory, Items, MembershipOf, Memberships,
    with_former_types,
};
use model::{
    Group, GroupField, IssueFacts, Membership, MembershipChange, Remedy, Rule, StatusRef, TimeZone,
    Timestamp, Transition,
};
use proptest::prelude::*;

use crate::sketch::workflow;

const DAY: i64 = 86_400;
const FIRST: i64 = 1_735_689_600;
const DAYS: i64 = 60;
const VERSIONS: [&str; 3] = ["1.0", "2.0", "3.0"];

/// What happens to an issue: on some day it gets or loses a version, or is done.
#[derive(Debug, Clone)]
struct Life {
    created: i64,
    at_first: BTreeSet<usize>,
    toggles: Vec<(i64, usize)>,
    done: Option<i64>,
}

fn life() -> impl Strategy<Value = Life> {
    let toggles = prop::collection::vec((0..DAYS, 0..VERSIONS.len()), 0..6);
    let at_first = prop::collection::btree_set(0..VERSIONS.len(), 0..3);
    (0..DAYS, at_first, toggles, prop::option::of(0..DAYS)).prop_map(
        |(created, at_first, mut toggles, done)| {
            toggles.iter_mut().for_each(|(day, _)| *day = (*day).max(created));
            toggles.sort();
            let done = done.map(|day| day.max(created));
            Life { created, at_first, toggles, done }
        },
    )
}

/// A moment of a day; later changes of a day come later in it.
fn at(day: i64, place: usize) -> Timestamp {
    Timestamp::from_second(FIRST + day * DAY + 3_600 + place as i64).unwrap()
}

fn group(version: usize) -> Group {
    let id = Some(format!("{version}"));
    Group { id, ..Group::named(GroupField::FixVersion, VERSIONS[version]) }
}

impl Life {
    /// The versions at the end of a day, as it happened.
    fn versions(&self, day: i64) -> BTreeSet<usize> {
        let mut versions = self.at_first.clone();
        for (_, version) in self.toggles.iter().filter(|(at, _)| *at <= day) {
            if !versions.remove(version) {
                versions.insert(*version);
            }
        }
        versions
    }

    fn changes(&self) -> Vec<MembershipChange> {
        let mut versions = self.at_first.clone();
        let mut changes = Vec::new();
        for (place, (day, version)) in self.toggles.iter().enumerate() {
            let is_out = versions.remove(version);
            if !is_out {
                versions.insert(*version);
            }
            let side = |wanted: bool| if wanted { vec![group(*version)] } else { Vec::new() };
            let (from, to) = (side(is_out), side(!is_out));
            changes.push(MembershipChange { at: at(*day, place), from, to });
        }
        changes
    }

    fn history(&self, number: usize) -> IssueHistory {
        let status = |done: bool| StatusRef::named(if done { "Done" } else { "Open" });
        let facts = IssueFacts {
            key: format!("A-{number}"),
            status: status(self.done.is_some()).name,
            created: Some(at(self.created, 0)),
            ..IssueFacts::default()
        };
        let done = self.done.map(|day| Transition {
            at: at(day, 60),
            from: Some(status(false).into()),
            to: Some(status(true).into()),
        });
        IssueHistory {
            facts,
            transitions: Some(done.into_iter().collect()),
            ..IssueHistory::default()
        }
    }
}

proptest! {
    #[test]
    fn the_past_is_told_from_documents_as_it_happened(lives in prop::collection::vec(life(), 1..20)) {
        let workflow = workflow(r#"{"flow_end_statuses":["Done"]}"#);
        let mut memberships = Memberships::default();
        let mut histories = Vec::new();
        for (number, life) in lives.iter().enumerate() {
            let key = format!("A-{number}");
            let groups = life.versions(DAYS).into_iter().map(group).collect();
            memberships.add(&key, Membership { issue_id: None, groups });
            memberships.add_changes(&key, Some(life.changes()));
            histories.push(life.history(number));
        }
        let rule: Rule = "fix version = 2.0".parse().unwrap();
        let belonging =
            Belonging { memberships: &memberships, rule: &rule, of: MembershipOf::Moment };
        for day in [10, 30, DAYS] {
            let end = Timestamp::from_second(FIRST + (day + 1) * DAY - 1).unwrap();
            let as_of = AsOf::moment(end, TimeZone::UTC);
            let items = Items::read(&histories, &workflow, &[], &as_of, Remedy::Nothing);
            let found = DeliveryItems::read(&items, &belonging, |_| true);
            let is_in = |life: &&Life| life.created <= day && life.versions(day).contains(&1);
            let is_done = |life: &&Life| life.done.is_some_and(|done| done <= day);
            let scope = lives.iter().filter(is_in).count();
            let done = lives.iter().filter(is_in).filter(is_done).count();
            prop_assert_eq!((found.scope() as usize, found.done.len()), (scope, done));
            if let Some(week) = found.weeks.last() {
                prop_assert_eq!((week.scope, week.done), (scope as u64, done as u64));
            } else {
                prop_assert_eq!(scope, 0);
            }
        }
    }
}

fn named(field: GroupField, name: &str) -> Vec<Group> {
    vec![Group::named(field, name)]
}

fn issue(key: &str, (kind, is_subtask): (&str, bool), parent: Option<&str>) -> IssueHistory {
    let facts = IssueFacts {
        key: key.to_owned(),
        issue_type: Some(kind.into()),
        is_subtask: Some(is_subtask),
        parent: parent.map(str::to_owned),
        ..IssueFacts::default()
    };
    IssueHistory { facts, ..IssueHistory::default() }
}

/// A task that became a sub-task of another one on day 20, and was a bug before day 10.
#[test]
fn types_and_parents_are_those_of_the_moment() {
    let issues =
        [issue("A-1", ("Task", false), None), issue("A-2", ("Sub-task", true), Some("A-1"))];
    let mut memberships = Memberships::default();
    let groups = [named(GroupField::Type, "Sub-task"), named(GroupField::Parent, "A-1")].concat();
    memberships.add("A-1", Membership { issue_id: None, groups: named(GroupField::Type, "Task") });
    memberships.add("A-2", Membership { issue_id: None, groups });
    let change = |day, from: &[Group], to: &[Group]| MembershipChange {
        at: at(day, 0),
        from: from.to_vec(),
        to: to.to_vec(),
    };
    let kind = |name: &str| named(GroupField::Type, name);
    let changes = vec![
        change(10, &kind("Bug"), &kind("Task")),
        change(20, &kind("Task"), &kind("Sub-task")),
        change(20, &[], &named(GroupField::Parent, "A-1")),
    ];
    memberships.add_changes("A-2", Some(changes));
    let on = |day: i64| {
        let issues = with_former_types(&issues, &memberships, at(day, 0))?;
        let IssueFacts { issue_type, is_subtask, parent, .. } = issues[1].facts.clone();
        assert_eq!(issues[0].facts.issue_type.as_deref(), Some("Task"));
        Some((issue_type?.to_string(), is_subtask, parent))
    };
    assert_eq!(on(20), None);
    assert_eq!(on(19), Some(("Task".to_owned(), Some(false), None)));
    // What a type is that no issue has any more is not known.
    assert_eq!(on(9), Some(("Bug".to_owned(), None, None)));
}
