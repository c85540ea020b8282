//! The issues of a query at a moment: those that count, and why the others do not.

use std::fmt;

use model::IssueFacts;

use crate::history::IssueHistory;
use crate::item::{Item, State};
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
    /// Replays `histories` up to `as_of`.
    pub fn read(histories: &'h [IssueHistory], workflow: &'h Workflow, as_of: &AsOf) -> Items<'h> {
        let mut items = Items {
            counted: Vec::with_capacity(histories.len()),
            not_counted: Vec::new(),
            later: 0,
            as_of: as_of.clone(),
            workflow,
            statuses: Statuses::learn(workflow, histories),
        };
        for history in histories {
            match Item::read(history, workflow, &mut items.statuses, as_of) {
                None => items.later += 1,
                Some(item) => match exclusion(item.facts, workflow) {
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

    /// Those that count and were in that state.
    pub fn in_state(&self, state: State) -> impl Iterator<Item = &Item<'h>> {
        self.counted.iter().filter(move |item| item.state == state)
    }
}

fn exclusion<'h>(facts: &'h IssueFacts, workflow: &Workflow) -> Option<Exclusion<'h>> {
    let projects = &workflow.development_projects;
    let project = facts.project.as_deref().unwrap_or(project_of(&facts.key));
    let issue_type = facts.issue_type.as_deref();
    if !projects.is_empty() && !projects.contains(project) {
        return Some(Exclusion::Project(project));
    }
    issue_type.filter(|name| workflow.parent_types.contains(name)).map(Exclusion::ParentType)
}

/// Early builds of the old app did not fetch the project, but a key begins with it.
fn project_of(key: &str) -> &str {
    key.rsplit_once('-').map_or(key, |(project, _)| project)
}
