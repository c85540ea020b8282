//! `jira_changelog_entries` of one query, with what only a backup of the old app has.

use std::collections::{BTreeMap, HashSet};

use model::{CacheHeader, CacheKind, Changelog, Document, Object, TimeZone};
use store::legacy::FindingKind;
use store::legacy::row::changelog::{self, Change};
use store::legacy::sqlite::Order;

use super::Reader;
use crate::error::Result;
use crate::folder::Folder;
use crate::read::{BATCH_RECORDS, Batch, Content, read_file};

impl Reader<'_, '_> {
    pub(super) fn changelogs(&mut self, folder: &Folder) -> Result<()> {
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
}

/// Entries of a copy by issue, as they were written.
fn changelogs_of_copy(
    folder: &Folder,
    path: &str,
    zone: &TimeZone,
) -> Result<BTreeMap<String, Document>> {
    let mut entries = BTreeMap::new();
    read_file(folder, path, Content::Changelogs, zone, &mut |batch| {
        if let Batch::Changelogs(found) = batch {
            entries.extend(found.into_iter().map(|entry| (entry.key, entry.document)));
        }
        Ok(())
    })?;
    Ok(entries)
}
