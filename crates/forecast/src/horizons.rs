//! How past forecasts held at the horizons that pages show: amounts in so many weeks, and the dates
//! of so many items.

use serde::{Deserialize, Serialize};

use crate::hit_rate::{HitRate, Outcome};
use crate::statement::ForecastStatement;
use crate::when::{HEADLINE_PERCENT, PERCENTS};

/// Weeks ahead for which it is shown how much is done.
pub const SHOWN_WEEKS: [usize; 3] = [4, 8, 12];
/// Amounts of which it is shown when they are done.
pub const SHOWN_AMOUNTS: [f64; 3] = [10.0, 20.0, 40.0];

/// What was asked of past forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "asked", rename_all = "snake_case")]
pub enum HorizonAsked {
    /// How much is done in so many weeks.
    Weeks {
        /// So many.
        weeks: usize,
    },
    /// When so much is done.
    Amount {
        /// So much.
        amount: f64,
    },
    /// When as much is done as was open.
    Open,
}

/// How forecasts with one horizon held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HorizonHeld {
    /// What was asked.
    #[serde(flatten)]
    pub asked: HorizonAsked,
    /// How often it held, by percentile, of forecasts that do not overlap.
    pub hit_rates: Vec<HitRate>,
    /// How often the percentile of the headline did.
    pub sentence: ForecastStatement,
}

/// What became of a past forecast, by percentile.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PastAnswer {
    /// After how many weeks it was made.
    pub made_after: usize,
    pub asked: HorizonAsked,
    /// Of each of [`PERCENTS`] that can be judged: after how many weeks, and what came of it.
    pub said: [Option<(usize, Outcome)>; PERCENTS.len()],
}

/// All horizons, with the forecasts that can be judged; `answers` are in the order of their weeks.
pub(crate) fn held(answers: &[PastAnswer]) -> Vec<HorizonHeld> {
    let weeks = SHOWN_WEEKS.map(|weeks| HorizonAsked::Weeks { weeks });
    let amounts = SHOWN_AMOUNTS.map(|amount| HorizonAsked::Amount { amount });
    let all = weeks.into_iter().chain(amounts).chain([HorizonAsked::Open]);
    all.map(|asked| HorizonHeld::of(asked, hit_rates(asked, answers), HEADLINE_PERCENT)).collect()
}

impl HorizonHeld {
    /// What is said of the rate of that percentile.
    fn of(asked: HorizonAsked, hit_rates: Vec<HitRate>, percent: u32) -> HorizonHeld {
        let told = hit_rates.iter().find(|rate| rate.percent == percent);
        let (hits, forecasts, overlooked_percent) = told
            .map(|rate| (rate.hits as u64, rate.forecasts as u64, rate.overlooked_percent))
            .unwrap_or_default();
        let sentence =
            ForecastStatement::PastHeld { asked, percent, hits, forecasts, overlooked_percent };
        HorizonHeld { asked, hit_rates, sentence }
    }

    /// The same with a sentence about another percentile.
    #[must_use]
    pub fn telling(self, percent: u32) -> HorizonHeld {
        HorizonHeld::of(self.asked, self.hit_rates, percent)
    }
}

fn hit_rates(asked: HorizonAsked, answers: &[PastAnswer]) -> Vec<HitRate> {
    let of = |(place, percent): (usize, u32)| {
        let chosen = answers.iter().rev().filter(|answer| answer.asked == asked);
        let mut outcomes = Vec::new();
        // From the newest back: a forecast whose weeks reach into a later one's is left out.
        let mut next_made = usize::MAX;
        for answer in chosen {
            let said = answer.said.get(place).copied().flatten();
            if let Some((_, outcome)) = said.filter(|(over, _)| *over <= next_made) {
                outcomes.push(outcome);
                next_made = answer.made_after;
            }
        }
        HitRate::judge(percent, &outcomes)
    };
    PERCENTS.into_iter().enumerate().map(of).collect()
}
