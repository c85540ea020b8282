//! What an issue belongs to – versions, parent, labels, components, sprints, its type – now and,
//! where its changelog tells, before.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::changelog::each_item;
use crate::issue::{id_member, type_place};
use crate::json::{Document, Kind, Tape, Value};
use crate::settings::usual_names::is_usually_epic;
use crate::sprint::{Sprint, SprintState, sprints};

/// A field that groups issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupField {
    /// The versions in which it shall be delivered.
    FixVersion,
    /// The issue that it is a part of: its epic, or of a sub-task the issue above it.
    Parent,
    /// Labels.
    Label,
    /// Components.
    Component,
    /// Sprints that it is or was in.
    Sprint,
    /// Its type.
    Type,
}

/// A version, parent, label, component, sprint or type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// Which field names it.
    #[serde(rename = "f")]
    pub field: GroupField,
    /// Jira's id, which stays when it is renamed; of a parent and a label there is none.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name; of a parent its key.
    #[serde(rename = "n")]
    pub name: String,
    /// The release date of a version, the last day of a sprint.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Whether the version is released or the sprint closed.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_over: bool,
}

/// What an issue belongs to, as its document says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Membership {
    /// Jira's id of the issue, the same in all queries that find it.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<String>,
    /// The groups.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// One change of what an issue belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipChange {
    /// When.
    pub at: Timestamp,
    /// What it belonged to before and, unless it is in `to`, not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Group>,
    /// What it belonged to after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Group>,
}

/// The dated changes of what an issue belongs to, oldest first; `None` if its changelog holds no
/// field but the status, so that it cannot tell.
pub type MembershipChanges = Option<Vec<MembershipChange>>;

impl Group {
    /// A group with a name and nothing else.
    pub fn named(field: GroupField, name: impl Into<String>) -> Group {
        Group { field, id: None, name: name.into(), day: None, is_over: false }
    }

    /// Whether both are the same one: by id where both have one, else by name.
    pub fn is_same(&self, other: &Group) -> bool {
        self.field == other.field
            && match (&self.id, &other.id) {
                (Some(id), Some(other)) => id == other,
                _ => self.name == other.name,
            }
    }
}

impl Membership {
    /// Reads it out of a document.
    pub fn derive(document: &Document, tape: &mut Tape) -> Membership {
        tape.parse(document.as_str()).map(Membership::of).unwrap_or_default()
    }

    /// The same from a parsed document.
    pub fn of(document: Value<'_>) -> Membership {
        let issue_id = id_member(document, "id").map(|id| id.to_string());
        let (mut groups, mut parent, mut place) = (Vec::new(), ParentKey::default(), None);
        let fields = document.get("fields");
        for (name, value) in fields.iter().flat_map(Value::members) {
            let name = name.as_text().unwrap_or_default();
            match &*name {
                "fixVersions" => groups.extend(value.elements().filter_map(version)),
                "components" => {
                    groups.extend(value.elements().filter_map(|v| named(GroupField::Component, v)));
                }
                "labels" => groups.extend(value.elements().filter_map(label)),
                "issuetype" => groups.extend(named(GroupField::Type, value)),
                name => {
                    let is_key = parent.offer(name, value);
                    if name.starts_with("customfield_") {
                        groups.extend(sprints_in(value).into_iter().filter(|_| !is_key));
                    } else if is_key {
                        place.get_or_insert(groups.len());
                    }
                }
            }
        }
        let issue_type = fields.and_then(|fields| fields.get("issuetype"));
        if let Some(key) = parent.key(issue_type) {
            let place = place.unwrap_or(groups.len());
            groups.insert(place, Group::named(GroupField::Parent, key));
        }
        groups.dedup();
        Membership { issue_id, groups }
    }

    /// What the issue belonged to before `changes`, which are the later ones, oldest first.
    #[must_use]
    pub fn before(&self, changes: &[MembershipChange]) -> Vec<Group> {
        let mut groups = self.groups.clone();
        for change in changes.iter().rev() {
            groups.retain(|group| !change.to.iter().any(|to| to.is_same(group)));
            groups.extend(change.from.iter().cloned());
        }
        groups
    }

    /// The text that is stored; empty for nothing.
    pub fn written(&self) -> String {
        if *self == Membership::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads such text; `None` if it is damaged.
    pub fn read(text: &str) -> Option<Membership> {
        if text.is_empty() {
            return Some(Membership::default());
        }
        serde_json::from_str(text).ok()
    }
}

/// The changes that a changelog tells, oldest first; see [`MembershipChanges`].
pub fn membership_changes(document: &Document, tape: &mut Tape) -> MembershipChanges {
    let entry = tape.parse(document.as_str()).ok()?;
    let mut is_told = false;
    let items = each_item(entry, |at, item| Some((at, item)));
    let mut changes = Vec::new();
    for (at, item) in items {
        let Some(field) = item.get("field").and_then(|field| field.as_text()) else { continue };
        is_told |= !field.eq_ignore_ascii_case("status");
        let Some(at) = at else { continue };
        let side = |id: &str, name: &str| sides(&field, item, id, name);
        let (from, to) = (side("from", "fromString"), side("to", "toString"));
        if !from.is_empty() || !to.is_empty() {
            changes.push(MembershipChange { at, from, to });
        }
    }
    crate::changelog::oldest_first(&mut changes, |change: &MembershipChange| Some(change.at));
    is_told.then_some(changes)
}

/// The text of changes that is stored; `None` where a changelog cannot tell.
pub fn written_changes(changes: &MembershipChanges) -> Option<String> {
    changes.as_ref().map(|changes| match changes.as_slice() {
        [] => String::new(),
        changes => serde_json::to_string(changes).unwrap_or_default(),
    })
}

/// Reads such text; `None` if it is damaged.
pub fn read_changes(text: Option<&str>) -> Option<MembershipChanges> {
    match text {
        None => Some(None),
        Some("") => Some(Some(Vec::new())),
        Some(text) => serde_json::from_str(text).ok().map(Some),
    }
}

/// The groups that one side of a change names.
fn sides(field: &str, item: Value<'_>, id: &str, name: &str) -> Vec<Group> {
    let names = member(item, name).filter(|names| !names.is_empty());
    let one = |of: GroupField| {
        let group = |name: String| Group {
            id: id_member(item, id).map(|id| id.to_string()),
            ..Group::named(of, name)
        };
        names.clone().map(group).into_iter().collect()
    };
    match field {
        "Fix Version" => one(GroupField::FixVersion),
        "Component" => one(GroupField::Component),
        "issuetype" => one(GroupField::Type),
        "Parent" | "Epic Link" | "IssueParentAssociation" => {
            names.into_iter().map(parent).collect()
        }
        "labels" => {
            let all = names.unwrap_or_default();
            all.split_whitespace().map(|one| Group::named(GroupField::Label, one)).collect()
        }
        "Sprint" => sprints_of(member(item, id), names),
        _ => Vec::new(),
    }
}

/// Sprints by id and name, both with commas between; a name may hold commas itself.
fn sprints_of(ids: Option<String>, names: Option<String>) -> Vec<Group> {
    let (ids, names) = (ids.unwrap_or_default(), names.unwrap_or_default());
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    let split: Vec<&str> = names.split(", ").filter(|name| !name.is_empty()).collect();
    let name = |place: usize| match ids.len() {
        1 => names.as_str(),
        count if count == split.len() => split.get(place).copied().unwrap_or_default(),
        _ => "",
    };
    let sprint = |(place, id): (usize, &&str)| Group {
        id: Some((*id).to_owned()),
        ..Group::named(GroupField::Sprint, name(place))
    };
    ids.iter().enumerate().map(sprint).collect()
}

fn member(value: Value<'_>, name: &str) -> Option<String> {
    value.get(name)?.as_text().map(|text| text.into_owned())
}

fn named(field: GroupField, value: Value<'_>) -> Option<Group> {
    let name = member(value, "name")?;
    Some(Group { id: id_member(value, "id").map(|id| id.to_string()), ..Group::named(field, name) })
}

fn version(value: Value<'_>) -> Option<Group> {
    let day = member(value, "releaseDate").and_then(|day| day.get(..10)?.parse().ok());
    let is_over = value.get("released").is_some_and(|flag| flag.kind() == Kind::True);
    // The old app's database kept names only.
    match value.as_text() {
        Some(name) => Some(Group::named(GroupField::FixVersion, name)),
        None => Some(Group { day, is_over, ..named(GroupField::FixVersion, value)? }),
    }
}

fn label(value: Value<'_>) -> Option<Group> {
    value.as_text().map(|name| Group::named(GroupField::Label, name))
}

fn parent(key: String) -> Group {
    Group::named(GroupField::Parent, key)
}

/// Sprints stand in a field whose id every server chooses itself.
fn sprints_in(value: Value<'_>) -> Vec<Group> {
    if value.kind() != Kind::Array {
        return Vec::new();
    }
    let group = |sprint: Sprint| {
        let day = sprint.end.map(|end| jiff::tz::TimeZone::UTC.to_datetime(end).date());
        let is_over = sprint.state == SprintState::Closed;
        let name = Group::named(GroupField::Sprint, sprint.name);
        Group { id: Some(sprint.id), day, is_over, ..name }
    };
    sprints(value).into_iter().map(group).collect()
}

/// The field of Jira Cloud in which issues named their epics before `parent` did.
const CLOUD_EPIC_LINK: &str = "customfield_10014";

/// What a document says an issue is a part of, by what fields of it are offered.
#[derive(Default)]
pub(crate) struct ParentKey {
    /// What `parent` names.
    parent: Option<String>,
    /// What `epic` names.
    epic: Option<String>,
    /// A key in a field that only the server knows.
    link: Option<String>,
    /// The same in the field that Jira Cloud has for it.
    cloud_link: Option<String>,
}

impl ParentKey {
    /// Takes a field; whether it may name a parent.
    pub fn offer(&mut self, name: &str, value: Value<'_>) -> bool {
        let place = match name {
            "parent" => &mut self.parent,
            "epic" => &mut self.epic,
            CLOUD_EPIC_LINK => &mut self.cloud_link,
            _ => &mut self.link,
        };
        let key = match name {
            "parent" | "epic" => member(value, "key"),
            name if name.starts_with("customfield_") => key_in(value),
            _ => return false,
        };
        let is_key = key.is_some();
        if place.is_none() {
            *place = key;
        }
        is_key
    }

    /// The key of the parent. Of an epic and of a sub-task, what looks like a key in a field of the
    /// server is something else; so it is where levels of types are told, as `parent` names epics there.
    pub fn key(self, issue_type: Option<Value<'_>>) -> Option<String> {
        let place = issue_type.map(type_place).unwrap_or_default();
        let is_epic = || {
            let name = issue_type.and_then(|of| of.get("name")).and_then(|name| name.as_text());
            name.is_some_and(|name| is_usually_epic(&name))
        };
        let link = match place.hierarchy_level {
            _ if place.is_subtask == Some(true) || is_epic() => None,
            None => self.cloud_link.or(self.link),
            Some(0) => self.cloud_link,
            Some(_) => None,
        };
        self.parent.or(self.epic).or(link)
    }
}

/// The key of an issue that a text is.
fn key_in(value: Value<'_>) -> Option<String> {
    value.as_text().filter(|text| is_key(text)).map(|key| key.into_owned())
}

/// Whether a text is the key of an issue, as the field of the epic holds it.
fn is_key(text: &str) -> bool {
    let Some((project, number)) = text.split_once('-') else { return false };
    let is_project = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    project.starts_with(|c: char| c.is_ascii_uppercase())
        && project.len() > 1
        && project.chars().all(is_project)
        && (1..10).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> (Document, Tape) {
        let mut tape = Tape::new();
        let document = Document::parse(text, &mut tape).unwrap();
        (document, tape)
    }

    fn membership(fields: &str) -> Membership {
        let (document, mut tape) = document(&format!(r#"{{"id":"7","fields":{{{fields}}}}}"#));
        Membership::derive(&document, &mut tape)
    }

    fn changes(items: &[(&str, &str)]) -> MembershipChanges {
        let history = |(day, item): &(&str, &str)| {
            format!(r#"{{"created":"{day}T10:00:00.000+0000","items":[{{{item}}}]}}"#)
        };
        let histories: Vec<String> = items.iter().map(history).collect();
        let text = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
        let (document, mut tape) = document(&text);
        let found = membership_changes(&document, &mut tape);
        assert_eq!(read_changes(written_changes(&found).as_deref()), Some(found.clone()));
        found
    }

    fn names(groups: &[Group]) -> Vec<&str> {
        groups.iter().map(|group| group.name.as_str()).collect()
    }

    #[test]
    fn a_document_names_its_groups() {
        let found = membership(
            r#""fixVersions":[{"id":"1","name":"1.0","released":true,"releaseDate":"2025-06-02"},"2.0"],
               "labels":["a"],"components":[{"id":"3","name":"core"}],"issuetype":{"id":"4","name":"Bug"},
               "parent":{"key":"A-1"},"customfield_1":"AB-12","customfield_2":"A-long text",
               "customfield_3":[{"id":5,"name":"S 1","state":"closed","endDate":"2025-06-20T10:00:00.000Z"}]"#,
        );
        assert_eq!(names(&found.groups), ["1.0", "2.0", "a", "core", "Bug", "A-1", "S 1"]);
        let version = &found.groups[0];
        assert_eq!((version.day, version.is_over), ("2025-06-02".parse().ok(), true));
        assert_eq!(found.issue_id.as_deref(), Some("7"));
        assert_eq!(Membership::read(&found.written()), Some(found));
        assert_eq!(Membership::read(""), Some(Membership::default()));
        assert_eq!(Membership::read("{"), None);
    }

    #[track_caller]
    fn check_parents(fields: &str, want: &[&str]) {
        let of_parent = |group: &Group| group.field == GroupField::Parent;
        let found: Vec<Group> = membership(fields).groups.into_iter().filter(of_parent).collect();
        assert_eq!(names(&found), want, "{fields}");
        let (document, mut tape) = document(&format!(r#"{{"fields":{{{fields}}}}}"#));
        let facts = crate::IssueFacts::derive("K-1", &document, None, &mut tape);
        assert_eq!(facts.parent.as_deref(), want.first().copied(), "{fields}");
    }

    /// Servers that know no field `parent` of an epic's issues link them in a field of their own.
    #[test]
    fn the_epic_is_what_a_field_links_to_unless_the_issue_is_one_or_a_part() {
        let of = |kind: &str| format!(r#""customfield_9":"AB-12","issuetype":{{{kind}}}"#);
        check_parents(r#""customfield_9":"AB-12""#, &["AB-12"]);
        check_parents(&of(r#""name":"Story","subtask":false"#), &["AB-12"]);
        // Where levels are told, only the field that such servers have for it is believed.
        check_parents(&of(r#""name":"Story","hierarchyLevel":0"#), &[]);
        let cloud = of(r#""name":"Story","hierarchyLevel":0"#).replace("_9", "_10014");
        check_parents(&cloud, &["AB-12"]);
        check_parents(r#""epic":{"key":"A-2"},"customfield_9":"AB-12""#, &["A-2"]);
        // What looks like a key there is a name.
        check_parents(&of(r#""name":"Epic""#), &[]);
        check_parents(&of(r#""name":"Vorhaben","hierarchyLevel":1"#), &[]);
        check_parents(&of(r#""name":"Teil","subtask":true"#), &[]);
        check_parents(r#""customfield_9":"AB-12","parent":{"key":"A-1"}"#, &["A-1"]);
        let epic = of(r#""name":"Epic","hierarchyLevel":1"#) + r#","parent":{"key":"A-1"}"#;
        check_parents(&epic, &["A-1"]);
        check_parents(r#""customfield_9":"A long name-12","customfield_8":"x""#, &[]);
    }

    #[test]
    fn changes_are_undone_from_the_newest_on() {
        let now = membership(
            r#""fixVersions":[{"id":"2","name":"2.0 renamed"}],"labels":["b"],"issuetype":{"id":"1","name":"Bug"}"#,
        );
        let version = |from: &str, to: &str| {
            let side = |side: &str, name: &str, id: &str| match id {
                "" => format!(r#""{side}":null,"{name}":null"#),
                id => format!(r#""{side}":"{id}","{name}":"{id}.0""#),
            };
            let (from, to) = (side("from", "fromString", from), side("to", "toString", to));
            format!(r#""field":"Fix Version",{from},{to}"#)
        };
        let found = changes(&[
            ("2025-06-03", &version("", "2")),
            ("2025-06-03", &version("1", "")),
            ("2025-06-02", &version("", "1")),
            ("2025-06-04", r#""field":"labels","fromString":"a c","toString":"b""#),
            (
                "2025-06-05",
                r#""field":"issuetype","from":"9","fromString":"Task","to":"1","toString":"Bug""#,
            ),
        ]);
        let found = found.unwrap();
        let at = |count: usize| {
            let groups = now.before(&found[found.len() - count..]);
            let mut names: Vec<String> = groups.into_iter().map(|group| group.name).collect();
            names.sort();
            names.join(" ")
        };
        assert_eq!(at(0), "2.0 renamed Bug b");
        assert_eq!(at(1), "2.0 renamed Task b");
        assert_eq!(at(2), "2.0 renamed Task a c");
        assert_eq!(at(4), "1.0 Task a c");
        assert_eq!(at(5), "Task a c");
    }

    #[test]
    fn a_history_of_statuses_alone_tells_nothing() {
        let status = r#""field":"status","fromString":"Open","toString":"Done""#;
        assert_eq!(changes(&[("2025-06-02", status)]), None);
        assert_eq!(changes(&[]), None);
        let summary = r#""field":"summary","fromString":"a","toString":"b""#;
        assert_eq!(changes(&[("2025-06-02", status), ("2025-06-02", summary)]), Some(Vec::new()));
    }

    #[test]
    fn sprints_are_told_apart_by_id() {
        let item = r#""field":"Sprint","from":"1","fromString":"A, week 1","to":"1, 2","toString":"A, week 1, B""#;
        let found = changes(&[("2025-06-02", item)]).unwrap();
        let ids = |groups: &[Group]| groups.iter().flat_map(|g| g.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&found[0].from), ids(&found[0].to)),
            (vec!["1".into()], vec!["1".into(), "2".into()])
        );
        assert_eq!(found[0].from[0].name, "A, week 1");
    }
}
