//! Backups that the old app's own step to its database left behind: copies of the JSON workspace, with
//! the same ids, which alone hold the histories that the step dropped.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::folder::{Entry, Folder, Kind};
use crate::inventory::is_ours;

/// Where the old app keeps them.
const BACKUPS: &str = "backups";

/// Folders of the backups, the newest first.
fn folders(folder: &Folder) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in folder.list(BACKUPS)?.into_iter().rev() {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        // Our own have the same beginning, and a manifest.
        if entry.kind == Kind::Folder
            && is_stamped(name)
            && !folder.is_file(&format!("{}/manifest.json", entry.path))?
        {
            found.push(entry.path);
        }
    }
    Ok(found)
}

/// `migration-20260114-093001`, in local time.
fn is_stamped(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let is_number =
        |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    matches!(parts.as_slice(), ["migration", day, time] if is_number(day, 8) && is_number(time, 6))
}

/// The newest copy of each profile's folder, by id.
pub(crate) fn profiles(folder: &Folder) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for backup in folders(folder)? {
        for entry in folder.list(&format!("{backup}/profiles"))? {
            let id = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
            if entry.kind == Kind::Folder && !is_ours(&id, entry.kind) {
                found.entry(id).or_insert(entry.path);
            }
        }
    }
    Ok(found)
}

/// What of the backups belongs to a workspace: the newest copy of each profile.
pub(crate) fn entries(folder: &Folder) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for path in profiles(folder)?.into_values() {
        found.extend(folder.walk(&path)?);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// When the backup that holds `path` was made, as its name says it.
pub(crate) fn date_of(path: &str) -> &str {
    path.split('/')
        .nth(1)
        .and_then(|name| name.strip_prefix("migration-"))
        .unwrap_or("unknown date")
}
