//! What the changelog and the document of an issue say about a moment.

use model::settings::CycleTimeStart;
use model::{IssueFacts, Lane, Resolution, Timestamp, Transition};

use crate::history::IssueHistory;
use crate::item::{Dating, Finished, Start};
use crate::rules::Rules;
use crate::status::{Meaning, Statuses, project_of};
use crate::weeks::AsOf;

/// An issue at a moment, as its history tells.
pub(crate) struct Replay<'h> {
    /// The name of its status.
    pub status: Option<&'h str>,
    /// Whether it was over, delivered or not.
    pub is_over: bool,
    /// Whether it was over without being delivered.
    pub is_not_delivered: bool,
    /// When it was over.
    pub finished: Option<Finished>,
    /// When work on it started.
    pub start: Start,
    /// Whether its status was a started one.
    pub is_started: bool,
    /// Whether nothing explains its status.
    pub is_status_unexplained: bool,
    /// Whether the changelog ends in another status than the document names.
    pub is_stale: bool,
    /// How it was resolved.
    pub resolution: Resolution,
    /// Whether it is known how it was resolved; true of what was open.
    pub is_resolution_known: bool,
}

impl<'h> Replay<'h> {
    /// `history` up to `as_of`.
    pub fn of(
        history: &'h IssueHistory,
        rules: &mut Rules<'h>,
        statuses: &mut Statuses<'h>,
        as_of: &AsOf,
    ) -> Replay<'h> {
        let facts = &history.facts;
        let transitions = history.transitions.as_deref().unwrap_or_default();
        let known = transitions.partition_point(|transition| as_of.knows(transition.at));
        let (past, later) = transitions.split_at(known);
        let document = Document::read(facts, transitions, statuses, as_of);
        let mut walk = Walk::new(facts, rules.cycle_time_start());
        let status = if later.is_empty() {
            walk.follow_to_document(past, &document, statuses)
        } else {
            walk.follow(past, later, facts, statuses)
        };
        if status.is_none() && !(later.is_empty() && document.has_status) {
            walk.settle_by_resolution(&document);
        }
        walk.date_by(&document);
        let resolution = ResolutionThen::read(history, rules, as_of);
        let is_left_later = later.iter().any(|next| {
            // A status that nothing was in by then is none of the known ones.
            !meaning_of(next, facts, statuses).is_over()
                && !next.to.as_deref().is_some_and(|status| rules.is_over(status))
        });
        let is_resolved = resolution.is_known && (resolution.is_recorded || !is_left_later);
        let is_not_delivered =
            walk.not_delivered.is_some() || is_resolved && resolution.is_not_delivered;
        Replay {
            status,
            is_over: walk.over.is_some(),
            is_not_delivered,
            finished: walk.finished(is_not_delivered, resolution.not_delivered_since),
            start: walk.start(history.transitions.is_some()),
            is_started: walk.current.is_started,
            is_status_unexplained: status.is_some() && walk.current.lane.is_none(),
            is_stale: document.is_stale,
            is_resolution_known: walk.over.is_none() || is_resolved || walk.not_delivered.is_some(),
            resolution: resolution.value,
        }
    }
}

fn meaning_of<'h>(
    transition: &'h Transition,
    facts: &'h IssueFacts,
    statuses: &mut Statuses<'h>,
) -> Meaning {
    statuses.meaning(transition.to.as_ref(), project_of(facts))
}

/// What the document says.
struct Document<'h> {
    facts: &'h IssueFacts,
    meaning: Meaning,
    /// Whether it names a status at all.
    has_status: bool,
    /// Whether it is in another status than its changelog ends in.
    is_stale: bool,
    /// When it was resolved, if that was by the moment.
    resolved: Option<Timestamp>,
    /// Whether it was resolved after the moment.
    is_resolved_later: bool,
}

impl<'h> Document<'h> {
    fn read(
        facts: &'h IssueFacts,
        transitions: &'h [Transition],
        statuses: &mut Statuses<'h>,
        as_of: &AsOf,
    ) -> Document<'h> {
        let has_status = facts.status.is_some() || facts.status_id.is_some();
        let is_stale = transitions.last().is_some_and(|last| match &last.to {
            Some(to) => !statuses.is_same(to, facts),
            None => has_status,
        });
        let resolved = facts.resolved.filter(|at| as_of.knows(*at));
        Document {
            facts,
            meaning: statuses.document_meaning(facts),
            has_status,
            is_stale,
            resolved,
            is_resolved_later: resolved.is_none() && facts.resolved.is_some(),
        }
    }
}

/// How an issue was resolved at a moment.
struct ResolutionThen {
    value: Resolution,
    is_known: bool,
    is_not_delivered: bool,
    /// Whether changes of the resolution are recorded.
    is_recorded: bool,
    /// Since when it was resolved in a way that means not delivered, if a change tells.
    not_delivered_since: Option<Timestamp>,
}

impl ResolutionThen {
    fn read<'h>(history: &'h IssueHistory, rules: &mut Rules<'h>, as_of: &AsOf) -> ResolutionThen {
        let changes = &history.resolutions;
        let known = changes.partition_point(|change| as_of.knows(change.at));
        let (past, later) = changes.split_at(known);
        let current = &history.facts.resolution;
        let value = match (later.first(), past.last()) {
            (Some(next), _) => &next.from,
            (None, Some(last)) if *current == Resolution::Absent => &last.to,
            (None, _) => current,
        };
        let is_not_delivered = rules.is_not_delivered(value);
        let not_delivered =
            past.iter().rev().take_while(|change| rules.is_not_delivered(&change.to));
        let since = not_delivered.last().map(|change| change.at);
        ResolutionThen {
            is_known: *value != Resolution::Absent,
            is_not_delivered,
            is_recorded: !changes.is_empty(),
            not_delivered_since: since.filter(|_| is_not_delivered),
            value: value.clone(),
        }
    }
}

/// An issue on its way through the statuses.
struct Walk {
    created: Option<Timestamp>,
    cycle_time_start: CycleTimeStart,
    current: Meaning,
    /// When it was started; without a time if it was created then and the document does not say.
    started: Option<Option<Timestamp>>,
    was_put_back: bool,
    /// Whether it was in a status that nothing explains since it was last in a not-started one.
    was_unexplained: bool,
    /// Whether it is over, and since when.
    over: Option<Option<Finished>>,
    /// Whether its status means not delivered, and since when.
    not_delivered: Option<Option<Timestamp>>,
}

impl Walk {
    fn new(facts: &IssueFacts, cycle_time_start: CycleTimeStart) -> Walk {
        Walk {
            created: facts.created.filter(|at| *at >= Timestamp::UNIX_EPOCH),
            cycle_time_start,
            current: Meaning::default(),
            started: None,
            was_put_back: false,
            was_unexplained: false,
            over: None,
            not_delivered: None,
        }
    }

    /// Follows `past`; what comes later tells the status if nothing does before. Gives its name.
    fn follow<'h>(
        &mut self,
        past: &'h [Transition],
        later: &'h [Transition],
        facts: &'h IssueFacts,
        statuses: &mut Statuses<'h>,
    ) -> Option<&'h str> {
        let project = project_of(facts);
        let first = past.first().or(later.first()).and_then(|first| first.from.as_ref());
        if first.is_some() {
            self.begin(statuses.meaning(first, project), None);
        }
        for transition in past {
            self.enter(meaning_of(transition, facts, statuses), transition.at);
        }
        let status = past.last().map_or(first, |last| last.to.as_ref())?;
        statuses.name_of(status, project)
    }

    /// Follows all changes, and the document where it knows more. Gives the name of the status.
    fn follow_to_document<'h>(
        &mut self,
        past: &'h [Transition],
        document: &Document<'h>,
        statuses: &mut Statuses<'h>,
    ) -> Option<&'h str> {
        let facts = document.facts;
        let name = facts.status.as_deref();
        if !document.has_status {
            self.follow(past, &[], facts, statuses);
            return None;
        }
        let Some((last, before)) = past.split_last() else {
            if document.meaning.is_over() && document.is_resolved_later {
                return None;
            }
            self.begin(document.meaning, document.resolved);
            return name;
        };
        let is_over_elsewhere = document.is_stale && document.meaning.is_over();
        if !is_over_elsewhere {
            // Open ones hold the status of the document since the last change.
            self.follow(before, past, facts, statuses);
            self.enter(document.meaning, last.at);
            return name;
        }
        let recorded = self.follow(past, &[], facts, statuses);
        if self.over.is_none() {
            if document.is_resolved_later {
                // That it is done came after the moment.
                return recorded;
            }
            self.over = Some(document.resolved.map(by_resolution));
        }
        let is_not_delivered = document.meaning.lane == Some(Lane::NotDelivered);
        let since = self.not_delivered.flatten().or(document.resolved);
        self.not_delivered = is_not_delivered.then_some(since);
        self.current = document.meaning;
        name
    }

    /// Documents of the oldest layouts name no status: a resolution date means done.
    fn settle_by_resolution(&mut self, document: &Document<'_>) {
        let finished = document.resolved.map(by_resolution);
        self.over = finished.map(|finished| self.over.flatten().or(Some(finished)));
        self.not_delivered = self.not_delivered.filter(|_| self.over.is_some());
    }

    /// What is over since it was created, is dated by its resolution.
    fn date_by(&mut self, document: &Document<'_>) {
        if let Some(finished) = &mut self.over
            && finished.is_none()
        {
            *finished = document.resolved.map(by_resolution);
        }
    }

    /// The status that it was created in.
    fn begin(&mut self, meaning: Meaning, resolved: Option<Timestamp>) {
        self.step(meaning, None);
        if self.over.is_some() {
            self.over = Some(resolved.map(by_resolution));
        }
    }

    fn enter(&mut self, meaning: Meaning, at: Timestamp) {
        self.step(meaning, Some(at));
    }

    /// Enters a status; without a time it was created in it.
    fn step(&mut self, meaning: Meaning, at: Option<Timestamp>) {
        self.current = meaning;
        if meaning.is_over() {
            let entered = at.map(|at| Finished { at, by: Dating::Changelog });
            self.over.get_or_insert(entered);
            match meaning.lane {
                Some(Lane::NotDelivered) => self.not_delivered = self.not_delivered.or(Some(at)),
                _ => self.not_delivered = None,
            }
            return;
        }
        (self.over, self.not_delivered) = (None, None);
        match meaning.lane {
            None => self.was_unexplained = true,
            Some(Lane::NotStarted) if self.cycle_time_start == CycleTimeStart::Last => {
                self.was_put_back |= self.started.take().is_some();
                self.was_unexplained = false;
            }
            Some(_) if meaning.is_started => {
                self.started.get_or_insert(at.or(self.created));
            }
            Some(_) => {}
        }
    }

    fn start(&self, has_changelog: bool) -> Start {
        let is_begun = self.current.is_started || self.over.is_some();
        match self.started {
            _ if !has_changelog && self.current.lane != Some(Lane::NotStarted) && is_begun => {
                Start::Unrecorded
            }
            _ if self.was_unexplained => Start::Unexplained,
            Some(Some(at)) => Start::At(at),
            Some(None) => Start::Unrecorded,
            None if self.was_put_back => Start::PutBack,
            None => Start::Never,
        }
    }

    /// When it was over. What is not delivered is so as soon as both are true: that it is over, and
    /// that its status or resolution means so.
    fn finished(
        &self,
        is_not_delivered: bool,
        by_resolution: Option<Timestamp>,
    ) -> Option<Finished> {
        let finished = self.over.flatten()?;
        if !is_not_delivered {
            return Some(finished);
        }
        let by_status = self.not_delivered.flatten();
        let since = [by_status, by_resolution].into_iter().flatten().min();
        match since.filter(|since| *since > finished.at) {
            Some(at) => Some(Finished { at, by: Dating::Changelog }),
            None => Some(finished),
        }
    }
}

fn by_resolution(at: Timestamp) -> Finished {
    Finished { at, by: Dating::ResolutionDate }
}
