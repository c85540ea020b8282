//! Work item age: how long open work has been under way.

use model::{Date, Remedy};
use serde::Serialize;

use crate::explained::Unexplained;
use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::note::{Note, NoteCode};

/// One issue that is started and not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Age {
    /// Its key.
    pub key: String,
    /// Its status; `None` if nothing tells.
    pub status: Option<String>,
    /// The day it was started.
    pub started: Date,
    /// Calendar days since, both ends included.
    pub days: i32,
}

/// The open issues that are started, oldest first. Those whose start is not recorded are in a note, as
/// are those in a status that nothing explains; where these are too many, nobody knows what is started.
pub fn work_item_age(items: &Items<'_>) -> Measured<Vec<Age>> {
    measured(items, |_, unexplained| unexplained.unavailable())
}

/// The same for lists of items, each of which is true by itself: not known only where none is and
/// some may be.
pub fn known_ages(items: &Items<'_>) -> Measured<Vec<Age>> {
    measured(items, |ages, unexplained| match ages {
        [] => unexplained.unavailable(),
        _ => None,
    })
}

fn measured(
    items: &Items<'_>,
    unavailable: impl Fn(&[Age], &Unexplained<'_>) -> Option<Measured<Vec<Age>>>,
) -> Measured<Vec<Age>> {
    if let Some(none) = items.none_counted() {
        return none;
    }
    let mut ages: Vec<Age> =
        items.in_state(State::Open).filter_map(|item| age(items, item)).collect();
    ages.sort_by(|a, b| a.started.cmp(&b.started).then_with(|| a.key.cmp(&b.key)));
    let is_unrecorded = |item: &&Item<'_>| item.is_under_way && item.start == Start::Unrecorded;
    let unrecorded = items.in_state(State::Open).filter(is_unrecorded);
    let unrecorded = unrecorded.map(|item| item.facts.key.as_str());
    let is_unexplained = |item: &&Item<'_>| {
        item.is_status_unexplained || item.is_under_way && item.start == Start::Unexplained
    };
    let unexplained = items.in_state(State::Open).filter(is_unexplained).collect();
    let unexplained = Unexplained::of(items, unexplained, ages.len());
    if let Some(unavailable) = unavailable(&ages, &unexplained) {
        return unavailable;
    }
    Measured::Known {
        sample: ages.len() as u64,
        window: None,
        rule: format!("started: {}", items.started_rule()),
        notes: [
            Note::about_keys(NoteCode::StartUnknown, Remedy::CheckStartedStatuses, unrecorded),
            unexplained.note(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        value: ages,
    }
}

fn age(items: &Items<'_>, item: &Item<'_>) -> Option<Age> {
    let Start::At(started) = item.start else { return None };
    if !item.is_under_way {
        return None;
    }
    let started = items.as_of.date_of(started);
    Some(Age {
        key: item.facts.key.clone(),
        status: item.status.map(str::to_owned),
        started,
        days: (items.as_of.date() - started).get_days() + 1,
    })
}
