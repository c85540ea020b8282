//! Where something stays of what is removed from the trash for good, and removing it there.

use std::path::PathBuf;

use backup::{Entry, Gone, Kind};
use model::{ProfileId, QueryKey};
use serde::Serialize;
use store::Reader;

use super::folder::Folder;
use super::{Deleted, Trash, rows};
use crate::App;
use crate::error::Result;

/// Where something stays of what is removed from the trash for good.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KeptElsewhere {
    /// Backups that still hold it.
    pub backups: Vec<Entry>,
    /// What else can be restored and still holds it, which no backup makes up for.
    pub others: Vec<Entry>,
    /// What could not be looked through.
    pub unknown: Vec<Entry>,
    /// Folders of the old app, and of backups of those.
    pub old_folders: Vec<PathBuf>,
}

/// What was removed for good.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Emptied {
    /// Things of the trash.
    pub removed: u64,
    /// Backups that held something of them.
    pub backups_removed: u64,
    /// Backups that were to go as well and are still there, or are there in part.
    pub backups_left: Vec<String>,
    /// Why.
    pub failure: Option<String>,
    /// Why something of what was removed may still stand in unused space of the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traces: Option<String>,
}

impl App {
    /// Where something of what is in the trash stays when that is emptied.
    pub fn kept_of(&self, trash: &Trash) -> Result<KeptElsewhere> {
        let (Some(workspace), Some(_)) = (self.folder.as_deref(), self.backup_job()) else {
            return Ok(KeptElsewhere::default());
        };
        let reader = self.store.read()?;
        let gone: Vec<Gone> =
            trash.entries.iter().filter_map(|entry| gone(&*reader, &entry.deleted)).collect();
        drop(reader);
        let old_folders = backup::old_folders_that_hold(workspace, &gone);
        let mut kept = KeptElsewhere { old_folders, ..KeptElsewhere::default() };
        for entry in backup::list(workspace).into_iter().filter(|_| !gone.is_empty()) {
            match holds(&entry, &gone) {
                Ok(false) => {}
                Ok(true) if entry.kind == Kind::Backup && !entry.may_be_of_other => {
                    kept.backups.push(entry);
                }
                Ok(true) => kept.others.push(entry),
                Err(error) => {
                    tracing::warn!(%error, id = entry.id, "a backup cannot be looked through");
                    kept.unknown.push(entry);
                }
            }
        }
        Ok(kept)
    }

    /// Removes for good what is in the trash, and these backups with it.
    pub fn empty_trash(&self, backups: &[Entry]) -> Result<Emptied> {
        let folder = self.trash_folder()?;
        self.settle_killed(&folder)?;
        let removed = folder.empty()? + rows::empty(&*self.store)?;
        let mut emptied = Emptied { removed, ..Emptied::default() };
        // What was deleted still stands in unused pages of the database, for whoever looks there.
        let compacted = self.store.compact().map_err(crate::Error::from);
        emptied.traces = compacted.as_ref().err().map(ToString::to_string);
        let Some(job) = self.backup_job() else { return Ok(emptied) };
        // Of a database with traces a new backup is no better than those that would go.
        match compacted.and_then(|()| Ok(backup::remove(&job, backups)?)) {
            Ok(count) => emptied.backups_removed = count,
            Err(error) if !backups.is_empty() => {
                emptied.failure = Some(error.to_string());
                let left = backups.iter().filter(|entry| entry.path.exists());
                emptied.backups_left = left.map(|entry| entry.id.clone()).collect();
                emptied.backups_removed = (backups.len() - emptied.backups_left.len()) as u64;
            }
            Err(_) => {}
        }
        Ok(emptied)
    }
}

/// What is looked for; by its name as well where something else has its id now.
fn gone(reader: &dyn Reader, deleted: &Deleted) -> Option<Gone> {
    let query = deleted.query.as_ref();
    let query = query.map(|query| QueryKey::parse(&deleted.profile.id, &query.id)).transpose();
    let profile = ProfileId::new(deleted.profile.id.clone()).ok()?;
    let mut gone = Gone { profile, query: query.ok()?, name: None };
    if gone.is_in(reader).unwrap_or(false) {
        gone.name = Some(deleted.name().to_owned());
    }
    Some(gone)
}

/// Whether a copy holds any of these, among its records or in its trash.
fn holds(entry: &Entry, gone: &[Gone]) -> Result<bool> {
    let is_gone = |deleted: &Deleted| {
        gone.iter().any(|gone| {
            let is_of_profile = deleted.profile.id == gone.profile.as_str();
            let query = deleted.query.as_ref().map(|query| query.id.as_str());
            let gone_query = gone.query.as_ref().map(|key| key.query.as_str());
            is_of_profile && (query.is_none() || gone_query.is_none() || query == gone_query)
        })
    };
    let mut trash = Trash::default();
    if entry.path.join("trash").is_dir() {
        trash = Folder::of(&entry.path).list()?;
    }
    let in_records = backup::look_into(entry, |reader| {
        if rows::list(reader, &mut trash).is_err() {
            return Err(store::Error::Aborted("its trash cannot be read".to_owned()));
        }
        for gone in gone {
            if gone.is_in(reader)? {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    // What cannot be read of its trash may be it.
    let is_unreadable = !trash.unreadable.is_empty();
    Ok(in_records || is_unreadable || trash.entries.iter().any(|entry| is_gone(&entry.deleted)))
}
