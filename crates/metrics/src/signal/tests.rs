//! Signals of weeks and work put down by hand.

use model::{Date, Remedy, Week};

use super::*;
use crate::amount::Amount;
use crate::cycle_time::CycleTime;
use crate::note::NoteCode;
use crate::reason::Reason;
use crate::weekly::{Flow, Origin};
use crate::work_item_age::Age;

fn row(number: i32, (created, done): (usize, usize)) -> WeekRow {
    let items = |count: usize| Amount { items: count as i64, points: 0.0, estimated: 0 };
    let week = Week::from_number(number);
    let flow = Flow {
        created: items(created),
        done: items(done),
        cancelled: Some(items(0)),
        left: Amount::default(),
    };
    WeekRow { week, monday: week.monday().unwrap(), flow, open: None, is_partial: false }
}

fn table(weeks: &[(usize, usize)]) -> Measured<WeeklyTable> {
    let rows = weeks.iter().zip(2900..).map(|(week, number)| row(number, *week)).collect();
    known(WeeklyTable {
        rows,
        undated: Flow::default(),
        origin: Origin::Issues,
        first_started: None,
    })
}

fn known<T>(value: T) -> Measured<T> {
    Measured::Known { value, sample: 1, window: None, rule: String::new(), notes: Vec::new() }
}

fn unknown<T>() -> Measured<T> {
    Measured::unavailable(Reason::NoIssues, Remedy::ConnectJira)
}

fn summary(ages: &[(&str, i32)]) -> Summary {
    let age = |(key, days): &(&str, i32)| Age {
        key: (*key).to_owned(),
        status: Some("Review".to_owned()),
        started: Date::constant(2025, 6, 2),
        days: *days,
    };
    Summary {
        as_of: Date::constant(2025, 6, 2),
        totals: unknown(),
        throughput: unknown(),
        cycle_time: known(CycleTime { p50_days: 3, p70_days: 5, p85_days: 9, p95_days: 20 }),
        work_item_age: known(ages.iter().map(age).collect()),
        scope_growth: unknown(),
        coverage: unknown(),
        before: None,
    }
}

#[track_caller]
fn check(weeks: &[(usize, usize)], ages: &[(&str, i32)], notes: &[Note], want: &[(Says, Says)]) {
    let found = signals(&table(weeks), &summary(ages), notes, Span::All, Unit::Items).into_iter();
    let found: Vec<_> = found.map(|signal| (signal.sentence, signal.evidence)).collect();
    assert_eq!(found, want);
}

fn usual(done: f64, least: f64, most: f64) -> (Says, Says) {
    (Says::ThroughputAsUsual, Says::LastWeek { done, least, most })
}

#[test]
fn old_work_in_progress_is_told() {
    check(&[], &[("A-1", 9)], &[], &[]);
    let (key, status) = ("A-7".to_owned(), Some("Review".to_owned()));
    let oldest = Says::OldestWork { key, days: 31, status, p85_days: 9 };
    let want = (Says::OldWork { items: 2 }, oldest);
    check(&[], &[("A-7", 31), ("A-2", 10), ("A-1", 9)], &[], &[want]);
}

#[test]
fn growth_is_told_when_it_lasts() {
    let grows = (Says::MoreArrives, Says::Growth { grown: 4, weeks: 6, more: 7.0 });
    let usual = usual(1.0, 1.0, 1.0);
    let weeks = [(3, 1), (3, 1), (3, 1), (2, 1), (1, 1), (1, 1)];
    check(&weeks, &[], &[], &[grows, usual.clone()]);
    check(&[(3, 1), (3, 1), (3, 1), (1, 1), (1, 1), (1, 1)], &[], &[], &[usual]);
    check(&[(3, 1); 5], &[], &[], &[]);
}

#[test]
fn changes_of_throughput_are_told() {
    let steady: Vec<(usize, usize)> = [4, 6].into_iter().cycle().take(14).map(|n| (0, n)).collect();
    let then = |newest: &[usize]| -> Vec<(usize, usize)> {
        steady.iter().copied().chain(newest.iter().map(|n| (0, *n))).collect()
    };
    check(&steady, &[], &[], &[]);
    let still = (Says::Standstill { weeks: 3 }, Says::IsDataComplete);
    check(&then(&[0, 0, 0]), &[], &[], &[still]);
    check(&then(&[0, 0]), &[], &[], &[]);
    let last = Says::LastWeek { done: 11.0, least: 0.0, most: 10.0 };
    check(&then(&[11]), &[], &[], &[(Says::UnusuallyMuch, last)]);
    let run = |is_above| Says::Run { weeks: 8, is_above, mean: 5.0 };
    check(&then(&[6, 7, 6, 7, 6, 7, 6, 7]), &[], &[], &[(Says::ThroughputRisen, run(true))]);
    check(&then(&[4, 3, 4, 3, 4, 3, 4, 3]), &[], &[], &[(Says::ThroughputFallen, run(false))]);
    check(&[(0, 0); 20], &[], &[], &[]);
}

#[test]
fn data_that_shakes_figures_is_told_before_good_news() {
    let remedy = Remedy::LookInJira;
    let keys = ["A-1"].into_iter();
    let note = Note::about_keys(NoteCode::DoneWithoutDate, remedy, keys).unwrap();
    let light = Note::about(NoteCode::NotCounted, Remedy::ChangeWhatCounts, 3).unwrap();
    let told = (Says::Note { note: Box::new(note.clone()) }, Says::Remedy { remedy });
    check(&[(2, 2); 6], &[], &[light, note], &[told, usual(2.0, 2.0, 2.0)]);
}

/// The weeks that are unlike the others, by their places, where so much was done in each.
#[track_caller]
fn check_unusual(done: &[usize], want: &[usize]) {
    let rows: Vec<WeekRow> = done.iter().zip(2900..).map(|(n, week)| row(week, (0, *n))).collect();
    let found = unusual_weeks(&rows, Span::All, Unit::Items, |_| true);
    let found: Vec<String> = found.map(|signal| signal.weeks).unwrap_or_default();
    let want: Vec<String> = want.iter().map(|place| rows[*place].week.to_string()).collect();
    assert_eq!(found, want, "{done:?}");
}

#[test]
fn a_week_is_unlike_the_others_only_where_those_are_alike() {
    check_unusual(&[2, 2, 3, 2, 2, 20, 2, 3, 2, 2, 2, 2, 3, 2], &[5]);
    check_unusual(&[4, 5, 4, 5, 4, 0, 4, 5, 4, 5, 4, 5, 4, 5, 4], &[5]);
    // No whole number lies between the limits; 0 and 1 are around them.
    check_unusual(&[1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0], &[]);
    // The pace changed for good.
    check_unusual(&[10, 10, 10, 10, 10, 10, 2, 2, 2, 2, 2, 2], &[]);
    check_unusual(&[2; 12], &[]);
}

#[test]
fn what_is_told_to_be_usual_is_not_unusual() {
    let weeks: Vec<(usize, usize)> = [[(1, 2); 6], [(1, 1); 6]].concat();
    // Between the limits, 1.26 and 1.74, lies no whole number.
    check(&weeks, &[], &[], &[usual(1.0, 1.0, 2.0)]);
}
