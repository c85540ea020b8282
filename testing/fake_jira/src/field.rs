//! How Jira describes the fields of issues.

use serde_json::{Value, json};

use crate::world::{EPIC_NAME_FIELD, POINTS_FIELD, SPRINT_FIELD};

/// Fields of every Jira whose name is not their id: id, name, type.
const SYSTEM: [(&str, &str, &str); 16] = [
    ("assignee", "Assignee", "user"),
    ("components", "Component/s", "array"),
    ("created", "Created", "datetime"),
    ("duedate", "Due Date", "date"),
    ("fixVersions", "Fix Version/s", "array"),
    ("issuetype", "Issue Type", "issuetype"),
    ("labels", "Labels", "array"),
    ("parent", "Parent", "any"),
    ("priority", "Priority", "priority"),
    ("project", "Project", "project"),
    ("reporter", "Reporter", "user"),
    ("resolution", "Resolution", "resolution"),
    ("resolutiondate", "Resolved", "datetime"),
    ("status", "Status", "status"),
    ("summary", "Summary", "string"),
    ("updated", "Updated", "datetime"),
];

/// Custom fields whose meaning is known: id, name, type, kind.
const CUSTOM: [(&str, &str, &str, &str); 5] = [
    (SPRINT_FIELD, "Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint"),
    (POINTS_FIELD, "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"),
    (EPIC_NAME_FIELD, "Epic Name", "string", "com.pyxis.greenhopper.jira:gh-epic-label"),
    ("customfield_10024", "Story Points", "number", FLOAT),
    (
        "customfield_10021",
        "Flagged",
        "array",
        "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes",
    ),
];

const FLOAT: &str = "com.atlassian.jira.plugin.system.customfieldtypes:float";

/// The entry of a field in Jira's list of them.
pub(crate) fn described(id: &str) -> Value {
    if let Some((_, name, kind)) = SYSTEM.iter().find(|(known, _, _)| *known == id) {
        return json!({
            "id": id, "key": id, "name": name, "custom": false, "orderable": true,
            "navigable": true, "searchable": true, "clauseNames": [id.to_lowercase()],
            "schema": {"type": kind, "system": id},
        });
    }
    let Some(number) = id.strip_prefix("customfield_") else {
        return json!({
            "id": id, "key": id, "name": id, "custom": false, "orderable": false,
            "navigable": true, "searchable": false, "clauseNames": [],
            "schema": {"type": "any", "system": id},
        });
    };
    let known = CUSTOM.iter().find(|(known, _, _, _)| *known == id);
    let (name, kind, custom) =
        known.map_or((id, "any", ""), |(_, name, kind, custom)| (*name, *kind, *custom));
    json!({
        "id": id, "key": id, "name": name, "custom": true, "orderable": true, "navigable": true,
        "searchable": true, "clauseNames": [format!("cf[{number}]"), name],
        "schema": {"type": kind, "custom": custom, "customId": number.parse::<u64>().ok()},
    })
}
