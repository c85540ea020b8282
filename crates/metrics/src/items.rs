//! The issues of a query at a moment: those that count, and why the others do not.

use std::collections::{BTreeMap, BTreeSet};

use model::{IssueFacts, Points, Remedy, Status, StatusCategory, Transition};

use crate::history::IssueHistory;
use crate::item::{Item, State};
use crate::measured::Measured;
use crate::reason::Reason;
use crate::rules::{Exclusion, Rules};
use crate::status::{Statuses, project_of};
use crate::weeks::AsOf;
use crate::workflow::{Rule, StartedRule, Workflow};

/// The issues of a query as they stood at a moment.
#[derive(Debug, Clone)]
pub struct Items<'h> {
    /// Those that count, in the order they came in.
    pub counted: Vec<Item<'h>>,
    /// Those that do not.
    pub not_counted: Vec<NotCounted<'h>>,
    /// How many were created after the moment; nothing else tells of them.
    pub later: u64,
    /// The moment.
    pub as_of: AsOf,
    /// How many of those that count are sub-tasks or hold other issues.
    pub counted_parts: u64,
    /// By which workflow they were read.
    pub workflow: &'h Workflow,
    /// What brings them up to date.
    pub refresh: Remedy,
    /// What helps if nothing was ever done.
    pub where_idle: Remedy,
    /// Why there is no issue if there is none, and what helps.
    pub where_empty: (Reason, Remedy),
    /// What the statuses mean.
    pub statuses: Statuses<'h>,
}

/// An issue that does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotCounted<'h> {
    /// The issue.
    pub facts: &'h IssueFacts,
    /// Why.
    pub because: Exclusion<'h>,
}

impl<'h> Items<'h> {
    /// Replays `histories` up to `as_of`; `listed` are the statuses that the server lists, `refresh`
    /// is what brings all of it up to date.
    pub fn read(
        histories: &'h [IssueHistory],
        workflow: &'h Workflow,
        listed: &'h [Status],
        as_of: &AsOf,
        refresh: Remedy,
    ) -> Items<'h> {
        let mut items = Items {
            counted: Vec::with_capacity(histories.len()),
            not_counted: Vec::new(),
            later: 0,
            as_of: as_of.clone(),
            workflow,
            refresh,
            where_idle: Remedy::WidenSample,
            where_empty: (Reason::NoIssues, refresh),
            statuses: Statuses::learn(workflow, listed, histories, as_of),
            counted_parts: 0,
        };
        let mut rules = Rules::of(workflow, histories);
        for history in histories {
            match Item::read(history, &mut rules, &mut items.statuses, as_of) {
                None => items.later += 1,
                Some(item) => match rules.exclusion(item.facts) {
                    Some(because) => {
                        items.not_counted.push(NotCounted { facts: item.facts, because });
                    }
                    None => {
                        items.counted_parts += u64::from(rules.part(item.facts).is_some());
                        items.counted.push(item);
                    }
                },
            }
        }
        items
    }

    /// Whether it is known which of them are done: where they name statuses, something has to say what
    /// these mean.
    pub fn can_tell_done(&self) -> bool {
        let names_status = || self.counted.iter().any(|item| item.status.is_some());
        self.tell_status_or_resolution() && (self.statuses.can_tell_done() || !names_status())
    }

    /// Whether any of them tells a status, now or before, or when it was resolved. All of it can be missing
    /// in what was fetched without these fields; then nobody knows what is done.
    pub(crate) fn tell_status_or_resolution(&self) -> bool {
        let tells = |item: &Item<'_>| {
            let IssueFacts { status, status_id, resolved, .. } = item.facts;
            let changes = item.transitions.unwrap_or_default();
            let known = changes.partition_point(|change| self.as_of.knows(change.at));
            let names = |change: &Transition| change.from.is_some() || change.to.is_some();
            // What came later is not known yet: the next change says what there was until then.
            let is_named = match changes.get(known) {
                Some(next) => next.from.is_some(),
                None => status.is_some() || status_id.is_some(),
            };
            resolved.is_some_and(|at| self.as_of.knows(at))
                || is_named
                || changes.iter().take(known).any(names)
        };
        self.counted.is_empty() || self.counted.iter().any(tells)
    }

    /// What the server says that the status is for that an item was in at the moment.
    pub fn category_of(&self, item: &Item<'_>) -> Option<StatusCategory> {
        let changes = item.transitions.unwrap_or_default();
        let known = changes.partition_point(|change| self.as_of.knows(change.at));
        let (past, later) = changes.split_at_checked(known)?;
        let status = match (past.last(), later.first()) {
            (_, None) => return category_in(item.facts),
            (Some(last), _) => last.to.as_ref(),
            (None, Some(next)) => next.from.as_ref(),
        };
        let place = self.statuses.look_up(status?, project_of(item.facts))?;
        self.statuses.known().get(place)?.category
    }

    /// What made a status mean done.
    pub fn done_rule(&self) -> Rule {
        self.workflow.done_rule(self.statuses.lists_in_force())
    }

    /// What made a status mean started.
    pub fn started_rule(&self) -> StartedRule {
        self.workflow.started_rule(self.statuses.lists_in_force())
    }

    /// How many issues the query holds, counted or not, known at the moment or not.
    pub fn len(&self) -> usize {
        self.counted.len() + self.not_counted.len() + self.later as usize
    }

    /// Whether the query holds no issue at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The statuses that nothing explains, now or before, with how many of `items` had each.
    pub(crate) fn unexplained_statuses<'i>(
        &'i self,
        items: impl IntoIterator<Item = &'i Item<'h>>,
    ) -> Vec<(String, u64)>
    where
        'h: 'i,
    {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for item in items {
            let names: BTreeSet<&str> = self.unexplained_of(item).collect();
            names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
        }
        counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
    }

    /// Why nothing can be measured; `None` if some issue counts.
    pub(crate) fn none_counted<T>(&self) -> Option<Measured<T>> {
        let (reason, remedy) = if self.is_empty() {
            self.where_empty
        } else if self.counted.is_empty() && self.not_counted.is_empty() {
            (Reason::NoneCreatedBy { date: self.as_of.date() }, Remedy::ChooseLaterDay)
        } else if self.counted.is_empty() {
            let issues = self.not_counted.len() as u64;
            (Reason::NoneCounts { issues }, Remedy::ChangeWhatCounts)
        } else {
            return None;
        };
        Some(Measured::unavailable(reason, remedy))
    }

    /// Why nothing can be said of points, whatever is estimated: none was asked for, or no issue has the
    /// field. `None` where some issue has it, or none counts.
    pub fn lacks_points(&self) -> Option<(Reason, Remedy)> {
        let mut points = self.counted.iter().map(|item| item.facts.points).peekable();
        points.peek()?;
        let mut is_requested = false;
        for points in points {
            match points {
                Points::NotRequested => {}
                Points::Absent => is_requested = true,
                Points::Known(_) | Points::Empty | Points::Unreadable => return None,
            }
        }
        Some(match is_requested {
            true => (Reason::NoPointsField, Remedy::MapPointsField),
            false => (Reason::PointsNotRequested, self.refresh),
        })
    }

    /// Names of the statuses that nothing explains and that an issue is or was in.
    fn unexplained_of<'i>(&'i self, item: &'i Item<'h>) -> impl Iterator<Item = &'i str> {
        let (facts, project) = (item.facts, project_of(item.facts));
        let past = item.changes().filter_map(move |status| {
            let place = self.statuses.look_up(status, project);
            match place.and_then(|place| self.statuses.known().get(place)) {
                Some(known) if known.meaning.lane.is_some() => None,
                Some(known) => known.names.first().copied().or(status.id.as_deref()),
                None => status.name.as_deref(),
            }
        });
        let is_unexplained = self.statuses.document_meaning(facts).lane.is_none();
        past.chain(facts.status.as_deref().filter(|_| is_unexplained))
    }

    /// Those that count and were in that state.
    pub fn in_state(&self, state: State) -> impl Iterator<Item = &Item<'h>> {
        self.counted.iter().filter(move |item| item.state == state)
    }
}

fn category_in(facts: &IssueFacts) -> Option<StatusCategory> {
    facts.status_category.as_deref().and_then(StatusCategory::of_key)
}
