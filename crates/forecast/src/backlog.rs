//! How much is open: items, or points where enough issues have some.

use metrics::{
    Item, Items, Measured, Note, NoteCode, Reason, State, WeeklyTable, coverage, totals,
};
use model::Remedy;
use serde::Serialize;

/// With points on a smaller share of the open issues there is no forecast of points.
const COVERAGE_MIN: f64 = 0.6;

/// The open work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Backlog {
    /// Items or points.
    pub amount: f64,
    /// What an issue without points counts for in past weeks; 0 for items.
    pub points_each: f64,
    /// Which share of `amount` is of issues without points, 0 to 1.
    pub extrapolated: f64,
}

/// The open items of a table.
pub fn open_items(table: &Measured<WeeklyTable>) -> Measured<Backlog> {
    totals(table).then(|totals, rule| {
        let Some(open) = totals.open else {
            return Measured::unavailable(Reason::RemainingUnknown, Remedy::SayWhatRemains);
        };
        let amount = open.items as f64;
        Measured::Known {
            value: Backlog { amount, points_each: 0.0, extrapolated: 0.0 },
            sample: open.items.unsigned_abs(),
            window: None,
            rule: rule.to_owned(),
            notes: Vec::new(),
        }
    })
}

/// The open points; issues without points count with the median of their type.
pub fn open_points(items: &Items<'_>) -> Measured<Backlog> {
    coverage(items).then(|coverage, rule| {
        if let Some((reason, remedy)) = items.lacks_points() {
            return Measured::unavailable(reason, remedy);
        }
        let share = coverage.open_share.unwrap_or(1.0);
        if share < COVERAGE_MIN {
            let percent = |share: f64| (share * 100.0).floor() as u32;
            let (percent, needed) = (percent(share), percent(COVERAGE_MIN));
            let reason = Reason::TooFewEstimated { percent, needed };
            return Measured::unavailable(reason, Remedy::EstimateMore);
        }
        let Some(points_each) = median(items.counted.iter().filter_map(|item| item.points)) else {
            return Measured::unavailable(Reason::NoPoints, Remedy::MapPointsField);
        };
        let without = || items.in_state(State::Open).filter(|item| item.points.is_none());
        let extrapolated: f64 = without().map(|item| typical(items, item, points_each)).sum();
        let amount = coverage.open.points + extrapolated;
        let share = if amount > 0.0 { extrapolated / amount } else { 0.0 };
        let keys = without().map(|item| item.facts.key.as_str());
        let guessed = Note::about_keys(NoteCode::PointsExtrapolated, Remedy::EstimateMore, keys);
        Measured::Known {
            value: Backlog { amount, points_each, extrapolated: share },
            sample: coverage.open.items.unsigned_abs(),
            window: None,
            rule: rule.to_owned(),
            notes: guessed.into_iter().collect(),
        }
    })
}

/// The median of the issues of the same type, else of all.
fn typical(items: &Items<'_>, item: &Item<'_>, of_all: f64) -> f64 {
    let is_alike = |other: &&Item<'_>| other.facts.issue_type == item.facts.issue_type;
    median(items.counted.iter().filter(is_alike).filter_map(|other| other.points)).unwrap_or(of_all)
}

/// The lower of two middle ones, so that it is a number that someone gave.
fn median(points: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = points.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}
