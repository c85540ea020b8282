//! The whole answer about one query: from its weekly table to dates, amounts and odds.

use metrics::{Measured, Unit, WeeklyTable};
use model::Date;
use serde::Serialize;

use crate::asked::Asked;
use crate::assumptions::Assumptions;
use crate::backlog::Backlog;
use crate::deadline::{Deadline, DeadlineOdds};
use crate::engine::Engine;
use crate::fan::FanPoint;
use crate::growth::GrowthUsed;
use crate::how_many::HowMany;
use crate::odds::Odds;
use crate::sample::Sample;
use crate::statement::ForecastStatement;
use crate::when::When;

/// What is known about a query.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'t> {
    /// The day it is known for.
    pub as_of: Date,
    /// Its weeks.
    pub table: &'t Measured<WeeklyTable>,
    /// Its open work, in the unit of the assumptions.
    pub open: &'t Measured<Backlog>,
}

/// What is asked besides "when".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// The odds of these are wanted.
    pub deadlines: Vec<Deadline>,
    /// How much is done by these dates is wanted.
    pub by: Vec<Date>,
    /// The old app's date is wanted, with this many best and worst weeks.
    pub pert_factor: Option<usize>,
}

/// Everything that a page or command says about the future of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The answer in short, or why there is none.
    pub headline: ForecastStatement,
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
    /// When the work is done.
    pub when: Measured<When>,
    /// When that which is open now would be done if nothing arrived; `None` unless the scope grows.
    pub without_growth: Option<Measured<When>>,
    /// How things stand at the ends of the weeks to come.
    pub fan: Measured<Vec<FanPoint>>,
    /// The deadlines in the order they were asked for.
    pub deadlines: Vec<DeadlineAnswer>,
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
    /// The chance that it holds if every week of the sample is as likely as any other.
    pub odds: Odds,
    /// The odds beside the date.
    pub sentence: ForecastStatement,
}

/// The forecast of a query. Pure: equal arguments have equal answers, on every machine.
pub fn forecast(facts: &Facts<'_>, assumptions: &Assumptions, question: &Question) -> Forecast {
    let remaining = remaining(facts, assumptions);
    let sample = sample(facts, assumptions);
    let growth = sample.known().map(|sample| GrowthUsed::read(sample, assumptions.growth));
    let grows = growth.as_ref().is_some_and(|growth| growth.is_on);
    let left = remaining.known().copied();
    let engine = Engine::new(&sample, left.unwrap_or_default(), grows, assumptions, facts.as_of);
    let asked = Asked { facts, assumptions, question, remaining: &remaining, engine: &engine };
    let (when, fan, chances) = asked.when();
    let deadlines = asked.deadlines(chances.as_ref());
    let without_growth = (grows && !asked.is_nothing_left()).then(|| asked.without_growth(&sample));
    Forecast {
        headline: headline(&when, without_growth.as_ref(), &deadlines),
        as_of: facts.as_of,
        starts_on: engine.as_ref().ok().and_then(|engine| engine.horizon.first()),
        assumptions: assumptions.clone(),
        growth,
        when,
        without_growth,
        fan,
        deadlines,
        how_many: question.by.iter().map(|date| asked.how_many(*date)).collect(),
        pert: question.pert_factor.map(|factor| asked.pert(factor)),
        input_hash: engine.as_ref().ok().map(Engine::input_hash),
        remaining,
        sample,
    }
}

/// What the open points cannot tell, the weeks cannot either.
fn sample(facts: &Facts<'_>, assumptions: &Assumptions) -> Measured<Sample> {
    let read = |points_each: f64| {
        let read = |table: &WeeklyTable| Sample::read(table, assumptions, points_each);
        facts.table.then(|table, rule| read(table).measured(table, rule))
    };
    match assumptions.unit {
        Unit::Items => read(0.0),
        Unit::Points => facts.open.then(|open, _| read(open.points_each)),
    }
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

fn headline(
    when: &Measured<When>,
    without_growth: Option<&Measured<When>>,
    deadlines: &[DeadlineAnswer],
) -> ForecastStatement {
    let when = match when {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => {
            return ForecastStatement::Unknown { reason: *reason };
        }
    };
    let mut said = vec![when.sentence.clone()];
    let alone = without_growth.and_then(Measured::known);
    if let (None, Some(alone)) = (when.headline_date(), alone) {
        said.push(ForecastStatement::WithoutNewWork { said: Box::new(alone.sentence.clone()) });
    }
    let odds = deadlines.iter().filter_map(|answer| answer.odds.known());
    said.extend(odds.map(|odds| odds.sentence.clone()));
    ForecastStatement::All { said }
}
