//! Work in progress: how many items were under way at the end of each day.

use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::explained::Unexplained;
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::stage::Stages;
use crate::weekly::{WeekRow, WeeklyTable, window_of};
use crate::weeks::{Span, as_label};

/// How many items were under way over a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkInProgress {
    /// On average over all days of the complete weeks.
    pub mean: f64,
    /// At the moment.
    pub now: u64,
    /// The complete weeks of the window, and the running one.
    pub weeks: Vec<WorkInProgressWeek>,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WorkInProgressWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// On average over the ends of its days, as far as they have passed.
    pub mean: f64,
    /// At its end, or at the moment.
    pub at_end: u64,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// The work in progress of the complete weeks of a span, and of the running one: items whose status
/// at the end of a day is a started one. Those that were in a status that nothing explains are in a
/// note, and were not seen while they were in it.
pub fn work_in_progress(
    items: &Items<'_>,
    stages: &Stages<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
) -> Measured<WorkInProgress> {
    table.then(|table, _| {
        let complete = table.complete(span);
        let Some(window) = window_of(complete) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let unexplained = Unexplained::since(items, stages, window.first);
        if let Some(unavailable) = unexplained.unavailable() {
            return unavailable;
        }
        let days = days(items, stages, window.first);
        let rows = table.shown(span).iter().zip(days.chunks(7));
        let weeks: Vec<WorkInProgressWeek> = rows.map(|(row, days)| week(row, days)).collect();
        let whole = days.get(..complete.len() * 7).unwrap_or(&days);
        Measured::Known {
            value: WorkInProgress {
                mean: mean(whole),
                now: days.last().copied().unwrap_or_default(),
                weeks,
            },
            sample: whole.len() as u64,
            window: Some(window),
            rule: format!("started: {}", items.started_rule()),
            notes: unexplained.note().into_iter().collect(),
        }
    })
}

fn week(row: &WeekRow, days: &[u64]) -> WorkInProgressWeek {
    WorkInProgressWeek {
        week: row.week,
        monday: row.monday,
        mean: mean(days),
        at_end: days.last().copied().unwrap_or_default(),
        is_partial: row.is_partial,
    }
}

/// How many items were under way at the end of each day from the first one to the moment's.
fn days(items: &Items<'_>, stages: &Stages<'_>, first: Date) -> Vec<u64> {
    let place = |date: Date| usize::try_from((date - first).get_days()).ok();
    let count = place(items.as_of.date()).map_or(0, |last| last + 1);
    let mut changes = vec![0_i64; count];
    for (item, intervals) in stages.with(items) {
        if item.undated().is_some() {
            continue;
        }
        for interval in intervals.iter().filter(|i| stages.meaning(i.stage).is_started) {
            let entered = place(items.as_of.date_of(interval.from)).unwrap_or_default();
            let left = interval.to.map(|to| items.as_of.date_of(to));
            let left = left.map(|left| place(left).unwrap_or_default());
            if let Some(change) = changes.get_mut(entered) {
                *change += 1;
            }
            if let Some(change) = left.and_then(|left| changes.get_mut(left.max(entered))) {
                *change -= 1;
            }
        }
    }
    let mut under_way = 0;
    let day = |change: i64| {
        under_way += change;
        u64::try_from(under_way).unwrap_or_default()
    };
    changes.into_iter().map(day).collect()
}

fn mean(days: &[u64]) -> f64 {
    if days.is_empty() { 0.0 } else { days.iter().sum::<u64>() as f64 / days.len() as f64 }
}
