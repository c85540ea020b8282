//! Copies that the old app made of its JSON workspace, above all in its own step to its database: they
//! have the same ids, and alone hold the histories that the step dropped.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::folder::{Entry, Folder, Kind};
use crate::inventory::is_ours;

/// How the folders begin that the old app copied its own into.
pub(crate) const COPY: &str = "profiles_backup_";

/// Copies of a profile that are looked into: each failed start of the old app made one more.
const COPIES_MAX: usize = 3;

/// Folders that hold a copy of `profiles`, the newest first.
fn folders(folder: &Folder) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in folder.list("backups")?.into_iter().chain(folder.list("")?) {
        let Some(stamp) = stamp_of(&entry.path).filter(|_| entry.kind == Kind::Folder) else {
            continue;
        };
        if entry.path.starts_with(COPY) {
            found.push((stamp, entry.path));
        } else if !folder.is_file(&format!("{}/manifest.json", entry.path))? {
            // Our own have the same beginning, and a manifest.
            found.push((stamp, format!("{}/profiles", entry.path)));
        }
    }
    found.sort_by(|a, b| b.cmp(a));
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The local time in the name of a copy: `backups/migration-20260114-093001` or
/// `profiles_backup_20260114_093001`.
fn stamp_of(path: &str) -> Option<String> {
    let stamp = path.strip_prefix("backups/migration-").or_else(|| path.strip_prefix(COPY))?;
    let (day, time) = stamp.split_once(['-', '_'])?;
    let is_number =
        |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(day, 8) && is_number(time, 6)).then(|| format!("{day}-{time}"))
}

/// The newest copies of each profile's folder, by id, the newest first.
pub(crate) fn profiles(folder: &Folder) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for copy in folders(folder)? {
        for entry in folder.list(&copy)? {
            let id = entry.path.rsplit('/').next().unwrap_or_default();
            if entry.kind == Kind::Folder && !is_ours(id, entry.kind) {
                let copies = found.entry(id.to_owned()).or_default();
                copies.extend(Some(entry.path).filter(|_| copies.len() < COPIES_MAX));
            }
        }
    }
    Ok(found)
}

/// What of the copies belongs to a workspace.
pub(crate) fn entries(folder: &Folder) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for path in profiles(folder)?.into_values().flatten() {
        found.extend(folder.walk(&path)?);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// When the copy that holds `path` was made, as its name says it.
pub(crate) fn date_of(path: &str) -> String {
    let mut above = path.match_indices('/').map(|(end, _)| path.get(..end).unwrap_or_default());
    above.find_map(stamp_of).unwrap_or_else(|| "unknown date".to_owned())
}
