//! `jira_changelog_entries` of one query, with what only a backup of the old app has.

use std::collections::{BTreeMap, HashSet};

use model::{CacheHeader, CacheKind, Changelog, Document, Object};
use store::legacy::FindingKind;
use store::legacy::row::changelog::{self, Change};
use store::legacy::sqlite::Order;

use super::Reader;
use crate::error::Result;
use crate::folder::Folder;
use crate::read::{BATCH_RECORDS, Batch, Content};

/// Entries that copies have, by issue, each with the copy that it is from.
type Copies<'r> = BTreeMap<String, Vec<(&'r str, Document)>>;

impl<'r> Reader<'r, '_> {
    pub(super) fn changelogs(&mut self, folder: &Folder) -> Result<()> {
        let rows = self.rows;
        let mut copies = Copies::new();
        let content = Content::Changelogs;
        let is_whole =
            self.read_copies(folder, &rows.changelog_copies, content, &mut |copy, batch| {
                let Batch::Changelogs(found) = batch else { return };
                for entry in found {
                    copies.entry(entry.key).or_default().push((copy, entry.document));
                }
            })?;
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
        self.note_added("changes");
        let damaged = "a copy that the old app made is damaged: not all histories could be read";
        let lack = self.lack("jira_changelog_entries", "histories");
        let partial = lack.or((!is_whole).then(|| damaged.to_owned()));
        let mut header = CacheHeader { partial, ..CacheHeader::default() };
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
        copies: &mut Copies<'r>,
        batch: &mut Vec<Changelog>,
    ) -> Result<()> {
        let Some((key, changes)) = finished else { return Ok(()) };
        let copied = copies.remove(&key).unwrap_or_default();
        self.unite(key, changes, copied, batch)
    }

    /// Puts together what rows and copies say of an issue. What one copy alone says stays as it is there.
    fn unite(
        &mut self,
        key: String,
        mut changes: Vec<Change>,
        mut copied: Vec<(&'r str, Document)>,
        batch: &mut Vec<Changelog>,
    ) -> Result<()> {
        let mut is_one = changes.is_empty() && copied.len() == 1;
        for (copy, document) in &copied {
            let found = changelog::changes_of(&document.to_json().unwrap_or_default());
            let told = found.len() as u64;
            let added = changelog::merge(&mut changes, found);
            is_one &= added == told;
            self.add(copy, added);
        }
        let document = match copied.pop() {
            Some((_, document)) if is_one => document,
            _ => Document::from(&changelog::entry_of(&key, changes)),
        };
        batch.push(Changelog { key, document });
        if batch.len() >= BATCH_RECORDS {
            (self.emit)(Batch::Changelogs(std::mem::take(batch)))?;
        }
        Ok(())
    }

    /// Histories that only the copy has: of issues that are in the query still.
    fn add_copies(
        &mut self,
        copies: Copies<'r>,
        keys: &HashSet<String>,
        batch: &mut Vec<Changelog>,
    ) -> Result<()> {
        for (key, copied) in copies {
            if keys.contains(&key) {
                self.unite(key, Vec::new(), copied, batch)?;
                continue;
            }
            for (copy, document) in copied {
                let note = "its issue is not in the query any more";
                let finding = self.find(format!("{copy}.{key}"), FindingKind::KeptAside, note);
                (self.emit)(Batch::Quarantined(finding, document.as_str().to_owned()))?;
            }
        }
        Ok(())
    }
}
