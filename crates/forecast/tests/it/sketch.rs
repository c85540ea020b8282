//! Weekly tables in a few characters.

use forecast::{Assumptions, Backlog, Facts, Forecast, Question, WorkingCalendar, forecast};
use metrics::{Amount, Flow, Measured, Origin, WeekRow, WeeklyTable};
use model::{Date, Remedy, Week};

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Monday 5 January 2026.
fn first_week() -> i32 {
    Week::of(date("2026-01-05")).number()
}

fn items(count: i64) -> Amount {
    Amount { items: count, points: 2.0 * count as f64, estimated: count }
}

/// Complete weeks from 2026-W02 on, each as done and created, after the week of the first issue.
pub fn table(weeks: &[(i64, i64)]) -> Measured<WeeklyTable> {
    let row = |(number, (done, created)): (i32, &(i64, i64))| WeekRow {
        week: Week::from_number(number),
        monday: Week::from_number(number).monday().unwrap(),
        flow: Flow {
            created: items(*created),
            done: items(*done),
            cancelled: Some(items(0)),
            left: items(0),
        },
        open: Some(items(40)),
        is_partial: false,
    };
    let first = [(0, 1)];
    let rows = (first_week() - 1..).zip(first.iter().chain(weeks)).map(row).collect();
    Measured::Known {
        value: WeeklyTable {
            rows,
            undated: Flow::default(),
            origin: Origin::Issues,
            first_started: Some(Week::from_number(first_week())),
        },
        sample: 0,
        window: None,
        rule: "done: Done".to_owned(),
        notes: Vec::new(),
    }
}

/// Weeks in which nothing arrived.
pub fn done(weeks: &[i64]) -> Measured<WeeklyTable> {
    table(&weeks.iter().map(|done| (*done, 0)).collect::<Vec<_>>())
}

/// So much open work.
pub fn open(amount: f64) -> Measured<Backlog> {
    Measured::Known {
        value: Backlog { amount, points_each: 0.0, extrapolated: 0.0 },
        sample: 0,
        window: None,
        rule: "done: Done".to_owned(),
        notes: Vec::new(),
    }
}

/// Every day of the week is worked on, so that a week is seven days.
pub fn daily() -> Assumptions {
    let calendar = WorkingCalendar { weekdays: [true; 7], ..WorkingCalendar::default() };
    Assumptions { calendar, ..Assumptions::default() }
}

pub fn ask(
    table: &Measured<WeeklyTable>,
    remaining: f64,
    as_of: &str,
    assumptions: &Assumptions,
    question: &Question,
) -> Forecast {
    let facts = Facts {
        as_of: date(as_of),
        table,
        open: &open(remaining),
        where_idle: Remedy::WidenSample,
        overdue: None,
    };
    forecast(&facts, assumptions, question)
}
