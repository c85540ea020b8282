//! The issues of a query at a moment: those that count, and why the others do not.

use std::fmt;

use model::{IssueFacts, Remedy, Resolution};

use crate::history::IssueHistory;
use crate::item::{Item, State};
use crate::measured::Measured;
use crate::memo::Memo;
use crate::reason::Reason;
use crate::status::Statuses;
use crate::weeks::AsOf;
use crate::workflow::Workflow;

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
    /// By which workflow they were read.
    pub workflow: &'h Workflow,
    /// What brings them up to date.
    pub refresh: Remedy,
    pub(crate) statuses: Statuses<'h>,
}

/// An issue that does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotCounted<'h> {
    /// The issue.
    pub facts: &'h IssueFacts,
    /// Why.
    pub because: Exclusion<'h>,
}

/// Why an issue does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion<'h> {
    /// It lies in a project that is none of the development projects.
    Project(&'h str),
    /// Its type only holds other issues.
    ParentType(&'h str),
}

impl fmt::Display for Exclusion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exclusion::Project(key) => write!(f, "project {key} is no development project"),
            Exclusion::ParentType(name) => write!(f, "type {name} only holds other issues"),
        }
    }
}

impl<'h> Items<'h> {
    /// Replays `histories` up to `as_of`; `refresh` is what brings them up to date.
    pub fn read(
        histories: &'h [IssueHistory],
        workflow: &'h Workflow,
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
            statuses: Statuses::learn(workflow, histories),
        };
        let mut rules = Rules::of(workflow);
        for history in histories {
            match Item::read(history, &mut rules, &mut items.statuses, as_of) {
                None => items.later += 1,
                Some(item) => match rules.exclusion(item.facts) {
                    Some(because) => {
                        items.not_counted.push(NotCounted { facts: item.facts, because });
                    }
                    None => items.counted.push(item),
                },
            }
        }
        items
    }

    /// How many issues the query holds, counted or not, known at the moment or not.
    pub fn len(&self) -> usize {
        self.counted.len() + self.not_counted.len() + self.later as usize
    }

    /// Whether the query holds no issue at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Why nothing can be measured; `None` if some issue counts.
    pub(crate) fn none_counted<T>(&self) -> Option<Measured<T>> {
        let (reason, remedy) = if self.is_empty() {
            (Reason::NoIssues, self.refresh)
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

    /// Those that count and were in that state.
    pub fn in_state(&self, state: State) -> impl Iterator<Item = &Item<'h>> {
        self.counted.iter().filter(move |item| item.state == state)
    }
}

/// What a workflow says about projects, types and resolutions, looked up once per name.
pub(crate) struct Rules<'h> {
    workflow: &'h Workflow,
    is_developed: Memo<'h, bool>,
    is_parent: Memo<'h, bool>,
    is_not_delivered: Memo<'h, bool>,
}

impl<'h> Rules<'h> {
    fn of(workflow: &'h Workflow) -> Rules<'h> {
        let (is_developed, is_parent) = (Memo::default(), Memo::default());
        Rules { workflow, is_developed, is_parent, is_not_delivered: Memo::default() }
    }

    fn exclusion(&mut self, facts: &'h IssueFacts) -> Option<Exclusion<'h>> {
        let projects = &self.workflow.development_projects;
        let project = facts.project.as_deref().unwrap_or(project_of(&facts.key));
        if !projects.is_empty() && !self.is_developed.answer(project, || projects.contains(project))
        {
            return Some(Exclusion::Project(project));
        }
        let name = facts.issue_type.as_deref()?;
        let parents = &self.workflow.parent_types;
        let is_parent = self.is_parent.answer(name, || parents.contains(name));
        is_parent.then_some(Exclusion::ParentType(name))
    }

    /// Whether the issue was resolved in a way that means not delivered.
    pub fn is_not_delivered(&mut self, facts: &'h IssueFacts) -> bool {
        let Resolution::Named(name) = &facts.resolution else { return false };
        let listed = &self.workflow.not_delivered;
        self.is_not_delivered.answer(name, || listed.contains(name))
    }
}

/// Early builds of the old app did not fetch the project, but a key begins with it.
fn project_of(key: &str) -> &str {
    key.rsplit_once('-').map_or(key, |(project, _)| project)
}
