//! What is counted while futures are drawn: when work is done, and how much is done by a day.
//!
//! The level of a week makes its work a fraction; *N* grains count as done when at least *N* − ½ are.
//! So "*N* are done by then" and "by then at least *N* are done" are one event of one future.

use crate::distribution::Distribution;
use crate::futures::{Coming, Future};
use crate::simulation::{Standing, Watch};

/// Amounts are told apart up to so many steps; more take room and tell nothing.
const LEVELS_MAX: u64 = 1 << 20;

/// Sums and quotients of amounts miss what they stand for by less than this.
const ROUNDING: f64 = 1e-6;

/// On which day of a week its work reaches `left`; at least the first.
fn day_of(left: f64, week: &Coming) -> u32 {
    if week.done <= 0.0 {
        return week.days;
    }
    let day = left.min(week.done) * f64::from(week.days) / week.done;
    let whole = day as u32;
    (whole + u32::from(f64::from(whole) < day)).clamp(1, week.days)
}

/// Counts on which day the work is done.
#[derive(Clone)]
pub(crate) struct FinishWatch {
    remaining: f64,
    grows: bool,
    days_max: u32,
    /// Of days 0, 1, …, up to the last one.
    counts: Vec<u32>,
    /// What has arrived in this trial.
    arrived: f64,
    is_over: bool,
}

impl FinishWatch {
    /// Of so much work, to which what arrives is added if it `grows`.
    pub fn new(remaining: u32, grows: bool, days_max: u32) -> FinishWatch {
        let mut watch = FinishWatch {
            remaining: f64::from(remaining),
            grows,
            days_max,
            counts: vec![0; days_max as usize + 1],
            arrived: 0.0,
            is_over: false,
        };
        watch.start();
        watch
    }

    fn start(&mut self) {
        self.arrived = 0.0;
        self.is_over = self.remaining <= 0.0;
    }

    fn finish(&mut self, day: u32) {
        self.is_over = true;
        if let Some(count) = self.counts.get_mut(day as usize) {
            *count += 1;
        }
    }

    /// The chance of each day; the rest is beyond them.
    pub fn chances(&self, trials: u32) -> Distribution {
        if self.remaining <= 0.0 {
            return Distribution::of_masses(vec![1.0; 1]);
        }
        Distribution::of_counts(&self.counts, trials)
    }
}

impl Watch for FinishWatch {
    #[inline]
    fn pass(&mut self, standing: &Standing, future: &Future<'_>) -> bool {
        let Standing { day, done, week } = standing;
        if self.is_over || *day >= self.days_max {
            return false;
        }
        let left = self.remaining + self.arrived - done;
        if week.done >= left - 0.5 {
            self.finish(day + day_of(left, week));
            return false;
        }
        let mut after = left - week.done;
        if self.grows {
            self.arrived += week.arrived;
            after += week.arrived;
        }
        let end = day + week.days;
        if after < 0.5 {
            self.finish(end);
        } else if !future.can_finish(after, self.days_max.saturating_sub(end), self.grows) {
            self.is_over = true;
        }
        !self.is_over
    }

    fn end(&mut self) {
        self.start();
    }

    fn merge(&mut self, other: FinishWatch) {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
    }
}

/// Keeps how much is done by the ends of some days.
#[derive(Clone, Default)]
pub(crate) struct AmountWatch {
    /// The working days, counted from 1, the first ones first; each with its place as asked.
    days: Vec<(u32, usize)>,
    /// What was done by each, in the places as asked, trial by trial.
    outcomes: Vec<Vec<u64>>,
    /// The first of the days that has not come yet.
    next: usize,
}

impl AmountWatch {
    /// By the ends of these working days.
    pub fn new(days: &[u32]) -> AmountWatch {
        let mut sorted: Vec<(u32, usize)> =
            days.iter().enumerate().map(|(place, day)| (*day, place)).collect();
        sorted.sort_unstable();
        AmountWatch { days: sorted, outcomes: vec![Vec::new(); days.len()], next: 0 }
    }

    /// The chances of amounts by each day, and by how many bits the grains were made coarser for it.
    pub fn chances(&self) -> Vec<(Distribution, u32)> {
        self.outcomes.iter().map(|outcomes| chances(outcomes)).collect()
    }

    fn keep(&mut self, place: usize, done: f64) {
        if let Some(outcomes) = self.outcomes.get_mut(place) {
            outcomes.push(done as u64);
        }
        self.next += 1;
    }
}

fn chances(outcomes: &[u64]) -> (Distribution, u32) {
    let most = outcomes.iter().copied().max().unwrap_or_default();
    let shift = u64::BITS - (most / LEVELS_MAX).leading_zeros();
    let mut counts = vec![0; (most >> shift) as usize + 1];
    for outcome in outcomes {
        if let Some(count) = counts.get_mut((outcome >> shift) as usize) {
            *count += 1;
        }
    }
    (Distribution::of_counts(&counts, outcomes.len() as u32), shift)
}

impl Watch for AmountWatch {
    #[inline]
    fn pass(&mut self, standing: &Standing, _: &Future<'_>) -> bool {
        let end = standing.day + standing.week.days;
        while let Some((day, place)) = self.days.get(self.next).copied()
            && day <= end
        {
            self.keep(place, done_by(day.saturating_sub(standing.day), standing));
        }
        self.next < self.days.len()
    }

    fn end(&mut self) {
        // Of no history nothing is drawn.
        while let Some((_, place)) = self.days.get(self.next).copied() {
            self.keep(place, 0.0);
        }
        self.next = 0;
    }

    fn merge(&mut self, other: AmountWatch) {
        let both = self.outcomes.iter_mut().zip(other.outcomes);
        both.for_each(|(outcomes, more)| outcomes.extend(more));
    }
}

/// The whole part of an amount, which is never negative: an instruction, where `floor` is a call.
pub(crate) fn whole(amount: f64) -> f64 {
    amount as i64 as f64
}

/// What is done by the end of day `day` of the week: the largest amount whose day is not later.
pub(crate) fn done_by(day: u32, standing: &Standing) -> f64 {
    let Standing { done: before, week, .. } = standing;
    let rounded = |amount: f64| whole(amount + 0.5);
    if day >= week.days {
        return rounded(before + week.done);
    }
    let sum = before + week.done * f64::from(day) / f64::from(week.days);
    let mut amount = rounded(*before).max(whole(sum));
    if whole(sum + ROUNDING) == whole((sum - ROUNDING).max(0.0)) {
        return amount;
    }
    // The day of an amount is a quotient, its amount by a day a product; both round.
    let is_done = |amount: f64| {
        let left = amount - before;
        left < 0.5 || (week.done >= left - 0.5 && day_of(left, week) <= day)
    };
    if is_done(amount + 1.0) {
        amount += 1.0;
    } else if !is_done(amount) {
        amount -= 1.0;
    }
    amount.max(0.0)
}
