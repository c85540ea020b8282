//! What a profile says about its workflow: which statuses mean started and done, and what counts.

use std::collections::HashSet;
use std::fmt;

use model::{Json, Settings};

/// Resolutions of work that nobody will deliver, unless the profile lists its own.
pub const NOT_DELIVERED: [&str; 22] = [
    "Abandoned",
    "Cancelled",
    "Canceled",
    "Cannot Reproduce",
    "Can't Reproduce",
    "Declined",
    "Deferred",
    "Duplicate",
    "Duplicate Issue",
    "Incomplete",
    "Incomplete Description",
    "Invalid",
    "Migrated to another ITS",
    "Not a Bug",
    "Not a Problem",
    "Obsolete",
    "Out of Date",
    "Rejected",
    "Won't Do",
    "Wont Do",
    "Won't Fix",
    "Wont Fix",
];

/// How many statuses a rule names before it only counts the rest.
const NAMES_SHOWN_MAX: usize = 8;

/// The workflow of a profile, read from its `project_classification`. What is absent or of another
/// type is empty.
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
    /// Reads the settings.
    pub fn read(settings: &Settings) -> Workflow {
        let group = settings.project_classification.as_ref();
        let member = |name: &str| group.and_then(|group| group.get(name));
        let set = |name: &str| member(name).map(NameSet::read).unwrap_or_default();
        Workflow {
            end_statuses: set("flow_end_statuses"),
            start_statuses: set("flow_start_statuses"),
            wip_statuses: set("wip_statuses"),
            active_statuses: set("active_statuses"),
            development_projects: set("development_projects"),
            parent_types: set("parent_issue_types"),
            bug_types: set("bug_types"),
            not_delivered: match member("not_delivered_resolutions") {
                Some(listed) => NameSet::read(listed),
                None => NOT_DELIVERED.into_iter().collect(),
            },
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

/// Names as somebody typed them. They match exactly, else without regard to case and outer blanks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NameSet {
    names: Vec<String>,
    folded: HashSet<String>,
}

impl NameSet {
    /// Reads a list of texts, or one text; anything else in it is left out.
    fn read(value: &Json) -> NameSet {
        let one = std::slice::from_ref(value);
        let texts = value.as_array().unwrap_or(one).iter().filter_map(Json::as_text);
        texts.filter(|text| !text.trim().is_empty()).collect()
    }

    /// Whether it holds that name.
    pub fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
            || (!self.is_empty() && self.folded.contains(&fold(name)))
    }

    /// Whether it holds no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl<T: Into<String>> FromIterator<T> for NameSet {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> NameSet {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let folded = names.iter().map(|name| fold(name)).collect();
        NameSet { names, folded }
    }
}

impl fmt::Display for NameSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<&str> =
            self.names.iter().take(NAMES_SHOWN_MAX).map(|name| name.trim()).collect();
        f.write_str(&shown.join(", "))?;
        match self.names.len() - shown.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Whether two names are the same, as [`NameSet`] sees it.
pub(crate) fn is_same(a: Option<&str>, b: Option<&str>) -> bool {
    a == b || matches!((a, b), (Some(a), Some(b)) if fold(a) == fold(b))
}

/// The form by which names of statuses, types and resolutions are compared. Jira Cloud writes
/// `Won’t Do` with a typographic apostrophe, people type a plain one.
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workflow(classification: &str) -> Workflow {
        let group = Json::parse(classification).ok();
        Workflow::read(&Settings { project_classification: group, ..Settings::default() })
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
    fn names_match_exactly_or_by_their_letters() {
        let set: NameSet = ["Done ", "Won't Do"].into_iter().collect();
        for (name, want) in [("Done ", true), (" done", true), ("WON’T DO", true), ("Don", false)]
        {
            assert_eq!(set.contains(name), want, "{name}");
        }
        assert!(!NameSet::default().contains(""));
    }

    #[test]
    fn an_own_list_of_resolutions_replaces_ours() {
        assert!(workflow("{}").not_delivered.contains("won’t fix"));
        assert!(workflow(r#"{"not_delivered_resolutions":[]}"#).not_delivered.is_empty());
    }
}
