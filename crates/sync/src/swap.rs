//! Making what was fetched visible: one transaction for issues, changelogs, what went, headers,
//! ledger and task.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use model::hash::hex;
use model::remote::Fetched;
use model::sync::MISSING_NAMED_MAX;
use model::{
    CacheHeader, CacheKind, Document, Issue, Json, MissingIssue, QueryKey, Stamp, SyncOutcome,
    SyncRecord, Tape, Timestamp, type_place,
};
use sha2::{Digest as _, Sha256};
use store::{Reader, Record, Stage, Writer};

use crate::Workspace;
use crate::ask::{Ask, Remembered};
use crate::compare::{Plan, Stored};
use crate::entered_later;
use crate::entry::entry;
use crate::error::{Error, Result};
use crate::former_name;
use crate::gather::Gathered;
use crate::lease;
use crate::loss;
use crate::missing::{count, missing, missing_histories};
use crate::progress::{SyncControl, check, ended};

/// How many records are in memory at a time.
const BATCH_RECORDS: usize = 500;
/// The mark that the old app knows.
const CACHE_VERSION: &str = "2.0";
/// Bytes that the old app keeps of a hash of the JQL.
const HASH_BYTES: usize = 8;

/// What goes into the store.
pub(super) struct Swap<'s> {
    pub workspace: Workspace<'s>,
    pub ask: &'s Ask,
    pub stored: &'s Stored,
    pub plan: &'s Plan,
    pub gathered: &'s Gathered,
    /// How many stored issues this login no longer sees.
    pub unseen: usize,
    pub stage: &'s Stage,
    /// The number of the lease that it was fetched under.
    pub lease: Option<u64>,
    pub control: &'s dyn SyncControl,
}

/// What became of the issues.
#[derive(Default)]
struct Tally {
    /// Keys of all that the query has now.
    present: HashSet<String>,
    /// Keys of stored ones that are not what they were, sorted.
    changed: BTreeSet<String>,
    /// Keys of those that were not stored, sorted.
    new: BTreeSet<String>,
    /// What no document of today tells.
    remembered: Remembered,
    /// What is missing of the issues, and of the changelogs.
    failed: Vec<MissingIssue>,
    cut: Vec<MissingIssue>,
    gone: u64,
    /// Those that have another key now.
    moved: usize,
    histories_told: u64,
    histories_stored: u64,
}

/// Keys by the ids of issues.
type FormerKeys = HashMap<String, String>;

/// Keys of stored issues that the query does not find under them any more.
#[derive(Default)]
struct Parting<'k> {
    /// Those that leave now.
    leaving: Vec<&'k str>,
    /// Those that are kept no more: what is found under another key, and everything after an edit of the
    /// JQL.
    removed: Vec<&'k str>,
    /// How many of them came in anew under another key.
    moved: usize,
}

impl Swap<'_> {
    /// Does it, and completes the record. On an error nothing was changed.
    pub fn run(&self, record: &mut SyncRecord) -> Result<()> {
        let mut writer = self.workspace.store.write()?;
        self.refuse_if_changed(&*writer)?;
        let mut tally = self.kept();
        let former = OnceCell::new();
        self.put_issues(&mut *writer, &mut tally, &former)?;
        self.put_changelogs(&mut *writer, &mut tally, &former)?;
        self.part_with_gone(&mut *writer, record.started_at, &mut tally)?;
        self.put_statuses(&mut *writer)?;
        self.put_headers(&mut *writer, &tally, record)?;
        self.complete(record, &tally);
        writer.put_task(&ended(self.key(), record))?;
        writer.add_sync(self.key(), record)?;
        check(self.control)?;
        Ok(writer.commit()?)
    }

    fn key(&self) -> &QueryKey {
        &self.ask.query.key
    }

    /// Whoever edits the query or replaces its issues meanwhile has the last word.
    fn refuse_if_changed(&self, writer: &dyn Writer) -> Result<()> {
        if let Some(number) = self.lease
            && lease::number_of(writer, self.key())? != Some(number)
        {
            return Err(Error::TakenOver { query: self.key().clone() });
        }
        let now = writer.query(self.key())?;
        let now = now.ok_or_else(|| store::Error::QueryNotFound(self.key().clone()))?;
        let seen = writer.revision_of(Record::Header(self.key(), CacheKind::Issues))?;
        if now.jql != self.ask.query.jql || seen != self.ask.seen {
            return Err(Error::ChangedDuringSync { name: now.name });
        }
        Ok(())
    }

    /// What stays as it is: what was not fetched, and what is stored of that which failed.
    fn kept(&self) -> Tally {
        let remembered = Remembered::of(&self.ask.changelogs);
        let mut tally = Tally { remembered, ..Tally::default() };
        let mut due: HashSet<usize> = self.plan.fetch.iter().copied().collect();
        for (place, stub) in self.plan.stubs.iter().enumerate() {
            let why = self.gathered.failed.get(&stub.id);
            if let Some(why) = why {
                tally.failed.push(MissingIssue { key: stub.key.clone(), why: why.clone() });
            }
            let is_stored = self.stored.contains(&stub.key) && !self.ask.is_of_another_jira;
            if !due.remove(&place) || (why.is_some() && is_stored) {
                tally.present.insert(stub.key.clone());
            }
        }
        tally
    }

    /// Ids of what came, in the order of the walk and not of the answers: what is new is stored as a
    /// full fetch would store it.
    fn came(&self) -> impl Iterator<Item = &str> {
        let ids = self.plan.to_fetch().map(|stub| stub.id.as_str());
        ids.filter(|id| self.gathered.came.contains(*id))
    }

    fn put_issues(
        &self,
        writer: &mut dyn Writer,
        tally: &mut Tally,
        former: &OnceCell<FormerKeys>,
    ) -> Result<()> {
        let mut batch = Vec::with_capacity(BATCH_RECORDS);
        let mut tape = Tape::new();
        for id in self.came() {
            let fetched = self.stage.issue(id)?;
            tally.note(&fetched);
            let Fetched { stub, document, .. } = fetched;
            if let Some(field) = &self.ask.epic_name_field {
                tally.remembered.named_epics.remove(&stub.key);
                if names_epic(&document, field, &mut tape) {
                    tally.remembered.named_epics.insert(stub.key.clone());
                }
            }
            if !self.stored.contains(&stub.key) {
                let of = (stub.key.as_str(), &document);
                match self.former_key(&*writer, &stub.id, former)? {
                    Some(key) => self.follow(&*writer, key, of, &mut tally.remembered)?,
                    None => self.note_entry(of, &mut tally.remembered),
                }
                tally.new.insert(stub.key.clone());
            } else {
                let stored = writer.issue(self.key(), &stub.key)?.map(|issue| issue.document);
                if !self.stored.has_left(&stub.key) && stored.as_ref() == Some(&document) {
                    continue;
                }
                if let Some(stored) = stored.as_ref().filter(|_| !self.ask.is_of_another_jira) {
                    let types = &mut tally.remembered.former_types;
                    former_name::note_type(types, stored, &document, &mut tape);
                }
                tally.changed.insert(stub.key.clone());
            }
            batch.push(Issue { key: stub.key, document });
            if batch.len() == BATCH_RECORDS {
                check(self.control)?;
                writer.put_issues(self.key(), &std::mem::take(&mut batch))?;
            }
        }
        Ok(writer.put_issues(self.key(), &batch)?)
    }

    fn put_changelogs(
        &self,
        writer: &mut dyn Writer,
        tally: &mut Tally,
        former: &OnceCell<FormerKeys>,
    ) -> Result<()> {
        let mut batch = Vec::with_capacity(BATCH_RECORDS);
        let mut tapes = [Tape::new(), Tape::new()];
        for id in self.came() {
            let fetched = self.stage.issue(id)?;
            let key = &fetched.stub.key;
            let stored = match self.stored.contains(key) {
                true => writer.changelog(self.key(), key)?,
                false if fetched.has_whole_history() => None,
                false => match self.former_key(&*writer, id, former)? {
                    Some(key) => writer.changelog(self.key(), key)?,
                    None => None,
                },
            };
            // Of an issue without a history nothing is known: that is not an empty one.
            let is_known = fetched.has_whole_history() || fetched.histories_received > 0;
            if !is_known && stored.is_none() {
                continue;
            }
            let entry = entry(&fetched, stored.as_ref(), &mut tapes);
            if stored.as_ref() == Some(&entry) {
                continue;
            }
            if self.stored.contains(key) {
                tally.changed.insert(key.clone());
            }
            batch.push(entry);
            if batch.len() == BATCH_RECORDS {
                check(self.control)?;
                writer.put_changelogs(self.key(), &std::mem::take(&mut batch))?;
            }
        }
        Ok(writer.put_changelogs(self.key(), &batch)?)
    }

    /// The key that an issue had before it moved. `former` keeps those of stored issues that are not
    /// found under them any more.
    fn former_key<'f>(
        &self,
        reader: &dyn Reader,
        id: &str,
        former: &'f OnceCell<FormerKeys>,
    ) -> Result<Option<&'f String>> {
        if former.get().is_none() && !self.ask.is_of_another_jira {
            let found: HashSet<&str> = self.plan.stubs.iter().map(|s| s.key.as_str()).collect();
            let lost: Vec<&str> = self.stored.keys().filter(|key| !found.contains(key)).collect();
            let ids = loss::ids_of(reader, self.key(), &lost)?;
            let _ = former.set(ids.into_iter().map(|(key, id)| (id, key)).collect());
        }
        Ok(former.get().and_then(|former| former.get(id)))
    }

    /// An issue that has another key now came in when it did under the one that it had.
    fn follow(
        &self,
        reader: &dyn Reader,
        before: &str,
        (key, document): (&str, &Document),
        remembered: &mut Remembered,
    ) -> Result<()> {
        if self.ask.entered_later.contains(before) {
            remembered.entered_later.insert(key.to_owned());
        }
        if let Some(stored) = reader.issue(self.key(), before)? {
            let (projects, mut tape) = (&mut remembered.former_projects, Tape::new());
            former_name::note_project(projects, &stored.document, document, &mut tape);
        }
        Ok(())
    }

    /// An issue that is new to the query may have been there before.
    fn note_entry(&self, (key, document): (&str, &Document), remembered: &mut Remembered) {
        if let Some(found) = self.ask.found_all_at()
            && !self.ask.unfetched.contains(key)
            && entered_later::is_it(document, found, &mut Tape::new())
        {
            remembered.entered_later.insert(key.to_owned());
        }
    }

    /// What the query does not find any more has left it: it keeps document and history, so that
    /// what was delivered stays in its week. If the server did not list all that it told of, only
    /// what it says is gone. After an edit of the JQL there is no past to keep.
    fn part_with_gone(
        &self,
        writer: &mut dyn Writer,
        as_of: Timestamp,
        tally: &mut Tally,
    ) -> Result<()> {
        if self.unseen > 0 {
            return Ok(());
        }
        let listed: HashSet<&str> = self.plan.stubs.iter().map(|stub| stub.key.as_str()).collect();
        let is_gone = |key: &&str| {
            !tally.present.contains(*key) && (self.plan.told.is_none() || listed.contains(*key))
        };
        let gone: Vec<&str> = self.stored.keys().filter(is_gone).collect();
        let Parting { leaving, removed, moved } = self.leaving(&*writer, gone, &tally.new)?;
        // The day of the data: what is seen to be gone has left by then.
        let marks: Vec<(&str, Timestamp)> = leaving.iter().map(|key| (*key, as_of)).collect();
        if !marks.is_empty() {
            writer.mark_left(self.key(), &marks)?;
        }
        writer.remove_issues_of(self.key(), &removed)?;
        let is_orphaned = |key: &&str| is_gone(key) && !self.stored.contains(key);
        let orphaned = self.stored.changelog_keys().filter(is_orphaned);
        let changelogs: Vec<&str> = removed.iter().copied().chain(orphaned).collect();
        writer.remove_changelogs_of(self.key(), &changelogs)?;
        let is_new = |key: &&&str| !self.stored.has_left(key);
        tally.gone = match self.ask.is_same_query {
            true => leaving.len() as u64,
            false => removed.iter().filter(is_new).count() as u64,
        };
        tally.moved = moved;
        Ok(())
    }

    /// What becomes of the gone; `new` are the keys that were not stored before.
    fn leaving<'k>(
        &self,
        reader: &dyn Reader,
        gone: Vec<&'k str>,
        new: &BTreeSet<String>,
    ) -> Result<Parting<'k>> {
        if !self.ask.is_same_query {
            return Ok(Parting { removed: gone, ..Parting::default() });
        }
        let stubs = self.plan.stubs.iter();
        let found: HashMap<&str, &str> =
            stubs.map(|stub| (stub.id.as_str(), stub.key.as_str())).collect();
        let ids = loss::ids_of(reader, self.key(), &gone)?;
        let key_now = |key: &str| ids.get(key).and_then(|id| found.get(id.as_str()).copied());
        let is_kept = |key: &str| {
            let project = key.rsplit_once('-').map(|(project, _)| project);
            project.is_some_and(|project| self.ask.kept_projects.iter().any(|kept| kept == project))
        };
        let (removed, left): (Vec<&str>, Vec<&str>) =
            gone.into_iter().partition(|key| key_now(key).is_some());
        let is_move = |key: &&&str| {
            !self.stored.has_left(key) && key_now(key).is_some_and(|now| new.contains(now))
        };
        let moved = removed.iter().filter(is_move).count();
        let is_leaving = |key: &&str| !self.stored.has_left(key) && !is_kept(key);
        Ok(Parting { leaving: left.into_iter().filter(is_leaving).collect(), removed, moved })
    }

    fn put_statuses(&self, writer: &mut dyn Writer) -> Result<()> {
        let profile = &self.key().profile;
        let (before, order) = (writer.statuses(profile)?, self.ask.status_order.as_deref());
        let statuses = self.ask.labels.statuses(before, order, self.workspace.now());
        Ok(writer.put_statuses(profile, &statuses)?)
    }

    fn put_headers(
        &self,
        writer: &mut dyn Writer,
        tally: &Tally,
        record: &SyncRecord,
    ) -> Result<()> {
        let fetched_at = Stamp::at(record.started_at);
        let both = CacheHeader {
            expires_at: record.started_at.checked_add(self.ask.fresh).ok(),
            fetched_at: Some(fetched_at.clone()),
            jql: Some(self.ask.query.jql.clone()),
            fields_requested: Some(self.ask.fields_text()),
            ..CacheHeader::default()
        };
        let written = tally.new.union(&tally.changed).map(Json::text).collect();
        let issues = CacheHeader {
            cache_version: Some(Json::text(CACHE_VERSION)),
            jql_hash: Some(hash(&self.ask.query.jql)),
            last_updated: Some(fetched_at),
            changed_keys: Some(Json::Array(written)),
            told_total: i64::try_from(tally.present.len()).ok().map(Json::integer),
            partial: self.missing_issues(tally),
            extra: self.ask.header.extra.clone(),
            ..both.clone()
        };
        let mut changelogs = CacheHeader { partial: missing_histories(&tally.cut), ..both };
        let unfetched = tally.failed.iter().chain(&tally.cut);
        let unfetched = unfetched.map(|issue| issue.key.clone()).collect();
        self.ask.remember(&mut changelogs, &unfetched, &tally.remembered);
        writer.put_header(self.key(), CacheKind::Issues, &issues)?;
        Ok(writer.put_header(self.key(), CacheKind::Changelogs, &changelogs)?)
    }

    fn missing_issues(&self, tally: &Tally) -> Option<String> {
        let failed = missing(&tally.failed, "could not be fetched");
        let listed = self.plan.stubs.len();
        let told =
            self.plan.told.map(|told| format!("Jira told of {told} issues but listed {listed}"));
        let unseen = self.unseen_told();
        let both: Vec<String> = failed.into_iter().chain(told).chain(unseen).collect();
        (!both.is_empty()).then(|| both.join("; "))
    }

    fn unseen_told(&self) -> Option<String> {
        let unseen = (self.unseen > 0).then(|| count(self.unseen))?;
        Some(format!(
            "this login no longer sees {unseen}; `sync --full --accept-loss` lets them go"
        ))
    }

    fn complete(&self, record: &mut SyncRecord, tally: &Tally) {
        let written = (tally.new.len() + tally.changed.len()) as u64;
        let is_partial = self.plan.told.is_some()
            || self.unseen > 0
            || !tally.failed.is_empty()
            || !tally.cut.is_empty();
        record.outcome = if is_partial { SyncOutcome::Partial } else { SyncOutcome::Done };
        record.changed = tally.changed.len() as u64;
        // What moved was there under its former key.
        record.new = tally.new.len().saturating_sub(tally.moved) as u64;
        record.moved = tally.moved as u64;
        record.gone = tally.gone;
        record.unchanged = (tally.present.len() as u64).saturating_sub(written);
        record.histories_told = tally.histories_told;
        record.histories_stored = tally.histories_stored;
        record.missing_count = (tally.failed.len() + tally.cut.len()) as u64;
        let missing = tally.failed.iter().chain(&tally.cut);
        record.missing = missing.take(MISSING_NAMED_MAX).cloned().collect();
        record.message = format!(
            "{}: {} new, {} changed, {} gone",
            count(tally.present.len()),
            record.new,
            record.changed,
            record.gone
        );
        if record.moved > 0 {
            record.message += &format!(", {} moved", record.moved);
        }
        if is_partial {
            record.message += "; not all could be had";
        }
        if record.gone > 0 && self.ask.is_same_query {
            record.message += "; what is gone left the query";
        }
        if self.ask.is_of_another_jira {
            record.message += "; what was stored was of another Jira and is replaced";
        }
        if let Some(unseen) = self.unseen_told() {
            record.message += &format!("; {unseen}");
        }
        record.ended_at = self.workspace.now();
    }
}

impl Tally {
    fn note(&mut self, fetched: &Fetched) {
        let (told, came) = (fetched.histories_told, fetched.histories_received);
        self.present.insert(fetched.stub.key.clone());
        self.histories_told += told.unwrap_or(came);
        self.histories_stored += came;
        if !fetched.has_whole_history() {
            let why = match told {
                Some(told) => format!("{came} of {told} changelog entries came"),
                None if came == 0 => "the server did not send its history".to_owned(),
                None => {
                    format!("{came} changelog entries came, and nobody says how many there are")
                }
            };
            self.cut.push(MissingIssue { key: fetched.stub.key.clone(), why });
        }
    }
}

/// Whether the field that names epics holds a text. Where the server tells levels, these say it.
fn names_epic(document: &Document, field: &str, tape: &mut Tape) -> bool {
    let Ok(issue) = tape.parse(document.as_str()) else { return false };
    let Some(fields) = issue.get("fields") else { return false };
    let place = fields.get("issuetype").map(type_place).unwrap_or_default();
    let name = fields.get(field).and_then(|name| name.as_text());
    place.hierarchy_level.is_none() && name.is_some_and(|text| !text.trim().is_empty())
}

/// The old app's hash of a JQL.
fn hash(jql: &str) -> String {
    hex(Sha256::digest(jql).get(..HASH_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jql_is_hashed_as_the_old_app_does() {
        assert_eq!(hash("project = K"), "896aae1d3ee526a9");
    }
}
