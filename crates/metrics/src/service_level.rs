//! The service level expectation: within how many days which share of started work is done, and the
//! odds that an open item still keeps it.

use model::{Date, Remedy};
use serde::Serialize;

use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::{Measured, Window};
use crate::reason::Reason;
use crate::survival::{SurvivalCurve, stays};

/// Within how many days which share of started work is done. Ages and durations are calendar days,
/// both ends included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceLevel {
    /// The share, in percent.
    pub percent: u32,
    /// The days within which so many are done, open work counted for as long as it is open.
    pub expectation: Expectation,
    /// The days within which so many of the finished ones were; `None` if none was.
    pub of_finished_days: Option<u32>,
    /// How many were done.
    pub delivered: usize,
    /// How many of them within the expectation; `None` where it is not reached.
    pub met: Option<usize>,
    /// How many under way are older than it; `None` where it is not reached.
    pub over: Option<usize>,
}

/// Days, or that so many percent are never done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Expectation {
    /// So many percent are done within these days.
    Reached {
        /// Days.
        days: u32,
    },
    /// Too many stay open.
    NotReached {
        /// Which share is open for longer than `days`, 0 to 1.
        open: f64,
        /// The greatest age that any had.
        days: u32,
    },
}

/// How likely an open item is done within the expectation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ItemOdds {
    /// Its chance, given that it reached its age.
    Within {
        /// From 0 to 1.
        chance: f64,
    },
    /// It is older than the expectation.
    Over,
    /// It is older than any that was done.
    OlderThanAnyFinished,
    /// There is no expectation.
    Unknown,
}

/// What was delivered within a window, and what was open.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceLevels {
    curve: SurvivalCurve,
    /// The days that finished items took, sorted.
    finished_days: Vec<u32>,
    /// The most days that any finished item took, in the window or not.
    longest_finished_days: Option<u32>,
    /// The ages of those under way.
    open_days: Vec<u32>,
}

/// The service levels of the window that cycle times are about; not known where these are not, for the
/// same reason: both rest on the finished items whose start is known.
pub fn service_levels<T>(items: &Items<'_>, times: &Measured<T>) -> Measured<ServiceLevels> {
    match times {
        Measured::Known { sample, window: window @ Some(days), rule, .. } => Measured::Known {
            value: ServiceLevels::read(items, *days),
            sample: *sample,
            window: *window,
            rule: rule.clone(),
            notes: Vec::new(),
        },
        Measured::Known { .. } => {
            Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek)
        }
        Measured::Unavailable { reason, remedy } => Measured::unavailable(*reason, *remedy),
    }
}

impl ServiceLevels {
    /// Of the issues of a window that have a recorded start; open ones as they are at the moment.
    pub fn read(items: &Items<'_>, window: Window) -> ServiceLevels {
        let (mut finished_days, mut longest_finished_days) = (Vec::new(), None);
        for item in items.in_state(State::Done) {
            let Some(date) = item.finished.map(|finished| items.as_of.date_of(finished.at)) else {
                continue;
            };
            let Some(took) = days(items, item, date) else { continue };
            longest_finished_days = longest_finished_days.max(Some(took));
            if (window.first..=window.last).contains(&date) {
                finished_days.push(took);
            }
        }
        let open = items.in_state(State::Open).filter(|item| item.is_under_way);
        let open_days = open.filter_map(|item| days(items, item, items.as_of.date())).collect();
        finished_days.sort_unstable();
        let curve = SurvivalCurve::of(&stays(items, window));
        ServiceLevels { curve, finished_days, longest_finished_days, open_days }
    }

    /// The expectation of so many percent.
    pub fn of(&self, percent: u32) -> ServiceLevel {
        let rank = (self.finished_days.len() * percent as usize).div_ceil(100);
        let of_finished_days = rank.checked_sub(1).and_then(|rank| self.finished_days.get(rank));
        let within = self.curve.days_of(percent);
        let count = |ages: &[u32], is_counted: fn(u32, u32) -> bool| {
            let limit = within?;
            Some(ages.iter().filter(|days| is_counted(**days, limit)).count())
        };
        let longest = self.curve.longest_days();
        ServiceLevel {
            percent,
            expectation: match within {
                Some(days) => Expectation::Reached { days },
                None => {
                    Expectation::NotReached { open: self.curve.open_after(longest), days: longest }
                }
            },
            of_finished_days: of_finished_days.copied(),
            delivered: self.finished_days.len(),
            met: count(&self.finished_days, |days, limit| days <= limit),
            over: count(&self.open_days, |days, limit| days > limit),
        }
    }

    /// How likely an open item of that age is done within the expectation of so many percent: of
    /// those who reached its age, the share that is done by then.
    pub fn odds(&self, age_days: u32, percent: u32) -> ItemOdds {
        let open = self.curve.open_after(age_days);
        // Not the last step of the curve: ages at which few were seen make none.
        match (self.curve.days_of(percent), self.longest_finished_days) {
            (_, Some(longest)) if age_days > longest => ItemOdds::OlderThanAnyFinished,
            (Some(days), _) if age_days > days => ItemOdds::Over,
            (Some(days), _) if open > 0.0 => {
                ItemOdds::Within { chance: 1.0 - self.curve.open_after(days) / open }
            }
            _ => ItemOdds::Unknown,
        }
    }
}

/// From its start to that day; `None` without a recorded start, or if that is later.
fn days(items: &Items<'_>, item: &Item<'_>, to: Date) -> Option<u32> {
    let Start::At(started) = item.start else { return None };
    let days = (to - items.as_of.date_of(started)).get_days() + 1;
    u32::try_from(days).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::Stay;

    /// Done after 1, 2, …, 17 days, and three open ones of 18, 30 and 40 days.
    fn levels() -> ServiceLevels {
        let stay = |days, is_done| Stay { from_days: 0, to_days: days, is_done };
        let done = (1..=17).map(|days| stay(days, true));
        let open = [18, 30, 40].map(|days| stay(days, false));
        ServiceLevels {
            curve: SurvivalCurve::of(&done.chain(open).collect::<Vec<_>>()),
            finished_days: (1..=17).collect(),
            longest_finished_days: Some(17),
            open_days: vec![18, 30, 40],
        }
    }

    #[test]
    fn open_work_makes_the_expectation_longer() {
        // 17 of 20 are done in 17 days: 85 %. Of the finished alone 85 % took 15.
        let found = levels().of(85);
        assert_eq!(found.expectation, Expectation::Reached { days: 17 });
        assert_eq!((found.of_finished_days, found.delivered), (Some(15), 17));
        assert_eq!((found.met, found.over), (Some(17), Some(3)));
        let half = levels().of(50);
        assert_eq!(half.expectation, Expectation::Reached { days: 10 });
        assert_eq!((half.met, half.over), (Some(10), Some(3)));
    }

    #[test]
    fn what_is_never_reached_says_what_stays_open() {
        let found = levels().of(95);
        let Expectation::NotReached { open, days } = found.expectation else { panic!("{found:?}") };
        assert!((open - 0.15).abs() < 1e-12 && days == 40, "{open} {days}");
        assert_eq!((found.of_finished_days, found.met, found.over), (Some(17), None, None));
    }

    #[track_caller]
    fn check_odds(age: u32, percent: u32, want: Option<f64>) {
        match (levels().odds(age, percent), want) {
            (ItemOdds::Within { chance }, Some(want)) => {
                assert!((chance - want).abs() < 1e-12, "{age}: {chance}");
            }
            (found, want) => assert_eq!(want, None, "{age}: {found:?}"),
        }
    }

    /// Of 20, 20 − age are open at an age up to 17; by 17 days 3 are.
    #[test]
    fn an_item_has_odds_given_its_age() {
        check_odds(0, 85, Some(17.0 / 20.0));
        check_odds(10, 85, Some(7.0 / 10.0));
        check_odds(16, 85, Some(1.0 / 4.0));
        check_odds(17, 85, Some(0.0));
        check_odds(4, 50, Some(6.0 / 16.0));
        assert_eq!(levels().odds(11, 50), ItemOdds::Over);
        assert_eq!(levels().odds(18, 85), ItemOdds::OlderThanAnyFinished);
        assert_eq!(levels().odds(3, 95), ItemOdds::Unknown);
        // One that took longer was done before the window, of which the curve says nothing.
        let mut levels = levels();
        levels.longest_finished_days = Some(60);
        assert_eq!(levels.odds(18, 95), ItemOdds::Unknown);
        assert_eq!(levels.odds(18, 85), ItemOdds::Over);
        assert_eq!(levels.odds(61, 95), ItemOdds::OlderThanAnyFinished);
    }
}
