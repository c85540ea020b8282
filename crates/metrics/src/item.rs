//! The facts of one issue as they stood at a moment.

use std::sync::Arc;

use model::{IssueFacts, Resolution, StatusRef, Timestamp, Transition};
use serde::Serialize;

use crate::amount::{Amount, countable};
use crate::history::IssueHistory;
use crate::replay::Replay;
use crate::rules::Rules;
use crate::status::Statuses;
use crate::weeks::AsOf;

/// An issue at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'h> {
    /// What its document says now, whatever the moment.
    pub facts: &'h IssueFacts,
    /// The name of its status at the moment; `None` if nothing tells.
    pub status: Option<&'h str>,
    /// What had become of it.
    pub state: State,
    /// When it was created; `None` if its document names no time since 1970.
    pub created: Option<Timestamp>,
    /// When work on it started.
    pub start: Start,
    /// Whether work on it had begun and was not over: its status at the moment is a started one.
    pub is_under_way: bool,
    /// Whether its status at the moment is one that nothing explains.
    pub is_status_unexplained: bool,
    /// When it was done or cancelled, or left the query while it was open; `None` if it is open or
    /// nothing tells when.
    pub finished: Option<Finished>,
    /// Its story points now; `None` for every way not to have some.
    pub points: Option<f64>,
    /// All its status changes, later ones included; `None` if its changelog was never fetched.
    pub transitions: Option<&'h [Transition]>,
    /// Whether its changelog ends in another status than its document names.
    pub is_stale: bool,
    /// Whether it is known how it was resolved; true of open issues.
    pub is_resolution_known: bool,
    /// Whether it has a resolution and is open all the same.
    pub is_resolved_open: bool,
    /// How it was resolved as far as was known at the moment.
    pub resolution: Resolution,
}

/// What has become of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not done.
    Open,
    /// Done and delivered.
    Done,
    /// Over without being delivered.
    Cancelled,
    /// No longer found by the query, and open when it was last seen.
    Left,
}

/// When work on an issue started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It has not, as far as is known.
    Never,
    /// It was started and put back, and has not been started again.
    PutBack,
    /// First entry into a started status since it was last in a not-started one; the creation of
    /// what was created in a started status.
    At(Timestamp),
    /// Nothing tells when: no changes are recorded.
    Unrecorded,
    /// Nothing tells when: it was in a status that nothing explains, before a start or since.
    Unexplained,
}

/// When an issue was done or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// The moment.
    pub at: Timestamp,
    /// What tells.
    pub by: Dating,
}

/// What tells when an issue was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// The last entry into a done status that was not left again.
    Changelog,
    /// The resolution date, where the changelog has no such entry.
    ResolutionDate,
    /// The sync that did not find it any more.
    Sync,
}

/// Which date a counted issue lacks to be in any week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Undated {
    /// It names no time of creation.
    NotCreated,
    /// It is done and nothing tells when.
    NotFinished,
    /// It was done before it was created.
    FinishedBeforeCreated,
}

impl<'h> Item<'h> {
    /// The issue at `as_of`; `None` if it was created later.
    pub(crate) fn read(
        history: &'h IssueHistory,
        rules: &mut Rules<'h>,
        statuses: &mut Statuses<'h>,
        as_of: &AsOf,
    ) -> Option<Item<'h>> {
        let facts = &history.facts;
        let created = facts.created.filter(|at| *at >= Timestamp::UNIX_EPOCH);
        if created.is_some_and(|at| !as_of.knows(at)) {
            return None;
        }
        let replay = Replay::of(history, rules, statuses, as_of);
        let left = facts.left.filter(|at| as_of.knows(*at));
        let (state, finished) = match (replay.is_over, replay.is_not_delivered, left) {
            (false, _, Some(at)) => (State::Left, Some(Finished { at, by: Dating::Sync })),
            (false, _, None) => (State::Open, None),
            (true, false, _) => (State::Done, replay.finished),
            (true, true, _) => (State::Cancelled, replay.finished),
        };
        Some(Item {
            facts,
            status: replay.status,
            state,
            created,
            start: replay.start,
            is_under_way: state == State::Open && replay.is_started,
            is_status_unexplained: replay.is_status_unexplained,
            finished,
            points: countable(facts.points),
            transitions: history.transitions.as_deref(),
            is_stale: replay.is_stale,
            is_resolution_known: replay.is_resolution_known,
            is_resolved_open: state == State::Open
                && matches!(replay.resolution, Resolution::Named(_)),
            resolution: replay.resolution,
        })
    }

    /// The issue as an amount.
    pub fn amount(&self) -> Amount {
        Amount::one(self.points)
    }

    /// Which date it lacks to be in any week; `None` if it has those it needs.
    pub fn undated(&self) -> Option<Undated> {
        let Some(created) = self.created else { return Some(Undated::NotCreated) };
        match (self.state, self.finished) {
            (State::Open, _) => None,
            (_, None) => Some(Undated::NotFinished),
            // Importers set such dates. The weeks would hold less than nothing in between.
            (_, Some(finished)) if finished.at < created => Some(Undated::FinishedBeforeCreated),
            (_, Some(_)) => None,
        }
    }

    /// The statuses that it is or was in, as its changes and its document name them; some more than
    /// once.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &'h Arc<StatusRef>> + use<'h> {
        let transitions = self.transitions.unwrap_or_default();
        let first = transitions.first().and_then(|first| first.from.as_ref());
        first.into_iter().chain(transitions.iter().filter_map(|transition| transition.to.as_ref()))
    }
}
