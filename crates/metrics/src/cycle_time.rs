//! Cycle time: calendar days from the day work started to the day it was done, both included.

use model::Remedy;
use serde::Serialize;

use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::note::Note;
use crate::reason::Reason;
use crate::weekly::{WeeklyTable, window_of};
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
        let mut days: Vec<i32> =
            done.iter().filter_map(|item| cycle_days(item, &items.as_of)).collect();
        days.sort_unstable();
        let Some(value) = CycleTime::of(&days) else {
            return Measured::unavailable(Reason::NoRecordedStart, Remedy::CheckStartedStatuses);
        };
        let left_out = done.iter().filter(|item| cycle_days(item, &items.as_of).is_none());
        let keys = left_out.map(|item| item.facts.key.as_str());
        Measured::Known {
            value,
            sample: days.len() as u64,
            window: Some(window),
            rule: format!(
                "started: {}; done: {}",
                items.workflow.started_rule(),
                items.workflow.done_rule()
            ),
            notes: Note::start_unknown(keys),
        }
    })
}

/// `None` if it has no recorded start, or one after it was done.
fn cycle_days(item: &Item<'_>, as_of: &AsOf) -> Option<i32> {
    let Start::At(started) = item.start else { return None };
    let finished = item.finished?.at;
    let days = (as_of.date_of(finished) - as_of.date_of(started)).get_days() + 1;
    (started <= finished).then_some(days)
}

impl CycleTime {
    /// `days` are sorted; `None` of no days.
    fn of(days: &[i32]) -> Option<CycleTime> {
        let percentile = |percent: usize| {
            let rank = (days.len() * percent).div_ceil(100);
            days.get(rank.checked_sub(1)?).copied()
        };
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
