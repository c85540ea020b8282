//! What the stored project data of a query says.

use std::collections::HashSet;

use model::project_data::read_number;
use model::{Date, Json, ProjectData, StatisticsRow};
use serde::Serialize;

/// Stored statistics in numbers. Sums are over the rows that have a readable value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatisticsSummary {
    /// Stored rows.
    pub rows: u64,
    /// Rows without a readable day.
    pub undated: u64,
    /// Days that more than one row has.
    pub repeated_days: u64,
    /// The earliest day.
    pub first: Option<Date>,
    /// The latest day.
    pub last: Option<Date>,
    /// Items finished; `None` if no row says.
    pub completed_items: Option<f64>,
    /// Points finished.
    pub completed_points: Option<f64>,
    /// Items created.
    pub created_items: Option<f64>,
    /// Points created.
    pub created_points: Option<f64>,
    /// Totals as the old app stored them beside the rows.
    pub scope: StoredScope,
}

/// The stored scope of a project; `None` where nothing readable is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StoredScope {
    /// Items in all.
    pub total_items: Option<f64>,
    /// Items not done.
    pub remaining_items: Option<f64>,
    /// Points in all.
    pub total_points: Option<f64>,
    /// Points not done.
    pub remaining_points: Option<f64>,
}

impl StatisticsSummary {
    /// The summary of `data`; `None` if it has neither rows nor a scope.
    pub fn of(data: &ProjectData) -> Option<StatisticsSummary> {
        let rows = data.rows();
        let scope = StoredScope::of(data);
        if rows.is_empty() && scope == StoredScope::default() {
            return None;
        }
        let days: Vec<Date> = rows.iter().filter_map(|row| row.date).collect();
        Some(StatisticsSummary {
            rows: rows.len() as u64,
            undated: (rows.len() - days.len()) as u64,
            repeated_days: repeated(&days),
            first: days.iter().min().copied(),
            last: days.iter().max().copied(),
            completed_items: sum(&rows, |row| row.completed_items),
            completed_points: sum(&rows, |row| row.completed_points),
            created_items: sum(&rows, |row| row.created_items),
            created_points: sum(&rows, |row| row.created_points),
            scope,
        })
    }
}

impl StoredScope {
    fn of(data: &ProjectData) -> StoredScope {
        let number = |name: &str| {
            let scope = data.project_scope.as_ref().and_then(|scope: &Json| scope.get(name));
            scope.or_else(|| data.totals.get(name)).and_then(read_number)
        };
        StoredScope {
            total_items: number("total_items"),
            remaining_items: number("remaining_items"),
            total_points: number("total_points"),
            remaining_points: number("remaining_points"),
        }
    }
}

fn repeated(days: &[Date]) -> u64 {
    let (mut seen, mut twice) = (HashSet::new(), HashSet::new());
    for day in days {
        if !seen.insert(day) {
            twice.insert(day);
        }
    }
    twice.len() as u64
}

fn sum(rows: &[StatisticsRow], value: impl Fn(&StatisticsRow) -> Option<f64>) -> Option<f64> {
    let known: Vec<f64> = rows.iter().filter_map(value).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_never_invent() {
        let rows = r#"[{"date":"2025-06-02","completed_items":2},{"date":"2025-06-02","completed_items":"x"},{"date":null}]"#;
        let data = ProjectData { statistics: Json::parse(rows).ok(), ..ProjectData::default() };
        let summary = StatisticsSummary::of(&data).unwrap();
        assert_eq!((summary.rows, summary.undated, summary.repeated_days), (3, 1, 1));
        assert_eq!((summary.completed_items, summary.created_items), (Some(2.0), None));
        assert_eq!(summary.scope, StoredScope::default());
        assert_eq!(StatisticsSummary::of(&ProjectData::default()), None);
    }
}
