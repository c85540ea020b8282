//! One question after the other, put to one engine.

use metrics::Measured;
use model::Date;

use crate::answer::{DeadlineAnswer, Facts, HowManyAnswer, Pert, Question};
use crate::assumptions::Assumptions;
use crate::deadline::{Deadline, DeadlineOdds, Pace};
use crate::distribution::Distribution;
use crate::engine::{Engine, Missing};
use crate::fan::FanPoint;
use crate::how_many::HowMany;
use crate::odds::Odds;
use crate::pert::pert_days;
use crate::source::{Answers, Work};
use crate::when::When;
use crate::wording;

/// What the answers are made of.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub facts: &'a Facts<'a>,
    pub assumptions: &'a Assumptions,
    pub question: &'a Question,
    pub remaining: &'a Measured<f64>,
    pub engine: &'a Result<Engine<'a>, Missing>,
}

/// The parts, and what the engine answered to all questions at once.
pub(crate) struct Asked<'a> {
    parts: Parts<'a>,
    grows: bool,
    answers: Option<Answers>,
}

impl<'a> Asked<'a> {
    /// Puts all questions to one run of futures.
    pub fn of(parts: Parts<'a>, grows: bool) -> Asked<'a> {
        let mut asked = Asked { parts, grows, answers: None };
        if let Ok(engine) = parts.engine {
            let works = if asked.is_nothing_left() { Vec::new() } else { asked.works() };
            let days = asked.dates().filter_map(Result::ok).collect();
            asked.answers = Some(engine.answer(works, days));
        }
        asked
    }

    /// As many as are to be done now, and where the scope grows the same with what arrives.
    fn works(&self) -> Vec<Work> {
        let Some(remaining) = self.parts.remaining.known().copied() else { return Vec::new() };
        let alone = Work { remaining, grows: false };
        let growing = Work { remaining, grows: true };
        std::iter::once(alone).chain(self.grows.then_some(growing)).collect()
    }

    /// The working days up to each day that amounts are asked for, or why there are none.
    fn dates(&self) -> impl Iterator<Item = Result<u32, Measured<HowMany>>> {
        let days = |date: &Date| match self.parts.engine {
            Err(missing) => Err(missing.as_measured()),
            Ok(engine) => match engine.horizon.days_by(*date) {
                0 => Err(Measured::unavailable(
                    format!("There is no working day up to {}.", wording::day(*date)),
                    "Choose a later date.",
                )),
                days if days == engine.horizon.len() => Err(Measured::unavailable(
                    format!("{} is too far away.", wording::day(*date)),
                    "Choose an earlier date.",
                )),
                days => Ok(days),
            },
        };
        self.parts.question.by.iter().map(days)
    }

    /// The chances of the working days, of the work as it is now or as it grows.
    fn chances(&self, place: usize) -> Option<&Distribution> {
        self.answers.as_ref()?.finishes.get(place)
    }

    /// What the answers were made from.
    pub fn input_hash(&self) -> Option<String> {
        let engine = self.parts.engine.as_ref().ok()?;
        let remaining = self.parts.remaining.known().copied().unwrap_or_default();
        Some(engine.input_hash(Work { remaining, grows: self.grows }))
    }

    /// The work, if some is left and it can be forecast.
    fn open(&self) -> Result<(&Engine<'a>, f64), Missing> {
        match (self.parts.remaining, self.parts.engine) {
            (Measured::Unavailable { reason, remedy }, _) => {
                Err(Missing { reason: reason.clone(), remedy: remedy.clone() })
            }
            (_, Err(missing)) => Err(missing.clone()),
            (Measured::Known { value, .. }, Ok(engine)) => Ok((engine, *value)),
        }
    }

    /// Whether it is known that the work is done.
    pub fn is_nothing_left(&self) -> bool {
        self.parts.remaining.known().is_some_and(|left| *left <= 0.0)
    }

    /// When the work of now is done.
    pub fn when(&self) -> Measured<When> {
        if self.is_nothing_left() {
            return self.parts.remaining.then(|_, rule| decided(When::nothing_left(), rule));
        }
        self.finish(0)
    }

    /// When nothing is left of what grows.
    pub fn when_growing(&self) -> Option<Measured<When>> {
        (self.grows && !self.is_nothing_left()).then(|| self.finish(1))
    }

    fn finish(&self, place: usize) -> Measured<When> {
        match self.open() {
            Err(missing) => missing.as_measured(),
            Ok((engine, left)) => match self.chances(place) {
                None => Measured::unavailable("Nothing is left to do.", "Add work."),
                Some(chances) => engine.known(When::read(chances, &engine.horizon, left)),
            },
        }
    }

    /// How things stand on the way, with what arrives where the scope grows.
    pub fn fan(&self) -> Measured<Vec<FanPoint>> {
        let works = self.works();
        match (self.open(), works.last(), self.chances(works.len().saturating_sub(1))) {
            (Err(missing), ..) => missing.as_measured(),
            (Ok((engine, _)), Some(work), Some(chances)) => {
                engine.known(engine.fan(*work, chances))
            }
            _ => Measured::unavailable("Nothing is left to do.", "Add work to see a forecast."),
        }
    }

    /// The odds of the deadlines.
    pub fn deadlines(&self) -> Vec<DeadlineAnswer> {
        let answer = |deadline: &Deadline| DeadlineAnswer {
            deadline: deadline.clone(),
            odds: self.odds(deadline),
        };
        self.parts.question.deadlines.iter().map(answer).collect()
    }

    fn odds(&self, deadline: &Deadline) -> Measured<DeadlineOdds> {
        let (as_of, unit) = (self.parts.facts.as_of, self.parts.assumptions.unit);
        if self.is_nothing_left() || deadline.date <= as_of {
            return self.parts.remaining.then(|left, rule| {
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
                let (chance, growing) = self.chances_by(days);
                let calendar = &self.parts.assumptions.calendar;
                let pace = Pace::read(left, days, calendar.days_a_week(), &engine.done);
                engine.known(DeadlineOdds::open(deadline, chance, growing, pace))
            }
        }
    }

    /// How likely the work of now is done in so many working days, and all that grows.
    fn chances_by(&self, days: u32) -> (f64, Option<f64>) {
        let by = |chances: &Distribution| chances.at_most(days as usize);
        (self.chances(0).map_or(0.0, by), self.chances(1).map(by))
    }

    /// How much is done by the dates that were asked for.
    pub fn how_many(&self) -> Vec<HowManyAnswer> {
        let mut amounts = self.answers.iter().flat_map(|answers| &answers.amounts);
        let mut answer = |(date, days): (&Date, Result<u32, Measured<HowMany>>)| {
            let amount = match (days, self.parts.engine) {
                (Ok(days), Ok(engine)) => amounts.next().map(|(chances, prepared)| {
                    let place = (*date, days);
                    engine.known(HowMany::read(chances, place, prepared, engine.unit))
                }),
                (Err(missing), _) => Some(missing),
                (_, Err(missing)) => Some(missing.as_measured()),
            };
            Some(HowManyAnswer { date: *date, amount: amount? })
        };
        self.parts.question.by.iter().zip(self.dates()).filter_map(&mut answer).collect()
    }

    /// The old app's date.
    pub fn pert(&self, factor: usize) -> Measured<Pert> {
        let (engine, left) = match self.open() {
            Ok(open) => open,
            Err(missing) => return missing.as_measured(),
        };
        let days = pert_days(&engine.done, left, factor).unwrap_or_default().ceil();
        let span = std::time::Duration::from_secs(days as u64 * 86_400);
        let date = self.parts.facts.as_of.checked_add(span).ok();
        let Some(date) = date.filter(|_| left > 0.0) else {
            return Measured::unavailable("Nothing is left to do.", "Add work to see the date.");
        };
        let (chance, growing) = self.chances_by(engine.horizon.days_by(date));
        let (odds, odds_growing) = (Odds::of(chance), growing.map(Odds::of));
        let sentence =
            format!("The old app would have said {}; it holds with {odds}.", wording::day(date));
        engine.known(Pert { date, odds, odds_growing, sentence })
    }
}

/// A figure that no weeks have to be drawn for.
fn decided<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
