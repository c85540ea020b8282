//! When the work is done: percentiles as dates, and how the chances spread over the weeks.

use std::collections::BTreeMap;

use model::{Date, Week};
use serde::Serialize;

use crate::calendar::Horizon;
use crate::distribution::Distribution;
use crate::statement::ForecastStatement;

pub use model::settings::{PERCENT_USUAL as HEADLINE_PERCENT, PERCENTS};

/// When the work is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct When {
    /// The work.
    pub remaining: f64,
    /// [`PERCENTS`] as dates; none if nothing remains.
    pub percentiles: Vec<WhenPercentile>,
    /// The chance of each week to be the one in which the work is done, up to the last likely one.
    pub weeks: Vec<WeekShare>,
    /// The chance that the work is not done within [`crate::HORIZON_YEARS`]: it grows as fast as it is
    /// done, or there is too much of it.
    pub unfinished: f64,
    /// The answer in short.
    pub sentence: ForecastStatement,
}

/// A date by which the work is done with some chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WhenPercentile {
    /// The chance that was asked for.
    pub percent: u32,
    /// The first date that has it; `None` if none within the horizon has.
    pub date: Option<Date>,
    /// That date as the number of a working day.
    pub working_days: Option<u32>,
    /// The chance that the date really has, which is at least what was asked for.
    pub share: Option<f64>,
}

/// How likely a week is the one in which the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeekShare {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "metrics::as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// From 0 to 1.
    pub share: f64,
}

impl When {
    /// The answer where nothing is left to do.
    pub(crate) fn nothing_left() -> When {
        When {
            remaining: 0.0,
            percentiles: Vec::new(),
            weeks: Vec::new(),
            unfinished: 0.0,
            sentence: ForecastStatement::NothingLeft,
        }
    }

    /// `says` makes a sentence of the date of the percentile that is told and of the chance that there is no
    /// end within the horizon.
    pub(crate) fn read(
        chances: &Distribution,
        horizon: &Horizon,
        (remaining, told): (f64, u32),
        says: impl FnOnce(Option<Date>, f64) -> ForecastStatement,
    ) -> When {
        let percentile = |percent: u32| {
            let day = chances.smallest_within(f64::from(percent) / 100.0);
            let working_days = day.and_then(|day| u32::try_from(day).ok());
            WhenPercentile {
                percent,
                date: working_days.and_then(|day| horizon.date(day)),
                working_days,
                share: day.map(|day| chances.at_most(day)),
            }
        };
        let percentiles: Vec<WhenPercentile> = PERCENTS.into_iter().map(percentile).collect();
        let unfinished = chances.beyond();
        let likely = percentiles.iter().find(|found| found.percent == told);
        let sentence = says(likely.and_then(|found| found.date), unfinished);
        let weeks = week_shares(chances, horizon);
        When { remaining, percentiles, weeks, unfinished, sentence }
    }

    /// The percentile of `percent`.
    pub fn percentile(&self, percent: u32) -> Option<&WhenPercentile> {
        self.percentiles.iter().find(|found| found.percent == percent)
    }
}

fn week_shares(chances: &Distribution, horizon: &Horizon) -> Vec<WeekShare> {
    let mut weeks: BTreeMap<Week, f64> = BTreeMap::new();
    for day in 1..chances.len() {
        let share = chances.exactly(day);
        let date = u32::try_from(day).ok().and_then(|day| horizon.date(day));
        if let Some(date) = date.filter(|_| share > 0.0) {
            *weeks.entry(Week::of(date)).or_default() += share;
        }
    }
    // Differences of sums carry noise in their last digits.
    let rounded = |share: f64| (share * 1e6).round() / 1e6;
    let share = |(week, share): (Week, f64)| {
        Some(WeekShare { week, monday: week.monday()?, share: rounded(share) })
    };
    weeks.into_iter().filter_map(share).collect()
}
