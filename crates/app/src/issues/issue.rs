//! One issue: its facts, its document and its dated history.

use metrics::Reason;
use model::changelog::{self, Change};
use model::{CacheKind, Document, IssueFacts, Json, QueryKey, Tape, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::{Error, Result};
use crate::issues::IssueRow;
use crate::issues::expectation::ItemExpectation;
use crate::measured::Measured;
use crate::trail::Trail;

/// Most changes that an answer spells out.
pub const CHANGES_MAX: usize = 2_000;

/// One issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueDetail {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// Its facts.
    pub facts: IssueRow,
    /// When it was fetched: the end of what is known.
    pub fetched_at: Option<Timestamp>,
    /// Its history.
    pub history: Measured<History>,
    /// How likely it is done within the service level expectation; `None` of an item that is not in
    /// progress, and where that is not known.
    pub expectation: Option<ItemExpectation>,
    /// The document as Jira sent it, as strict JSON.
    pub document: Json,
}

/// What the changelog of an issue says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// Changes, oldest first, those without a readable time at the end; at most [`CHANGES_MAX`].
    pub changes: Vec<DatedChange>,
    /// How many changes there are.
    pub change_count: u64,
    /// How long it was in each status, in the order of the first visit; empty if the issue is done
    /// and no change of its status is known.
    pub statuses: Vec<TimeInStatus>,
    /// Whether the last status change leads to the current status; `None` without a change.
    pub ends_in_current_status: Option<bool>,
}

/// One change of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatedChange {
    /// When; `None` if no readable time was given.
    pub at: Option<Timestamp>,
    /// The field.
    pub field: String,
    /// What it was.
    pub from: Option<String>,
    /// What it became.
    pub to: Option<String>,
}

/// The visits of an issue to one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeInStatus {
    /// Name of the status; `None` if the changelog does not name it.
    pub status: Option<String>,
    /// How often it was entered.
    pub visits: u64,
    /// When it was entered last; `None` if that is not known.
    pub entered_at: Option<Timestamp>,
    /// Seconds of all visits together; `None` if one of them has no known begin or end, as the
    /// stay of a finished issue in its last status.
    pub seconds: Option<i64>,
    /// Whether the issue is in it now.
    pub is_current: bool,
}

impl App {
    /// One issue; an error if query or issue is not there.
    pub fn issue(&self, query: &QueryKey, key: &str) -> Result<IssueDetail> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, query)?;
        // Only walks tell a page of an earlier time, or one that lost a row, from what was written.
        reader.each_issue_facts(query, &mut |_| Ok(()))?;
        reader.each_changelog_facts(query, &mut |_, _| Ok(()))?;
        let issue = reader
            .issue(query, key)?
            .ok_or_else(|| Error::IssueNotFound { key: key.to_owned(), query: query.clone() })?;
        let profile = reader.profile(&query.profile)?;
        let points_field = profile.as_ref().and_then(|profile| profile.settings.points_field());
        let mut tape = Tape::new();
        let facts = IssueFacts::derive(key, &issue.document, points_field, &mut tape);
        let fetched_at = fetched_at(&*reader, query)?;
        let history = match reader.changelog(query, key)? {
            Some(entry) => Measured::Known(history(&entry.document, &facts, fetched_at, &mut tape)),
            None => {
                let refresh = self.refresh_query(&*reader, query)?;
                Measured::unavailable(Reason::NoChangelog, refresh)
            }
        };
        Ok(IssueDetail {
            facts: IssueRow::of(facts, &trail),
            trail,
            fetched_at,
            history,
            expectation: self.item_expectation(&*reader, query, key)?,
            document: issue.document.to_json().unwrap_or_default(),
        })
    }
}

fn fetched_at(reader: &dyn Reader, query: &QueryKey) -> Result<Option<Timestamp>> {
    let header = reader.short_header(query, CacheKind::Issues)?;
    Ok(header.and_then(|header| header.fetched_at).and_then(|stamp| stamp.at))
}

fn history(
    entry: &Document,
    facts: &IssueFacts,
    known_until: Option<Timestamp>,
    tape: &mut Tape,
) -> History {
    let mut changes = changelog::changes(entry, tape);
    let statuses: Vec<&Change> =
        changes.iter().filter(|change| change.field == "status" && change.at.is_some()).collect();
    let last = statuses.last().map(|change| &change.to);
    let ends_in_current_status = last.map(|to| to.as_deref() == facts.status.as_deref());
    let statuses = time_in_statuses(&statuses, facts, known_until);
    let change_count = changes.len() as u64;
    changes.truncate(CHANGES_MAX);
    let dated = |change: Change| DatedChange {
        at: change.at,
        field: change.field,
        from: change.from,
        to: change.to,
    };
    let changes = changes.into_iter().map(dated).collect();
    History { changes, change_count, statuses, ends_in_current_status }
}

/// The status before the first change runs from creation; the last one to the end of what is
/// known, unless the issue is done, when its stay means nothing. Of a done issue without a known
/// change nothing can be said.
fn time_in_statuses(
    changes: &[&Change],
    facts: &IssueFacts,
    known_until: Option<Timestamp>,
) -> Vec<TimeInStatus> {
    let is_done = facts.status_category.as_deref() == Some("done");
    if is_done && changes.is_empty() {
        return Vec::new();
    }
    let current = facts.status.as_deref();
    let first = changes.first().map_or(current, |change| change.from.as_deref());
    let mut visits: Vec<(Option<&str>, Option<Timestamp>)> = vec![(first, facts.created)];
    visits.extend(changes.iter().map(|change| (change.to.as_deref(), change.at)));
    let end = known_until.filter(|_| !is_done);
    let leavings = visits.iter().skip(1).map(|(_, at)| *at).chain([end]);
    let mut statuses: Vec<TimeInStatus> = Vec::new();
    for (&(status, entered_at), left_at) in visits.iter().zip(leavings) {
        let seconds = stay_seconds(entered_at, left_at);
        match statuses.iter_mut().find(|known| known.status.as_deref() == status) {
            Some(known) => {
                known.visits += 1;
                known.entered_at = entered_at;
                known.seconds = known.seconds.zip(seconds).map(|(a, b)| a + b);
            }
            None => statuses.push(TimeInStatus {
                status: status.map(str::to_owned),
                visits: 1,
                entered_at,
                seconds,
                is_current: status == current,
            }),
        }
    }
    statuses
}

fn stay_seconds(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<i64> {
    let (from, to) = from.zip(to)?;
    (from <= to).then(|| to.as_second() - from.as_second())
}

#[cfg(test)]
mod tests;
