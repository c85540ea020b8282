//! Histories put down in a line.

use std::sync::Arc;

use metrics::{AsOf, IssueHistory, Items, Workflow};
use model::{
    Date, IssueFacts, Json, Points, Remedy, Settings, Status, StatusCategory, StatusRef, TimeZone,
    Timestamp, Transition,
};

/// A profile whose issues go from `To Do` over `Doing` and `Review` to `Done` or `Closed`.
pub const CONFIGURED: &str = r#"{"flow_end_statuses":["Done","Closed"],"flow_start_statuses":["Doing"],
    "wip_statuses":["Doing","Review"],"development_projects":["A"],"parent_issue_types":["Epic"]}"#;

/// The workflow of a `project_classification`.
pub fn workflow(classification: &str) -> Workflow {
    workflow_with(classification, "null")
}

fn workflow_with(classification: &str, kinds: &str) -> Workflow {
    let [project_classification, flow_type_mappings] =
        [classification, kinds].map(|group| Json::parse(group).ok());
    let settings = Settings { project_classification, flow_type_mappings, ..Settings::default() };
    Workflow::of(&model::ProfileSettings::read(&settings))
}

/// What the server lists: only what `To Do` is for.
pub fn listed() -> Vec<Status> {
    vec![status("1", "To Do", Some(StatusCategory::New))]
}

/// A status of the server's list.
pub fn status(id: &str, name: &str, category: Option<StatusCategory>) -> Status {
    Status {
        id: id.to_owned(),
        name: name.to_owned(),
        untranslated_name: None,
        category,
        project: None,
        order: None,
        seen_last: None,
        is_gone: false,
    }
}

/// A moment: a day at noon UTC, or a full time.
pub fn at(text: &str) -> Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T12:00:00Z") };
    text.parse().unwrap()
}

/// The end of a day in UTC.
pub fn end_of(day: &str) -> AsOf {
    AsOf::end_of(day.parse::<Date>().unwrap(), TimeZone::UTC)
}

/// An issue created then that went a path: `To Do > 2025-06-03 Doing > 2025-06-05 Done`.
pub fn issue(key: &str, created: &str, path: &str) -> IssueHistory {
    let mut steps = path.split(" > ");
    let named = |name: &str| Some(Arc::new(StatusRef::named(name)));
    let mut status = steps.next().and_then(named);
    let mut transitions = Vec::new();
    for step in steps {
        let (day, to) = step.split_once(' ').unwrap();
        let to = named(to);
        transitions.push(Transition { at: at(day), from: status, to: to.clone() });
        status = to;
    }
    let facts = IssueFacts {
        key: key.to_owned(),
        status: status.and_then(|status| status.name.clone()),
        created: Some(at(created)),
        points: Points::Known(0.5),
        ..IssueFacts::default()
    };
    IssueHistory { facts, transitions: Some(transitions), ..IssueHistory::default() }
}

/// The issue with other facts.
pub fn with(mut history: IssueHistory, change: impl FnOnce(&mut IssueFacts)) -> IssueHistory {
    change(&mut history.facts);
    history
}

/// The issue without its changelog.
pub fn without_changelog(history: IssueHistory) -> IssueHistory {
    IssueHistory { transitions: None, ..history }
}

/// Hands the issues as they stood at the end of a day to `look`.
pub fn look<T>(
    histories: &[IssueHistory],
    classification: &str,
    day: &str,
    look: impl FnOnce(&Items<'_>) -> T,
) -> T {
    look_with(histories, (classification, "null"), day, look)
}

/// The same with the kinds of work that types are of.
pub fn look_with<T>(
    histories: &[IssueHistory],
    (classification, kinds): (&str, &str),
    day: &str,
    look: impl FnOnce(&Items<'_>) -> T,
) -> T {
    let workflow = workflow_with(classification, kinds);
    look(&Items::read(histories, &workflow, &listed(), &end_of(day), Remedy::SyncNow))
}
