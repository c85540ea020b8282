//! When it will be done, and how sure that is: the forecast of a query, what if, and how earlier
//! forecasts did.

use std::sync::Arc;

use forecast::{
    Assumptions, Backlog, Backtest, Facts, Progress, Question, TrackRecord, backtest,
    daily_progress, forecast_when, open_items, open_points, score,
};
pub use forecast::{Forecast, ForecastRecord};
use metrics::{
    Items, Measured, Origin, Overdue, Reason, Signal, Span, Unit, WeekRow, WeeklyTable,
    bulk_closes, overdue, sample_signals, weekly_table,
};
use model::{Date, QueryKey, Remedy, Snapshot, Timestamp, Week, WorkKind};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::figures::QueryHistory;
use crate::figures::moment::{Moment, MomentRule};
use crate::figures::usual::Usual;
use crate::figures::{FORECASTS, JQL_HASH};
use crate::trail::Trail;
use crate::work::Work;

mod ask;
mod brief;
mod scenario;

pub use ask::ForecastAsk;
pub use brief::{DeadlineChance, DoneBy};
pub use forecast::{
    Deadline, DeadlineAnswer, ForecastStatement, Growth, HitRate, HowManyAnswer, Model, Odds, When,
};
pub use scenario::{
    SCENARIO_NAME_CHARACTERS_MAX, SCENARIOS_MAX, Scenario, ScenarioAnswer, ScenarioKind,
};

/// How many weeks a backtest looks ahead.
const BACKTEST_WEEKS: usize = 4;
/// How many past weeks are asked what they would have said.
const DRIFT_WEEKS: usize = 12;
/// Futures for each of them: dates move by days, not hours.
const DRIFT_TRIALS: u32 = 2_000;

/// The future of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryForecast {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The moment it is made from.
    pub as_of: Moment,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// What the work of the query is, which decides what is said first.
    pub work: Work,
    /// When the issues were fetched.
    pub fetched_at: Option<Timestamp>,
    /// What it was counted from; `None` if there is nothing.
    pub origin: Option<Origin>,
    /// The days by which it is done, of the forecast that was asked for: what scripts read.
    pub done_by: DoneBy,
    /// How likely each deadline holds, in numbers.
    pub odds: Vec<DeadlineChance>,
    /// The forecast under the usual assumptions.
    pub base: Forecast,
    /// The forecast under those that were asked for; `None` if they are the usual ones.
    pub what_if: Option<Forecast>,
    /// What is usual, what was asked for, and what is to be compared with both; none if only the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<ScenarioAnswer>,
    /// What would have been said at the end of past weeks, oldest first.
    pub drift: Vec<DriftPoint>,
    /// How forecasts of past weeks would have done.
    pub backtest: Measured<Backtest>,
    /// How forecasts that were really made did.
    pub track_record: TrackRecord,
    /// What deserves a look about the weeks that it draws from.
    pub signals: Vec<Signal>,
}

/// What would have been said at the end of a week, with what was known then.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftPoint {
    /// Its Sunday.
    pub date: Date,
    /// What was left.
    pub remaining: f64,
    /// The date that would have been said with 50 %; `None` if none was in sight.
    pub half: Option<Date>,
    /// The date that would have been said with 85 %.
    pub likely: Option<Date>,
}

impl QueryForecast {
    /// When the work is done, as the first sentence has it: of a delivery with what arrives.
    pub fn told<'f>(&self, forecast: &'f Forecast) -> &'f Measured<When> {
        told(self.work.kind, forecast)
    }

    /// The forecast that was asked for.
    pub fn asked(&self) -> &Forecast {
        self.what_if.as_ref().unwrap_or(&self.base)
    }
}

/// When work is done, as its kind has it.
fn told(work: WorkKind, forecast: &Forecast) -> &Measured<When> {
    match (work, &forecast.when_growing) {
        (WorkKind::Delivery, Some(growing)) => growing,
        _ => &forecast.when,
    }
}

/// Every figure and how it is calculated, those of the past first.
pub fn catalog() -> Vec<metrics::Metric> {
    metrics::CATALOG.iter().chain(forecast::FORECAST_CATALOG).copied().collect()
}

impl App {
    /// The forecast of a query; an error if the query is not there.
    pub fn forecast(&self, key: &QueryKey, ask: &ForecastAsk) -> Result<Arc<QueryForecast>> {
        self.remember(&key.profile, (key, ask), || self.find_forecast(key, ask))
    }

    fn find_forecast(&self, key: &QueryKey, ask: &ForecastAsk) -> Result<QueryForecast> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let as_of = ask.view.as_of;
        let history = self.history(&*reader, key, as_of)?;
        let unit = history.usual.unit(ask.view.unit);
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let outlook = Outlook::of(&history, &items, &table, unit);
        let usual = outlook.assumptions(&ForecastAsk { view: ask.view, ..ForecastAsk::default() });
        let question = ask.question(&history);
        let records = records(&*reader, &history, unit)?;
        drop(reader);
        let base = outlook.forecast(&usual, &question);
        let what_if = ask.is_what_if();
        let what_if = what_if.then(|| outlook.forecast(&outlook.assumptions(ask), &question));
        let scenarios = outlook.scenarios(ask, &question, (&base, what_if.as_ref()));
        let asked = what_if.as_ref().unwrap_or(&base);
        let signals = match asked.when {
            Measured::Known { .. } => outlook.signals(&items, ask),
            Measured::Unavailable { .. } => Vec::new(),
        };
        let backtest = backtest(&table, &usual, outlook.points_each(), BACKTEST_WEEKS);
        Ok(QueryForecast {
            done_by: DoneBy::of(told(history.work.kind, asked)),
            odds: DeadlineChance::all_of(asked),
            trail,
            as_of: history.moment,
            usual: history.usual,
            work: history.work,
            fetched_at: history.summary.fetched_at,
            origin: table.known().map(|table| table.origin),
            what_if,
            scenarios,
            drift: outlook.drift(&usual),
            backtest: backtest.map(|past| past.telling(question.percent)),
            track_record: score(&records, &outlook.progress(&items, unit), history.moment.date),
            signals,
            base,
        })
    }
}

/// What was open when the deadlines passed that have; `None` where counts are all there is.
fn late(history: &QueryHistory, items: &Items<'_>) -> Option<Vec<Overdue>> {
    let days = history.milestones.iter().map(|deadline| deadline.date);
    let passed: Vec<Date> = days.filter(|date| *date < history.moment.date).collect();
    (!items.is_empty()).then(|| overdue(items, &passed, &history.entered_later))
}

/// What forecasts of a query are made of.
pub(crate) struct Outlook<'h> {
    pub history: &'h QueryHistory,
    pub table: &'h Measured<WeeklyTable>,
    open: Measured<Backlog>,
    where_idle: Remedy,
    overdue: Option<Vec<Overdue>>,
}

impl<'h> Outlook<'h> {
    pub fn of(
        history: &'h QueryHistory,
        items: &Items<'_>,
        table: &'h Measured<WeeklyTable>,
        unit: Unit,
    ) -> Outlook<'h> {
        let open = match unit {
            Unit::Items => open_items(table),
            Unit::Points | Unit::Hours if is_of_rows(table) => {
                Measured::unavailable(Reason::PointsNeedIssues, Remedy::LookAtItems)
            }
            Unit::Points | Unit::Hours => open_points(items),
        };
        let overdue = late(history, items);
        Outlook { history, table, open, where_idle: items.where_idle, overdue }
    }

    pub fn assumptions(&self, ask: &ForecastAsk) -> Assumptions {
        ask.assumptions(self.history)
    }

    pub fn forecast(&self, assumptions: &Assumptions, question: &Question) -> Forecast {
        let moment = self.history.moment;
        let facts = Facts {
            as_of: moment.date,
            table: self.table,
            open: &self.open,
            where_idle: self.where_idle,
            overdue: self.overdue.as_deref(),
        };
        let forecast = forecast::forecast(&facts, assumptions, question);
        // Who looks back knows that what was to come then has passed.
        if moment.rule == MomentRule::Asked {
            forecast
        } else {
            forecast.told_on(self.history.today)
        }
    }

    /// What is usual, asked for and kept beside it; none where there is nothing to compare.
    fn scenarios(
        &self,
        ask: &ForecastAsk,
        question: &Question,
        (base, what_if): (&Forecast, Option<&Forecast>),
    ) -> Vec<ScenarioAnswer> {
        if what_if.is_none() && ask.beside.is_empty() {
            return Vec::new();
        }
        let answer = |kind, scenario: &Scenario, forecast: &Forecast| ScenarioAnswer {
            kind,
            name: scenario.name.clone(),
            changes: scenario.ask.parameters(),
            done_by: DoneBy::of(told(self.history.work.kind, forecast)),
            odds: DeadlineChance::all_of(forecast),
        };
        let usual = Scenario { name: String::new(), ask: ForecastAsk::default() };
        let asked = Scenario::of(ask, "");
        let beside = ask.beside.iter().map(|scenario| {
            let ask = ForecastAsk { view: ask.view, ..scenario.ask.clone() };
            let forecast = self.forecast(&self.assumptions(&ask), question);
            answer(ScenarioKind::Beside, scenario, &forecast)
        });
        std::iter::once(answer(ScenarioKind::Usual, &usual, base))
            .chain(what_if.map(|found| answer(ScenarioKind::Asked, &asked, found)))
            .chain(beside)
            .collect()
    }

    /// What is odd about the weeks that were asked for.
    fn signals(&self, items: &Items<'_>, ask: &ForecastAsk) -> Vec<Signal> {
        let usual = self.history.usual;
        let sample = (ask.view.span(usual), usual.unit(ask.view.unit));
        sample_signals(self.table, bulk_closes(items), sample, &ask.excluded)
    }

    /// Weeks without a forecast are left out. Points are of issues as they are estimated now.
    fn drift(&self, usual: &Assumptions) -> Vec<DriftPoint> {
        let Some(table) = self.table.known() else { return Vec::new() };
        let assumptions = Assumptions { trials: DRIFT_TRIALS, ..usual.clone() };
        let complete = table.complete(Span::All).len();
        let ends = complete.saturating_sub(DRIFT_WEEKS)..complete;
        let point = |end: usize| self.said_then(&assumptions, table.rows.get(..=end)?);
        ends.filter_map(point).collect()
    }

    fn said_then(&self, assumptions: &Assumptions, rows: &[WeekRow]) -> Option<DriftPoint> {
        let last = rows.last()?;
        let date = sunday(last)?;
        let amount = last.open?.of(assumptions.unit);
        let open = Backlog { amount, points_each: self.points_each(), extrapolated: 0.0 };
        let known = self.table.known()?;
        let WeeklyTable { undated, origin, first_started, .. } = *known;
        let table = WeeklyTable { rows: rows.to_vec(), undated, origin, first_started };
        let (table, open) = (&figure(table), &figure(open));
        let facts = Facts { as_of: date, table, open, where_idle: self.where_idle, overdue: None };
        let when = forecast_when(&facts, assumptions);
        let when = when.known().filter(|when| !when.percentiles.is_empty())?;
        let date_of = |percent| when.percentile(percent).and_then(|said| said.date);
        Some(DriftPoint { date, remaining: amount, half: date_of(50), likely: date_of(85) })
    }

    /// What happened: by the day from issues, from stored rows by the week.
    fn progress(&self, items: &Items<'_>, unit: Unit) -> Vec<Progress> {
        match self.table.known().map(|table| table.origin) {
            Some(Origin::Statistics) => weekly_progress(self.table, unit),
            _ => daily_progress(items, unit, self.points_each()),
        }
    }

    fn points_each(&self) -> f64 {
        self.open.known().map_or(0.0, |open| open.points_each)
    }
}

fn is_of_rows(table: &Measured<WeeklyTable>) -> bool {
    table.known().is_some_and(|table| table.origin == Origin::Statistics)
}

/// A figure that was counted elsewhere.
fn figure<T>(value: T) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: String::new(), notes: Vec::new() }
}

/// The stored forecasts in that unit, oldest first, of issues that the JQL of today found. What cannot be
/// read is passed over.
fn records(reader: &dyn Reader, history: &QueryHistory, unit: Unit) -> Result<Vec<ForecastRecord>> {
    let until = Week::of(history.moment.date);
    let all = reader.snapshots_between(&history.summary.key, Week::from_number(0)..=until)?;
    let hash = history.header.as_ref().and_then(|header| header.jql_hash.as_deref());
    let is_of_jql = |snapshot: &&Snapshot| match snapshot.metrics.get(JQL_HASH) {
        Some(kept) => kept.as_text().as_deref() == hash,
        None => true,
    };
    let stored = all.iter().filter(|snapshot| snapshot.metric == FORECASTS).filter(is_of_jql);
    let read = |snapshot: &Snapshot| serde_json::from_str(&snapshot.metrics.to_compact()).ok();
    Ok(stored
        .filter_map(read)
        .filter(|record: &ForecastRecord| record.unit.is_estimated() == unit.is_estimated())
        .collect())
}

/// What the weeks brought; each counts on its Sunday.
fn weekly_progress(table: &Measured<WeeklyTable>, unit: Unit) -> Vec<Progress> {
    let of = |row: &WeekRow| {
        let arrived = row.flow.arrived().of(unit);
        Some(Progress { date: sunday(row)?, done: row.flow.done.of(unit), arrived })
    };
    table.known().into_iter().flat_map(|table| &table.rows).filter_map(of).collect()
}

fn sunday(row: &WeekRow) -> Option<Date> {
    Week::from_number(row.week.number() + 1).monday()?.yesterday().ok()
}

#[cfg(test)]
mod tests;
