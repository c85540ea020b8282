//! Which backups still hold what was deleted for good, and removing them.

use std::path::{Path, PathBuf};

use model::{ProfileId, QueryKey};
use store::Address;

use crate::entry::{self, Entry};
use crate::error::Result;
use crate::make::back_up;
use crate::{Job, Reason};

/// Something that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The profile, or that of the query.
    pub profile: ProfileId,
    /// The query, if only that was deleted.
    pub query: Option<QueryKey>,
    /// Name of its file in the trash.
    pub file: String,
}

/// What can be restored and still holds something of this, newest first; whatever cannot be looked
/// through may hold it.
pub fn that_hold(workspace: &Path, gone: &[Gone]) -> Vec<Entry> {
    let mut entries = entry::list(workspace);
    entries.retain(|entry| !gone.is_empty() && holds(entry, gone).unwrap_or(true));
    entries
}

fn holds(entry: &Entry, gone: &[Gone]) -> Result<bool> {
    if gone.iter().any(|gone| entry.path.join("trash").join(&gone.file).exists()) {
        return Ok(true);
    }
    entry::copied(entry, |copy| {
        let store = Address::Sqlite(copy.to_owned()).open_existing()?;
        let reader = store.read()?;
        for Gone { profile, query, .. } in gone {
            let is_there = match query {
                Some(query) => reader.query(query)?.is_some(),
                None => reader.profile(profile)?.is_some(),
            };
            if is_there {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// Folders of the old app, and of backups of it, that still hold something of this.
pub fn old_folders_that_hold(workspace: &Path, gone: &[Gone]) -> Vec<PathBuf> {
    let backups = std::fs::read_dir(migrate::backups_folder(workspace));
    let backups = backups.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut roots: Vec<PathBuf> = backups.collect();
    roots.sort();
    let of = |root: PathBuf| gone.iter().map(move |gone| of_old_app(&root, gone));
    let all = std::iter::once(workspace.to_owned()).chain(roots).flat_map(of);
    all.filter(|folder| folder.is_dir()).collect()
}

fn of_old_app(root: &Path, gone: &Gone) -> PathBuf {
    let profile = root.join("profiles").join(gone.profile.as_str());
    match &gone.query {
        Some(query) => profile.join("queries").join(query.query.as_str()),
        None => profile,
    }
}

/// Removes backups for good, after a new one was made of what there is now: there is always a way back.
pub fn remove(job: &Job, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    back_up(job, Reason::Before, None)?;
    for entry in entries {
        tracing::info!(id = entry.id, "a backup is removed for what was deleted in it");
        files::remove(&entry.path)?;
    }
    Ok(())
}
