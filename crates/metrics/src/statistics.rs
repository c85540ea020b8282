//! Weekly or daily stored counts, for queries that have no issues.

use model::project_data::read_number;
use model::{ProjectData, StatisticsRow};

use crate::amount::{Amount, POINTS_MAX};
use crate::weekly::Flow;

/// Stored statistics of a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// Its rows as written; rows may share a date.
    pub rows: Vec<StatisticsRow>,
    /// What remained after all rows; `None` if that is not stored.
    pub remaining: Option<Amount>,
}

impl Statistics {
    /// Reads them out of the project data.
    pub fn read(data: &ProjectData) -> Statistics {
        let scope = data.project_scope.as_ref();
        let number = |name: &str| {
            let stored = scope.and_then(|scope| scope.get(name)).or_else(|| data.totals.get(name));
            stored.and_then(read_number)
        };
        let points = number("remaining_points");
        let remaining = number("remaining_items").map(|items| amount(Some(items), points));
        Statistics { rows: data.rows(), remaining }
    }
}

/// What a row counts.
pub(crate) fn flow(row: &StatisticsRow) -> Flow {
    Flow {
        created: amount(row.created_items, row.created_points),
        done: amount(row.completed_items, row.completed_points),
        cancelled: None,
        left: Amount::default(),
    }
}

/// A row does not say how many of its items have points: all, where it has any.
fn amount(items: Option<f64>, points: Option<f64>) -> Amount {
    let items = items.unwrap_or_default().min(POINTS_MAX).round() as i64;
    let points = points.filter(|points| points.abs() <= POINTS_MAX);
    let estimated = if points.is_some() { items } else { 0 };
    Amount { items, points: points.unwrap_or_default(), estimated }
}
