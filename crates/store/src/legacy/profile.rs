//! `profile.json`, in every shape that builds of the old app gave it, and `app_settings.json`.

use model::ProfileSettings;
use model::profile::OLDER_MEMBERS;
use model::secret::take_secrets;
use model::{Json, Object, Profile, ProfileId, Settings, Stamp, TimeZone, Token};

use super::finding::{Finding, FindingKind};
use super::take::Taker;

/// What a profile file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The name, if there is one; not yet checked or made unique.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Stamp>,
    /// When it was last chosen.
    pub last_used: Option<Stamp>,
    /// The settings, in their newest places.
    pub settings: Settings,
    /// Secrets that stood in the file, with their paths.
    pub secrets: Vec<(String, Token)>,
    /// What was odd.
    pub findings: Vec<Finding>,
}

/// Members of the flat layouts and the group they belong to now.
const FORECAST_MEMBERS: [&str; 4] = ["pert_factor", "deadline", "milestone", "data_points_count"];
const CLASSIFICATION_MEMBERS: [(&str, &str); 10] = [
    ("devops_projects", "devops_projects"),
    ("development_projects", "development_projects"),
    ("devops_task_types", "devops_task_types"),
    ("bug_types", "bug_types"),
    ("production_environment_values", "production_environment_values"),
    ("flow_end_statuses", "flow_end_statuses"),
    ("completion_statuses", "flow_end_statuses"),
    ("active_statuses", "active_statuses"),
    ("flow_start_statuses", "flow_start_statuses"),
    ("wip_statuses", "wip_statuses"),
];
const CONNECTION_MEMBERS: [(&str, &str); 4] = [
    ("jira_url", "base_url"),
    ("jira_story_points_field", "points_field"),
    ("jira_cache_max_size", "cache_size_mb"),
    ("jira_max_results", "max_results_per_call"),
];

/// Reads a profile file or an `app_settings.json`. `id` is the folder's name.
pub fn decode(id: &ProfileId, mut object: Object, zone: &TimeZone) -> Decoded {
    let mut secrets = take_secrets(&mut object);
    secrets.extend(take_password_of_address(&mut object));
    let mut taker = Taker { object, zone, findings: Vec::new() };
    for (path, _) in &secrets {
        taker.note(
            path,
            FindingKind::SecretRemoved,
            "taken out; the live token is in the secret file",
        );
    }
    if let Some(written) = taker.text("id").filter(|written| written != id.as_str()) {
        let note = format!("the file says {written:?}, the folder's name counts");
        taker.note("id", FindingKind::IdMismatch, note);
    }
    let name = taker.text("name");
    let description = taker.text("description");
    let created_at = taker.stamp("created_at");
    let last_used = taker.stamp("last_used");
    let settings = decode_settings(&mut taker);
    note_days(&mut taker, &settings);
    Decoded {
        name,
        description,
        created_at,
        last_used,
        settings,
        secrets,
        findings: taker.findings,
    }
}

/// `https://name:password@host` becomes `https://host`.
fn take_password_of_address(object: &mut Object) -> Option<(String, Token)> {
    let Some(Json::Object(connection)) = object.get_mut("jira_config") else { return None };
    let Some(Json::Text(address)) = connection.get_mut("base_url") else { return None };
    let (scheme, rest) = address.split_once("://")?;
    let host_end = rest.find('/').unwrap_or(rest.len());
    let (who, _) = rest.get(..host_end)?.rsplit_once('@')?;
    let password = who.split_once(':').map_or(who, |(_, password)| password);
    let token = Token::new(password);
    *address = format!("{scheme}://{}", rest.get(who.len() + 1..)?);
    Some(("jira_config.base_url".to_owned(), token?))
}

fn decode_settings(taker: &mut Taker<'_>) -> Settings {
    let mut settings = Settings::default();
    for (name, group) in settings.groups_mut() {
        *group = taker.json(if name == "listed_queries" { "queries" } else { name });
    }
    note_wrong_groups(taker, &settings);
    for name in FORECAST_MEMBERS {
        move_member(taker, name, name, "forecast_settings", &mut settings.forecast_settings);
    }
    for (from, to) in CLASSIFICATION_MEMBERS {
        let group = &mut settings.project_classification;
        move_member(taker, from, to, "project_classification", group);
    }
    move_environment(taker, &mut settings.project_classification);
    rename_nested(taker, &mut settings.project_classification);
    move_endpoint(taker, &mut settings.jira_config);
    for (from, to) in CONNECTION_MEMBERS {
        move_member(taker, from, to, "jira_config", &mut settings.jira_config);
    }
    for name in OLDER_MEMBERS.into_iter().chain(FORECAST_MEMBERS) {
        settings.older.set_some(name, taker.json(name));
    }
    for (name, _) in CLASSIFICATION_MEMBERS {
        settings.older.set_some(name, taker.json(name));
    }
    settings.extra = taker.rest();
    settings
}

/// A deadline that is no day is shown nowhere: that has to be said.
fn note_days(taker: &mut Taker<'_>, settings: &Settings) {
    let read = ProfileSettings::read(settings).forecast;
    for (name, day) in [("deadline", read.deadline), ("milestone", read.milestone)] {
        let written = settings.forecast_settings.as_ref().and_then(|group| group.get(name));
        let is_blank = |value: &&Json| {
            **value == Json::Null || value.as_text().is_some_and(|text| text.trim().is_empty())
        };
        if let (None, Some(value)) = (day, written.filter(|value| !is_blank(value))) {
            let shown: String = value.to_compact().chars().take(40).collect();
            let note = format!("{shown} is no day: it was kept, and there is no {name}");
            let path = format!("forecast_settings.{name}");
            taker.note(&path, FindingKind::UnreadableTime, note);
        }
    }
}

fn note_wrong_groups(taker: &mut Taker<'_>, settings: &Settings) {
    // The first five hold members, the others single values.
    for (name, group) in settings.groups().into_iter().take(5) {
        if let Some(value) = group.as_ref().filter(|value| value.as_object().is_none()) {
            let note =
                format!("{} where settings belong: kept, defaults are used", value.kind_name());
            taker.note(name, FindingKind::OddSetting, note);
        }
    }
}

/// Moves a flat member into its group unless the group has its own.
fn move_member(
    taker: &mut Taker<'_>,
    from: &str,
    to: &str,
    group_name: &str,
    group: &mut Option<Json>,
) {
    if taker.object.get(from).is_none() {
        return;
    }
    let Some(members) = room_in(group, to) else { return };
    if let Some(value) = taker.json(from) {
        members.set(to, value);
        taker.note(from, FindingKind::Moved, format!("{group_name}.{to}"));
    }
}

/// The group's members if it can take one named `to`; an absent group is made.
fn room_in<'g>(group: &'g mut Option<Json>, to: &str) -> Option<&'g mut Object> {
    match group.get_or_insert_with(|| Json::Object(Object::new())) {
        Json::Object(members) if members.get(to).is_none() => Some(members),
        _ => None,
    }
}

/// One environment name became a list of them.
fn move_environment(taker: &mut Taker<'_>, group: &mut Option<Json>) {
    const FROM: &str = "production_environment_value";
    let Some(Json::Text(value)) = taker.object.get(FROM).cloned() else { return };
    if value.is_empty() {
        return;
    }
    if let Some(members) = room_in(group, "production_environment_values") {
        members.set("production_environment_values", Json::Array(vec![Json::Text(value)]));
        taker.json(FROM);
        let to = "project_classification.production_environment_values";
        taker.note(FROM, FindingKind::Moved, to);
    }
}

/// `completion_statuses` was renamed inside the group too.
fn rename_nested(taker: &mut Taker<'_>, group: &mut Option<Json>) {
    let Some(Json::Object(members)) = group else { return };
    if members.get("flow_end_statuses").is_some() {
        return;
    }
    if let Some(value) = members.remove("completion_statuses") {
        members.set("flow_end_statuses", value);
        let from = "project_classification.completion_statuses";
        taker.note(from, FindingKind::Moved, "project_classification.flow_end_statuses");
    }
}

/// `https://host/rest/api/2/search` became an address and a version.
fn move_endpoint(taker: &mut Taker<'_>, group: &mut Option<Json>) {
    const FROM: &str = "jira_api_endpoint";
    let Some(Json::Text(endpoint)) = taker.object.get(FROM).cloned() else { return };
    let (base, version) = match endpoint.split_once("/rest/api/") {
        Some((base, rest)) if rest.starts_with('3') => (base, Some("v3")),
        Some((base, _)) => (base, Some("v2")),
        None => (endpoint.as_str(), None),
    };
    let Some(members) = room_in(group, "base_url") else { return };
    members.set("base_url", Json::text(base));
    if let Some(version) = version {
        members.set("api_version", Json::text(version));
    }
    taker.json(FROM);
    taker.note(FROM, FindingKind::Moved, "jira_config.base_url, jira_config.api_version");
}

/// The file as the old app writes it, without a token.
pub fn encode(profile: &Profile) -> Object {
    let mut object = Object::new();
    object.set("id", Json::text(profile.id.as_str()));
    object.set("name", Json::text(&profile.name));
    object.set_some("description", profile.description.as_ref().map(Json::text));
    object.set_some("created_at", profile.created_at.as_ref().map(|at| Json::text(at.written())));
    object.set_some("last_used", profile.last_used.as_ref().map(|at| Json::text(at.written())));
    encode_settings(&profile.settings, &mut object);
    object
}

/// Writes the groups of `settings` into `object`.
pub fn encode_settings(settings: &Settings, object: &mut Object) {
    for (name, group) in settings.groups() {
        let name = if name == "listed_queries" { "queries" } else { name };
        object.set_some(name, group.clone());
    }
    for (name, value) in settings.older.iter().chain(settings.extra.iter()) {
        object.set(name, value.clone());
    }
}
