//! The trash: what was deleted waits there for thirty days as a copy that was proven equal, in a folder
//! beside a workspace of one file (`folder.rs`), in the store of a server (`rows.rs`).
//!
//! Deleting (`delete.rs`) writes a copy, proves it, gives it its name, and only then removes the thing
//! from the store in one transaction, which on a server is that of the copy. So a crash at any moment
//! leaves the thing, or the thing and its copy, or its copy, and never nothing. Restoring goes the same
//! way back.

use std::time::Duration;

use model::{ProfileId, QueryKey, TimeZone, Timestamp};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::Result;
use crate::trail::Named;

mod delete;
mod folder;
mod kept;
mod restore;
mod rows;

pub use delete::Going;
pub use kept::{Emptied, KeptElsewhere};
pub use restore::Restored;

use folder::Folder;

/// For how many days deleted things are kept.
pub const DAYS_KEPT: u64 = 30;

/// What can be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// A profile with all below it.
    Profile(ProfileId),
    /// A query with all it holds.
    Query(QueryKey),
}

/// Something that was deleted, as its file says in its first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The profile, or the one that the query belonged to.
    pub profile: Named,
    /// The query, if it was one.
    pub query: Option<Named>,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// How many queries went.
    pub queries: u64,
    /// How many issues went.
    pub issues: u64,
    /// How many changelogs went.
    pub changelogs: u64,
    /// Whether a Jira token went, which is never kept.
    pub had_token: bool,
}

/// Something in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrashEntry {
    /// By which it is restored, e.g. `20261122-120000`.
    pub id: String,
    /// What it was.
    #[serde(flatten)]
    pub deleted: Deleted,
    /// Until when it can be restored.
    pub until: Timestamp,
    /// Bytes on disk.
    pub bytes: u64,
}

/// All that is in the trash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Trash {
    /// What can be restored, last deleted first.
    pub entries: Vec<TrashEntry>,
    /// Names of files that cannot be read; they are left alone.
    pub unreadable: Vec<String>,
}

impl Deleted {
    /// Its name: of the query if it is one, else of the profile.
    pub fn name(&self) -> &str {
        &self.query.as_ref().unwrap_or(&self.profile).name
    }

    /// Until when it can be restored.
    pub fn until(&self) -> Timestamp {
        let kept = Duration::from_secs(DAYS_KEPT * 24 * 3600);
        self.deleted_at.checked_add(kept).unwrap_or(Timestamp::MAX)
    }

    /// `profile` or `query`.
    pub fn noun(&self) -> &'static str {
        if self.query.is_some() { "query" } else { "profile" }
    }
}

impl App {
    /// What is in the trash. Looking removes nothing.
    pub fn trash(&self) -> Result<Trash> {
        let folder = self.trash_folder()?;
        self.settle_killed(&folder)?;
        self.list_trash(&folder)
    }

    /// What is in the folder and in the store.
    fn list_trash(&self, folder: &Folder) -> Result<Trash> {
        let mut trash = folder.list()?;
        rows::list(&*self.store.read()?, &mut trash)?;
        let entries = &mut trash.entries;
        entries.sort_by(|a, b| (b.deleted.deleted_at, &b.id).cmp(&(a.deleted.deleted_at, &a.id)));
        Ok(trash)
    }

    /// Removes what has been in the trash for too long, and says how many things that were. One clock
    /// that is wrong removes nothing: what counts is the earlier of the clock and the newest time that
    /// this workspace has seen before.
    pub fn remove_old_trash(&self) -> Result<u64> {
        let folder = self.trash_folder()?;
        let seen = self.newest_time_seen(&folder)?.unwrap_or(Timestamp::MIN);
        let now = seen.min(self.now());
        Ok(folder.remove_old(now)? + rows::remove_old(&*self.store, now)?)
    }

    /// The newest moment but the last deletion at which something was fetched, chosen or deleted.
    fn newest_time_seen(&self, folder: &Folder) -> Result<Option<Timestamp>> {
        let reader = self.store.read()?;
        let mut times = Vec::new();
        for profile in reader.profiles()? {
            times.extend(profile.last_used);
            for query in reader.queries(&profile.id)? {
                times.extend(query.fetched_at);
                times.extend(query.last_used);
            }
        }
        // The last deletion was told the time by the clock that is to be checked.
        let trash = self.list_trash(folder)?;
        times.extend(trash.entries.iter().skip(1).map(|entry| entry.deleted.deleted_at));
        Ok(times.into_iter().max())
    }

    /// Shows the copies of deletions that were killed after they were committed.
    fn settle_killed(&self, folder: &Folder) -> Result<()> {
        if !folder.has_pending() {
            return Ok(());
        }
        let reader = self.store.read()?;
        let is_gone = |deleted: &Deleted| {
            let Ok(profile) = ProfileId::new(deleted.profile.id.clone()) else { return false };
            let found = match &deleted.query {
                Some(query) => QueryKey::parse(profile.as_str(), &query.id)
                    .ok()
                    .and_then(|key| reader.query(&key).ok())
                    .map(|query| query.is_some()),
                // One of another name took over the id of the one that it replaced.
                None => reader.profile(&profile).ok().map(|profile| {
                    profile.is_some_and(|profile| profile.name == deleted.profile.name)
                }),
            };
            found == Some(false)
        };
        folder.settle_killed(is_gone, self.now())
    }

    /// How many things are in the trash; none where there is no folder for it.
    pub(crate) fn trash_count(&self) -> Result<u64> {
        let stored = rows::count(&*self.store)?;
        Ok(self.trash_folder().map_or(0, |folder| folder.count()) + stored)
    }

    fn trash_folder(&self) -> Result<Folder> {
        let workspace = self.folder.as_deref().ok_or(crate::Error::NoTrash)?;
        Ok(Folder::of(workspace))
    }
}

/// What the copy of something that is deleted at that time may be called, the plainest first.
fn ids(at: Timestamp) -> impl Iterator<Item = String> {
    let time = TimeZone::UTC.to_datetime(at).strftime("%Y%m%d-%H%M%S").to_string();
    let numbered = (2_u64..).map({
        let time = time.clone();
        move |number| format!("{time}-{number}")
    });
    std::iter::once(time).chain(numbered)
}

/// Removes for good what is in the trash of a workspace whose database cannot be opened, such as on a
/// disk that is full.
pub fn empty_without_database(workspace: &std::path::Path) -> Result<u64> {
    Folder::of(workspace).empty()
}

#[cfg(test)]
mod tests;
