//! The cycle time of each finished item, month by month, and against the window before.

use model::{Date, Timestamp};
use serde::Serialize;

use crate::cycle_time::{CycleTime, cycle_days, cycle_time, percentile};
use crate::item::{Item, State};
use crate::items::Items;
use crate::measured::{Measured, Window};
use crate::weekly::{WeeklyTable, window_of};
use crate::weeks::Span;

/// Months with fewer finished items have no percentile.
pub(crate) const ITEMS_MIN: usize = 5;

/// What was finished within a window, and how long each took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CycleTimes {
    /// The items whose cycle time is known, by the day they were done.
    pub items: Vec<FinishedItem>,
    /// Percentiles of these.
    pub percentiles: CycleTime,
    /// The months in which some were done, oldest first.
    pub months: Vec<MonthOfCycleTime>,
    /// The same number of complete weeks before; `None` if there are none, or nothing was measured.
    pub before: Option<CycleTimeBefore>,
}

/// One finished item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FinishedItem {
    /// Its key.
    pub key: String,
    /// Name of its type.
    pub issue_type: Option<String>,
    /// The day it was done.
    pub done: Date,
    /// Calendar days from its start, both ends included.
    pub days: i32,
}

/// The finished items of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOfCycleTime {
    /// Its first day.
    pub first: Date,
    /// How many were finished and measured.
    pub items: u64,
    /// So many days 85 % of them took at most; `None` of fewer than five.
    pub p85_days: Option<i32>,
}

/// The finished items of the window before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CycleTimeBefore {
    /// Its days.
    pub window: Window,
    /// How many were finished and measured.
    pub items: u64,
    /// So many days 85 % of them took at most.
    pub p85_days: i32,
}

/// The cycle times of what was done in the complete weeks of a span: the items behind
/// [`cycle_time`], by the same rules.
pub fn cycle_time_scatter(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
) -> Measured<CycleTimes> {
    let before = table.known().and_then(|table| cycle_time_before(items, table, span));
    match cycle_time(items, table, span) {
        Measured::Known { value, sample, window, rule, notes } => {
            let finished = window.map(|window| finished(items, window)).unwrap_or_default();
            let months = months(&finished);
            let value = CycleTimes { items: finished, percentiles: value, months, before };
            Measured::Known { value, sample, window, rule, notes }
        }
        Measured::Unavailable { reason, remedy } => Measured::unavailable(reason, remedy),
    }
}

/// What was done in a window and has a cycle time, by day and key.
fn finished(items: &Items<'_>, window: Window) -> Vec<FinishedItem> {
    let moments = items.as_of.moments_of(window);
    let is_in = |at: Timestamp| moments.contains(&at);
    let of = |item: &Item<'_>| {
        let at = item.finished.filter(|at| is_in(at.at) && item.undated().is_none())?.at;
        Some(FinishedItem {
            key: item.facts.key.clone(),
            issue_type: item.facts.issue_type.as_deref().map(str::to_owned),
            done: items.as_of.date_of(at),
            days: cycle_days(item, &items.as_of)?,
        })
    };
    let mut found: Vec<FinishedItem> = items.in_state(State::Done).filter_map(of).collect();
    found.sort_by(|a, b| (a.done, a.days, &a.key).cmp(&(b.done, b.days, &b.key)));
    found
}

fn months(finished: &[FinishedItem]) -> Vec<MonthOfCycleTime> {
    let is_same = |a: &FinishedItem, b: &FinishedItem| {
        (a.done.year(), a.done.month()) == (b.done.year(), b.done.month())
    };
    let month = |items: &[FinishedItem]| {
        let p85_days = p85(items).filter(|_| items.len() >= ITEMS_MIN);
        let first = items.first()?.done.first_of_month();
        Some(MonthOfCycleTime { first, items: items.len() as u64, p85_days })
    };
    finished.chunk_by(is_same).filter_map(month).collect()
}

/// The cycle time of what was finished in as many complete weeks before.
pub(crate) fn cycle_time_before(
    items: &Items<'_>,
    table: &WeeklyTable,
    span: Span,
) -> Option<CycleTimeBefore> {
    let Span::Last(_) = span else { return None };
    let (all, rows) = (table.complete(Span::All), table.complete(span));
    let end = all.len() - rows.len();
    let window = window_of(all.get(end.saturating_sub(rows.len())..end)?)?;
    let finished = finished(items, window);
    Some(CycleTimeBefore { window, items: finished.len() as u64, p85_days: p85(&finished)? })
}

fn p85(items: &[FinishedItem]) -> Option<i32> {
    let mut days: Vec<i32> = items.iter().map(|item| item.days).collect();
    days.sort_unstable();
    percentile(&days, 85)
}
