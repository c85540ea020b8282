//! What is counted while futures are drawn: when work is done, and how much is done by a day.
//!
//! The level of a week makes its work a fraction; *N* grains count as done when at least *N* − ½ are.
//! So "*N* are done by then" and "by then at least *N* are done" are one event of one future.

use crate::distribution::Distribution;
use crate::futures::{Coming, Future};
use crate::simulation::{Standing, Watch};

/// Amounts are told apart up to so many steps; more take room and tell nothing.
const LEVELS_MAX: u64 = 1 << 20;

/// On which day of a week its work reaches `left`; at least the first.
fn day_of(left: f64, week: &Coming) -> u32 {
    if week.done <= 0.0 {
        return week.days;
    }
    let day = (left.min(week.done) * f64::from(week.days) / week.done).ceil();
    (day as u32).clamp(1, week.days)
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

/// Keeps how much is done by the end of a day.
#[derive(Clone)]
pub(crate) struct AmountWatch {
    /// The working day, counted from 1.
    day: u32,
    outcomes: Vec<u64>,
    done: u64,
}

impl AmountWatch {
    /// By the end of that working day.
    pub fn new(day: u32) -> AmountWatch {
        AmountWatch { day, outcomes: Vec::new(), done: 0 }
    }

    /// The chances of amounts, and by how many bits the grains were made coarser for it.
    pub fn chances(&self) -> (Distribution, u32) {
        let most = self.outcomes.iter().copied().max().unwrap_or_default();
        let shift = u64::BITS - (most / LEVELS_MAX).leading_zeros();
        let mut counts = vec![0; (most >> shift) as usize + 1];
        for outcome in &self.outcomes {
            if let Some(count) = counts.get_mut((outcome >> shift) as usize) {
                *count += 1;
            }
        }
        (Distribution::of_counts(&counts, self.outcomes.len() as u32), shift)
    }
}

impl Watch for AmountWatch {
    fn pass(&mut self, standing: &Standing, _: &Future<'_>) -> bool {
        if standing.day >= self.day {
            return false;
        }
        self.done = done_by(self.day - standing.day, standing) as u64;
        standing.day + standing.week.days < self.day
    }

    fn end(&mut self) {
        self.outcomes.push(self.done);
        self.done = 0;
    }

    fn merge(&mut self, other: AmountWatch) {
        self.outcomes.extend(other.outcomes);
    }
}

/// What is done by the end of day `day` of the week: the largest amount whose day is not later.
pub(crate) fn done_by(day: u32, standing: &Standing) -> f64 {
    let Standing { done: before, week, .. } = standing;
    let rounded = |amount: f64| (amount + 0.5).floor();
    if day >= week.days {
        return rounded(before + week.done);
    }
    let part = week.done * f64::from(day) / f64::from(week.days);
    let mut amount = rounded(*before).max((before + part).floor());
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
