//! `jira_issues`: one flat row per issue and query.

use model::{Json, Object, Timestamp, stamp};

use super::category::{Categories, Origin};
use super::{ROW, is_empty_text, left_over, named, overlay};

/// Columns that hold JSON as text.
pub const JSON_COLUMNS: [&str; 4] = ["fix_versions", "labels", "components", "custom_fields"];

/// Columns that hold times.
pub const TIME_COLUMNS: [&str; 3] = ["created", "updated", "resolved"];

/// Columns that hold the name of something, with the field and the member of Jira.
const NAMES: [(&str, &str, &str); 5] = [
    ("status", "status", "name"),
    ("issue_type", "issuetype", "name"),
    ("priority", "priority", "name"),
    ("resolution", "resolution", "name"),
    ("assignee", "assignee", "displayName"),
];

/// Columns whose value is a field's, with the field.
const VALUES: [(&str, &str); 6] = [
    ("created", "created"),
    ("updated", "updated"),
    ("resolved", "resolutiondate"),
    ("fix_versions", "fixVersions"),
    ("labels", "labels"),
    ("components", "components"),
];

/// Of these names the old app wrote `""` where there was none, of the others null.
const EMPTY_TEXT: [&str; 2] = ["status", "issue_type"];

/// What a row does not say itself.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'s> {
    /// The field that holds points.
    pub points_field: Option<&'s str>,
    /// Categories of statuses.
    pub categories: &'s Categories,
}

/// The row as Jira would send the issue, with where its category comes from. `cells` are parsed.
pub fn document_of(cells: &Object, setting: &Setting<'_>) -> (Object, Option<Origin>) {
    let value = |column: &str| cells.get(column).filter(|value| !matches!(value, Json::Null));
    // Builds that kept the time of the last change asked for everything else too.
    let is_full = value("updated").is_some();
    let mut fields = Object::new();
    let summary = value("summary").filter(|summary| !is_empty_text(summary));
    fields.set_some("summary", summary.cloned());
    for (column, field, member) in NAMES {
        let is_none = |value: &Json| EMPTY_TEXT.contains(&column) && is_empty_text(value);
        match value(column).filter(|value| !is_none(value)) {
            Some(name) => fields.set(field, named(name.clone(), member)),
            None if is_full && !EMPTY_TEXT.contains(&column) => fields.set(field, Json::Null),
            None => {}
        }
    }
    for (column, field) in VALUES {
        fields.set_some(field, value(column).map(as_moment));
    }
    if fields.get("resolutiondate").is_none() && cells.get("resolved").is_some() {
        fields.set("resolutiondate", Json::Null);
    }
    let project = [("project_key", "key"), ("project_name", "name")];
    let project: Object = project
        .into_iter()
        .filter_map(|(column, member)| Some((member.to_owned(), value(column)?.clone())))
        .collect();
    if !project.is_empty() {
        fields.set("project", Json::Object(project));
    }
    for (name, custom) in
        value("custom_fields").and_then(Json::as_object).into_iter().flat_map(Object::iter)
    {
        if is_custom(name) {
            fields.set(name, custom.clone());
        }
    }
    if let (Some(field), Some(points)) = (setting.points_field, value("points"))
        && fields.get(field).is_none()
    {
        fields.set(field, points.clone());
    }
    let mut document = Object::new();
    document.set_some("key", cells.get("issue_key").cloned());
    document.set("fields", Json::Object(fields));
    let left = left_over(cells, &rendered(&document, setting.points_field));
    let origin = add_category(&mut document, value("resolved").is_some(), setting.categories);
    if !left.is_empty() {
        document.set(ROW, Json::Object(left));
    }
    (document, origin)
}

/// The row that a document was made from, but for columns that are not carried.
pub fn row_of(document: &Json, points_field: Option<&str>) -> Object {
    let members = document.as_object().cloned().unwrap_or_default();
    overlay(rendered(&members, points_field), Some(document))
}

fn rendered(document: &Object, points_field: Option<&str>) -> Object {
    let fields = document.get("fields");
    let field = |name: &str| fields.and_then(|fields| fields.get(name));
    let mut row = Object::new();
    row.set("issue_key", document.get("key").cloned().unwrap_or_default());
    row.set("summary", field("summary").cloned().unwrap_or_else(|| Json::text("")));
    for (column, name, member) in NAMES {
        let text = field(name).and_then(|value| value.get(member)).cloned();
        let none = if EMPTY_TEXT.contains(&column) { Json::text("") } else { Json::Null };
        row.set(column, text.unwrap_or(none));
    }
    for (column, name) in VALUES {
        row.set(column, field(name).cloned().unwrap_or_default());
    }
    for (column, member) in [("project_key", "key"), ("project_name", "name")] {
        let value = field("project").and_then(|project| project.get(member)).cloned();
        row.set(column, value.unwrap_or_default());
    }
    let custom = fields.and_then(Json::as_object).into_iter().flat_map(Object::iter);
    let custom = custom.filter(|(name, _)| is_custom(name));
    let custom = custom.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    row.set("custom_fields", Json::Object(custom));
    let points = points_field.and_then(field).map(points_of).unwrap_or_default();
    row.set("points", points);
    row
}

fn is_custom(name: &str) -> bool {
    name.starts_with("customfield_")
}

/// The old app kept a number, or the number in an object.
fn points_of(value: &Json) -> Json {
    match value {
        Json::Number(_) => value.clone(),
        Json::Object(object) => match object.get("value") {
            Some(number @ Json::Number(_)) => number.clone(),
            _ => Json::Null,
        },
        _ => Json::Null,
    }
}

/// Seconds or milliseconds since 1970 as a time that can be read; anything else as it is.
fn as_moment(value: &Json) -> Json {
    let moment = || {
        let text = value.as_text()?;
        let number: i64 = text.parse().ok()?;
        let at = match text.len() {
            9 | 10 => Timestamp::from_second(number),
            12 | 13 => Timestamp::from_millisecond(number),
            _ => return None,
        };
        Some(Json::text(stamp::format(at.ok()?)))
    };
    moment().unwrap_or_else(|| value.clone())
}

/// Puts the category where Jira has it. One that was not told by Jira says where it is from.
fn add_category(
    document: &mut Object,
    is_resolved: bool,
    categories: &Categories,
) -> Option<Origin> {
    let Some(Json::Object(fields)) = document.get_mut("fields") else { return None };
    let Some(Json::Object(status)) = fields.get_mut("status") else { return None };
    let name = status.get("name")?.as_text()?.into_owned();
    let (key, origin) = categories.of(&name, is_resolved)?;
    let mut category = Object::new();
    category.set("key", Json::text(key));
    if origin != Origin::Scope {
        category.set("derived_from", Json::text(origin.code()));
    }
    status.set("statusCategory", Json::Object(category));
    Some(origin)
}
