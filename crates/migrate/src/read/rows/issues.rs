//! `jira_issues` of one query.

use std::collections::{BTreeMap, HashMap};

use model::{CacheKind, Document, Issue, Json, Object, stamp};
use store::legacy::row::category::Origin;
use store::legacy::row::issue::{self, Setting};
use store::legacy::sqlite::Order;
use store::legacy::{FindingKind, header};

use super::Reader;
use crate::error::Result;
use crate::read::{BATCH_RECORDS, Batch};

/// A row so much older than a fetch of everything was not among its answers.
const FETCH_MINUTES: u64 = 10;

impl Reader<'_, '_> {
    pub(super) fn issues(&mut self) -> Result<()> {
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
        let fetched_at = rows.last_fetch.clone().or_else(|| match (newest, &rows.copied) {
            (Some((at, _)), Some((until, fetched))) if at <= *until => Some(fetched.clone()),
            (newest, _) => newest.map(|(_, text)| text),
        });
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
}
