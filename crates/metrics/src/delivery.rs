//! What a delivery is made of at a moment, and how it came to that.

use model::{Date, Timestamp, Week};
use serde::Serialize;

use crate::item::{Item, State};
use crate::items::Items;
use crate::membership::Belonging;
use crate::weeks::{as_label, sunday};

/// How a delivery stood at the end of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeliveryWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Sunday.
    pub sunday: Date,
    /// Items in it, those done included; what was cancelled is not.
    pub scope: u64,
    /// Items of it that were done.
    pub done: u64,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// What belongs to a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DeliveryItems {
    /// Keys of the items that are done.
    pub done: Vec<String>,
    /// Keys of the items that are open.
    pub open: Vec<String>,
    /// How many were cancelled.
    pub cancelled: u64,
    /// When the last of those done was done.
    #[serde(skip)]
    pub last_done: Option<Timestamp>,
    /// The weeks from its first item on, oldest first.
    pub weeks: Vec<DeliveryWeek>,
}

impl DeliveryItems {
    /// The items of a query that belong to a delivery at the moment, and belonged to it at the end of
    /// each week before. `counts` chooses among the items, so that none counts twice.
    pub fn read(
        items: &Items<'_>,
        belonging: &Belonging<'_>,
        counts: impl Fn(&Item<'_>) -> bool,
    ) -> DeliveryItems {
        let mut found = DeliveryItems::default();
        let mut lives = Vec::new();
        for item in items.counted.iter().filter(|item| counts(item)) {
            let turns = belonging.turns(item.facts, &items.as_of);
            let is_member = turns.last().is_some_and(|(_, holds)| *holds);
            if is_member {
                let key = || item.facts.key.clone();
                match item.state {
                    State::Open => found.open.push(key()),
                    State::Done => {
                        found.done.push(key());
                        let at = item.finished.map(|finished| finished.at);
                        found.last_done = found.last_done.max(at);
                    }
                    State::Cancelled => found.cancelled += 1,
                    State::Left => {}
                }
            }
            if turns.iter().any(|(_, holds)| *holds) {
                lives.push(Life { turns, item });
            }
        }
        found.weeks = weeks(items, &lives);
        found
    }

    /// What two queries hold of it; neither counts an item of the other.
    #[must_use]
    pub fn and(mut self, other: DeliveryItems) -> DeliveryItems {
        self.done.extend(other.done);
        self.open.extend(other.open);
        self.cancelled += other.cancelled;
        self.last_done = self.last_done.max(other.last_done);
        self.weeks = sum(&self.weeks, &other.weeks);
        self
    }

    /// Items in it, those done included.
    pub fn scope(&self) -> u64 {
        (self.done.len() + self.open.len()) as u64
    }
}

/// The weeks of both, up to the last that both know if both know any.
fn sum(one: &[DeliveryWeek], other: &[DeliveryWeek]) -> Vec<DeliveryWeek> {
    let mut rows: std::collections::BTreeMap<Week, DeliveryWeek> = Default::default();
    for row in one.iter().chain(other) {
        let sum = rows.entry(row.week).or_insert(DeliveryWeek { scope: 0, done: 0, ..*row });
        sum.scope += row.scope;
        sum.done += row.done;
        sum.is_partial |= row.is_partial;
    }
    if let (Some(one), Some(other)) = (one.last(), other.last()) {
        let end = one.week.min(other.week);
        rows.retain(|week, _| *week <= end);
    }
    rows.into_values().collect()
}

/// An item that belongs or belonged to the delivery.
struct Life<'i, 'h> {
    turns: Vec<(Timestamp, bool)>,
    item: &'i Item<'h>,
}

impl Life<'_, '_> {
    /// When it was first in it.
    fn begin(&self) -> Option<Timestamp> {
        let joined = self.turns.iter().find(|(_, holds)| *holds)?.0;
        Some(joined.max(self.item.created?))
    }

    /// Whether it is in the scope before a moment, and done.
    fn stands(&self, before: Timestamp) -> Option<(bool, bool)> {
        let created = self.item.created?;
        let holds = self.turns.iter().rev().find(|(at, _)| *at < before)?.1;
        let is_over = self.item.finished.is_some_and(|finished| finished.at < before);
        let is_gone = is_over && matches!(self.item.state, State::Cancelled | State::Left);
        let is_in = holds && created < before && !is_gone;
        Some((is_in, is_in && is_over && self.item.state == State::Done))
    }
}

fn weeks(items: &Items<'_>, lives: &[Life<'_, '_>]) -> Vec<DeliveryWeek> {
    let as_of = &items.as_of;
    let Some(first) = lives.iter().filter_map(Life::begin).min() else { return Vec::new() };
    let axis = as_of.axis_from(Week::of(as_of.date_of(first)));
    let row = |week: Week| {
        let sunday = sunday(week)?;
        let is_partial = !as_of.is_complete(week);
        let end = as_of.moments_of(crate::Window { first: sunday, last: sunday }).end;
        let mut row = DeliveryWeek { week, sunday, scope: 0, done: 0, is_partial };
        for (is_in, is_done) in lives.iter().filter_map(|life| life.stands(end)) {
            row.scope += u64::from(is_in);
            row.done += u64::from(is_done);
        }
        Some(row)
    };
    axis.weeks().filter_map(row).collect()
}
