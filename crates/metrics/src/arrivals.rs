//! Arrivals against departures: what entered the scope, what was started, and what left.

use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::amount::Amount;
use crate::item::{Item, Start};
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::weekly::{WeekRow, WeeklyTable, window_of};
use crate::weeks::{Span, as_label};

/// What came and went in the weeks of a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arrivals {
    /// The complete weeks of the window, and the running one.
    pub weeks: Vec<ArrivalsWeek>,
    /// What entered the scope in the complete weeks.
    pub arrived: Amount,
    /// How many items were started in them.
    pub started: u64,
    /// What was done or cancelled, or left the query, in them.
    pub departed: Amount,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ArrivalsWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// What entered the scope.
    pub arrived: Amount,
    /// How many items were started.
    pub started: u64,
    /// What was done or cancelled, or left the query.
    pub departed: Amount,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// Arrivals and departures of the complete weeks of a span, and of the running one. An item is
/// started in the week of [`Start::At`]; what was put back since was not.
pub fn arrivals(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
) -> Measured<Arrivals> {
    table.then(|table, rule| {
        let complete = table.complete(span);
        let Some(window) = window_of(complete) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let rows = table.shown(span);
        let started = started(items, rows);
        let week = |(row, started): (&WeekRow, u64)| ArrivalsWeek {
            week: row.week,
            monday: row.monday,
            arrived: row.flow.created,
            started,
            departed: row.flow.done + row.flow.cancelled.unwrap_or_default() + row.flow.left,
            is_partial: row.is_partial,
        };
        let weeks: Vec<ArrivalsWeek> = rows.iter().zip(started).map(week).collect();
        let whole = || weeks.iter().filter(|week| !week.is_partial);
        Measured::Known {
            sample: complete.len() as u64,
            window: Some(window),
            rule: format!("started: {}; {rule}", items.started_rule()),
            notes: Vec::new(),
            value: Arrivals {
                arrived: whole().map(|week| week.arrived).sum(),
                started: whole().map(|week| week.started).sum(),
                departed: whole().map(|week| week.departed).sum(),
                weeks,
            },
        }
    })
}

/// How many items were started in each of some consecutive weeks.
fn started(items: &Items<'_>, rows: &[WeekRow]) -> Vec<u64> {
    let mut counts = vec![0; rows.len()];
    let Some(first) = rows.first().map(|row| row.week.number()) else { return counts };
    for item in items.counted.iter().filter(|item| item.undated().is_none()) {
        let Some(week) = start_week(items, item) else { continue };
        let place = usize::try_from(week.number() - first).ok();
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    counts
}

/// The week in which an item was started.
pub(crate) fn start_week(items: &Items<'_>, item: &Item<'_>) -> Option<Week> {
    let Start::At(at) = item.start else { return None };
    Some(Week::of(items.as_of.date_of(at)))
}
