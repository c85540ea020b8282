//! What was open when a deadline passed, checked by hand.

use std::collections::BTreeSet;

use metrics::overdue;
use model::Date;

use crate::sketch::{CONFIGURED, issue, look};

/// Of one item: the days on which what was open at the end of the 10th of June was done, `-` for what is
/// open still, each with `?` where nobody knows whether it was part of the query then.
#[track_caller]
fn check(created: &str, path: &str, entered_later: &[&str], want: &str) {
    let history = issue("A-1", created, path);
    let entered_later: BTreeSet<String> = entered_later.iter().map(|&key| key.to_owned()).collect();
    let deadline: Date = "2025-06-10".parse().unwrap();
    let told = look(&[history], CONFIGURED, "2025-06-30", |items| {
        let found = overdue(items, &[deadline], &entered_later);
        assert!(found.iter().all(|late| late.deadline == deadline));
        let day = |late: &metrics::Overdue| {
            let day = late.done.map_or("-".to_owned(), |day| day.to_string());
            if late.is_known { day } else { day + "?" }
        };
        found.iter().map(day).collect::<Vec<_>>().join(" ")
    });
    assert_eq!(told, want, "{created} {path}");
}

#[test]
fn what_was_open_at_the_end_of_the_day_is_overdue() {
    check("2025-06-01", "To Do", &[], "-");
    check("2025-06-01", "To Do > 2025-06-03 Doing > 2025-06-12 Done", &[], "2025-06-12");
    // On the day itself is in time.
    check("2025-06-01", "To Do > 2025-06-03 Doing > 2025-06-10 Done", &[], "");
    // Made later, or done by then and opened again.
    check("2025-06-11", "To Do", &[], "");
    check("2025-06-01", "To Do > 2025-06-05 Done > 2025-06-20 Doing", &[], "");
    // Open again on the day.
    check(
        "2025-06-01",
        "To Do > 2025-06-05 Done > 2025-06-09 Doing > 2025-06-20 Done",
        &[],
        "2025-06-20",
    );
}

#[test]
fn of_what_entered_later_it_is_not_known() {
    check("2025-06-01", "To Do", &["A-1"], "-?");
    check("2025-06-01", "To Do > 2025-06-05 Done", &["A-1"], "");
    check("2025-06-01", "To Do", &["A-2"], "-");
}

#[test]
fn without_a_deadline_nothing_is_asked() {
    let none = look(&[issue("A-1", "2025-06-01", "To Do")], CONFIGURED, "2025-06-30", |items| {
        overdue(items, &[], &BTreeSet::from(["A-1".to_owned()]))
    });
    assert_eq!(none, []);
}
