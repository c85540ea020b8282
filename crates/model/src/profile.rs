//! A profile: one Jira connection with its field mappings and forecast settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ProfileId;
use crate::json::{Json, Object};
use crate::stamp::Stamp;

/// A profile as it is kept. It never holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id, exact.
    pub id: ProfileId,
    /// Its name, unique in the workspace ignoring case (see [`crate::name`]).
    pub name: String,
    /// Free text; absent and empty are kept apart.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Stamp>,
    /// When it was last chosen.
    pub last_used: Option<Stamp>,
    /// Everything it is set to.
    pub settings: Settings,
}

/// Settings of a profile: JSON groups as the old app names them. Absent is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Connection: `base_url`, `api_version`, `points_field`, … without the token.
    pub jira_config: Option<Json>,
    /// Which Jira field means what, nested (`dora`, `flow`) or flat in older builds.
    pub field_mappings: Option<Json>,
    /// `pert_factor`, `deadline`, `milestone`, `data_points_count` of the old app; `milestones`,
    /// `window_weeks`, `time_zone`, `working_days`, `holidays` of ours.
    pub forecast_settings: Option<Json>,
    /// Status sets, project roles, bug types.
    pub project_classification: Option<Json>,
    /// Issue types by flow type (Feature, Defect, Technical Debt, Risk).
    pub flow_type_mappings: Option<Json>,
    /// Whether the old app showed a milestone.
    pub show_milestone: Option<Json>,
    /// Whether the old app showed points: truth value, or its raw checklist.
    pub show_points: Option<Json>,
    /// The list of query ids that stood in the file; the folders are the truth.
    pub listed_queries: Option<Json>,
    /// Written by the old app, used by nobody.
    pub active_query_id: Option<Json>,
    /// Members of older builds that the old app has no use for any more (see [`OLDER_MEMBERS`]).
    pub older: Object,
    /// Members that nobody knows.
    pub extra: Object,
}

/// Members of `profile.json` that only older builds, or imports, wrote.
pub const OLDER_MEMBERS: [&str; 20] = [
    "setup_status",
    "variable_mappings",
    "story_types",
    "task_types",
    "field_mapping_notes",
    "production_environment_value",
    "cache_metadata",
    "jql_query",
    "last_used_data_source",
    "active_jql_profile_id",
    "field_metadata",
    "parameter_panel_state",
    "bug_analysis_config",
    "dora_flow_config",
    "jira_api_endpoint",
    "jira_url",
    "jira_story_points_field",
    "jira_cache_max_size",
    "jira_max_results",
    "budget_data",
];

impl Settings {
    /// The nine groups by name, in the order of `profile.json`.
    pub fn groups(&self) -> [(&'static str, &Option<Json>); 9] {
        [
            ("jira_config", &self.jira_config),
            ("field_mappings", &self.field_mappings),
            ("forecast_settings", &self.forecast_settings),
            ("project_classification", &self.project_classification),
            ("flow_type_mappings", &self.flow_type_mappings),
            ("listed_queries", &self.listed_queries),
            ("active_query_id", &self.active_query_id),
            ("show_milestone", &self.show_milestone),
            ("show_points", &self.show_points),
        ]
    }

    /// The same, to be changed.
    pub fn groups_mut(&mut self) -> [(&'static str, &mut Option<Json>); 9] {
        [
            ("jira_config", &mut self.jira_config),
            ("field_mappings", &mut self.field_mappings),
            ("forecast_settings", &mut self.forecast_settings),
            ("project_classification", &mut self.project_classification),
            ("flow_type_mappings", &mut self.flow_type_mappings),
            ("listed_queries", &mut self.listed_queries),
            ("active_query_id", &mut self.active_query_id),
            ("show_milestone", &mut self.show_milestone),
            ("show_points", &mut self.show_points),
        ]
    }

    /// The group of that name, if the profile has it.
    pub fn group(&self, name: &str) -> Option<&Json> {
        self.groups().into_iter().find(|(known, _)| *known == name)?.1.as_ref()
    }

    /// The field that holds story points, if one is mapped.
    pub fn points_field(&self) -> Option<&str> {
        let from_connection = self.jira_config.as_ref().and_then(|group| group.get("points_field"));
        let from_mapping = self
            .field_mappings
            .as_ref()
            .and_then(|group| group.get("general"))
            .and_then(|general| general.get("estimate"));
        [from_connection, from_mapping].into_iter().flatten().find_map(|value| match value {
            Json::Text(text) if !text.trim().is_empty() => Some(text.as_str()),
            _ => None,
        })
    }

    /// The address of the Jira server, if one is set.
    pub fn base_url(&self) -> Option<&str> {
        match self.jira_config.as_ref()?.get("base_url")? {
            Json::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// How much a workspace holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCounts {
    /// Profiles.
    pub profiles: u64,
    /// Queries.
    pub queries: u64,
    /// Cached issues; one that two queries hold counts twice.
    pub issues: u64,
    /// Cached changelogs.
    pub changelogs: u64,
}

impl RecordCounts {
    /// Those of all profiles.
    pub fn of(profiles: &[ProfileSummary]) -> RecordCounts {
        let sum = |of: fn(&ProfileSummary) -> u64| profiles.iter().map(of).sum();
        RecordCounts {
            profiles: profiles.len() as u64,
            queries: sum(|profile| profile.queries),
            issues: sum(|profile| profile.issues),
            changelogs: sum(|profile| profile.changelogs),
        }
    }
}

/// A profile in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its id.
    pub id: ProfileId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How many queries it has.
    pub queries: u64,
    /// How many issues its queries hold together.
    pub issues: u64,
    /// How many changelogs they hold together.
    pub changelogs: u64,
}
