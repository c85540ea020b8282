//! One question after the other, put to one engine.

use metrics::{Measured, Reason};
use model::{Date, Remedy};

use crate::answer::{DeadlineAnswer, Facts, HowManyAnswer, Pert, Question};
use crate::assumptions::Assumptions;
use crate::deadline::{Deadline, DeadlineOdds, Pace};
use crate::distribution::Distribution;
use crate::engine::{Engine, Missing};
use crate::fan::FanPoint;
use crate::how_many::HowMany;
use crate::odds::Odds;
use crate::pert::pert_days;
use crate::sample::Sample;
use crate::statement::ForecastStatement;
use crate::when::When;

/// What the answers are made of.
pub(crate) struct Asked<'a> {
    pub facts: &'a Facts<'a>,
    pub assumptions: &'a Assumptions,
    pub question: &'a Question,
    pub remaining: &'a Measured<f64>,
    pub engine: &'a Result<Engine, Missing>,
}

impl Asked<'_> {
    /// The work, if some is left and it can be forecast.
    fn open(&self) -> Result<(&Engine, f64), Missing> {
        match (self.remaining, self.engine) {
            (Measured::Unavailable { reason, remedy }, _) => {
                Err(Missing { reason: *reason, remedy: *remedy })
            }
            (_, Err(missing)) => Err(*missing),
            (Measured::Known { value, .. }, Ok(engine)) => Ok((engine, *value)),
        }
    }

    /// Whether it is known that the work is done.
    pub fn is_nothing_left(&self) -> bool {
        self.remaining.known().is_some_and(|left| *left <= 0.0)
    }

    /// When the work is done, how things stand on the way, and the chance of each working day.
    pub fn when(&self) -> (Measured<When>, Measured<Vec<FanPoint>>, Option<Distribution>) {
        if self.is_nothing_left() {
            let none = Measured::unavailable(Reason::NothingLeft, Remedy::AddWork);
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
                let when = When::read(&chances, &engine.horizon, left);
                (engine.known(when), engine.known(points), Some(chances))
            }
        }
    }

    /// When the work is done if nothing arrives.
    pub fn without_growth(&self, sample: &Measured<Sample>) -> Measured<When> {
        let left = match self.open() {
            Err(missing) => return missing.as_measured(),
            Ok((_, left)) => left,
        };
        match Engine::new(sample, left, false, self.assumptions, self.facts.as_of) {
            Err(missing) => missing.as_measured(),
            Ok(engine) => engine.known(When::read(&engine.when(), &engine.horizon, left)),
        }
    }

    /// The odds of the deadlines.
    pub fn deadlines(&self, chances: Option<&Distribution>) -> Vec<DeadlineAnswer> {
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

    /// How much is done by a date.
    pub fn how_many(&self, date: Date) -> HowManyAnswer {
        let amount = match self.engine {
            Err(missing) => missing.as_measured(),
            Ok(engine) => match engine.horizon.days_by(date) {
                0 => {
                    let reason = Reason::NoWorkingDayBy { date };
                    Measured::unavailable(reason, Remedy::ChooseLaterDay)
                }
                days if days == engine.horizon.len() => {
                    Measured::unavailable(Reason::TooFarAway { date }, Remedy::ChooseEarlierDay)
                }
                days => {
                    let (chances, prepared) = engine.how_many(days);
                    let place = (date, days);
                    engine.known(HowMany::read(&chances, place, &prepared, engine.unit))
                }
            },
        };
        HowManyAnswer { date, amount }
    }

    /// The old app's date.
    pub fn pert(&self, factor: usize) -> Measured<Pert> {
        let (engine, left) = match self.open() {
            Ok(open) => open,
            Err(missing) => return missing.as_measured(),
        };
        let days = pert_days(&engine.done, left, factor).unwrap_or_default().ceil();
        let span = std::time::Duration::from_secs(days as u64 * 86_400);
        let date = self.facts.as_of.checked_add(span).ok();
        let Some(date) = date.filter(|_| left > 0.0) else {
            return Measured::unavailable(Reason::NothingLeft, Remedy::AddWork);
        };
        let chance = engine.exact_when().at_most(engine.horizon.days_by(date) as usize);
        let odds = Odds::of(chance);
        let sentence = ForecastStatement::OldAppDate { date, odds };
        engine.known(Pert { date, odds, sentence })
    }
}

/// A figure that no weeks have to be drawn for.
fn decided<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
