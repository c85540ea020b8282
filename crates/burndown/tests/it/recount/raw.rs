//! The raw documents of a query, as an export has them, read in the plainest way.

use std::collections::BTreeMap;

use model::{Json, TimeZone, Timestamp, stamp};
use serde_json::Value;

/// A status as a document or a change names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    pub id: Option<String>,
    pub name: Option<String>,
}

/// A change: when, from what, to what.
#[derive(Debug, Clone)]
pub struct Change<T> {
    pub at: Timestamp,
    pub from: T,
    pub to: T,
}

/// How an issue is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The document has no such field.
    Absent,
    Unresolved,
    Named(String),
}

#[derive(Debug, Clone)]
pub struct Issue {
    pub key: String,
    pub project: String,
    pub project_id: Option<String>,
    pub kind: Option<String>,
    pub created: Option<Timestamp>,
    pub resolved: Option<Timestamp>,
    pub status: Named,
    pub category: Option<String>,
    pub resolution: Resolution,
    pub points: Option<f64>,
    /// Changes of status, oldest first; `None` where no changelog was fetched.
    pub changes: Option<Vec<Change<Named>>>,
    /// Changes of the resolution.
    pub resolutions: Vec<Change<Resolution>>,
}

/// A query of an export.
#[derive(Debug, Default)]
pub struct Query {
    pub id: String,
    pub issues: Vec<Issue>,
    /// Whether it has stored counts, which stand in for issues where there are none.
    pub has_rows: bool,
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn filled(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// A moment; times before 1970 are none.
pub fn time(value: &Value) -> Option<Timestamp> {
    let at = stamp::parse(value.as_str()?, &TimeZone::UTC)?.0;
    Some(at).filter(|at| *at >= Timestamp::UNIX_EPOCH)
}

/// The text of an export. What is nested deeper than any figure looks is left out; what is no strict
/// JSON stands in it as a text of its own.
pub fn read(text: &str) -> Value {
    let mut export = shallow(&Json::parse(text).unwrap(), 40);
    for record in export["records"].as_array_mut().unwrap() {
        if let Some(text) = record["lenient"].as_str() {
            *record = shallow(&Json::parse(text).unwrap(), 40);
        }
    }
    export
}

fn shallow(json: &Json, levels: usize) -> Value {
    match json {
        Json::Object(_) | Json::Array(_) if levels == 0 => Value::Null,
        Json::Object(members) => members
            .iter()
            .map(|(name, member)| (name.to_owned(), shallow(member, levels - 1)))
            .collect(),
        Json::Array(elements) => elements.iter().map(|one| shallow(one, levels - 1)).collect(),
        // NaN and half characters are no values.
        other => serde_json::from_str(&other.to_compact()).unwrap_or_default(),
    }
}

/// The queries of an export with their issues.
pub fn queries(export: &Value) -> Vec<Query> {
    // Later versions of the old app mapped the field with the others.
    let settings = settings(export);
    let mapped = [
        &settings["jira_config"]["points_field"],
        &settings["field_mappings"]["general"]["estimate"],
    ];
    let mapped = mapped.into_iter().filter_map(Value::as_str);
    let points = mapped.map(str::trim).find(|field| !field.is_empty()).unwrap_or_default();
    let points: Vec<&str> = points.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    let mut queries: Vec<Query> = Vec::new();
    let mut logs: Vec<BTreeMap<String, Value>> = Vec::new();
    for record in export["records"].as_array().unwrap() {
        if let Some(id) = record["query"]["id"].as_str() {
            queries.push(Query { id: id.to_owned(), ..Query::default() });
            logs.push(BTreeMap::new());
        }
        let (Some(query), Some(logs)) = (queries.last_mut(), logs.last_mut()) else { continue };
        if let Some(key) = record["issue"]["key"].as_str() {
            query.issues.push(issue(key, &record["issue"]["document"], &points));
        }
        if let Some(key) = record["changelog"]["key"].as_str() {
            logs.insert(key.to_owned(), record["changelog"]["document"].clone());
        }
        query.has_rows |=
            record["project_data"]["statistics"].as_array().is_some_and(|rows| !rows.is_empty());
    }
    for (query, logs) in queries.iter_mut().zip(logs) {
        for issue in &mut query.issues {
            let Some(log) = logs.get(&issue.key) else { continue };
            issue.changes = Some(changes(log, "status", |item, [id, name]| Named {
                id: filled(&item[id]),
                name: filled(&item[name]),
            }));
            issue.resolutions = changes(log, "resolution", |item, [_, name]| {
                filled(&item[name]).map_or(Resolution::Unresolved, Resolution::Named)
            });
        }
    }
    queries
}

/// The settings of the profile of an export.
pub fn settings(export: &Value) -> &Value {
    let records = export["records"].as_array().unwrap().iter();
    let profile = records.map(|record| &record["profile"]).find(|profile| profile.is_object());
    &profile.unwrap()["settings"]
}

fn issue(key: &str, document: &Value, points: &[&str]) -> Issue {
    let fields = &document["fields"];
    let of_key = || key.rsplit_once('-').map_or(key, |(project, _)| project).to_owned();
    let resolution = match fields.get("resolution") {
        None => Resolution::Absent,
        Some(value) => filled(&value["name"]).map_or(Resolution::Unresolved, Resolution::Named),
    };
    Issue {
        key: key.to_owned(),
        project: text(&fields["project"]["key"]).unwrap_or_else(of_key),
        project_id: text(&fields["project"]["id"]),
        kind: text(&fields["issuetype"]["name"]),
        created: time(&fields["created"]),
        resolved: time(&fields["resolutiondate"]),
        status: Named {
            id: filled(&fields["status"]["id"]),
            name: filled(&fields["status"]["name"]),
        },
        category: text(&fields["status"]["statusCategory"]["key"]),
        resolution,
        points: points.iter().find_map(|field| number(&fields[*field])),
        changes: None,
        resolutions: Vec::new(),
    }
}

/// Gives changes that tell no id that of the status which is called so in the project of their issue
/// alone.
pub fn name_by_project(issues: &mut [Issue], listed: &[Value]) {
    let id_of = |project: &Option<String>, name: &Option<String>| {
        let fits = |status: &&Value| {
            let scope = text(&status["scope"]["project"]["id"]);
            scope.is_some() && scope == *project && text(&status["name"]) == *name
        };
        listed.iter().find(fits).and_then(|status| text(&status["id"]))
    };
    for issue in issues {
        for change in issue.changes.iter_mut().flatten() {
            for status in [&mut change.from, &mut change.to] {
                status.id = status.id.take().or_else(|| id_of(&issue.project_id, &status.name));
            }
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Object(members) => members.get("value").and_then(number),
        _ => None,
    }
}

fn changes<T>(log: &Value, field: &str, side: impl Fn(&Value, [&str; 2]) -> T) -> Vec<Change<T>> {
    let mut found = Vec::new();
    for history in log["changelog"]["histories"].as_array().into_iter().flatten() {
        let items = history["items"].as_array().into_iter().flatten();
        for item in items.filter(|item| item["field"] == field) {
            let Some(at) = time(&history["created"]) else { continue };
            let (from, to) = (side(item, ["from", "fromString"]), side(item, ["to", "toString"]));
            found.push(Change { at, from, to });
        }
    }
    // Some servers tell the newest first.
    if found.first().zip(found.last()).is_some_and(|(first, last)| first.at > last.at) {
        found.reverse();
    }
    found.sort_by_key(|change| change.at);
    found
}
