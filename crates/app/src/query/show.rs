//! One query: what it holds, how fresh and how complete it is.

use std::sync::Arc;

use metrics::{Note, Reason, Totals, totals, weekly_table};
use model::{QueryKey, QuerySummary, Remedy, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::{Error, Result};
use crate::figures::WEEKS_MAX;
use crate::figures::note::{data_notes, figure_notes};
use crate::figures::statistics::StatisticsSummary;
use crate::measured::Measured;
use crate::migration::report::SourceFile;
use crate::query::snapshot::{ROWS_PER_WEEK_MAX, SnapshotTable};
use crate::query::survey::{Coverage, Span, Survey};
use crate::tally::Share;
use crate::trail::Trail;

/// Weeks of stored metrics that are shown unless others are asked for.
pub const WEEKS_DEFAULT: usize = 26;

/// What is asked about a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryAsk {
    /// How many weeks of stored metrics, 1 to [`WEEKS_MAX`].
    pub weeks: usize,
}

/// One query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryOverview {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// Its JQL; empty if it is not known.
    pub jql: String,
    /// Its description.
    pub description: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How old its issues are.
    pub freshness: Measured<Freshness>,
    /// How many issues it holds.
    pub issues: u64,
    /// How many changelogs it holds.
    pub changelogs: u64,
    /// How much there is and how much of it is done, as the figures have it.
    pub totals: metrics::Measured<Totals>,
    /// Issues by status, most frequent first.
    pub statuses: Vec<Share>,
    /// Issues by type, most frequent first.
    pub types: Vec<Share>,
    /// When issues were created.
    pub created: Span,
    /// When issues were last changed.
    pub updated: Span,
    /// When issues were resolved.
    pub resolved: Span,
    /// How many issues have story points.
    pub points: Measured<Coverage>,
    /// What is missing or odd.
    pub notes: Vec<Note>,
    /// The stored statistics in numbers.
    pub statistics: Measured<StatisticsSummary>,
    /// Stored weekly metrics, newest week first.
    pub snapshots: Measured<SnapshotTable>,
    /// How many weeks of them were asked for.
    pub weeks: usize,
    /// The old app's files that it was migrated from.
    pub files: Vec<SourceFile>,
}

/// How old the issues of a query are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Freshness {
    /// When they were fetched.
    pub fetched_at: Timestamp,
    /// When a refetch is due. Nothing is hidden or removed then.
    pub due_at: Option<Timestamp>,
    /// Whether that has passed.
    pub is_due: bool,
}

impl Default for QueryAsk {
    fn default() -> QueryAsk {
        QueryAsk { weeks: WEEKS_DEFAULT }
    }
}

impl QueryAsk {
    /// Takes one parameter as it stands in a URL; an error names it and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if name != "weeks" {
            return Err(Error::unknown_parameter(name, "the only one here is weeks"));
        }
        let weeks = value.parse().ok().filter(|weeks| (1..=WEEKS_MAX).contains(weeks));
        let remedy = || format!("give a number of weeks from 1 to {WEEKS_MAX}");
        self.weeks = weeks.ok_or_else(|| Error::invalid("weeks", value, remedy()))?;
        Ok(())
    }
}

impl App {
    /// One query; an error if it is not there.
    pub fn query(&self, key: &QueryKey, ask: QueryAsk) -> Result<Arc<QueryOverview>> {
        self.remember(&key.profile, (key, ask), || self.find_query(key, ask))
    }

    fn find_query(&self, key: &QueryKey, ask: QueryAsk) -> Result<QueryOverview> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let points_field = reader
            .profile(&key.profile)?
            .and_then(|profile| profile.settings.points_field().map(str::to_owned));
        let history = self.history(&*reader, key, None)?;
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let statistics = history.data.as_ref().and_then(StatisticsSummary::of);
        let survey = Survey::of(&history.issues);
        let files = self.source_files(key);
        let notes = data_notes(figure_notes(&history, &items, &table), &history, &items, &files);
        let issues = history.issues.len() as u64;
        let summary = history.summary;
        Ok(QueryOverview {
            trail,
            freshness: freshness(&summary, self.now(), history.refresh),
            jql: summary.jql,
            description: summary.description,
            last_used: summary.last_used,
            issues,
            changelogs: summary.changelogs,
            totals: totals(&table),
            statuses: survey.statuses.into_shares(),
            types: survey.types.into_shares(),
            created: survey.created,
            updated: survey.updated,
            resolved: survey.resolved,
            points: points(survey.points, points_field.as_deref()),
            notes,
            statistics: statistics.map_or_else(no_statistics, Measured::Known),
            snapshots: snapshots(&*reader, key, ask.weeks, history.refresh)?,
            weeks: ask.weeks,
            files,
        })
    }
}

fn freshness(summary: &QuerySummary, now: Timestamp, refresh: Remedy) -> Measured<Freshness> {
    let Some(fetched_at) = summary.fetched_at else {
        return Measured::unavailable(Reason::FetchTimeUnknown, refresh);
    };
    let due_at = summary.expires_at;
    Measured::Known(Freshness { fetched_at, due_at, is_due: due_at.is_some_and(|due| due <= now) })
}

fn points(coverage: Coverage, field: Option<&str>) -> Measured<Coverage> {
    match field {
        Some(_) => Measured::Known(coverage),
        None => Measured::unavailable(Reason::PointsFieldUnset, Remedy::MapPointsField),
    }
}

fn no_statistics() -> Measured<StatisticsSummary> {
    Measured::unavailable(Reason::NoStatistics, Remedy::Nothing)
}

fn snapshots(
    reader: &dyn Reader,
    key: &QueryKey,
    weeks: usize,
    refresh: Remedy,
) -> Result<Measured<SnapshotTable>> {
    let limit = (weeks + 1) * ROWS_PER_WEEK_MAX;
    let rows = reader.snapshots(key, limit)?;
    let table = SnapshotTable::of(&rows, weeks, rows.len() == limit);
    Ok(if table.weeks.is_empty() {
        Measured::unavailable(Reason::NoSnapshots, refresh)
    } else {
        Measured::Known(table)
    })
}
