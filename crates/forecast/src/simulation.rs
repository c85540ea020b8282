//! Futures drawn from the weeks of the past, and what is watched while they are drawn.
//!
//! Trials are numbered and each has its own random numbers, so that two halves of them on two
//! threads count the same as all of them on one, and all questions are put to the same futures.

use crate::distribution::Distribution;
use crate::futures::{Coming, Future, Futures};
use crate::pace_model::PaceModel;
use crate::watch::{AmountWatch, FinishWatch};
use crate::workload::{Step, Workload};

/// With fewer trials a second thread costs more than it saves.
const TRIALS_TO_SPLIT: u32 = 4_000;

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

/// How things stand in a trial before a week that was drawn.
pub(crate) struct Standing {
    /// Working days that have passed.
    pub day: u32,
    /// Grains that were done in them.
    pub done: f64,
    /// The week that comes.
    pub week: Coming,
}

/// Sees every week of every trial as it is drawn.
pub(crate) trait Watch {
    /// A week was drawn; the trial goes on while it is wanted.
    fn pass(&mut self, standing: &Standing, future: &Future<'_>) -> bool;
    /// The trial is over: finished, not wanted any more, or at the end of its days.
    fn end(&mut self);
    /// Takes in what another watch saw of other trials.
    fn merge(&mut self, other: Self);
}

/// What is asked of the futures of one history; each is drawn once for all of it.
#[derive(Clone, Default)]
pub(crate) struct Watches {
    /// When work is done.
    pub finishes: Vec<FinishWatch>,
    /// How much is done.
    pub amounts: AmountWatch,
}

impl Watch for Watches {
    #[inline]
    fn pass(&mut self, standing: &Standing, future: &Future<'_>) -> bool {
        let mut is_wanted = self.amounts.pass(standing, future);
        for watch in &mut self.finishes {
            is_wanted |= watch.pass(standing, future);
        }
        is_wanted
    }

    fn end(&mut self) {
        self.finishes.iter_mut().for_each(Watch::end);
        self.amounts.end();
    }

    fn merge(&mut self, other: Watches) {
        self.finishes.iter_mut().zip(other.finishes).for_each(|(watch, more)| watch.merge(more));
        self.amounts.merge(other.amounts);
    }
}

/// Draws `trials` futures of at most `days_max` working days, and shows them to `watch`, which has
/// seen nothing yet.
pub(crate) fn run<W: Watch + Clone + Send>(
    (steps, pace): (&[Step], &PaceModel),
    trials: &Trials,
    days_max: u32,
    watch: &mut W,
) {
    let futures = Futures::new(steps, pace, trials);
    let half = trials.count / 2;
    if trials.count < TRIALS_TO_SPLIT {
        run_some(futures, 0..trials.count, days_max, watch);
        return;
    }
    let (other_futures, mut other) = (futures.clone(), watch.clone());
    let rest = || run_some(other_futures.clone(), half..trials.count, days_max, &mut other);
    model::thread::both(|| run_some(futures, 0..half, days_max, watch), rest);
    watch.merge(other);
}

fn run_some<W: Watch>(
    mut futures: Futures,
    numbers: std::ops::Range<u32>,
    days_max: u32,
    watch: &mut W,
) {
    for number in numbers {
        if let Some(mut future) = futures.of_trial(number) {
            let (mut day, mut done) = (0, 0.0);
            while day < days_max
                && let Some(week) = future.next_week()
                && watch.pass(&Standing { day, done, week }, &future)
            {
                day += week.days;
                done += week.done;
            }
        }
        watch.end();
    }
}

/// On which working day the work is done, 0 if nothing is left.
pub fn simulated_when(workload: &Workload<'_>, trials: &Trials) -> Distribution {
    drawn_when(workload, &PaceModel::steady(workload.steps.len()), trials)
}

/// The same with a pace that moves.
pub fn drawn_when(workload: &Workload<'_>, pace: &PaceModel, trials: &Trials) -> Distribution {
    let mut watch = FinishWatch::new(workload.remaining, true, workload.days_max);
    run((workload.steps, pace), trials, workload.days_max, &mut watch);
    watch.chances(trials.count)
}

/// How much is done in the first `days` working days.
pub fn simulated_how_many(steps: &[Step], days: u32, trials: &Trials) -> Distribution {
    drawn_how_many(steps, days, &PaceModel::steady(steps.len()), trials)
}

/// The same with a pace that moves.
pub fn drawn_how_many(
    steps: &[Step],
    days: u32,
    pace: &PaceModel,
    trials: &Trials,
) -> Distribution {
    let mut watch = AmountWatch::new(&[days]);
    run((steps, pace), trials, days, &mut watch);
    watch.chances().pop().map_or_else(|| Distribution::of_masses(Vec::new()), |(found, _)| found)
}
