//! Slots: the share of the plot width that belongs to a position, or to several weeks that share
//! a bar.

use std::ops::Range;

use jiff::civil::Date;

use crate::scale::DayScale;
use crate::{Axis, ChartSpec, Emphasis, Series};

/// A bar of 3 px and the gap beside it.
const SLOT_PX_MIN: f64 = 4.0;

/// Weeks that may share a bar; beyond the last it is doubled.
const WEEKS_PER_BAR: [usize; 5] = [1, 4, 13, 26, 52];

/// Positions that are drawn and named together.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Which positions.
    pub positions: Range<usize>,
    /// Left edge as a share of the plot width.
    pub left: f64,
    /// Right edge; equal to the left one on [`Axis::Days`].
    pub right: f64,
    pub emphasis: Emphasis,
}

impl Slot {
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// Mean of the values of a series here; `None` if there are none.
    pub fn mean(&self, series: &Series) -> Option<f64> {
        mean(self.positions.clone().map(|at| series.value(at)))
    }

    /// Mean lower edge of a band here.
    pub fn mean_lower(&self, series: &Series) -> Option<f64> {
        mean(self.positions.clone().map(|at| series.lower(at)))
    }

    /// What the slot is called: a day, a week, or a run of weeks.
    pub fn label(&self, spec: &ChartSpec) -> String {
        let date = |at: usize| spec.positions.get(at).map(|position| position.date);
        let Some(first) = date(self.positions.start) else { return String::new() };
        let is_one = self.positions.len() == 1;
        if let Some(own) = spec.own_label(self.positions.start).filter(|_| is_one) {
            return own.to_owned();
        }
        match date(self.positions.end.saturating_sub(1)) {
            Some(last) if last != first => format!("{} – {}", week(first), week(last)),
            _ => position_label(spec.axis, first),
        }
    }
}

impl Slot {
    /// What tells in an address where the slot leads to; several weeks as a range.
    pub fn link_part(&self, parts: &[String]) -> String {
        let part = |at: usize| parts.get(at).map(String::as_str).unwrap_or_default();
        let (first, last) =
            (part(self.positions.start), part(self.positions.end.saturating_sub(1)));
        if first == last || first.is_empty() || last.is_empty() {
            return last.to_owned();
        }
        format!("{first}..{last}")
    }
}

fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.flatten() {
        sum += value;
        count += 1.0;
    }
    (count > 0.0).then(|| sum / count)
}

/// What one position is called: `22 Dec 2025`, `2025-W52`.
pub fn position_label(axis: Axis, date: Date) -> String {
    match axis {
        Axis::Days => date.strftime("%-d %b %Y").to_string(),
        Axis::Weeks => week(date),
    }
}

fn week(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// How many weeks share a bar in a plot of that width; 1 on [`Axis::Days`] and without bars.
pub fn weeks_per_bar(spec: &ChartSpec, days: &DayScale, plot_px: f64) -> usize {
    if spec.axis == Axis::Days || !spec.has_bars() {
        return 1;
    }
    let weeks = days.span_days / 7.0;
    let fits = |count: &usize| weeks / *count as f64 * SLOT_PX_MIN <= plot_px;
    let beyond = (1..20).map(|doublings| 52 << doublings);
    WEEKS_PER_BAR.into_iter().chain(beyond).find(fits).unwrap_or(52)
}

/// The slots of a chart from left to right. Weeks are shared out from the last one back, so that
/// the newest bars are whole; a running week never shares a slot.
pub fn slots(spec: &ChartSpec, days: &DayScale, weeks_per_bar: usize) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for at in (0..spec.positions.len()).rev() {
        let slot = single(spec, days, at, weeks_per_bar);
        match slots.last_mut() {
            Some(later) if later.has_room(&slot, weeks_per_bar) => later.join(&slot),
            _ => slots.push(slot),
        }
    }
    slots.reverse();
    join_rest(&mut slots, weeks_per_bar);
    slots
}

fn single(spec: &ChartSpec, days: &DayScale, at: usize, weeks_per_bar: usize) -> Slot {
    let position = spec.positions.get(at).copied();
    let (date, emphasis) = position
        .map_or((days.first, Emphasis::Full), |position| (position.date, position.emphasis));
    let weeks = if emphasis == Emphasis::Partial { weeks_per_bar } else { 1 };
    let width_days = if spec.axis == Axis::Weeks { 7.0 * weeks as f64 } else { 0.0 };
    let (left, right) = (days.fraction(date, 0.0), days.fraction(date, width_days));
    Slot { positions: at..at + 1, left, right, emphasis }
}

/// A first bar of less than half the weeks would be a sliver: it joins the second.
fn join_rest(slots: &mut Vec<Slot>, weeks_per_bar: usize) {
    let [first, second, ..] = slots.as_mut_slice() else { return };
    let is_sliver = first.positions.len() * 2 < weeks_per_bar;
    if is_sliver && first.is_whole() && second.is_whole() {
        second.join(first);
        slots.remove(0);
    }
}

impl Slot {
    fn is_whole(&self) -> bool {
        self.emphasis != Emphasis::Partial
    }

    fn has_room(&self, earlier: &Slot, weeks_per_bar: usize) -> bool {
        self.is_whole() && earlier.is_whole() && self.positions.len() < weeks_per_bar
    }

    /// Takes in the slot before; in full colour if any part of it is.
    fn join(&mut self, earlier: &Slot) {
        self.positions.start = earlier.positions.start;
        self.left = earlier.left;
        if earlier.emphasis == Emphasis::Full {
            self.emphasis = Emphasis::Full;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::{Position, Role, Shape};

    fn weeks(count: i64) -> ChartSpec {
        let monday = |week: i64| jiff::civil::date(2011, 10, 3).saturating_add(week.weeks());
        let mut spec = ChartSpec::new("t", "T", Axis::Weeks);
        spec.positions = (0..count).map(monday).map(Position::new).collect();
        spec.positions.last_mut().unwrap().emphasis = Emphasis::Partial;
        let values = (0..count).map(|week| Some(week as f64)).collect();
        let (name, role) = ("Done".to_owned(), Role::Done);
        spec.series.push(Series { name, role, shape: Shape::Bar, values });
        spec
    }

    #[track_caller]
    fn check(count: i64, plot_px: f64, want_weeks_per_bar: usize, want_slots: usize) {
        let spec = weeks(count);
        let days = DayScale::new(spec.positions.iter().map(|at| at.date), 7).unwrap();
        let shared = weeks_per_bar(&spec, &days, plot_px);
        let slots = slots(&spec, &days, shared);
        assert_eq!((shared, slots.len()), (want_weeks_per_bar, want_slots));
        let last = slots.last().unwrap();
        assert_eq!((last.positions.len(), last.right), (1, 1.0), "the running week stands alone");
        let rest = slots.iter().skip(1).rev().skip(1);
        assert!(rest.clone().all(|slot| slot.positions.len() == shared), "whole but the first");
    }

    #[test]
    fn weeks_share_a_bar_where_it_would_be_too_thin() {
        check(30, 200.0, 1, 30);
        check(100, 200.0, 4, 26);
        check(738, 744.0, 4, 185);
        check(738, 204.0, 26, 29);
        check(20_000, 204.0, 416, 49);
    }

    #[test]
    fn shared_bars_show_the_mean_and_say_which_weeks() {
        let spec = weeks(9);
        let days = DayScale::new(spec.positions.iter().map(|at| at.date), 7).unwrap();
        let first = slots(&spec, &days, 4).remove(0);
        assert_eq!(first.mean(&spec.series[0]), Some(1.5));
        assert_eq!(first.label(&spec), "2011-W40 – 2011-W43");
    }
}
