//! What a profile says about its workflow: which statuses mean started and done, and what counts.

use std::collections::HashSet;
use std::fmt;

use model::{Json, Lane, Settings};

use crate::status::ListsInForce;
use crate::usual_names::is_usually_not_delivered;

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
    /// Resolutions that mean not delivered; `None` if the usual ones do.
    pub not_delivered: Option<NameSet>,
    /// Lanes that the profile puts statuses in, by their ids or, where it knows none, their names.
    pub lanes: Vec<(String, Lane)>,
    /// Which start counts of an item that was put back and started again.
    pub cycle_time_start: CycleTimeStart,
    /// Whether sub-tasks count beside what they are parts of.
    pub counts_subtasks: bool,
    /// Whether epics and what else holds issues count beside these.
    pub counts_parents: bool,
}

/// Which start counts of an item that was put back and started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleTimeStart {
    /// The first one since it was last in a not-started status.
    #[default]
    Last,
    /// The first one ever.
    First,
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
            not_delivered: member("not_delivered_resolutions").map(NameSet::read),
            lanes: member("lanes").map(read_lanes).unwrap_or_default(),
            cycle_time_start: match member("cycle_time_start").and_then(Json::as_text).as_deref() {
                Some("first") => CycleTimeStart::First,
                _ => CycleTimeStart::Last,
            },
            counts_subtasks: member("counts_subtasks").and_then(Json::as_bool).unwrap_or(true),
            counts_parents: member("counts_parents").and_then(Json::as_bool).unwrap_or(true),
        }
    }

    /// The lane that the profile puts a status in; by its id first, then by any name it had.
    pub fn lane_of(&self, id: Option<&str>, names: &[&str]) -> Option<Lane> {
        let lane = |is_it: &dyn Fn(&str) -> bool| {
            self.lanes.iter().find(|(status, _)| is_it(status)).map(|(_, lane)| *lane)
        };
        let by_id = id.and_then(|id| lane(&|status| status == id));
        by_id.or_else(|| lane(&|status| names.iter().any(|name| fold(name) == fold(status))))
    }

    /// Whether a resolution means not delivered.
    pub fn is_not_delivered(&self, resolution: &str) -> bool {
        match &self.not_delivered {
            Some(listed) => listed.contains(resolution),
            None => is_usually_not_delivered(resolution),
        }
    }

    /// What makes a status mean done.
    pub fn done_rule(&self, lists: ListsInForce) -> Rule {
        self.rule(&[("end statuses", lists.end, &self.end_statuses)], "done")
    }

    /// What makes a status mean started.
    pub fn started_rule(&self, lists: ListsInForce) -> Rule {
        let sets = [
            ("start statuses", lists.start, &self.start_statuses),
            ("WIP statuses", lists.wip, &self.wip_statuses),
        ];
        self.rule(&sets, "indeterminate")
    }

    fn rule(&self, sets: &[(&'static str, bool, &NameSet)], category: &'static str) -> Rule {
        if !self.lanes.is_empty() {
            return Rule::Lanes;
        }
        match sets.iter().find(|(_, is_in_force, _)| *is_in_force) {
            Some((list, _, names)) => Rule::Listed { list, names: names.to_string() },
            None => Rule::Category(category),
        }
    }
}

fn read_lanes(value: &Json) -> Vec<(String, Lane)> {
    let members = value.as_object().into_iter().flat_map(|object| object.iter());
    members
        .filter_map(|(status, lane)| Some((status.to_string(), Lane::of_key(&lane.as_text()?)?)))
        .collect()
}

/// What makes a status belong to a set.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// The profile puts statuses in lanes.
    Lanes,
    /// The profile lists it.
    Listed {
        /// What the list is called.
        list: &'static str,
        /// The names in it.
        names: String,
    },
    /// Nothing that occurs is listed; the status has this category key.
    Category(&'static str),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Lanes => f.write_str("lanes of the profile"),
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

    /// Whether it holds one of these names.
    pub fn contains_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.contains(name))
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
        let lists = ListsInForce {
            end: !workflow.end_statuses.is_empty(),
            start: !workflow.start_statuses.is_empty(),
            wip: !workflow.wip_statuses.is_empty(),
            active: false,
        };
        assert_eq!(workflow.done_rule(lists).to_string(), done);
        assert_eq!(workflow.started_rule(lists).to_string(), started);
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
        assert!(workflow("{}").is_not_delivered("won’t fix"));
        assert!(!workflow(r#"{"not_delivered_resolutions":[]}"#).is_not_delivered("won’t fix"));
        assert!(workflow(r#"{"not_delivered_resolutions":["Nee"]}"#).is_not_delivered("nee"));
    }
}
