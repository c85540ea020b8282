//! The figures of a small team, checked by hand.

use std::fmt::Write;

use metrics::{
    CATALOG, Items, Measured, Selection, Span, Summary, Unit, WeeklyTable, burnup, weekly_table,
};
use model::{Points, Remedy, Resolution, Week};

use crate::sketch::{CONFIGURED, at, issue, look, with, without_changelog};
use metrics::{IssueHistory, Reason};

/// Five weeks from Monday 2 June 2025; the last one ends on 6 July.
fn team() -> Vec<IssueHistory> {
    vec![
        issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-04 Done"),
        issue("A-2", "2025-06-03", "To Do > 2025-06-08T23:30:00Z Doing > 2025-06-09 Done"),
        with(issue("A-3", "2025-06-04", "To Do > 2025-06-17 Done"), |facts| {
            facts.resolution = Resolution::Named("Duplicate".to_owned());
            facts.points = Points::Known(3.0);
        }),
        issue("A-4", "2025-06-10", "To Do > 2025-06-12 Doing > 2025-07-01 Done"),
        with(issue("A-5", "2025-06-18", "To Do > 2025-06-20 Doing"), |facts| {
            facts.points = Points::Empty;
        }),
        issue("A-6", "2025-06-19", "Doing"),
        with(without_changelog(issue("A-7", "2025-06-02", "Done")), |f| f.points = Points::Absent),
        with(issue("A-8", "2025-06-02", "To Do"), |facts| facts.created = None),
        with(issue("A-9", "2025-06-25", "Done"), |facts| facts.resolved = Some(at("2025-06-20"))),
        issue("B-1", "2025-06-02", "To Do"),
        with(issue("A-10", "2025-06-02", "Doing"), |f| f.issue_type = Some("Epic".into())),
        issue("A-11", "2025-08-01", "To Do"),
    ]
}

fn text(table: &Measured<WeeklyTable>) -> String {
    let Measured::Known { value, .. } = table else {
        return format!("{table:?}");
    };
    let mut text = String::new();
    for row in &value.rows {
        let flow = row.flow;
        let running = if row.is_partial { " running" } else { "" };
        writeln!(
            text,
            "{} {} {} {} {} | {}/{}{running}",
            row.week,
            flow.created.items,
            flow.done.items,
            flow.cancelled.unwrap_or_default().items,
            row.open.unwrap().items,
            row.open.unwrap().points,
            row.open.unwrap().estimated,
        )
        .unwrap();
    }
    let undated = value.undated;
    write!(text, "undated {} {}", undated.created.items, undated.done.items).unwrap();
    text
}

#[track_caller]
fn check(day: &str, want: &str) {
    let lines: Vec<&str> = want.lines().map(str::trim).collect();
    look(&team(), CONFIGURED, day, |items| {
        assert_eq!(text(&weekly_table(items, None)), lines.join("\n"), "at {day}");
    });
}

#[test]
fn the_weekly_table() {
    check(
        "2025-07-02",
        "2025-W23 3 1 0 2 | 3.5/2
         2025-W24 1 1 0 2 | 3.5/2
         2025-W25 2 0 1 3 | 1/2
         2025-W26 0 0 0 3 | 1/2
         2025-W27 0 1 0 2 | 0.5/1 running
         undated 3 2",
    );
}

#[test]
fn the_same_on_past_days() {
    check(
        "2025-06-08",
        "2025-W23 3 1 0 2 | 3.5/2
         undated 2 1",
    );
    check(
        "2025-06-17",
        "2025-W23 3 1 0 2 | 3.5/2
         2025-W24 1 1 0 2 | 3.5/2
         2025-W25 0 0 1 1 | 0.5/1 running
         undated 2 1",
    );
    check("2025-06-01", "undated 1 0");
}

#[test]
fn every_number_has_its_issues() {
    let week = |label: &str| Week::parse(label).unwrap();
    look(&team(), CONFIGURED, "2025-07-02", |items| {
        let check = |selection: Selection, want: &str| {
            assert_eq!(items.keys(&selection).join(" "), want, "{selection:?}");
        };
        check(Selection::CreatedIn(week("2025-W23")..=week("2025-W23")), "A-1 A-2 A-3");
        check(Selection::DoneIn(week("2025-W23")..=week("2025-W24")), "A-1 A-2");
        check(Selection::CancelledIn(week("2025-W25")..=week("2025-W25")), "A-3");
        check(Selection::OpenAtEndOf(week("2025-W25")), "A-4 A-5 A-6");
        check(Selection::Open, "A-5 A-6 A-8");
        check(Selection::Started, "A-5 A-6");
        check(Selection::Done, "A-1 A-2 A-4 A-7 A-9");
        check(Selection::Cancelled, "A-3");
        check(Selection::Undated, "A-7 A-8 A-9");
        check(Selection::NotCounted, "B-1 A-10");
        check(Selection::Scope, "A-1 A-2 A-4 A-5 A-6 A-7 A-8 A-9");
        assert_eq!((items.later, items.len()), (1, 12));
    });
}

fn summary(items: &Items<'_>, unit: Unit) -> Summary {
    Summary::of(items, &weekly_table(items, None), Span::Last(12), unit)
}

#[track_caller]
fn check_cancelled(resolutions: [Resolution; 2], want: Option<i64>) {
    let done = |resolution| {
        with(issue("A-1", "2025-06-02", "To Do > 2025-06-04 Done"), |facts| {
            facts.resolution = resolution;
        })
    };
    let mut histories: Vec<IssueHistory> = resolutions.into_iter().map(done).collect();
    histories.push(issue("A-3", "2025-06-03", "To Do"));
    look(&histories, CONFIGURED, "2025-06-20", |items| {
        let summary = summary(items, Unit::Items);
        let table = weekly_table(items, None);
        let growth = summary.scope_growth.known().unwrap().cancelled;
        let row = table.known().unwrap().rows.first().unwrap().flow.cancelled;
        for found in [summary.totals.known().unwrap().cancelled, growth, row] {
            assert_eq!(found.map(|amount| amount.items), want);
        }
    });
}

#[test]
fn nothing_cancelled_and_not_known_are_two_things() {
    let named = |name: &str| Resolution::Named(name.to_owned());
    check_cancelled([Resolution::Absent, Resolution::Absent], None);
    check_cancelled([Resolution::Absent, named("Fixed")], Some(0));
    check_cancelled([Resolution::Absent, named("Duplicate")], Some(1));
    look(&[issue("A-1", "2025-06-02", "To Do")], CONFIGURED, "2025-06-20", |items| {
        let totals = summary(items, Unit::Items).totals;
        assert_eq!(totals.known().unwrap().cancelled.map(|amount| amount.items), Some(0));
    });
}

#[test]
fn the_summary() {
    look(&team(), CONFIGURED, "2025-07-02", |items| {
        let summary = summary(items, Unit::Items);
        let totals = summary.totals.known().unwrap();
        let counts =
            [totals.scope.unwrap(), totals.done, totals.cancelled.unwrap(), totals.open.unwrap()];
        assert_eq!(counts.map(|amount| amount.items), [8, 5, 1, 3]);
        let throughput = summary.throughput.known().unwrap();
        assert_eq!(throughput.weeks, [1.0, 1.0, 0.0, 0.0]);
        assert_eq!((throughput.median, throughput.mean, throughput.most), (0.5, 0.5, 1.0));
        let cycle_time = summary.cycle_time.known().unwrap();
        assert_eq!((cycle_time.p50_days, cycle_time.p95_days), (2, 2));
        let ages = summary.work_item_age.known().unwrap();
        assert_eq!(
            ages.iter().map(|age| (age.key.as_str(), age.days)).collect::<Vec<_>>(),
            [("A-6", 14), ("A-5", 13)]
        );
        let growth = summary.scope_growth.known().unwrap();
        assert_eq!((growth.net.items, growth.items_per_week), (5, 1.25));
        let coverage = summary.coverage.known().unwrap();
        assert_eq!((coverage.open.items, coverage.open.estimated), (3, 2));
        assert_eq!(coverage.done_share, Some(0.8));
        let Measured::Known { notes, window, .. } = summary.throughput else { panic!() };
        let note = notes.first().unwrap();
        assert_eq!((note.code, note.count), (metrics::NoteCode::WeakSample, 4));
        assert_eq!(window.unwrap().last.to_string(), "2025-06-29");
    });
}

#[test]
fn the_burnup_ends_with_the_table() {
    look(&team(), CONFIGURED, "2025-07-02", |items| {
        let table = weekly_table(items, None);
        let found = burnup(&table);
        let series: Vec<[i64; 3]> = found
            .known()
            .unwrap()
            .iter()
            .map(|p| [p.scope.unwrap().items, p.done.items, p.remaining.unwrap().items])
            .collect();
        assert_eq!(series, [[3, 1, 2], [4, 2, 2], [5, 2, 3], [5, 2, 3], [5, 3, 2]]);
    });
}

#[test]
fn what_is_not_known_is_said() {
    let reason = |histories: &[IssueHistory], classification: &str, day: &str| {
        look(histories, classification, day, |items| match weekly_table(items, None) {
            Measured::Unavailable { reason, remedy } => Some((reason, remedy)),
            Measured::Known { .. } => None,
        })
    };
    let check = |found, reason, remedy| assert_eq!(found, Some((reason, remedy)));
    check(reason(&[], CONFIGURED, "2025-07-02"), Reason::NoIssues, Remedy::SyncNow);
    let one = [issue("A-1", "2025-06-02", "To Do")];
    let date = "2025-06-01".parse().unwrap();
    let none = Reason::NoneCreatedBy { date };
    check(reason(&one, CONFIGURED, "2025-06-01"), none, Remedy::ChooseLaterDay);
    let unlisted = [issue("A-1", "2025-06-02", "Limbo")];
    let (workflow, end) = (crate::sketch::workflow("{}"), crate::sketch::end_of("2025-07-02"));
    let items = Items::read(&unlisted, &workflow, &[], &end, Remedy::SyncNow);
    let Measured::Unavailable { reason: found, remedy } = weekly_table(&items, None) else {
        panic!()
    };
    check(Some((found, remedy)), Reason::DoneIsUndefined, Remedy::SayWhatStatusesMean);
    let nameless = || with(issue("A-1", "2025-06-02", "Done"), |facts| facts.status = None);
    let nameless = [nameless(), crate::sketch::without_changelog(nameless())];
    check(reason(&nameless, CONFIGURED, "2025-07-02"), Reason::NoStatuses, Remedy::SyncNow);
    let [other, resolved] = nameless;
    let resolved = with(resolved, |facts| facts.resolved = Some(crate::sketch::at("2025-06-09")));
    assert_eq!(reason(&[other, resolved], CONFIGURED, "2025-07-02"), None);
    let other = r#"{"development_projects":["Z"]}"#;
    let none = Reason::NoneCounts { issues: 1 };
    check(reason(&one, other, "2025-07-02"), none, Remedy::ChangeWhatCounts);

    let pointless = [with(issue("A-1", "2025-06-02", "Done"), |f| f.points = Points::Absent)];
    look(&pointless, CONFIGURED, "2025-07-02", |items| {
        let summary = summary(items, Unit::Points);
        assert!(summary.throughput.known().is_none());
        assert!(summary.cycle_time.known().is_none());
        assert!(burnup(&weekly_table(items, None)).known().is_none());
    });
}

#[test]
fn answers_are_json() {
    look(&team(), CONFIGURED, "2025-06-08", |items| {
        let json = serde_json::to_value(weekly_table(items, None)).unwrap();
        assert_eq!(json["state"], "known");
        let row = &json["value"]["rows"][0];
        assert_eq!((&row["week"], &row["monday"]), (&"2025-W23".into(), &"2025-06-02".into()));
        assert_eq!(row["created"], serde_json::json!({"items": 3, "points": 4.0, "estimated": 3}));
    });
}

#[test]
fn the_document_names_every_figure() {
    let document = include_str!("../../../../docs/metrics.md");
    let missing: Vec<&str> =
        CATALOG.iter().map(|m| m.id).filter(|id| !document.contains(&format!("`{id}`"))).collect();
    assert!(missing.is_empty(), "docs/metrics.md does not name {missing:?}");
}
