//! The numbers of a forecast that scripts ask for, at a place that stays: the days by which it is
//! done, and how likely each deadline holds.

use forecast::{Forecast, Odds, When};
use metrics::Measured;
use model::Date;
use serde::Serialize;

/// The days by which as many items as are open are done, by chance; `None` where no day is in sight
/// or nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct DoneBy {
    /// With 50 %.
    pub p50: Option<Date>,
    /// With 70 %.
    pub p70: Option<Date>,
    /// With 85 %.
    pub p85: Option<Date>,
    /// With 95 %.
    pub p95: Option<Date>,
}

/// How likely a deadline holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineChance {
    /// The chance as it is told.
    #[serde(skip)]
    pub odds: Option<Odds>,
    /// What it is called.
    pub name: String,
    /// The day; work done on it is in time.
    pub date: Date,
    /// The chance in whole percent that as many items as are open are done by then, or what it is at
    /// least: 95 stands for all above, 0 for all below 1. `None` if it is not known.
    pub at_least_percent: Option<u8>,
    /// The same of nothing being left, if the scope grows as in the sample; `None` unless it does.
    pub at_least_percent_growing: Option<u8>,
}

impl DoneBy {
    pub(super) fn of(when: &Measured<When>) -> DoneBy {
        let date = |percent| when.known()?.percentile(percent)?.date;
        DoneBy { p50: date(50), p70: date(70), p85: date(85), p95: date(95) }
    }
}

impl DeadlineChance {
    pub(super) fn all_of(forecast: &Forecast) -> Vec<DeadlineChance> {
        let chance = |answer: &forecast::DeadlineAnswer| {
            let odds = match &answer.odds {
                Measured::Known { value, .. } => Some(value),
                Measured::Unavailable { .. } => None,
            };
            DeadlineChance {
                odds: odds.map(|odds| odds.odds),
                name: answer.deadline.name.clone(),
                date: answer.deadline.date,
                at_least_percent: odds.map(|odds| odds.odds.at_least_percent()),
                at_least_percent_growing: odds
                    .and_then(|odds| odds.odds_growing)
                    .map(Odds::at_least_percent),
            }
        };
        forecast.deadlines.iter().map(chance).collect()
    }
}
