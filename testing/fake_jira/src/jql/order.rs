//! The order of what a query finds, and the place of an issue in it.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::Refusal;
use crate::issue::Issue;

/// Where an issue stands: its values of the fields that are sorted by, its id last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place(Vec<(Mark, bool)>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Number(i64),
    Text(String),
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(Ordering::Equal, |so_far, ((mine, is_down), (theirs, _))| {
            so_far.then_with(|| if *is_down { theirs.cmp(mine) } else { mine.cmp(theirs) })
        })
    }
}

impl Place {
    /// As JSON, for a page token.
    pub fn to_json(&self) -> Value {
        let marks = self.0.iter().map(|(mark, is_down)| match mark {
            Mark::Number(number) => json!([number, is_down]),
            Mark::Text(text) => json!([text, is_down]),
        });
        Value::Array(marks.collect())
    }

    /// Reads [`to_json`](Place::to_json).
    pub fn from_json(value: &Value) -> Option<Place> {
        let read = |mark: &Value| {
            let is_down = mark.get(1)?.as_bool()?;
            let mark = mark.get(0)?;
            let text = || Some(Mark::Text(mark.as_str()?.to_owned()));
            Some((mark.as_i64().map(Mark::Number).or_else(text)?, is_down))
        };
        value.as_array()?.iter().map(read).collect::<Option<Vec<_>>>().map(Place)
    }
}

/// The place of an issue. Without an order the newest come first.
pub(crate) fn place(issue: &Issue, order: &[(String, bool)]) -> Result<Place, Refusal> {
    let mut marks = Vec::with_capacity(order.len() + 2);
    for (field, is_down) in order {
        for mark in marks_of(issue, field)? {
            marks.push((mark, *is_down));
        }
    }
    let is_down = order.is_empty();
    marks.push((Mark::Number(i64::try_from(issue.id).unwrap_or(i64::MAX)), is_down));
    Ok(Place(marks))
}

fn marks_of(issue: &Issue, field: &str) -> Result<Vec<Mark>, Refusal> {
    let number = |number: u64| Mark::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let lower = field.to_lowercase();
    Ok(match lower.as_str() {
        "key" | "issuekey" | "issue" => {
            vec![Mark::Text(issue.key.project.clone()), number(issue.key.number)]
        }
        "id" => vec![number(issue.id)],
        "created" | "createddate" => vec![Mark::Number(issue.created.as_millisecond())],
        "updated" | "updateddate" => vec![Mark::Number(issue.updated.as_millisecond())],
        "project" => vec![Mark::Text(issue.key.project.clone())],
        "status" => vec![Mark::Text(issue.status.clone())],
        "issuetype" | "type" => vec![Mark::Text(issue.issue_type.clone())],
        "rank" => Vec::new(),
        "summary" | "priority" | "resolution" | "duedate" | "resolutiondate" => {
            vec![Mark::Text(issue.field(&lower).unwrap_or_default().to_owned())]
        }
        _ => {
            return Err(format!(
                "Field '{field}' does not exist or this field cannot be sorted by."
            ));
        }
    })
}
