//! Where things are in a workspace.

use std::path::{Path, PathBuf};

use store::{Address, Store};

use crate::error::{Error, Result};

/// The folder that holds the database and the old app's profiles.
pub(crate) fn profiles(workspace: &Path) -> PathBuf {
    workspace.join("profiles")
}

/// The workspace's database: `profiles/burndown.sqlite`.
pub fn database_path(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown.sqlite")
}

/// Says that somebody migrates or goes back.
pub(crate) fn lock(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown.lock")
}

/// Says that somebody wants to replace the database, and who.
pub(crate) fn lock_request(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown.lock.request")
}

/// Whether a database is there. A file without a byte is none: opening it would make one.
pub(crate) fn holds_database(workspace: &Path) -> Result<bool> {
    let database = database_path(workspace);
    match std::fs::metadata(&database) {
        Ok(found) => Ok(!found.is_file() || found.len() > 0),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(Error::io("looking at", &database, &error)),
    }
}

/// Opens a database that is there. The caller holds the workspace.
pub(crate) fn open_database(database: &Path) -> Result<Box<dyn Store>> {
    Ok(Address::Sqlite(database.to_owned()).open_existing()?)
}

/// The database while it is built; never the final name.
pub(crate) fn partial_database(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown.sqlite.partial")
}

/// Says that the user went back to the old app.
pub(crate) fn rolled_back_mark(workspace: &Path) -> PathBuf {
    backups(workspace).join("rolled-back")
}

/// Which old files were read and found unchanged, to read each of them once.
pub(crate) fn compared_files(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown-compared.json")
}

/// What the last look through the database found.
pub fn verdict_file(workspace: &Path) -> PathBuf {
    profiles(workspace).join("burndown-checked.json")
}

/// Takes the mark of a rollback away: the database is in force again.
pub fn forget_rollback(workspace: &Path) -> Result<()> {
    Ok(files::remove(&rolled_back_mark(workspace))?)
}

/// Where backups are.
pub fn backups(workspace: &Path) -> PathBuf {
    workspace.join("backups")
}

/// The files of a database: itself and what SQLite keeps beside it.
pub(crate) fn database_files(database: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// A folder name for a moment, e.g. `migration-20251222T160502Z`, numbered if it is taken.
pub fn stamped(folder: &Path, kind: &str, now: model::Timestamp) -> PathBuf {
    let text: String = model::stamp::format(now);
    let digits: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    // 20251222T160502176Z: seconds are enough for people.
    let stamp = digits.get(..15).unwrap_or(&digits);
    (1_u32..)
        .map(|n| if n == 1 { format!("{kind}-{stamp}Z") } else { format!("{kind}-{stamp}Z-{n}") })
        .map(|name| folder.join(name))
        .find(|place| !place.exists() && !partial(place).exists())
        .unwrap_or_else(|| folder.join(kind))
}

/// The name of a folder or file while it is not finished.
pub(crate) fn partial(place: &Path) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
