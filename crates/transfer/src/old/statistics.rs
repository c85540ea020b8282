//! Exports of figures alone: they make a profile with one query.

use model::json::{Kind, Value};
use model::{Json, Object};

use super::layout::{Layout, QueryFolder};
use super::profile::text;
use super::{How, Told, check_statistics};
use crate::bounds;
use crate::error::{Error, Result};
use crate::table::{Dated, Table, fold, read_days};

/// The column that says the day of a row.
const DATE: &str = "date";
/// What is missing of every such file.
const LACK: &str = "no settings and no issues: the file holds figures only";

/// `project_data` and `metrics_snapshots` of a query.
pub(super) fn lay_out_export(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let data = file.get("project_data");
    check_statistics(data.and_then(|data| data.get("statistics")))?;
    let query = query(layout)?;
    query.put_value("project_data.json", file.get("project_data"))?;
    query.put_value("metrics_snapshots.json", file.get("metrics_snapshots"))?;
    Ok(Told { exported_at: text(file, "export_timestamp"), ..told() })
}

/// Project data itself, or a list of its rows.
pub(super) fn lay_out_bare(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let name = "project_data.json";
    check_statistics(Some(file))?;
    check_statistics(file.get("statistics"))?;
    if file.kind() == Kind::Array {
        let mut data = Object::new();
        data.set("statistics", Json::from(file));
        query(layout)?.put(name, &Json::Object(data).to_compact())?;
    } else {
        query(layout)?.put_value(name, Some(file))?;
    }
    Ok(told())
}

/// Rows as a table, where builds of 2025 kept theirs.
pub(super) fn lay_out_table(bytes: Vec<u8>, how: &How<'_>, layout: &Layout) -> Result<Told> {
    let How { zone, day_order: order, .. } = *how;
    let table = Table::read(bytes, "rows of statistics", bounds::STATISTICS_MAX, |_| true)?;
    let date = table.column(&[DATE]).ok_or_else(|| Error::Unknown("no date".to_owned()))?;
    let cells: Vec<Dated<'_>> =
        table.rows.iter().map(|row| Dated { line: row.line, text: row.cell(date) }).collect();
    let days = read_days(&cells, order, zone)?;
    let mut plain = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Damaged(error.to_string());
    plain.write_record(table.names.iter().map(|name| fold(name))).map_err(failed)?;
    for (row, at) in table.rows.iter().zip(days) {
        let day = zone.to_datetime(at).date().to_string();
        let cell = |(column, cell): (usize, &str)| match column == date {
            true => day.clone(),
            false => with_point(cell),
        };
        let cells: Vec<String> =
            row.cells().take(table.names.len()).enumerate().map(cell).collect();
        let missing = table.names.len().saturating_sub(cells.len());
        let blank = std::iter::repeat_n(String::new(), missing);
        plain.write_record(cells.into_iter().chain(blank)).map_err(failed)?;
    }
    let plain = plain.into_inner().map_err(|error| Error::Damaged(error.to_string()))?;
    layout.put_root("forecast_statistics.csv", &plain)?;
    Ok(told())
}

/// Where commas stand for decimal points, a number has one and digits around it.
fn with_point(cell: &str) -> String {
    match cell.split_once(',') {
        Some((whole, part)) if is_digits(whole.trim_start_matches('-')) && is_digits(part) => {
            format!("{whole}.{part}")
        }
        _ => cell.to_owned(),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn query(layout: &Layout) -> Result<QueryFolder> {
    let mut profile = layout.profile(None, &mut Vec::new())?;
    profile.put(&Json::Object(Object::new()))?;
    profile.query("main", &mut Vec::new())
}

fn told() -> Told {
    Told { lacks: vec![LACK.to_owned()], ..Told::default() }
}
