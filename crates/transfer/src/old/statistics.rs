//! Exports of figures alone: they make a profile with one query.

use std::borrow::Cow;

use model::json::{Kind, Value};
use model::{Json, Object};

use super::layout::{Layout, QueryFolder};
use super::profile::text;
use super::{How, Told, check_statistics};
use crate::bounds;
use crate::encoding::decode;
use crate::error::{Error, Result};
use crate::table::{Cell, DayReader, Days, Decimal, Lines, Separators, Table, amount, count, fold};

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
    let text = decode(bytes)?;
    let table = Table::open(&text, "rows of statistics", bounds::STATISTICS_MAX)?;
    let date = table.column(&[DATE]).ok_or_else(|| Error::Unknown("no date".to_owned()))?;
    let amounts = AMOUNTS.map(|(name, read)| Amounts::of(&table, name, read));
    let (mut days, mut told_by) = (DayReader::new(how.day_order, how.zone), Separators::default());
    let mut amounts: Vec<Amounts> = amounts.into_iter().flatten().collect();
    let mut is_empty = true;
    table.each(&mut |row| {
        is_empty = false;
        days.look_at(Cell { line: row.line, text: row.cell(date) });
        for amount in &mut amounts {
            let text = row.cell(amount.column);
            told_by.look_at(text);
            amount.is_filled |= !text.is_empty();
        }
        Ok(())
    })?;
    if is_empty {
        return Err(Error::Damaged("a table without a row".to_owned()));
    }
    let (days, decimal, mut wrong) = (days.finish()?, told_by.decimal(), Lines::default());
    // A column that nobody filled in says nothing, and not that there was nothing.
    let is_kept = |column: &usize| !amounts.iter().any(|it| it.column == *column && !it.is_filled);
    let kept: Vec<usize> = (0..table.names.len()).filter(is_kept).collect();
    let mut plain = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Damaged(error.to_string());
    let names = kept.iter().filter_map(|column| table.names.get(*column));
    plain.write_record(names.map(|name| fold(name))).map_err(failed)?;
    table.each(&mut |row| {
        for column in &kept {
            let cell = Cell { line: row.line, text: row.cell(*column) };
            let amount = amounts.iter_mut().find(|amount| amount.column == *column);
            let text: Cow<'_, str> = match amount {
                Some(amount) => amount.read(cell, decimal).into(),
                None if *column == date => {
                    let at = days.moment(cell, &mut wrong);
                    let day = at.map(|at| how.zone.to_datetime(at).date().to_string());
                    day.unwrap_or_default().into()
                }
                None => cell.text.into(),
            };
            plain.write_field(text.as_bytes()).map_err(failed)?;
        }
        plain.write_record(None::<&[u8]>).map_err(failed)
    })?;
    Days::check(&wrong)?;
    amounts.iter().try_for_each(Amounts::check)?;
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

/// A column of amounts.
struct Amounts {
    column: usize,
    name: &'static str,
    read: Read,
    is_filled: bool,
    unread: Lines,
}

impl Amounts {
    /// The column of that name, if there is one.
    fn of(table: &Table<'_>, name: &'static str, read: Read) -> Option<Amounts> {
        let column = table.column(&[name])?;
        Some(Amounts { column, name, read, is_filled: false, unread: Lines::default() })
    }

    /// A cell as a plain number; where it is none its line is noted.
    fn read(&mut self, cell: Cell<'_>, decimal: Decimal) -> String {
        let found = (self.read)(cell.text, decimal);
        if found.is_none() {
            self.unread.add(cell);
        }
        found.unwrap_or_default()
    }

    /// Refuses cells that are none, by their lines.
    fn check(&self) -> Result<()> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let (have, name) = (self.unread.have(), self.name.replace('_', " "));
        Err(Error::Amounts(format!("{have} no {name} that can be read")))
    }
}

fn query(layout: &Layout) -> Result<QueryFolder> {
    let mut profile = layout.profile(None, &mut Vec::new())?;
    profile.put(&Json::Object(Object::new()))?;
    profile.query("main", &mut Vec::new())
}

fn told() -> Told {
    Told { lacks: vec![LACK.to_owned()], ..Told::default() }
}
