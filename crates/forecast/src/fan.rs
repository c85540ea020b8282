//! The fan: what may be done, and how much there may be to do, at the end of each week to come.

use model::{Date, Week};
use serde::Serialize;

use crate::calendar::Horizon;
use crate::distribution::Distribution;
use crate::futures::Future;
use crate::prepared::Prepared;
use crate::simulation::{Standing, Watch};
use crate::watch::{done_by, whole};

/// A fan has at most so many weeks: a picture of more tells nothing.
pub const FAN_WEEKS_MAX: usize = 104;
/// The first futures, so many of them, make the picture; more would not show.
pub(crate) const FAN_TRIALS: u32 = 2_000;
/// Amounts are told apart up to so many steps; a picture has fewer pixels.
const LEVELS_MAX: u64 = 8_192;
/// How likely the lines of what is done are reached, in percent.
const DONE_PERCENTS: [u32; 5] = [95, 85, 50, 15, 5];
/// How likely the lines of the scope are not exceeded, in percent.
const SCOPE_PERCENTS: [u32; 3] = [50, 85, 95];

/// The end of a week to come. Amounts are counted from now on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FanPoint {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "metrics::as_label")]
    pub week: Week,
    /// Its Sunday.
    pub sunday: Date,
    /// What is done since now, at least with that chance: 95, 85, 50, 15, 5 %.
    pub done: Vec<FanLevel>,
    /// What remains now and has arrived since, at most with that chance: 50, 85, 95 %.
    pub scope: Vec<FanLevel>,
}

/// An amount and its chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FanLevel {
    /// The chance.
    pub percent: u32,
    /// The amount.
    pub amount: f64,
}

/// Counts, while futures are drawn, how they stand at the ends of weeks.
#[derive(Clone)]
pub(crate) struct FanWatch {
    /// Working days that have passed at the end of each week.
    marks: Vec<u32>,
    tallies: Vec<Tally>,
    remaining: f64,
    /// A level has two to this power grains.
    shift: u32,
    /// Whether the scope can change.
    grows: bool,
    next: usize,
    arrived: f64,
    /// What is done, and what there is to do, once nothing changes any more.
    end: Option<f64>,
}

/// How many trials stand where at the end of a week, by level.
#[derive(Clone, Default)]
struct Tally {
    done: Vec<u32>,
    scope: Vec<u32>,
}

impl FanWatch {
    pub fn new(prepared: &Prepared, sundays: &[Date], horizon: &Horizon) -> FanWatch {
        let marks: Vec<u32> = sundays.iter().map(|sunday| horizon.days_by(*sunday)).collect();
        let most = prepared.steps.iter().map(|step| step.arrived).max().unwrap_or_default().max(0);
        let largest = u64::from(prepared.remaining)
            + u64::from(most.unsigned_abs()) * u64::from(marks.last().copied().unwrap_or_default());
        FanWatch {
            tallies: vec![Tally::default(); marks.len()],
            marks,
            remaining: f64::from(prepared.remaining),
            shift: u64::BITS - (largest / LEVELS_MAX).leading_zeros(),
            grows: prepared.steps.iter().any(|step| step.arrived != 0),
            next: 0,
            arrived: 0.0,
            end: None,
        }
    }

    fn record(&mut self, done: f64, scope: f64) {
        let (done, scope) = (done as u32, scope as u32);
        if let Some(tally) = self.tallies.get_mut(self.next) {
            count(&mut tally.done, done >> self.shift);
            if self.grows {
                count(&mut tally.scope, scope >> self.shift);
            }
        }
        self.next += 1;
    }

    /// The points of these Sundays.
    pub fn points(&self, sundays: &[Date], trials: u32, prepared: &Prepared) -> Vec<FanPoint> {
        let amount = |level: usize| prepared.amount(level << self.shift);
        let point = |(sunday, tally): (&Date, &Tally)| {
            let done = Distribution::of_counts(&tally.done, trials);
            let scope = Distribution::of_counts(&tally.scope, trials);
            let reached = |percent| done.largest_reached(f64::from(percent) / 100.0);
            let within = |percent| scope.smallest_within(f64::from(percent) / 100.0);
            FanPoint {
                week: Week::of(*sunday),
                sunday: *sunday,
                done: levels(&DONE_PERCENTS, |percent| amount(reached(percent))),
                scope: levels(&SCOPE_PERCENTS, |percent| {
                    within(percent).map_or(prepared.amount(self.remaining as usize), amount)
                }),
            }
        };
        sundays.iter().zip(&self.tallies).map(point).collect()
    }
}

fn levels(percents: &[u32], amount: impl Fn(u32) -> f64) -> Vec<FanLevel> {
    percents.iter().map(|&percent| FanLevel { percent, amount: amount(percent) }).collect()
}

fn count(counts: &mut Vec<u32>, level: u32) {
    let level = level as usize;
    if counts.len() <= level {
        counts.resize(level + 1, 0);
    }
    if let Some(count) = counts.get_mut(level) {
        *count += 1;
    }
}

impl Watch for FanWatch {
    fn pass(&mut self, standing: &Standing, _: &Future<'_>) -> bool {
        let Standing { day, done, week } = standing;
        if self.end.is_some() {
            return false;
        }
        let scope = self.remaining + self.arrived;
        let is_last = week.done >= scope - done - 0.5;
        while let Some(mark) = self.marks.get(self.next).copied()
            && mark <= day + week.days
        {
            let passed = mark.saturating_sub(*day);
            let done = done_by(passed, standing).min(whole(scope + 0.5));
            // Nothing arrives any more once the work is done.
            let arrived = if is_last { 0.0 } else { week.arrived_by(passed) };
            self.record(done, whole(scope + arrived + 0.5).max(done));
        }
        if is_last {
            self.end = Some(scope);
        } else {
            self.arrived += week.arrived;
            if scope + week.arrived - done - week.done < 0.5 {
                self.end = Some(done + week.done);
            }
        }
        self.end.is_none() && self.next < self.marks.len()
    }

    fn end(&mut self) {
        let end = whole(self.end.unwrap_or_default() + 0.5);
        while self.next < self.marks.len() {
            self.record(end, end);
        }
        (self.next, self.arrived, self.end) = (0, 0.0, None);
    }

    fn merge(&mut self, other: FanWatch) {
        for (tally, more) in self.tallies.iter_mut().zip(other.tallies) {
            add(&mut tally.done, &more.done);
            add(&mut tally.scope, &more.scope);
        }
    }
}

fn add(counts: &mut Vec<u32>, more: &[u32]) {
    counts.resize(counts.len().max(more.len()), 0);
    counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
}

/// The Sundays of the weeks from that of `first` on.
pub(crate) fn sundays(first: Date) -> Vec<Date> {
    let week = Week::of(first).number();
    let sunday = |n: i32| Week::from_number(n + 1).monday()?.yesterday().ok();
    (week..).take(FAN_WEEKS_MAX).map_while(sunday).collect()
}
