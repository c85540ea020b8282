//! One pass over the facts of a query's issues and one over their changelogs.

use std::collections::HashMap;
use std::sync::Arc;

use model::{IssueFacts, Points, QueryKey, Timestamp, Transition};
use serde::Serialize;
use store::Reader;

use crate::error::Result;
use crate::tally::Tally;

/// What a query's cache holds.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub issues: u64,
    pub statuses: Tally,
    pub types: Tally,
    pub categories: Categories,
    pub created: Span,
    pub updated: Span,
    pub resolved: Span,
    pub points: Coverage,
    pub done_without_resolution: u64,
    pub changelogs: ChangelogSurvey,
    /// Current status by key and whether it means done, for the pass over the changelogs.
    current: HashMap<String, (Option<Arc<str>>, bool)>,
}

/// Issues by status category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Categories {
    /// To do.
    pub new: u64,
    /// At work.
    pub indeterminate: u64,
    /// Done.
    pub done: u64,
    /// Without a category that is known.
    pub unknown: u64,
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

/// How the changelogs go with the issues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ChangelogSurvey {
    /// Changelogs of issues that are there.
    pub matched: u64,
    /// Changelogs whose issue is not there.
    pub orphaned: u64,
    /// Matched ones whose last status is not the issue's current one.
    pub ending_elsewhere: u64,
    /// Matched ones without a status change although the issue is done.
    pub empty_though_done: u64,
}

impl Survey {
    pub fn take(reader: &dyn Reader, query: &QueryKey) -> Result<Survey> {
        let mut survey = Survey::default();
        reader.each_issue_facts(query, &mut |facts| {
            survey.add(facts);
            Ok(())
        })?;
        reader.each_transitions(query, &mut |key, transitions| {
            survey.add_transitions(key, &transitions);
            Ok(())
        })?;
        Ok(survey)
    }

    fn add(&mut self, facts: IssueFacts) {
        let category = facts.status_category.as_deref();
        self.issues += 1;
        self.statuses.add(facts.status.as_deref(), category);
        self.types.add(facts.issue_type.as_deref(), None);
        self.categories.add(category);
        self.created.add(facts.created);
        self.updated.add(facts.updated);
        self.resolved.add(facts.resolved);
        self.points.add(facts.points);
        self.done_without_resolution +=
            u64::from(category == Some("done") && facts.resolved.is_none());
        let is_done = category == Some("done");
        self.current.insert(facts.key, (facts.status, is_done));
    }

    fn add_transitions(&mut self, key: &str, transitions: &[Transition]) {
        let Some((current, is_done)) = self.current.get(key) else {
            self.changelogs.orphaned += 1;
            return;
        };
        self.changelogs.matched += 1;
        let ends_elsewhere = transitions.last().is_some_and(|last| last.to != *current);
        self.changelogs.ending_elsewhere += u64::from(ends_elsewhere);
        self.changelogs.empty_though_done += u64::from(*is_done && transitions.is_empty());
    }
}

impl Categories {
    fn add(&mut self, category: Option<&str>) {
        match category {
            Some("new") => self.new += 1,
            Some("indeterminate") => self.indeterminate += 1,
            Some("done") => self.done += 1,
            _ => self.unknown += 1,
        }
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
