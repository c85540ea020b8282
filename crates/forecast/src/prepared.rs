//! Amounts of work as whole grains, so that the engines count instead of adding fractions.

use metrics::Unit;

use crate::sample::{Sample, SampleWeek};
use crate::workload::{Step, Workload};

/// No amount has more grains; larger ones get coarser grains, off by less than 0.01 %.
const GRAINS_MAX: i64 = 10_000;
/// The exact engine counts no further.
const TOTAL_MAX: u64 = 20_000;
/// Amounts are exact to a thousandth, and a pace to a percent of it.
const PER_UNIT: f64 = 100_000.0;
/// A part of a week's work is told to half an item or point.
const HALF_UNIT: i64 = 50_000;
/// One item or point.
const UNIT: i64 = 100_000;
/// No drawn week has more grains; all that is drawn has to be counted.
const DRAWN_GRAINS_MAX: i64 = 1_000_000_000;
/// Larger amounts are typing errors, and would not fit.
const FINE_MAX: f64 = 1e15;

/// A sample and a backlog in grains.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prepared {
    pub steps: Vec<Step>,
    pub remaining: u32,
    /// Of how many [`PER_UNIT`] parts of an item or point a grain is made.
    pub grain: i64,
}

impl Prepared {
    /// The drawn weeks of a sample and `remaining` work, with these shares of what arrived and of
    /// the pace.
    pub fn new(sample: &Sample, remaining: f64, arrivals: f64, focus: f64) -> Prepared {
        let fine = |amount: f64| (amount * PER_UNIT).round().clamp(-FINE_MAX, FINE_MAX) as i64;
        let arrived = |amount: f64| fine(amount * arrivals);
        let weeks: Vec<(i64, i64, u32)> = sample
            .used()
            .map(|week| (fine(week.done * focus), arrived(week.arrived), week.working_days))
            .collect();
        let remaining = fine(remaining).max(0);
        let amounts = || weeks.iter().flat_map(|week| [week.0, week.1]).chain([remaining]);
        let largest = amounts().map(i64::abs).max().unwrap_or_default();
        let common = amounts().fold(0, greatest_common_divisor);
        let grain = common.max(ceiling(largest, GRAINS_MAX)).max(1);
        let whole = |amount: i64| (amount + grain / 2).div_euclid(grain);
        let step = |&(done, arrived, days): &(i64, i64, u32)| Step {
            done: u32::try_from(whole(done)).unwrap_or_default(),
            arrived: i32::try_from(whole(arrived)).unwrap_or_default(),
            days,
        };
        Prepared {
            steps: weeks.iter().map(step).collect(),
            remaining: u32::try_from(ceiling(remaining, grain)).unwrap_or(u32::MAX),
            grain,
        }
    }

    /// The drawn weeks of a sample for futures whose pace moves: the grain is one item, or
    /// what divides half a point and all amounts of points; nothing that is asked has a part in it.
    pub fn drawn(sample: &Sample) -> Prepared {
        let fine = |amount: f64| (amount * PER_UNIT).round().clamp(-FINE_MAX, FINE_MAX) as i64;
        let weeks = || sample.used().map(|week| (fine(week.done), fine(week.arrived), week));
        let amounts = || weeks().flat_map(|(done, arrived, _)| [done, arrived]);
        let common = match sample.unit {
            Unit::Items => UNIT,
            Unit::Points | Unit::Hours => amounts().fold(HALF_UNIT, greatest_common_divisor),
        };
        let largest = amounts().map(i64::abs).max().unwrap_or_default();
        let grain = common.max(ceiling(largest, DRAWN_GRAINS_MAX)).max(1);
        let whole = |amount: i64| (amount + grain / 2).div_euclid(grain);
        let step = |(done, arrived, week): (i64, i64, &SampleWeek)| Step {
            done: u32::try_from(whole(done)).unwrap_or_default(),
            arrived: i32::try_from(whole(arrived)).unwrap_or_default(),
            days: week.working_days,
        };
        Prepared { steps: weeks().map(step).collect(), remaining: 0, grain }
    }

    /// So much work, in grains; a part of one is one.
    pub fn grains(&self, amount: f64) -> u32 {
        let fine = (amount * PER_UNIT).round().clamp(0.0, FINE_MAX) as i64;
        u32::try_from(ceiling(fine, self.grain)).unwrap_or(u32::MAX)
    }

    /// The same weeks without arrivals or a backlog, in a grain that the backlog has no part in.
    pub fn done_only(&self) -> Prepared {
        let common = self.steps.iter().map(|step| i64::from(step.done));
        let half = if HALF_UNIT % self.grain == 0 { HALF_UNIT / self.grain } else { 1 };
        let factor = common.fold(half, greatest_common_divisor).max(1);
        let step = |step: &Step| {
            let done = u32::try_from(i64::from(step.done) / factor).unwrap_or_default();
            Step { done, arrived: 0, ..*step }
        };
        let steps = self.steps.iter().map(step).collect();
        Prepared { steps, remaining: 0, grain: self.grain * factor }
    }

    /// In grains so coarse that all that can be done in so many days has few of them.
    pub fn coarse(self, days: u32) -> Prepared {
        let most = self.steps.iter().map(|step| step.done.div_ceil(step.days.max(1))).max();
        let grains = u64::from(most.unwrap_or_default()) * u64::from(days);
        let factor = u32::try_from(grains.div_ceil(TOTAL_MAX).max(1)).unwrap_or(u32::MAX);
        let step = |step: &Step| Step { done: (step.done + factor / 2) / factor, ..*step };
        let steps = self.steps.iter().map(step).collect();
        Prepared { steps, grain: self.grain * i64::from(factor), ..self }
    }

    /// The question when it is done, within so many working days.
    pub fn workload(&self, days_max: u32) -> Workload<'_> {
        Workload { steps: &self.steps, remaining: self.remaining, days_max }
    }

    /// Grains as an amount.
    pub fn amount(&self, grains: usize) -> f64 {
        (grains as f64 * self.grain as f64) / PER_UNIT
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The quotient, rounded up.
fn ceiling(amount: i64, divisor: i64) -> i64 {
    amount / divisor + i64::from(amount % divisor > 0)
}
