//! An issue as it is kept: what JQL looks at beside texts that are sent as they are.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::moment;

/// `PROJECT-7`, in the order of Jira: by project, then by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub project: String,
    pub number: u64,
}

impl Key {
    /// Reads a key, whatever its capitals are.
    pub fn read(text: &str) -> Option<Key> {
        let (project, number) = text.trim().rsplit_once('-')?;
        let number = number.parse().ok()?;
        (!project.is_empty()).then(|| Key { project: project.to_uppercase(), number })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

/// One issue.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub id: u64,
    pub key: Key,
    /// Whether nobody may see it.
    pub is_hidden: bool,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// Id of its status; the rest is in the catalog, so that renaming reaches every issue.
    pub status: String,
    /// Name of its type.
    pub issue_type: String,
    /// Ids of its sprints; the rest is in the catalog.
    pub sprints: Vec<u64>,
    /// All fields but status and sprints: name and JSON text.
    pub fields: Vec<(String, String)>,
    /// Oldest first.
    pub histories: Vec<History>,
}

impl Issue {
    /// The JSON text of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The value of a field; null if there is none.
    pub fn value(&self, name: &str) -> Value {
        self.field(name).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// Gives a field another value.
    pub fn put(&mut self, name: &str, text: String) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = text,
            None => self.fields.push((name.to_owned(), text)),
        }
    }

    /// Says anew when it was changed.
    pub fn put_updated(&mut self, at: Timestamp, zone: &TimeZone) {
        self.updated = at;
        self.put("updated", quoted(&moment::write(at, zone)));
    }

    /// Writes all its times in another zone.
    pub fn put_zone(&mut self, zone: &TimeZone) {
        for (_, text) in &mut self.fields {
            if let Some(moved) = in_zone(text, zone) {
                *text = moved;
            }
        }
        for history in &mut self.histories {
            history.created_text = moment::write(history.created, zone);
        }
    }
}

/// The time in that JSON text in another zone; `None` if it is none.
pub(crate) fn in_zone(text: &str, zone: &TimeZone) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(quoted(&moment::write(moment::read(inside)?, zone)))
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What happened to an issue at one moment.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub id: u64,
    pub created: Timestamp,
    /// `created` in the zone of the world.
    pub created_text: String,
    /// The other members as JSON text: `"author":{…},"items":[…]`.
    pub rest: String,
}

impl History {
    /// Takes one in; `invented` is its id if it has none.
    pub fn read(value: &Value, invented: u64, zone: &TimeZone) -> Option<History> {
        let id = value.get("id").and_then(number).unwrap_or(invented);
        let created = moment::read(value.get("created")?.as_str()?)?;
        let others = value.as_object()?.iter();
        let others = others.filter(|(name, _)| !["id", "created"].contains(&name.as_str()));
        let texts: Vec<String> =
            others.map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
        let created_text = moment::write(created, zone);
        Some(History { id, created, created_text, rest: texts.join(",") })
    }

    /// A new one of some changes.
    pub fn of(id: u64, at: Timestamp, items: &[Item], zone: &TimeZone) -> History {
        let items: Vec<Value> = items.iter().map(Item::value).collect();
        let author = json!({"name": "person-001", "displayName": "person-001", "active": true});
        let rest = format!("\"author\":{author},\"items\":{}", Value::Array(items));
        History { id, created: at, created_text: moment::write(at, zone), rest }
    }
}

/// One change: what a field was and is, by id and in words.
#[derive(Debug, Clone)]
pub(crate) struct Item<'a> {
    pub field: &'a str,
    /// `None` where it is not a real field (`Key`, `Workflow`).
    pub field_id: Option<&'a str>,
    pub from: Side,
    pub to: Side,
}

/// Id and words of one side of a change.
pub(crate) type Side = (Value, Value);

impl Item<'_> {
    fn value(&self) -> Value {
        let is_custom = self.field_id.is_some_and(|id| id.starts_with("customfield_"));
        let mut item = Map::new();
        item.insert("field".to_owned(), self.field.into());
        item.insert("fieldtype".to_owned(), if is_custom { "custom" } else { "jira" }.into());
        if let Some(id) = self.field_id {
            item.insert("fieldId".to_owned(), id.into());
        }
        item.insert("from".to_owned(), self.from.0.clone());
        item.insert("fromString".to_owned(), self.from.1.clone());
        item.insert("to".to_owned(), self.to.0.clone());
        item.insert("toString".to_owned(), self.to.1.clone());
        Value::Object(item)
    }
}

/// A number that is written as one or as a text.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
