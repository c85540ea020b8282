//! What was open when a day was over, and what became of it since: whether a deadline was met.

use std::collections::BTreeSet;

use model::Date;

use crate::item::{Item, State};
use crate::items::Items;
use crate::stage::{StageInterval, Stages};
use crate::weeks::AsOf;

/// An item that was open at the end of a day that has passed. What was cancelled or left the query since
/// is none: nobody waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The day.
    pub deadline: Date,
    /// The day it was done on after all; `None` if it is open still.
    pub done: Option<Date>,
    /// Whether it was part of the query then, as far as is known: if it came into the query after it was made,
    /// the day of that is not kept.
    pub is_known: bool,
}

/// What was open at the ends of these days. An item that was done by then and opened again later was
/// not, nor one that was made later. Of those that came into the query after they were made, `entered_later`,
/// nobody knows whether they were part of it then.
pub fn overdue(items: &Items<'_>, days: &[Date], entered_later: &BTreeSet<String>) -> Vec<Overdue> {
    if days.is_empty() {
        return Vec::new();
    }
    let stages = Stages::read(items);
    let mut found = Vec::new();
    for (item, intervals) in stages.with(items) {
        let done = match (item.state, item.finished) {
            (State::Open, _) => None,
            (State::Done, Some(finished)) => Some(items.as_of.date_of(finished.at)),
            _ => continue,
        };
        let was_open = |deadline: &&Date| {
            let end = AsOf::end_of(**deadline, items.as_of.zone().clone());
            done.is_none_or(|done| done > **deadline) && is_open_at(item, intervals, &stages, &end)
        };
        let missed = days.iter().filter(was_open);
        let is_known = !entered_later.contains(&item.facts.key);
        found.extend(missed.map(|deadline| Overdue { deadline: *deadline, done, is_known }));
    }
    found
}

fn is_open_at(
    item: &Item<'_>,
    intervals: &[StageInterval],
    stages: &Stages<'_>,
    end: &AsOf,
) -> bool {
    let is_made = item.created.is_some_and(|created| end.knows(created));
    let then = intervals.iter().find(|interval| interval.holds(end.at()));
    is_made && then.is_none_or(|interval| !stages.meaning(interval.stage).is_over())
}
