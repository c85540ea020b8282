//! What a forecast states, as codes and values.

use metrics::{Reason, Unit};
use model::Date;
use serde::{Deserialize, Serialize};

use crate::hit_rate::Verdict;
use crate::horizons::HorizonAsked;
use crate::odds::Odds;

/// A statement about the future, or about how forecasts did; the crate `words` says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ForecastStatement {
    /// Several, one after the other.
    All {
        /// They.
        said: Vec<ForecastStatement>,
    },
    /// What is said if new work keeps coming as in the sample.
    IfItGrows {
        /// It.
        said: Box<ForecastStatement>,
    },
    /// What was said of a day that has passed since.
    HasPassed {
        /// It.
        said: Box<ForecastStatement>,
    },
    /// By when as much more is likely done as there is to do now.
    LikelyBy {
        /// How likely, in percent.
        percent: u32,
        /// So much.
        amount: f64,
        /// Of what.
        unit: Unit,
        /// Whether that is as much as is open, rather than an amount that was asked for.
        is_open: bool,
        /// The day; `None` if it is not within the horizon.
        date: Option<Date>,
        /// The chance that it is not done within the horizon at all, from 0 to 1.
        unfinished: f64,
    },
    /// When work that has an end is done, with what that takes for granted about growth.
    DoneBy {
        /// How likely, in percent.
        percent: u32,
        /// So much is left.
        amount: f64,
        /// Of what.
        unit: Unit,
        /// Whether it is taken to grow as in the sample.
        grows: bool,
        /// The day; `None` if it is not within the horizon.
        date: Option<Date>,
        /// The chance that it is not done within the horizon at all, from 0 to 1.
        unfinished: f64,
        /// The day for what is left today, where it grows.
        today_by: Option<Date>,
    },
    /// It is not known.
    Unknown {
        /// Why.
        reason: Reason,
    },
    /// Nothing is left to do.
    NothingLeft,
    /// The work is likely done by a day.
    LikelyDone {
        /// How likely, in percent.
        percent: u32,
        /// The day.
        date: Date,
        /// The chance that it is not done within the horizon at all, from 0 to 1.
        unfinished: f64,
    },
    /// A delivery is likely done by a day.
    DeliveryDone {
        /// How likely, in percent.
        percent: u32,
        /// The day if the scope goes on as so far; `None` if it is not within the horizon.
        date: Option<Date>,
        /// The day for what is in it now.
        alone: Option<Date>,
        /// Items that are open now.
        left: u64,
        /// Whether it is taken to grow.
        grows: bool,
        /// The chance that it is not done within the horizon at all, from 0 to 1.
        unfinished: f64,
    },
    /// A delivery is done.
    DeliveryOver {
        /// Its items.
        items: u64,
    },
    /// The work is not likely done within the horizon.
    NotInSight {
        /// The chance that it is not, from 0 to 1.
        unfinished: f64,
    },
    /// So much is likely done by a day.
    LikelyAmount {
        /// How likely, in percent.
        percent: u32,
        /// At least so much.
        amount: f64,
        /// Of what.
        unit: Unit,
        /// The day.
        date: Date,
    },
    /// How likely a deadline holds.
    DeadlineOdds {
        /// What it is called.
        name: String,
        /// The day.
        date: Date,
        /// The odds of the scope of today.
        odds: Odds,
        /// The odds if the scope grows as in the sample; `None` unless it does.
        growing: Option<Odds>,
    },
    /// A deadline has passed, and what is left came or was opened again later.
    DeadlineMet {
        /// What it is called.
        name: String,
        /// The day.
        date: Date,
    },
    /// A deadline holds, as nothing is left to do.
    DeadlineHeld {
        /// What it is called.
        name: String,
        /// The day.
        date: Date,
    },
    /// A deadline was missed by what is done now.
    DeadlineOverrun {
        /// What it is called.
        name: String,
        /// The day.
        date: Date,
        /// The day on which the last of it was done.
        finished_on: Date,
    },
    /// A deadline has passed, or has no working day left.
    DeadlineMissed {
        /// What it is called.
        name: String,
        /// The day.
        date: Date,
        /// Whether the day has passed.
        has_passed: bool,
        /// What is left.
        left: f64,
        /// Of what.
        unit: Unit,
    },
    /// How fast new work comes, less what is cancelled, beside how fast it is done.
    NewWork {
        /// So much a week comes.
        arrived: f64,
        /// So much a week is done.
        done: f64,
        /// Of what.
        unit: Unit,
    },
    /// The scope is taken to stay, as it hardly changed or as was asked for.
    ScopeStays {
        /// Whether that was asked for.
        is_asked: bool,
    },
    /// What the old app would have said.
    OldAppDate {
        /// The day.
        date: Date,
        /// The odds that it holds for the scope of today.
        odds: Odds,
        /// The odds if the scope grows as in the sample; `None` unless it does.
        growing: Option<Odds>,
    },
    /// By how much the pace moves.
    PaceMoves {
        /// By which factor within a quarter.
        factor_a_quarter: f64,
        /// Whether there are too few weeks to know it.
        is_too_young: bool,
    },
    /// How often past forecasts with one horizon held.
    PastHeld {
        /// What was asked of them.
        asked: HorizonAsked,
        /// With which percentile.
        percent: u32,
        /// How many held.
        hits: u64,
        /// Of so many.
        forecasts: u64,
        /// The lowest rate that such a check would overlook more than once in five times.
        overlooked_percent: Option<u32>,
    },
    /// How often forecasts came true.
    CameTrue {
        /// How many did.
        hits: u64,
        /// Of so many.
        forecasts: u64,
        /// Where so many were to be expected.
        expected: f64,
        /// What follows.
        verdict: Verdict,
    },
}

impl ForecastStatement {
    /// The same as it is told on a day: what it says of days before that one has passed.
    #[must_use]
    pub fn told_on(self, today: Date) -> ForecastStatement {
        match self {
            ForecastStatement::All { said } => ForecastStatement::All {
                said: said.into_iter().map(|said| said.told_on(today)).collect(),
            },
            ForecastStatement::IfItGrows { said } => {
                ForecastStatement::IfItGrows { said: Box::new(said.told_on(today)) }
            }
            said if said.day().is_some_and(|day| day < today) => {
                ForecastStatement::HasPassed { said: Box::new(said) }
            }
            said => said,
        }
    }

    /// The day to come that it names.
    fn day(&self) -> Option<Date> {
        match self {
            ForecastStatement::LikelyBy { date, .. }
            | ForecastStatement::DoneBy { date, .. }
            | ForecastStatement::DeliveryDone { date, .. } => *date,
            ForecastStatement::LikelyDone { date, .. }
            | ForecastStatement::LikelyAmount { date, .. }
            | ForecastStatement::DeadlineOdds { date, .. }
            | ForecastStatement::OldAppDate { date, .. } => Some(*date),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_before_today_have_passed() {
        let said = |day: i8| ForecastStatement::LikelyAmount {
            percent: 85,
            amount: 3.0,
            unit: Unit::Items,
            date: Date::constant(2026, 3, day),
        };
        let passed = |day| ForecastStatement::HasPassed { said: Box::new(said(day)) };
        let all = |said: Vec<ForecastStatement>| ForecastStatement::All { said };
        let today = Date::constant(2026, 3, 10);
        let told = all(vec![said(9), said(10), ForecastStatement::NothingLeft]).told_on(today);
        assert_eq!(told, all(vec![passed(9), said(10), ForecastStatement::NothingLeft]));
        // What has passed is not wrapped again.
        assert_eq!(told.clone().told_on(today), told);
        let grows = ForecastStatement::IfItGrows { said: Box::new(said(1)) };
        let want = ForecastStatement::IfItGrows { said: Box::new(passed(1)) };
        assert_eq!(grows.told_on(today), want);
    }
}
