//! A deadline or milestone: its odds, and the pace that it takes.

use metrics::Unit;
use model::Date;
use serde::{Deserialize, Serialize};

use crate::answer::DoneSpan;
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
    /// The odds that as many as are to be done now are done by then.
    pub odds: Odds,
    /// The odds that nothing is left then, if the scope grows as in the sample; `None` unless it
    /// does.
    pub odds_growing: Option<Odds>,
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
    /// Of a deadline whose work is done, or that has no working day left. What was open on the day and is
    /// done since was late.
    pub(crate) fn decided(
        deadline: &Deadline,
        (as_of, done): (Date, &[DoneSpan]),
        left: f64,
        unit: Unit,
    ) -> DeadlineOdds {
        let (name, date) = (deadline.name.clone(), deadline.date);
        let late = done.iter().filter(|span| span.created <= date && span.done > date);
        let last = late.map(|span| span.done).max();
        let (odds, sentence) = if left <= 0.0 {
            match last {
                Some(finished_on) => {
                    (Odds::Missed, ForecastStatement::DeadlineOverrun { name, date, finished_on })
                }
                None => (Odds::Certain, ForecastStatement::DeadlineHeld { name, date }),
            }
        } else {
            let has_passed = date < as_of;
            let sentence = ForecastStatement::DeadlineMissed { name, date, has_passed, left, unit };
            (Odds::Missed, sentence)
        };
        DeadlineOdds { odds, odds_growing: None, pace: None, sentence }
    }

    pub(crate) fn open(
        deadline: &Deadline,
        chance: f64,
        growing: Option<f64>,
        pace: Option<Pace>,
    ) -> DeadlineOdds {
        let (odds, odds_growing) = (Odds::of(chance), growing.map(Odds::of));
        let (name, date) = (deadline.name.clone(), deadline.date);
        let sentence = ForecastStatement::DeadlineOdds { name, date, odds, growing: odds_growing };
        DeadlineOdds { odds, odds_growing, pace, sentence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_after_the_day_missed_it() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let deadline = Deadline { name: "Beta".to_owned(), date: day("2026-03-01") };
        let span = |created, done| DoneSpan { created: day(created), done: day(done) };
        let odds = |done: &[DoneSpan]| {
            DeadlineOdds::decided(&deadline, (day("2026-06-01"), done), 0.0, Unit::Items).odds
        };
        let in_time = span("2026-01-01", "2026-03-01");
        assert_eq!(odds(&[in_time]), Odds::Certain);
        // Work that came later is not what the day was about.
        assert_eq!(odds(&[in_time, span("2026-03-02", "2026-04-01")]), Odds::Certain);
        assert_eq!(odds(&[in_time, span("2026-03-01", "2026-03-02")]), Odds::Missed);
    }

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
