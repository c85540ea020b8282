//! The facts of one issue, checked by hand.

use metrics::{Dating, Item, Start, State};
use model::Resolution;

use crate::sketch::{CONFIGURED, issue, look, with, without_changelog};
use metrics::IssueHistory;

fn describe(item: &Item<'_>) -> String {
    let finished = match item.finished {
        None => String::new(),
        Some(finished) => {
            let by = if finished.by == Dating::Changelog { "" } else { " resolved" };
            format!(" {}{by}", day(finished.at))
        }
    };
    let start = match item.start {
        Start::Never => "never".to_owned(),
        Start::Unrecorded => "unrecorded".to_owned(),
        Start::At(at) => day(at),
    };
    let state = match item.state {
        State::Open => "open",
        State::Done => "done",
        State::Cancelled => "cancelled",
    };
    format!("{} {state}{finished}, started {start}", item.status.unwrap_or("?"))
}

fn day(at: model::Timestamp) -> String {
    at.to_string().chars().take(10).skip(5).collect()
}

#[track_caller]
fn check(history: &IssueHistory, classification: &str, day: &str, want: &str) {
    let found = look(std::slice::from_ref(history), classification, day, |items| {
        items.counted.first().map(describe).unwrap_or_default()
    });
    assert_eq!(found, want, "at {day}");
}

#[test]
fn a_reopened_issue_on_every_day_of_its_life() {
    let path = "To Do > 2025-06-03 Doing > 2025-06-05 Done > 2025-06-09 To Do > 2025-06-11 Doing > 2025-06-20 Done > 2025-06-22 Closed";
    let history = issue("A-1", "2025-06-02", path);
    for (day, want) in [
        ("2025-06-01", ""),
        ("2025-06-02", "To Do open, started never"),
        ("2025-06-03", "Doing open, started 06-03"),
        ("2025-06-05", "Done done 06-05, started 06-03"),
        ("2025-06-09", "To Do open, started 06-03"),
        ("2025-06-19", "Doing open, started 06-03"),
        ("2025-06-20", "Done done 06-20, started 06-03"),
        ("2025-06-30", "Closed done 06-20, started 06-03"),
    ] {
        check(&history, CONFIGURED, day, want);
    }
}

#[test]
fn without_a_change_to_done_the_resolution_date_tells() {
    let resolved = |history| with(history, |f| f.resolved = Some(crate::sketch::at("2025-06-10")));
    let closed = resolved(without_changelog(issue("A-1", "2025-06-02", "Closed")));
    check(&closed, CONFIGURED, "2025-06-09", "? open, started never");
    check(&closed, CONFIGURED, "2025-06-10", "Closed done 06-10 resolved, started never");

    let stale = resolved(with(issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing"), |facts| {
        facts.status = Some("Done".into());
    }));
    check(&stale, CONFIGURED, "2025-06-09", "Doing open, started 06-03");
    check(&stale, CONFIGURED, "2025-06-10", "Done done 06-10 resolved, started 06-03");

    let born_done = resolved(issue("A-1", "2025-06-02", "Done > 2025-06-04 Closed"));
    check(&born_done, CONFIGURED, "2025-06-05", "Closed done, started never");
    check(&born_done, CONFIGURED, "2025-06-10", "Closed done 06-10 resolved, started never");

    let undated = issue("A-1", "2025-06-02", "Done");
    check(&undated, CONFIGURED, "2025-06-02", "Done done, started never");
}

#[test]
fn a_document_without_a_status_is_done_when_resolved() {
    let history = with(issue("A-1", "2025-06-02", "x"), |facts| {
        facts.status = None;
        facts.resolved = Some(crate::sketch::at("2025-06-10"));
    });
    check(&history, CONFIGURED, "2025-06-09", "? open, started never");
    check(&history, CONFIGURED, "2025-06-10", "? done 06-10 resolved, started never");
}

#[test]
fn a_changelog_that_ends_done_does_not_overrule_the_document() {
    let reopened = with(issue("A-1", "2025-06-02", "To Do > 2025-06-05 Done"), |facts| {
        facts.status = Some("To Do".into());
    });
    check(&reopened, CONFIGURED, "2025-06-30", "To Do open, started never");
    check(&reopened, CONFIGURED, "2025-06-04", "To Do open, started never");
}

#[test]
fn a_gap_in_the_changelog_is_no_entry() {
    let mut history = issue(
        "A-1",
        "2025-06-02",
        "To Do > 2025-06-03 Done > 2025-06-09 To Do > 2025-06-11 Closed",
    );
    // The change back to done is missing: this one claims to come from `Done`.
    history.transitions.as_mut().unwrap()[2].from = Some("Done".into());
    check(&history, CONFIGURED, "2025-06-30", "Closed done, started never");
    // And a change without a `from` goes on from the last one.
    history.transitions.as_mut().unwrap()[2].from = None;
    check(&history, CONFIGURED, "2025-06-30", "Closed done 06-11, started never");
}

#[test]
fn a_start_that_is_not_recorded_is_not_invented() {
    let born_started = issue("A-1", "2025-06-02", "Doing > 2025-06-05 To Do > 2025-06-06 Doing");
    check(&born_started, CONFIGURED, "2025-06-03", "Doing open, started unrecorded");
    check(&born_started, CONFIGURED, "2025-06-30", "Doing open, started unrecorded");
    let skipped = issue("A-1", "2025-06-02", "To Do > 2025-06-05 Review > 2025-06-06 Done");
    check(&skipped, CONFIGURED, "2025-06-30", "Done done 06-06, started never");
    check(
        &skipped,
        r#"{"flow_end_statuses":["done "],"wip_statuses":["REVIEW"]}"#,
        "2025-06-30",
        "Done done 06-06, started 06-05",
    );
}

#[test]
fn without_lists_the_category_tells() {
    let history = |status: &str, category: &str| {
        with(issue("A-1", "2025-06-02", &format!("To Do > 2025-06-05 {status}")), |facts| {
            facts.status_category = Some(category.into());
        })
    };
    check(&history("Fertig", "done"), "{}", "2025-06-30", "Fertig done 06-05, started never");
    check(&history("Läuft", "indeterminate"), "{}", "2025-06-30", "Läuft open, started 06-05");
}

#[test]
fn cancelled_is_done_with_such_a_resolution() {
    let resolved = |resolution| {
        let path = "To Do > 2025-06-05 Done > 2025-06-07 To Do > 2025-06-09 Done";
        with(issue("A-1", "2025-06-02", path), |facts| facts.resolution = resolution)
    };
    let named = |name: &str| Resolution::Named(name.to_owned());
    let (done, cancelled) =
        ("Done done 06-09, started never", "Done cancelled 06-09, started never");
    for (resolution, want) in [
        (named("won’t do"), cancelled),
        (named("Duplicate"), cancelled),
        (named("Fixed"), done),
        (Resolution::Unresolved, done),
        (Resolution::Absent, done),
    ] {
        check(&resolved(resolution), CONFIGURED, "2025-06-30", want);
    }
    // How it was resolved the first time is not known.
    let again = resolved(named("Duplicate"));
    check(&again, CONFIGURED, "2025-06-05", "Done done 06-05, started never");
    check(&again, CONFIGURED, "2025-06-08", "To Do open, started never");
}

#[test]
fn an_impossible_date_is_no_date() {
    let ancient = with(issue("A-1", "2025-06-02", "To Do"), |facts| {
        facts.created = Some(crate::sketch::at("1066-10-14"));
    });
    look(&[ancient], CONFIGURED, "2025-06-30", |items| {
        assert_eq!(items.counted.first().unwrap().undated(), Some(metrics::Undated::NotCreated));
    });
}
