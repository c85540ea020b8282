//! What futures are drawn from, and the questions that can be put to them: all of them to the same
//! futures, so that no two answers contradict each other.

use crate::assumptions::Model;
use crate::calendar::Horizon;
use crate::distribution::Distribution;
use crate::exact::{exact_how_many, exact_when};
use crate::fan::{FanPoint, FanWatch};
use crate::futures::Futures;
use crate::pace_model::PaceModel;
use crate::prepared::Prepared;
use crate::random::InputHash;
use crate::sample::Sample;
use crate::simulation::{Trials, Watches, Weights, run};
use crate::watch::{AmountWatch, FinishWatch};

/// The first futures, so many of them, tell when a growing scope ends: they mostly run to the end of
/// the horizon.
const GROWING_TRIALS: u32 = 5_000;

/// A sample and how futures are drawn from it.
pub(crate) struct Source<'s> {
    /// The weeks.
    pub sample: &'s Sample,
    /// The model.
    pub model: Model,
    /// How the pace moves; of no matter to the exact model but for its focus.
    pub pace: PaceModel,
    /// How many futures.
    pub trials: u32,
}

/// An amount of work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Work {
    /// Items or points.
    pub remaining: f64,
    /// Whether what arrives is added to it.
    pub grows: bool,
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ask {
    /// When these are done.
    pub works: Vec<Work>,
    /// How much is done in so many working days.
    pub days: Vec<u32>,
    /// Working days after which nothing is looked at.
    pub days_max: u32,
}

/// The answers, in the order of the questions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answers {
    /// The chance of each working day.
    pub finishes: Vec<Distribution>,
    /// The chance of each amount, in grains.
    pub amounts: Vec<(Distribution, Prepared)>,
}

impl Source<'_> {
    pub fn answer(&self, ask: &Ask) -> Answers {
        match self.model {
            Model::Exact => self.exact(ask),
            Model::Views | Model::Bootstrap => self.drawn(ask),
        }
    }

    fn drawn(&self, ask: &Ask) -> Answers {
        let base = Prepared::drawn(self.sample);
        let all = self.trials(&base);
        let few = Trials { count: all.count.min(GROWING_TRIALS), ..all };
        let watch = |grows: bool, days: &[u32], trials: &Trials| {
            let works = ask.works.iter().filter(|work| work.grows == grows);
            let finish =
                |work: &Work| FinishWatch::new(base.grains(work.remaining), grows, ask.days_max);
            let finishes: Vec<FinishWatch> = works.map(finish).collect();
            let last = if finishes.is_empty() { 0 } else { ask.days_max };
            let last = days.iter().copied().fold(last, u32::max);
            let mut watches = Watches { finishes, amounts: AmountWatch::new(days) };
            run((&base.steps, &self.pace), trials, last, &mut watches);
            let finishes = watches.finishes.iter().map(|watch| watch.chances(trials.count));
            (finishes.collect::<Vec<_>>().into_iter(), watches.amounts.chances())
        };
        let (mut alone, amounts) = watch(false, &ask.days, &all);
        let (mut growing, _) = watch(true, &[], &few);
        let amount = |(chances, shift): (Distribution, u32)| {
            let grain = base.grain << shift;
            (chances, Prepared { steps: Vec::new(), remaining: 0, grain })
        };
        let finish = |work: &Work| if work.grows { growing.next() } else { alone.next() };
        Answers {
            finishes: ask.works.iter().filter_map(finish).collect(),
            amounts: amounts.into_iter().map(amount).collect(),
        }
    }

    fn exact(&self, ask: &Ask) -> Answers {
        let finish = |work: &Work| {
            let prepared = self.prepared(*work);
            exact_when(&prepared.workload(ask.days_max))
        };
        let amount = |days: &u32| {
            let none = Work { remaining: 0.0, grows: false };
            let prepared = self.prepared(none).done_only().coarse(*days);
            (exact_how_many(&prepared.steps, *days), prepared)
        };
        Answers {
            finishes: ask.works.iter().map(finish).collect(),
            amounts: ask.days.iter().map(amount).collect(),
        }
    }

    /// The futures by number, so many of them, and where their random numbers begin.
    pub fn futures(&self, count: u32) -> (Futures, u64) {
        let prepared = Prepared::drawn(self.sample);
        let trials = Trials { count, ..self.trials(&prepared) };
        (Futures::new(&prepared.steps, &self.pace, &trials), trials.seed)
    }

    /// For the exact engine, which knows whole grains only.
    fn prepared(&self, work: Work) -> Prepared {
        let arrivals = if work.grows { self.pace.arrivals } else { 0.0 };
        Prepared::new(self.sample, work.remaining, arrivals, self.pace.focus)
    }

    /// How things stand on Sundays, in the first `trials` futures. Of the exact model this is drawn
    /// too: it does not count the ways that lead to each evening.
    pub fn fan(
        &self,
        work: Work,
        trials: u32,
        (sundays, horizon): (&[model::Date], &Horizon),
    ) -> Vec<FanPoint> {
        let mut prepared = Prepared::drawn(self.sample);
        prepared.remaining = prepared.grains(work.remaining);
        let drawn = self.trials(&prepared);
        if !work.grows {
            prepared.steps.iter_mut().for_each(|step| step.arrived = 0);
        }
        let mut watch = FanWatch::new(&prepared, sundays, horizon);
        let count = self.trials.min(trials);
        let weights = if self.model == Model::Exact { Weights::Equal } else { Weights::Drawn };
        let trials = Trials { count, weights, ..drawn };
        run((&prepared.steps, &self.pace), &trials, horizon.len(), &mut watch);
        watch.points(sundays, count, &prepared)
    }

    /// Equal weeks are followed by equal futures, whatever there is to do and whatever the day is.
    fn trials(&self, prepared: &Prepared) -> Trials {
        let seed = self.hash(prepared).value();
        Trials { count: self.trials, seed, weights: Weights::Drawn }
    }

    fn hash(&self, prepared: &Prepared) -> InputHash {
        let number = |number: f64| number.to_bits();
        let head = InputHash::new()
            .with(u64::from(self.trials))
            .with(u64::from(self.model == Model::Exact))
            .with(number(self.pace.step))
            .with(number(self.pace.trend))
            .with(prepared.grain.cast_unsigned());
        let head = self.pace.views.iter().fold(head, |hash, weeks| hash.with(*weeks as u64));
        prepared
            .steps
            .iter()
            .fold(head, |hash, step| hash.with(u64::from(step.done)).with(u64::from(step.days)))
    }

    /// Of everything that an answer about `work` depends on.
    pub fn input_hash(&self, work: Work) -> InputHash {
        let prepared = Prepared::drawn(self.sample);
        let head = self
            .hash(&prepared)
            .with(work.remaining.to_bits())
            .with(u64::from(work.grows))
            .with(self.pace.focus.to_bits());
        let is_all = self.pace.arrivals == 1.0;
        let head = if is_all { head } else { head.with(self.pace.arrivals.to_bits()) };
        let arrived = prepared.steps.iter().map(|step| u64::from(step.arrived.cast_unsigned()));
        arrived.fold(head, InputHash::with)
    }
}
