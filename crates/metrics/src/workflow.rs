//! What a profile says about its workflow: which statuses mean started and done, and what counts.

use std::fmt;

use model::header::FormerNames;
use model::settings::usual_names::is_usually_not_delivered;
use model::settings::{CycleTimeStart, LaneChoice, NameList, Switch, fold};
use model::{IssueFacts, Lane, NameSet, ProfileSettings};
use serde::Serialize;

/// What the list of statuses of work in progress is called.
const WIP_LIST: &str = "WIP statuses";

/// A kind of work, as the old app's flow types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkType {
    /// Something new.
    Feature,
    /// Something that is wrong.
    Defect,
    /// What makes later work easier.
    TechnicalDebt,
    /// What lessens a danger.
    Risk,
}

/// What of the settings of a profile says which items there are and how they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Statuses that mean done.
    pub end_statuses: NameSet,
    /// Statuses that work starts with.
    pub start_statuses: NameSet,
    /// Statuses of work in progress.
    pub wip_statuses: NameSet,
    /// Statuses in which somebody works on it, rather than it waits.
    pub active_statuses: NameSet,
    /// Lanes that the profile puts statuses in.
    pub lanes: Vec<LaneChoice>,
    /// The order of statuses that the profile chose, by id or name.
    pub status_order: NameList,
    /// Which start counts of an item that was put back and started again.
    pub cycle_time_start: CycleTimeStart,
    /// Projects whose issues count; all if empty.
    pub development_projects: NameSet,
    /// Types that do not count.
    pub parent_types: NameSet,
    /// Types of each kind of work.
    pub work_types: [(WorkType, NameSet); 4],
    /// Types that are bugs.
    pub bug_types: NameSet,
    /// Resolutions and statuses that mean not delivered; `None` if the usual ones do.
    pub not_delivered: Option<NameSet>,
    /// Resolutions and statuses that mean delivered, whatever they usually do.
    pub delivered: NameSet,
    /// Names that types had before they were renamed, by id; none that another type has now.
    pub former_types: FormerNames,
    /// Keys that projects had before they were renamed, by id; none that another project has now.
    pub former_projects: FormerNames,
    /// Whether sub-tasks count beside what they are parts of.
    pub counts_subtasks: bool,
    /// Whether epics and what else holds issues count beside these.
    pub counts_parents: bool,
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
            lanes: workflow.lanes,
            status_order: workflow.status_order,
            cycle_time_start: workflow.cycle_time_start.unwrap_or_default(),
            development_projects: roles.development_projects,
            parent_types: roles.parent_types,
            work_types: [
                (WorkType::Feature, roles.feature_types),
                (WorkType::Defect, roles.defect_types),
                (WorkType::TechnicalDebt, roles.debt_types),
                (WorkType::Risk, roles.risk_types),
            ],
            bug_types: roles.bug_types,
            not_delivered: workflow.not_delivered,
            delivered: workflow.delivered,
            former_types: FormerNames::new(),
            former_projects: FormerNames::new(),
            counts_subtasks: roles.count_subtasks != Some(Switch::Off),
            counts_parents: roles.count_parents != Some(Switch::Off),
        }
    }

    /// The lane that the profile puts a status in; by its id first, then by any name it had.
    pub fn lane_of(&self, id: Option<&str>, names: &[&str]) -> Option<Lane> {
        let lane = |is_it: &dyn Fn(&str) -> bool| {
            self.lanes.iter().find(|choice| is_it(&choice.status)).map(|choice| choice.lane)
        };
        let by_id = id.and_then(|id| lane(&|status| status == id));
        by_id.or_else(|| lane(&|status| names.iter().any(|name| fold(name) == fold(status))))
    }

    /// By what settings may name the type of an issue: its id, its name and those that it had.
    pub fn type_names<'w>(&'w self, facts: &'w IssueFacts) -> Vec<&'w str> {
        let former = facts.issue_type_id.as_deref().and_then(|id| self.former_types.get(id));
        facts.type_names().chain(former.into_iter().flatten().map(String::as_str)).collect()
    }

    /// Whether the project of an issue is one of the development projects, which may be named by its id,
    /// its key or one that it had.
    pub fn is_developed(&self, project: &str, project_id: Option<&str>) -> bool {
        let former = project_id.and_then(|id| self.former_projects.get(id)).into_iter().flatten();
        let names = former.map(String::as_str).chain([project]).chain(project_id);
        names.into_iter().any(|name| self.development_projects.contains(name))
    }

    /// The kind of work that a type is of, by its id or its name; `None` where nothing says it. A bug
    /// is a defect unless its type is of another kind.
    pub fn work_type(&self, issue_type: &[&str]) -> Option<WorkType> {
        let mut kinds = self.work_types.iter();
        let chosen = kinds.find(|(_, types)| types.contains_any(issue_type));
        chosen
            .map(|(kind, _)| *kind)
            .or_else(|| self.bug_types.contains_any(issue_type).then_some(WorkType::Defect))
    }

    /// Whether a resolution, or a status in which work is over, means not delivered.
    pub fn is_not_delivered(&self, name: &str) -> bool {
        match &self.not_delivered {
            Some(listed) => listed.contains(name),
            None => is_usually_not_delivered(name) && !self.delivered.contains(name),
        }
    }

    /// Whether the profile itself says so.
    pub fn lists_not_delivered(&self, name: &str) -> bool {
        self.not_delivered.as_ref().is_some_and(|listed| listed.contains(name))
    }

    /// What makes a status mean done.
    pub fn done_rule(&self, lists: ListsInForce) -> Rule {
        self.rule(&[("end statuses", lists.end, &self.end_statuses)], "done")
    }

    /// What makes a status mean started.
    pub fn started_rule(&self, lists: ListsInForce) -> StartedRule {
        let sets = [
            ("start statuses", lists.start, &self.start_statuses),
            (WIP_LIST, lists.wip, &self.wip_statuses),
        ];
        let rule = self.rule(&sets, "indeterminate");
        // Without a list of starts the category goes on to say it of what that list leaves out.
        let is_wip = matches!(&rule, Rule::Listed { list, .. } if *list == WIP_LIST);
        let category = is_wip.then_some("indeterminate");
        StartedRule { rule, category, which: self.cycle_time_start }
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

/// Which of the lists of names that the old app kept are in force: those of which a name occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListsInForce {
    /// The statuses that mean done.
    pub end: bool,
    /// The statuses that work starts with.
    pub start: bool,
    /// The statuses of work in progress.
    pub wip: bool,
    /// The statuses in which somebody works.
    pub active: bool,
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

/// What makes a status mean started, and which start of an issue counts.
#[derive(Debug, Clone, PartialEq)]
pub struct StartedRule {
    rule: Rule,
    /// The category key that means it beside what is listed.
    category: Option<&'static str>,
    which: CycleTimeStart,
}

impl fmt::Display for StartedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)?;
        if let Some(key) = self.category {
            write!(f, ", and others of category “{key}”")?;
        }
        match self.which {
            CycleTimeStart::Last => Ok(()),
            CycleTimeStart::First => f.write_str(", the first time, even if it was put back"),
        }
    }
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
            "WIP statuses of the profile: Doing, and others of category “indeterminate”",
        );
        check(
            r#"{"flow_end_statuses":"Done","wip_statuses":["Doing"],"flow_start_statuses":["Go"]}"#,
            "end statuses of the profile: Done",
            "start statuses of the profile: Go",
        );
    }

    #[test]
    fn another_start_than_the_last_is_said() {
        check(
            r#"{"wip_statuses":["Doing"],"cycle_time_start":"first"}"#,
            "statuses of category “done”",
            "WIP statuses of the profile: Doing, and others of category “indeterminate”, the first time, even if it was put back",
        );
    }

    #[test]
    fn a_type_is_of_the_kind_that_names_it() {
        let json = |text| Json::parse(text).ok();
        let settings = Settings {
            project_classification: json(r#"{"bug_types":["Bug","Fault"]}"#),
            flow_type_mappings: json(
                r#"{"Feature":{"issue_types":["Story"]},"Risk":{"issue_types":["Fault"]}}"#,
            ),
            ..Settings::default()
        };
        let workflow = Workflow::of(&ProfileSettings::read(&settings));
        let kinds = ["story", "Bug", "Fault", "Task", ""].map(|of| workflow.work_type(&[of]));
        let (feature, defect) = (Some(WorkType::Feature), Some(WorkType::Defect));
        assert_eq!(kinds, [feature, defect, Some(WorkType::Risk), None, None]);
    }

    #[test]
    fn an_own_list_of_resolutions_replaces_ours() {
        assert!(workflow("{}").is_not_delivered("won’t fix"));
        assert!(!workflow(r#"{"not_delivered_resolutions":[]}"#).is_not_delivered("won’t fix"));
        assert!(workflow(r#"{"not_delivered_resolutions":["Nee"]}"#).is_not_delivered("nee"));
        let obsolete = workflow(r#"{"delivered_resolutions":["Obsolete"]}"#);
        assert!(!obsolete.is_not_delivered("obsolete") && obsolete.is_not_delivered("Rejected"));
        let both = r#"{"delivered_resolutions":["Nee"],"not_delivered_resolutions":["Nee"]}"#;
        assert!(workflow(both).is_not_delivered("nee"), "what is listed is not asked again");
    }
}
