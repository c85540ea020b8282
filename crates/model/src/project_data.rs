//! The per-query document of weekly statistics, scope and metadata.

use jiff::civil::Date;

use crate::json::{Json, Object};
use crate::stamp::Stamp;

/// Project data as it is kept. Absent members are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectData {
    /// Rows of counts per week or day, exactly as they were written.
    pub statistics: Option<Json>,
    /// Totals, remaining and estimated counts.
    pub project_scope: Option<Json>,
    /// Source, time and JQL of the calculation.
    pub metadata: Option<Json>,
    /// Metric values of late 2025 builds.
    pub metrics_history: Option<Json>,
    /// `total_items`, `total_points`, `estimated_items`, `estimated_points` of the oldest shape.
    pub totals: Object,
    /// Version mark of an empty file.
    pub version: Option<Json>,
    /// Time mark of an empty file.
    pub last_updated: Option<Stamp>,
    /// What is missing, if the file was damaged.
    pub partial: Option<String>,
    /// Members that nobody knows.
    pub extra: Object,
}

/// One row of statistics, read leniently.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatisticsRow {
    /// Its day; `None` for `NaT`, empty and unreadable dates.
    pub date: Option<Date>,
    /// Items finished in the row's span.
    pub completed_items: Option<f64>,
    /// Points finished.
    pub completed_points: Option<f64>,
    /// Items created.
    pub created_items: Option<f64>,
    /// Points created.
    pub created_points: Option<f64>,
}

impl ProjectData {
    /// The rows that can be read as such, in written order; rows may share a date.
    pub fn rows(&self) -> Vec<StatisticsRow> {
        let rows = self.statistics.as_ref().and_then(Json::as_array).unwrap_or_default();
        rows.iter().filter(|row| row.as_object().is_some()).map(StatisticsRow::read).collect()
    }
}

impl StatisticsRow {
    /// Reads one row; members of another type or out of range are `None`.
    pub fn read(row: &Json) -> StatisticsRow {
        let number = |name: &str| read_number(row.get(name)?);
        StatisticsRow {
            date: row.get("date").and_then(|date| read_date(&date.as_text()?)),
            completed_items: number("completed_items"),
            completed_points: number("completed_points"),
            created_items: number("created_items"),
            created_points: number("created_points"),
        }
    }
}

/// A count: a number, or text with a decimal point or comma; never negative.
pub fn read_number(value: &Json) -> Option<f64> {
    let number = match value {
        Json::Text(text) => text.trim().replace(',', ".").parse().ok()?,
        other => other.as_f64()?,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// A day: `2025-06-02`, with any time part (also `2025-06-02-093000`), `2025/06/02`, `2025-6-2`, or `02.06.2025`.
pub fn read_date(text: &str) -> Option<Date> {
    let day = text.trim().split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let (first, month, last) = match parts.as_slice() {
        [first, month, last] => (first, month, last),
        // Builds of 2026 sometimes put the time behind, without separators.
        [first, month, last, time] if time.len() == 6 => (first, month, last),
        _ => return None,
    };
    let (year, day) = match (first.len(), day.contains('.')) {
        (4, _) => (first, last),
        (_, true) if last.len() == 4 => (last, first),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_numbers_of_old_rows() {
        let day = jiff::civil::date(2025, 6, 2);
        for text in [
            "2025-06-02",
            "2025-06-02T00:00:00",
            "2025-06-02T00:00:00T00:00:00",
            "2025/06/02",
            "2025-6-2",
            "02.06.2025",
            "2025-06-02-093000",
            " 2025-06-02 00:00",
        ] {
            assert_eq!(read_date(text), Some(day), "{text}");
        }
        for text in ["", "NaT", "2025-13-01", "06/02/2025", "soon", "2025-06"] {
            assert_eq!(read_date(text), None, "{text}");
        }
        let row = Json::parse(
            r#"{"date":null,"completed_items":"3","completed_points":"4,5","created_items":-1}"#,
        )
        .unwrap();
        let row = StatisticsRow::read(&row);
        assert_eq!(
            (row.date, row.completed_items, row.completed_points, row.created_items),
            (None, Some(3.0), Some(4.5), None)
        );
    }
}
