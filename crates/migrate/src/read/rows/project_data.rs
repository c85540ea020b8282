//! `project_statistics` and `project_scope` of one query.

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
        let lines: Vec<Json> = later
            .into_iter()
            .map(|(.., cells)| Json::Object(statistics::statistics_of(cells)))
            .collect();
        let mut members = Object::new();
        self.scope(&mut members)?;
        if self.rows.count("project_statistics") > 0 {
            members.set("statistics", Json::Array(lines));
        }
        for path in &self.rows.data_copies {
            let copy = load_object(folder, path)?.object;
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
