//! Which issues count, and which resolutions mean not delivered, looked up once per name.

use std::collections::{HashMap, HashSet};
use std::fmt;

use model::settings::CycleTimeStart;
use model::{IssueFacts, Resolution, StatusRef};

use crate::history::IssueHistory;
use crate::memo::Memo;
use crate::status::project_of;
use crate::workflow::Workflow;
use model::settings::usual_names::is_usually_epic;

/// Why an issue does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion<'h> {
    /// It lies in a project that is none of the development projects.
    Project(&'h str),
    /// The profile says that its type does not count.
    ParentType(&'h str),
    /// It is a part of another issue.
    Subtask(&'h str),
    /// Its type holds other issues.
    Parent(&'h str),
}

impl fmt::Display for Exclusion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exclusion::Project(key) => write!(f, "project {key} is no development project"),
            Exclusion::ParentType(name) => write!(f, "type {name} does not count by the settings"),
            Exclusion::Subtask(name) => write!(f, "type {name} is one of sub-tasks"),
            Exclusion::Parent(name) => write!(f, "type {name} holds other issues"),
        }
    }
}

/// What a type is, beside one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its issues are parts of others.
    Subtask,
    /// Its issues hold others.
    Parent,
}

/// What a workflow says about projects, types and resolutions.
pub(crate) struct Rules<'h> {
    workflow: &'h Workflow,
    /// Types without a told level, most issues of which are parents of issues that are no sub-tasks,
    /// or have the name of an epic.
    parents_by_use: HashSet<&'h str>,
    is_developed: Memo<'h, bool>,
    is_parent: Memo<'h, bool>,
    is_epic: Memo<'h, bool>,
}

impl<'h> Rules<'h> {
    pub fn of(workflow: &'h Workflow, histories: &'h [IssueHistory]) -> Rules<'h> {
        Rules {
            workflow,
            parents_by_use: parents_by_use(histories),
            is_developed: Memo::default(),
            is_parent: Memo::default(),
            is_epic: Memo::default(),
        }
    }

    pub fn cycle_time_start(&self) -> CycleTimeStart {
        self.workflow.cycle_time_start
    }

    /// What the type of an issue is.
    pub fn part(&mut self, facts: &'h IssueFacts) -> Option<Part> {
        let level = facts.hierarchy_level;
        if facts.is_subtask == Some(true) || level.is_some_and(|level| level < 0) {
            return Some(Part::Subtask);
        }
        let is_parent = match level {
            Some(level) => level > 0,
            None => {
                let is_used_so =
                    facts.type_key().is_some_and(|key| self.parents_by_use.contains(key));
                is_used_so
                    || facts
                        .issue_type
                        .as_deref()
                        .is_some_and(|name| self.is_epic.answer(name, || is_usually_epic(name)))
            }
        };
        is_parent.then_some(Part::Parent)
    }

    pub fn exclusion(&mut self, facts: &'h IssueFacts) -> Option<Exclusion<'h>> {
        let projects = &self.workflow.development_projects;
        let project = project_of(facts).unwrap_or(&facts.key);
        let is_listed = || self.workflow.is_developed(project, facts.project_id.as_deref());
        if !projects.is_empty()
            && !self.is_developed.answer(facts.project_id.as_deref().unwrap_or(project), is_listed)
        {
            return Some(Exclusion::Project(project));
        }
        let name = facts.issue_type.as_deref()?;
        let parents = &self.workflow.parent_types;
        let is_listed = || parents.contains_any(&self.workflow.type_names(facts));
        if self.is_parent.answer(facts.type_key()?, is_listed) {
            return Some(Exclusion::ParentType(name));
        }
        match self.part(facts)? {
            Part::Subtask => (!self.workflow.counts_subtasks).then_some(Exclusion::Subtask(name)),
            Part::Parent => (!self.workflow.counts_parents).then_some(Exclusion::Parent(name)),
        }
    }

    /// Whether the profile says of a status that work in it is over.
    pub fn is_over(&self, status: &StatusRef) -> bool {
        let names: Vec<&str> = status.name.as_deref().into_iter().collect();
        match self.workflow.lane_of(status.id.as_deref(), &names) {
            Some(lane) => lane.is_over(),
            None => self.workflow.end_statuses.contains_any(&names),
        }
    }

    /// Whether the resolution means not delivered.
    pub fn is_not_delivered(&self, resolution: &Resolution) -> bool {
        matches!(resolution, Resolution::Named(name) if self.workflow.is_not_delivered(name))
    }
}

fn parents_by_use(histories: &[IssueHistory]) -> HashSet<&str> {
    let all = || histories.iter().map(|history| &history.facts);
    let parents: HashSet<&str> = all()
        .filter(|facts| facts.is_subtask != Some(true) && facts.hierarchy_level.is_none())
        .filter_map(|facts| facts.parent.as_deref())
        .collect();
    if parents.is_empty() && !histories.iter().any(|history| history.is_named_epic) {
        return HashSet::new();
    }
    let mut types: HashMap<&str, [u64; 3]> = HashMap::new();
    for history in histories.iter().filter(|history| history.facts.hierarchy_level.is_none()) {
        let Some(key) = history.facts.type_key() else { continue };
        let [count, holding, named] = types.entry(key).or_default();
        *count += 1;
        *holding += u64::from(parents.contains(history.facts.key.as_str()));
        *named += u64::from(history.is_named_epic);
    }
    let is_most = |(_, [count, holding, named]): &(_, [u64; 3])| holding.max(named) * 2 > *count;
    types.into_iter().filter(is_most).map(|(key, _)| key).collect()
}
