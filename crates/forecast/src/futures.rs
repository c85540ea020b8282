//! What may come, future by future: weeks of the past, drawn again, at a level that walks.
//!
//! A sample of a few weeks is not the truth about a team, so each future takes another view of how
//! likely each week is: chances from Dirichlet(1, …, 1). They are never computed. Drawing from an
//! urn that holds each week once, and putting every drawn week back with a copy of it, is drawing
//! with such chances (Blackwell and MacQueen's Pólya urn): no logarithm, no fraction, no rounding.

use crate::normal::{QUANTILES, exponential, normal_quantile};
use crate::pace_model::{PaceModel, QUARTER_WEEKS};
use crate::random::Draws;
use crate::simulation::{Trials, Weights};
use crate::workload::Step;

/// The level is used within *e*⁻⁴ and *e*²; what it walked itself is not cut.
const LEVEL_MIN: f64 = 0.01831563888873418;
pub(crate) const LEVEL_MAX: f64 = 7.38905609893065;

/// A week that comes, in grains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coming {
    /// Done.
    pub done: f64,
    /// Created less cancelled.
    pub arrived: f64,
    /// Working days that it takes, at least 1.
    pub days: u32,
}

impl Coming {
    fn of(step: &Step) -> Coming {
        let (done, arrived) = (f64::from(step.done), f64::from(step.arrived));
        Coming { done, arrived, days: step.days.max(1) }
    }

    /// What of it has arrived by the end of its day `day`: spread evenly, in whole grains.
    pub fn arrived_by(&self, day: u32) -> f64 {
        if day >= self.days {
            return self.arrived;
        }
        (self.arrived * f64::from(day) / f64::from(self.days)).floor()
    }
}

/// The futures of a history.
#[derive(Clone)]
pub(crate) struct Futures {
    trials: Trials,
    urns: Vec<Urn>,
    up: f64,
    down: f64,
    /// The factor of a week beyond the first quarter, by quantile of the trend.
    trends: [f64; QUANTILES],
    focus: f64,
    arrivals: f64,
}

/// The weeks of one view.
#[derive(Clone)]
struct Urn {
    /// The weeks.
    steps: Vec<Coming>,
    /// The place of each of them, and behind these the copies that a future adds.
    places: Vec<u32>,
    /// The most that is done a working day.
    best_a_day: f64,
    /// The most that is cancelled a working day.
    most_cancelled_a_day: f64,
}

/// What comes in one future.
pub(crate) struct Future<'f> {
    draws: Draws,
    weights: Weights,
    urn: &'f mut Urn,
    focus: f64,
    arrivals: f64,
    /// The factors of a coin; both 1 where the level does not walk.
    steps: [f64; 2],
    walks: bool,
    coins: u32,
    trend: f64,
    trend_of_arrivals: f64,
    weeks: u32,
    level: f64,
    level_of_arrivals: f64,
}

impl Futures {
    /// `steps` is a history, oldest week first.
    pub fn new(steps: &[Step], pace: &PaceModel, trials: &Trials) -> Futures {
        let trend = |number: usize| exponential(pace.trend * normal_quantile(number as u32));
        Futures {
            trials: *trials,
            urns: pace.views.iter().map(|weeks| Urn::of(steps, *weeks)).collect(),
            up: exponential(pace.step),
            down: exponential(-pace.step),
            trends: std::array::from_fn(trend),
            focus: pace.focus,
            arrivals: pace.arrivals,
        }
    }

    /// The future of that number; `None` of no history.
    pub fn of_trial(&mut self, number: u32) -> Option<Future<'_>> {
        let views = self.urns.len().max(1) as u32;
        let trend = |number: u32| {
            let place = number as usize % QUANTILES;
            self.trends.get(place).copied().unwrap_or(1.0)
        };
        let round = number / views;
        // 27 has no factor in common with 64, so that every pair of trends comes about.
        let (trend, trend_of_arrivals) = (trend(round), trend(round.wrapping_mul(27) + 17));
        let urn = self.urns.get_mut((number % views) as usize)?;
        urn.places.truncate(urn.steps.len());
        Some(Future {
            draws: Draws::of_trial(self.trials.seed, number),
            weights: self.trials.weights,
            urn,
            focus: self.focus,
            arrivals: self.arrivals,
            steps: [self.down, self.up],
            walks: self.up != 1.0,
            coins: 0,
            trend,
            trend_of_arrivals,
            weeks: 0,
            level: 1.0,
            level_of_arrivals: 1.0,
        })
    }
}

impl Urn {
    fn of(steps: &[Step], weeks: usize) -> Urn {
        let steps = steps.get(steps.len().saturating_sub(weeks)..).unwrap_or_default();
        let most = |of: fn(&Step) -> f64| {
            steps.iter().map(|step| of(step) / f64::from(step.days.max(1))).fold(0.0, f64::max)
        };
        Urn {
            steps: steps.iter().map(Coming::of).collect(),
            places: (0..steps.len() as u32).collect(),
            best_a_day: most(|step| f64::from(step.done)),
            most_cancelled_a_day: most(|step| f64::from(-step.arrived)),
        }
    }
}

impl Future<'_> {
    /// The next week; `None` of no history.
    #[inline]
    pub fn next_week(&mut self) -> Option<Coming> {
        let place = *self.urn.places.get(self.draws.below(self.urn.places.len()))?;
        if self.weights == Weights::Drawn {
            self.urn.places.push(place);
        }
        self.walk();
        let step = self.urn.steps.get(place as usize)?;
        Some(Coming {
            done: step.done * self.level.clamp(LEVEL_MIN, LEVEL_MAX) * self.focus,
            arrived: step.arrived
                * self.level_of_arrivals.clamp(LEVEL_MIN, LEVEL_MAX)
                * self.arrivals,
            days: step.days,
        })
    }

    /// The level of the next week.
    #[inline]
    fn walk(&mut self) {
        if self.walks {
            if self.weeks.is_multiple_of(u32::BITS) {
                self.coins = self.draws.bits();
            }
            // Chosen without a branch, which nothing could predict.
            self.level *= *self.steps.get(self.coins as usize & 1).unwrap_or(&1.0);
            self.coins >>= 1;
        }
        self.weeks += 1;
        if self.weeks > QUARTER_WEEKS {
            self.level *= self.trend;
            self.level_of_arrivals *= self.trend_of_arrivals;
        }
    }

    /// Whether `left` may still be done in so many working days: not surely, but no is no. Looked at
    /// every few weeks only, as looking costs as much as drawing.
    #[inline]
    pub fn can_finish(&self, left: f64, days: u32, grows: bool) -> bool {
        if !self.weeks.is_multiple_of(8) {
            return true;
        }
        let moves = self.walks || self.trend > 1.0;
        let level = if moves { LEVEL_MAX } else { self.level.clamp(LEVEL_MIN, LEVEL_MAX) };
        let mut a_day = self.urn.best_a_day * self.focus * level;
        if grows && self.urn.most_cancelled_a_day > 0.0 {
            a_day += self.urn.most_cancelled_a_day * LEVEL_MAX * self.arrivals;
        }
        // Rounding must not decide.
        a_day * f64::from(days) * 1.000_001 >= left - 0.5
    }
}
