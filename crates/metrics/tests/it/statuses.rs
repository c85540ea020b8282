//! What a status means: by its present name, by the profile's list, in the project it belongs to.

use std::sync::Arc;

use metrics::{Doubts, IssueHistory, Items, NoteCode, State, data_notes, weekly_table};
use model::StatusCategory::{Done, Indeterminate, New};
use model::{Remedy, Status, StatusRef};

use crate::sketch::{at, end_of, issue, status, with, workflow};

/// An issue whose changes name statuses by id: `1:To Do > 2025-06-03 2:Doing`. Its document calls
/// the last one as it says.
fn by_id(key: &str, path: &str, now: &str, category: &str) -> IssueHistory {
    let mut history = issue(key, "2025-06-02", path);
    let split = |status: &Arc<StatusRef>| {
        let (id, name) = status.name.as_deref().unwrap().split_once(':').unwrap();
        Some(Arc::new(StatusRef::known(id, name)))
    };
    for transition in history.transitions.as_mut().unwrap() {
        transition.from = transition.from.as_ref().and_then(split);
        transition.to = transition.to.as_ref().and_then(split);
    }
    with(history, |facts| {
        let (id, _) = facts.status.as_deref().unwrap().split_once(':').unwrap();
        facts.status_id = Some(id.into());
        facts.status = Some(now.into());
        facts.status_category = Some(category.into());
    })
}

/// Hands the issues at the end of June to `look`.
fn look<T>(
    histories: &[IssueHistory],
    classification: &str,
    listed: &[Status],
    look: impl FnOnce(&Items<'_>) -> T,
) -> T {
    let workflow = workflow(classification);
    look(&Items::read(histories, &workflow, listed, &end_of("2025-06-30"), Remedy::SyncNow))
}

#[track_caller]
fn check(histories: &[IssueHistory], classification: &str, listed: &[Status], want: &[State]) {
    let states = look(histories, classification, listed, |items| {
        items.counted.iter().map(|item| item.state).collect::<Vec<_>>()
    });
    assert_eq!(states, want);
}

#[test]
fn a_former_name_does_not_tell_what_a_status_is_for() {
    let path = "1:To Do > 2025-06-03 2:Doing > 2025-06-05 4:Withdrawn";
    let released = by_id("A-1", path, "Released", "done");
    let listed = [status("4", "Released", Some(Done))];
    check(std::slice::from_ref(&released), "{}", &listed, &[State::Done]);
    // Nor where the server lists nothing.
    check(std::slice::from_ref(&released), "{}", &[], &[State::Done]);
    // A document from before the renaming does not decide, wherever it stands.
    let updated = |history, day| with(history, |facts| facts.updated = Some(at(day)));
    let old = || updated(by_id("A-2", path, "Withdrawn", "done"), "2025-06-06");
    let new = || updated(by_id("A-1", path, "Released", "done"), "2025-06-20");
    check(&[old(), new()], "{}", &[], &[State::Done, State::Done]);
    check(&[new(), old()], "{}", &[], &[State::Done, State::Done]);
    // The present name does, in the reader's language or in none.
    let listed = [status("4", "Withdrawn", Some(Done))];
    check(std::slice::from_ref(&released), "{}", &listed, &[State::Cancelled]);
    let listed = [Status {
        untranslated_name: Some("Rejected".to_owned()),
        ..status("4", "Nein danke", Some(Done))
    }];
    check(&[released], "{}", &listed, &[State::Cancelled]);
}

#[test]
fn the_list_of_what_is_not_delivered_is_one_of_statuses_too() {
    let over = |name: &str| {
        let path = format!("1:To Do > 2025-06-03 2:Doing > 2025-06-05 4:{name}");
        [by_id("A-1", &path, name, "done")]
    };
    let listed = |name: &str| [status("4", name, Some(Done))];
    let only = |name: &str| format!(r#"{{"not_delivered_resolutions":["{name}"]}}"#);
    let (parked, withdrawn) = (listed("Geparkt"), listed("Withdrawn"));
    check(&over("Geparkt"), "{}", &parked, &[State::Done]);
    check(&over("Geparkt"), &only("geparkt"), &parked, &[State::Cancelled]);
    check(&over("Geparkt"), &only("geparkt"), &[], &[State::Cancelled]);
    // One of the usual names that the profile does not list.
    check(&over("Withdrawn"), "{}", &withdrawn, &[State::Cancelled]);
    // What was delivered is put into the archive some day.
    check(&over("Archived"), "{}", &listed("Archived"), &[State::Done]);
    check(&over("Withdrawn"), &only("Geparkt"), &withdrawn, &[State::Done]);
    // The profile says of no status in so many words that it is delivered, and of this that it is not.
    let both = r#"{"flow_end_statuses":["Geparkt"],"not_delivered_resolutions":["Geparkt"]}"#;
    check(&over("Geparkt"), both, &parked, &[State::Cancelled]);
    check(&over("Withdrawn"), r#"{"flow_end_statuses":["Withdrawn"]}"#, &withdrawn, &[State::Done]);
}

/// Two team-managed projects with a status of the same name, whose histories name no ids. The server
/// names their projects by id; `11` is of the first.
fn same_named() -> ([IssueHistory; 4], [Status; 6]) {
    let project = |id: &str, name, category, project: &str| Status {
        project: Some(project.to_owned()),
        ..status(id, name, Some(category))
    };
    let listed = [
        project("10", "To Do", New, "501"),
        project("11", "Testing", Indeterminate, "501"),
        project("12", "Done", Done, "501"),
        project("20", "To Do", New, "502"),
        project("21", "Testing", Done, "502"),
        project("22", "Done", Done, "502"),
    ];
    let of = |key: &str, path: &str, id: &str, category: &str| {
        with(issue(key, "2025-06-02", path), |facts| {
            facts.project = key.split_once('-').map(|(project, _)| project.into());
            facts.status_id = Some(id.into());
            facts.status_category = Some(category.into());
        })
    };
    let histories = [
        of("A-1", "To Do > 2025-06-03 Testing > 2025-06-05 Done", "12", "done"),
        of("A-2", "To Do > 2025-06-03 Testing", "11", "indeterminate"),
        of("B-1", "To Do > 2025-06-03 Testing > 2025-06-05 Done", "22", "done"),
        of("B-2", "To Do > 2025-06-03 Testing", "21", "done"),
    ];
    (histories, listed)
}

#[test]
fn a_name_is_looked_up_in_the_project_of_its_issue() {
    use metrics::Start;
    let (histories, listed) = same_named();
    let day = |item: &metrics::Item<'_>| {
        (item.start != Start::Never, item.finished.map(|finished| finished.at))
    };
    let found =
        look(&histories, "{}", &listed, |items| items.counted.iter().map(day).collect::<Vec<_>>());
    let (third, fifth) = (Some(at("2025-06-03")), Some(at("2025-06-05")));
    assert_eq!(found, [(true, fifth), (true, None), (false, third), (false, third)]);
    // No issue of the first project lies in a status of its own; that of the other is none of its.
    let [first, _, _, other] = histories;
    let shared = with(first, |facts| facts.status_id = Some("1".into()));
    let [_, testing, _, _, others, _] = listed;
    let (done, to_do) = (status("1", "Done", Some(Done)), status("2", "To Do", Some(New)));
    let listed = [done, to_do, testing, others];
    let found = look(&[shared, other], "{}", &listed, |items| {
        items.counted.iter().map(day).collect::<Vec<_>>()
    });
    assert_eq!(found, [(true, fifth), (false, third)]);
}

#[test]
fn a_name_with_two_categories_is_a_note_that_lists_both() {
    let (histories, listed) = same_named();
    let found = look(&histories, "{}", &listed, |items| {
        data_notes(items, &weekly_table(items, None), &Doubts::default())
    });
    let note = found.iter().find(|note| note.code == NoteCode::CategoriesDiffer).unwrap();
    let names: Vec<&str> = note.shares.iter().map(|share| share.name.as_str()).collect();
    assert_eq!(names, ["Testing: indeterminate, done"]);
}
