//! The facts of one issue as they stood at a moment.

use model::{IssueFacts, Resolution, Timestamp, Transition};
use serde::Serialize;

use crate::amount::{Amount, countable};
use crate::history::IssueHistory;
use crate::items::Rules;
use crate::status::{Role, Statuses};
use crate::weeks::AsOf;
use crate::workflow::is_same;

/// An issue at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'h> {
    /// What its document says now, whatever the moment.
    pub facts: &'h IssueFacts,
    /// Its status at the moment; `None` if nothing tells.
    pub status: Option<&'h str>,
    /// What had become of it.
    pub state: State,
    /// When it was created; `None` if its document names no time since 1970.
    pub created: Option<Timestamp>,
    /// When work on it started.
    pub start: Start,
    /// When it was done or cancelled; `None` if it is open or nothing tells when.
    pub finished: Option<Finished>,
    /// Its story points now; `None` for every way not to have some.
    pub points: Option<f64>,
    /// All its status changes, later ones included; `None` if its changelog was never fetched.
    pub transitions: Option<&'h [Transition]>,
    /// Whether its changelog ends in another status than its document names.
    pub is_stale: bool,
    /// Whether it is known how it was resolved; true of open issues.
    pub is_resolution_known: bool,
}

/// What has become of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not done.
    Open,
    /// Done and delivered.
    Done,
    /// Done without being delivered.
    Cancelled,
}

/// When work on an issue started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It has not, as far as is known.
    Never,
    /// First entry into a started status.
    At(Timestamp),
    /// Before its history begins: it has been in a started status, and no entry is recorded.
    Unrecorded,
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
        let replay = Replay::of(history, statuses, as_of);
        let standing = replay.standing(facts, statuses, as_of);
        let is_resolution_known = !standing.is_done
            || (facts.resolution != Resolution::Absent && !replay.is_done_left_later);
        let is_delivered = !is_resolution_known || !rules.is_not_delivered(facts);
        Some(Item {
            facts,
            status: standing.status,
            state: match (standing.is_done, is_delivered) {
                (false, _) => State::Open,
                (true, true) => State::Done,
                (true, false) => State::Cancelled,
            },
            created,
            start: replay.start_in(statuses.role(standing.status)),
            finished: standing.finished,
            points: countable(facts.points),
            transitions: history.transitions.as_deref(),
            is_stale: replay.is_stale,
            is_resolution_known,
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
}

/// What a changelog says about a moment.
struct Replay<'h> {
    /// The status after the last change up to the moment, else before the first one after it.
    status: Option<&'h str>,
    entered_done: Option<Timestamp>,
    start: Start,
    /// Whether it has changes after the moment, so that the document's status is a later one.
    has_later: bool,
    is_done_left_later: bool,
    is_stale: bool,
}

struct Standing<'h> {
    status: Option<&'h str>,
    is_done: bool,
    finished: Option<Finished>,
}

impl<'h> Replay<'h> {
    fn of(history: &'h IssueHistory, statuses: &mut Statuses<'h>, as_of: &AsOf) -> Replay<'h> {
        let transitions = history.transitions.as_deref().unwrap_or_default();
        let known = transitions.partition_point(|transition| as_of.knows(transition.at));
        let (past, later) = transitions.split_at(known);
        let before_later = later.first().and_then(|next| next.from.as_deref());
        let mut replay = Replay {
            status: past.last().map_or(before_later, |last| last.to.as_deref()),
            entered_done: None,
            start: Start::Never,
            has_later: !later.is_empty(),
            is_done_left_later: later.iter().any(|t| !statuses.role(t.to.as_deref()).is_done),
            is_stale: transitions
                .last()
                .is_some_and(|last| !is_same(last.to.as_deref(), history.facts.status.as_deref())),
        };
        replay.follow(past, statuses);
        replay
    }

    fn follow(&mut self, past: &'h [Transition], statuses: &mut Statuses<'h>) {
        let (mut status, mut role) = (None, Role::default());
        for transition in past {
            // A gap in the changelog shows as a `from` that is not the last `to`.
            let before = match transition.from.as_deref() {
                from if from == status || from.is_none() => role,
                from => statuses.role(from),
            };
            status = transition.to.as_deref();
            let after = statuses.role(status);
            if !after.is_done {
                self.entered_done = None;
            } else if !before.is_done {
                self.entered_done = Some(transition.at);
            }
            if self.start == Start::Never && before.is_started {
                self.start = Start::Unrecorded;
            } else if self.start == Start::Never && after.is_started {
                self.start = Start::At(transition.at);
            }
            role = after;
        }
    }

    fn standing(
        &self,
        facts: &'h IssueFacts,
        statuses: &mut Statuses<'h>,
        as_of: &AsOf,
    ) -> Standing<'h> {
        let status = if self.has_later { self.status } else { facts.status.as_deref() };
        let resolved = facts.resolved.filter(|at| as_of.knows(*at));
        let is_done = match status {
            Some(_) => statuses.role(status).is_done,
            None => resolved.is_some(),
        };
        // Only the document says that it is done, and also that this came after the moment.
        let is_news = !self.has_later && !statuses.role(self.status).is_done;
        let is_later_news = is_news && resolved < facts.resolved;
        if is_done && is_later_news {
            return Standing { status: self.status, is_done: false, finished: None };
        }
        let entered = self.entered_done.map(|at| Finished { at, by: Dating::Changelog });
        let resolved = resolved.map(|at| Finished { at, by: Dating::ResolutionDate });
        Standing { status, is_done, finished: entered.or(resolved).filter(|_| is_done) }
    }

    fn start_in(&self, current: Role) -> Start {
        match self.start {
            Start::Never if current.is_started => Start::Unrecorded,
            start => start,
        }
    }
}
