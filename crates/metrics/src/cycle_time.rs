//! Cycle time: calendar days from the day work started to the day it was done, both included.

use model::Remedy;
use serde::Serialize;

use crate::explained::Unexplained;
use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::note::{Note, NoteCode};
use crate::reason::Reason;
use crate::weekly::{Origin, WeeklyTable, window_of};
use crate::weeks::{AsOf, Span};

/// Percentiles in days: so many percent took at most that long. No interpolation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CycleTime {
    /// Half of the issues.
    pub p50_days: i32,
    /// 70 % of them.
    pub p70_days: i32,
    /// 85 % of them.
    pub p85_days: i32,
    /// 95 % of them.
    pub p95_days: i32,
}

/// The cycle time of what was done in the complete weeks of a span. Issues without a recorded start
/// are left out; creation is never taken for it.
pub fn cycle_time(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
) -> Measured<CycleTime> {
    table.then(|table, _| {
        if let (Origin::Statistics, Some(none)) = (table.origin, items.none_counted()) {
            return none;
        }
        let rows = table.complete(span);
        let Some(window) = window_of(rows) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let moments = items.as_of.moments_of(window);
        let is_in_window = |item: &&Item<'_>| {
            let finished = item.finished.filter(|_| item.undated().is_none());
            finished.is_some_and(|finished| moments.contains(&finished.at))
        };
        let done: Vec<&Item<'_>> = items.in_state(State::Done).filter(is_in_window).collect();
        if done.is_empty() {
            let is_idle = items.in_state(State::Done).next().is_none();
            let remedy = if is_idle { items.where_idle } else { Remedy::ChooseLongerWindow };
            return Measured::unavailable(Reason::NothingDone, remedy);
        }
        let measured = Measurements::of(&done, items);
        if let Some(unavailable) = measured.unexplained.unavailable() {
            return unavailable;
        }
        let Some(value) = CycleTime::of(&measured.days) else {
            return Measured::unavailable(Reason::NoRecordedStart, Remedy::CheckStartedStatuses);
        };
        Measured::Known {
            value,
            sample: measured.days.len() as u64,
            window: Some(window),
            rule: format!("started: {}; done: {}", items.started_rule(), items.done_rule()),
            notes: measured.notes(),
        }
    })
}

/// What could be measured of the done issues, and why the others could not.
struct Measurements<'i> {
    /// Sorted.
    days: Vec<i32>,
    unexplained: Unexplained<'i>,
    unrecorded: Vec<&'i str>,
    never_started: Vec<&'i str>,
    put_back: Vec<&'i str>,
}

impl<'i> Measurements<'i> {
    fn of(done: &[&'i Item<'i>], items: &'i Items<'i>) -> Measurements<'i> {
        let (mut days, mut unexplained) = (Vec::with_capacity(done.len()), Vec::new());
        let (mut unrecorded, mut never_started, mut put_back) =
            (Vec::new(), Vec::new(), Vec::new());
        for item in done {
            let key = item.facts.key.as_str();
            match item.start {
                Start::At(_) => match cycle_days(item, &items.as_of) {
                    Some(took) => days.push(took),
                    None => unrecorded.push(key),
                },
                Start::Unexplained => unexplained.push(*item),
                Start::Unrecorded => unrecorded.push(key),
                Start::Never => never_started.push(key),
                Start::PutBack => put_back.push(key),
            }
        }
        days.sort_unstable();
        let unexplained = Unexplained::of(items, unexplained, days.len());
        Measurements { days, unexplained, unrecorded, never_started, put_back }
    }

    fn notes(&self) -> Vec<Note> {
        let keys =
            |code, remedy, keys: &[&str]| Note::about_keys(code, remedy, keys.iter().copied());
        [
            self.unexplained.note(),
            keys(NoteCode::StartUnknown, Remedy::CheckStartedStatuses, &self.unrecorded),
            keys(NoteCode::NeverStarted, Remedy::Nothing, &self.never_started),
            keys(NoteCode::PutBack, Remedy::Nothing, &self.put_back),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// `None` without a recorded start, or if it was started after it was done.
pub(crate) fn cycle_days(item: &Item<'_>, as_of: &AsOf) -> Option<i32> {
    let Start::At(started) = item.start else { return None };
    let finished = item.finished?.at;
    let days = (as_of.date_of(finished) - as_of.date_of(started)).get_days() + 1;
    (started <= finished).then_some(days)
}

/// The least of sorted values that so many percent do not exceed; `None` of no values.
pub(crate) fn percentile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

impl CycleTime {
    /// `days` are sorted; `None` of no days.
    fn of(days: &[i32]) -> Option<CycleTime> {
        let percentile = |percent| percentile(days, percent);
        Some(CycleTime {
            p50_days: percentile(50)?,
            p70_days: percentile(70)?,
            p85_days: percentile(85)?,
            p95_days: percentile(95)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(days: &[i32], want: [i32; 4]) {
        let found = CycleTime::of(days).unwrap();
        assert_eq!([found.p50_days, found.p70_days, found.p85_days, found.p95_days], want);
    }

    #[test]
    fn percentiles_are_days_that_occurred() {
        check(&[7], [7, 7, 7, 7]);
        check(&[1, 2], [1, 2, 2, 2]);
        check(&(1..=20).collect::<Vec<i32>>(), [10, 14, 17, 19]);
        assert_eq!(CycleTime::of(&[]), None);
    }
}
