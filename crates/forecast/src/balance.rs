//! What it would take to keep up: where new work comes faster than it is done, or a deadline comes
//! before the work can be done on average.

use model::Date;
use serde::Serialize;

use crate::answer::DeadlineAnswer;
use crate::deadline::Deadline;
use crate::growth::GrowthUsed;
use crate::odds::Odds;

/// How far work is looked at where no deadline is set, in weeks.
const WEEKS_USUAL: f64 = 12.0;
/// No pace is asked for that is further from what it is.
const FOCUS_MAX: f64 = 300.0;

/// Three ways to keep up, each alone, by the means of the window: more than even odds take more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Balance {
    /// By when all is to be done; `None` where it is only not to grow.
    pub target: Option<Deadline>,
    /// The weeks up to then.
    pub weeks: f64,
    /// The pace that it takes, in percent of what it is; `None` beyond 300.
    pub focus_percent: Option<u32>,
    /// New work a week that fits; `None` if none does.
    pub arrivals: Option<f64>,
    /// The same in percent of what comes.
    pub arrivals_percent: Option<u32>,
    /// Work that would have to go; `None` if that is more than is open.
    pub dropped: Option<f64>,
}

impl Balance {
    /// Of `open` work up to the next deadline that cannot be kept, else where work grows; `None`
    /// where nothing has to change.
    pub(crate) fn of(
        open: f64,
        growth: &GrowthUsed,
        deadline: Option<&DeadlineAnswer>,
        as_of: Date,
    ) -> Option<Balance> {
        let (arrived, done) = (growth.per_week, growth.done_per_week);
        if !growth.is_on || open <= 0.0 || done <= 0.0 || arrived <= 0.0 {
            return None;
        }
        let coming = deadline.filter(|found| found.deadline.date > as_of && !is_kept(found));
        let weeks = coming.and_then(|found| Some(found.odds.known()?.pace?.weeks_left));
        let target = coming.zip(weeks).map(|(found, weeks)| (found.deadline.clone(), weeks));
        let to_target = target.and_then(|(deadline, weeks)| {
            let found = Balance::over(open, weeks, arrived, done);
            found.map(|found| Balance { target: Some(deadline), ..found })
        });
        let possible = |found: Balance| {
            let dropped = found.dropped.filter(|gone| *gone <= open);
            Some(Balance { dropped, ..found }).filter(Balance::has_way)
        };
        // Where nothing keeps the deadline any more, work can still be kept from growing.
        let to_keep_up = || Balance::over(0.0, WEEKS_USUAL, arrived, done).and_then(possible);
        to_target.and_then(possible).or_else(to_keep_up)
    }

    fn has_way(&self) -> bool {
        self.focus_percent.is_some() || self.arrivals.is_some() || self.dropped.is_some()
    }

    /// So that `open` work and what arrives is done within so many weeks.
    fn over(open: f64, weeks: f64, arrived: f64, done: f64) -> Option<Balance> {
        let dropped = (open + weeks * (arrived - done)).ceil();
        if dropped <= 0.0 {
            return None;
        }
        let focus = ((open / weeks + arrived) / done * 100.0).ceil();
        let arrivals = Some(done - open / weeks).filter(|fits| *fits >= 0.0);
        Some(Balance {
            target: None,
            weeks,
            focus_percent: (focus <= FOCUS_MAX).then_some(focus as u32),
            arrivals,
            arrivals_percent: arrivals.map(|fits| (fits / arrived * 100.0).floor() as u32),
            dropped: Some(dropped),
        })
    }
}

/// Whether a deadline is as good as kept whatever comes.
fn is_kept(found: &DeadlineAnswer) -> bool {
    let is_sure = |odds: Odds| matches!(odds, Odds::Above95 | Odds::Certain);
    found.odds.known().is_some_and(|known| is_sure(known.odds_growing.unwrap_or(known.odds)))
}

#[cfg(test)]
mod tests {
    use metrics::Measured;

    use super::*;
    use crate::deadline::{DeadlineOdds, Pace};
    use crate::statement::ForecastStatement;

    /// Ten a week come and seven are done: in 12 weeks 36 are too many.
    #[test]
    fn three_ways_keep_up() {
        let found = Balance::over(0.0, 12.0, 10.0, 7.0).unwrap();
        let ways = (found.focus_percent, found.arrivals, found.arrivals_percent, found.dropped);
        assert_eq!(ways, (Some(143), Some(7.0), Some(70), Some(36.0)));
        // 28 more by a deadline in 14 weeks: 2 a week less may come.
        let found = Balance::over(28.0, 14.0, 10.0, 7.0).unwrap();
        let ways = (found.focus_percent, found.arrivals, found.arrivals_percent, found.dropped);
        assert_eq!(ways, (Some(172), Some(5.0), Some(50), Some(70.0)));
        assert_eq!(Balance::over(10.0, 12.0, 5.0, 7.0), None);
        let far = Balance::over(900.0, 1.0, 10.0, 7.0).unwrap();
        assert_eq!((far.focus_percent, far.arrivals, far.arrivals_percent), (None, None, None));
    }

    /// Nobody can drop more than there is; where no other way is left either, none is told.
    #[test]
    fn no_more_is_dropped_than_is_open() {
        let (per_week, done_per_week) = (10.0, 7.0);
        let sentence = ForecastStatement::NothingLeft;
        let growth = |done_per_week| GrowthUsed {
            is_on: true,
            per_week,
            done_per_week,
            sentence: sentence.clone(),
        };
        let as_of = Date::constant(2026, 3, 1);
        let dropped =
            |open, done| Balance::of(open, &growth(done), None, as_of).map(|found| found.dropped);
        assert_eq!(dropped(40.0, done_per_week), Some(Some(36.0)));
        assert_eq!(dropped(20.0, done_per_week), Some(None));
        let far = Balance::over(900.0, 1.0, 10.0, 7.0).unwrap();
        assert!(far.has_way() && !Balance { dropped: None, ..far }.has_way());
    }

    /// 78 items in ten weeks are beyond every pace: what is left is to keep up.
    #[test]
    fn a_deadline_that_nothing_keeps_leaves_the_ways_to_keep_up() {
        let pace = Some(Pace { weeks_left: 9.8, needed: 8.0, typical: 2.0, poor: 1.0 });
        let odds = DeadlineOdds {
            odds: Odds::Below1,
            odds_growing: None,
            pace,
            sentence: ForecastStatement::NothingLeft,
        };
        let date = Date::constant(2026, 5, 10);
        let deadline = DeadlineAnswer {
            deadline: Deadline { name: "Beta".to_owned(), date },
            odds: Measured::Known {
                value: odds,
                sample: 12,
                window: None,
                rule: String::new(),
                notes: Vec::new(),
            },
        };
        let growth = GrowthUsed {
            is_on: true,
            per_week: 3.4,
            done_per_week: 2.5,
            sentence: ForecastStatement::NothingLeft,
        };
        let found =
            Balance::of(78.0, &growth, Some(&deadline), Date::constant(2026, 3, 1)).unwrap();
        assert_eq!(
            (found.target, found.focus_percent, found.dropped),
            (None, Some(136), Some(11.0))
        );
    }
}
