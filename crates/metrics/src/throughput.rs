//! Throughput: how much is done per complete week, weeks with nothing included.

use model::{Remedy, Week};
use serde::Serialize;

use crate::amount::Unit;
use crate::measured::Measured;
use crate::note::{Note, NoteCode};
use crate::reason::Reason;
use crate::weekly::{WeeklyTable, window_of};
use crate::weeks::Span;

/// Fewer complete weeks make a weak sample.
const WEEKS_STRONG_MIN: usize = 6;

/// What was done per week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Throughput {
    /// What is counted.
    pub unit: Unit,
    /// The first of the weeks, as ISO label in JSON.
    #[serde(serialize_with = "crate::weeks::as_label")]
    pub first: Week,
    /// Done in each week, oldest first.
    pub weeks: Vec<f64>,
    /// Done in all of them.
    pub total: f64,
    /// Per week on average.
    pub mean: f64,
    /// The middle week; between two middle ones, halfway.
    pub median: f64,
    /// The least of a week.
    pub least: f64,
    /// The most of a week.
    pub most: f64,
}

/// The throughput of the complete weeks of a span.
pub fn throughput(table: &Measured<WeeklyTable>, span: Span, unit: Unit) -> Measured<Throughput> {
    table.then(|table, rule| {
        let rows = table.complete(span);
        let weeks: Vec<f64> = rows.iter().map(|row| row.flow.done.of(unit)).collect();
        if unit.is_estimated() && !has_points(table) {
            return Measured::unavailable(Reason::NoPoints, Remedy::MapPointsField);
        }
        let Some(value) = rows.first().and_then(|row| spread(unit, row.week, weeks)) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let weak = (rows.len() < WEEKS_STRONG_MIN).then_some(rows.len() as u64);
        let weak = weak
            .and_then(|weeks| Note::about(NoteCode::WeakSample, Remedy::WaitForMoreWeeks, weeks));
        Measured::Known {
            value,
            sample: rows.len() as u64,
            window: window_of(rows),
            rule: rule.to_owned(),
            notes: weak.into_iter().collect(),
        }
    })
}

/// Whether anything in a table is estimated.
pub(crate) fn has_points(table: &WeeklyTable) -> bool {
    let (total, undated) = (table.total(), table.undated);
    [total.created, total.done, undated.created].iter().any(|amount| amount.estimated > 0)
}

/// `None` of no weeks.
fn spread(unit: Unit, first: Week, weeks: Vec<f64>) -> Option<Throughput> {
    let mut sorted = weeks.clone();
    sorted.sort_by(f64::total_cmp);
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    let total: f64 = weeks.iter().sum();
    let mean = total / weeks.len() as f64;
    Some(Throughput { unit, first, weeks, total, mean, median: (lower + upper) / 2.0, least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(weeks: &[f64], mean: f64, median: f64, range: (f64, f64)) {
        let found = spread(Unit::Items, Week::from_number(0), weeks.to_vec()).unwrap();
        assert_eq!((found.mean, found.median, (found.least, found.most)), (mean, median, range));
    }

    #[test]
    fn zeros_count() {
        check(&[0.0, 0.0, 9.0], 3.0, 0.0, (0.0, 9.0));
        check(&[4.0, 0.0, 1.0, 3.0], 2.0, 2.0, (0.0, 4.0));
        check(&[2.5], 2.5, 2.5, (2.5, 2.5));
        assert_eq!(spread(Unit::Items, Week::from_number(0), Vec::new()), None);
    }
}
