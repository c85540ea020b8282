//! `jira_changelog_entries`: one row per changed field; an entry holds those of one issue.

use std::collections::HashSet;

use model::{Json, Object, TimeZone, Timestamp, stamp};

use super::{is_carried, named};

/// Column that holds a time.
pub const TIME_COLUMN: &str = "change_date";

/// Columns and the members of an item that say the same.
const MEMBERS: [(&str, &str); 3] =
    [("field_name", "field"), ("old_value", "fromString"), ("new_value", "toString")];

/// One changed field.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// When, as it was written.
    pub created: Json,
    /// Who; no sync of the old app kept it.
    pub author: Option<Json>,
    /// The item of Jira's changelog.
    pub item: Object,
}

/// What makes two changes of an issue the same: moment, field, from, to, as written.
pub type Identity = [String; 4];

impl Change {
    /// The change that a row says.
    pub fn of(mut cells: Object) -> Change {
        let created = cells.remove(TIME_COLUMN).unwrap_or_default();
        cells.remove("issue_key");
        let author = cells.remove("author");
        let author = author.filter(|author| !super::is_empty_text(author));
        let mut item = Object::new();
        for (column, member) in MEMBERS {
            item.set(member, cells.remove(column).unwrap_or_default());
        }
        let kind = cells.remove("field_type").unwrap_or_default();
        let usual = Json::text("jira");
        for (column, value) in cells.into_iter().chain([("field_type".to_owned(), kind)]) {
            if is_carried(&column, &value) && (column != "field_type" || value != usual) {
                item.set(column, value);
            }
        }
        Change { created, author, item }
    }

    /// See [`Identity`].
    pub fn identity(&self) -> Identity {
        let text = |value: Option<&Json>| match value {
            None | Some(Json::Null) => String::new(),
            Some(value) => value.as_text().map_or_else(|| value.to_compact(), |t| t.into_owned()),
        };
        let item = |name: &str| text(self.item.get(name));
        [text(Some(&self.created)), item("field"), item("fromString"), item("toString")]
    }

    fn at(&self) -> Option<Timestamp> {
        stamp::parse(&self.created.as_text()?, &TimeZone::UTC).map(|(at, _)| at)
    }
}

/// The changes that an entry holds.
pub fn changes_of(entry: &Json) -> Vec<Change> {
    let mut changes = Vec::new();
    let histories = entry.get("changelog").and_then(|changelog| changelog.get("histories"));
    for history in histories.and_then(Json::as_array).unwrap_or_default() {
        let created = history.get("created").cloned().unwrap_or_default();
        let author = history.get("author").cloned();
        for item in history.get("items").and_then(Json::as_array).unwrap_or_default() {
            if let Json::Object(item) = item {
                let (created, author) = (created.clone(), author.clone());
                changes.push(Change { created, author, item: item.clone() });
            }
        }
    }
    changes
}

/// Adds the changes that are not there yet; says how many.
pub fn merge(changes: &mut Vec<Change>, others: Vec<Change>) -> u64 {
    let mut known: HashSet<Identity> = changes.iter().map(Change::identity).collect();
    let before = changes.len();
    changes.extend(others.into_iter().filter(|other| known.insert(other.identity())));
    (changes.len() - before) as u64
}

/// The entry of an issue, its oldest change first.
pub fn entry_of(key: &str, mut changes: Vec<Change>) -> Json {
    changes.sort_by_cached_key(|change| {
        let at = change.at();
        (at.is_none(), at)
    });
    let mut histories: Vec<Object> = Vec::new();
    let mut items: Vec<Vec<Json>> = Vec::new();
    for Change { created, author, item } in changes {
        let author = author.map(|author| named(author, "displayName"));
        let is_same = histories.last().is_some_and(|last| {
            last.get("created") == Some(&created) && last.get("author") == author.as_ref()
        });
        if !is_same {
            let mut history = Object::new();
            history.set("created", created);
            history.set_some("author", author);
            histories.push(history);
            items.push(Vec::new());
        }
        if let Some(items) = items.last_mut() {
            items.push(Json::Object(item));
        }
    }
    let histories: Vec<Json> = histories
        .into_iter()
        .zip(items)
        .map(|(mut history, items)| {
            history.set("items", Json::Array(items));
            Json::Object(history)
        })
        .collect();
    let mut changelog = Object::new();
    changelog.set("total", Json::integer(i64::try_from(histories.len()).unwrap_or_default()));
    changelog.set("histories", Json::Array(histories));
    let mut entry = Object::new();
    entry.set("key", Json::text(key));
    entry.set("changelog", Json::Object(changelog));
    Json::Object(entry)
}
