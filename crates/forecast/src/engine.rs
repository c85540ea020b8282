//! One sample, one backlog and one horizon, ready to be asked.

use metrics::{Measured, Note, Reason, Unit, Window};
use model::{Date, Remedy};

use crate::assumptions::{Assumptions, Model};
use crate::calendar::Horizon;
use crate::distribution::Distribution;
use crate::exact::{exact_how_many, exact_when};
use crate::fan::{FAN_TRIALS, FanPoint, FanWatch, sundays};
use crate::prepared::Prepared;
use crate::random::InputHash;
use crate::sample::Sample;
use crate::simulation::{Trials, Weights, simulated_how_many, simulated_when, watch_when};
use crate::when::PERCENTS;
use crate::workload::Workload;

/// More futures change nothing that is said.
const TRIALS_MAX: u32 = 100_000;

/// What answers are computed from.
pub(crate) struct Engine {
    pub prepared: Prepared,
    pub horizon: Horizon,
    pub unit: Unit,
    /// What was done in each week of the sample.
    pub done: Vec<f64>,
    model: Model,
    trials: Trials,
    frame: Frame,
}

/// What every answer says about itself.
struct Frame {
    sample: u64,
    window: Option<Window>,
    rule: String,
    notes: Vec<Note>,
}

/// Why nothing can be computed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Missing {
    pub reason: Reason,
    pub remedy: Remedy,
}

impl Missing {
    pub fn as_measured<T>(&self) -> Measured<T> {
        Measured::unavailable(self.reason, self.remedy)
    }
}

impl Engine {
    /// An engine for `remaining` work, drawn from `sample`.
    pub fn new(
        sample: &Measured<Sample>,
        remaining: f64,
        grows: bool,
        assumptions: &Assumptions,
        as_of: Date,
    ) -> Result<Engine, Missing> {
        let (value, frame) = match sample {
            Measured::Known { value, sample, window, notes, .. } => {
                let (rule, notes) = (rule(assumptions.model).to_owned(), notes.clone());
                (value, Frame { sample: *sample, window: *window, rule, notes })
            }
            Measured::Unavailable { reason, remedy } => {
                return Err(Missing { reason: *reason, remedy: *remedy });
            }
        };
        let horizon = horizon(assumptions, as_of)?;
        let focus_percent = assumptions.focus_percent;
        let prepared = Prepared::new(value, remaining, grows, focus_percent);
        let seed = hash(&prepared, assumptions.trials, assumptions.model).value();
        let trials = Trials {
            count: assumptions.trials.clamp(1, TRIALS_MAX),
            seed,
            weights: Weights::Drawn,
        };
        let (unit, model) = (assumptions.unit, assumptions.model);
        Ok(Engine { prepared, horizon, unit, done: value.done(), model, trials, frame })
    }

    /// What it was made from, as a number.
    pub fn input_hash(&self) -> String {
        format!("{:016x}", self.trials.seed)
    }

    /// A figure that rests on the sample.
    pub fn known<T>(&self, value: T) -> Measured<T> {
        let Frame { sample, window, rule, notes } = &self.frame;
        let (sample, window) = (*sample, *window);
        Measured::Known { value, sample, window, rule: rule.clone(), notes: notes.clone() }
    }

    /// When the work is done.
    pub fn when(&self) -> Distribution {
        match self.model {
            Model::Bootstrap => simulated_when(&self.workload(), &self.trials),
            Model::Exact => self.exact_when(),
        }
    }

    /// How things stand at the ends of the weeks until the work is done, as `chances` has it. Of the
    /// exact model this is drawn too: it does not count the ways that lead to each evening.
    pub fn fan(&self, chances: &Distribution) -> Vec<FanPoint> {
        let mut sundays = self.horizon.first().map(sundays).unwrap_or_default();
        let last = PERCENTS.last().map(|percent| f64::from(*percent) / 100.0);
        let last = last.and_then(|chance| chances.smallest_within(chance));
        if let Some(date) = last.and_then(|day| self.horizon.date(day as u32)) {
            sundays.truncate(sundays.partition_point(|sunday| *sunday < date) + 1);
        }
        let weights = if self.model == Model::Exact { Weights::Equal } else { self.trials.weights };
        let count = self.trials.count.min(FAN_TRIALS);
        let mut watch = FanWatch::new(&self.prepared, &sundays, &self.horizon);
        watch_when(&self.workload(), &Trials { count, weights, ..self.trials }, &mut watch);
        watch.points(&sundays, count, &self.prepared)
    }

    fn workload(&self) -> Workload<'_> {
        self.prepared.workload(self.horizon.len())
    }

    /// When the work is done if every week is as likely as any other.
    pub fn exact_when(&self) -> Distribution {
        exact_when(&self.workload())
    }

    /// How much is done in so many working days, and the grains that it is counted in. What is left
    /// to do has no part in it.
    pub fn how_many(&self, days: u32) -> (Distribution, Prepared) {
        let done = match self.model {
            Model::Bootstrap => self.prepared.done_only(),
            Model::Exact => self.prepared.done_only().coarse(days),
        };
        let chances = match self.model {
            Model::Bootstrap => {
                let seed = hash(&done, self.trials.count, self.model).value();
                simulated_how_many(&done.steps, days, &Trials { seed, ..self.trials })
            }
            Model::Exact => exact_how_many(&done.steps, days),
        };
        (chances, done)
    }
}

fn rule(model: Model) -> &'static str {
    match model {
        Model::Bootstrap => "Bayesian bootstrap of the sample's weeks",
        Model::Exact => "plain resampling of the sample's weeks, computed exactly",
    }
}

fn horizon(assumptions: &Assumptions, as_of: Date) -> Result<Horizon, Missing> {
    let tomorrow = as_of.tomorrow().unwrap_or(as_of);
    let earliest = assumptions.start.map_or(tomorrow, |start| start.max(tomorrow));
    Horizon::new(&assumptions.calendar, earliest)
        .ok_or(Missing { reason: Reason::NoWorkingDay, remedy: Remedy::ChooseWorkingDays })
}

/// Everything that the random numbers may depend on; not the date, so that the same data leads to
/// the same working days tomorrow.
fn hash(prepared: &Prepared, trials: u32, model: Model) -> InputHash {
    let head = InputHash::new()
        .with(u64::from(trials))
        .with(u64::from(model == Model::Exact))
        .with(prepared.grain.cast_unsigned())
        .with(u64::from(prepared.remaining))
        .with(prepared.steps.len() as u64);
    prepared.steps.iter().fold(head, |hash, step| {
        let arrived = u64::from(step.arrived.cast_unsigned());
        hash.with(u64::from(step.done)).with(arrived).with(u64::from(step.days))
    })
}
