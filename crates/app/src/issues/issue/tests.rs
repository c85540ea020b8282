//! Histories from changelogs in both orders, with and without a known end.

use super::*;

const CREATED: &str = "2025-06-01T00:00:00Z";

fn facts(status: &str, category: &str) -> IssueFacts {
    IssueFacts {
        status: Some(status.into()),
        status_category: Some(category.into()),
        created: CREATED.parse().ok(),
        ..IssueFacts::default()
    }
}

/// Changes as `(day of June, from, to)`.
fn entry(changes: &[(u8, &str, &str)]) -> Document {
    let history = |(day, from, to): &(u8, &str, &str)| {
        format!(
            r#"{{"created":"2025-06-{day:02}T00:00:00.000+0000","items":[{{"field":"status","fromString":"{from}","toString":"{to}"}}]}}"#
        )
    };
    let histories: Vec<String> = changes.iter().map(history).collect();
    let text = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
    Document::parse(&text, &mut Tape::new()).unwrap()
}

/// Wanted statuses as `(name, visits, days)`; known until 11 June.
#[track_caller]
fn check(
    changes: &[(u8, &str, &str)],
    facts: &IssueFacts,
    want: &[(&str, u64, Option<i64>)],
    ends_in_current_status: Option<bool>,
) {
    let until = "2025-06-11T00:00:00Z".parse().ok();
    let found = history(&entry(changes), facts, until, &mut Tape::new());
    let statuses: Vec<_> = found
        .statuses
        .iter()
        .map(|s| (s.status.as_deref().unwrap_or(""), s.visits, s.seconds.map(|s| s / 86_400)))
        .collect();
    assert_eq!(statuses, want);
    assert_eq!(found.ends_in_current_status, ends_in_current_status);
}

#[test]
fn time_in_status() {
    let open = facts("Review", "indeterminate");
    let path = [(3, "Open", "Doing"), (5, "Doing", "Review")];
    let want = [("Open", 1, Some(2)), ("Doing", 1, Some(2)), ("Review", 1, Some(6))];
    check(&path, &open, &want, Some(true));
    let newest_first = [(5, "Doing", "Review"), (3, "Open", "Doing")];
    check(&newest_first, &open, &want, Some(true));
}

#[test]
fn a_finished_stay_has_no_length() {
    let done = facts("Done", "done");
    let path = [(3, "Open", "Done"), (4, "Done", "Open"), (6, "Open", "Done")];
    check(&path, &done, &[("Open", 2, Some(4)), ("Done", 2, None)], Some(true));
}

#[test]
fn a_stale_changelog_is_seen() {
    let elsewhere = facts("Closed", "done");
    let want = [("Open", 1, Some(2)), ("Doing", 1, None)];
    check(&[(3, "Open", "Doing")], &elsewhere, &want, Some(false));
}

#[test]
fn without_changes_the_current_status_is_all_there_is() {
    check(&[], &facts("Open", "new"), &[("Open", 1, Some(10))], None);
    check(&[], &facts("Done", "done"), &[], None);
    let undated = IssueFacts { created: None, ..facts("Open", "new") };
    check(&[], &undated, &[("Open", 1, None)], None);
}
