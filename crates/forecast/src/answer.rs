//! The whole answer about one query: from its weekly table to dates, amounts and odds.

use metrics::{Measured, Unit, WeeklyTable};
use model::Date;
use serde::Serialize;

use crate::assumptions::Assumptions;
use crate::backlog::Backlog;
use crate::deadline::{Deadline, DeadlineOdds, Pace};
use crate::distribution::Distribution;
use crate::engine::{Engine, Missing};
use crate::fan::FanPoint;
use crate::growth::GrowthUsed;
use crate::how_many::HowMany;
use crate::odds::Odds;
use crate::pert::pert_days;
use crate::sample::Sample;
use crate::when::When;
use crate::wording;

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
    /// The answer in a sentence, or why there is none.
    pub headline: String,
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
    /// The odds in words.
    pub sentence: String,
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
    Forecast {
        headline: headline(&when, &deadlines),
        as_of: facts.as_of,
        starts_on: engine.as_ref().ok().and_then(|engine| engine.horizon.first()),
        assumptions: assumptions.clone(),
        growth,
        when,
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
        (None, Measured::Unavailable { reason, remedy }) => {
            Measured::unavailable(reason.clone(), remedy.clone())
        }
    }
}

fn headline(when: &Measured<When>, deadlines: &[DeadlineAnswer]) -> String {
    match when {
        Measured::Known { value, .. } => {
            let odds = deadlines.iter().filter_map(|answer| answer.odds.known());
            let sentences = odds.map(|odds| odds.sentence.as_str());
            let all: Vec<&str> =
                std::iter::once(value.sentence.as_str()).chain(sentences).collect();
            all.join(" ")
        }
        Measured::Unavailable { reason, .. } => reason.clone(),
    }
}

/// What the answers are made of.
struct Asked<'a> {
    facts: &'a Facts<'a>,
    assumptions: &'a Assumptions,
    question: &'a Question,
    remaining: &'a Measured<f64>,
    engine: &'a Result<Engine, Missing>,
}

impl Asked<'_> {
    /// The work, if some is left and it can be forecast.
    fn open(&self) -> Result<(&Engine, f64), Missing> {
        match (self.remaining, self.engine) {
            (Measured::Unavailable { reason, remedy }, _) => {
                Err(Missing { reason: reason.clone(), remedy: remedy.clone() })
            }
            (_, Err(missing)) => Err(missing.clone()),
            (Measured::Known { value, .. }, Ok(engine)) => Ok((engine, *value)),
        }
    }

    fn is_nothing_left(&self) -> bool {
        self.remaining.known().is_some_and(|left| *left <= 0.0)
    }

    fn when(&self) -> (Measured<When>, Measured<Vec<FanPoint>>, Option<Distribution>) {
        if self.is_nothing_left() {
            let none =
                Measured::unavailable("Nothing is left to do.", "Add work to see a forecast.");
            return (
                self.remaining.then(|_, rule| decided(When::nothing_left(), rule)),
                none,
                None,
            );
        }
        match self.open() {
            Err(missing) => (missing.as_measured(), missing.as_measured(), None),
            Ok((engine, left)) => {
                let chances = engine.when();
                let points = engine.fan(&chances);
                let when = When::read(&chances, &engine.horizon, left, engine.unit);
                (engine.known(when), engine.known(points), Some(chances))
            }
        }
    }

    fn deadlines(&self, chances: Option<&Distribution>) -> Vec<DeadlineAnswer> {
        let answer = |deadline: &Deadline| DeadlineAnswer {
            deadline: deadline.clone(),
            odds: self.odds(deadline, chances),
        };
        self.question.deadlines.iter().map(answer).collect()
    }

    fn odds(&self, deadline: &Deadline, chances: Option<&Distribution>) -> Measured<DeadlineOdds> {
        let (as_of, unit) = (self.facts.as_of, self.assumptions.unit);
        if self.is_nothing_left() || deadline.date <= as_of {
            return self.remaining.then(|left, rule| {
                decided(DeadlineOdds::decided(deadline, as_of, *left, unit), rule)
            });
        }
        match self.open() {
            Err(missing) => missing.as_measured(),
            Ok((engine, left)) => {
                let days = engine.horizon.days_by(deadline.date);
                if days == 0 {
                    return engine.known(DeadlineOdds::decided(deadline, as_of, left, unit));
                }
                let chance = chances.map_or(0.0, |chances| chances.at_most(days as usize));
                let pace =
                    Pace::read(left, days, self.assumptions.calendar.days_a_week(), &engine.done);
                engine.known(DeadlineOdds::open(deadline, chance, pace))
            }
        }
    }

    fn how_many(&self, date: Date) -> HowManyAnswer {
        let amount = match self.engine {
            Err(missing) => missing.as_measured(),
            Ok(engine) => match engine.horizon.days_by(date) {
                0 => Measured::unavailable(
                    format!("There is no working day up to {}.", wording::day(date)),
                    "Choose a later date.",
                ),
                days if days == engine.horizon.len() => Measured::unavailable(
                    format!("{} is too far away.", wording::day(date)),
                    "Choose an earlier date.",
                ),
                days => {
                    let chances = engine.how_many(days);
                    let place = (date, days);
                    engine.known(HowMany::read(&chances, place, &engine.prepared, engine.unit))
                }
            },
        };
        HowManyAnswer { date, amount }
    }

    fn pert(&self, factor: usize) -> Measured<Pert> {
        let (engine, left) = match self.open() {
            Ok(open) => open,
            Err(missing) => return missing.as_measured(),
        };
        let days = pert_days(&engine.done, left, factor).unwrap_or_default().ceil();
        let span = std::time::Duration::from_secs(days as u64 * 86_400);
        let date = self.facts.as_of.checked_add(span).ok();
        let Some(date) = date.filter(|_| left > 0.0) else {
            return Measured::unavailable("Nothing is left to do.", "Add work to see the date.");
        };
        let chance = engine.exact_when().at_most(engine.horizon.days_by(date) as usize);
        let odds = Odds::of(chance);
        let sentence =
            format!("The old app would have said {}; it holds with {odds}.", wording::day(date));
        engine.known(Pert { date, odds, sentence })
    }
}

/// A figure that no weeks have to be drawn for.
fn decided<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
