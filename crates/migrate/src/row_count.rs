//! What became of the rows of the old app's database: taken, merged and kept aside add up to all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::legacy::FindingKind;

/// Row numbers that a report spells out, per column and kind of finding.
const ROWIDS_MAX: usize = 5;

/// Whose rows are counted: ids as written, empty where they belong to no one query.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner {
    pub profile: String,
    pub query: String,
}

impl Owner {
    pub fn new(profile: &str, query: &str) -> Owner {
        Owner { profile: profile.to_owned(), query: query.to_owned() }
    }

    pub fn none() -> Owner {
        Owner::default()
    }
}

/// Rows of one table and owner.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowCount {
    pub taken: u64,
    pub merged: u64,
    pub kept_aside: u64,
    pub added: u64,
    cells: BTreeMap<(String, FindingKind), (u64, Vec<i64>)>,
}

impl RowCount {
    pub fn taken(rows: u64) -> RowCount {
        RowCount { taken: rows, ..RowCount::default() }
    }

    pub fn kept_aside(rows: u64) -> RowCount {
        RowCount { kept_aside: rows, ..RowCount::default() }
    }

    pub fn rows(&self) -> u64 {
        self.taken + self.merged + self.kept_aside
    }

    pub fn note_cell(&mut self, column: &str, kind: FindingKind, rowid: i64) {
        self.note_cells(column, kind, 1, &[rowid]);
    }

    fn note_cells(&mut self, column: &str, kind: FindingKind, count: u64, rowids: &[i64]) {
        let (known, first) = self.cells.entry((column.to_owned(), kind)).or_default();
        *known += count;
        first.extend(rowids.iter().take(ROWIDS_MAX.saturating_sub(first.len())));
    }

    pub fn add(&mut self, other: &RowCount) {
        self.taken += other.taken;
        self.merged += other.merged;
        self.kept_aside += other.kept_aside;
        self.added += other.added;
        for ((column, kind), (count, rowids)) in &other.cells {
            self.note_cells(column, *kind, *count, rowids);
        }
    }

    pub fn report(&self, table: &str, owner: &Owner) -> TableReport {
        let cell =
            |((column, kind), (count, rowids)): (&(String, FindingKind), &(u64, Vec<i64>))| {
                CellReport {
                    column: column.clone(),
                    code: kind.code().to_owned(),
                    count: *count,
                    rowids: rowids.clone(),
                }
            };
        TableReport {
            table: table.to_owned(),
            profile: owner.profile.clone(),
            query: owner.query.clone(),
            rows: self.rows(),
            taken: self.taken,
            merged: self.merged,
            kept_aside: self.kept_aside,
            added: self.added,
            cells: self.cells.iter().map(cell).collect(),
        }
    }
}

/// Rows of one table of the old app's database, of one query where they belong to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// The table.
    pub table: String,
    /// The profile's id as written; empty where the rows belong to none.
    pub profile: String,
    /// The query's id as written; empty where the rows belong to none.
    pub query: String,
    /// How many rows there are: those that follow, together.
    pub rows: u64,
    /// Rows that are in the new database.
    pub taken: u64,
    /// Rows that say the same as another one, or the same day or week, which counts.
    pub merged: u64,
    /// Rows that are not carried; the findings name the reason.
    pub kept_aside: u64,
    /// What was added to this table from a backup of the old app.
    pub added: u64,
    /// Odd cells by column and kind.
    pub cells: Vec<CellReport>,
}

/// Odd cells of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellReport {
    /// The column.
    pub column: String,
    /// The code of the kind, as in `docs/migration.md`.
    pub code: String,
    /// How many.
    pub count: u64,
    /// The first few rows, by their number in the table.
    pub rowids: Vec<i64>,
}

impl TableReport {
    /// One line, and one for each odd column.
    pub(crate) fn lines(&self) -> Vec<String> {
        let owner = match (self.profile.as_str(), self.query.as_str()) {
            ("", _) => String::new(),
            (profile, "") => format!(" of {profile}"),
            (profile, query) => format!(" of {profile}/{query}"),
        };
        let added = match self.added {
            0 => String::new(),
            added => format!("; {added} added from a backup of the old app"),
        };
        let mut lines = vec![format!(
            "  {}{owner}: {} rows = {} taken + {} merged + {} kept aside{added}",
            self.table, self.rows, self.taken, self.merged, self.kept_aside
        )];
        lines.extend(self.cells.iter().map(|cell| {
            let rowids: Vec<String> = cell.rowids.iter().map(i64::to_string).collect();
            let more = if cell.count > cell.rowids.len() as u64 { ", …" } else { "" };
            let (column, code) = (&cell.column, &cell.code);
            format!("    {column}: {} × {code} (row {}{more})", cell.count, rowids.join(", "))
        }));
        lines
    }
}
