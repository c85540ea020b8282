//! What a profile says about its workflow: which statuses mean started and done, and what counts.

use std::fmt;

use model::settings::{NOT_DELIVERED, fold};
use model::{NameSet, ProfileSettings};

/// What of the settings of a profile says which items there are and how they stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workflow {
    /// Statuses that mean done.
    pub end_statuses: NameSet,
    /// Statuses that work starts with.
    pub start_statuses: NameSet,
    /// Statuses of work in progress.
    pub wip_statuses: NameSet,
    /// Statuses in which somebody works on it, rather than it waits.
    pub active_statuses: NameSet,
    /// Projects whose issues count; all if empty.
    pub development_projects: NameSet,
    /// Types that only hold other issues and do not count.
    pub parent_types: NameSet,
    /// Types that are bugs.
    pub bug_types: NameSet,
    /// Resolutions that mean cancelled.
    pub not_delivered: NameSet,
}

impl Workflow {
    /// What the settings say.
    pub fn of(settings: &ProfileSettings) -> Workflow {
        let (workflow, roles) = (settings.workflow.clone(), settings.roles.clone());
        Workflow {
            end_statuses: workflow.done,
            start_statuses: workflow.started,
            wip_statuses: workflow.in_progress,
            active_statuses: workflow.active,
            development_projects: roles.development_projects,
            parent_types: roles.parent_types,
            bug_types: roles.bug_types,
            not_delivered: workflow
                .not_delivered
                .unwrap_or_else(|| NOT_DELIVERED.into_iter().collect()),
        }
    }

    /// What makes a status mean done.
    pub fn done_rule(&self) -> Rule<'_> {
        Rule::first_set(&[("end statuses", &self.end_statuses)], "done")
    }

    /// What makes a status mean started.
    pub fn started_rule(&self) -> Rule<'_> {
        let sets = [("start statuses", &self.start_statuses), ("WIP statuses", &self.wip_statuses)];
        Rule::first_set(&sets, "indeterminate")
    }

    /// Whether any configured set names the status.
    pub fn names_status(&self, status: &str) -> bool {
        [&self.end_statuses, &self.start_statuses, &self.wip_statuses, &self.active_statuses]
            .into_iter()
            .any(|set| set.contains(status))
    }
}

/// What makes a status belong to a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule<'w> {
    /// The profile lists it.
    Listed {
        /// What the list is called.
        list: &'static str,
        /// The list.
        names: &'w NameSet,
    },
    /// Nothing is listed; the status has this category key.
    Category(&'static str),
}

impl<'w> Rule<'w> {
    fn first_set(sets: &[(&'static str, &'w NameSet)], category: &'static str) -> Rule<'w> {
        let set = sets.iter().find(|(_, names)| !names.is_empty());
        set.map_or(Rule::Category(category), |(list, names)| Rule::Listed { list, names })
    }

    /// Whether a status of that name and category belongs to the set.
    pub fn holds(&self, status: &str, category: Option<&str>) -> bool {
        match self {
            Rule::Listed { names, .. } => names.contains(status),
            Rule::Category(key) => category == Some(key),
        }
    }
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Listed { list, names } => write!(f, "{list} of the profile: {names}"),
            Rule::Category(key) => write!(f, "statuses of category “{key}”"),
        }
    }
}

/// Whether two names are the same, as [`NameSet`] sees it.
pub(crate) fn is_same(a: Option<&str>, b: Option<&str>) -> bool {
    a == b || matches!((a, b), (Some(a), Some(b)) if fold(a) == fold(b))
}

#[cfg(test)]
mod tests {
    use model::{Json, Settings};

    use super::*;

    fn workflow(classification: &str) -> Workflow {
        let group = Json::parse(classification).ok();
        let settings = Settings { project_classification: group, ..Settings::default() };
        Workflow::of(&ProfileSettings::read(&settings))
    }

    #[track_caller]
    fn check(classification: &str, done: &str, started: &str) {
        let workflow = workflow(classification);
        assert_eq!(workflow.done_rule().to_string(), done);
        assert_eq!(workflow.started_rule().to_string(), started);
    }

    #[test]
    fn what_is_not_configured_falls_back() {
        let by_category = ("statuses of category “done”", "statuses of category “indeterminate”");
        for unusable in ["null", "[]", "5", r#"{"flow_end_statuses":null,"wip_statuses":[7,""]}"#] {
            check(unusable, by_category.0, by_category.1);
        }
        check(
            r#"{"flow_end_statuses":["Done",3],"wip_statuses":["Doing"]}"#,
            "end statuses of the profile: Done",
            "WIP statuses of the profile: Doing",
        );
        check(
            r#"{"flow_end_statuses":"Done","wip_statuses":["Doing"],"flow_start_statuses":["Go"]}"#,
            "end statuses of the profile: Done",
            "start statuses of the profile: Go",
        );
    }

    #[test]
    fn an_own_list_of_resolutions_replaces_ours() {
        assert!(workflow("{}").not_delivered.contains("won’t fix"));
        assert!(workflow(r#"{"not_delivered_resolutions":[]}"#).not_delivered.is_empty());
    }
}
