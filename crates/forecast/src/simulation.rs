//! The Bayesian bootstrap: futures drawn from the weeks of the past.
//!
//! A sample of twelve weeks is not the truth about a team, so each trial takes another view of how
//! likely each week is: chances from Dirichlet(1, …, 1). They are never computed. Drawing from an
//! urn that holds each week once, and putting every drawn week back with a copy of it, is drawing
//! with such chances (Blackwell and MacQueen's Pólya urn): no logarithm, no fraction, no rounding.

use crate::distribution::Distribution;
use crate::random::Draws;
use crate::workload::{Step, Workload};

/// How likely the periods are drawn within a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// With chances from Dirichlet(1, …, 1), others in each trial.
    Drawn,
    /// All the same: plain resampling.
    Equal,
}

/// How the futures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trials {
    /// How many.
    pub count: u32,
    /// Where the random numbers begin.
    pub seed: u64,
    /// How likely the periods are within each.
    pub weights: Weights,
}

/// How things stand in a trial before a period that was drawn.
pub(crate) struct Standing {
    /// Working days that have passed.
    pub day: u32,
    /// Grains that are left.
    pub left: u32,
    /// The period that comes.
    pub step: Step,
}

/// Sees every period of every trial as it is drawn.
pub(crate) trait Watch {
    /// A period was drawn.
    fn pass(&mut self, standing: &Standing);
    /// The trial is over, finished or not.
    fn end(&mut self);
}

impl Watch for () {
    fn pass(&mut self, _: &Standing) {}
    fn end(&mut self) {}
}

/// On which working day the work is done, 0 if nothing is left.
pub fn simulated_when(workload: &Workload<'_>, trials: &Trials) -> Distribution {
    watch_when(workload, trials, &mut ())
}

/// The same, seen by `watch`.
pub(crate) fn watch_when(
    workload: &Workload<'_>,
    trials: &Trials,
    watch: &mut impl Watch,
) -> Distribution {
    let mut counts = vec![0; workload.days_max as usize + 1];
    let mut futures = Futures::new(workload.steps, trials);
    for trial in 0..trials.count {
        let day = finish_day(workload, futures.of_trial(trial), watch);
        watch.end();
        if let Some(count) = day.and_then(|day| counts.get_mut(day as usize)) {
            *count += 1;
        }
    }
    Distribution::of_counts(&counts, trials.count)
}

fn finish_day(
    workload: &Workload<'_>,
    mut future: Future<'_>,
    watch: &mut impl Watch,
) -> Option<u32> {
    let (mut day, mut left) = (0, workload.remaining);
    while left > 0 && day < workload.days_max {
        let step = future.next_step()?;
        watch.pass(&Standing { day, left, step });
        if step.done >= left {
            day += step.day_of(left);
            left = 0;
        } else {
            day += step.days.max(1);
            left = (left - step.done).saturating_add_signed(step.arrived);
        }
    }
    (left == 0 && day <= workload.days_max).then_some(day)
}

/// How much is done in the first `days` working days.
pub fn simulated_how_many(steps: &[Step], days: u32, trials: &Trials) -> Distribution {
    let mut counts = Vec::new();
    let mut futures = Futures::new(steps, trials);
    for trial in 0..trials.count {
        let done = done_by(futures.of_trial(trial), days) as usize;
        if counts.len() <= done {
            counts.resize(done + 1, 0);
        }
        if let Some(count) = counts.get_mut(done) {
            *count += 1;
        }
    }
    Distribution::of_counts(&counts, trials.count)
}

fn done_by(mut future: Future<'_>, days: u32) -> u32 {
    let (mut day, mut done) = (0, 0_u32);
    while day < days {
        let Some(step) = future.next_step() else { break };
        done = done.saturating_add(step.done_by(days - day));
        day += step.days.max(1);
    }
    done
}

/// What may come, trial by trial.
struct Futures {
    trials: Trials,
    /// The periods, and behind them the copies that a trial adds.
    urn: Vec<Step>,
    /// How many periods there are.
    count: usize,
}

/// What comes in one trial.
struct Future<'f> {
    draws: Draws,
    weights: Weights,
    urn: &'f mut Vec<Step>,
}

impl Futures {
    fn new(steps: &[Step], trials: &Trials) -> Futures {
        Futures { trials: *trials, urn: steps.to_vec(), count: steps.len() }
    }

    fn of_trial(&mut self, number: u32) -> Future<'_> {
        self.urn.truncate(self.count);
        let draws = Draws::of_trial(self.trials.seed, number);
        Future { draws, weights: self.trials.weights, urn: &mut self.urn }
    }
}

impl Future<'_> {
    /// The next period; `None` of no history.
    fn next_step(&mut self) -> Option<Step> {
        let step = *self.urn.get(self.draws.below(self.urn.len()))?;
        if self.weights == Weights::Drawn {
            self.urn.push(step);
        }
        Some(step)
    }
}
