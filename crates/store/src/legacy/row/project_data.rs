//! `project_statistics` and `project_scope`: what `project_data.json` held.

use model::{Json, Object};

use super::category::is_of_delta;
use super::is_carried;

/// Columns of a row of statistics that only syncs of later builds filled.
const OPTIONAL: [&str; 3] = ["week_label", "remaining_items", "remaining_total_points"];

/// Member that keeps a scope whose sums are wrong.
pub const SCOPE_OF_DELTA: &str = "project_scope_of_delta_fetch";

/// A row of statistics as the file has it.
pub fn statistics_of(cells: Object) -> Object {
    let mut row = Object::new();
    for (column, value) in cells {
        let is_absent = OPTIONAL.contains(&column.as_str()) && matches!(value, Json::Null);
        if column == "stat_date" {
            row.set("date", value);
        } else if is_carried(&column, &value) && !is_absent {
            row.set(column, value);
        }
    }
    row
}

/// Puts a scope into project data, where its sums can be shown: not those of a delta fetch.
pub fn put_scope(scope: Json, data: &mut Object) -> bool {
    let is_wrong = is_of_delta(&scope);
    data.set(if is_wrong { SCOPE_OF_DELTA } else { "project_scope" }, scope);
    is_wrong
}
