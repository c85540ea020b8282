//! Stages: which status each item was in, from when to when. What lies on time in a status rests on
//! this: cumulative flow, time in stage, flow efficiency, and how old what is in a stage is.
//!
//! A stage is a status as people see it: statuses of one name that mean the same are one stage.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use model::settings::fold;
use model::{Lane, StatusRef, Timestamp};

use crate::item::{Item, State};
use crate::items::Items;
use crate::status::order::{Paths, Placing, in_workflow};
use crate::status::{Meaning, project_of};

/// Statuses of one name that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage<'h> {
    /// What it is called now; `None` if nothing tells.
    pub name: Option<&'h str>,
    /// What it means.
    pub meaning: Meaning,
    /// Its place in the workflow, as the server tells.
    pub order: Option<u32>,
}

/// A stretch of time that an item was in one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageInterval {
    /// Which one: its place in [`Stages::all`].
    pub stage: usize,
    /// The moment it was entered; the creation of the item for the first one.
    pub from: Timestamp,
    /// The moment it was left; `None` if it is in it at the moment.
    pub to: Option<Timestamp>,
}

/// The stages of a query in the order of its workflow, and the stretches of time that each counted
/// item was in them, up to the moment of the items.
///
/// An item is in one stage at a time, without gaps, from its creation on. What was created in a
/// done status is in it since its resolution date, and in nothing before. What is cancelled or has
/// left the query is in no stage since. Where the last stage of an item has no date, it is left
/// out: such an item is [`Item::undated`]. Without a creation, the first change comes first.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages<'h> {
    /// In the order of the workflow.
    pub all: Vec<Stage<'h>>,
    intervals: Vec<StageInterval>,
    /// Of each counted item: where its intervals end.
    ends: Vec<usize>,
}

impl StageInterval {
    /// Whether an item was in it at a moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

impl<'h> Stages<'h> {
    /// Of the counted items.
    pub fn read(items: &Items<'h>) -> Stages<'h> {
        let mut reader = Reader {
            items,
            all: Vec::new(),
            by_name: HashMap::new(),
            found: HashMap::new(),
            intervals: Vec::with_capacity(items.counted.len() * 4),
        };
        let mut ends = Vec::with_capacity(items.counted.len());
        for item in &items.counted {
            let first = reader.intervals.len();
            reader.follow(item, first);
            reader.settle(item, first);
            ends.push(reader.intervals.len());
        }
        Stages { all: reader.all, intervals: reader.intervals, ends }.in_order()
    }

    /// Where the item at a place of [`Items::counted`] was, oldest first.
    pub fn of(&self, place: usize) -> &[StageInterval] {
        self.intervals.get(self.range(place)).unwrap_or_default()
    }

    /// Each counted item with where it was.
    pub fn with<'s, 'i>(
        &'s self,
        items: &'i Items<'h>,
    ) -> impl Iterator<Item = (&'i Item<'h>, &'s [StageInterval])> + use<'s, 'i, 'h> {
        items.counted.iter().enumerate().map(|(place, item)| (item, self.of(place)))
    }

    /// What a stage means.
    pub fn meaning(&self, stage: usize) -> Meaning {
        self.all.get(stage).map(|stage| stage.meaning).unwrap_or_default()
    }

    /// The lane of a stage; `None` if nothing explains it.
    pub fn lane(&self, stage: usize) -> Option<Lane> {
        self.meaning(stage).lane
    }

    /// Whether it is a status that nothing explains.
    pub(crate) fn is_unexplained(&self, stage: usize) -> bool {
        self.all
            .get(stage)
            .is_some_and(|stage| stage.name.is_some() && stage.meaning.lane.is_none())
    }

    /// The same with its stages in the order of the workflow.
    fn in_order(mut self) -> Stages<'h> {
        let mut paths = Paths::new(self.all.len());
        let mut path: Vec<usize> = Vec::new();
        for place in 0..self.ends.len() {
            path.clear();
            for interval in self.of(place) {
                if !path.contains(&interval.stage) {
                    path.push(interval.stage);
                }
            }
            paths.add(&path);
        }
        let placing = |stage: &Stage<'_>| Placing { meaning: stage.meaning, told: stage.order };
        let all: Vec<Placing> = self.all.iter().map(placing).collect();
        let order = in_workflow(&all, &paths);
        let mut places = vec![0; order.len()];
        for (place, stage) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(*stage) {
                *slot = place;
            }
        }
        self.all = order.iter().filter_map(|stage| self.all.get(*stage).copied()).collect();
        for interval in &mut self.intervals {
            interval.stage = places.get(interval.stage).copied().unwrap_or(interval.stage);
        }
        self
    }

    fn range(&self, place: usize) -> Range<usize> {
        let end = |place: usize| self.ends.get(place).copied().unwrap_or_default();
        place.checked_sub(1).map_or(0, end)..end(place)
    }
}

/// Reads intervals, item after item.
struct Reader<'i, 'h> {
    items: &'i Items<'h>,
    all: Vec<Stage<'h>>,
    by_name: HashMap<(String, Meaning), usize>,
    /// What was found about the texts of a store, which makes each once; by their places.
    found: HashMap<(usize, usize), usize>,
    intervals: Vec<StageInterval>,
}

impl<'h> Reader<'_, 'h> {
    /// The changes of an item up to the moment, and its document where that knows more.
    fn follow(&mut self, item: &Item<'h>, first: usize) {
        let (facts, as_of) = (item.facts, &self.items.as_of);
        let transitions = item.transitions.unwrap_or_default();
        let known = transitions.partition_point(|transition| as_of.knows(transition.at));
        let (past, later) = transitions.split_at(known);
        if let Some(created) = item.created {
            let stage = match transitions.first() {
                Some(change) => self.stage_of(change.from.as_ref(), item),
                None => self.stage_of_document(item),
            };
            self.enter(stage, created, first);
        }
        for transition in past {
            let stage = self.stage_of(transition.to.as_ref(), item);
            self.enter(stage, transition.at, first);
        }
        let has_status = facts.status.is_some() || facts.status_id.is_some();
        if later.is_empty() && !past.is_empty() && has_status && item.is_stale {
            self.contradict(item, first);
        }
    }

    /// The document names another status than the changes end in. Open ones hold it since the last
    /// change, done ones since the resolution date.
    fn contradict(&mut self, item: &Item<'h>, first: usize) {
        if item.state == State::Open && self.items.statuses.document_meaning(item.facts).is_over() {
            // That it is done came after the moment.
            return;
        }
        let stage = self.stage_of_document(item);
        let is_over = |reader: &Self, stage| reader.meaning(stage).is_over();
        let last = self.intervals.get(first..).and_then(<[_]>::last).copied();
        let was_over = last.is_some_and(|last| is_over(self, last.stage));
        if !is_over(self, stage) || was_over {
            if let Some(last) = self.intervals.get_mut(first..).and_then(<[_]>::last_mut) {
                last.stage = stage;
            }
        } else if let Some(resolved) = item.facts.resolved {
            self.leave(resolved, first);
            self.enter(stage, resolved, first);
        } else if self.intervals.len() > first {
            // Done, and nobody knows since when.
            self.intervals.pop();
        }
    }

    /// Brings the end in line with what became of the item.
    fn settle(&mut self, item: &Item<'h>, first: usize) {
        let finished = item.finished.map(|finished| finished.at);
        let is_over = |reader: &Self| {
            let last = reader.intervals.get(first..).and_then(<[_]>::last);
            last.is_some_and(|last| reader.meaning(last.stage).is_over())
        };
        match (item.state, finished) {
            (State::Open, _) if is_over(self) => self.rename_last(Meaning::default(), first),
            (State::Open, _) => {}
            (State::Left, Some(at)) => self.leave(at, first),
            (State::Done | State::Cancelled, Some(at)) => {
                if !is_over(self) {
                    self.leave(at, first);
                    let stage = self.stage(None, Meaning::of(Lane::Done), None);
                    self.enter(stage, at, first);
                }
                let resolved = item.facts.resolved.unwrap_or(at).min(at);
                self.begin_over_at(resolved, first);
                if item.state == State::Cancelled {
                    self.leave(at, first);
                }
            }
            (_, None) => {
                while self.intervals.len() > first && is_over(self) {
                    self.intervals.pop();
                }
            }
        }
    }

    /// What was done since it was created, is so since its resolution date.
    fn begin_over_at(&mut self, at: Timestamp, first: usize) {
        let own = self.intervals.get(first..).unwrap_or_default();
        if !own.iter().all(|interval| self.meaning(interval.stage).is_over()) {
            return;
        }
        let passed = own.iter().filter(|interval| interval.to.is_some_and(|to| to <= at)).count();
        self.intervals.drain(first..first + passed);
        if let Some(interval) = self.intervals.get_mut(first) {
            interval.from = interval.from.max(at);
        }
    }

    /// Ends the current stage and enters another.
    fn enter(&mut self, stage: usize, at: Timestamp, first: usize) {
        let own = self.intervals.get_mut(first..).unwrap_or_default();
        let mut from = at;
        if let Some(last) = own.last_mut() {
            if last.stage == stage && last.to.is_none() {
                return;
            }
            // Importers write changes that are older than the issue.
            from = at.max(last.from);
            last.to.get_or_insert(from);
            if last.from == from {
                self.intervals.pop();
            }
        }
        self.intervals.push(StageInterval { stage, from, to: None });
    }

    /// It is in no stage since.
    fn leave(&mut self, at: Timestamp, first: usize) {
        while self.intervals.len() > first
            && self.intervals.last().is_some_and(|last| last.from >= at)
        {
            self.intervals.pop();
        }
        if let Some(last) = self.intervals.get_mut(first..).and_then(<[_]>::last_mut) {
            last.to = Some(last.to.map_or(at, |to| to.min(at)));
        }
    }

    fn rename_last(&mut self, meaning: Meaning, first: usize) {
        let stage = self.stage(None, meaning, None);
        if let Some(last) = self.intervals.get_mut(first..).and_then(<[_]>::last_mut) {
            last.stage = stage;
        }
    }

    fn meaning(&self, stage: usize) -> Meaning {
        self.all.get(stage).map(|stage| stage.meaning).unwrap_or_default()
    }

    fn stage_of(&mut self, status: Option<&'h Arc<StatusRef>>, item: &Item<'h>) -> usize {
        let Some(status) = status else { return self.stage(None, Meaning::default(), None) };
        let project = project_of(item.facts);
        let within = if status.id.is_some() { 0 } else { project.map_or(0, place_of_text) };
        let text = (Arc::as_ptr(status) as usize, within);
        if let Some(stage) = self.found.get(&text) {
            return *stage;
        }
        let place = self.items.statuses.look_up(status, project);
        let known = place.and_then(|place| self.items.statuses.known().get(place));
        let name = known.and_then(|known| known.names.first().copied());
        let meaning = known.map(|known| known.meaning).unwrap_or_default();
        let order = known.and_then(|known| known.order);
        let stage = self.stage(name.or(status.name.as_deref()), meaning, order);
        self.found.insert(text, stage);
        stage
    }

    /// The stage that a document names; what it does not, if it is over only later, is not known.
    fn stage_of_document(&mut self, item: &Item<'h>) -> usize {
        let facts = item.facts;
        let meaning = self.items.statuses.document_meaning(facts);
        if meaning.is_over() && item.state == State::Open {
            return self.stage(None, Meaning::default(), None);
        }
        let known = self.items.statuses.of_document(facts);
        let name = known.and_then(|known| known.names.first().copied());
        let order = known.and_then(|known| known.order);
        self.stage(name.or(facts.status.as_deref()), meaning, order)
    }

    fn stage(&mut self, name: Option<&'h str>, meaning: Meaning, order: Option<u32>) -> usize {
        let key = (fold(name.unwrap_or_default()), meaning);
        let next = self.all.len();
        let stage = *self.by_name.entry(key).or_insert(next);
        match self.all.get_mut(stage) {
            Some(known) => known.order = known.order.or(order),
            None => self.all.push(Stage { name, meaning, order }),
        }
        stage
    }
}

fn place_of_text(text: &str) -> usize {
    text.as_ptr() as usize
}
