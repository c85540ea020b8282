//! Which lane each status is in, and what told so.

use std::collections::BTreeSet;

use model::settings::fold;
use model::{Lane, NameSet, StatusCategory, Transition};

use super::{KnownStatus, LaneOrigin, Meaning, Statuses, project_of};
use crate::history::IssueHistory;
use crate::weeks::AsOf;
use crate::workflow::{ListsInForce, Workflow};

impl<'h> Statuses<'h> {
    pub(super) fn explain(
        &mut self,
        workflow: &Workflow,
        histories: &[&'h IssueHistory],
        as_of: &AsOf,
    ) {
        self.lists = self.lists_of(workflow);
        for place in 0..self.known.len() {
            self.settle(place, workflow);
        }
        self.follow_names();
        if self.lists.start {
            self.mark_before_start(workflow, histories, as_of);
        }
        self.find_reopened(histories, as_of);
        self.follow_names();
        self.found.clear();
    }

    fn lists_of(&self, workflow: &Workflow) -> ListsInForce {
        use StatusCategory::{Done, Indeterminate};
        let occurring = || self.known.iter().filter(|known| known.occurs);
        let is_in_force = |names: &NameSet, category| {
            let is_named = |known: &KnownStatus<'_>| names.contains_any(&known.names);
            // As long as nothing else says what they are for, nobody can say that the list is wrong.
            let is_told = || occurring().any(|known| known.category == Some(category));
            !names.is_empty() && (occurring().any(is_named) || !is_told())
        };
        ListsInForce {
            end: is_in_force(&workflow.end_statuses, Done),
            start: is_in_force(&workflow.start_statuses, Indeterminate),
            wip: is_in_force(&workflow.wip_statuses, Indeterminate),
            active: is_in_force(&workflow.active_statuses, Indeterminate),
        }
    }

    fn settle(&mut self, place: usize, workflow: &Workflow) {
        let Some(known) = self.known.get(place) else { return };
        let chosen = self.chosen(known, workflow);
        let by_category = known.category.map(|category| self.by_category(category, known));
        // Where the profile lists what is done, nothing else is delivered.
        let is_unlisted = |meaning: &Meaning| self.lists.end && meaning.lane == Some(Lane::Done);
        let (meaning, origin) = match (chosen, by_category.filter(|meaning| !is_unlisted(meaning)))
        {
            (Some(lane), _) => (Meaning::of(lane), LaneOrigin::Chosen),
            (None, Some(meaning)) => (meaning, LaneOrigin::Category),
            (None, None) => (Meaning::default(), LaneOrigin::Unexplained),
        };
        if let Some(known) = self.known.get_mut(place) {
            (known.meaning, known.origin) = (meaning, origin);
        }
    }

    /// The lane that the profile says; the lists of the old app hold for every name that a status
    /// ever had.
    fn chosen(&self, known: &KnownStatus<'_>, workflow: &Workflow) -> Option<Lane> {
        if let Some(lane) = workflow.lane_of(known.id, &known.names) {
            return Some(lane);
        }
        let is_in =
            |is_in_force: bool, names: &NameSet| is_in_force && names.contains_any(&known.names);
        let lists = self.lists;
        let is_active = is_in(lists.active, &workflow.active_statuses);
        if is_in(lists.end, &workflow.end_statuses) {
            let is_dropped = known.present_names().any(|name| workflow.lists_not_delivered(name));
            Some(if is_dropped { Lane::NotDelivered } else { Lane::Done })
        } else if is_active {
            Some(Lane::Active)
        } else if is_in(lists.wip, &workflow.wip_statuses)
            || is_in(lists.start, &workflow.start_statuses)
        {
            Some(if lists.active { Lane::Waiting } else { Lane::Active })
        } else {
            None
        }
    }

    pub(super) fn by_category(&self, category: StatusCategory, known: &KnownStatus<'_>) -> Meaning {
        let is_dropped = || known.present_names().any(|name| self.workflow.is_not_delivered(name));
        Meaning::of(match category {
            StatusCategory::New => Lane::NotStarted,
            StatusCategory::Indeterminate => Lane::Active,
            StatusCategory::Done if is_dropped() => Lane::NotDelivered,
            StatusCategory::Done => Lane::Done,
        })
    }

    /// An id of which nothing is known means what its name means elsewhere, if that is one thing.
    fn follow_names(&mut self) {
        for place in 0..self.known.len() {
            let Some(known) = self.known.get(place) else { continue };
            if known.origin != LaneOrigin::Unexplained || !known.differing.is_empty() {
                continue;
            }
            let mut others = BTreeSet::new();
            for other in
                known.names.iter().filter_map(|name| self.by_name.get(&fold(name))).flatten()
            {
                let other =
                    self.known.get(*other).filter(|other| other.origin != LaneOrigin::Unexplained);
                others.extend(other.map(|other| (other.meaning.lane, other.meaning.is_started)));
            }
            if let (1, Some((lane, is_started))) = (others.len(), others.pop_first())
                && let Some(known) = self.known.get_mut(place)
            {
                known.meaning = Meaning { lane, is_started };
                known.origin = LaneOrigin::Category;
            }
        }
    }

    /// A list of start statuses that leaves out some of the work in progress: those that come
    /// before a start status more often than after one are not yet started.
    fn mark_before_start(
        &mut self,
        workflow: &Workflow,
        histories: &[&'h IssueHistory],
        as_of: &AsOf,
    ) {
        let is_start = |known: &KnownStatus<'_>| workflow.start_statuses.contains_any(&known.names);
        let mut balance = vec![0_i64; self.known.len()];
        for history in histories {
            let project = project_of(&history.facts);
            let mut entered: Vec<usize> = Vec::new();
            for transition in known_changes(history, as_of) {
                let place = transition.to.as_ref().and_then(|to| self.find(to, project));
                entered.extend(place.filter(|place| !entered.contains(place)));
            }
            let begins = |place: &usize| self.known.get(*place).is_some_and(is_start);
            let Some(begun) = entered.iter().position(begins) else { continue };
            for (order, place) in entered.into_iter().enumerate() {
                if let Some(balance) = balance.get_mut(place) {
                    *balance += if order < begun { -1 } else { 1 };
                }
            }
        }
        self.found.clear();
        for (known, balance) in self.known.iter_mut().zip(balance) {
            let is_before = known.meaning.is_started && !is_start(known) && balance < 0;
            if is_before {
                known.meaning = Meaning { lane: Some(Lane::Waiting), is_started: false };
            }
        }
    }

    /// Statuses that are entered only from what is over: work that was taken up again waits there,
    /// whatever their category says.
    fn find_reopened(&mut self, histories: &[&'h IssueHistory], as_of: &AsOf) {
        for history in histories {
            let project = project_of(&history.facts);
            let transitions = history.transitions.as_deref().unwrap_or_default();
            let created_in = match transitions.first() {
                Some(first) => first.from.as_ref().and_then(|from| self.find(from, project)),
                None => self.place_of_document(&history.facts),
            };
            self.enter(created_in, false);
            let mut place = created_in;
            for transition in known_changes(history, as_of) {
                let is_over = place
                    .and_then(|place| self.known.get(place))
                    .is_some_and(|k| k.meaning.is_over());
                place = transition.to.as_ref().and_then(|to| self.find(to, project));
                self.enter(place, is_over);
            }
        }
        self.found.clear();
        for known in &mut self.known {
            let is_reopened = known.entered.from_over && !known.entered.from_others;
            if is_reopened && known.origin != LaneOrigin::Chosen && !known.meaning.is_over() {
                known.meaning = Meaning::of(Lane::Waiting);
                known.origin = LaneOrigin::Reopened;
            }
        }
    }

    fn enter(&mut self, place: Option<usize>, is_from_over: bool) {
        if let Some(known) = place.and_then(|place| self.known.get_mut(place)) {
            known.entered.from_over |= is_from_over;
            known.entered.from_others |= !is_from_over;
        }
    }
}

fn known_changes<'h>(
    history: &'h IssueHistory,
    as_of: &AsOf,
) -> impl Iterator<Item = &'h Transition> {
    history.transitions.iter().flatten().take_while(|transition| as_of.knows(transition.at))
}
