//! The facts of one issue, checked by hand.

use std::sync::Arc;

use metrics::{Dating, IssueHistory, Item, Start, State};
use model::{Resolution, ResolutionChange, StatusCategory, StatusRef};

use crate::sketch::{CONFIGURED, at, issue, look, status, with, without_changelog};

fn describe(item: &Item<'_>) -> String {
    let finished = match item.finished {
        None => String::new(),
        Some(finished) => {
            let by = if finished.by == Dating::ResolutionDate { " resolved" } else { "" };
            format!(" {}{by}", day(finished.at))
        }
    };
    let start = match item.start {
        Start::Never => "never".to_owned(),
        Start::PutBack => "put back".to_owned(),
        Start::Unrecorded => "unrecorded".to_owned(),
        Start::Unexplained => "unexplained".to_owned(),
        Start::At(at) => day(at),
    };
    let state = match item.state {
        State::Open => "open",
        State::Done => "done",
        State::Cancelled => "cancelled",
        State::Left => "left",
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
        ("2025-06-09", "To Do open, started put back"),
        ("2025-06-19", "Doing open, started 06-11"),
        ("2025-06-20", "Done done 06-20, started 06-11"),
        ("2025-06-30", "Closed done 06-20, started 06-11"),
    ] {
        check(&history, CONFIGURED, day, want);
    }
}

#[test]
fn without_a_change_to_done_the_resolution_date_tells() {
    let resolved = |history| with(history, |f| f.resolved = Some(crate::sketch::at("2025-06-10")));
    let closed = resolved(without_changelog(issue("A-1", "2025-06-02", "Closed")));
    check(&closed, CONFIGURED, "2025-06-09", "? open, started never");
    check(&closed, CONFIGURED, "2025-06-10", "Closed done 06-10 resolved, started unrecorded");

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
fn a_gap_in_the_changelog_holds_no_time() {
    let mut history = issue(
        "A-1",
        "2025-06-02",
        "To Do > 2025-06-03 Done > 2025-06-09 To Do > 2025-06-11 Closed",
    );
    // The change back to done is missing: this one claims to come from `Done`.
    history.transitions.as_mut().unwrap()[2].from = Some(Arc::new(StatusRef::named("Done")));
    check(&history, CONFIGURED, "2025-06-30", "Closed done 06-11, started never");
    // And a change without a `from` goes on from the last one.
    history.transitions.as_mut().unwrap()[2].from = None;
    check(&history, CONFIGURED, "2025-06-30", "Closed done 06-11, started never");
}

#[test]
fn a_start_is_the_first_since_the_item_was_not_started() {
    let born_started = issue("A-1", "2025-06-02", "Doing > 2025-06-05 To Do > 2025-06-06 Doing");
    check(&born_started, CONFIGURED, "2025-06-03", "Doing open, started 06-02");
    check(&born_started, CONFIGURED, "2025-06-30", "Doing open, started 06-06");
    let first =
        r#"{"flow_end_statuses":["Done"],"wip_statuses":["Doing"],"cycle_time_start":"first"}"#;
    check(&born_started, first, "2025-06-30", "Doing open, started 06-02");
    let skipped = issue("A-1", "2025-06-02", "To Do > 2025-06-05 Review > 2025-06-06 Done");
    check(&skipped, CONFIGURED, "2025-06-30", "Done done 06-06, started 06-05");
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
fn the_resolution_of_a_past_day_is_read_from_the_changes() {
    let named = |name: &str| Resolution::Named(name.to_owned());
    let mut history =
        with(issue("A-1", "2025-05-02", "To Do > 2025-05-05 Doing > 2025-05-20 Done"), |facts| {
            facts.resolution = named("Won't Do")
        });
    let change = |day: &str, from, to| ResolutionChange { at: at(day), from, to };
    history.resolutions = vec![
        change("2025-05-20", Resolution::Unresolved, named("Fixed")),
        change("2025-07-03", named("Fixed"), named("Won't Do")),
    ];
    for (day, want) in [
        ("2025-05-19", "Doing open, started 05-05"),
        ("2025-06-30", "Done done 05-20, started 05-05"),
        ("2025-07-03", "Done cancelled 07-03, started 05-05"),
    ] {
        check(&history, CONFIGURED, day, want);
    }
    // The document does not say, the changes do.
    let silent = with(history, |facts| facts.resolution = Resolution::Absent);
    check(&silent, CONFIGURED, "2025-07-03", "Done cancelled 07-03, started 05-05");
}

#[test]
fn an_item_that_lies_in_a_not_started_status_is_not_under_way() {
    let back = issue("A-1", "2025-01-02", "To Do > 2025-01-05 Doing > 2025-01-06 To Do");
    look(&[back], CONFIGURED, "2025-06-30", |items| {
        let item = items.counted.first().unwrap();
        assert_eq!((item.is_under_way, item.start), (false, Start::PutBack));
    });
}

#[test]
fn what_nothing_explains_leaves_the_start_unknown() {
    let limbo = issue("A-1", "2025-06-02", "To Do > 2025-06-03 Limbo > 2025-06-05 Doing");
    check(&limbo, CONFIGURED, "2025-06-30", "Doing open, started unexplained");
    let back = issue(
        "A-1",
        "2025-06-02",
        "To Do > 2025-06-03 Limbo > 2025-06-04 To Do > 2025-06-05 Doing > 2025-06-07 Done",
    );
    check(&back, CONFIGURED, "2025-06-30", "Done done 06-07, started 06-05");
    let since =
        issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-05 Limbo > 2025-06-07 Done");
    check(&since, CONFIGURED, "2025-06-30", "Done done 06-07, started unexplained");
}

#[test]
fn what_left_the_query_stays_done_or_leaves_the_scope() {
    let left = |history| with(history, |facts| facts.left = Some(at("2025-06-10")));
    let done = left(issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-05 Done"));
    check(&done, CONFIGURED, "2025-06-30", "Done done 06-05, started 06-03");
    let open = left(issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing"));
    check(&open, CONFIGURED, "2025-06-09", "Doing open, started 06-03");
    check(&open, CONFIGURED, "2025-06-10", "Doing left 06-10, started 06-03");
}

/// An issue whose changes name statuses by id: `1:To Do > 2025-06-03 2:Doing`.
fn by_id(path: &str, document: (&str, &str)) -> IssueHistory {
    let mut history = issue("A-1", "2025-06-02", path);
    let split = |status: &Arc<StatusRef>| {
        let (id, name) = status.name.as_deref().unwrap().split_once(':').unwrap();
        Some(Arc::new(StatusRef::known(id, name)))
    };
    for transition in history.transitions.as_mut().unwrap() {
        transition.from = transition.from.as_ref().and_then(split);
        transition.to = transition.to.as_ref().and_then(split);
    }
    history.facts.status_id = Some(document.0.into());
    history.facts.status = Some(document.1.into());
    history
}

#[track_caller]
fn check_listed(history: &IssueHistory, listed: &[model::Status], want: &str) {
    let workflow = crate::sketch::workflow("{}");
    let end = crate::sketch::end_of("2025-06-30");
    let histories = std::slice::from_ref(history);
    let items = metrics::Items::read(histories, &workflow, listed, &end, model::Remedy::SyncNow);
    assert_eq!(items.counted.first().map(describe).unwrap(), want);
}

#[test]
fn a_status_is_an_id() {
    use StatusCategory::{Done, Indeterminate, New};
    let listed = [
        status("1", "Zu erledigen", Some(New)),
        status("2", "In Arbeit", Some(Indeterminate)),
        status("3", "Fertig", Some(Done)),
        status("4", "Geschlossen", Some(Done)),
        status("7", "QA", Some(Indeterminate)),
        status("8", "QA", Some(Done)),
        status("9", "Verworfen", Some(Done)),
    ];
    // Histories in the language of another reader; nobody is in `2` or `3` now.
    let path = "1:To Do > 2025-06-03 2:In Progress > 2025-06-05 3:Done > 2025-06-20 4:Closed";
    check_listed(
        &by_id(path, ("4", "Geschlossen")),
        &listed,
        "Geschlossen done 06-05, started 06-03",
    );
    // Two statuses with one name.
    let path = "1:To Do > 2025-06-03 7:QA";
    check_listed(&by_id(path, ("7", "QA")), &listed, "QA open, started 06-03");
    let path = "1:To Do > 2025-06-03 8:QA";
    check_listed(&by_id(path, ("8", "QA")), &listed, "QA done 06-03, started never");
    // Cancelled by its status.
    let path = "1:To Do > 2025-06-03 2:Doing > 2025-06-05 9:Verworfen";
    check_listed(
        &by_id(path, ("9", "Verworfen")),
        &listed,
        "Verworfen cancelled 06-05, started 06-03",
    );
    // An id that the list does not know means what its name means.
    let path = "1:To Do > 2025-06-03 77:In Arbeit > 2025-06-05 3:Done";
    check_listed(&by_id(path, ("3", "Fertig")), &listed, "Fertig done 06-05, started 06-03");
    // ... as long as that is one thing.
    let path = "1:To Do > 2025-06-03 77:QA > 2025-06-05 3:Done";
    check_listed(&by_id(path, ("3", "Fertig")), &listed, "Fertig done 06-05, started unexplained");
}

#[test]
fn what_is_entered_only_from_done_is_work_taken_up_again() {
    use StatusCategory::{Done, Indeterminate, New};
    let listed = [
        status("1", "To Do", Some(New)),
        status("2", "Doing", Some(Indeterminate)),
        status("3", "Done", Some(Done)),
        status("5", "Reopened", Some(New)),
    ];
    let path = "1:To Do > 2025-06-03 2:Doing > 2025-06-05 3:Done > 2025-06-09 5:Reopened > 2025-06-12 3:Done";
    check_listed(&by_id(path, ("3", "Done")), &listed, "Done done 06-12, started 06-03");
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
