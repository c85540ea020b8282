//! What kind of work gets done: the finished items of each week by their type, or by the kind of work
//! that the profile says a type is of.

use std::collections::{BTreeMap, BTreeSet};

use model::{Date, IssueFacts, Remedy, Week};
use serde::Serialize;

use crate::item::{Item, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::weekly::{WeekRow, WeeklyTable, window_of};
use crate::weeks::{Span, as_label};
use crate::workflow::WorkType;

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
    /// The kind of work that they are of; `None` where the profile says none.
    pub work_type: Option<WorkType>,
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
        let value = distribution(items, table.shown(span), complete.len());
        Measured::Known {
            sample: value.types.iter().map(|of| of.items).sum(),
            window: Some(window),
            rule: rule.to_owned(),
            notes: Vec::new(),
            value,
        }
    })
}

fn distribution(items: &Items<'_>, rows: &[WeekRow], complete: usize) -> TypeDistribution {
    let first = rows.first().map_or(0, |row| row.week.number());
    let place = |item: &Item<'_>| {
        let at = item.finished.filter(|_| item.undated().is_none())?.at;
        let week = Week::of(items.as_of.date_of(at)).number();
        usize::try_from(week - first).ok().filter(|place| *place < rows.len())
    };
    let mut by_type: BTreeMap<Group<'_>, (BTreeSet<&str>, Vec<u64>)> = BTreeMap::new();
    for item in items.in_state(State::Done) {
        let Some(place) = place(item) else { continue };
        let name = item.facts.issue_type.as_deref().unwrap_or_default();
        let (names, counts) = by_type
            .entry(Group::of(items, item.facts))
            .or_insert_with(|| (BTreeSet::new(), vec![0; rows.len()]));
        names.insert(name);
        counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    let whole = |counts: &[u64]| counts.iter().take(complete).sum::<u64>();
    let mut all: Vec<(TypeShare, Vec<u64>)> = by_type
        .into_iter()
        .map(|(group, (names, counts))| (share(group.kind(), names, whole(&counts)), counts))
        .collect();
    all.sort_by(|(a, _), (b, _)| {
        b.items.cmp(&a.items).then_with(|| (a.work_type, &a.names).cmp(&(b.work_type, &b.names)))
    });
    let alone = if all.len() <= TYPES_MAX + 1 { all.len() } else { TYPES_MAX };
    let joined = all.split_off(alone);
    let mut types = all;
    if !joined.is_empty() {
        let names = joined.iter().flat_map(|(share, _)| share.names.iter().map(String::as_str));
        let counts: Vec<u64> =
            (0..rows.len()).map(|at| joined.iter().filter_map(|(_, c)| c.get(at)).sum()).collect();
        types.push((share(None, names.collect(), whole(&counts)), counts));
    }
    let week = |(at, row): (usize, &WeekRow)| TypesWeek {
        week: row.week,
        monday: row.monday,
        counts: types.iter().filter_map(|(_, counts)| counts.get(at).copied()).collect(),
        is_partial: row.is_partial,
    };
    let weeks = rows.iter().enumerate().map(week).collect();
    TypeDistribution { types: types.into_iter().map(|(share, _)| share).collect(), weeks }
}

fn share(work_type: Option<WorkType>, names: BTreeSet<&str>, items: u64) -> TypeShare {
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let is_joined = work_type.is_none() && names.len() > 1;
    TypeShare { work_type, names, items, is_joined }
}

/// What is told as one: the types of a kind of work, or a type that is of none.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group<'i> {
    Kind(WorkType),
    Type(&'i str),
}

impl<'i> Group<'i> {
    fn of(items: &Items<'_>, facts: &'i IssueFacts) -> Group<'i> {
        let names = items.workflow.type_names(facts);
        let name = facts.issue_type.as_deref().unwrap_or_default();
        items.workflow.work_type(&names).map_or(Group::Type(name), Group::Kind)
    }

    fn kind(&self) -> Option<WorkType> {
        match self {
            Group::Kind(kind) => Some(*kind),
            Group::Type(_) => None,
        }
    }
}
