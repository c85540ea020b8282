//! How long started work stays open: the Kaplan–Meier curve, in which work that is not done yet
//! counts for as long as it is known to have been open.
//!
//! Kaplan and Meier, *Nonparametric Estimation from Incomplete Observations* (1958). Work that was
//! started before the days that are looked at enters with the age it had then (delayed entry):
//! what was started and done before is not known to the curve, and must not make it look longer.

use std::collections::BTreeMap;

use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::Window;

/// Where fewer are at risk, so many of those who come in later are too (see [`SurvivalCurve::of`]).
const AT_RISK_MIN: u32 = 10;

/// How long one item was seen to be open. Ages are calendar days since it was started, both ends
/// included: it has age 1 on the day it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Its age when it was first looked at; 0 if it was started later.
    pub from_days: u32,
    /// Its age when it was last known: when it was done or cancelled, else at the end.
    pub to_days: u32,
    /// Whether it was done then; else it is only known to have taken longer.
    pub is_done: bool,
}

/// The share of started work that is still open at an age.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SurvivalCurve {
    /// The ages at which some were done, with the share that is open after that day.
    steps: Vec<(u32, f64)>,
    /// The greatest age that any had.
    longest_days: u32,
}

impl SurvivalCurve {
    /// Of work that was seen. At each age, those who were seen at that age are at risk.
    ///
    /// Where most come in late, one young item that was done soon would end the curve for all of
    /// them, as Lai and Ying show (*Estimating a Distribution Function with Truncated and Censored
    /// Data*, 1991). They leave such ages out; but then what is done at them never counts. So where fewer
    /// than `AT_RISK_MIN` are at risk and more come in later, some of these, who have reached the age
    /// somewhere, are at risk too, as many as make it that number.
    pub fn of(stays: &[Stay]) -> SurvivalCurve {
        // By age: how many come in after it, are done at it, and were last seen at it.
        let mut ages: BTreeMap<u32, (u32, u32, u32)> = BTreeMap::new();
        for stay in stays.iter().filter(|stay| stay.from_days < stay.to_days) {
            ages.entry(stay.from_days).or_default().0 += 1;
            let last = ages.entry(stay.to_days).or_default();
            last.1 += u32::from(stay.is_done);
            last.2 += 1;
        }
        let longest_days = ages.keys().next_back().copied().unwrap_or_default();
        let mut to_come: u32 = ages.values().map(|(entered, ..)| entered).sum();
        let (mut at_risk, mut open, mut steps) = (0_u32, 1.0, Vec::new());
        for (days, (entered, done, left)) in ages {
            if done > 0 {
                let counted = at_risk.max(AT_RISK_MIN.min(at_risk + to_come)).max(1);
                open *= 1.0 - f64::from(done) / f64::from(counted);
                steps.push((days, open));
            }
            (at_risk, to_come) = (at_risk + entered - left, to_come - entered);
        }
        SurvivalCurve { steps, longest_days }
    }

    /// The share that is still open at the end of the day of that age.
    pub fn open_after(&self, days: u32) -> f64 {
        let passed = self.steps.partition_point(|(age, _)| *age <= days);
        passed.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(1.0, |(_, open)| *open)
    }

    /// The least age by which so many percent are done; `None` if so many never are.
    pub fn days_of(&self, percent: u32) -> Option<u32> {
        let open = 1.0 - f64::from(percent) / 100.0;
        // Products of rounded shares miss what they stand for by less than this.
        self.steps.iter().find(|(_, share)| *share <= open + 1e-9).map(|(days, _)| *days)
    }

    /// The greatest age that any had; 0 of nothing.
    pub fn longest_days(&self) -> u32 {
        self.longest_days
    }
}

/// What was seen within `window` of all issues with a recorded start. Cancelled ones are seen until
/// then; what was done, cancelled or started later does not matter.
pub fn stays(items: &Items<'_>, window: Window) -> Vec<Stay> {
    items.counted.iter().filter_map(|item| stay(items, item, window)).collect()
}

fn stay(items: &Items<'_>, item: &Item<'_>, window: Window) -> Option<Stay> {
    let Start::At(started) = item.start else { return None };
    let started = items.as_of.date_of(started);
    let finished = match item.finished {
        Some(finished) => Some(items.as_of.date_of(finished.at)),
        None if item.state == State::Open => None,
        None => return None,
    };
    let is_over = finished.is_some_and(|finished| finished < window.first || finished < started);
    if is_over || started > window.last {
        return None;
    }
    let ended = finished.filter(|finished| *finished <= window.last);
    let age = |date: model::Date| (date - started).get_days() + 1;
    let days = |days: i32| u32::try_from(days).unwrap_or_default();
    Some(Stay {
        from_days: days(age(window.first) - 1),
        to_days: days(age(ended.unwrap_or(window.last))),
        is_done: ended.is_some() && item.state == State::Done,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(days: u32) -> Stay {
        Stay { from_days: 0, to_days: days, is_done: true }
    }

    fn open(days: u32) -> Stay {
        Stay { is_done: false, ..done(days) }
    }

    #[track_caller]
    fn check(stays: &[Stay], want: &[(u32, f64)]) {
        let found = SurvivalCurve::of(stays);
        assert_eq!(found.steps.len(), want.len(), "{found:?}");
        for ((days, share), (want_days, want_share)) in found.steps.iter().zip(want) {
            assert_eq!(days, want_days);
            assert!((share - want_share).abs() < 1e-12, "{days}: {share}, want {want_share}");
        }
    }

    #[test]
    fn without_open_work_it_is_the_share_of_the_finished() {
        check(&[done(1), done(2), done(2), done(5)], &[(1, 0.75), (2, 0.25), (5, 0.0)]);
        let curve = SurvivalCurve::of(&[done(1), done(2), done(2), done(5)]);
        assert_eq!([50, 75, 76, 100].map(|percent| curve.days_of(percent)), [2, 2, 5, 5].map(Some));
        assert_eq!(SurvivalCurve::of(&[]).days_of(50), None);
    }

    /// The ten weeks in remission of Freireich's patients (1963), the example of many textbooks:
    /// 6, 6, 6, 6+, 7, 9+, 10, 10+, 11+, 13, 16, 17+, 19+, 20+, 22, 23, 25+, 32+, 32+, 34+, 35+.
    #[test]
    fn open_work_counts_for_as_long_as_it_was_seen() {
        let events = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(done);
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(open);
        let all: Vec<Stay> = events.into_iter().chain(censored).collect();
        let want = [
            (6, 18.0 / 21.0),
            (7, 18.0 / 21.0 * 16.0 / 17.0),
            (10, 18.0 / 21.0 * 16.0 / 17.0 * 14.0 / 15.0),
            (13, 18.0 / 21.0 * 16.0 / 17.0 * 14.0 / 15.0 * 11.0 / 12.0),
        ];
        let found = SurvivalCurve::of(&all);
        for (days, share) in want {
            assert!((found.open_after(days) - share).abs() < 1e-12, "{days}");
        }
        // The published values to four digits.
        for (days, share) in [(5, 1.0), (6, 0.8571), (16, 0.6275), (22, 0.5378), (23, 0.4482)] {
            assert!((found.open_after(days) - share).abs() < 5e-5, "{days}");
        }
        assert_eq!((found.days_of(50), found.days_of(85)), (Some(23), None));
        assert_eq!(found.longest_days(), 35);
    }

    /// Two started now and one seen from the age of 10 on: at 3 two are at risk and one comes in later, at
    /// 12 two.
    #[test]
    fn work_enters_with_the_age_it_had() {
        let late = Stay { from_days: 10, to_days: 12, is_done: true };
        check(&[done(3), open(20), late], &[(3, 2.0 / 3.0), (12, 1.0 / 3.0)]);
        // A hotfix among old work: one at risk, and sixteen that come in later.
        let old = |to_days, is_done| Stay { from_days: 60, to_days, is_done };
        let mut slow: Vec<Stay> = (1..=10).map(|week| old(60 + 7 * week, true)).collect();
        slow.extend([old(140, false); 6]);
        slow.push(done(2));
        let found = SurvivalCurve::of(&slow);
        assert_eq!(found.open_after(66), 1.0 - 1.0 / 10.0);
        assert_eq!(
            (found.open_after(67), found.days_of(85)),
            ((1.0 - 1.0 / 10.0) * (1.0 - 1.0 / 16.0), None)
        );
        // One more that is open at that age changes little, however many there are.
        let mut before = 0.0;
        for young in 1..=20 {
            let mut stays = vec![Stay { from_days: 60, to_days: 90, is_done: false }; 12];
            stays.extend(vec![open(5); young - 1]);
            stays.push(done(2));
            let left = SurvivalCurve::of(&stays).open_after(2);
            assert!(left >= before, "{young}: {left} after {before}");
            before = left;
        }
        // Ten of them do.
        slow.extend([done(2); 9]);
        assert_eq!(SurvivalCurve::of(&slow).open_after(2), 0.0);
        // What is done at an age at which few are left counts, too, though older ones come in later.
        let mut ends: Vec<Stay> = (1..=40).map(done).collect();
        ends.extend([Stay { from_days: 500, to_days: 560, is_done: false }; 12]);
        let found = SurvivalCurve::of(&ends);
        assert!(found.open_after(40) < 0.12, "{found:?}");
        assert_eq!(found.days_of(85), Some(35));
        assert!(found.open_after(40) < found.open_after(39), "{found:?}");
        // One who is seen first on the day after it was done tells nothing.
        check(&[done(3), Stay { from_days: 5, to_days: 5, is_done: true }], &[(3, 0.0)]);
    }
}
