//! Upkeep of the folder.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use jiff::ToSpan as _;
use model::{CacheKind, ProfileId, QueryKey, TaskStatus, Timestamp};

use super::JsonStore;
use super::ledger;
use super::tx::JsonTx;
use super::work_folder::WorkFolder;
use crate::contract::{
    Maintenance, ReadChangelog, ReadHeader, ReadIssue, ReadProfile, ReadProjectData, ReadQuery,
    ReadSnapshot, ReadTask, WriteTask,
};
use crate::error::{Error, Result};

/// How long the progress of an ended task is kept, in hours.
const TASK_KEPT_HOURS: i64 = 7 * 24;

impl Maintenance for JsonStore {
    fn cleanup(&self, now: Timestamp) -> Result<u64> {
        let mut tx = JsonTx::for_writing(self)?;
        let mut removed = remove_old_tasks(&mut tx, now)?;
        let queries = tx.files().tree.queries();
        for query in &queries {
            removed += remove_gone_changelogs(&mut tx, query)?;
        }
        tx.commit_with(&mut |_| Ok(()))?;
        tracing::debug!(count = removed, "records were cleaned up");
        Ok(removed)
    }

    fn check_integrity(&self) -> Result<Vec<String>> {
        let tx = JsonTx::for_reading(self)?;
        let mut findings = Vec::new();
        let mut note = |checked: Result<()>| findings.extend(checked.err().map(|e| e.to_string()));
        for id in tx.profile_ids() {
            note(tx.profile(&id).map(drop));
        }
        for key in tx.files().tree.queries() {
            note(check_query(&tx, &key));
        }
        for id in tx.registry().ids() {
            let known = ProfileId::new(id).is_ok_and(|id| tx.require_profile(&id).is_ok());
            if !known {
                findings.push(format!("profiles.json lists {id:?}, which has no folder"));
            }
        }
        Ok(findings)
    }

    /// A file is read as a whole whenever it is used, so damage cannot hide in it.
    fn look_for_damage(&self) -> Result<()> {
        Ok(())
    }

    fn size_bytes(&self) -> Result<u64> {
        size_of(self.root()).map_err(|error| Error::from_io(&error, self.root()))
    }

    fn compact(&self) -> Result<()> {
        let work = WorkFolder::of(self.root());
        if !work.exists() {
            return Ok(());
        }
        // Beginning a write removes what earlier ones left behind.
        let _writer = JsonTx::for_writing(self)?;
        let _publishing = self.lock_for_publishing(&work)?;
        self.tidy(&work)
    }

    fn schema_version(&self) -> Result<u32> {
        Ok(ledger::VERSION)
    }
}

fn remove_old_tasks(tx: &mut JsonTx<'_>, now: Timestamp) -> Result<u64> {
    let Ok(oldest) = now.checked_sub(TASK_KEPT_HOURS.hours()) else { return Ok(0) };
    let is_old =
        |task: &model::TaskProgress| task.status != TaskStatus::Running && task.updated_at < oldest;
    let mut removed = 0;
    for task in tx.tasks()?.iter().filter(|task| is_old(task)) {
        removed += u64::from(tx.remove_task(&task.id)?);
    }
    Ok(removed)
}

/// Removes changelogs of issues that a complete and newer issue cache no longer holds.
fn remove_gone_changelogs(tx: &mut JsonTx<'_>, query: &QueryKey) -> Result<u64> {
    let fetched_at = |kind| -> Result<_> {
        let header = tx.header(query, kind)?.filter(|header| header.partial.is_none());
        Ok(header.and_then(|header| header.fetched_at?.at))
    };
    let (Some(issues_at), Some(changelogs_at)) =
        (fetched_at(CacheKind::Issues)?, fetched_at(CacheKind::Changelogs)?)
    else {
        return Ok(0);
    };
    if issues_at <= changelogs_at {
        return Ok(0);
    }
    let issues = tx.records(query, CacheKind::Issues)?;
    let keys: HashSet<String> = issues.iter().map(|(key, _)| key.to_owned()).collect();
    drop(issues);
    let entries = tx.records(query, CacheKind::Changelogs)?;
    let gone = entries.iter().filter(|(key, _)| !keys.contains(*key)).count();
    drop(entries);
    if gone > 0 {
        tx.change_records(query, CacheKind::Changelogs, |records| {
            records.retain(|key| keys.contains(key));
        })?;
    }
    Ok(gone as u64)
}

/// Reads every file of a query.
fn check_query(tx: &JsonTx<'_>, key: &QueryKey) -> Result<()> {
    tx.query(key)?;
    tx.each_issue(key, &mut |_| Ok(()))?;
    tx.each_changelog(key, &mut |_| Ok(()))?;
    tx.project_data(key)?;
    tx.snapshots(key, 0).map(drop)
}

/// Bytes of all files in a folder; links are not followed.
fn size_of(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = fs::symlink_metadata(entry.path())?;
        bytes += if found.is_dir() { size_of(&entry.path())? } else { found.len() };
    }
    Ok(bytes)
}
