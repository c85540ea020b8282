//! How the profile and the queries of the demo are set up.

use model::json::Json;
use model::{Object, Profile, ProfileId, Query, QueryId, QueryKey, Settings, Stamp, Timestamp};
use serde_json::{Value, json};

use crate::calendar::{DAY, week_of};
use crate::document::{POINTS_FIELD, SERVER};
use crate::error::Result;
use crate::flow::Status;
use crate::project::{PROJECTS, Project};

/// Id of the only profile of the demo.
pub(super) const PROFILE: &str = "demo-harbour";
const NAME: &str = "Demo: Harbour shop";
const DESCRIPTION: &str =
    "A generated team that rewrites the checkout of a shop. Nothing here is real.";
const MILESTONE_DAYS: i64 = 22 * 7;
const DEADLINE_DAYS: i64 = 30 * 7;
const HISTORY_DAYS: i64 = 40 * 7;

/// The profile.
pub(super) fn profile(as_of: Timestamp) -> Result<Profile> {
    Ok(Profile {
        id: ProfileId::new(PROFILE)?,
        name: NAME.to_owned(),
        description: Some(DESCRIPTION.to_owned()),
        created_at: Some(Stamp::at(days_after(as_of, -HISTORY_DAYS))),
        last_used: Some(Stamp::at(as_of)),
        settings: settings(as_of),
    })
}

/// The query of a project. The first project's is the one last used.
pub(super) fn query(profile: &ProfileId, project: &Project, as_of: Timestamp) -> Result<Query> {
    let is_first = PROJECTS.first().is_some_and(|first| first.query_id == project.query_id);
    Ok(Query {
        key: QueryKey::new(profile.clone(), QueryId::new(project.query_id)?),
        name: project.name.to_owned(),
        jql: project.jql.to_owned(),
        description: Some(project.description.to_owned()),
        created_at: Some(Stamp::at(days_after(as_of, -HISTORY_DAYS))),
        updated_at: None,
        last_used: Some(Stamp::at(if is_first { as_of } else { days_after(as_of, -1) })),
        extra: Object::new(),
    })
}

fn settings(as_of: Timestamp) -> Settings {
    let group = |value: Value| Some(Json::from(&value));
    Settings {
        jira_config: group(json!({
            "base_url": SERVER,
            "token": "",
            "api_version": "v3",
            "points_field": POINTS_FIELD,
        })),
        field_mappings: group(json!({ "general": { "estimate": POINTS_FIELD } })),
        forecast_settings: group(json!({
            "pert_factor": 1.2,
            "deadline": friday(as_of, DEADLINE_DAYS),
            "milestones": [{ "name": "Beta", "date": friday(as_of, MILESTONE_DAYS) }],
            "data_points_count": 12,
        })),
        project_classification: group(classification()),
        flow_type_mappings: group(json!({
            "Feature": { "issue_types": ["Story"], "effort_categories": [] },
            "Defect": { "issue_types": ["Bug"], "effort_categories": [] },
            "Technical Debt": { "issue_types": ["Task"], "effort_categories": [] },
            "Risk": { "issue_types": [], "effort_categories": [] },
        })),
        show_milestone: Some(Json::Bool(true)),
        show_points: Some(Json::Bool(true)),
        ..Settings::default()
    }
}

fn classification() -> Value {
    let names = |holds: fn(&Status) -> bool| -> Vec<&str> {
        Status::ALL.iter().filter(|status| holds(status)).map(|status| status.name()).collect()
    };
    let projects: Vec<&str> = PROJECTS.iter().map(|project| project.key).collect();
    json!({
        "devops_projects": [],
        "development_projects": projects,
        "devops_task_types": [],
        "bug_types": ["Bug"],
        "production_environment_values": [],
        "flow_end_statuses": names(|status| status.is_end()),
        "flow_start_statuses": names(|status| *status == Status::InProgress),
        "wip_statuses": names(|status| status.is_begun()),
        "active_statuses": names(|status| status.is_begun() && *status != Status::Blocked),
    })
}

fn days_after(at: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_second(at.as_second() + days * DAY).unwrap_or(at)
}

/// The Friday of the week that lies that many days after.
fn friday(as_of: Timestamp, days: i64) -> Option<String> {
    let week = week_of(days_after(as_of, days), &model::TimeZone::UTC);
    let monday = week.monday()?.to_zoned(model::TimeZone::UTC).ok()?.timestamp();
    Some(model::TimeZone::UTC.to_datetime(days_after(monday, 4)).date().to_string())
}
