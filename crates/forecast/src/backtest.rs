//! Past weeks forecast from what was known before them, next to what they brought.

use metrics::{Measured, Reason, Unit, WeeklyTable};
use model::{Remedy, Week};
use serde::Serialize;

use crate::assumptions::{Assumptions, Model};
use crate::distribution::Distribution;
use crate::exact::exact_how_many;
use crate::hit_rate::{HitRate, Outcome};
use crate::prepared::Prepared;
use crate::random::InputHash;
use crate::sample::{Sample, SampleWeek};
use crate::simulation::{Trials, Weights, simulated_how_many};
use crate::when::PERCENTS;

/// Futures per forecast: their noise is far below that of a few dozen windows.
const TRIALS: u32 = 2_000;
/// The first forecast of a long window is made from so many weeks.
const KNOWN_WEEKS_MIN: usize = 12;

/// How forecasts of past weeks did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// How many weeks each forecast looked ahead.
    pub horizon_weeks: usize,
    /// The forecasts, oldest first; no week is in two of them.
    pub windows: Vec<BacktestWindow>,
    /// How often they came true, by percentile.
    pub hit_rates: Vec<HitRate>,
    /// The mean distance of forecast and outcome (CRPS), in the unit; less is better.
    pub crps: f64,
    /// The same of one who says "the mean of the sample".
    pub crps_of_mean: f64,
}

/// One forecast of the past.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BacktestWindow {
    /// Its first week, as ISO label in JSON.
    #[serde(serialize_with = "metrics::as_label")]
    pub first: Week,
    /// What was done.
    pub done: f64,
    /// What was said to be done at least, with each percentile.
    pub percentiles: Vec<BacktestPercentile>,
    /// The distance of forecast and outcome.
    pub crps: f64,
    /// The distance of the sample's mean and the outcome.
    pub crps_of_mean: f64,
}

/// What was said, and what chance it had.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BacktestPercentile {
    /// The chance that was asked for.
    pub percent: u32,
    /// At least so much.
    pub amount: f64,
    /// The chance that it really had.
    pub share: f64,
    /// Whether it was.
    pub is_hit: bool,
}

/// Forecasts how much was done in each past stretch of `horizon_weeks`, newest stretch last.
/// Weeks that are left out of the sample are left out here too.
pub fn backtest(
    table: &Measured<WeeklyTable>,
    assumptions: &Assumptions,
    points_each: f64,
    horizon_weeks: usize,
) -> Measured<Backtest> {
    table.then(|table, rule| {
        let all = Assumptions { window_weeks: None, ..assumptions.clone() };
        let sample = Sample::read(table, &all, points_each);
        let weeks: Vec<SampleWeek> = sample.used().cloned().collect();
        let windows = windows(&weeks, assumptions, horizon_weeks.max(1));
        if windows.is_empty() {
            let needed = least_known(assumptions) + horizon_weeks;
            let reason = Reason::ShortPast { needed: needed as u64 };
            return Measured::unavailable(reason, Remedy::ChooseShorterWindow);
        }
        Measured::Known {
            sample: windows.len() as u64,
            window: sample.window(),
            rule: rule.to_owned(),
            notes: Vec::new(),
            value: Backtest {
                horizon_weeks,
                hit_rates: PERCENTS.map(|percent| hit_rate(percent, &windows)).to_vec(),
                crps: mean(windows.iter().map(|window| window.crps)),
                crps_of_mean: mean(windows.iter().map(|window| window.crps_of_mean)),
                windows,
            },
        }
    })
}

/// A longer window is filled as history grows, as it was for who forecast then.
fn least_known(assumptions: &Assumptions) -> usize {
    assumptions.window_weeks.map_or(KNOWN_WEEKS_MIN, |weeks| weeks.min(KNOWN_WEEKS_MIN))
}

fn windows(weeks: &[SampleWeek], assumptions: &Assumptions, ahead: usize) -> Vec<BacktestWindow> {
    let least = least_known(assumptions);
    let first = weeks.len().saturating_sub(least) % ahead;
    let origins = (least + first..weeks.len()).step_by(ahead);
    let window = |origin: usize| {
        let begin = assumptions.window_weeks.map_or(0, |weeks| origin.saturating_sub(weeks));
        let history = weeks.get(begin..origin)?;
        look_back(history, weeks.get(origin..origin + ahead)?, assumptions)
    };
    origins.filter_map(window).collect()
}

/// `None` where nothing would have been said.
fn look_back(
    history: &[SampleWeek],
    future: &[SampleWeek],
    assumptions: &Assumptions,
) -> Option<BacktestWindow> {
    let sample = Sample { unit: assumptions.unit, weeks: history.to_vec() };
    if sample.refusal(None).is_some() {
        return None;
    }
    let done: f64 = future.iter().map(|week| week.done).sum();
    let days: u32 = future.iter().map(|week| week.working_days).sum();
    let prepared = Prepared::new(&sample, done, false, 100);
    let chances = match assumptions.model {
        Model::Exact => exact_how_many(&prepared.steps, days),
        Model::Bootstrap => {
            let hash = InputHash::new().with(u64::from(prepared.remaining)).with(u64::from(days));
            let trials = Trials { count: TRIALS, seed: hash.value(), weights: Weights::Drawn };
            simulated_how_many(&prepared.steps, days, &trials)
        }
    };
    let per_day = sample.done().iter().sum::<f64>()
        / f64::from(sample.used().map(|week| week.working_days).sum::<u32>());
    Some(BacktestWindow {
        first: future.first()?.week,
        done,
        percentiles: PERCENTS
            .map(|percent| percentile(percent, &chances, &prepared, assumptions.unit))
            .to_vec(),
        crps: crps(&chances, prepared.remaining as usize) * prepared.amount(1),
        crps_of_mean: (done - per_day * f64::from(days)).abs(),
    })
}

fn percentile(
    percent: u32,
    chances: &Distribution,
    prepared: &Prepared,
    unit: Unit,
) -> BacktestPercentile {
    let grains = chances.largest_reached(f64::from(percent) / 100.0);
    let amount = prepared.amount(grains);
    BacktestPercentile {
        percent,
        amount: if unit == Unit::Items { amount.floor() } else { amount },
        share: chances.at_least(grains),
        is_hit: prepared.remaining as usize >= grains,
    }
}

/// The continuous ranked probability score on whole numbers: the sum over all of them of
/// (chance of at most k − whether the outcome was at most k)².
fn crps(chances: &Distribution, outcome: usize) -> f64 {
    let distance = |k: usize| chances.at_most(k) - if outcome <= k { 1.0 } else { 0.0 };
    (0..chances.len().max(outcome)).map(|k| distance(k) * distance(k)).sum()
}

fn hit_rate(percent: u32, windows: &[BacktestWindow]) -> HitRate {
    let said = windows.iter().flat_map(|window| &window.percentiles);
    let outcomes: Vec<Outcome> = said
        .filter(|said| said.percent == percent)
        .map(|said| Outcome { chance: said.share, is_hit: said.is_hit })
        .collect();
    HitRate::judge(percent, &outcomes)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
