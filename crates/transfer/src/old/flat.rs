//! Exports of builds with a database (2.5 and later): flat rows, turned back into documents.

use model::json::{Kind, Value};
use model::{Json, Object, Week, project_data};

use super::Told;
use super::layout::QueryFolder;
use crate::error::Result;

/// Groups of settings, which some builds wrote as text.
const GROUPS: [&str; 5] = [
    "jira_config",
    "field_mappings",
    "forecast_settings",
    "project_classification",
    "flow_type_mappings",
];
/// Truth values, which a database keeps as numbers.
const TRUTHS: [&str; 2] = ["show_milestone", "show_points"];
/// Columns of every table that say nothing outside of their database.
const KEYS: [&str; 4] = ["id", "profile_id", "query_id", "recorded_at"];

/// Gives settings from a database the types that files have.
pub(super) fn tidy_profile(profile: &mut Object) {
    for (name, value) in profile.iter_mut() {
        if GROUPS.contains(&name) {
            *value = parsed(value);
        } else if TRUTHS.contains(&name) {
            match value {
                Json::Number(number) if &**number == "0" => *value = Json::Bool(false),
                Json::Number(number) if &**number == "1" => *value = Json::Bool(true),
                _ => {}
            }
        }
    }
}

/// The query's own file, with its budget, which only these builds have.
pub(super) fn query_file(query: Value<'_>) -> Option<Json> {
    let Some(Json::Object(mut file)) = query.get("query_metadata").map(Json::from) else {
        return None;
    };
    for name in ["budget_settings", "budget_revisions"] {
        let budget = query.get(name).filter(|budget| !budget.is_null());
        file.set_some(name, budget.map(Json::from));
    }
    Some(Json::Object(file))
}

/// Whether a query holds rows of a database.
pub(super) fn is_flat(query: Value<'_>) -> bool {
    let tables = ["statistics", "project_scope", "metrics", "changelog_entries"];
    let first = query.get("jira_cache").and_then(|cache| cache.get("issues"));
    let first = first.and_then(|issues| issues.elements().next());
    tables.iter().any(|name| query.get(name).is_some())
        || first.is_some_and(|issue| issue.get("issue_key").is_some())
}

/// Writes the files of a query from its rows.
pub(super) fn lay_out(
    query: Value<'_>,
    points_field: Option<&str>,
    folder: &QueryFolder,
    told: &mut Told,
) -> Result<()> {
    if let Some(issues) = query.get("jira_cache").and_then(|cache| cache.get("issues")) {
        folder.put("jira_cache.json", &issues_file(issues, points_field))?;
        let lack = "no categories of statuses: these builds did not keep them, so the settings \
                    alone say which statuses mean done until a sync";
        if !told.lacks.iter().any(|known| known == lack) {
            told.lacks.push(lack.to_owned());
        }
    }
    if let Some(entries) = query.get("changelog_entries") {
        folder.put("jira_changelog_cache.json", &changelogs_file(entries).to_compact())?;
    }
    if let Some(data) = data_file(query) {
        folder.put("project_data.json", &data.to_compact())?;
    }
    if let Some(metrics) = query.get("metrics").filter(|rows| rows.kind() == Kind::Array) {
        let snapshots = snapshots_file(metrics, &mut told.notes);
        folder.put("metrics_snapshots.json", &snapshots.to_compact())?;
    }
    Ok(())
}

/// A value, or the value that its text is.
fn parsed(value: &Json) -> Json {
    let text = value.as_text().filter(|text| text.trim_start().starts_with(['{', '[']));
    text.and_then(|text| Json::parse(&text).ok()).unwrap_or_else(|| value.clone())
}

fn row(value: Value<'_>) -> Object {
    let Json::Object(row) = Json::from(value) else { return Object::new() };
    row
}

fn issues_file(issues: Value<'_>, points_field: Option<&str>) -> String {
    let mut text = "{\"cache_version\":\"2.0\",\"issues\":[".to_owned();
    let mut fetched_at = None;
    for (place, value) in issues.elements().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let row = row(value);
        // The oldest of them: no issue may seem newer than it is.
        let at = row.get("fetched_at").and_then(Json::as_text).map(|at| at.into_owned());
        fetched_at = [fetched_at, at].into_iter().flatten().min();
        issue(row, points_field).write_compact(&mut text);
    }
    text.push(']');
    if let Some(at) = fetched_at {
        text.push_str(",\"timestamp\":");
        Json::Text(at).write_compact(&mut text);
    }
    text.push('}');
    text
}

/// A row as Jira would send it. A column without a value is no field: the database did not keep
/// absent and empty apart.
fn issue(mut row: Object, points_field: Option<&str>) -> Json {
    if row.get("issue_key").is_none() {
        return Json::Object(row);
    }
    let mut issue = Object::new();
    issue.set_some("key", row.remove("issue_key"));
    let mut fields = Object::new();
    let mut take = |name: &str| row.remove(name).filter(|value| !matches!(value, Json::Null));
    for (column, field) in [
        ("summary", "summary"),
        ("created", "created"),
        ("updated", "updated"),
        ("resolved", "resolutiondate"),
    ] {
        fields.set_some(field, take(column));
    }
    for (column, field, member) in [
        ("status", "status", "name"),
        ("issue_type", "issuetype", "name"),
        ("priority", "priority", "name"),
        ("resolution", "resolution", "name"),
        ("assignee", "assignee", "displayName"),
    ] {
        fields.set_some(field, take(column).map(|value| named(value, member)));
    }
    if let Some(key) = take("project_key") {
        let mut project = Object::new();
        project.set("key", key);
        project.set_some("name", take("project_name"));
        fields.set("project", Json::Object(project));
    }
    for (column, field) in [("fix_versions", "fixVersions"), ("components", "components")] {
        let list = take(column).or_else(|| take(field));
        fields.set_some(field, list.map(|list| each_named(&parsed(&list))));
    }
    fields.set_some("labels", take("labels").map(|labels| parsed(&labels)));
    let points = take("points");
    if let Some(Json::Object(custom)) = take("custom_fields").map(|custom| parsed(&custom)) {
        custom.into_iter().for_each(|(name, value)| fields.set(name, value));
    }
    if let (Some(field), Some(points)) = (points_field, points)
        && fields.get(field).is_none()
    {
        fields.set(field, points);
    }
    issue.set("fields", Json::Object(fields));
    Json::Object(issue)
}

/// `Done` becomes `{"name": "Done"}`; what is an object already stays one.
fn named(value: Json, member: &str) -> Json {
    if value.as_object().is_some() {
        return value;
    }
    let mut object = Object::new();
    object.set(member, value);
    Json::Object(object)
}

fn each_named(list: &Json) -> Json {
    let Some(elements) = list.as_array() else { return list.clone() };
    Json::Array(elements.iter().map(|element| named(element.clone(), "name")).collect())
}

/// One entry per issue; a row is one change.
fn changelogs_file(rows: Value<'_>) -> Json {
    let mut histories: Vec<(String, Vec<Json>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for value in rows.elements() {
        let Some(key) = super::profile::text(value, "issue_key") else { continue };
        let place = *places.entry(key.clone()).or_insert(histories.len());
        if place == histories.len() {
            histories.push((key, Vec::new()));
        }
        if let Some((_, changes)) = histories.get_mut(place) {
            changes.push(change(row(value)));
        }
    }
    let entry = |(key, changes): (String, Vec<Json>)| {
        let mut changelog = Object::new();
        changelog.set("total", Json::integer(i64::try_from(changes.len()).unwrap_or_default()));
        changelog.set("histories", Json::Array(changes));
        let mut entry = Object::new();
        entry.set("key", Json::text(&key));
        entry.set("changelog", Json::Object(changelog));
        (key, Json::Object(entry))
    };
    Json::Object(histories.into_iter().map(entry).collect())
}

fn change(mut row: Object) -> Json {
    let mut item = Object::new();
    for (column, member) in
        [("field_name", "field"), ("old_value", "fromString"), ("new_value", "toString")]
    {
        item.set(member, row.remove(column).unwrap_or_default());
    }
    let mut history = Object::new();
    history.set_some("created", row.remove("change_date"));
    history.set_some("author", row.remove("author").map(|author| named(author, "displayName")));
    history.set("items", Json::Array(vec![Json::Object(item)]));
    Json::Object(history)
}

/// Statistics and scope; `None` where the query has neither.
fn data_file(query: Value<'_>) -> Option<Json> {
    let rows = query.get("statistics").filter(|rows| rows.kind() == Kind::Array);
    let scope = query.get("project_scope").filter(|scope| !scope.is_null());
    if rows.is_none() && scope.is_none() {
        return None;
    }
    let mut data = Object::new();
    data.set_some("project_scope", scope.map(|scope| parsed(&Json::from(scope))));
    let day = |value: Value<'_>| {
        let mut found = row(value);
        KEYS.iter().for_each(|name| drop(found.remove(name)));
        let mut day = Object::new();
        day.set_some("date", found.remove("stat_date"));
        found.into_iter().for_each(|(name, value)| day.set(name, value));
        Json::Object(day)
    };
    data.set_some("statistics", rows.map(|rows| Json::Array(rows.elements().map(day).collect())));
    Some(Json::Object(data))
}

/// Week, metric, values. The database kept the values as they were beside the one of its column.
fn snapshots_file(rows: Value<'_>, notes: &mut Vec<String>) -> Json {
    let mut weeks = Object::new();
    let mut unreadable = 0_u64;
    for value in rows.elements() {
        let mut row = row(value);
        let label = row.remove("snapshot_date").and_then(|label| week(&label.as_text()?));
        let metric = row.remove("metric_name").and_then(|name| Some(name.as_text()?.into_owned()));
        let (Some(week), Some(metric)) = (label, metric) else {
            unreadable += 1;
            continue;
        };
        let label = week.to_string();
        if weeks.get(&label).is_none() {
            weeks.set(label.clone(), Json::Object(Object::new()));
        }
        if let Some(Json::Object(metrics)) = weeks.get_mut(&label) {
            metrics.set(metric, metric_values(&mut row));
        }
    }
    if unreadable > 0 {
        notes.push(format!(
            "{unreadable} stored figures name no week or no metric and were left out"
        ));
    }
    Json::Object(weeks)
}

fn week(text: &str) -> Option<Week> {
    Week::parse(text).or_else(|| Some(Week::of(project_data::read_date(text)?)))
}

fn metric_values(row: &mut Object) -> Json {
    let kept = row.remove("calculation_metadata").map(|kept| parsed(&kept));
    let mut values = match kept {
        Some(Json::Object(values)) if !values.is_empty() => values,
        _ => {
            let mut values = Object::new();
            values.set_some("value", row.remove("metric_value"));
            values.set_some("unit", row.remove("metric_unit"));
            values.set_some("timestamp", row.remove("calculated_at"));
            values
        }
    };
    let mut number = |name: &str| row.remove(name).filter(|value| value.as_f64().is_some());
    if let Some(forecast) = number("forecast_value").filter(|_| values.get("forecast").is_none()) {
        let mut told = Object::new();
        told.set("forecast_value", forecast);
        let ends = (number("forecast_confidence_low"), number("forecast_confidence_high"));
        if let (Some(low), Some(high)) = ends {
            let mut range = Object::new();
            range.set("lower", low);
            range.set("upper", high);
            told.set("forecast_range", Json::Object(range));
        }
        values.set("forecast", Json::Object(told));
    }
    Json::Object(values)
}
