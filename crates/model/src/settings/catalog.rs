//! The list of settings in the order of the page: name, section, kind, field, and where it is kept.
//! Members that the old app has keep its names.

use serde::Serialize;

use super::ProfileSettings;
use super::field::Field;
use crate::json::Json;
use crate::profile::Settings;

/// One setting of a profile. Two are the same if their names are.
pub struct Setting {
    /// Its name in forms, commands and JSON.
    pub name: &'static str,
    /// Which form it is in.
    pub section: Section,
    /// What it holds.
    pub kind: Kind,
    /// The stored group, by its name in [`Settings::groups`].
    pub(super) group: &'static str,
    /// Its member in that group, and that of a member.
    pub(super) path: &'static [&'static str],
    get: fn(&ProfileSettings) -> &dyn Field,
    get_mut: fn(&mut ProfileSettings) -> &mut dyn Field,
}

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    /// A whole number.
    Whole,
    /// One of [`super::PERCENTS`].
    Percent,
    Day,
    /// Days, a line each.
    Days,
    /// Days with a name behind each, a line each.
    Milestones,
    /// `on` or `off`.
    Switch,
    /// Statuses with the lane that each is in, a line each.
    Lanes,
    /// `last` or `first`.
    CycleTimeStart,
    /// The name of a time zone.
    Zone,
    Weekdays,
    /// Names that Jira gives, a line each.
    Names(Noun),
    /// The same in an order that matters.
    Ordered(Noun),
    Address,
    Authentication,
    Email,
    /// Ids of fields, or their names where Jira can be asked.
    Fields,
}

/// What names are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Noun {
    Status,
    Resolution,
    IssueType,
    Project,
}

/// A group of settings that are saved together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Section {
    Forecast,
    Calendar,
    /// Which lane each status is in.
    Workflow,
    /// The lists of the old app that say what statuses mean.
    Lists,
    /// Which resolutions mean that nothing was delivered.
    Outcome,
    /// What types and projects mean.
    Types,
    /// What the old app reads and no figure here.
    Kept,
    Connection,
}

macro_rules! setting {
    ($name:literal, $section:ident, $kind:expr, $($field:ident).+, $group:literal, $path:expr) => {
        Setting {
            name: $name,
            section: Section::$section,
            kind: $kind,
            group: $group,
            path: &$path,
            get: |settings| &settings.$($field).+,
            get_mut: |settings| &mut settings.$($field).+,
        }
    };
}

const STATUSES: Kind = Kind::Names(Noun::Status);
const RESOLUTIONS: Kind = Kind::Names(Noun::Resolution);
const TYPES: Kind = Kind::Names(Noun::IssueType);
const PROJECTS: Kind = Kind::Names(Noun::Project);

/// Every setting.
#[rustfmt::skip]
pub static SETTINGS: [Setting; 34] = [
    setting!("window", Forecast, Kind::Whole, forecast.window_weeks, "forecast_settings", ["window_weeks"]),
    setting!("percent", Forecast, Kind::Percent, forecast.percent, "forecast_settings", ["percent"]),
    setting!("points", Forecast, Kind::Switch, points, "show_points", []),
    setting!("deadline", Forecast, Kind::Day, forecast.deadline, "forecast_settings", ["deadline"]),
    setting!("milestone", Forecast, Kind::Day, forecast.milestone, "forecast_settings", ["milestone"]),
    setting!("milestones", Forecast, Kind::Milestones, forecast.milestones, "forecast_settings", ["milestones"]),
    setting!("pert-weeks", Forecast, Kind::Whole, forecast.pert_weeks, "forecast_settings", ["pert_factor"]),
    setting!("time-zone", Calendar, Kind::Zone, calendar.time_zone, "forecast_settings", ["time_zone"]),
    setting!("working-days", Calendar, Kind::Weekdays, calendar.working_days, "forecast_settings", ["working_days"]),
    setting!("holidays", Calendar, Kind::Days, calendar.holidays, "forecast_settings", ["holidays"]),
    setting!("lanes", Workflow, Kind::Lanes, workflow.lanes, "project_classification", ["lanes"]),
    setting!("status-order", Workflow, Kind::Ordered(Noun::Status), workflow.status_order, "project_classification", ["status_order"]),
    setting!("cycle-time-start", Workflow, Kind::CycleTimeStart, workflow.cycle_time_start, "project_classification", ["cycle_time_start"]),
    setting!("started", Lists, STATUSES, workflow.started, "project_classification", ["flow_start_statuses"]),
    setting!("in-progress", Lists, STATUSES, workflow.in_progress, "project_classification", ["wip_statuses"]),
    setting!("active", Lists, STATUSES, workflow.active, "project_classification", ["active_statuses"]),
    setting!("done", Lists, STATUSES, workflow.done, "project_classification", ["flow_end_statuses"]),
    setting!("not-delivered", Outcome, RESOLUTIONS, workflow.not_delivered, "project_classification", ["not_delivered_resolutions"]),
    setting!("delivered", Outcome, RESOLUTIONS, workflow.delivered, "project_classification", ["delivered_resolutions"]),
    setting!("count-sub-tasks", Types, Kind::Switch, roles.count_subtasks, "project_classification", ["count_sub_tasks"]),
    setting!("count-parents", Types, Kind::Switch, roles.count_parents, "project_classification", ["count_parents"]),
    setting!("parent-types", Types, TYPES, roles.parent_types, "project_classification", ["parent_issue_types"]),
    setting!("bug-types", Types, TYPES, roles.bug_types, "project_classification", ["bug_types"]),
    setting!("deployment-types", Kept, TYPES, roles.deployment_types, "project_classification", ["devops_task_types"]),
    setting!("feature-types", Types, TYPES, roles.feature_types, "flow_type_mappings", ["Feature", "issue_types"]),
    setting!("defect-types", Types, TYPES, roles.defect_types, "flow_type_mappings", ["Defect", "issue_types"]),
    setting!("debt-types", Types, TYPES, roles.debt_types, "flow_type_mappings", ["Technical Debt", "issue_types"]),
    setting!("risk-types", Types, TYPES, roles.risk_types, "flow_type_mappings", ["Risk", "issue_types"]),
    setting!("development-projects", Types, PROJECTS, roles.development_projects, "project_classification", ["development_projects"]),
    setting!("deployment-projects", Kept, PROJECTS, roles.deployment_projects, "project_classification", ["devops_projects"]),
    setting!("server", Connection, Kind::Address, connection.server, "jira_config", ["base_url"]),
    setting!("authentication", Connection, Kind::Authentication, connection.auth, "jira_config", ["auth"]),
    setting!("email", Connection, Kind::Email, connection.email, "jira_config", ["email"]),
    setting!("points-field", Connection, Kind::Fields, connection.points_field, "jira_config", ["points_field"]),
];

impl Setting {
    /// The setting of that name.
    pub fn find(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// Its field.
    pub fn field<'s>(&self, settings: &'s ProfileSettings) -> &'s dyn Field {
        (self.get)(settings)
    }

    /// Its field, to be changed.
    pub fn field_mut<'s>(&self, settings: &'s mut ProfileSettings) -> &'s mut dyn Field {
        (self.get_mut)(settings)
    }

    /// What is stored for it.
    pub fn stored<'s>(&self, settings: &'s Settings) -> Option<&'s Json> {
        let group = settings.group(self.group)?;
        self.path.iter().try_fold(group, |value, member| value.get(member))
    }
}

impl PartialEq for Setting {
    fn eq(&self, other: &Setting) -> bool {
        self.name == other.name
    }
}

impl Eq for Setting {}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Kind {
    /// What its lines name, if they are names that Jira gives.
    pub fn noun(self) -> Option<Noun> {
        match self {
            Self::Names(noun) | Self::Ordered(noun) => Some(noun),
            Self::Lanes => Some(Noun::Status),
            _ => None,
        }
    }

    /// Whether it may have several lines.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::Days
                | Self::Milestones
                | Self::Lanes
                | Self::Weekdays
                | Self::Names(_)
                | Self::Ordered(_)
                | Self::Fields
        )
    }
}

impl Section {
    /// All of them in the order of the page, with their words.
    pub const ALL: [(Section, &'static str); 8] = [
        (Section::Forecast, "forecast"),
        (Section::Calendar, "calendar"),
        (Section::Workflow, "workflow"),
        (Section::Lists, "lists"),
        (Section::Outcome, "outcome"),
        (Section::Types, "types"),
        (Section::Kept, "kept"),
        (Section::Connection, "connection"),
    ];

    /// The section of that word.
    pub fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|(_, known)| *known == word).map(|(section, _)| section)
    }

    /// Its word in forms and JSON.
    pub fn as_str(self) -> &'static str {
        let found = Section::ALL.into_iter().find(|(section, _)| *section == self);
        found.map_or("", |(_, word)| word)
    }

    /// Its settings in order.
    pub fn settings(self) -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter().filter(move |setting| setting.section == self)
    }
}
