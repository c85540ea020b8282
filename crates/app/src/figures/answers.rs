//! The answer per query in one line: how much or when at the chosen percentile, the odds of its
//! target, the oldest item in progress, and how old the data is. The start page, `burndown answers`
//! and the JSON interface show the same.

use std::sync::Arc;

use forecast::{DeadlineAnswer, Forecast, ForecastStatement};
use metrics::{
    Age, Measured, Span, Totals, Unit, WeeklyTable, totals, weekly_table, work_item_age,
};
use model::{Date, QuerySummary, Timestamp, WorkKind, name};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::{Error, Result};
use crate::figures::forecast::{ForecastAsk, Outlook};
use crate::figures::moment::Moment;
use crate::parameter::{self, FLAG, read, word};
use crate::stale::Stale;
use crate::trail::Named;
use crate::work::Work;

/// How many answers a page of the list shows.
pub const PAGE_ANSWERS: usize = 20;

/// Which answers are asked for. The default is the first page of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswersAsk {
    /// A part of the name of the query or of its profile, ignoring case; empty for all.
    pub text: String,
    /// Which page, from 1.
    pub page: usize,
    /// All of them on one page.
    pub is_all: bool,
}

impl Default for AnswersAsk {
    fn default() -> AnswersAsk {
        AnswersAsk { text: String::new(), page: 1, is_all: false }
    }
}

impl AnswersAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            _ if value.is_empty() => {}
            "text" => self.text = read("text", value, parameter::text)?,
            "all" => self.is_all = read("all", value, |value| word(FLAG, value))?,
            "page" => {
                let page = value.parse().ok().filter(|page| *page > 0);
                let remedy = "pages are numbers from 1 on";
                self.page = page.ok_or_else(|| Error::invalid("page", value, remedy))?;
            }
            other => return Err(Error::unknown_parameter(other, "use text, page or all")),
        }
        Ok(())
    }
}

/// A page of answers, those of what was used last first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answers {
    /// The answers.
    pub answers: Vec<Arc<Answer>>,
    /// How many were asked for.
    pub matching: u64,
    /// Which page of them this is, from 1.
    pub page: usize,
    /// How many pages there are, at least one.
    pub pages: usize,
}

/// The answer about one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Its profile.
    pub profile: Named,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// When that was last chosen.
    pub last_used: Option<Timestamp>,
    /// What its work is, which decides what is likely: an amount, or a day.
    pub work: Work,
    /// The moment it is about.
    pub as_of: Moment,
    /// When the data was fetched.
    pub fetched_at: Option<Timestamp>,
    /// What is wrong with the age of the data, if something is.
    pub stale: Option<Stale>,
    /// How much there is, and how much of it is done.
    pub totals: Measured<Totals>,
    /// How many items were done in each of the last complete weeks, oldest first.
    pub done_by_week: Vec<f64>,
    /// What is likely.
    pub likely: Measured<Likely>,
    /// The next target with its odds; `None` if none is set.
    pub target: Option<DeadlineAnswer>,
    /// The oldest item in progress; its value is `null` if nothing is.
    pub oldest: Measured<Option<Age>>,
    /// The whole answer in sentences, as on the page of the query.
    pub headline: ForecastStatement,
}

/// What an answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A query.
    Query {
        /// Which.
        query: Named,
    },
}

impl Subject {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Subject::Query { query } => &query.name,
        }
    }
}

/// So much is done by a day with some chance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Likely {
    /// The chance, in percent.
    pub percent: u32,
    /// The amount.
    pub amount: f64,
    /// Of what.
    pub unit: Unit,
    /// The day; `None` if it is not in sight.
    pub date: Option<Date>,
    /// The same in words.
    pub sentence: ForecastStatement,
}

/// A query that can be asked for.
#[derive(Clone)]
struct Candidate {
    profile: Named,
    query: QuerySummary,
}

impl App {
    /// The answers that are asked for, each as the overview of its query has it.
    pub fn answers(&self, ask: &AnswersAsk) -> Result<Answers> {
        self.answers_of(&*self.store.read()?, ask)
    }

    pub(crate) fn answers_of(&self, reader: &dyn Reader, ask: &AnswersAsk) -> Result<Answers> {
        let found = candidates(reader, ask)?;
        let matching = found.len();
        let size = if ask.is_all { matching.max(1) } else { PAGE_ANSWERS };
        let page = if ask.is_all { 1 } else { ask.page };
        let shown = found.into_iter().skip((page - 1).saturating_mul(size)).take(size);
        let answer = |one: Candidate| {
            let (profile, key) = (one.query.key.profile.clone(), one.query.key.clone());
            self.remember(&profile, ("answer", key), || self.answer(reader, &one))
        };
        let answers = shown.map(answer).collect::<Result<_>>()?;
        let pages = matching.div_ceil(size).max(1);
        Ok(Answers { answers, matching: matching as u64, page, pages })
    }

    fn answer(&self, reader: &dyn Reader, candidate: &Candidate) -> Result<Answer> {
        let Candidate { profile, query } = candidate.clone();
        let history = self.history(reader, &query.key, None)?;
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let outlook = Outlook::of(&history, &items, &table, Unit::default());
        let usual = outlook.assumptions(&ForecastAsk::default());
        let forecast = outlook.forecast(&usual, &history.question());
        let oldest = work_item_age(&items).then(|ages, rule| Measured::Known {
            value: ages.first().cloned(),
            sample: ages.len() as u64,
            window: None,
            rule: rule.to_owned(),
            notes: Vec::new(),
        });
        Ok(Answer {
            as_of: history.moment,
            fetched_at: query.fetched_at,
            stale: self.stale(reader, &query, &history.zone)?,
            totals: totals(&table),
            done_by_week: done_by_week(&table),
            likely: likely(&forecast, history.work.kind),
            work: history.work,
            target: forecast.next_deadline().cloned(),
            oldest,
            headline: forecast.headline,
            last_used: query.last_used,
            subject: Subject::Query {
                query: Named { id: query.key.query.to_string(), name: query.name },
            },
            profile,
        })
    }
}

/// Enough weeks to see a trend in a line that is as high as a word.
const TREND_WEEKS: usize = 12;

fn done_by_week(table: &Measured<WeeklyTable>) -> Vec<f64> {
    let rows = table.known().map_or(&[][..], |table| table.complete(Span::Last(TREND_WEEKS)));
    rows.iter().map(|row| row.flow.done.items as f64).collect()
}

/// The queries that are asked for, those used last first, then in the order of their profiles.
fn candidates(reader: &dyn Reader, ask: &AnswersAsk) -> Result<Vec<Candidate>> {
    let wanted = name::fold(&ask.text);
    let is_wanted = |text: &str| name::fold(text).contains(&wanted);
    let mut found = Vec::new();
    for profile in reader.profiles()? {
        let is_all_wanted = is_wanted(&profile.name);
        let named = Named { id: profile.id.to_string(), name: profile.name };
        let queries = reader.queries(&profile.id)?;
        let queries = queries.into_iter().filter(|query| is_all_wanted || is_wanted(&query.name));
        found.extend(queries.map(|query| Candidate { profile: named.clone(), query }));
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.query.last_used));
    Ok(found)
}

/// How much of the work of a team is likely done soon, or when a delivery is done; that nothing is
/// left, if so.
fn likely(forecast: &Forecast, work: WorkKind) -> Measured<Likely> {
    let (percent, unit) = (forecast.percent, forecast.assumptions.unit);
    let known = |amount, date, sentence: &ForecastStatement, rule: &str| Measured::Known {
        value: Likely { percent, amount, unit, date, sentence: sentence.clone() },
        sample: forecast.sample.known().map_or(0, |sample| sample.used().count() as u64),
        window: None,
        rule: rule.to_owned(),
        notes: Vec::new(),
    };
    forecast.when.then(|when, rule| {
        if when.remaining <= 0.0 {
            return known(0.0, None, &when.sentence, rule);
        }
        if let (WorkKind::Delivery, ForecastStatement::All { said }) = (work, &forecast.headline) {
            let growing = forecast.when_growing.as_ref().and_then(Measured::known);
            let date = forecast.likely_date(growing.unwrap_or(when));
            return known(when.remaining, date, said.first().unwrap_or(&when.sentence), rule);
        }
        forecast.ahead.then(|ahead, rule| {
            let said = ahead.percentile(percent).map_or(0.0, |said| said.amount);
            known(said, Some(ahead.date), &ahead.sentence, rule)
        })
    })
}

#[cfg(test)]
mod tests {
    use model::{Query, QueryKey};

    use super::*;
    use crate::figures::overview::OverviewAsk;
    use crate::sample::Sample;

    fn all(sample: &Sample, text: &str) -> Vec<Arc<Answer>> {
        let ask = AnswersAsk { text: text.to_owned(), is_all: true, ..AnswersAsk::default() };
        sample.app.answers(&ask).unwrap().answers
    }

    /// Every figure of a line is that of the overview, which is made elsewhere.
    #[test]
    fn an_answer_is_what_the_overview_says() {
        for sample in [Sample::issues(), Sample::rows(), Sample::steady()] {
            let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
            let forecast = sample.app.forecast(&sample.key, &ForecastAsk::default()).unwrap();
            let answer = all(&sample, "").remove(0);
            assert_eq!(answer.headline, overview.forecast.headline);
            assert_eq!(answer.headline, forecast.base.headline);
            assert_eq!(answer.totals, overview.summary.totals);
            assert_eq!(answer.as_of, overview.as_of);
            let weeks = overview.weeks.known().map(|weeks| {
                let complete = weeks.rows.iter().filter(|row| !row.is_partial);
                let done: Vec<f64> = complete.map(|row| row.flow.done.items as f64).collect();
                done[done.len().saturating_sub(TREND_WEEKS)..].to_vec()
            });
            assert_eq!(answer.done_by_week, weeks.unwrap_or_default());
            assert_eq!(answer.stale, overview.trail.stale);
            let likely = answer.likely.known().map(|likely| &likely.sentence);
            assert_eq!(likely, overview.forecast.ahead.known().map(|ahead| &ahead.sentence));
            let oldest = overview.summary.work_item_age.known().map(|ages| ages.first());
            assert_eq!(answer.oldest.known().map(Option::as_ref), oldest);
        }
    }

    /// Data of June 2025 looked at in November 2026.
    #[test]
    fn days_that_passed_are_told_as_passed() {
        let sample = Sample::steady();
        let answer = all(&sample, "").remove(0);
        let likely = answer.likely.known().unwrap();
        assert_eq!((likely.amount, likely.date), (24.0, Date::new(2025, 9, 14).ok()));
        let said = &likely.sentence;
        assert!(matches!(said, ForecastStatement::HasPassed { .. }), "{said:?}");
        // Who looks back knows that.
        let mut ask = ForecastAsk::default();
        ask.set("as_of", "2025-06-21").unwrap();
        let then = sample.app.forecast(&sample.key, &ask).unwrap().base.ahead.clone();
        let said = &then.known().unwrap().sentence;
        assert!(matches!(said, ForecastStatement::LikelyAmount { .. }), "{said:?}");
    }

    #[test]
    fn what_was_used_last_comes_first_and_names_are_found() {
        let sample = Sample::issues();
        let query = sample.app.store.read().unwrap().query(&sample.key).unwrap().unwrap();
        let put = |id: &str, name: &str| {
            let key = QueryKey::parse("p", id).unwrap();
            let query = Query { key, name: name.to_owned(), last_used: None, ..query.clone() };
            sample.app.store.transact(|tx| tx.put_query(&query)).unwrap();
        };
        (1..=30).for_each(|number| put(&format!("x{number:02}"), &format!("Straße {number:02}")));
        let names = |answers: &[Arc<Answer>]| -> Vec<String> {
            answers.iter().map(|answer| answer.subject.name().to_owned()).collect()
        };
        let last = model::QueryId::new("x07").unwrap();
        sample.app.choose(&sample.key.profile, Some(&last)).unwrap();
        let first = sample.app.answers(&AnswersAsk::default()).unwrap();
        assert_eq!((first.answers.len(), first.matching, first.pages), (PAGE_ANSWERS, 31, 2));
        assert_eq!(names(&first.answers)[..2], ["Straße 07", "Q"]);
        assert_eq!(names(&all(&sample, "STRASSE 1")).len(), 10);
        // The name of the profile finds all of its queries.
        assert_eq!(all(&sample, "p").len(), 31);
        let beyond = AnswersAsk { page: 3, ..AnswersAsk::default() };
        assert_eq!(sample.app.answers(&beyond).unwrap().answers, []);
    }
}
