//! Rows of the old app's database, and of its exports, as the documents and values that its JSON files
//! held before: both ways, so that a row can be proven to be there whole.
//!
//! What a column says and no member of the document does is kept in the document's member `row`.

pub mod category;
pub mod changelog;
pub mod issue;
pub mod project_data;
pub mod snapshot;

#[cfg(test)]
mod tests;

use model::{Json, Object};

/// Member that keeps the cells which nothing else of a document says.
pub const ROW: &str = "row";

/// Columns that say where a row stands, or how long the old app trusted it: not carried.
pub const DROPPED: [&str; 5] = ["id", "profile_id", "query_id", "cache_key", "expires_at"];

/// Columns that the old app filled with a constant: not carried where they hold it.
const CONSTANT: [&str; 8] = [
    "items_added",
    "items_completed",
    "velocity_items",
    "velocity_points",
    "excluded_issue_count",
    "forecast_value",
    "forecast_confidence_low",
    "forecast_confidence_high",
];

/// Whether a cell has to be found again in what a row became.
pub fn is_carried(column: &str, value: &Json) -> bool {
    let is_constant =
        CONSTANT.contains(&column) && (matches!(value, Json::Null) || value.as_f64() == Some(0.0));
    !is_constant && !DROPPED.contains(&column)
}

/// Parses the cells of `columns`, which hold JSON as text. Gives those that hold something else.
pub fn parse_cells(cells: &mut Object, columns: &[&str]) -> Vec<String> {
    let mut bad = Vec::new();
    for (column, value) in cells.iter_mut().filter(|(column, _)| columns.contains(column)) {
        let Json::Text(text) = value else { continue };
        match Json::parse(text) {
            Ok(parsed) => *value = parsed,
            Err(_) => bad.push(column.to_owned()),
        }
    }
    bad
}

/// The cells of a row that what was made of it does not say, so that it can be told from that whole.
fn left_over(row: &Object, says: impl Fn(&str, &Json) -> bool) -> Object {
    let left =
        row.iter().filter(|(column, value)| is_carried(column, value) && !says(column, value));
    left.map(|(column, value)| (column.to_owned(), value.clone())).collect()
}

/// `Done` becomes `{"name": "Done"}`; what is an object already stays one.
fn named(value: Json, member: &str) -> Json {
    if value.as_object().is_some() {
        return value;
    }
    Json::Object([(member.to_owned(), value)].into_iter().collect())
}

fn is_empty_text(value: &Json) -> bool {
    matches!(value, Json::Text(text) if text.is_empty())
}
