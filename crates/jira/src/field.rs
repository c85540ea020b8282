//! The fields that a Jira has.

use model::json::Value;

use crate::changelog::id_text;
use crate::client::Client;
use crate::error::Result;
use crate::issue::Read;
use crate::metadata::{each, is_true, text};

/// What every figure needs of an issue.
const STANDARD: [&str; 14] = [
    "summary",
    "status",
    "issuetype",
    "priority",
    "project",
    "created",
    "updated",
    "resolution",
    "resolutiondate",
    "parent",
    "fixVersions",
    "labels",
    "components",
    "assignee",
];

/// The fields to fetch: the standard ones, and those mapped to points, sprint and so on.
pub fn standard_fields(mapped: &[String]) -> Vec<String> {
    let mut fields: Vec<String> = STANDARD.iter().map(|field| (*field).to_owned()).collect();
    for field in mapped {
        if !field.is_empty() && !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}

/// A field of issues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Jira's id of it, e.g. `summary` or `customfield_10020`.
    pub id: String,
    /// Its name in the user's language; several fields may share one.
    pub name: String,
    /// Whether administrators or apps added it.
    pub is_custom: bool,
    /// What it holds, e.g. `number` or `array`.
    pub kind: Option<String>,
    /// The plug-in that made it, e.g. `com.pyxis.greenhopper.jira:gh-sprint`.
    pub plugin: Option<String>,
    /// Its names in JQL.
    pub clause_names: Vec<String>,
}

impl Client {
    /// All fields that the user can see.
    pub fn fields(&self) -> Result<Vec<Field>> {
        self.ask(&self.about("field"), |list| each(list, field))
    }
}

pub(crate) fn field(value: Value<'_>) -> Read<Field> {
    let schema = value.get("schema");
    let of_schema = |name| schema.and_then(|schema| text(schema, name));
    let clause_names = value.get("clauseNames");
    let clause_names = clause_names.iter().flat_map(Value::elements).filter_map(|n| n.as_text());
    let id = id_text(value).ok_or("a field has no id")?;
    Ok(Field {
        name: text(value, "name").unwrap_or_else(|| id.clone()),
        id,
        is_custom: is_true(value, "custom"),
        kind: of_schema("type"),
        plugin: of_schema("custom"),
        clause_names: clause_names.map(|name| name.into_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapped_fields_are_asked_for_once() {
        let mapped = ["customfield_1", "status", "", "customfield_1"].map(str::to_owned);
        let fields = standard_fields(&mapped);
        assert_eq!(fields.len(), STANDARD.len() + 1);
        assert_eq!(fields.last().map(String::as_str), Some("customfield_1"));
    }
}
