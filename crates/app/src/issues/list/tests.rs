//! Order, filter and parameters of the issue list.

use super::order::natural;
use super::*;

fn issue(key: &str, status: Option<&str>, points: Points) -> IssueFacts {
    let status = status.map(Arc::from);
    IssueFacts { key: key.to_owned(), status, points, ..IssueFacts::default() }
}

#[track_caller]
fn check_order(field: SortField, is_descending: bool, want: &[&str]) {
    let mut issues = [
        issue("K-10", Some("open"), Points::Known(3.0)),
        issue("K-9", Some("Done"), Points::Empty),
        issue("A-100", None, Points::Known(1.0)),
        issue("K-2", Some("Open"), Points::Known(3.0)),
    ];
    let ages = Ages::from([("K-9".to_owned(), 3), ("K-10".to_owned(), 7)]);
    issues.sort_by(|a, b| order(field, is_descending, &ages, a, b));
    let keys: Vec<&str> = issues.iter().map(|issue| issue.key.as_str()).collect();
    assert_eq!(keys, want, "{field:?}");
}

#[test]
fn issues_without_a_value_come_last_in_both_directions() {
    check_order(SortField::Key, false, &["A-100", "K-2", "K-9", "K-10"]);
    check_order(SortField::Key, true, &["K-10", "K-9", "K-2", "A-100"]);
    check_order(SortField::Status, false, &["K-9", "K-2", "K-10", "A-100"]);
    check_order(SortField::Status, true, &["K-2", "K-10", "K-9", "A-100"]);
    check_order(SortField::Points, false, &["A-100", "K-2", "K-10", "K-9"]);
    check_order(SortField::Points, true, &["K-2", "K-10", "A-100", "K-9"]);
    check_order(SortField::Age, true, &["K-10", "K-9", "A-100", "K-2"]);
    check_order(SortField::Age, false, &["K-9", "K-10", "A-100", "K-2"]);
}

#[test]
fn keys_that_are_no_keys_have_a_place() {
    let mut keys = ["K-10", "odd", "K-9", "K-x", "K-99999999999999999999"];
    keys.sort_by(|a, b| natural(a, b));
    assert_eq!(keys, ["K-99999999999999999999", "K-x", "odd", "K-9", "K-10"]);
}

#[track_caller]
fn check_filter(parameters: &[(&str, &str)], want: bool) {
    let mut ask = IssuesAsk::default();
    for (name, value) in parameters {
        ask.set(name, value).unwrap();
    }
    let facts = IssueFacts {
        issue_type: Some("Bug".into()),
        summary: Some("Größe ist falsch".into()),
        ..issue("KAFKA-12", Some("Open"), Points::Absent)
    };
    assert_eq!(Filter::new(&ask, None, None).lets_through(&facts), want, "{parameters:?}");
}

#[test]
fn filters() {
    check_filter(&[], true);
    check_filter(&[("status", ""), ("text", " ")], true);
    check_filter(&[("status", "Open"), ("type", "Bug")], true);
    check_filter(&[("status", "open")], false);
    check_filter(&[("type", "Task")], false);
    check_filter(&[("text", "GRÖSSE")], false);
    check_filter(&[("text", "GRÖßE")], true);
    check_filter(&[("text", "kafka-1")], true);
    check_filter(&[("text", "kafka-2")], false);
}

#[track_caller]
fn check_refused(name: &str, value: &str, message: &str) {
    let error = IssuesAsk::default().set(name, value).unwrap_err();
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn wrong_parameters_are_named() {
    check_refused("page", "0", r#"page cannot be "0": give a number from 1"#);
    check_refused("page", "-1", "page");
    check_refused("size", "501", "from 1 to 500");
    check_refused("sort", "colour", "use one of key, status, type");
    check_refused("event", "closed", "use one of created, done, cancelled, left, open");
    check_refused("week", "44", "2025-W44");
    check_refused("as_of", "today", "2025-11-24");
    check_refused("order", "up", "use asc or desc");
    check_refused("color", "red", r#"the parameter cannot be "color""#);
    check_refused("text", &"x".repeat(201), "at most 200 characters");
}

#[test]
fn numbers_need_what_they_are_about() {
    for (parameters, message) in [
        (&[("week", "2025-W44")][..], "event=done"),
        (&[("event", "created")], "name the week"),
        (
            &[("event", "undated"), ("week", "2025-W44")],
            "created, done, cancelled, left, open, started, under_way, in_stage and departed only",
        ),
    ] {
        let mut ask = IssuesAsk::default();
        for (name, value) in parameters {
            ask.set(name, value).unwrap();
        }
        let error = Number::of(&ask).err().unwrap().to_string();
        assert!(error.contains(message), "{error}");
    }
    assert!(Number::of(&IssuesAsk::default()).unwrap().is_none());
}

/// Fetched on 25 June; K-2 was done on the 24th.
#[test]
fn a_list_of_a_past_day_says_what_was_known_then() {
    let sample = crate::sample::Sample::issues();
    let row = |day: &str| {
        let mut ask = IssuesAsk::default();
        for (name, value) in [("event", "open"), ("as_of", day)] {
            ask.set(name, value).unwrap();
        }
        let list = sample.app.issues(&sample.key, &ask).unwrap();
        let row = list.issues.iter().find(|row| row.key == "K-2")?;
        Some((row.status.clone(), row.status_category.clone(), row.resolved))
    };
    let open = (Some("Open".to_owned()), Some("new".to_owned()), None);
    assert_eq!(row("2025-06-23"), Some(open));
    assert_eq!(row("2025-06-25"), None);
}
