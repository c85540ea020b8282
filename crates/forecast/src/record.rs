//! The track record: forecasts as they were made, scored once their dates have passed.

use std::collections::BTreeMap;

use metrics::{Items, State, Unit};
use model::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::answer::Forecast;
use crate::assumptions::Model;
use crate::hit_rate::{HitRate, Outcome};
use crate::when::PERCENTS;

/// What is kept of a forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastRecord {
    /// The day that its data was of.
    pub made_on: Date,
    /// Hash of what it was made from.
    pub input_hash: String,
    /// The model.
    pub model: Model,
    /// What was counted.
    pub unit: Unit,
    /// The work that was left.
    pub remaining: f64,
    /// Whether the scope was taken to grow.
    pub grows: bool,
    /// What was said.
    pub percentiles: Vec<RecordedPercentile>,
}

/// A date that was said, and its chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RecordedPercentile {
    /// The chance that was asked for.
    pub percent: u32,
    /// The date; `None` if it was "not within the horizon".
    pub date: Option<Date>,
    /// The chance that the date really had.
    pub share: Option<f64>,
}

/// What happened on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The day.
    pub date: Date,
    /// Done.
    pub done: f64,
    /// Created less cancelled.
    pub arrived: f64,
}

/// How stored forecasts did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrackRecord {
    /// Every forecast with what became of it, oldest first.
    pub forecasts: Vec<ScoredForecast>,
    /// How often they came true, by percentile, of forecasts that do not overlap.
    pub hit_rates: Vec<HitRate>,
}

/// A stored forecast with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoredForecast {
    /// The forecast.
    pub record: ForecastRecord,
    /// When its work was done; `None` if it is not.
    pub finished_on: Option<Date>,
    /// For each of its percentiles whether it held; `None` until the date has passed.
    pub held: Vec<Option<bool>>,
}

impl Forecast {
    /// What to keep of it; `None` if it says no date.
    pub fn record(&self) -> Option<ForecastRecord> {
        let when = self.when.known().filter(|when| !when.percentiles.is_empty())?;
        let percentiles = when.percentiles.iter().map(|said| RecordedPercentile {
            percent: said.percent,
            date: said.date,
            share: said.share,
        });
        Some(ForecastRecord {
            made_on: self.as_of,
            input_hash: self.input_hash.clone()?,
            model: self.assumptions.model,
            unit: self.assumptions.unit,
            remaining: when.remaining,
            grows: false,
            percentiles: percentiles.collect(),
        })
    }
}

/// What happened day by day, of issues that have the dates it takes. In points, issues without
/// count with `points_each`.
pub fn daily_progress(items: &Items<'_>, unit: Unit, points_each: f64) -> Vec<Progress> {
    let mut days: BTreeMap<Date, Progress> = BTreeMap::new();
    let mut add = |at: Timestamp, done: f64, arrived: f64| {
        let date = items.as_of.date_of(at);
        let day = days.entry(date).or_insert(Progress { date, done: 0.0, arrived: 0.0 });
        day.done += done;
        day.arrived += arrived;
    };
    for item in items.counted.iter().filter(|item| item.undated().is_none()) {
        let amount = match unit {
            Unit::Items => 1.0,
            Unit::Points | Unit::Hours => item.points.unwrap_or(points_each),
        };
        if let Some(at) = item.created {
            add(at, 0.0, amount);
        }
        match (item.state, item.finished) {
            (State::Done, Some(finished)) => add(finished.at, amount, 0.0),
            (State::Cancelled, Some(finished)) => add(finished.at, 0.0, -amount),
            _ => {}
        }
    }
    days.into_values().collect()
}

/// Scores `records`, oldest first, by what happened until `as_of`. `progress` is in order of dates,
/// in the unit of the records, and reaches back to the first of them, as [`daily_progress`] does.
pub fn score(records: &[ForecastRecord], progress: &[Progress], as_of: Date) -> TrackRecord {
    let forecasts: Vec<ScoredForecast> =
        records.iter().map(|record| scored(record, progress, as_of)).collect();
    let hit_rates = PERCENTS.map(|percent| hit_rate(percent, &forecasts)).to_vec();
    TrackRecord { forecasts, hit_rates }
}

fn scored(record: &ForecastRecord, progress: &[Progress], as_of: Date) -> ScoredForecast {
    let known = progress.iter().filter(|day| day.date > record.made_on && day.date <= as_of);
    let finished_on = finish(record, known);
    let held = |said: &RecordedPercentile| {
        let date = said.date.filter(|date| *date < as_of)?;
        Some(finished_on.is_some_and(|finished| finished <= date))
    };
    let held = record.percentiles.iter().map(held).collect();
    ScoredForecast { record: record.clone(), finished_on, held }
}

/// By the rule of the forecast: what is done counts before what arrives with it.
fn finish<'p>(
    record: &ForecastRecord,
    progress: impl Iterator<Item = &'p Progress>,
) -> Option<Date> {
    let mut left = record.remaining;
    for day in progress {
        left -= day.done;
        if left <= 0.0 {
            return Some(day.date);
        }
        if record.grows {
            left += day.arrived;
        }
        if left <= 0.0 {
            return Some(day.date);
        }
    }
    None
}

/// Two forecasts that cover the same days fail together, so that only one of them is counted.
fn hit_rate(percent: u32, forecasts: &[ScoredForecast]) -> HitRate {
    let mut outcomes = Vec::new();
    let mut until: Option<Date> = None;
    for forecast in forecasts {
        let said = forecast.record.percentiles.iter().zip(&forecast.held);
        let Some((said, held)) = said.into_iter().find(|(said, _)| said.percent == percent) else {
            continue;
        };
        let is_free = until.is_none_or(|until| forecast.record.made_on >= until);
        if let (true, Some(is_hit), Some(date)) = (is_free, *held, said.date) {
            let chance = said.share.unwrap_or(f64::from(percent) / 100.0);
            outcomes.push(Outcome { chance, is_hit });
            until = Some(date);
        }
    }
    HitRate::judge(percent, &outcomes)
}
