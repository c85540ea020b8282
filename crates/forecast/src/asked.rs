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
use crate::source::{Answers, Work};
use crate::statement::ForecastStatement;
use crate::when::When;

/// How far the headline looks ahead: twelve weeks.
const HEADLINE_AHEAD: std::time::Duration = std::time::Duration::from_secs(12 * 7 * 86_400);

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
            let days = asked.days().into_iter().filter_map(Result::ok).collect();
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

    /// The day that the headline looks ahead to, and those that amounts are asked for.
    fn dates(&self) -> Vec<Date> {
        let ahead = self.parts.facts.as_of.checked_add(HEADLINE_AHEAD).ok();
        let ahead = ahead.unwrap_or(self.parts.facts.as_of);
        std::iter::once(ahead).chain(self.parts.question.by.iter().copied()).collect()
    }

    /// The working days up to each of them, or why there are none.
    fn days(&self) -> Vec<Result<u32, Missing>> {
        let missing = |reason, remedy| Err(Missing { reason, remedy });
        let days = |date: &Date| match self.parts.engine {
            Err(missing) => Err(*missing),
            Ok(engine) => match engine.horizon.days_by(*date) {
                0 => missing(Reason::NoWorkingDayBy { date: *date }, Remedy::ChooseLaterDay),
                days if days == engine.horizon.len() => {
                    missing(Reason::TooFarAway { date: *date }, Remedy::ChooseEarlierDay)
                }
                days => Ok(days),
            },
        };
        self.dates().iter().map(days).collect()
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
                Err(Missing { reason: *reason, remedy: *remedy })
            }
            (_, Err(missing)) => Err(*missing),
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
        let (unit, percent) = (self.parts.assumptions.unit, self.parts.question.percent);
        let is_open = self.parts.assumptions.is_open();
        self.finish(0, |amount, date, unfinished| ForecastStatement::LikelyBy {
            percent,
            amount,
            unit,
            is_open,
            date,
            unfinished,
        })
    }

    /// When nothing is left of what grows.
    pub fn when_growing(&self) -> Option<Measured<When>> {
        let percent = self.parts.question.percent;
        let says = |_, date, unfinished| {
            let said = match date {
                Some(date) => ForecastStatement::LikelyDone { percent, date, unfinished },
                None => ForecastStatement::NotInSight { unfinished },
            };
            ForecastStatement::IfItGrows { said: Box::new(said) }
        };
        (self.grows && !self.is_nothing_left()).then(|| self.finish(1, says))
    }

    fn finish(
        &self,
        place: usize,
        says: impl FnOnce(f64, Option<Date>, f64) -> ForecastStatement,
    ) -> Measured<When> {
        match self.open() {
            Err(missing) => missing.as_measured(),
            Ok((engine, left)) => match self.chances(place) {
                None => Measured::unavailable(Reason::NothingLeft, Remedy::AddWork),
                Some(chances) => {
                    let says = |date, unfinished| says(left, date, unfinished);
                    let percent = self.parts.question.percent;
                    engine.known(When::read(chances, &engine.horizon, (left, percent), says))
                }
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
            _ => Measured::unavailable(Reason::NothingLeft, Remedy::AddWork),
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
        let known = (as_of, self.parts.facts.overdue);
        if self.is_nothing_left() || deadline.date <= as_of {
            return self.parts.remaining.then(|left, rule| {
                decided(DeadlineOdds::decided(deadline, known, *left, unit), rule)
            });
        }
        match self.open() {
            Err(missing) => missing.as_measured(),
            Ok((engine, left)) => {
                let days = engine.horizon.days_by(deadline.date);
                if days == 0 {
                    return engine.known(DeadlineOdds::decided(deadline, known, left, unit));
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

    /// How much is done within the weeks that the headline looks ahead, and by the dates that were
    /// asked for.
    pub fn how_many(&self) -> (Measured<HowMany>, Vec<HowManyAnswer>) {
        let percent = self.parts.question.percent;
        let mut amounts = self.answers.iter().flat_map(|answers| &answers.amounts);
        let mut amount = |date: Date, days: Result<u32, Missing>| {
            let (days, engine) = match (days, self.parts.engine) {
                (Ok(days), Ok(engine)) => (days, engine),
                (Err(missing), _) => return missing.as_measured(),
                (_, Err(missing)) => return missing.as_measured(),
            };
            match amounts.next() {
                Some((chances, prepared)) => engine.known(HowMany::read(
                    chances,
                    (date, days),
                    prepared,
                    (engine.unit, percent),
                )),
                None => {
                    Measured::unavailable(Reason::TooFarAway { date }, Remedy::ChooseEarlierDay)
                }
            }
        };
        let answers = self.dates().into_iter().zip(self.days());
        let answers =
            answers.map(|(date, days)| HowManyAnswer { date, amount: amount(date, days) });
        let mut answers: Vec<HowManyAnswer> = answers.collect();
        let asked = answers.split_off(1.min(answers.len()));
        let none = || Measured::unavailable(Reason::NothingLeft, Remedy::AddWork);
        (answers.pop().map_or_else(none, |ahead| ahead.amount), asked)
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
            return Measured::unavailable(Reason::NothingLeft, Remedy::AddWork);
        };
        let (chance, growing) = self.chances_by(engine.horizon.days_by(date));
        let (odds, odds_growing) = (Odds::of(chance), growing.map(Odds::of));
        let sentence = ForecastStatement::OldAppDate { date, odds, growing: odds_growing };
        engine.known(Pert { date, odds, odds_growing, sentence })
    }
}

/// A figure that no weeks have to be drawn for.
fn decided<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
