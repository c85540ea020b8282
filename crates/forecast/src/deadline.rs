//! A deadline or milestone: its odds, and the pace that it takes.

use metrics::Unit;
use model::Date;
use serde::{Deserialize, Serialize};

use crate::odds::Odds;
use crate::statement::ForecastStatement;

/// A day by which the work should be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What it is called, e.g. "deadline".
    pub name: String,
    /// The day; work done on it is in time.
    pub date: Date,
}

/// How likely a deadline holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadlineOdds {
    /// The odds.
    pub odds: Odds,
    /// The pace that it takes; `None` if there is no working day left, or no work.
    pub pace: Option<Pace>,
    /// The odds with what they are of.
    pub sentence: ForecastStatement,
}

/// The pace that a deadline takes, beside that of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pace {
    /// Working weeks up to the deadline.
    pub weeks_left: f64,
    /// What has to be done in each, if nothing is added.
    pub needed: f64,
    /// What half of the sample's weeks reached (its P50).
    pub typical: f64,
    /// What 85 % of the sample's weeks reached (its P15).
    pub poor: f64,
}

impl Pace {
    /// `days` working days of which a week has `days_a_week`, next to what the weeks had done.
    pub(crate) fn read(remaining: f64, days: u32, days_a_week: u32, done: &[f64]) -> Option<Pace> {
        let weeks_left = f64::from(days) / f64::from(days_a_week);
        (days > 0 && days_a_week > 0).then_some(Pace {
            weeks_left,
            needed: remaining / weeks_left,
            typical: reached_by(done, 50)?,
            poor: reached_by(done, 85)?,
        })
    }
}

/// The most that at least `percent` of the weeks reached.
fn reached_by(done: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = done.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied()
}

impl DeadlineOdds {
    /// Of a deadline whose work is done, or that has no working day left.
    pub(crate) fn decided(deadline: &Deadline, as_of: Date, left: f64, unit: Unit) -> DeadlineOdds {
        let (name, date) = (deadline.name.clone(), deadline.date);
        let (odds, sentence) = if left <= 0.0 {
            (Odds::Certain, ForecastStatement::DeadlineHeld { name, date })
        } else {
            let has_passed = date < as_of;
            let sentence = ForecastStatement::DeadlineMissed { name, date, has_passed, left, unit };
            (Odds::Missed, sentence)
        };
        DeadlineOdds { odds, pace: None, sentence }
    }

    pub(crate) fn open(deadline: &Deadline, chance: f64, pace: Option<Pace>) -> DeadlineOdds {
        let odds = Odds::of(chance);
        let (name, date) = (deadline.name.clone(), deadline.date);
        DeadlineOdds { odds, pace, sentence: ForecastStatement::DeadlineOdds { name, date, odds } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_what_weeks_reached() {
        let done = [0.0, 2.0, 5.0, 5.0, 6.0, 7.0, 9.0, 1.0, 4.0, 3.0];
        let pace = Pace::read(40.0, 20, 5, &done).unwrap();
        assert_eq!((pace.weeks_left, pace.needed), (4.0, 10.0));
        // 5 of 10 weeks reached 5, 9 of 10 reached 1: 8 reached only 2.
        assert_eq!((pace.typical, pace.poor), (5.0, 1.0));
        assert_eq!(Pace::read(40.0, 0, 5, &done), None);
        assert_eq!(Pace::read(40.0, 20, 5, &[]), None);
    }
}
