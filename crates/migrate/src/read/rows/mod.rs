//! The rows of one query in the old app's database, as the records that its files held before.

mod changelogs;
mod issues;
mod project_data;
mod snapshots;

use std::collections::BTreeMap;

use model::{IssueFacts, Json, Object, Tape, TimeZone, Timestamp, stamp};
use store::legacy::row::category::Categories;
use store::legacy::row::parse_cells;
use store::legacy::sqlite::{OldDatabase, Order, Row};
use store::legacy::{Finding, FindingKind};

use super::{Batch, Content, Emit, Outcome};
use crate::error::Result;
use crate::folder::Folder;
use crate::old_backup;
use crate::row_count::RowCount;

/// What reading the rows of a query needs to know.
#[derive(Debug)]
pub(crate) struct QueryRows {
    /// Ids as written.
    pub profile: String,
    pub query: String,
    pub jql: String,
    /// When it was fetched last, and whether that was a fetch of everything.
    pub last_fetch: Option<String>,
    pub is_full_fetch: bool,
    /// Where the old app's own step put the issues here: until when, and when they had been fetched.
    pub copied: Option<(Timestamp, String)>,
    pub categories: Categories,
    pub points_field: Option<String>,
    /// Files of the time before the database that hold what it dropped, the best first.
    pub changelog_copies: Vec<String>,
    pub data_copies: Vec<String>,
    pub snapshot_copies: Vec<String>,
    /// How many rows each table has of it.
    pub rows: BTreeMap<&'static str, u64>,
}

impl QueryRows {
    fn of(&self) -> (&str, &str) {
        (&self.profile, &self.query)
    }

    /// How many rows a table has of it.
    pub fn count(&self, table: &str) -> u64 {
        self.rows.get(table).copied().unwrap_or_default()
    }

    /// Tables that a kind of records is read from.
    pub fn tables(content: Content) -> &'static [&'static str] {
        match content {
            Content::Issues => &["jira_issues"],
            Content::Changelogs => &["jira_changelog_entries"],
            Content::ProjectData | Content::Rows => &["project_statistics", "project_scope"],
            Content::Snapshots => &["metrics_data_points"],
        }
    }

    /// How many rows a kind of records is read from.
    pub fn count_of(&self, content: Content) -> u64 {
        Self::tables(content).iter().map(|table| self.count(table)).sum()
    }

    /// The kinds of records there are.
    pub fn contents(&self) -> impl Iterator<Item = Content> + '_ {
        let kinds =
            [Content::Issues, Content::Changelogs, Content::ProjectData, Content::Snapshots];
        let has_issues = self.count("jira_issues") > 0;
        kinds.into_iter().filter(move |content| {
            let is_known = match content {
                Content::Issues => self.last_fetch.is_some(),
                // That there are none has to be said.
                Content::Changelogs => has_issues || !self.changelog_copies.is_empty(),
                _ => false,
            };
            is_known || self.count_of(*content) > 0
        })
    }
}

/// Reads one kind of records to their end.
pub(super) fn read(
    database: &OldDatabase,
    rows: &QueryRows,
    content: Content,
    folder: &Folder,
    zone: &TimeZone,
    emit: &mut Emit<'_>,
) -> Result<Outcome> {
    let outcome = Outcome::default();
    let (count, added) = (RowCount::default(), BTreeMap::new());
    let mut reader = Reader { database, rows, zone, emit, outcome, table: "", count, added };
    match content {
        Content::Issues => reader.issues()?,
        Content::Changelogs => reader.changelogs(folder)?,
        Content::ProjectData | Content::Rows => reader.project_data(folder)?,
        Content::Snapshots => reader.snapshots(folder)?,
    }
    reader.close("");
    Ok(reader.outcome)
}

/// Names and categories of the statuses in a copy of a query's issues.
pub(crate) fn statuses_of_copy(folder: &Folder, path: &str) -> Result<Vec<(String, String)>> {
    let (mut known, mut tape) = (BTreeMap::new(), Tape::new());
    super::read_file(folder, path, Content::Issues, &TimeZone::UTC, &mut |batch| {
        if let Batch::Issues(issues) = batch {
            for issue in issues {
                let facts = IssueFacts::derive(&issue.key, &issue.document, None, &mut tape);
                if let (Some(status), Some(category)) = (facts.status, facts.status_category) {
                    known.insert(status.to_string(), category.to_string());
                }
            }
        }
        Ok(())
    })?;
    Ok(known.into_iter().collect())
}

struct Reader<'r, 'e> {
    database: &'r OldDatabase,
    rows: &'r QueryRows,
    zone: &'r TimeZone,
    emit: &'r mut Emit<'e>,
    outcome: Outcome,
    /// The table that is read, and what became of its rows so far.
    table: &'static str,
    count: RowCount,
    /// What was added to it from which copy.
    added: BTreeMap<&'r str, u64>,
}

impl<'r> Reader<'r, '_> {
    /// Begins with a table; what was counted of the one before is accounted for.
    fn close(&mut self, next: &'static str) {
        let count = std::mem::take(&mut self.count);
        if !self.table.is_empty() {
            self.outcome.records += count.taken;
            self.outcome.tables.push((self.table, count));
        }
        self.table = next;
    }

    fn each_row(
        &mut self,
        table: &'static str,
        order: Order,
        visit: &mut dyn FnMut(&mut Self, Row) -> Result<()>,
    ) -> Result<()> {
        self.close(table);
        let (database, rows) = (self.database, self.rows);
        database.each_row(table, Some(rows.of()), order, &mut |row| {
            for cell in &row.odd {
                let path = format!("{table}[{}].{}", row.rowid, cell.column);
                let (kind, note) = cell.why();
                self.keep_cell_aside(
                    row.rowid,
                    &cell.column,
                    Finding::new(path, kind, note),
                    &cell.text,
                )?;
            }
            visit(self, row)
        })
    }

    fn find(&mut self, path: String, kind: FindingKind, note: impl Into<String>) -> Finding {
        let finding = Finding::new(path, kind, note);
        self.outcome.findings.push(finding.clone());
        finding
    }

    fn keep_cell_aside(
        &mut self,
        rowid: i64,
        column: &str,
        finding: Finding,
        text: &str,
    ) -> Result<()> {
        self.count.note_cell(column, finding.kind, rowid);
        self.outcome.is_damaged = true;
        self.outcome.findings.push(finding.clone());
        (self.emit)(Batch::Quarantined(finding, text.to_owned()))
    }

    /// Parses cells that hold JSON; those that do not are kept aside as well.
    fn parse(&mut self, row: &mut Row, columns: &[&str]) -> Result<()> {
        for column in parse_cells(&mut row.cells, columns) {
            let path = format!("{}[{}].{column}", self.table, row.rowid);
            let text = row.text(&column).unwrap_or_default();
            let finding =
                Finding::new(path, FindingKind::BadCell, "no JSON; kept as the text it is");
            self.keep_cell_aside(row.rowid, &column, finding, &text)?;
        }
        Ok(())
    }

    /// Keeps a whole row aside.
    fn keep_aside(&mut self, row: &Row, why: &str) -> Result<()> {
        self.count.kept_aside += 1;
        self.outcome.is_damaged = true;
        let path = format!("{}[{}]", self.table, row.rowid);
        let finding = self.find(path, FindingKind::KeptAside, why);
        (self.emit)(Batch::Quarantined(finding, Json::Object(row.cells.clone()).to_compact()))
    }

    /// Notes a row whose day or week another row says too, which counts.
    fn merge(&mut self, rowid: i64, cells: &Object, what: &str) -> Result<()> {
        self.count.merged += 1;
        let path = format!("{}[{rowid}]", self.table);
        let note = format!("another row is of {what} and was written later");
        let finding = self.find(path, FindingKind::RepeatedRecord, note);
        (self.emit)(Batch::Quarantined(finding, Json::Object(cells.clone()).to_compact()))
    }

    fn note_time(&mut self, row: &Row, column: &str) {
        let Some(text) = row.text(column) else { return };
        let is_epoch =
            matches!(text.len(), 9 | 10 | 12 | 13) && text.bytes().all(|b| b.is_ascii_digit());
        if !is_epoch && stamp::parse(&text, &TimeZone::UTC).is_none() {
            let path = format!("{}[{}].{column}", self.table, row.rowid);
            self.find(path, FindingKind::UnreadableTime, format!("{text:?} names no time"));
            self.count.note_cell(column, FindingKind::UnreadableTime, row.rowid);
        }
    }

    /// What a table lacks, for people.
    fn lack(&self, table: &str, what: &str) -> Option<String> {
        match self.database.table(table) {
            None => Some(format!(
                "the old app's database had no {what}: its table {table} is not there"
            )),
            Some(found) if found.is_cut => {
                Some(format!("the old app's database was damaged: not all {what} could be read"))
            }
            Some(_) => None,
        }
    }

    /// Reads copies of a file until one is whole and holds anything. Says whether all is there that they
    /// held; what is damaged is named.
    fn read_copies(
        &mut self,
        folder: &Folder,
        copies: &'r [String],
        content: Content,
        take: &mut dyn FnMut(&'r str, Batch),
    ) -> Result<bool> {
        let mut is_whole = true;
        for path in copies {
            let mut emit = |batch| {
                take(path, batch);
                Ok(())
            };
            let outcome = super::read_file(folder, path, content, self.zone, &mut emit)?;
            if !outcome.is_damaged && outcome.records > 0 {
                return Ok(true);
            }
            for found in outcome.findings.into_iter().filter(|_| outcome.is_damaged) {
                // Of records that stand there twice all are taken.
                is_whole &= found.kind == FindingKind::RepeatedRecord;
                self.find(
                    format!("{path} {}", found.path).trim_end().to_owned(),
                    found.kind,
                    found.note,
                );
            }
        }
        Ok(is_whole)
    }

    fn add(&mut self, copy: &'r str, records: u64) {
        self.count.added += records;
        *self.added.entry(copy).or_default() += records;
    }

    fn note_added(&mut self, what: &str) {
        for (copy, added) in std::mem::take(&mut self.added) {
            let note = format!("{added} {what} added, as of {}", old_backup::date_of(copy));
            if added > 0 {
                self.find(copy.to_owned(), FindingKind::FromBackup, note);
            }
        }
    }
}
