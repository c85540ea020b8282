//! What kind of work gets done: the finished items of each week by their type.

use std::collections::BTreeMap;

use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::item::{Item, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::weekly::{WeekRow, WeeklyTable, window_of};
use crate::weeks::{Span, as_label};

/// So many types stand alone; the others are joined.
const TYPES_MAX: usize = 5;

/// The finished items of each week by type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypeDistribution {
    /// The types, the most frequent first; those that are joined come last.
    pub types: Vec<TypeShare>,
    /// The complete weeks of the window, and the running one.
    pub weeks: Vec<TypesWeek>,
}

/// A type, or several together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeShare {
    /// Their names; one that is not known is an empty text.
    pub names: Vec<String>,
    /// How many items of it were done in the complete weeks.
    pub items: u64,
    /// Whether several types are joined.
    pub is_joined: bool,
}

/// One week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypesWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// How many items of each type were done.
    pub counts: Vec<u64>,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// What was done in the complete weeks of a span, and in the running one, by type.
pub fn type_distribution(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
) -> Measured<TypeDistribution> {
    table.then(|table, rule| {
        let complete = table.complete(span);
        let Some(window) = window_of(complete) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let running = table.rows.last().filter(|row| row.is_partial);
        let rows: Vec<&WeekRow> = complete.iter().chain(running).collect();
        let value = distribution(items, &rows, complete.len());
        Measured::Known {
            sample: value.types.iter().map(|of| of.items).sum(),
            window: Some(window),
            rule: rule.to_owned(),
            notes: Vec::new(),
            value,
        }
    })
}

fn distribution(items: &Items<'_>, rows: &[&WeekRow], complete: usize) -> TypeDistribution {
    let first = rows.first().map_or(0, |row| row.week.number());
    let place = |item: &Item<'_>| {
        let at = item.finished.filter(|_| item.undated().is_none())?.at;
        let week = Week::of(items.as_of.date_of(at)).number();
        usize::try_from(week - first).ok().filter(|place| *place < rows.len())
    };
    let mut by_type: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for item in items.in_state(State::Done) {
        let Some(place) = place(item) else { continue };
        let name = item.facts.issue_type.as_deref().unwrap_or_default();
        let counts = by_type.entry(name).or_insert_with(|| vec![0; rows.len()]);
        counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    let whole = |counts: &[u64]| counts.iter().take(complete).sum::<u64>();
    let mut all: Vec<(&str, Vec<u64>)> = by_type.into_iter().collect();
    all.sort_by(|a, b| whole(&b.1).cmp(&whole(&a.1)).then_with(|| a.0.cmp(b.0)));
    let alone = if all.len() <= TYPES_MAX + 1 { all.len() } else { TYPES_MAX };
    let joined = all.split_off(alone);
    let mut types: Vec<(TypeShare, Vec<u64>)> = all
        .into_iter()
        .map(|(name, counts)| (share(vec![name.to_owned()], whole(&counts)), counts))
        .collect();
    if !joined.is_empty() {
        let names = joined.iter().map(|(name, _)| (*name).to_owned()).collect();
        let counts: Vec<u64> =
            (0..rows.len()).map(|at| joined.iter().filter_map(|(_, c)| c.get(at)).sum()).collect();
        types.push((share(names, whole(&counts)), counts));
    }
    let week = |(at, row): (usize, &&WeekRow)| TypesWeek {
        week: row.week,
        monday: row.monday,
        counts: types.iter().filter_map(|(_, counts)| counts.get(at).copied()).collect(),
        is_partial: row.is_partial,
    };
    let weeks = rows.iter().enumerate().map(week).collect();
    TypeDistribution { types: types.into_iter().map(|(share, _)| share).collect(), weeks }
}

fn share(names: Vec<String>, items: u64) -> TypeShare {
    let is_joined = names.len() > 1;
    TypeShare { names, items, is_joined }
}
