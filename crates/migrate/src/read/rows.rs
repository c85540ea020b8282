//! The rows of one query in the old app's database, as the records that its files held before.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{
    CacheHeader, CacheKind, Changelog, Document, Issue, IssueFacts, Json, Object, ProjectData,
    Tape, TimeZone, Week, stamp,
};
use store::legacy::row::category::{Categories, Origin};
use store::legacy::row::changelog::{self, Change};
use store::legacy::row::issue::{self, Setting};
use store::legacy::row::parse_cells;
use store::legacy::row::project_data as statistics;
use store::legacy::row::snapshot::{self, Metric};
use store::legacy::sqlite::{OldDatabase, Order, Row};
use store::legacy::{Finding, FindingKind, header, project_data};

use super::{BATCH_RECORDS, Batch, Content, Emit, Outcome, load_object};
use crate::error::Result;
use crate::folder::Folder;
use crate::old_backup;
use crate::row_count::RowCount;

/// A row so much older than a fetch of everything was not among its answers.
const FETCH_MINUTES: u64 = 10;

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
    pub categories: Categories,
    pub points_field: Option<String>,
    /// Files of the time before the database that hold what it dropped.
    pub changelog_copy: Option<String>,
    pub data_copy: Option<String>,
    pub snapshots_copy: Option<String>,
    /// How many rows each table has of it.
    pub rows: BTreeMap<&'static str, u64>,
}

impl QueryRows {
    fn of(&self) -> (&str, &str) {
        (&self.profile, &self.query)
    }

    fn count(&self, table: &str) -> u64 {
        self.rows.get(table).copied().unwrap_or_default()
    }

    /// Tables that a kind of records is read from.
    fn tables(content: Content) -> &'static [&'static str] {
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
                Content::Changelogs => has_issues || self.changelog_copy.is_some(),
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
    let mut reader =
        Reader { database, rows, zone, emit, outcome, table: "", count: RowCount::default() };
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
                let (kind, note) = if cell.is_text {
                    (FindingKind::Cp1252, "bytes that are not UTF-8 were read as cp1252")
                } else {
                    (FindingKind::BadCell, "bytes where text or a number belongs; kept aside")
                };
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

    fn issues(&mut self) -> Result<()> {
        let rows = self.rows;
        let setting =
            Setting { points_field: rows.points_field.as_deref(), categories: &rows.categories };
        let last_of = self.repeated_keys()?;
        let fetched =
            rows.last_fetch.as_ref().and_then(|at| stamp::parse(at, self.zone)).map(|(at, _)| at);
        let full_fetch = fetched.filter(|_| rows.is_full_fetch);
        let oldest = full_fetch
            .and_then(|at| at.checked_sub(std::time::Duration::from_secs(60 * FETCH_MINUTES)).ok());
        let (mut batch, mut newest, mut derived) = (Vec::new(), None, BTreeMap::new());
        self.each_row("jira_issues", Order::Inserted, &mut |reader, mut row| {
            let Some(key) = row.text("issue_key").filter(|key| !key.is_empty()) else {
                return reader.keep_aside(&row, "it has no issue key");
            };
            if last_of.get(&key).is_some_and(|last| row.rowid < *last) {
                return reader.keep_aside(&row, "a later row has its issue key");
            }
            reader.parse(&mut row, &issue::JSON_COLUMNS)?;
            issue::TIME_COLUMNS.iter().for_each(|column| reader.note_time(&row, column));
            let (mut document, origin) = issue::document_of(&row.cells, &setting);
            if origin != Some(Origin::Scope) {
                let status = row.text("status").unwrap_or_default();
                *derived.entry((status, origin)).or_insert(0_u64) += 1;
            }
            let at = row
                .text("fetched_at")
                .and_then(|at| stamp::parse(&at, reader.zone).map(|(at, _)| at));
            if matches!((at, oldest), (Some(at), Some(oldest)) if at < oldest) {
                document.set("may_have_left", Json::Bool(true));
                let path = format!("jira_issues[{}]", row.rowid);
                reader.find(
                    path,
                    FindingKind::MayHaveLeft,
                    format!("{key}: the last fetch did not bring it"),
                );
                reader.count.note_cell("fetched_at", FindingKind::MayHaveLeft, row.rowid);
            }
            newest = newest.take().max(at.zip(row.text("fetched_at")));
            reader.count.taken += 1;
            batch.push(Issue { key, document: Document::from(&Json::Object(document)) });
            if batch.len() >= BATCH_RECORDS {
                (reader.emit)(Batch::Issues(std::mem::take(&mut batch)))?;
            }
            Ok(())
        })?;
        if !batch.is_empty() {
            (self.emit)(Batch::Issues(batch))?;
        }
        self.note_derived(derived);
        let fetched_at = rows.last_fetch.clone().or_else(|| newest.map(|(_, text)| text));
        let mut members = Object::new();
        members.set_some("timestamp", fetched_at.map(Json::Text));
        members.set("jql_query", Json::text(&rows.jql));
        let (mut header, findings) = header::decode(members.clone(), self.zone);
        self.outcome.findings.extend(findings);
        header.partial = self.lack("jira_issues", "issues");
        (self.emit)(Batch::Header(CacheKind::Issues, Box::new(header), members))
    }

    /// The last row of each issue that has several, which only a damaged database can have.
    fn repeated_keys(&mut self) -> Result<HashMap<String, i64>> {
        let rows = self.rows;
        let different = self.database.texts("jira_issues", "issue_key", rows.of())?.len() as u64;
        let mut last = HashMap::new();
        if different < rows.count("jira_issues") {
            self.database.each_row(
                "jira_issues",
                Some(rows.of()),
                Order::Inserted,
                &mut |row| {
                    row.text("issue_key").and_then(|key| last.insert(key, row.rowid));
                    Ok::<(), crate::Error>(())
                },
            )?;
        }
        Ok(last)
    }

    fn note_derived(&mut self, derived: BTreeMap<(String, Option<Origin>), u64>) {
        for ((status, origin), issues) in
            derived.into_iter().filter(|((status, _), _)| !status.is_empty())
        {
            let note = match origin {
                Some(origin) => {
                    format!("{issues} issues in {status:?}: category from {}", origin.code())
                }
                None => format!("{issues} issues in {status:?}: category unknown; a sync tells"),
            };
            let path = format!("jira_issues of {}/{}", self.rows.profile, self.rows.query);
            self.find(path, FindingKind::DerivedCategory, note);
        }
    }

    fn changelogs(&mut self, folder: &Folder) -> Result<()> {
        let rows = self.rows;
        let mut copies = match &rows.changelog_copy {
            Some(path) => changelogs_of_copy(folder, path, self.zone)?,
            None => BTreeMap::new(),
        };
        let keys: HashSet<String> =
            self.database.texts("jira_issues", "issue_key", rows.of())?.into_iter().collect();
        let mut batch = Vec::new();
        let mut current: Option<(String, Vec<Change>)> = None;
        self.each_row("jira_changelog_entries", Order::Issue, &mut |reader, row| {
            let Some(key) = row.text("issue_key").filter(|key| !key.is_empty()) else {
                return reader.keep_aside(&row, "it has no issue key");
            };
            reader.note_time(&row, changelog::TIME_COLUMN);
            reader.count.taken += 1;
            let change = Change::of(row.cells);
            if let Some((last, changes)) = &mut current
                && *last == key
            {
                changes.push(change);
                return Ok(());
            }
            let finished = current.replace((key, vec![change]));
            reader.put_changelog(finished, &mut copies, &mut batch)
        })?;
        self.put_changelog(current.take(), &mut copies, &mut batch)?;
        let entries = self.count.taken;
        self.add_copies(copies, &keys, &mut batch)?;
        if !batch.is_empty() {
            (self.emit)(Batch::Changelogs(batch))?;
        }
        if let Some(path) = &rows.changelog_copy {
            self.note_added(path, "changes");
        }
        let mut header = CacheHeader {
            partial: self.lack("jira_changelog_entries", "histories"),
            ..CacheHeader::default()
        };
        if entries == 0 && self.count.added == 0 {
            let lack = "the old app had no history of these issues yet; a sync fetches them";
            header.partial = header.partial.or(Some(lack.to_owned()));
            let path = format!("jira_changelog_entries of {}/{}", rows.profile, rows.query);
            self.find(path, FindingKind::NoHistory, "no history is stored, and no backup has one");
        }
        (self.emit)(Batch::Header(CacheKind::Changelogs, Box::new(header), Object::new()))
    }

    fn put_changelog(
        &mut self,
        finished: Option<(String, Vec<Change>)>,
        copies: &mut BTreeMap<String, Document>,
        batch: &mut Vec<Changelog>,
    ) -> Result<()> {
        let Some((key, mut changes)) = finished else { return Ok(()) };
        if let Some(copy) = copies.remove(&key).and_then(|copy| copy.to_json().ok()) {
            self.count.added += changelog::merge(&mut changes, changelog::changes_of(&copy));
        }
        let document = Document::from(&changelog::entry_of(&key, changes));
        self.push_changelog(Changelog { key, document }, batch)
    }

    fn push_changelog(&mut self, entry: Changelog, batch: &mut Vec<Changelog>) -> Result<()> {
        batch.push(entry);
        if batch.len() >= BATCH_RECORDS {
            (self.emit)(Batch::Changelogs(std::mem::take(batch)))?;
        }
        Ok(())
    }

    /// Histories that only the copy has: of issues that are in the query still.
    fn add_copies(
        &mut self,
        copies: BTreeMap<String, Document>,
        keys: &HashSet<String>,
        batch: &mut Vec<Changelog>,
    ) -> Result<()> {
        for (key, document) in copies {
            if keys.contains(&key) {
                let entry = document.to_json().unwrap_or_default();
                self.count.added += changelog::changes_of(&entry).len() as u64;
                self.push_changelog(Changelog { key, document }, batch)?;
            } else {
                let path =
                    format!("{}.{key}", self.rows.changelog_copy.as_deref().unwrap_or_default());
                let finding = self.find(
                    path,
                    FindingKind::KeptAside,
                    "its issue is not in the query any more",
                );
                (self.emit)(Batch::Quarantined(finding, document.as_str().to_owned()))?;
            }
        }
        Ok(())
    }

    fn note_added(&mut self, copy: &str, what: &str) {
        if self.count.added > 0 {
            let note =
                format!("{} {what} added, as of {}", self.count.added, old_backup::date_of(copy));
            self.find(copy.to_owned(), FindingKind::FromBackup, note);
        }
    }

    fn project_data(&mut self, folder: &Folder) -> Result<()> {
        let mut days = Vec::new();
        self.each_row("project_statistics", Order::Inserted, &mut |_, row| {
            let date = row.text("stat_date").and_then(|date| model::project_data::read_date(&date));
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
        if let Some(path) = &self.rows.data_copy {
            let copy = load_object(folder, path)?.object;
            for name in ["metadata", "metrics_history"] {
                members.set_some(name, copy.get(name).cloned());
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

    fn snapshots(&mut self, folder: &Folder) -> Result<()> {
        let mut metrics: BTreeMap<(Week, String), (i64, Metric)> = BTreeMap::new();
        self.each_row("metrics_data_points", Order::Inserted, &mut |reader, mut row| {
            reader.parse_metric(&mut row)?;
            let metric = match Metric::of(&row.cells) {
                Ok(metric) => metric,
                Err(why) => return reader.keep_aside(&row, why),
            };
            let place = (metric.week, metric.name.clone());
            let what = format!("{} {}", place.0, place.1);
            let lost = match metrics.entry(place) {
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert((row.rowid, metric));
                    return Ok(());
                }
                std::collections::btree_map::Entry::Occupied(mut known) => {
                    if metric.calculated_at() >= known.get().1.calculated_at() {
                        known.insert((row.rowid, metric))
                    } else {
                        (row.rowid, metric)
                    }
                }
            };
            reader.merge(lost.0, &lost.1.row(), &what)
        })?;
        self.count.taken += metrics.len() as u64;
        let mut weeks: BTreeMap<Week, Object> = BTreeMap::new();
        for ((week, name), (_, metric)) in metrics {
            weeks.entry(week).or_default().set(name, Json::Object(metric.values));
        }
        self.add_snapshots(folder, &mut weeks)?;
        let weeks: Object = weeks
            .into_iter()
            .map(|(week, metrics)| (week.to_string(), Json::Object(metrics)))
            .collect();
        let mut snapshots = Vec::new();
        for (label, week) in weeks.iter() {
            let decoded = store::legacy::snapshot::decode_week(label, week.clone());
            let (found, findings) = decoded.unwrap_or_default();
            snapshots.extend(found);
            self.outcome.findings.extend(findings);
        }
        (self.emit)(Batch::Snapshots(snapshots, weeks))
    }

    /// Metrics that only the copy has: the old app's step to its database dropped some.
    fn add_snapshots(&mut self, folder: &Folder, weeks: &mut BTreeMap<Week, Object>) -> Result<()> {
        let Some(path) = &self.rows.snapshots_copy else { return Ok(()) };
        let added = &mut self.count.added;
        super::read_file(folder, path, Content::Snapshots, self.zone, &mut |batch| {
            let Batch::Snapshots(snapshots, _) = batch else { return Ok(()) };
            for snapshot in snapshots {
                let week = weeks.entry(snapshot.week).or_default();
                if week.get(&snapshot.metric).is_none() {
                    let value = store::legacy::snapshot::encode_metric(&snapshot);
                    week.set(snapshot.metric, value);
                    *added += 1;
                }
            }
            Ok(())
        })?;
        self.note_added(path, "metrics");
        Ok(())
    }

    /// A value is JSON where it is text that begins like an object.
    fn parse_metric(&mut self, row: &mut Row) -> Result<()> {
        let is_object =
            |column: &&str| row.text(column).is_some_and(|text| text.trim_start().starts_with('{'));
        let columns: Vec<&str> = snapshot::JSON_COLUMNS.iter().copied().filter(is_object).collect();
        self.parse(row, &columns)
    }
}

/// Entries of a copy by issue, as they were written.
fn changelogs_of_copy(
    folder: &Folder,
    path: &str,
    zone: &TimeZone,
) -> Result<BTreeMap<String, Document>> {
    let mut entries = BTreeMap::new();
    super::read_file(folder, path, Content::Changelogs, zone, &mut |batch| {
        if let Batch::Changelogs(found) = batch {
            entries.extend(found.into_iter().map(|entry| (entry.key, entry.document)));
        }
        Ok(())
    })?;
    Ok(entries)
}
