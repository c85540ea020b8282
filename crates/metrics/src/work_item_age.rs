//! Work item age: how long open work has been under way.

use model::Date;
use serde::Serialize;

use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::Measured;
use crate::note::Note;

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

/// The open issues that are started, oldest first. Those whose start is not recorded are in a note.
pub fn work_item_age(items: &Items<'_>) -> Measured<Vec<Age>> {
    if let Some(none) = items.none_counted() {
        return none;
    }
    let mut ages: Vec<Age> =
        items.in_state(State::Open).filter_map(|item| age(items, item)).collect();
    ages.sort_by(|a, b| a.started.cmp(&b.started).then_with(|| a.key.cmp(&b.key)));
    let unrecorded = items.in_state(State::Open).filter(|item| item.start == Start::Unrecorded);
    let keys = unrecorded.map(|item| item.facts.key.as_str());
    Measured::Known {
        sample: ages.len() as u64,
        window: None,
        rule: format!("started: {}", items.workflow.started_rule()),
        notes: Note::start_unknown(keys),
        value: ages,
    }
}

fn age(items: &Items<'_>, item: &Item<'_>) -> Option<Age> {
    let Start::At(started) = item.start else { return None };
    let started = items.as_of.date_of(started);
    Some(Age {
        key: item.facts.key.clone(),
        status: item.status.map(str::to_owned),
        started,
        days: (items.as_of.date() - started).get_days() + 1,
    })
}
