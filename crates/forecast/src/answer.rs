//! The whole answer about one query: from its weekly table to dates, amounts and odds.

use metrics::{Measured, Overdue, Unit, WeeklyTable};
use model::{Date, Remedy, WorkKind};
use serde::Serialize;

use crate::asked::{Asked, Parts};
use crate::assumptions::{Assumptions, Model};
use crate::backlog::Backlog;
use crate::balance::Balance;
use crate::deadline::{Deadline, DeadlineOdds};
use crate::engine::Engine;
use crate::fan::FanPoint;
use crate::growth::GrowthUsed;
use crate::history::{History, PaceUsed};
use crate::how_many::HowMany;
use crate::learned_step::LearnedStep;
use crate::odds::Odds;
use crate::sample::Sample;
use crate::statement::ForecastStatement;
use crate::when::{HEADLINE_PERCENT, When};

/// How many deadlines the headline names.
pub const HEADLINE_DEADLINES: usize = 2;

/// What is known about a query.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'t> {
    /// The day it is known for.
    pub as_of: Date,
    /// Its weeks.
    pub table: &'t Measured<WeeklyTable>,
    /// Its open work, in the unit of the assumptions.
    pub open: &'t Measured<Backlog>,
    /// What helps if nothing was ever done.
    pub where_idle: Remedy,
    /// What was open when deadlines passed; `None` where that is not known.
    pub overdue: Option<&'t [Overdue]>,
}

/// What is asked besides "when".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The odds of these are wanted.
    pub deadlines: Vec<Deadline>,
    /// How much is done by these dates is wanted.
    pub by: Vec<Date>,
    /// The old app's date is wanted, with this many best and worst weeks.
    pub pert_factor: Option<usize>,
    /// What the work is: the headline of a team says how much, that of a delivery when.
    pub work: WorkKind,
    /// Which of [`crate::PERCENTS`] the sentences name.
    pub percent: u32,
}

impl Default for Question {
    fn default() -> Question {
        Question {
            deadlines: Vec::new(),
            by: Vec::new(),
            pert_factor: None,
            work: WorkKind::default(),
            percent: HEADLINE_PERCENT,
        }
    }
}

/// Everything that a page or command says about the future of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The answer in short, or why there is none.
    pub headline: ForecastStatement,
    /// The chance that the sentences name, in percent.
    pub percent: u32,
    /// The day that the data is of.
    pub as_of: Date,
    /// The first working day of the horizon.
    pub starts_on: Option<Date>,
    /// What was taken for granted.
    pub assumptions: Assumptions,
    /// The work to be done.
    pub remaining: Measured<f64>,
    /// The weeks it is drawn from.
    pub sample: Measured<Sample>,
    /// What is assumed about work that arrives; `None` without a sample.
    pub growth: Option<GrowthUsed>,
    /// What it would take to keep up; `None` where nothing has to change.
    pub balance: Option<Balance>,
    /// How its pace moves; `None` without a sample, and of models that let it stand still.
    pub pace: Option<PaceUsed>,
    /// When as many as are to be done now are done, whatever arrives.
    pub when: Measured<When>,
    /// The same; `None` unless the scope grows.
    pub without_growth: Option<Measured<When>>,
    /// When nothing is left if the scope grows as in the sample; `None` unless it does.
    pub when_growing: Option<Measured<When>>,
    /// How things stand at the ends of the weeks to come.
    pub fan: Measured<Vec<FanPoint>>,
    /// The deadlines in the order they were asked for.
    pub deadlines: Vec<DeadlineAnswer>,
    /// How much is done within the next twelve weeks, which the headline says first.
    pub ahead: Measured<HowMany>,
    /// How much is done by the dates that were asked for.
    pub how_many: Vec<HowManyAnswer>,
    /// The old app's date, if it was asked for.
    pub pert: Option<Measured<Pert>>,
    /// Hash of everything that the random numbers depend on; equal inputs have equal answers.
    pub input_hash: Option<String>,
}

/// A deadline with its odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadlineAnswer {
    /// The deadline.
    #[serde(flatten)]
    pub deadline: Deadline,
    /// How likely it holds.
    pub odds: Measured<DeadlineOdds>,
}

/// A date with what is done by it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HowManyAnswer {
    /// The date.
    pub date: Date,
    /// How much is done.
    pub amount: Measured<HowMany>,
}

/// The old app's date with its true odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pert {
    /// The date.
    pub date: Date,
    /// The chance that as many as are to be done now are done by then.
    pub odds: Odds,
    /// The chance that nothing is left then, if the scope grows as in the sample; `None` unless it
    /// does.
    pub odds_growing: Option<Odds>,
    /// The odds beside the date.
    pub sentence: ForecastStatement,
}

impl Forecast {
    /// The date of the chance that the sentences name, where the work lasts until then.
    pub fn likely_date(&self, when: &When) -> Option<Date> {
        when.percentile(self.percent)?.date
    }

    /// The next deadline; the first that passed if none is to come.
    pub fn next_deadline(&self) -> Option<&DeadlineAnswer> {
        next(&self.deadlines, self.as_of).next()
    }

    /// The same as it is told on a day, where the data is older than that: days before it have passed.
    #[must_use]
    pub fn told_on(mut self, today: Date) -> Forecast {
        let tell = |said: &mut ForecastStatement| *said = said.clone().told_on(today);
        tell(&mut self.headline);
        // Nobody can change any more what is ready by a day that has passed.
        let is_to_come = |of: &Deadline| of.date >= today;
        self.balance = self.balance.filter(|found| found.target.as_ref().is_none_or(is_to_come));
        let whens =
            [self.without_growth.as_mut(), self.when_growing.as_mut(), Some(&mut self.when)];
        whens
            .into_iter()
            .flatten()
            .for_each(|when| on_known(when, |when| tell(&mut when.sentence)));
        for answer in &mut self.deadlines {
            on_known(&mut answer.odds, |odds| tell(&mut odds.sentence));
        }
        let asked = self.how_many.iter_mut().map(|found| &mut found.amount);
        for amount in asked.chain([&mut self.ahead]) {
            on_known(amount, |amount| tell(&mut amount.sentence));
        }
        if let Some(pert) = &mut self.pert {
            on_known(pert, |pert| tell(&mut pert.sentence));
        }
        self
    }
}

fn on_known<T>(measured: &mut Measured<T>, change: impl FnOnce(&mut T)) {
    if let Measured::Known { value, .. } = measured {
        change(value);
    }
}

/// The forecast of a query. Pure: equal arguments have equal answers, on every machine.
pub fn forecast(facts: &Facts<'_>, assumptions: &Assumptions, question: &Question) -> Forecast {
    let remaining = remaining(facts, assumptions);
    let (sample, learned) = sample(facts, assumptions);
    let recent = sample.known().map(|sample| sample.last(assumptions.recent_weeks()));
    let growth = recent.map(|sample| GrowthUsed::read(&sample, assumptions));
    let grows = growth.as_ref().is_some_and(|growth| growth.is_on);
    let step = learned.map_or(0.0, |learned| learned.step);
    let engine = Engine::new(&sample, step, assumptions, facts.as_of);
    let parts = Parts { facts, assumptions, question, remaining: &remaining, engine: &engine };
    let asked = Asked::of(parts, grows);
    let pace = engine.as_ref().ok().zip(learned);
    let (when, when_growing, deadlines) = (asked.when(), asked.when_growing(), asked.deadlines());
    let (ahead, how_many) = asked.how_many();
    let headline = match question.work {
        WorkKind::Team => headline(&ahead, &when, next(&deadlines, facts.as_of), growth.as_ref()),
        WorkKind::Delivery => {
            let whens = (&when, when_growing.as_ref());
            headline_of_delivery(
                whens,
                next(&deadlines, facts.as_of),
                (assumptions.unit, question.percent),
            )
        }
    };
    let open = remaining.known().copied().unwrap_or_default();
    let deadline = next(&deadlines, facts.as_of).next();
    let balance = growth.as_ref().and_then(|g| Balance::of(open, g, deadline, facts.as_of));
    Forecast {
        headline,
        percent: question.percent,
        as_of: facts.as_of,
        starts_on: engine.as_ref().ok().and_then(|engine| engine.horizon.first()),
        assumptions: assumptions.clone(),
        growth,
        balance,
        pace: pace.map(|(engine, learned)| PaceUsed::of(engine.pace(), learned)),
        without_growth: when_growing.is_some().then(|| when.clone()),
        when,
        when_growing,
        fan: asked.fan(),
        deadlines,
        ahead,
        how_many,
        pert: question.pert_factor.map(|factor| asked.pert(factor)),
        input_hash: asked.input_hash(),
        remaining,
        sample,
    }
}

/// The weeks, and what they teach about the pace. What the open points cannot tell, the weeks cannot
/// either.
pub(crate) fn sample(
    facts: &Facts<'_>,
    assumptions: &Assumptions,
) -> (Measured<Sample>, Option<LearnedStep>) {
    let mut learned = None;
    let mut read = |points_each: f64| {
        facts.table.then(|table, rule| {
            if assumptions.model != Model::Views {
                return Sample::read(table, assumptions, points_each).measured(
                    table,
                    rule,
                    facts.where_idle,
                    assumptions,
                );
            }
            let history = History::read(table, assumptions, points_each);
            learned = Some(history.misses().learned(history.used().len()));
            history.sample(assumptions).measured(table, rule, facts.where_idle, assumptions)
        })
    };
    let sample = match assumptions.unit {
        Unit::Items => read(0.0),
        Unit::Points | Unit::Hours => facts.open.then(|open, _| read(open.points_each)),
    };
    (sample, learned)
}

fn remaining(facts: &Facts<'_>, assumptions: &Assumptions) -> Measured<f64> {
    let add = |amount: f64| (amount + assumptions.added).max(0.0);
    match (assumptions.remaining, facts.open) {
        (Some(amount), _) => Measured::Known {
            value: add(amount),
            sample: 0,
            window: None,
            rule: "as given".to_owned(),
            notes: Vec::new(),
        },
        (None, Measured::Known { value, sample, window, rule, notes }) => Measured::Known {
            value: add(value.amount),
            sample: *sample,
            window: *window,
            rule: rule.clone(),
            notes: notes.clone(),
        },
        (None, Measured::Unavailable { reason, remedy }) => Measured::unavailable(*reason, *remedy),
    }
}

/// How much is done soon, when as much as there is to do now, the deadlines, and whether new work
/// comes faster than it is done.
fn headline<'d>(
    ahead: &Measured<HowMany>,
    when: &Measured<When>,
    deadlines: impl Iterator<Item = &'d DeadlineAnswer>,
    growth: Option<&GrowthUsed>,
) -> ForecastStatement {
    let when = match when {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => {
            return ForecastStatement::Unknown { reason: *reason };
        }
    };
    let is_open = when.remaining > 0.0;
    let ahead = ahead.known().filter(|_| is_open).map(|ahead| &ahead.sentence);
    let odds = deadlines.filter_map(|answer| answer.odds.known());
    let growth = growth.filter(|growth| growth.is_on && is_open).map(|growth| &growth.sentence);
    let said = ahead.into_iter().chain([&when.sentence]);
    let said = said.chain(odds.map(|odds| &odds.sentence)).chain(growth);
    ForecastStatement::All { said: said.cloned().collect() }
}

/// When all of it is done and what that takes for granted, and the deadlines.
fn headline_of_delivery<'d>(
    (when, growing): (&Measured<When>, Option<&Measured<When>>),
    deadlines: impl Iterator<Item = &'d DeadlineAnswer>,
    (unit, percent): (Unit, u32),
) -> ForecastStatement {
    let alone = match when {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => {
            return ForecastStatement::Unknown { reason: *reason };
        }
    };
    let growing = growing.and_then(Measured::known);
    let told = growing.unwrap_or(alone);
    let date = |when: &When| when.percentile(percent)?.date;
    let first = if alone.remaining > 0.0 {
        ForecastStatement::DoneBy {
            percent,
            amount: alone.remaining,
            unit,
            grows: growing.is_some(),
            date: date(told),
            unfinished: told.unfinished,
            today_by: growing.and(date(alone)),
        }
    } else {
        alone.sentence.clone()
    };
    let odds = deadlines.filter_map(|answer| Some(answer.odds.known()?.sentence.clone()));
    ForecastStatement::All { said: std::iter::once(first).chain(odds).collect() }
}

/// The deadlines that the headline names: those to come, the next one first, before those that passed.
fn next(deadlines: &[DeadlineAnswer], as_of: Date) -> impl Iterator<Item = &DeadlineAnswer> {
    let is_coming = move |found: &&DeadlineAnswer| found.deadline.date > as_of;
    let coming = deadlines.iter().filter(is_coming);
    let past = deadlines.iter().filter(move |found| !is_coming(found));
    coming.chain(past).take(HEADLINE_DEADLINES)
}

/// When as much as there is to do now is done, and nothing else: what drifting dates need.
pub fn forecast_when(facts: &Facts<'_>, assumptions: &Assumptions) -> Measured<When> {
    let remaining = remaining(facts, assumptions);
    let (sample, learned) = sample(facts, assumptions);
    let step = learned.map_or(0.0, |learned| learned.step);
    let engine = Engine::new(&sample, step, assumptions, facts.as_of);
    let question = &Question::default();
    let parts = Parts { facts, assumptions, question, remaining: &remaining, engine: &engine };
    Asked::of(parts, false).when()
}
