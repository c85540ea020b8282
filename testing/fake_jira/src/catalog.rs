//! What issues refer to: statuses, types, projects, sprints and so on, each known by id and name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::issue::number;

/// The first id that is given to what came without one.
const INVENTED_ID_FIRST: u64 = 70_001;

/// One list of Jira, in the order in which its entries were first seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct List(Vec<Entry>);

/// An entry of a list.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub id: String,
    pub name: String,
    pub value: Value,
    /// The value as JSON text.
    pub text: String,
}

impl Entry {
    fn new(id: String, value: Value) -> Entry {
        let name = text_of(&value, "name").unwrap_or_default();
        let text = value.to_string();
        Entry { id, name, value, text }
    }
}

impl List {
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    pub fn by_id(&self, id: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.id == id)
    }

    /// Ids of all of that name or id; names may repeat, and capitals do not count.
    pub fn ids_called(&self, name_or_id: &str) -> Vec<String> {
        let wanted = name_or_id.to_lowercase();
        let fits = |entry: &&Entry| entry.name.to_lowercase() == wanted || entry.id == name_or_id;
        self.0.iter().filter(fits).map(|entry| entry.id.clone()).collect()
    }

    /// The id under which a value is known: its own, or without one that of the first of its name.
    fn known(&self, value: &Value) -> Option<String> {
        let entry = match value.get("id").and_then(text_or_number) {
            Some(id) => self.by_id(&id),
            None => {
                let name = value.get("name")?.as_str()?;
                self.0.iter().find(|entry| entry.name == name)
            }
        };
        entry.map(|entry| entry.id.clone())
    }

    /// Takes an entry in unless it is known; without an id it gets one. Answers with its id; `None`
    /// if it has neither id nor name.
    pub fn see(&mut self, value: &Value) -> Option<String> {
        if let Some(known) = self.known(value) {
            return Some(known);
        }
        let id = value.get("id").and_then(text_or_number);
        if id.is_none() && text_of(value, "name").is_none() {
            return None;
        }
        let id = id.unwrap_or_else(|| (INVENTED_ID_FIRST + self.0.len() as u64).to_string());
        let mut value = value.clone();
        if let Some(members) = value.as_object_mut() {
            members.insert("id".to_owned(), id.as_str().into());
        }
        self.0.push(Entry::new(id.clone(), value));
        Some(id)
    }

    /// Changes an entry; `false` if there is none with that id.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Value)) -> bool {
        let Some(entry) = self.0.iter_mut().find(|entry| entry.id == id) else { return false };
        change(&mut entry.value);
        *entry = Entry::new(entry.id.clone(), entry.value.clone());
        true
    }

    /// All values as JSON text.
    pub fn to_text(&self) -> String {
        let texts: Vec<&str> = self.0.iter().map(|entry| entry.text.as_str()).collect();
        format!("[{}]", texts.join(","))
    }
}

/// All lists.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog {
    pub statuses: List,
    pub fields: List,
    pub issue_types: List,
    pub priorities: List,
    pub resolutions: List,
    /// By key.
    pub projects: BTreeMap<String, Value>,
    pub sprints: BTreeMap<u64, Value>,
    /// What documents call a status, by its id, where that is not what the list calls it.
    pub status_names: BTreeMap<String, String>,
}

impl Catalog {
    /// Takes a status in; a category that is missing is guessed from the name. Answers with its id.
    pub fn see_status(&mut self, value: &Value) -> Option<String> {
        if let Some(known) = self.statuses.known(value) {
            return Some(known);
        }
        let mut value = value.clone();
        let name = text_of(&value, "name").unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.entry("statusCategory").or_insert_with(|| guessed_category(&name));
        }
        self.statuses.see(&value)
    }

    /// Takes a project in, or what is said of it now beside what was said before.
    pub fn see_project(&mut self, value: &Value) {
        let Some(key) = text_of(value, "key") else { return };
        let known = self.projects.entry(key).or_insert_with(|| json!({}));
        if let (Some(known), Some(told)) = (known.as_object_mut(), value.as_object()) {
            for (name, value) in told {
                known.entry(name.as_str()).or_insert_with(|| value.clone());
            }
        }
    }

    /// Takes a version of a project in.
    pub fn see_version(&mut self, project: &str, version: &Value) {
        let Some(known) = self.projects.get_mut(project).and_then(Value::as_object_mut) else {
            return;
        };
        let versions = known.entry("versions").or_insert_with(|| json!([]));
        let Some(versions) = versions.as_array_mut() else { return };
        if !versions.iter().any(|other| other.get("id") == version.get("id")) {
            versions.push(version.clone());
        }
    }

    /// Takes a sprint in; answers with its id. What is known already stays as it is.
    pub fn see_sprint(&mut self, value: &Value) -> Option<u64> {
        let id = value.get("id").and_then(number)?;
        self.sprints.entry(id).or_insert_with(|| value.clone());
        Some(id)
    }

    /// A status as documents tell it.
    pub fn told_status(&self, id: &str) -> Option<String> {
        let entry = self.statuses.by_id(id)?;
        let Some(name) = self.status_names.get(id) else { return Some(entry.text.clone()) };
        let mut value = entry.value.clone();
        if let Some(members) = value.as_object_mut() {
            members.insert("name".to_owned(), name.as_str().into());
        }
        Some(value.to_string())
    }

    /// The key of the category of a status.
    pub fn category_of(&self, status: &str) -> Option<&str> {
        let value = &self.statuses.by_id(status)?.value;
        value.get("statusCategory")?.get("key")?.as_str()
    }
}

/// The four categories of Jira: id, key, English name, colour.
pub(crate) const CATEGORIES: [(u64, &str, &str, &str); 4] = [
    (1, "undefined", "No Category", "medium-gray"),
    (2, "new", "To Do", "blue-gray"),
    (4, "indeterminate", "In Progress", "yellow"),
    (3, "done", "Done", "green"),
];

/// A category as Jira writes it.
pub(crate) fn category(key: &str) -> Value {
    let found = CATEGORIES.iter().find(|(_, known, _, _)| *known == key);
    found.map_or(
        Value::Null,
        |(id, key, name, colour)| json!({"id": id, "key": key, "name": name, "colorName": colour}),
    )
}

fn guessed_category(status: &str) -> Value {
    category(match status.to_lowercase().as_str() {
        "open" | "new" | "to do" | "reopened" | "backlog" | "created" => "new",
        "done" | "closed" | "resolved" | "cancelled" => "done",
        _ => "indeterminate",
    })
}

/// A member that is a text.
pub(crate) fn text_of(value: &Value, member: &str) -> Option<String> {
    value.get(member)?.as_str().map(str::to_owned)
}

fn text_or_number(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))
}
