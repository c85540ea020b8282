//! Signals of weeks and work put down by hand.

use model::{Date, Week};

use super::*;
use crate::amount::Amount;
use crate::cycle_time::CycleTime;
use crate::note::NoteCode;
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
    known(WeeklyTable { rows, undated: Flow::default(), origin: Origin::Issues })
}

fn known<T>(value: T) -> Measured<T> {
    Measured::Known { value, sample: 1, window: None, rule: String::new(), notes: Vec::new() }
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
        totals: Measured::unavailable("", ""),
        throughput: Measured::unavailable("", ""),
        cycle_time: known(CycleTime { p50_days: 3, p70_days: 5, p85_days: 9, p95_days: 20 }),
        work_item_age: known(ages.iter().map(age).collect()),
        scope_growth: Measured::unavailable("", ""),
        coverage: Measured::unavailable("", ""),
    }
}

#[track_caller]
fn check(weeks: &[(usize, usize)], ages: &[(&str, i32)], notes: &[Note], want: &[&str]) {
    let found = signals(&table(weeks), &summary(ages), notes, Unit::Items);
    let found: Vec<String> =
        found.iter().map(|signal| format!("{} {}", signal.sentence, signal.evidence)).collect();
    assert_eq!(found, want);
}

#[test]
fn old_work_in_progress_is_told() {
    check(&[], &[("A-1", 9)], &[], &[]);
    let want = "2 items in progress are older than 85 % of the finished ones. \
                The oldest is A-7: 31 days, now in Review; 85 % took at most 9.";
    check(&[], &[("A-7", 31), ("A-2", 10), ("A-1", 9)], &[], &[want]);
}

#[test]
fn growth_is_told_when_it_lasts() {
    let grows = "More arrives than gets done. In 4 of the last 6 weeks, 7 more in all.";
    let usual = "Throughput is as usual. 1 last week; usual are 1 a week.";
    check(&[(3, 1), (3, 1), (3, 1), (2, 1), (1, 1), (1, 1)], &[], &[], &[grows, usual]);
    check(&[(3, 1), (3, 1), (3, 1), (1, 1), (1, 1), (1, 1)], &[], &[], &[usual]);
    check(&[(3, 1); 5], &[], &[], &[]);
}

#[test]
fn changes_of_throughput_are_told() {
    let steady: Vec<(usize, usize)> = [4, 6].into_iter().cycle().take(14).map(|n| (0, n)).collect();
    let then = |newest: &[usize]| -> Vec<(usize, usize)> {
        steady.iter().copied().chain(newest.iter().map(|n| (0, *n))).collect()
    };
    check(&steady, &[], &[], &["Throughput is as usual. 6 last week; usual are 0 to 10 a week."]);
    let much = "Last week finished unusually much. 11; usual are 0 to 10 a week.";
    check(&then(&[11]), &[], &[], &[much]);
    let risen = "Throughput has risen. The last 8 weeks were all above the mean of 5 before.";
    check(&then(&[6, 7, 6, 7, 6, 7, 6, 7]), &[], &[], &[risen]);
    let fallen = "Throughput has fallen. The last 8 weeks were all below the mean of 5 before.";
    check(&then(&[4, 3, 4, 3, 4, 3, 4, 3]), &[], &[], &[fallen]);
    check(&[(0, 0); 20], &[], &[], &[]);
}

#[test]
fn data_that_shakes_figures_is_told_before_good_news() {
    let note = Note::about_keys(NoteCode::DoneWithoutDate, ["A-1"].into_iter()).unwrap();
    let light = Note::about(NoteCode::NotCounted, 3).unwrap();
    let usual = "Throughput is as usual. 2 last week; usual are 2 a week.";
    let told = format!("{} {}", note.sentence, note.remedy);
    check(&[(2, 2); 6], &[], &[light, note], &[&told, usual]);
}
