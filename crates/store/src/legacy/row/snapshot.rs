//! `metrics_data_points`: one row per week and metric.

use model::{Json, Object, Week, project_data};

use super::{ROW, left_over};

/// Columns that hold JSON as text.
pub const JSON_COLUMNS: [&str; 2] = ["metric_value", "calculation_metadata"];

/// A metric of a week, as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The week.
    pub week: Week,
    /// The metric's name.
    pub name: String,
    /// Its values.
    pub values: Object,
}

impl Metric {
    /// The metric that a row says; why it says none. `cells` are parsed.
    pub fn of(cells: &Object) -> Result<Metric, &'static str> {
        let text = |column: &str| cells.get(column).and_then(Json::as_text);
        let week = text("snapshot_date").and_then(|date| week(&date)).ok_or("it names no week")?;
        let name = text("metric_name").filter(|name| !name.is_empty());
        let name = name.ok_or("it names no metric")?.into_owned();
        let object = |column: &str| cells.get(column).and_then(Json::as_object);
        // The old app's own migration put one number into the value and the whole beside it.
        let is_beside = object("calculation_metadata").is_some();
        let whole = object("calculation_metadata").or_else(|| object("metric_value"));
        let mut values = match (whole, cells.get("metric_value")) {
            (Some(whole), _) => whole.clone(),
            (None, Some(number @ Json::Number(_))) => {
                [("value".to_owned(), number.clone())].into_iter().collect()
            }
            _ => Object::new(),
        };
        let holds_whole = if is_beside { "calculation_metadata" } else { "metric_value" };
        let mut left = left_over(cells, |column, value| match column {
            "snapshot_date" => *value == Json::text(week.to_string()),
            "metric_category" => *value == Json::text(category_of(&name)),
            "metric_unit" => super::is_empty_text(value),
            "metric_name" => *value == Json::text(&name),
            _ if column == holds_whole => value.as_object().is_some(),
            _ => matches!(value, Json::Null),
        });
        if is_beside && left.get("metric_value").is_none() {
            left.set("metric_value", Json::Null);
        }
        // What is kept tells which of the two columns held the whole.
        if !is_beside && left.get("metric_value").is_some() {
            let beside = cells.get("calculation_metadata").cloned().unwrap_or_default();
            left.set("calculation_metadata", beside);
        }
        if !left.is_empty() {
            values.set(ROW, Json::Object(left));
        }
        Ok(Metric { week, name, values })
    }

    /// When it was calculated, as written.
    pub fn calculated_at(&self) -> String {
        let at = self.values.get(ROW).and_then(|row| row.get("calculated_at"));
        at.and_then(Json::as_text).map(|at| at.into_owned()).unwrap_or_default()
    }
}

/// The category of a metric in later builds; earlier ones wrote one for all.
fn category_of(name: &str) -> &'static str {
    match name.split('_').next() {
        Some("flow") => "flow",
        Some("dora") => "dora",
        _ => "custom",
    }
}

/// The week of a label, or the one that a day lies in.
fn week(text: &str) -> Option<Week> {
    Week::parse(text).or_else(|| project_data::read_date(text).map(Week::of))
}
