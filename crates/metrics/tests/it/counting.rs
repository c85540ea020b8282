//! Which issues count: types by id and by name, epics by their name field, projects by id and key.

use std::collections::BTreeSet;

use metrics::{Histories, IssueHistory, Memberships, WorkType};
use model::{Group, GroupField, IssueFacts, Membership};

use crate::sketch::{issue, look, look_with, with};

/// Does not count what holds issues.
const WITHOUT_PARENTS: &str = r#"{"count_parents":false}"#;

/// An issue of a type by id and name.
fn of_type(key: &str, id: &str, name: &str) -> IssueHistory {
    with(issue(key, "2025-06-02", "Doing"), |facts| {
        facts.issue_type = Some(name.into());
        facts.issue_type_id = Some(id.into());
    })
}

fn named_epic(history: IssueHistory) -> IssueHistory {
    IssueHistory { is_named_epic: true, ..history }
}

/// Keys of those that count.
fn counted(histories: &[IssueHistory], classification: &str) -> String {
    look(histories, classification, "2025-06-30", |items| {
        let keys = items.counted.iter().map(|item| item.facts.key.as_str());
        keys.collect::<Vec<_>>().join(" ")
    })
}

#[track_caller]
fn check(histories: &[IssueHistory], classification: &str, want: &str) {
    assert_eq!(counted(histories, classification), want, "{classification}");
}

#[test]
fn a_type_most_of_whose_issues_have_the_name_of_an_epic_is_one_of_epics() {
    let histories = [
        named_epic(of_type("A-1", "1", "Vorhaben")),
        named_epic(of_type("A-2", "1", "Vorhaben")),
        of_type("A-3", "1", "Vorhaben"),
        // It was an epic once, and kept the name.
        named_epic(of_type("A-4", "2", "Story")),
        of_type("A-5", "2", "Story"),
        // Another type of that name, in another project.
        of_type("B-1", "3", "Vorhaben"),
    ];
    check(&histories, WITHOUT_PARENTS, "A-4 A-5 B-1");
    check(&histories, "{}", "A-1 A-2 A-3 A-4 A-5 B-1");
    let told = histories.map(|history| with(history, |facts| facts.hierarchy_level = Some(0)));
    check(&told, WITHOUT_PARENTS, "A-1 A-2 A-3 A-4 A-5 B-1");
}

#[test]
fn settings_name_types_by_id_or_name() {
    let histories = [
        of_type("A-1", "10", "Epos"),
        of_type("B-1", "20", "Epos"),
        of_type("A-2", "11", "Aufgabe"),
    ];
    check(&histories, r#"{"parent_issue_types":["epos"]}"#, "A-2");
    check(&histories, r#"{"parent_issue_types":["10"]}"#, "B-1 A-2");
    check(&histories, r#"{"parent_issue_types":["20","11"]}"#, "A-1");
    let kinds = r#"{"Risk":{"issue_types":["11"]},"Feature":{"issue_types":["Epos"]}}"#;
    look_with(&histories, (r#"{"bug_types":["20"]}"#, kinds), "2025-06-30", |items| {
        let kind = |item: &metrics::Item<'_>| {
            let names: Vec<&str> = item.facts.type_names().collect();
            items.workflow.work_type(&names)
        };
        let kinds: Vec<Option<WorkType>> = items.counted.iter().map(kind).collect();
        let feature = Some(WorkType::Feature);
        assert_eq!(kinds, [feature, feature, Some(WorkType::Risk)]);
    });
}

fn of_project(key: &str, id: &str, updated: &str) -> IssueFacts {
    let history = with(issue(key, "2025-06-02", "Doing"), |facts| {
        facts.project = key.split('-').next().map(Into::into);
        facts.project_id = Some(id.into());
        facts.updated = Some(crate::sketch::at(updated));
    });
    history.facts
}

/// The key of a project was changed; an issue that left the query before was not fetched since.
#[test]
fn a_project_is_one_whatever_key_it_had() {
    let mut histories = Histories::default();
    for facts in [
        of_project("OLD-1", "7", "2025-06-03"),
        of_project("NEW-2", "7", "2025-06-20"),
        of_project("NEW-3", "7", "2025-06-02"),
        of_project("B-1", "8", "2025-06-30"),
    ] {
        histories.add_issue(facts);
    }
    let (histories, _) = histories.finish();
    check(&histories, r#"{"development_projects":["NEW"]}"#, "OLD-1 NEW-2 NEW-3");
    check(&histories, r#"{"development_projects":["7"]}"#, "OLD-1 NEW-2 NEW-3");
    check(&histories, r#"{"development_projects":["OLD","8"]}"#, "B-1");
}

#[test]
fn an_epic_is_no_part_of_what_its_name_looks_like() {
    let part = |key: &str, id: &str, parent: &str| {
        let part =
            with(of_type(key, id, "Vorhaben"), |facts| facts.parent = Some(parent.to_owned()));
        part.facts
    };
    let mut histories = Histories::default();
    histories.add_issue(part("A-1", "1", "PI-24"));
    histories.add_issue(part("A-2", "2", "A-1"));
    // Where levels are told, the parent is no name.
    histories.add_issue(IssueFacts { hierarchy_level: Some(1), ..part("A-3", "3", "PI-24") });
    let named: BTreeSet<String> = ["A-1", "A-3"].map(str::to_owned).into();
    histories.name_epics(&named);
    let parents = histories.finish().0.into_iter().map(|history| history.facts.parent);
    let want = [None, Some("A-1".to_owned()), Some("PI-24".to_owned())];
    assert_eq!(parents.collect::<Vec<_>>(), want);
}

#[test]
fn an_epic_belongs_to_nothing_that_its_name_looks_like() {
    let of = |name: &str| Membership {
        issue_id: None,
        groups: vec![Group::named(GroupField::Parent, name), Group::named(GroupField::Label, "x")],
    };
    let mut memberships = Memberships::default();
    memberships.add("A-1", of("PI-24"));
    memberships.add("A-2", of("A-1"));
    memberships.name_epics(&["A-1".to_owned()].into());
    let found = memberships.groups_now();
    let names: Vec<(&str, usize)> = found.iter().map(|now| (now.name, now.keys.len())).collect();
    assert_eq!(names, [("A-1", 1), ("x", 2)]);
}
