//! Queries that have stored rows and no issues.

use metrics::{Measured, Origin};
use metrics::{NoteCode, Span, Statistics, Unit, burnup, throughput, totals, weekly_table};
use model::{Json, ProjectData};

use crate::sketch::{CONFIGURED, look};

const ROWS: &str = r#"[
    {"date":"2025-06-02T00:00:00","completed_items":3,"completed_points":1.5,"created_items":1,"created_points":0},
    {"date":"2025-06-04","completed_items":1,"completed_points":0.5,"created_items":null,"created_points":null},
    {"date":"2025-06-16","completed_items":"2","completed_points":4,"created_items":5,"created_points":8},
    {"date":"NaT","completed_items":7,"completed_points":7,"created_items":0,"created_points":0},
    {"date":"9999-06-16","completed_items":1},
    {"date":"0204-06-16"}]"#;

fn statistics(scope: &str) -> Statistics {
    let data = ProjectData {
        statistics: Json::parse(ROWS).ok(),
        project_scope: Json::parse(scope).ok(),
        ..ProjectData::default()
    };
    Statistics::read(&data)
}

#[track_caller]
fn check(
    scope: &str,
    day: &str,
    want: &[(i64, i64, Option<i64>)],
) -> Measured<metrics::WeeklyTable> {
    look(&[], CONFIGURED, day, |items| {
        let table = weekly_table(items, Some(&statistics(scope)));
        let value = table.known().unwrap();
        let rows: Vec<_> = value
            .rows
            .iter()
            .map(|row| (row.flow.created.items, row.flow.done.items, row.open.map(|o| o.items)))
            .collect();
        assert_eq!((value.origin, &rows[..]), (Origin::Statistics, want), "at {day}");
        table
    })
}

#[test]
fn rows_stand_in_for_issues() {
    // 20 remain after the row of a far future, which is not known yet on that day.
    let table = check(
        r#"{"remaining_items":20,"remaining_points":"9,5"}"#,
        "2025-06-22",
        &[(1, 4, Some(18)), (0, 0, Some(18)), (5, 2, Some(21))],
    );
    let Measured::Known { notes, sample, .. } = &table else { panic!() };
    let codes: Vec<NoteCode> = notes.iter().map(|note| note.code).collect();
    assert_eq!(
        (codes.as_slice(), *sample),
        (&[NoteCode::StatisticsOnly, NoteCode::StatisticsUndated][..], 6)
    );
    let totals = totals(&table);
    let totals = totals.known().unwrap();
    assert_eq!((totals.open.unwrap().items, totals.done.items), (21, 13));
    let found = throughput(&table, Span::Last(12), Unit::Points);
    assert_eq!(found.known().unwrap().weeks, [2.0, 0.0, 4.0]);
}

#[test]
fn rows_of_a_past_day() {
    check(r#"{"remaining_items":20}"#, "2025-06-10", &[(1, 4, Some(18)), (0, 0, Some(18))]);
}

#[test]
fn open_work_is_not_invented() {
    let table = check("{}", "2025-06-22", &[(1, 4, None), (0, 0, None), (5, 2, None)]);
    let burnup = burnup(&table);
    let last = burnup.known().unwrap().last().unwrap();
    assert_eq!((last.scope, last.done.items, last.remaining), (None, 6, None));
    assert_eq!(totals(&table).known().unwrap().open, None);
}
