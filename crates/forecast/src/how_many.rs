//! How much is done by a date.

use metrics::Unit;
use model::Date;
use serde::Serialize;

use crate::distribution::Distribution;
use crate::prepared::Prepared;
use crate::statement::ForecastStatement;
use crate::when::PERCENTS;

/// How much is done by a date if there is always enough to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HowMany {
    /// The date.
    pub date: Date,
    /// Working days up to it.
    pub working_days: u32,
    /// [`PERCENTS`] as amounts.
    pub percentiles: Vec<HowManyPercentile>,
    /// The answer in short.
    pub sentence: ForecastStatement,
}

/// An amount that is done with some chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HowManyPercentile {
    /// The chance that was asked for.
    pub percent: u32,
    /// The largest amount that has it; items are whole.
    pub amount: f64,
    /// The chance that the amount really has, which is at least what was asked for.
    pub share: f64,
}

impl HowMany {
    /// The amount that at least so many percent of the futures reach.
    pub fn percentile(&self, percent: u32) -> Option<&HowManyPercentile> {
        self.percentiles.iter().find(|said| said.percent == percent)
    }

    pub(crate) fn read(
        chances: &Distribution,
        (date, working_days): (Date, u32),
        prepared: &Prepared,
        (unit, told): (Unit, u32),
    ) -> HowMany {
        let percentile = |percent: u32| {
            let grains = chances.largest_reached(f64::from(percent) / 100.0);
            let amount = prepared.amount(grains);
            let amount = if unit == Unit::Items { amount.floor() } else { amount };
            HowManyPercentile { percent, amount, share: chances.at_least(grains) }
        };
        let percentiles: Vec<HowManyPercentile> = PERCENTS.into_iter().map(percentile).collect();
        let headline = percentiles.iter().find(|found| found.percent == told);
        let sentence = ForecastStatement::LikelyAmount {
            percent: told,
            amount: headline.map_or(0.0, |found| found.amount),
            unit,
            date,
        };
        HowMany { date, working_days, percentiles, sentence }
    }
}
