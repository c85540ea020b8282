//! Exports of builds with a database (2.5 and later): flat rows, turned back into documents.

use std::collections::BTreeMap;
use std::io::Write;

use model::json::{Kind, Value};
use model::{Json, Object, Week};
use store::legacy::row::category::{Categories, Origin};
use store::legacy::row::changelog::{self, Change};
use store::legacy::row::issue;
use store::legacy::row::parse_cells;
use store::legacy::row::project_data::{put_scope, statistics_of};
use store::legacy::row::snapshot::{self, Metric};

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
pub(super) fn query_file(id: &str, query: Value<'_>) -> Option<Json> {
    let Some(Json::Object(mut file)) = query.get("query_metadata").map(Json::from) else {
        return None;
    };
    // Files do not have it: the folder has the name.
    if file.get("id") == Some(&Json::text(id)) {
        file.remove("id");
    }
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

/// What the rows of a query do not say themselves.
pub(super) struct Setting<'v> {
    pub points_field: Option<String>,
    /// All queries of the profile: a category that one does not know another may.
    pub queries: Vec<Value<'v>>,
    /// The profile's lists of statuses.
    pub classification: Option<Json>,
}

impl Setting<'_> {
    fn categories(&self, query: Value<'_>) -> Categories {
        let mut categories = Categories::default();
        let scope = |query: Value<'_>| Some(parsed(&Json::from(query.get("project_scope")?)));
        if let Some(own) = scope(query) {
            categories.add_scope(&own, Origin::Scope);
        }
        for scope in self.queries.iter().filter_map(|query| scope(*query)) {
            categories.add_scope(&scope, Origin::OtherQuery);
        }
        if let Some(lists) = &self.classification {
            categories.add_settings(lists);
        }
        categories
    }
}

/// Writes the files of a query from its rows.
pub(super) fn lay_out(
    query: Value<'_>,
    setting: &Setting<'_>,
    folder: &QueryFolder,
    told: &mut Told,
) -> Result<()> {
    if let Some(issues) = query.get("jira_cache").and_then(|cache| cache.get("issues")) {
        let categories = setting.categories(query);
        let points_field = setting.points_field.as_deref();
        let setting = issue::Setting { points_field, categories: &categories };
        let unknown = write_issues(issues, &setting, folder.create("jira_cache.json")?)?;
        if unknown > 0 {
            let issues = if unknown == 1 { "issue" } else { "issues" };
            let lack = format!(
                "no category of the status of {unknown} {issues}: neither the scope in the file \
                 nor the settings know it, so a sync has to tell"
            );
            told.lacks.push(lack);
        }
    }
    if let Some(entries) = query.get("changelog_entries") {
        write_changelogs(entries, &mut told.notes, folder.create("jira_changelog_cache.json")?)?;
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

/// Writes the file of the issues, one at a time; gives how many of them are in a status of an unknown
/// category.
fn write_issues(
    issues: Value<'_>,
    setting: &issue::Setting<'_>,
    mut file: impl Write,
) -> Result<u64> {
    file.write_all(b"{\"cache_version\":\"2.0\",\"issues\":[")?;
    let (mut text, mut fetched_at, mut unknown) = (String::new(), None, 0);
    for (place, value) in issues.elements().enumerate() {
        file.write_all(text.as_bytes())?;
        text.clear();
        if place > 0 {
            text.push(',');
        }
        let mut row = row(value);
        // The oldest of them: no issue may seem newer than it is.
        let at = row.get("fetched_at").and_then(Json::as_text).map(|at| at.into_owned());
        fetched_at = [fetched_at, at].into_iter().flatten().min();
        if row.get("issue_key").is_none() {
            Json::Object(row).write_compact(&mut text);
            continue;
        }
        // Exports have this column twice.
        let versions = row.remove("fixVersions");
        if row.get("fix_versions").is_none() {
            row.set_some("fix_versions", versions);
        }
        parse_cells(&mut row, &issue::JSON_COLUMNS);
        let (document, origin) = issue::document_of(&row, setting);
        unknown += u64::from(origin.is_none());
        Json::Object(document).write_compact(&mut text);
    }
    text.push(']');
    if let Some(at) = fetched_at {
        text.push_str(",\"timestamp\":");
        Json::Text(at).write_compact(&mut text);
    }
    text.push('}');
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(unknown)
}

/// Writes the file of the changelogs: one entry per issue; a row is one change.
fn write_changelogs(rows: Value<'_>, notes: &mut Vec<String>, mut file: impl Write) -> Result<()> {
    let mut unreadable = 0_u64;
    let mut issues: Vec<(String, Vec<Value<'_>>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for value in rows.elements() {
        let Some(key) = super::profile::text(value, "issue_key") else {
            unreadable += 1;
            continue;
        };
        let place = *places.entry(key.clone()).or_insert(issues.len());
        if place == issues.len() {
            issues.push((key, Vec::new()));
        }
        if let Some((_, changes)) = issues.get_mut(place) {
            changes.push(value);
        }
    }
    if unreadable > 0 {
        notes.push(format!("{unreadable} changes name no issue and were left out"));
    }
    // One entry at a time: as objects, all of them would take many times their text.
    let (mut text, mut comma) = ("{".to_owned(), "");
    for (key, changes) in issues {
        text.push_str(comma);
        comma = ",";
        let changes = changes.into_iter().map(|value| Change::of(row(value))).collect();
        Json::text(&key).write_compact(&mut text);
        text.push(':');
        changelog::entry_of(&key, changes).write_compact(&mut text);
        file.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push('}');
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(())
}

/// Statistics and scope; `None` where the query has neither.
fn data_file(query: Value<'_>) -> Option<Json> {
    let rows = query.get("statistics").filter(|rows| rows.kind() == Kind::Array);
    let scope = query.get("project_scope").filter(|scope| !scope.is_null());
    if rows.is_none() && scope.is_none() {
        return None;
    }
    let mut data = Object::new();
    if let Some(scope) = scope {
        put_scope(parsed(&Json::from(scope)), &mut data);
    }
    let day = |value: Value<'_>| Json::Object(statistics_of(row(value)));
    data.set_some("statistics", rows.map(|rows| Json::Array(rows.elements().map(day).collect())));
    Some(Json::Object(data))
}

/// Week, metric, values. Of a metric that stands in a week twice the one that was calculated later counts.
fn snapshots_file(rows: Value<'_>, notes: &mut Vec<String>) -> Json {
    let mut metrics = BTreeMap::new();
    let mut unreadable = 0_u64;
    for value in rows.elements() {
        let mut row = row(value);
        parse_cells(&mut row, &snapshot::JSON_COLUMNS);
        let Ok(metric) = Metric::of(&row) else {
            unreadable += 1;
            continue;
        };
        let earlier = metrics.entry((metric.week, metric.name.clone())).or_insert(metric.clone());
        if metric.calculated_at() > earlier.calculated_at() {
            *earlier = metric;
        }
    }
    if unreadable > 0 {
        notes.push(format!(
            "{unreadable} stored figures name no week or no metric and were left out"
        ));
    }
    let mut weeks: BTreeMap<Week, Object> = BTreeMap::new();
    for metric in metrics.into_values() {
        weeks.entry(metric.week).or_default().set(metric.name, Json::Object(metric.values));
    }
    Json::Object(weeks.into_iter().map(|(week, of)| (week.to_string(), Json::Object(of))).collect())
}
