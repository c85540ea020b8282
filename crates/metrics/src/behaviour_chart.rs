//! Throughput as a process behaviour chart: each week against the limits of a baseline, and which
//! rule tells that it is more than the usual up and down.

use std::ops::RangeInclusive;

use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::amount::Unit;
use crate::measured::Measured;
use crate::process_behaviour::{Change, Limits, RUN, VALUES_MIN};
use crate::reason::Reason;
use crate::throughput::has_points;
use crate::weekly::{WeekRow, WeeklyTable, window_of};
use crate::weeks::{Span, as_label};

/// Weeks that limits come from, unless others are fixed.
const BASELINE_WEEKS: usize = 26;

/// Weekly throughput with its limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BehaviourChart {
    /// What is counted.
    pub unit: Unit,
    /// What is usual.
    pub limits: Limits,
    /// The first week that the limits come from.
    #[serde(serialize_with = "as_label")]
    pub baseline_first: Week,
    /// The last one.
    #[serde(serialize_with = "as_label")]
    pub baseline_last: Week,
    /// Whether these were asked for.
    pub is_fixed: bool,
    /// The complete weeks of the window.
    pub weeks: Vec<BehaviourWeek>,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BehaviourWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// What was done in it.
    pub done: f64,
    /// What the weeks up to it say; `None` if it is as usual.
    pub signal: Option<Change>,
}

/// The complete weeks of a span against the limits of `baseline`: of the weeks that are fixed, else
/// of up to 26 complete ones since the first in which something was done, those before the last 8 as
/// long as these are enough.
pub fn behaviour_chart(
    table: &Measured<WeeklyTable>,
    span: Span,
    unit: Unit,
    baseline: Option<RangeInclusive<Week>>,
) -> Measured<BehaviourChart> {
    table.then(|table, rule| {
        let (all, rows) = (table.complete(Span::All), table.complete(span));
        let Some(window) = window_of(rows) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        if unit.is_estimated() && !has_points(table) {
            return Measured::unavailable(Reason::NoPoints, Remedy::MapPointsField);
        }
        let is_fixed = baseline.is_some();
        let found = match baseline {
            Some(weeks) => within(all, &weeks),
            None => usual_baseline(all, unit),
        };
        let (weeks, needed) = (found.len() as u64, VALUES_MIN as u64);
        let short = Reason::ShortBaseline { weeks, needed };
        let limits = Limits::of(&values(found, unit)).filter(|_| found.len() >= VALUES_MIN);
        let (Some(limits), Some(first), Some(last)) = (limits, found.first(), found.last()) else {
            return Measured::unavailable(short, Remedy::WaitForMoreWeeks);
        };
        let value = BehaviourChart {
            unit,
            limits,
            baseline_first: first.week,
            baseline_last: last.week,
            is_fixed,
            weeks: judged(all, rows.len(), unit, &limits),
        };
        Measured::Known {
            value,
            sample: rows.len() as u64,
            window: Some(window),
            rule: rule.to_owned(),
            notes: Vec::new(),
        }
    })
}

fn values(rows: &[WeekRow], unit: Unit) -> Vec<f64> {
    rows.iter().map(|row| row.flow.done.of(unit)).collect()
}

fn within<'r>(rows: &'r [WeekRow], weeks: &RangeInclusive<Week>) -> &'r [WeekRow] {
    let first = rows.partition_point(|row| row.week < *weeks.start());
    let end = rows.partition_point(|row| row.week <= *weeks.end());
    rows.get(first..end).unwrap_or_default()
}

/// Weeks before the team was at work are no baseline, and the weeks that are judged are not part of
/// it as long as there are enough without them.
pub(crate) fn usual_baseline(rows: &[WeekRow], unit: Unit) -> &[WeekRow] {
    let begun = rows.iter().position(|row| row.flow.done.of(unit) != 0.0).unwrap_or(rows.len());
    let rows = rows.get(begun..).unwrap_or_default();
    let rows = rows.get(rows.len().saturating_sub(BASELINE_WEEKS + RUN)..).unwrap_or_default();
    let before = rows.get(..rows.len().saturating_sub(RUN)).unwrap_or_default();
    if before.len() >= VALUES_MIN { before } else { rows }
}

/// The last `shown` weeks, each judged with the weeks before it.
fn judged(all: &[WeekRow], shown: usize, unit: Unit, limits: &Limits) -> Vec<BehaviourWeek> {
    let values = values(all, unit);
    let skipped = all.len().saturating_sub(shown);
    let week = |(place, row): (usize, &WeekRow)| {
        Some(BehaviourWeek {
            week: row.week,
            monday: row.monday,
            done: row.flow.done.of(unit),
            signal: limits.change(values.get(..=place)?),
        })
    };
    all.iter().enumerate().skip(skipped).filter_map(week).collect()
}
