//! One sample, one backlog and one horizon, ready to be asked.

use metrics::{Measured, Note, Reason, Unit, Window};
use model::{Date, Remedy};

use crate::assumptions::{Assumptions, Model};
use crate::calendar::Horizon;
use crate::distribution::Distribution;
use crate::fan::{FAN_TRIALS, FanPoint, sundays};
use crate::futures::Futures;
use crate::pace_model::PaceModel;
use crate::sample::Sample;
use crate::source::{Answers, Ask, Source, Work};
use crate::when::PERCENTS;

/// More futures change nothing that is said.
const TRIALS_MAX: u32 = 100_000;

/// What answers are computed from.
pub(crate) struct Engine<'s> {
    pub horizon: Horizon,
    pub unit: Unit,
    /// What was done in each of the last weeks, those of the window.
    pub done: Vec<f64>,
    source: Source<'s>,
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

impl<'s> Engine<'s> {
    /// An engine that draws from `sample`, at a pace with that learned step.
    pub fn new(
        sample: &'s Measured<Sample>,
        step: f64,
        assumptions: &Assumptions,
        as_of: Date,
    ) -> Result<Engine<'s>, Missing> {
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
        let trials = assumptions.trials.clamp(1, TRIALS_MAX);
        let pace = pace(value, step, assumptions);
        let (unit, model) = (assumptions.unit, assumptions.model);
        let source = Source { sample: value, model, pace, trials };
        let done = value.last(assumptions.recent_weeks()).done();
        Ok(Engine { horizon, unit, done, source, frame })
    }

    /// How the pace of the futures moves.
    pub fn pace(&self) -> &PaceModel {
        &self.source.pace
    }

    /// The futures by number, so many of them, and where their random numbers begin.
    pub fn futures(&self, count: u32) -> (Futures, u64) {
        self.source.futures(count)
    }

    /// What the answer about `work` was made from, as a number.
    pub fn input_hash(&self, work: Work) -> String {
        format!("{:016x}", self.source.input_hash(work).value())
    }

    /// A figure that rests on the sample.
    pub fn known<T>(&self, value: T) -> Measured<T> {
        let Frame { sample, window, rule, notes } = &self.frame;
        let (sample, window) = (*sample, *window);
        Measured::Known { value, sample, window, rule: rule.clone(), notes: notes.clone() }
    }

    /// When these are done, and how much is done in so many working days.
    pub fn answer(&self, works: Vec<Work>, days: Vec<u32>) -> Answers {
        self.source.answer(&Ask { works, days, days_max: self.horizon.len() })
    }

    /// How things stand at the ends of the weeks until `work` is done, as `chances` has it.
    pub fn fan(&self, work: Work, chances: &Distribution) -> Vec<FanPoint> {
        let mut sundays = self.horizon.first().map(sundays).unwrap_or_default();
        let last = PERCENTS.last().map(|percent| f64::from(*percent) / 100.0);
        let last = last.and_then(|chance| chances.smallest_within(chance));
        if let Some(date) = last.and_then(|day| self.horizon.date(day as u32)) {
            sundays.truncate(sundays.partition_point(|sunday| *sunday < date) + 1);
        }
        self.source.fan(work, FAN_TRIALS, (&sundays, &self.horizon))
    }
}

/// How the pace of a sample moves under these assumptions.
pub(crate) fn pace(sample: &Sample, step: f64, assumptions: &Assumptions) -> PaceModel {
    let done = sample.done();
    let pace = match assumptions.model {
        Model::Views => PaceModel::of(&done, step),
        Model::Bootstrap | Model::Exact => PaceModel::steady(done.len()),
    };
    let share = |percent: u32| f64::from(percent) / 100.0;
    pace.with_focus(share(assumptions.focus_percent))
        .with_arrivals(share(assumptions.arrivals_percent))
}

fn rule(model: Model) -> &'static str {
    match model {
        Model::Views => "views of the last weeks of several lengths, at a pace that moves",
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
