//! `project_statistics` and `project_scope` of one query.

use model::project_data::StatisticsRow;
use model::{Json, Object, ProjectData};
use store::legacy::row::project_data as statistics;
use store::legacy::sqlite::Order;
use store::legacy::{FindingKind, project_data};

use super::Reader;
use crate::error::Result;
use crate::folder::Folder;
use crate::read::{Batch, load_object};

impl Reader<'_, '_> {
    pub(super) fn project_data(&mut self, folder: &Folder) -> Result<()> {
        let mut days = Vec::new();
        self.each_row("project_statistics", Order::Inserted, &mut |reader, row| {
            let date = row.text("stat_date").and_then(|date| model::project_data::read_date(&date));
            if date.is_none() {
                reader.count.note_cell("stat_date", FindingKind::UndatedRow, row.rowid);
            }
            let recorded = row.text("recorded_at").unwrap_or_default();
            days.push((date, row.rowid, recorded, row.cells));
            Ok(())
        })?;
        // Days that cannot be read stand last.
        days.sort_by_key(|(date, rowid, ..)| (date.is_none(), *date, *rowid));
        let mut later: Vec<(Option<_>, i64, String, Object)> = Vec::new();
        for day in days {
            match later.last_mut().filter(|last| day.0.is_some() && last.0 == day.0) {
                Some(last) => {
                    let lost = if day.2 >= last.2 { std::mem::replace(last, day) } else { day };
                    let what = lost.0.map(|date| date.to_string()).unwrap_or_default();
                    self.merge(lost.1, &lost.3, &what)?;
                }
                None => later.push(day),
            }
        }
        self.count.taken += later.len() as u64;
        let mut lines: Vec<Json> = later
            .into_iter()
            .map(|(.., cells)| Json::Object(statistics::statistics_of(cells)))
            .collect();
        let mut copies = Vec::new();
        for path in &self.rows.data_copies {
            let copy = load_object(folder, path)?.object;
            let stored = lines.len();
            lines = with_dropped(lines, copy.get("statistics"));
            self.add(path, (lines.len() - stored) as u64);
            copies.push(copy);
        }
        self.note_added("rows");
        let mut members = Object::new();
        self.scope(&mut members)?;
        if self.rows.count("project_statistics") > 0 {
            members.set("statistics", Json::Array(lines));
        }
        for copy in copies {
            for name in ["metadata", "metrics_history"] {
                if members.get(name).is_none() {
                    members.set_some(name, copy.get(name).cloned());
                }
            }
        }
        let (mut data, findings) = project_data::decode(members.clone(), self.zone);
        self.outcome.findings.extend(findings);
        data.partial =
            self.lack("project_statistics", "statistics").filter(|_| self.database.is_damaged());
        let data: Box<ProjectData> = Box::new(data);
        (self.emit)(Batch::ProjectData(data, members))
    }

    fn scope(&mut self, members: &mut Object) -> Result<()> {
        let mut scopes = Vec::new();
        self.each_row("project_scope", Order::Inserted, &mut |reader, mut row| {
            reader.parse(&mut row, &["scope_data"])?;
            scopes.push(row);
            Ok(())
        })?;
        let last = scopes.pop();
        for earlier in &scopes {
            self.keep_aside(earlier, "a later row is of the same query")?;
        }
        let Some(mut row) = last else { return Ok(()) };
        self.count.taken += 1;
        if let Some(scope @ Json::Object(_)) = row.cells.remove("scope_data")
            && statistics::put_scope(scope, members)
        {
            let path = format!("project_scope[{}].scope_data", row.rowid);
            let note = "no status has a category: its sums are wrong and are not shown";
            self.find(path, FindingKind::ScopeOfDelta, note);
        }
        members.set_some(
            "last_updated",
            row.cells.remove("updated_at").filter(|at| !matches!(at, Json::Null)),
        );
        for (column, value) in row.cells {
            if store::legacy::row::is_carried(&column, &value) {
                members.set(column, value);
            }
        }
        Ok(())
    }
}

/// Rows with those of a copy of the time before the database, which has room for one row of a day and for
/// none without one: where the row of a day is one of several that the copy has, all of these, and as
/// long as every day of the copy is still there, the rows without a day.
fn with_dropped(lines: Vec<Json>, copy: Option<&Json>) -> Vec<Json> {
    let copied = copy.and_then(Json::as_array).unwrap_or_default();
    let copied: Vec<(StatisticsRow, &Json)> =
        copied.iter().map(|row| (StatisticsRow::read(row), row)).collect();
    let stored: Vec<StatisticsRow> = lines.iter().map(StatisticsRow::read).collect();
    let is_stored = |row: &StatisticsRow| stored.iter().any(|stored| stored.date == row.date);
    let mut found = Vec::with_capacity(lines.len());
    for (line, stored) in lines.into_iter().zip(&stored) {
        let same_day =
            |(row, _): &&(StatisticsRow, &Json)| row.date.is_some() && row.date == stored.date;
        let of_day: Vec<_> = copied.iter().filter(same_day).collect();
        if of_day.len() > 1 && of_day.iter().any(|(row, _)| row == stored) {
            found.extend(of_day.into_iter().map(|(_, row)| (*row).clone()));
        } else {
            found.push(line);
        }
    }
    if copied.iter().all(|(row, _)| row.date.is_none() || is_stored(row)) {
        let dropped = copied.iter().filter(|(row, _)| row.date.is_none() && !stored.contains(row));
        found.extend(dropped.map(|(_, row)| (*row).clone()));
    }
    found
}
