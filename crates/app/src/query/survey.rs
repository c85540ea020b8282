//! One pass over the facts of a query's issues: what they are and which of their facts are there.
//! What they mean, such as how many are done, is for `metrics` to say.

use metrics::IssueHistory;
use model::{IssueFacts, Points, Timestamp};
use serde::Serialize;

use crate::tally::Tally;

/// What a query's cache holds.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub statuses: Tally,
    pub types: Tally,
    pub created: Span,
    pub updated: Span,
    pub resolved: Span,
    pub points: Coverage,
}

/// When something happened first and last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Span {
    /// How many issues have a readable time.
    pub count: u64,
    /// The earliest.
    pub first: Option<Timestamp>,
    /// The latest.
    pub last: Option<Timestamp>,
}

/// How many issues have story points, and why the others have none.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// With a number.
    pub known: u64,
    /// Their sum; `None` if no issue has a number.
    pub sum: Option<f64>,
    /// With an empty field.
    pub empty: u64,
    /// Without the field.
    pub absent: u64,
    /// From a fetch that did not ask for the field.
    pub not_requested: u64,
    /// With something that is no number.
    pub unreadable: u64,
}

impl Survey {
    pub fn of(issues: &[IssueHistory]) -> Survey {
        let mut survey = Survey::default();
        issues.iter().for_each(|issue| survey.add(&issue.facts));
        survey
    }

    fn add(&mut self, facts: &IssueFacts) {
        self.statuses.add(facts.status.as_deref(), facts.status_category.as_deref());
        self.types.add(facts.issue_type.as_deref(), None);
        self.created.add(facts.created);
        self.updated.add(facts.updated);
        self.resolved.add(facts.resolved);
        self.points.add(facts.points);
    }
}

impl Span {
    fn add(&mut self, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.count += 1;
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.last = self.last.max(Some(at));
        }
    }
}

impl Coverage {
    fn add(&mut self, points: Points) {
        match points {
            Points::Known(value) => {
                self.known += 1;
                self.sum = Some(self.sum.unwrap_or(0.0) + value);
            }
            Points::Empty => self.empty += 1,
            Points::Absent => self.absent += 1,
            Points::NotRequested => self.not_requested += 1,
            Points::Unreadable => self.unreadable += 1,
        }
    }
}
