//! The issues of the demo as Jira would send them.

use model::json::Json;
use model::{Changelog, Document, Issue, Timestamp, stamp};
use serde_json::{Value, json};

use crate::flow::{Status, Step};
use crate::project::{IssueType, Project};
use crate::ticket::Ticket;

/// Address of a Jira that does not exist.
pub(super) const SERVER: &str = "https://demo.invalid";
/// The field that holds story points.
pub(super) const POINTS_FIELD: &str = "customfield_10016";
/// The fields that the documents hold.
pub(super) const FIELDS: [&str; 13] = [
    "summary",
    "project",
    "issuetype",
    "status",
    "priority",
    "resolution",
    "created",
    "updated",
    "resolutiondate",
    "parent",
    "labels",
    "statuscategorychangedate",
    POINTS_FIELD,
];

/// The document of an issue.
pub(super) fn issue(project: &Project, ticket: &Ticket) -> Issue {
    let key = key(project, ticket.number);
    let id = id(project, ticket);
    let document = json!({
        "id": id,
        "self": format!("{SERVER}/rest/api/3/issue/{id}"),
        "key": key,
        "fields": fields(project, ticket),
    });
    Issue { document: kept(&document), key }
}

/// Its history.
pub(super) fn changelog(project: &Project, ticket: &Ticket) -> Changelog {
    let key = key(project, ticket.number);
    let steps = ticket.life.steps.iter().enumerate();
    let mut histories: Vec<Value> =
        steps.map(|(place, step)| history(project, ticket, place, step)).collect();
    if project.is_newest_first {
        histories.reverse();
    }
    let document = json!({
        "id": id(project, ticket),
        "key": key,
        "changelog": {
            "startAt": 0,
            "maxResults": histories.len(),
            "total": histories.len(),
            "histories": histories,
        },
    });
    Changelog { document: kept(&document), key }
}

fn key(project: &Project, number: usize) -> String {
    format!("{}-{number}", project.key)
}

fn id(project: &Project, ticket: &Ticket) -> String {
    (project.stream * 10_000 + ticket.number as u64).to_string()
}

fn fields(project: &Project, ticket: &Ticket) -> Value {
    let life = &ticket.life;
    let ending = life.ending();
    let mut fields = json!({
        "summary": ticket.summary,
        "project": { "id": (10_000 + project.stream).to_string(), "key": project.key, "name": project.name },
        "issuetype": issue_type(ticket.issue_type),
        "status": status(life.status()),
        "priority": { "id": ticket.priority.0, "name": ticket.priority.1 },
        "resolution": ending.map(|step| resolution(step, ticket.is_duplicate)),
        "created": time(life.created),
        "updated": time(life.updated()),
        "resolutiondate": ending.map(|step| time(step.at)),
        "statuscategorychangedate": time(life.updated()),
        "labels": ticket.label.as_slice(),
    });
    if let Some(fields) = fields.as_object_mut() {
        fields.insert(POINTS_FIELD.to_owned(), json!(ticket.points));
        if let Some(parent) = ticket.parent {
            fields.insert("parent".to_owned(), json!({ "key": key(project, parent) }));
        }
    }
    fields
}

fn issue_type(issue_type: IssueType) -> Value {
    let is_subtask = issue_type == IssueType::Subtask;
    json!({
        "id": issue_type.id(),
        "name": issue_type.name(),
        "subtask": is_subtask,
        "hierarchyLevel": if is_subtask { -1 } else { 0 },
    })
}

fn status(status: Status) -> Value {
    let (id, key, name) = match status {
        status if status.is_end() => (3, "done", "Done"),
        status if status.is_begun() => (4, "indeterminate", "In Progress"),
        _ => (2, "new", "To Do"),
    };
    json!({
        "id": status.id(),
        "name": status.name(),
        "statusCategory": { "id": id, "key": key, "name": name },
    })
}

fn resolution(ending: Step, is_duplicate: bool) -> Value {
    let (id, name) = resolution_of(ending.to, is_duplicate);
    json!({ "id": id, "name": name })
}

fn resolution_of(ending: Status, is_duplicate: bool) -> (&'static str, &'static str) {
    match (ending, is_duplicate) {
        (Status::WontDo, true) => ("10003", "Duplicate"),
        (Status::WontDo, false) => ("10002", "Won't Do"),
        _ => ("10000", "Done"),
    }
}

fn history(project: &Project, ticket: &Ticket, place: usize, step: &Step) -> Value {
    let mut items = vec![item("status", Some(side(step.from)), Some(side(step.to)))];
    let resolved =
        |status: Status| status.is_end().then(|| resolution_of(status, ticket.is_duplicate));
    let (before, after) = (resolved(step.from), resolved(step.to));
    if before != after {
        items.push(item("resolution", before, after));
    }
    let number = (project.stream * 10_000 + ticket.number as u64) * 100 + place as u64;
    json!({ "id": number.to_string(), "created": time(step.at), "items": items })
}

/// Id and name of a value.
type Side = (&'static str, &'static str);

fn side(status: Status) -> Side {
    (status.id(), status.name())
}

fn item(field: &str, from: Option<Side>, to: Option<Side>) -> Value {
    json!({
        "field": field,
        "fieldtype": "jira",
        "fieldId": field,
        "from": from.map(|side| side.0),
        "fromString": from.map(|side| side.1),
        "to": to.map(|side| side.0),
        "toString": to.map(|side| side.1),
    })
}

/// A moment as Jira writes it.
fn time(second: i64) -> String {
    let at = Timestamp::from_second(second).unwrap_or_default();
    stamp::format(at).replace('Z', "+0000")
}

fn kept(value: &Value) -> Document {
    Document::from(&Json::from(value))
}
