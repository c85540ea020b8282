//! A profile as tables of comma-separated values, one file each, for spreadsheets.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use model::{IssueFacts, Json, Points, QuerySummary, Resolution, Timestamp, Week, stamp};
use store::Reader;

use crate::csv;
use crate::error::{Error, Result};

/// A file, its head, and what writes the rows of a query into it.
type TableOf = (
    &'static str,
    &'static [&'static str],
    fn(&dyn Reader, &QuerySummary, &mut Table) -> Result<()>,
);

const TABLES: [TableOf; 5] = [
    (
        "queries.csv",
        &["query", "name", "jql", "description", "fetched_at", "issues", "changelogs"],
        write_query,
    ),
    (
        "issues.csv",
        &[
            "query",
            "key",
            "project",
            "type",
            "status",
            "status_category",
            "priority",
            "summary",
            "created",
            "updated",
            "resolved",
            "resolution",
            "points",
            "parent",
        ],
        write_issues,
    ),
    ("changes.csv", &["query", "key", "at", "from", "to"], write_changes),
    (
        "statistics.csv",
        &[
            "query",
            "date",
            "completed_items",
            "completed_points",
            "created_items",
            "created_points",
        ],
        write_statistics,
    ),
    ("snapshots.csv", &["query", "week", "metric", "values", "forecast"], write_snapshots),
];

/// Writes all tables of these queries into a folder.
pub(super) fn write(reader: &dyn Reader, queries: &[QuerySummary], folder: &Path) -> Result<()> {
    for (name, head, write) in TABLES {
        let mut table = Table::create(folder.join(name))?;
        table.row(head.iter().map(|cell| (*cell).to_owned()))?;
        queries.iter().try_for_each(|query| write(reader, query, &mut table))?;
        table.finish()?;
    }
    Ok(())
}

/// A file under way.
struct Table {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Table {
    fn create(path: PathBuf) -> Result<Table> {
        let out = BufWriter::new(files::create_file(&path)?);
        Ok(Table { path, out })
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<()> {
        let cells: Vec<String> = cells.into_iter().collect();
        let written = self.out.write_all(csv::line(&cells).as_bytes());
        written.map_err(|source| self.failed(source))
    }

    fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::File { path: self.path.clone(), source }
    }
}

fn write_query(_: &dyn Reader, query: &QuerySummary, table: &mut Table) -> Result<()> {
    table.row([
        query.key.query.to_string(),
        query.name.clone(),
        query.jql.clone(),
        query.description.clone().unwrap_or_default(),
        time(query.fetched_at),
        query.issues.to_string(),
        query.changelogs.to_string(),
    ])
}

fn write_issues(reader: &dyn Reader, query: &QuerySummary, table: &mut Table) -> Result<()> {
    let mut failed = None;
    let walked = reader.each_issue_facts(&query.key, &mut |facts| {
        table.row(issue_cells(query, &facts)).map_err(|error| stop(error, &mut failed))
    });
    failed.map_or(Ok(walked?), Err)
}

fn write_changes(reader: &dyn Reader, query: &QuerySummary, table: &mut Table) -> Result<()> {
    let mut failed = None;
    let name = |name: Option<std::sync::Arc<str>>| name.as_deref().unwrap_or_default().to_owned();
    let walked = reader.each_transitions(&query.key, &mut |key, changes| {
        changes.into_iter().try_for_each(|change| {
            let id = query.key.query.to_string();
            let cells =
                [id, key.to_owned(), time(Some(change.at)), name(change.from), name(change.to)];
            table.row(cells).map_err(|error| stop(error, &mut failed))
        })
    });
    failed.map_or(Ok(walked?), Err)
}

/// Ends a walk of the store, and keeps why.
fn stop(error: Error, failed: &mut Option<Error>) -> store::Error {
    let stop = store::Error::Aborted(error.to_string());
    *failed = Some(error);
    stop
}

fn write_statistics(reader: &dyn Reader, query: &QuerySummary, table: &mut Table) -> Result<()> {
    let Some(data) = reader.project_data(&query.key)? else { return Ok(()) };
    let count = |count: Option<f64>| count.map(|count| count.to_string()).unwrap_or_default();
    data.rows().into_iter().try_for_each(|row| {
        table.row([
            query.key.query.to_string(),
            row.date.map(|date| date.to_string()).unwrap_or_default(),
            count(row.completed_items),
            count(row.completed_points),
            count(row.created_items),
            count(row.created_points),
        ])
    })
}

fn write_snapshots(reader: &dyn Reader, query: &QuerySummary, table: &mut Table) -> Result<()> {
    let all_weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    reader.snapshots_between(&query.key, all_weeks)?.into_iter().try_for_each(|snapshot| {
        table.row([
            query.key.query.to_string(),
            snapshot.week.to_string(),
            snapshot.metric,
            snapshot.metrics.to_compact(),
            snapshot.forecast.as_ref().map(Json::to_compact).unwrap_or_default(),
        ])
    })
}

fn issue_cells(query: &QuerySummary, facts: &IssueFacts) -> Vec<String> {
    let name = |name: &Option<std::sync::Arc<str>>| name.as_deref().unwrap_or_default().to_owned();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let resolution = match &facts.resolution {
        Resolution::Named(name) => name.clone(),
        Resolution::Absent | Resolution::Unresolved => String::new(),
    };
    let points = match facts.points {
        Points::Known(points) => points.to_string(),
        _ => String::new(),
    };
    vec![
        query.key.query.to_string(),
        facts.key.clone(),
        name(&facts.project),
        name(&facts.issue_type),
        name(&facts.status),
        name(&facts.status_category),
        name(&facts.priority),
        text(&facts.summary),
        time(facts.created),
        time(facts.updated),
        time(facts.resolved),
        resolution,
        points,
        text(&facts.parent),
    ]
}

fn time(at: Option<Timestamp>) -> String {
    at.map(stamp::format).unwrap_or_default()
}
