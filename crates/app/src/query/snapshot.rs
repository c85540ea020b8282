//! Stored weekly metrics as a table: weeks × metrics, one readable value each.

use model::{Date, Json, Snapshot, Week};
use serde::Serialize;

/// Rows read per asked week; the old app wrote nine a week.
pub const ROWS_PER_WEEK_MAX: usize = 32;

/// What the table shows of a metric.
struct Shown {
    metric: &'static str,
    label: &'static str,
    unit: &'static str,
    member: &'static str,
    /// The member that counts what the value was computed from. The old app stored a value of 0
    /// for weeks without any; that is no measurement.
    sample: Option<&'static str>,
}

const SHOWN: [Shown; 12] = [
    shown("flow_velocity", "Completed", "items", "completed_count", None),
    shown("flow_load", "In progress", "items", "wip_count", None),
    shown("flow_time", "Flow time, median", "days", "median_days", Some("completed_count")),
    shown("flow_efficiency", "Flow efficiency", "%", "overall_pct", Some("completed_count")),
    shown("cycle_time", "Cycle time, 85 %", "days", "p85_days", None),
    shown("work_in_progress", "Under way, mean of the week", "items", "mean", None),
    shown("arrivals", "Started", "items", "started", None),
    shown("efficiency", "Active share of working days", "0 to 1", "share", None),
    shown("dora_deployment_frequency", "Deployments", "", "deployment_count", None),
    shown(
        "dora_lead_time",
        "Lead time, median",
        "hours",
        "median_hours",
        Some("issues_with_lead_time"),
    ),
    shown(
        "dora_change_failure_rate",
        "Change failures",
        "%",
        "change_failure_rate_percent",
        Some("total_deployments"),
    ),
    shown("dora_mttr", "Time to restore, median", "hours", "median_hours", Some("bugs_with_mttr")),
];

const fn shown(
    metric: &'static str,
    label: &'static str,
    unit: &'static str,
    member: &'static str,
    sample: Option<&'static str>,
) -> Shown {
    Shown { metric, label, unit, member, sample }
}

/// The metric that goes on where the old app's ends, and its member: the old app called what was done
/// in a week its velocity.
const GOES_ON: [(&str, &str, &str); 1] = [("flow_velocity", crate::figures::WEEKS, "completed")];

/// Words about directions, forecasts that wait to be scored, counts that go on with another column,
/// and several counts a week: no columns of this table.
const SKIPPED: [&str; 4] =
    ["trends", crate::figures::FORECASTS, crate::figures::WEEKS, "cumulative_flow"];

/// Stored metrics, newest week first.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SnapshotTable {
    /// The metrics that any of the weeks has.
    pub columns: Vec<SnapshotColumn>,
    /// The weeks.
    pub weeks: Vec<SnapshotWeek>,
    /// Whether earlier weeks are stored than those asked for.
    pub has_earlier: bool,
}

/// One metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnapshotColumn {
    /// Its type as stored, e.g. `flow_time`.
    pub metric: String,
    /// Its name for people.
    pub label: String,
    /// Unit of its values; empty if unknown.
    pub unit: String,
}

/// One week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SnapshotWeek {
    /// Its ISO label, e.g. `2026-W01`.
    pub week: String,
    /// Its first day.
    pub monday: Option<Date>,
    /// A value per column; `None` where the week has no measurement.
    pub values: Vec<Option<f64>>,
}

impl SnapshotTable {
    /// The table of the newest `weeks` weeks out of `rows`, which are newest first; `is_cut` tells
    /// that the oldest week of `rows` may not be whole.
    pub fn of(rows: &[Snapshot], weeks: usize, is_cut: bool) -> SnapshotTable {
        // A week of which nothing but words and forecasts is stored has no row.
        let mut newest: Vec<Week> =
            rows.iter().filter(|row| is_shown(row)).map(|row| row.week).collect();
        newest.dedup();
        if is_cut {
            newest.pop();
        }
        let has_earlier = newest.len() > weeks || is_cut;
        newest.truncate(weeks);
        let kept: Vec<&Snapshot> = rows.iter().filter(|row| newest.contains(&row.week)).collect();
        let columns = columns(&kept);
        let weeks = newest.iter().map(|week| week_row(*week, &kept, &columns)).collect();
        SnapshotTable { columns, weeks, has_earlier }
    }
}

fn is_shown(row: &Snapshot) -> bool {
    let is_continued = || GOES_ON.iter().any(|(_, new, _)| *new == row.metric);
    !SKIPPED.contains(&row.metric.as_str()) || is_continued()
}

/// Known metrics in the order of [`SHOWN`], then unknown ones by name.
fn columns(rows: &[&Snapshot]) -> Vec<SnapshotColumn> {
    let is_there = |metric: &str| {
        rows.iter().any(|row| row.metric == metric || goes_on(row, metric).is_some())
    };
    let known = SHOWN.iter().filter(|shown| is_there(shown.metric)).map(|shown| SnapshotColumn {
        metric: shown.metric.to_owned(),
        label: shown.label.to_owned(),
        unit: shown.unit.to_owned(),
    });
    let is_unknown = |metric: &&str| {
        !SKIPPED.contains(metric) && SHOWN.iter().all(|shown| shown.metric != *metric)
    };
    let mut unknown: Vec<&str> =
        rows.iter().map(|row| row.metric.as_str()).filter(is_unknown).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let unknown = unknown.into_iter().map(|metric| SnapshotColumn {
        metric: metric.to_owned(),
        label: metric.to_owned(),
        unit: String::new(),
    });
    known.chain(unknown).collect()
}

fn week_row(week: Week, rows: &[&Snapshot], columns: &[SnapshotColumn]) -> SnapshotWeek {
    let value = |column: &SnapshotColumn| {
        let of_week = || rows.iter().filter(|row| row.week == week);
        let own = of_week().find(|row| row.metric == column.metric);
        own.map_or_else(
            || of_week().find_map(|row| goes_on(row, &column.metric)),
            |row| value(&row.metric, &row.metrics),
        )
    };
    SnapshotWeek {
        week: week.to_string(),
        monday: week.monday(),
        values: columns.iter().map(value).collect(),
    }
}

/// The value of a row that stands in a column of the old app's, where that has none.
fn goes_on(row: &Snapshot, metric: &str) -> Option<f64> {
    let (_, _, member) =
        GOES_ON.iter().find(|(old, new, _)| *old == metric && *new == row.metric)?;
    row.metrics.get(member)?.as_f64()
}

/// The main value of a metric; `None` if there is none or if it was computed from nothing.
fn value(metric: &str, metrics: &Json) -> Option<f64> {
    let Some(shown) = SHOWN.iter().find(|shown| shown.metric == metric) else {
        return metrics.as_object()?.iter().find_map(|(_, value)| value.as_f64());
    };
    let sample = shown.sample.and_then(|member| metrics.get(member)?.as_f64());
    if sample == Some(0.0) {
        return None;
    }
    metrics.get(shown.member)?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(week: &str, metric: &str, metrics: &str) -> Snapshot {
        Snapshot {
            week: Week::parse(week).unwrap(),
            metric: metric.to_owned(),
            metrics: Json::parse(metrics).unwrap(),
            forecast: None,
        }
    }

    #[track_caller]
    fn check(metric: &str, metrics: &str, want: Option<f64>) {
        assert_eq!(value(metric, &Json::parse(metrics).unwrap()), want, "{metric} {metrics}");
    }

    #[test]
    fn main_values() {
        check("flow_time", r#"{"median_days":7.9,"completed_count":72}"#, Some(7.9));
        check("flow_time", r#"{"median_days":0,"completed_count":0}"#, None);
        check("flow_velocity", r#"{"completed_count":0}"#, Some(0.0));
        check("dora_mttr", r#"{"median_hours":null,"bugs_with_mttr":0}"#, None);
        check("dora_mttr", r#"{"median_hours":12.5}"#, Some(12.5));
        check("flow_load", r#"{"wip_count":NaN}"#, None);
        check("flow_load", "[]", None);
        check("new_metric", r#"{"unit":"x","value":3,"other":4}"#, Some(3.0));
    }

    #[test]
    fn newest_weeks_and_known_columns_first() {
        let rows = [
            row("2026-W02", "a_new_one", r#"{"v":1}"#),
            row("2026-W02", "flow_velocity", r#"{"completed_count":4}"#),
            row("2026-W02", "trends", "{}"),
            row("2025-W52", "flow_load", r#"{"wip_count":2}"#),
            row("2025-W51", "flow_load", r#"{"wip_count":3}"#),
        ];
        let table = SnapshotTable::of(&rows, 2, false);
        let metrics: Vec<_> = table.columns.iter().map(|c| c.metric.as_str()).collect();
        assert_eq!(metrics, ["flow_velocity", "flow_load", "a_new_one"]);
        assert_eq!(table.weeks[0].values, [Some(4.0), None, Some(1.0)]);
        assert_eq!((table.weeks[1].week.as_str(), table.has_earlier), ("2025-W52", true));
        assert_eq!(SnapshotTable::of(&rows, 3, false).weeks.len(), 3);
        let forecast = row("2026-W09", crate::figures::FORECASTS, r#"{"v":1}"#);
        let rows: Vec<Snapshot> = std::iter::once(forecast).chain(rows).collect();
        assert_eq!(SnapshotTable::of(&rows, 1, false).weeks[0].week, "2026-W02");
        // What syncs store goes on where the old app's ends, and takes nothing back.
        let done = |week| row(week, "throughput", r#"{"completed":7,"created":1}"#);
        let rows: Vec<Snapshot> =
            [done("2026-W03"), done("2026-W02")].into_iter().chain(rows).collect();
        let table = SnapshotTable::of(&rows, 3, false);
        assert_eq!(table.columns.len(), 3);
        let completed: Vec<_> = table.weeks.iter().map(|week| week.values[0]).collect();
        assert_eq!(completed, [Some(7.0), Some(4.0), None]);
        let rows: Vec<Snapshot> = rows.into_iter().skip(3).collect();
        let cut = SnapshotTable::of(&rows, 3, true);
        assert_eq!((cut.weeks.len(), cut.has_earlier), (2, true));
    }
}
