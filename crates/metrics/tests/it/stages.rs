//! Which stage each item was in, and when: checked by hand.

use metrics::{IssueHistory, StageInterval, Stages};
use model::{Lane, Resolution, StatusCategory, Timestamp};

use crate::sketch::{
    CONFIGURED, at, end_of, issue, look, status, with, without_changelog, workflow,
};

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).skip(5).collect()
}

fn describe(stages: &Stages<'_>, interval: &StageInterval) -> String {
    let name = stages.all[interval.stage].name.unwrap_or("?");
    let to = interval.to.map(day).unwrap_or_default();
    format!("{name} {}..{to}", day(interval.from))
}

#[track_caller]
fn check(history: &IssueHistory, classification: &str, day: &str, want: &str) {
    let found = look(std::slice::from_ref(history), classification, day, |items| {
        let stages = Stages::read(items);
        let found: Vec<String> = stages.of(0).iter().map(|i| describe(&stages, i)).collect();
        found.join(", ")
    });
    assert_eq!(found, want, "at {day}");
}

const PATH: &str = "To Do > 2025-06-03 Doing > 2025-06-05 Done > 2025-06-09 To Do > 2025-06-11 Doing > 2025-06-20 Done > 2025-06-22 Closed";

#[test]
fn a_reopened_item_is_in_one_stage_at_a_time() {
    let history = issue("A-1", "2025-06-02", PATH);
    check(&history, CONFIGURED, "2025-06-01", "");
    check(&history, CONFIGURED, "2025-06-02", "To Do 06-02..");
    check(
        &history,
        CONFIGURED,
        "2025-06-05",
        "To Do 06-02..06-03, Doing 06-03..06-05, Done 06-05..",
    );
    check(
        &history,
        CONFIGURED,
        "2025-06-30",
        "To Do 06-02..06-03, Doing 06-03..06-05, Done 06-05..06-09, To Do 06-09..06-11, Doing 06-11..06-20, Done 06-20..06-22, Closed 06-22..",
    );
}

#[test]
fn what_was_created_done_is_so_since_its_resolution() {
    let imported = with(issue("A-1", "2025-06-02", "Done"), |facts| {
        facts.resolved = Some(at("2025-06-05"));
    });
    check(&imported, CONFIGURED, "2025-06-30", "Done 06-05..");
    check(&imported, CONFIGURED, "2025-06-03", "? 06-02..");
    let closed = with(issue("A-1", "2025-06-02", "Done > 2025-06-09 Closed"), |facts| {
        facts.resolved = Some(at("2025-06-05"));
    });
    check(&closed, CONFIGURED, "2025-06-30", "Done 06-05..06-09, Closed 06-09..");
    // Nothing tells since when.
    check(&issue("A-1", "2025-06-02", "Done"), CONFIGURED, "2025-06-30", "");
    // Without changes, what is open is in its status since its creation.
    let bare = without_changelog(issue("A-1", "2025-06-02", "Doing"));
    check(&bare, CONFIGURED, "2025-06-30", "Doing 06-02..");
}

#[test]
fn what_is_cancelled_leaves_at_its_date() {
    let path = "To Do > 2025-06-03 Doing > 2025-06-05 Done";
    let cancelled = with(issue("A-1", "2025-06-02", path), |facts| {
        facts.resolution = Resolution::Named("Won't Do".to_owned());
    });
    check(&cancelled, CONFIGURED, "2025-06-30", "To Do 06-02..06-03, Doing 06-03..06-05");
    let left = with(issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing"), |facts| {
        facts.left = Some(at("2025-06-08"));
    });
    check(&left, CONFIGURED, "2025-06-07", "To Do 06-02..06-03, Doing 06-03..");
    check(&left, CONFIGURED, "2025-06-30", "To Do 06-02..06-03, Doing 06-03..06-08");
}

#[test]
fn a_document_that_contradicts_its_history() {
    let path = "To Do > 2025-06-03 Doing";
    let says = |status: &str, resolved: Option<&str>| {
        with(issue("A-1", "2025-06-02", path), |facts| {
            facts.status = Some(status.into());
            facts.resolved = resolved.map(at);
        })
    };
    check(&says("Review", None), CONFIGURED, "2025-06-30", "To Do 06-02..06-03, Review 06-03..");
    check(
        &says("Done", Some("2025-06-10")),
        CONFIGURED,
        "2025-06-30",
        "To Do 06-02..06-03, Doing 06-03..06-10, Done 06-10..",
    );
    check(
        &says("Done", Some("2025-06-10")),
        CONFIGURED,
        "2025-06-08",
        "To Do 06-02..06-03, Doing 06-03..",
    );
    check(&says("Done", None), CONFIGURED, "2025-06-30", "To Do 06-02..06-03");
}

#[test]
fn changes_that_do_not_fit_hold_no_time() {
    let mut history = issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-05 Review");
    history.transitions.as_mut().unwrap()[1].from =
        Some(std::sync::Arc::new(model::StatusRef::named("Limbo")));
    check(
        &history,
        CONFIGURED,
        "2025-06-30",
        "To Do 06-02..06-03, Doing 06-03..06-05, Review 06-05..",
    );
    // Two changes at once; a change before the creation.
    let at_once = issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-03 Review");
    check(&at_once, CONFIGURED, "2025-06-30", "To Do 06-02..06-03, Review 06-03..");
    let early = issue("A-1", "2025-06-04", "To Do > 2025-06-03 Doing > 2025-06-05 Review");
    check(&early, CONFIGURED, "2025-06-30", "Doing 06-04..06-05, Review 06-05..");
}

#[test]
fn stages_are_in_the_order_of_the_workflow() {
    let histories = [
        issue(
            "A-1",
            "2025-06-02",
            "To Do > 2025-06-03 Doing > 2025-06-05 Review > 2025-06-09 Done",
        ),
        issue(
            "A-2",
            "2025-06-02",
            "To Do > 2025-06-03 Review > 2025-06-05 Doing > 2025-06-06 Review",
        ),
        issue(
            "A-3",
            "2025-06-02",
            "To Do > 2025-06-03 Limbo > 2025-06-05 Doing > 2025-06-06 Review",
        ),
    ];
    let names = |stages: &Stages<'_>| -> Vec<String> {
        stages.all.iter().map(|stage| stage.name.unwrap_or("?").to_owned()).collect()
    };
    let found = look(&histories, CONFIGURED, "2025-06-30", |items| names(&Stages::read(items)));
    assert_eq!(found, ["To Do", "Doing", "Review", "Limbo", "Done"]);
    // As the server tells, if it does.
    let listed = |name: &str, order| model::Status {
        order: Some(order),
        ..status(name, name, Some(StatusCategory::Indeterminate))
    };
    let to_do = status("1", "To Do", Some(StatusCategory::New));
    let listed = [to_do, listed("Doing", 7), listed("Review", 3)];
    let workflow = workflow(CONFIGURED);
    let items = metrics::Items::read(
        &histories,
        &workflow,
        &listed,
        &end_of("2025-06-30"),
        model::Remedy::SyncNow,
    );
    let stages = Stages::read(&items);
    assert_eq!(names(&stages)[..3], ["To Do", "Review", "Doing"]);
    assert_eq!(stages.lane(1), Some(Lane::Active));
}
