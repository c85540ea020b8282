//! The sprints an issue was in, in both forms in which Jira writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::json::{Kind, Value};
use crate::stamp;

/// A sprint as an issue names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sprint {
    /// Jira's id, which stays when the sprint is renamed.
    pub id: String,
    /// Its name now.
    pub name: String,
    /// Whether it is still to come, under way, or over.
    pub state: SprintState,
    /// When it began or shall begin.
    pub start: Option<Timestamp>,
    /// When it shall end.
    pub end: Option<Timestamp>,
    /// When it was closed.
    pub complete: Option<Timestamp>,
    /// Id of the board it was made on.
    pub board_id: Option<String>,
    /// What it is for.
    pub goal: Option<String>,
}

/// The state of a sprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SprintState {
    /// Not begun.
    Future,
    /// Under way.
    Active,
    /// Over.
    Closed,
    /// Jira says something else or nothing.
    #[default]
    Unknown,
}

/// Members of the text form. Its values may hold commas and brackets; only these names end one.
const NAMES: [&str; 13] = [
    "id",
    "rapidViewId",
    "state",
    "name",
    "goal",
    "startDate",
    "endDate",
    "completeDate",
    "activatedDate",
    "sequence",
    "synced",
    "autoStartStop",
    "incompleteIssuesDestinationId",
];

/// The sprints in the value of a sprint field, in Jira's order. What is no sprint is passed over.
pub fn sprints(field: Value<'_>) -> Vec<Sprint> {
    match field.kind() {
        Kind::Array => field.elements().filter_map(sprint).collect(),
        _ => sprint(field).into_iter().collect(),
    }
}

fn sprint(value: Value<'_>) -> Option<Sprint> {
    match value.kind() {
        Kind::Object => from_members(|name| {
            let member = value.get(name)?;
            let number = || (member.kind() == Kind::Number).then(|| member.raw().to_owned());
            member.as_text().map(|text| text.into_owned()).or_else(number)
        }),
        // Server: `com.atlassian…Sprint@1bf75fd[id=1,rapidViewId=1,state=CLOSED,name=…]`.
        _ => {
            let text = value.as_text()?;
            let inside = text.trim_end().strip_suffix(']')?.split_once('[')?.1;
            let members = members(inside);
            from_members(|name| {
                let found = members.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned()).filter(|value| value != "<null>")
            })
        }
    }
}

fn from_members(get: impl Fn(&str) -> Option<String>) -> Option<Sprint> {
    let time = |name| Some(stamp::parse(&get(name)?, &TimeZone::UTC)?.0);
    let board = ["boardId", "rapidViewId", "originBoardId"].into_iter().find_map(&get);
    Some(Sprint {
        id: get("id").filter(|id| !id.is_empty())?,
        name: get("name").unwrap_or_default(),
        state: state(&get("state").unwrap_or_default()),
        start: time("startDate"),
        end: time("endDate"),
        complete: time("completeDate"),
        board_id: board,
        goal: get("goal").filter(|goal| !goal.is_empty()),
    })
}

fn state(text: &str) -> SprintState {
    match text.to_ascii_lowercase().as_str() {
        "future" => SprintState::Future,
        "active" => SprintState::Active,
        "closed" => SprintState::Closed,
        _ => SprintState::Unknown,
    }
}

/// Cuts `id=1,name=a, b,goal=c` at the known names; the first of each counts.
fn members(text: &str) -> Vec<(&'static str, &str)> {
    let mut cuts: Vec<(&'static str, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let is_new = |name: &&&'static str| !cuts.iter().any(|(known, ..)| *known == **name);
        let begins = |name: &&&'static str| {
            rest.strip_prefix(**name).is_some_and(|rest| rest.starts_with('='))
        };
        if let Some(name) = NAMES.iter().filter(is_new).find(begins) {
            cuts.push((name, at, at + name.len() + 1));
        }
        at += rest.find(',').map_or(rest.len(), |comma| comma + 1);
    }
    let ends = cuts.iter().skip(1).map(|(_, start, _)| start - 1).chain([text.len()]);
    cuts.iter()
        .zip(ends)
        .map(|((name, _, from), to)| (*name, text.get(*from..to).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tape;

    #[track_caller]
    fn check(field: &str, want: &[(&str, &str, SprintState, Option<&str>)]) {
        let mut tape = Tape::new();
        let got = sprints(tape.parse(field).unwrap());
        let facts: Vec<_> = got
            .iter()
            .map(|s| (s.id.as_str(), s.name.as_str(), s.state, s.complete.map(stamp::format)))
            .collect();
        let want: Vec<_> = want
            .iter()
            .map(|(id, name, state, at)| (*id, *name, *state, at.map(str::to_owned)))
            .collect();
        assert_eq!(facts, want, "{field}");
    }

    #[test]
    fn both_forms_are_read() {
        use SprintState::{Active, Closed, Future, Unknown};
        check("null", &[]);
        check("[]", &[]);
        check(
            r#"[{"id":7,"name":"EE, 7]","state":"closed","boardId":8,"goal":"","completeDate":"2020-06-22T05:59:58.980Z"},5,{"name":"x"}]"#,
            &[("7", "EE, 7]", Closed, Some("2020-06-22T05:59:58.980Z"))],
        );
        check(r#"{"id":"9","name":"n","state":"active"}"#, &[("9", "n", Active, None)]);
        let text = |inside: &str| {
            format!(r#"["com.atlassian.greenhopper.service.sprint.Sprint@1bf75fd[{inside}]"]"#)
        };
        check(
            &text(
                "id=1,rapidViewId=2,state=CLOSED,name=Team A, week 3 [beta], x=1,startDate=2012-09-27T05:26:46.636Z,endDate=<null>,completeDate=2012-12-20T17:03:19.403Z,sequence=1,goal=win, state=x]",
            ),
            &[("1", "Team A, week 3 [beta], x=1", Closed, Some("2012-12-20T17:03:19.403Z"))],
        );
        check(&text("id=3,state=FUTURE,name=,goal=<null>"), &[("3", "", Future, None)]);
        check(&text("name=ü,id=4"), &[("4", "ü", Unknown, None)]);
        check(&text("name=no id"), &[]);
        check(r#"["Sprint 5",""]"#, &[]);
    }

    #[test]
    fn a_text_form_keeps_board_and_goal() {
        let mut tape = Tape::new();
        let text = r#"["S@1[id=1,rapidViewId=2,state=ACTIVE,name=a,goal=win, all,startDate=2025-01-02T00:00:00.000Z]"]"#;
        let found = sprints(tape.parse(text).unwrap());
        let sprint = found.first().unwrap();
        assert_eq!(
            (sprint.board_id.as_deref(), sprint.goal.as_deref()),
            (Some("2"), Some("win, all"))
        );
        assert!(sprint.start.is_some() && sprint.end.is_none());
    }
}
