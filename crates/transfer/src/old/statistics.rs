//! Exports of figures alone: they make a profile with one query.

use model::json::{Kind, Value};
use model::{Json, Object};

use super::layout::{Layout, QueryFolder};
use super::profile::text;
use super::{How, Told, check_statistics};
use crate::bounds;
use crate::error::{Error, Result};
use crate::table::{Cell, Decimal, Table, amount, count, fold, lines, read_days};

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
    let days = read_days(&table.cells(date), order, zone)?;
    let days = days.into_iter().map(|at| zone.to_datetime(at).date().to_string());
    let mut columns = vec![(DATE.to_owned(), days.collect::<Vec<_>>())];
    let amounts: Vec<usize> =
        AMOUNTS.iter().filter_map(|(name, _)| table.column(&[name])).collect();
    let cells = amounts.iter().flat_map(|column| table.cells(*column));
    let decimal = Decimal::of(cells.map(|cell| cell.text));
    for (column, name) in table.names.iter().enumerate().filter(|(column, _)| *column != date) {
        let (name, cells) = (fold(name), table.cells(column));
        let reads = AMOUNTS.iter().find(|(amount, _)| *amount == name).map(|(_, read)| *read);
        match reads {
            // A column that nobody filled in says nothing, and not that there was nothing.
            Some(_) if cells.iter().all(|cell| cell.text.is_empty()) => {}
            Some(read) => columns.push((name.clone(), amounts_of(&name, &cells, decimal, read)?)),
            None => columns.push((name, cells.iter().map(|cell| cell.text.to_owned()).collect())),
        }
    }
    let mut plain = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Damaged(error.to_string());
    plain.write_record(columns.iter().map(|(name, _)| name)).map_err(failed)?;
    for row in 0..table.rows.len() {
        let cells = columns.iter().map(|(_, cells)| cells.get(row).map_or("", String::as_str));
        plain.write_record(cells).map_err(failed)?;
    }
    let plain = plain.into_inner().map_err(|error| Error::Damaged(error.to_string()))?;
    layout.put_root("forecast_statistics.csv", &plain)?;
    Ok(told())
}

/// How a cell of a column is read.
type Read = fn(&str, Decimal) -> Option<String>;

/// The columns that are counted with.
const AMOUNTS: [(&str, Read); 4] = [
    ("completed_items", count),
    ("completed_points", amount),
    ("created_items", count),
    ("created_points", amount),
];

/// The cells of a column as plain numbers; an error names the lines that have none.
fn amounts_of(name: &str, cells: &[Cell<'_>], decimal: Decimal, read: Read) -> Result<Vec<String>> {
    let found: Vec<Option<String>> = cells.iter().map(|cell| read(cell.text, decimal)).collect();
    let unread = cells.iter().zip(&found).filter(|(_, found)| found.is_none());
    let unread: Vec<&Cell<'_>> = unread.map(|(cell, _)| cell).collect();
    if unread.is_empty() {
        return Ok(found.into_iter().flatten().collect());
    }
    Err(Error::Amounts(format!(
        "{} no {} that can be read",
        lines(&unread),
        name.replace('_', " ")
    )))
}

fn query(layout: &Layout) -> Result<QueryFolder> {
    let mut profile = layout.profile(None, &mut Vec::new())?;
    profile.put(&Json::Object(Object::new()))?;
    profile.query("main", &mut Vec::new())
}

fn told() -> Told {
    Told { lacks: vec![LACK.to_owned()], ..Told::default() }
}
