//! Issues and histories as JSON text, put together from texts that are kept.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Call;
use super::ask::Fields;
use crate::fault::Fault;
use crate::issue::{History, Issue, quoted};
use crate::world::SPRINT_FIELD;

/// How many histories an answer holds under [`Fault::ShortChangelogs`].
const SHORT_HISTORIES: usize = 2;

/// Cloud puts no fewer histories into an issue where there are more.
const CLOUD_HISTORIES_MIN: usize = 40;

/// What of an issue is told.
pub(super) struct Wish<'a> {
    pub fields: &'a Fields,
    /// With at most how many histories; `None` for no changelog.
    pub histories_max: Option<usize>,
}

impl Call<'_> {
    /// Adds an issue to an answer.
    pub(super) fn push_issue(&self, out: &mut String, issue: &Issue, wish: &Wish) {
        let Issue { id, key, .. } = issue;
        let url = self.url;
        let api = if self.is_cloud() { 3 } else { 2 };
        out.push_str(&format!(
            r#"{{"expand":"operations,versionedRepresentations,editmeta,changelog,renderedFields","id":"{id}","self":"{url}/rest/api/{api}/issue/{id}","key":"{key}""#
        ));
        let histories_max = wish.histories_max.filter(|_| self.fault != Some(&Fault::NoChangelogs));
        if let Some(histories_max) = histories_max {
            out.push_str(",\"changelog\":");
            self.push_changelog(out, issue, histories_max);
        }
        self.push_fields(out, issue, wish.fields);
        out.push('}');
    }

    /// No member `fields` at all where none of those that are asked for is there.
    fn push_fields(&self, out: &mut String, issue: &Issue, fields: &Fields) {
        let mut before = ",\"fields\":{";
        let mut push = |name: &str, text: &str| {
            out.push_str(before);
            out.push_str(&quoted(name));
            out.push(':');
            out.push_str(text);
            before = ",";
        };
        for (name, text) in issue.fields.iter().filter(|(name, _)| fields.want(name)) {
            push(name, text);
        }
        if fields.want("status")
            && let Some(status) = self.world.catalog.told_status(&issue.status)
        {
            push("status", &status);
        }
        if fields.want(SPRINT_FIELD) {
            push(SPRINT_FIELD, &self.sprint_field(issue));
        }
        if before == "," {
            out.push('}');
        }
    }

    /// Objects on Cloud, texts of Java on Data Center.
    fn sprint_field(&self, issue: &Issue) -> String {
        let sprints = issue.sprints.iter().filter_map(|id| self.world.catalog.sprints.get(id));
        let told: Vec<Value> = sprints
            .map(|it| if self.is_cloud() { sprint_object(it) } else { sprint_text(it).into() })
            .collect();
        if told.is_empty() { "null".to_owned() } else { Value::Array(told).to_string() }
    }

    /// Cloud tells the newest first and not all of them, Data Center all from the oldest on.
    fn push_changelog(&self, out: &mut String, issue: &Issue, histories_max: usize) {
        let total = issue.histories.len();
        let is_short = self.fault == Some(&Fault::ShortChangelogs);
        let count = total.min(if is_short { SHORT_HISTORIES } else { histories_max });
        // Cloud's total is that of the page; a page smaller than Cloud's, as tests have, tells the truth.
        let is_of_page = self.is_cloud() && !is_short && count >= CLOUD_HISTORIES_MIN;
        let told = if is_of_page { count } else { total };
        out.push_str(&format!(
            r#"{{"startAt":0,"maxResults":{count},"total":{told},"histories":["#
        ));
        if self.is_cloud() {
            self.push_histories(out, issue.histories.iter().rev().take(count));
        } else {
            self.push_histories(out, issue.histories.iter().take(count));
        }
        out.push_str("]}");
    }

    /// Adds histories with commas between.
    pub(super) fn push_histories<'h>(
        &self,
        out: &mut String,
        all: impl Iterator<Item = &'h History>,
    ) {
        for (place, history) in all.enumerate() {
            if place > 0 {
                out.push(',');
            }
            self.push_history(out, history, &quoted(&history.created_text));
        }
    }

    /// Adds one history, with its time in the form that is given.
    pub(super) fn push_history(&self, out: &mut String, history: &History, created: &str) {
        let rest: Cow<str> = match self.is_cloud() {
            true => history.rest.as_str().into(),
            false => without_field_ids(&history.rest),
        };
        let comma = if rest.is_empty() { "" } else { "," };
        out.push_str(&format!(r#"{{"id":"{}","created":{created}{comma}{rest}}}"#, history.id));
    }
}

/// Data Center does not tell ids of fields. In the text of a string no quote stands alone, so this
/// finds members only.
fn without_field_ids(items: &str) -> Cow<'_, str> {
    const MEMBER: &str = ",\"fieldId\":\"";
    let mut parts = items.split(MEMBER);
    let first = parts.next().unwrap_or_default();
    let mut kept = Cow::Borrowed(first);
    for part in parts {
        let after = part.split_once('"').map_or("", |(_, after)| after);
        kept.to_mut().push_str(after);
    }
    kept
}

/// A sprint as the field of Cloud holds it.
fn sprint_object(sprint: &Value) -> Value {
    let mut told = json!({});
    if let (Some(told), Some(known)) = (told.as_object_mut(), sprint.as_object()) {
        for (name, value) in known.iter().filter(|(name, _)| *name != "self") {
            let name = if name == "originBoardId" { "boardId" } else { name.as_str() };
            told.insert(name.to_owned(), value.clone());
        }
    }
    told
}

/// A sprint as the field of Data Center holds it.
fn sprint_text(sprint: &Value) -> String {
    let text = |name: &str| {
        let value = sprint.get(name).filter(|it| !it.is_null());
        match value {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "<null>".to_owned(),
        }
    };
    let board = if sprint.get("boardId").is_some() { "boardId" } else { "originBoardId" };
    format!(
        "com.atlassian.greenhopper.service.sprint.Sprint@1bf75fd[id={id},rapidViewId={board},\
         state={state},name={name},startDate={start},endDate={end},completeDate={complete},\
         activatedDate={start},sequence={id},goal={goal},autoStartStop=false,synced=false]",
        id = text("id"),
        board = text(board),
        state = text("state").to_uppercase(),
        name = text("name"),
        start = text("startDate"),
        end = text("endDate"),
        complete = text("completeDate"),
        goal = text("goal"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(items: &str, want: &str) {
        assert_eq!(without_field_ids(items), want);
    }

    #[test]
    fn ids_of_fields_vanish_and_texts_stay() {
        check(r#"[{"field":"a","fieldId":"b","to":"c"}]"#, r#"[{"field":"a","to":"c"}]"#);
        check(r#"[{"field":"a","fieldId":"b"},{"x":1}]"#, r#"[{"field":"a"},{"x":1}]"#);
        let text = r#"[{"field":"say \",\"fieldId\":\"x"}]"#;
        check(text, text);
    }

    #[test]
    fn a_sprint_of_data_center_is_a_text() {
        let sprint = json!({"id": 7, "state": "closed", "name": "A, [b]", "originBoardId": 8});
        let text = sprint_text(&sprint);
        assert!(text.contains("[id=7,rapidViewId=8,state=CLOSED,name=A, [b],startDate=<null>,"));
    }
}
