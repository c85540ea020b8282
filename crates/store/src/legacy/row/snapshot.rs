//! `metrics_data_points`: one row per week and metric.

use model::{Json, Object, Week, project_data};

use super::{ROW, left_over, overlay};

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
        let mut left = left_over(cells, &rendered(week, &name, &values, is_beside));
        if is_beside && left.get("metric_value").is_none() {
            left.set("metric_value", Json::Null);
        }
        if !left.is_empty() {
            values.set(ROW, Json::Object(left));
        }
        Ok(Metric { week, name, values })
    }

    /// The row that it was made from, but for columns that are not carried.
    pub fn row(&self) -> Object {
        let mut values = self.values.clone();
        let kept = values.remove(ROW);
        let is_beside = kept.as_ref().is_some_and(|kept| {
            kept.get("metric_value").is_some() && kept.get("calculation_metadata").is_none()
        });
        let document = Json::Object(self.values.clone());
        overlay(rendered(self.week, &self.name, &values, is_beside), Some(&document))
    }

    /// When it was calculated, as written.
    pub fn calculated_at(&self) -> String {
        let at = self.values.get(ROW).and_then(|row| row.get("calculated_at"));
        at.and_then(Json::as_text).map(|at| at.into_owned()).unwrap_or_default()
    }
}

fn rendered(week: Week, name: &str, values: &Object, is_beside: bool) -> Object {
    let category = match name.split('_').next() {
        Some("flow") => "flow",
        Some("dora") => "dora",
        _ => "custom",
    };
    let whole = Json::Object(values.clone());
    let (value, beside) = if is_beside { (Json::Null, whole) } else { (whole, Json::Null) };
    let mut row = Object::new();
    row.set("snapshot_date", Json::text(week.to_string()));
    row.set("metric_category", Json::text(category));
    row.set("metric_name", Json::text(name));
    row.set("metric_value", value);
    row.set("metric_unit", Json::text(""));
    row.set("calculation_metadata", beside);
    row
}

/// The week of a label, or the one that a day lies in.
fn week(text: &str) -> Option<Week> {
    Week::parse(text).or_else(|| project_data::read_date(text).map(Week::of))
}
