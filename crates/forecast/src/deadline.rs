//! A deadline or milestone: its odds, and the pace that it takes.

use metrics::{Overdue, Unit};
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
    /// Of a deadline whose work is done, or that has no working day left. It was missed if anything was
    /// open when it passed; what came or was opened again later is not what it was about.
    pub(crate) fn decided(
        deadline: &Deadline,
        (as_of, overdue): (Date, Option<&[Overdue]>),
        left: f64,
        unit: Unit,
    ) -> DeadlineOdds {
        let (name, date) = (deadline.name.clone(), deadline.date);
        let has_passed = date < as_of;
        // What was open then is no amount that somebody asks about. Where it is not known of all what was,
        // what is left decides.
        let is_known = |late: &Overdue| late.is_known || late.deadline != date;
        let overdue = overdue.filter(|all| has_passed && all.iter().all(is_known));
        let late = overdue.unwrap_or_default().iter().filter(|late| late.deadline == date);
        let (open, done): (Vec<&Overdue>, Vec<&Overdue>) =
            late.partition(|late| late.done.is_none());
        let last = done.iter().filter_map(|late| late.done).max();
        // Without issues nobody knows since when what is left is there.
        let is_left = overdue.map_or(left > 0.0, |_| !open.is_empty());
        let (odds, sentence) = if is_left {
            // Of these the items are known.
            let (left, unit) = overdue.map_or((left, unit), |_| (open.len() as f64, Unit::Items));
            let sentence = ForecastStatement::DeadlineMissed { name, date, has_passed, left, unit };
            (Odds::Missed, sentence)
        } else if let Some(finished_on) = last {
            (Odds::Missed, ForecastStatement::DeadlineOverrun { name, date, finished_on })
        } else if left > 0.0 {
            (Odds::Certain, ForecastStatement::DeadlineMet { name, date })
        } else {
            (Odds::Certain, ForecastStatement::DeadlineHeld { name, date })
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

    #[track_caller]
    fn check(overdue: Option<&[Option<&str>]>, left: f64, want: (Odds, &str)) {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let deadline = Deadline { name: "Beta".to_owned(), date: day("2026-03-01") };
        let of = |deadline: Date, done: &Option<&str>| Overdue {
            deadline,
            done: done.map(day),
            is_known: true,
        };
        let mut late: Vec<Overdue> =
            overdue.into_iter().flatten().map(|done| of(deadline.date, done)).collect();
        // What was late for another day is none of its business.
        late.push(of(day("2026-02-01"), &Some("2026-05-05")));
        late.push(of(day("2026-02-01"), &None));
        let late = overdue.map(|_| late.as_slice());
        let found = DeadlineOdds::decided(&deadline, (day("2026-06-01"), late), left, Unit::Items);
        let said = match &found.sentence {
            ForecastStatement::DeadlineHeld { .. } => "held".to_owned(),
            ForecastStatement::DeadlineMet { .. } => "met".to_owned(),
            ForecastStatement::DeadlineOverrun { finished_on, .. } => finished_on.to_string(),
            ForecastStatement::DeadlineMissed { left, .. } => format!("{left} left"),
            other => format!("{other:?}"),
        };
        assert_eq!((found.odds, said.as_str()), want, "{overdue:?} {left}");
    }

    #[test]
    fn a_deadline_is_about_what_was_open_when_it_passed() {
        check(Some(&[]), 0.0, (Odds::Certain, "held"));
        check(Some(&[Some("2026-03-02")]), 0.0, (Odds::Missed, "2026-03-02"));
        // Five are left, all of which came or were opened again later.
        check(Some(&[]), 5.0, (Odds::Certain, "met"));
        check(Some(&[Some("2026-03-02")]), 5.0, (Odds::Missed, "2026-03-02"));
        check(Some(&[None, None, Some("2026-03-02")]), 5.0, (Odds::Missed, "2 left"));
        check(None, 5.0, (Odds::Missed, "5 left"));
        check(None, 0.0, (Odds::Certain, "held"));
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
