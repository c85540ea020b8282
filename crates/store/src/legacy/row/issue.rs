//! `jira_issues`: one flat row per issue and query.

use model::{Json, Object, Timestamp, stamp};

use super::category::{Categories, Origin};
use super::{ROW, is_empty_text, left_over, named};

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
    // Builds that asked for labels asked for everything else too; the time of the last change alone came
    // with the delta fetches of earlier ones.
    let is_full = value("updated").is_some() && value("labels").is_some();
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
    let left = left_over(cells, |column, value| says(&document, column, value, setting));
    let origin = add_category(&mut document, value("resolved").is_some(), setting.categories);
    if !left.is_empty() {
        document.set(ROW, Json::Object(left));
    }
    (document, origin)
}

/// Whether a document says what a cell holds.
fn says(document: &Object, column: &str, value: &Json, setting: &Setting<'_>) -> bool {
    let fields = document.get("fields").and_then(Json::as_object);
    let field = |name: &str| fields.and_then(|fields| fields.get(name));
    let of_project = |member| field("project").and_then(|project| project.get(member));
    let is = |said: Option<&Json>| said.unwrap_or(&Json::Null).means_same(value);
    let name = NAMES.iter().find(|(name, ..)| *name == column);
    let field_of_value = VALUES.iter().find(|(name, _)| *name == column);
    match (column, name, field_of_value) {
        ("issue_key", ..) => is(document.get("key")),
        ("project_key", ..) => is(of_project("key")),
        ("project_name", ..) => is(of_project("name")),
        ("points", ..) => is(setting.points_field.and_then(field).and_then(points_of)),
        ("summary", ..) if field("summary").is_none() => is_empty_text(value),
        ("summary", ..) => is(field("summary")),
        ("custom_fields", ..) => {
            let custom =
                || fields.into_iter().flat_map(Object::iter).filter(|(name, _)| is_custom(name));
            value.as_object().is_some_and(|cells| {
                cells.len() == custom().count()
                    && custom()
                        .all(|(name, said)| cells.get(name).is_some_and(|it| it.means_same(said)))
            })
        }
        (_, Some((_, name, member)), _) => match field(name).and_then(|value| value.get(member)) {
            None if EMPTY_TEXT.contains(&column) => is_empty_text(value),
            said => is(said),
        },
        (_, _, Some((_, name))) => is(field(name)),
        _ => is(None),
    }
}

/// Whatever is no field of a column of its own.
fn is_custom(name: &str) -> bool {
    let fields =
        NAMES.iter().map(|(_, field, _)| field).chain(VALUES.iter().map(|(_, field)| field));
    !["summary", "project"].iter().chain(fields).any(|field| *field == name)
}

/// The old app kept a number, or the number in an object.
fn points_of(value: &Json) -> Option<&Json> {
    let number = if let Json::Object(object) = value { object.get("value")? } else { value };
    matches!(number, Json::Number(_)).then_some(number)
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
