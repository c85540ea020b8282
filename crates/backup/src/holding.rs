//! Which backups still hold what was deleted for good, and removing them.

use std::path::{Path, PathBuf};

use model::{ProfileId, QueryKey};
use store::{Address, Reader};

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
    /// Its name, if something else has its id now.
    pub name: Option<String>,
}

impl Gone {
    /// Whether a database holds it.
    pub fn is_in(&self, reader: &dyn Reader) -> store::Result<bool> {
        let found = match &self.query {
            Some(query) => reader.query(query)?.map(|query| query.name),
            None => reader.profile(&self.profile)?.map(|profile| profile.name),
        };
        Ok(found.is_some_and(|found| self.name.as_ref().is_none_or(|name| *name == found)))
    }
}

/// Looks into the database of a backup, at a copy of it.
pub fn look_into<R>(
    entry: &Entry,
    look: impl FnOnce(&dyn Reader) -> store::Result<R>,
) -> Result<R> {
    entry::copied(entry, |copy| {
        let store = Address::Sqlite(copy.to_owned()).open_existing()?;
        Ok(look(&*store.read()?)?)
    })
}

/// Folders of the old app, and of backups of it, that still hold something of this; and its databases, which
/// may.
pub fn old_folders_that_hold(workspace: &Path, gone: &[Gone]) -> Vec<PathBuf> {
    let backups = std::fs::read_dir(migrate::backups_folder(workspace));
    let backups = backups.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut roots: Vec<PathBuf> = backups.collect();
    roots.sort();
    let roots: Vec<PathBuf> = std::iter::once(workspace.to_owned()).chain(roots).collect();
    let of = |root: &PathBuf| {
        let folders = gone.iter().map(|gone| of_old_app(root, gone)).filter(|it| it.is_dir());
        let mut held: Vec<PathBuf> = folders.collect();
        // Its rows are not looked through: whether it holds this as well is not known.
        let database = root.join(migrate::OLD_DATABASE);
        if !gone.is_empty() && database.is_file() {
            held.push(database);
        }
        held
    };
    roots.iter().flat_map(of).collect()
}

fn of_old_app(root: &Path, gone: &Gone) -> PathBuf {
    let profile = root.join("profiles").join(gone.profile.as_str());
    match &gone.query {
        Some(query) => profile.join("queries").join(query.query.as_str()),
        None => profile,
    }
}

/// Removes backups for good, after a new one was made of what there is now: there is always a way back.
/// Says how many went.
pub fn remove(job: &Job, entries: &[Entry]) -> Result<u64> {
    if entries.is_empty() {
        return Ok(0);
    }
    back_up(job, Reason::Before, None)?;
    for entry in entries {
        tracing::info!(id = entry.id, "a backup is removed for what was deleted in it");
        files::remove(&entry.path)?;
    }
    Ok(entries.len() as u64)
}
