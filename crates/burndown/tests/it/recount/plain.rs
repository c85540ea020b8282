//! What had become of each issue at a moment, by `docs/metrics.md`.

use model::Timestamp;
use model::settings::usual_names::is_usually_not_delivered;
use serde_json::Value;

use super::meaning::{Is, Meanings, folded, list};
use super::raw::{Change, Issue, Named, Resolution};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Done,
    Cancelled,
}

/// A counted issue at the moment.
#[derive(Debug)]
pub struct Plain {
    pub key: String,
    pub created: Option<Timestamp>,
    pub state: State,
    /// When it was done or cancelled.
    pub finished: Option<Timestamp>,
    /// When work on it started, if that is known.
    pub started: Option<Timestamp>,
    pub is_under_way: bool,
    pub points: Option<f64>,
}

impl Plain {
    /// Whether it lacks a date that it needs to be in the weeks.
    pub fn is_undated(&self) -> bool {
        let Some(created) = self.created else { return true };
        self.state != State::Open && self.finished.is_none_or(|at| at < created)
    }
}

/// The issues that count.
pub fn counted(
    issues: &[Issue],
    settings: &Value,
    listed: &[Value],
    as_of: Timestamp,
) -> Vec<Plain> {
    let meanings = Meanings::of(issues, settings, listed, as_of);
    let projects = list(settings, "development_projects");
    let parents = list(settings, "parent_issue_types");
    let counts = |issue: &&Issue| {
        let is_parent = issue.kind.as_ref().is_some_and(|kind| parents.contains(&folded(kind)));
        (projects.is_empty() || projects.contains(&folded(&issue.project))) && !is_parent
    };
    let known = issues.iter().filter(|issue| issue.created.is_none_or(|at| at <= as_of));
    known.filter(counts).map(|issue| Walk::through(issue, &meanings, settings, as_of)).collect()
}

/// An issue on its way through the statuses.
#[derive(Default)]
struct Walk {
    created: Option<Timestamp>,
    is: Option<Is>,
    started: Option<Option<Timestamp>>,
    has_gap: bool,
    /// Whether it is over, and since when.
    over: Option<Option<Timestamp>>,
    /// Whether its status means not delivered, and since when.
    dropped: Option<Option<Timestamp>>,
}

impl Walk {
    fn through(issue: &Issue, meanings: &Meanings, settings: &Value, as_of: Timestamp) -> Plain {
        let changes = issue.changes.as_deref().unwrap_or_default();
        let known = changes.iter().take_while(|change| change.at <= as_of).count();
        let (past, later) = changes.split_at(known);
        let resolved = issue.resolved.filter(|at| *at <= as_of);
        let is_resolved_later = resolved.is_none() && issue.resolved.is_some();
        let has_status = issue.status != Named::default();
        let document = meanings.of_document(issue);
        let is_stale = changes.last().is_some_and(|last| match last.to == Named::default() {
            true => has_status,
            false => !meanings.is_same(&last.to, issue),
        });
        let mut walk = Walk { created: issue.created, ..Walk::default() };
        let mut is_told = true;
        if !later.is_empty() || !has_status {
            walk.follow(past, later, meanings);
            is_told = has_status && (!past.is_empty() || changes[0].from != Named::default());
        } else if past.is_empty() {
            is_told = !(document.over() && is_resolved_later);
            if is_told {
                walk.begin(document, resolved);
            }
        } else if is_stale && document.over() {
            walk.follow(past, later, meanings);
            walk.end_as(document, resolved, is_resolved_later);
        } else {
            walk.follow(&past[..past.len() - 1], past, meanings);
            walk.enter(document, Some(past[past.len() - 1].at));
        }
        if !is_told {
            // Nothing names a status: a resolution date means done.
            walk.over = resolved.map(|at| walk.over.flatten().or(Some(at)));
            walk.dropped = walk.dropped.filter(|_| walk.over.is_some());
        }
        if walk.over == Some(None) {
            walk.over = Some(resolved);
        }
        let is_left_later = later
            .iter()
            .any(|change| !meanings.is(&change.to).over() && !meanings.is_listed_end(&change.to));
        walk.plain(issue, settings, as_of, is_left_later)
    }

    fn follow(&mut self, past: &[Change<Named>], later: &[Change<Named>], meanings: &Meanings) {
        let first = past.first().or(later.first()).map(|change| &change.from);
        if let Some(first) = first.filter(|first| **first != Named::default()) {
            self.begin(meanings.is(first), None);
        }
        for change in past {
            self.enter(meanings.is(&change.to), Some(change.at));
        }
    }

    fn begin(&mut self, is: Is, resolved: Option<Timestamp>) {
        self.enter(is, None);
        self.over = self.over.map(|_| resolved);
    }

    fn enter(&mut self, is: Is, at: Option<Timestamp>) {
        self.is = Some(is);
        if is.over() {
            self.over = self.over.or(Some(at));
            self.dropped = (is == Is::NotDelivered).then(|| self.dropped.unwrap_or(at));
            return;
        }
        (self.over, self.dropped) = (None, None);
        match is {
            Is::Unexplained => self.has_gap = true,
            Is::NotStarted => (self.started, self.has_gap) = (None, false),
            Is::Started => self.started = self.started.or(Some(at.or(self.created))),
            Is::Before | Is::Done | Is::NotDelivered => {}
        }
    }

    /// The document says done and the changes do not.
    fn end_as(&mut self, document: Is, resolved: Option<Timestamp>, is_resolved_later: bool) {
        if self.over.is_none() {
            if is_resolved_later {
                return;
            }
            self.over = Some(resolved);
        }
        let since = self.dropped.flatten().or(resolved);
        self.dropped = (document == Is::NotDelivered).then_some(since);
        self.is = Some(document);
    }

    fn plain(
        self,
        issue: &Issue,
        settings: &Value,
        as_of: Timestamp,
        is_left_later: bool,
    ) -> Plain {
        let (then, since) = resolution(issue, settings, as_of);
        let is_known = !issue.resolutions.is_empty() || !is_left_later;
        let is_dropped = self.dropped.is_some() || (is_known && then);
        let state = match (self.over, is_dropped) {
            (None, _) => State::Open,
            (Some(_), false) => State::Done,
            (Some(_), true) => State::Cancelled,
        };
        let finished = self.over.flatten().map(|at| {
            let later = [self.dropped.flatten(), since].into_iter().flatten().min();
            later.filter(|later| is_dropped && *later > at).unwrap_or(at)
        });
        let is_recorded = issue.changes.is_some();
        let started = self.started.flatten().filter(|_| is_recorded && !self.has_gap);
        Plain {
            key: issue.key.clone(),
            created: issue.created,
            state,
            finished,
            started,
            is_under_way: state == State::Open && self.is == Some(Is::Started),
            points: issue.points.filter(|points| points.is_finite() && points.abs() <= 1e9),
        }
    }
}

/// Whether it was resolved as not delivered, and since when, if a change tells.
fn resolution(issue: &Issue, settings: &Value, as_of: Timestamp) -> (bool, Option<Timestamp>) {
    let names = settings["project_classification"].get("not_delivered_resolutions");
    let names = names.is_some().then(|| list(settings, "not_delivered_resolutions"));
    let is_dropped = |resolution: &Resolution| match (resolution, &names) {
        (Resolution::Named(name), Some(names)) => names.contains(&folded(name)),
        (Resolution::Named(name), None) => is_usually_not_delivered(name),
        _ => false,
    };
    let known = issue.resolutions.iter().take_while(|change| change.at <= as_of).count();
    let (past, later) = issue.resolutions.split_at(known);
    let then = match (later.first(), past.last()) {
        (Some(next), _) => &next.from,
        (None, Some(last)) if issue.resolution == Resolution::Absent => &last.to,
        _ => &issue.resolution,
    };
    let since = past.iter().rev().take_while(|change| is_dropped(&change.to)).last();
    (is_dropped(then), since.map(|change| change.at).filter(|_| is_dropped(then)))
}
