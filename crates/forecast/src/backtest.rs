//! Past weeks forecast from what was known before them, next to what they brought.

use metrics::{Measured, Reason, Unit, WeeklyTable};
use model::{Remedy, Week};
use serde::Serialize;

use crate::assumptions::Assumptions;
use crate::distribution::Distribution;
use crate::history::HistoryWeek;
use crate::hit_rate::{HitRate, Outcome};
use crate::horizons::{HorizonAsked, HorizonHeld, PastAnswer, SHOWN_AMOUNTS, SHOWN_WEEKS, held};
use crate::past_forecast::Past;
use crate::prepared::Prepared;
use crate::source::{Answers, Ask, Work};
use crate::when::PERCENTS;

/// Futures per forecast: their noise is far below that of a few dozen windows.
const TRIALS: u32 = 1_000;
/// The first forecast of a long window is made from so many weeks.
const KNOWN_WEEKS_MIN: usize = 12;
/// More past forecasts, one every few weeks, are of another team.
const FORECASTS_MAX: usize = 60;

/// How forecasts of past weeks did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// How many weeks each forecast looked ahead.
    pub horizon_weeks: usize,
    /// The forecasts, oldest first; no week is in two of them.
    pub windows: Vec<BacktestWindow>,
    /// How often they came true, by percentile.
    pub hit_rates: Vec<HitRate>,
    /// The same at each horizon that is shown.
    pub horizons: Vec<HorizonHeld>,
    /// The mean distance of forecast and outcome (CRPS), in the unit; less is better.
    pub crps: f64,
    /// The same of one who says "the mean of the sample".
    pub crps_of_mean: f64,
}

impl Backtest {
    /// The same with sentences about another percentile.
    #[must_use]
    pub fn telling(self, percent: u32) -> Backtest {
        let horizons = self.horizons.into_iter().map(|held| held.telling(percent)).collect();
        Backtest { horizons, ..self }
    }
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
        let past = Past::read(table, assumptions, points_each);
        let weeks = past.weeks();
        let ahead = horizon_weeks.max(1);
        let looks = looks(&past, &weeks, ahead);
        let windows: Vec<BacktestWindow> = looks.iter().map(|look| look.window.clone()).collect();
        if windows.is_empty() {
            let needed = least_known(assumptions) + horizon_weeks;
            let reason = Reason::ShortPast { needed: needed as u64 };
            return Measured::unavailable(reason, Remedy::ChooseShorterWindow);
        }
        let answers: Vec<PastAnswer> = looks.into_iter().flat_map(|look| look.answers).collect();
        Measured::Known {
            sample: windows.len() as u64,
            window: past.window(),
            rule: rule.to_owned(),
            notes: Vec::new(),
            value: Backtest {
                horizon_weeks,
                hit_rates: PERCENTS.map(|percent| hit_rate(percent, &windows)).to_vec(),
                horizons: held(&answers),
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

/// What a past forecast said, and what came of it.
struct Look {
    window: BacktestWindow,
    answers: Vec<PastAnswer>,
}

fn looks(past: &Past<'_>, weeks: &[&HistoryWeek], ahead: usize) -> Vec<Look> {
    let least = least_known(past.assumptions());
    let first = weeks.len().saturating_sub(least) % ahead;
    let origins: Vec<usize> = (least + first..weeks.len()).step_by(ahead).collect();
    let skipped = origins.len().saturating_sub(FORECASTS_MAX);
    origins
        .into_iter()
        .skip(skipped)
        .filter_map(|origin| look(past, weeks, origin, ahead))
        .collect()
}

/// `None` where nothing would have been said.
fn look(past: &Past<'_>, weeks: &[&HistoryWeek], origin: usize, ahead: usize) -> Option<Look> {
    let (known, future) = weeks.split_at_checked(origin)?;
    let sample = past.sample(known)?;
    let future = Aftermath::of(future);
    let horizons: Vec<usize> = std::iter::once(ahead)
        .chain(SHOWN_WEEKS)
        .filter(|weeks| *weeks <= future.ends.len())
        .collect();
    let open = known.last().and_then(|week| week.open).filter(|open| *open > 0.0);
    let amounts: Vec<f64> = SHOWN_AMOUNTS.into_iter().chain(open).collect();
    let ask = Ask {
        works: amounts
            .iter()
            .map(|remaining| Work { remaining: *remaining, grows: false })
            .collect(),
        days: horizons.iter().map(|weeks| future.day(*weeks)).collect(),
        days_max: future.day(future.ends.len()),
    };
    let found = past.answer(&sample, origin, TRIALS, &ask);
    let mut answers = Vec::new();
    for (place, weeks) in horizons.iter().enumerate().skip(1) {
        let (chances, prepared) = found.amounts.get(place)?;
        let asked = HorizonAsked::Weeks { weeks: *weeks };
        let said = PERCENTS.map(|percent| {
            let said = percentile(percent, chances, prepared, future.done(*weeks), sample.unit);
            Some((origin + weeks, Outcome { chance: said.share, is_hit: said.is_hit }))
        });
        answers.push(PastAnswer { made_after: origin, asked, said });
    }
    for (place, (amount, chances)) in amounts.iter().zip(&found.finishes).enumerate() {
        let asked = match place {
            place if place < SHOWN_AMOUNTS.len() => HorizonAsked::Amount { amount: *amount },
            _ => HorizonAsked::Open,
        };
        let said = PERCENTS.map(|percent| future.date(percent, chances, *amount, origin));
        answers.push(PastAnswer { made_after: origin, asked, said });
    }
    Some(Look { window: window_of(&sample, &future, ahead, &found)?, answers })
}

/// What came after a past forecast.
struct Aftermath<'w> {
    weeks: &'w [&'w HistoryWeek],
    /// How much was done, and how many working days had passed, after each week.
    ends: Vec<(f64, u32)>,
}

impl<'w> Aftermath<'w> {
    fn of(weeks: &'w [&'w HistoryWeek]) -> Aftermath<'w> {
        let mut end = (0.0, 0);
        let next = |week: &&HistoryWeek| {
            end = (end.0 + week.week.done, end.1 + week.week.working_days);
            end
        };
        Aftermath { ends: weeks.iter().map(next).collect(), weeks }
    }

    /// After the first weeks.
    fn end(&self, weeks: usize) -> (f64, u32) {
        weeks.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or_default()
    }

    fn day(&self, weeks: usize) -> u32 {
        self.end(weeks).1
    }

    fn done(&self, weeks: usize) -> f64 {
        self.end(weeks).0
    }

    /// In which week it was said that `amount` is done, and whether it was. A day beyond the weeks
    /// that have come cannot be judged, whatever came.
    fn date(
        &self,
        percent: u32,
        chances: &Distribution,
        amount: f64,
        origin: usize,
    ) -> Option<(usize, Outcome)> {
        let day = chances.smallest_within(f64::from(percent) / 100.0)?;
        let week = self.ends.partition_point(|(_, end)| (*end as usize) < day) + 1;
        let (done, end) = self.ends.get(week - 1)?;
        // What was done on which day of its week is not known.
        let chance = chances.at_most(*end as usize);
        Some((origin + week, Outcome { chance, is_hit: *done >= amount }))
    }
}

fn window_of(
    sample: &crate::sample::Sample,
    future: &Aftermath<'_>,
    ahead: usize,
    found: &Answers,
) -> Option<BacktestWindow> {
    let (chances, prepared) = found.amounts.first()?;
    let (done, days) = future.end(ahead);
    let per_day = sample.done().iter().sum::<f64>()
        / f64::from(sample.used().map(|week| week.working_days).sum::<u32>());
    let outcome = prepared.grains(done) as usize;
    Some(BacktestWindow {
        first: future.weeks.first()?.week.week,
        done,
        percentiles: PERCENTS
            .map(|percent| percentile(percent, chances, prepared, done, sample.unit))
            .to_vec(),
        crps: crps(chances, outcome) * prepared.amount(1),
        crps_of_mean: (done - per_day * f64::from(days)).abs(),
    })
}

fn percentile(
    percent: u32,
    chances: &Distribution,
    prepared: &Prepared,
    done: f64,
    unit: Unit,
) -> BacktestPercentile {
    let grains = chances.largest_reached(f64::from(percent) / 100.0);
    let amount = prepared.amount(grains);
    BacktestPercentile {
        percent,
        amount: if unit == Unit::Items { amount.floor() } else { amount },
        share: chances.at_least(grains),
        is_hit: prepared.grains(done) as usize >= grains,
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
