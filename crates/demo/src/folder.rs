//! The workspace of the demo: where it is, made and renewed, and taken away.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use migrate::Hold;
use model::access_key::{ADDRESS_FILE, KEY_FILE, OPENING_FILE};
use model::{TimeZone, Timestamp};
use serde::Serialize;
use store::{Address, Reader, Store};

use crate::calendar::week_of;
use crate::error::{Error, Result};
use crate::{SEED, STATE, generate};

/// Name of the folder, beside the one for the user's own data.
const FOLDER: &str = "burndown-demo";
/// Where copies of a workspace lie, and what each holds.
const COPIES: &str = "backups";
const COPIED: [&str; 2] = ["burndown.sqlite", "backup.json"];
/// What the last look at the database found.
const CHECKED_FILE: &str = "burndown-checked.json";
/// What SQLite keeps beside a database.
const SIDE_FILES: [&str; 2] = ["-wal", "-shm"];

/// What was done to have a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was not there.
    Made,
    /// It ended in an earlier week.
    Renewed,
    /// It is of this week.
    Kept,
}

/// A demo that is ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Demo {
    /// The workspace.
    pub folder: PathBuf,
    /// What was done to have it.
    pub outcome: Outcome,
}

/// What the removal of a demo did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// The workspace.
    pub folder: PathBuf,
    /// Files that are gone; none if there was no demo.
    pub removed: Vec<PathBuf>,
    /// Whether the folder is gone too; it stays if it holds anything else.
    pub is_folder_gone: bool,
}

/// The folder of the demo. `platform` is the one for the user's own data on this system.
pub fn folder(platform: &Path) -> PathBuf {
    platform.with_file_name(FOLDER)
}

/// Whether a workspace is the demo.
pub fn is_demo(store: &dyn Store) -> store::Result<bool> {
    Ok(store.read()?.state(STATE)?.is_some())
}

/// Sees to it that `folder` holds a demo that ends in the week of `as_of`. Fails with
/// [`Error::NotDemo`] if other data is in it.
pub fn prepare(folder: &Path, as_of: Timestamp, zone: &TimeZone) -> Result<Demo> {
    if migrate::looks_legacy(folder) {
        return Err(Error::NotDemo { folder: folder.to_owned() });
    }
    let hold = Hold::share_to_make(folder)?;
    let store = Address::Sqlite(migrate::database_path(folder)).open()?;
    let demo = |outcome| Demo { folder: folder.to_owned(), outcome };
    let generated = generate(as_of, SEED)?;
    let outcome = store.transact(|writer| {
        let outcome = standing(&*writer, as_of, zone)?;
        if matches!(outcome, Some(Outcome::Made | Outcome::Renewed)) {
            generated.write(writer, as_of)?;
        }
        Ok(outcome)
    })?;
    drop((store, hold));
    outcome.map(demo).ok_or_else(|| Error::NotDemo { folder: folder.to_owned() })
}

/// What has to be done to have a demo; `None` if the workspace is somebody's own.
fn standing<R: Reader + ?Sized>(
    reader: &R,
    as_of: Timestamp,
    zone: &TimeZone,
) -> store::Result<Option<Outcome>> {
    let Some(ends) = reader.state(STATE)? else {
        return Ok(reader.profiles()?.is_empty().then_some(Outcome::Made));
    };
    let ends: Option<Timestamp> = ends.parse().ok();
    let is_current = ends.is_some_and(|ends| week_of(ends, zone) >= week_of(as_of, zone));
    Ok(Some(if is_current { Outcome::Kept } else { Outcome::Renewed }))
}

/// Deletes the database of the demo, and the folder if nothing else is in it. Where there is no
/// database nothing is done. Fails with [`Error::NotDemo`], and deletes nothing, if the folder
/// holds other data.
pub fn remove(folder: &Path) -> Result<Removal> {
    let database = migrate::database_path(folder);
    let mut removal = Removal { folder: folder.to_owned(), ..Removal::default() };
    if !database.exists() {
        return Ok(removal);
    }
    let hold = Hold::replace(folder, "demo --remove")?;
    let store = Address::Sqlite(database.clone()).open_existing()?;
    if !is_demo(&*store)? {
        return Err(Error::NotDemo { folder: folder.to_owned() });
    }
    // Closed first: some systems do not delete what is open.
    drop(store);
    for path in copies(folder).into_iter().chain(files(&database)) {
        if delete(&path)? {
            removal.removed.push(path);
        }
    }
    // What is not empty holds files of somebody else, and stays.
    for copy in copy_folders(folder) {
        let _stays = fs::remove_dir(copy);
    }
    let _stays = fs::remove_dir(folder.join(COPIES));
    hold.end_with_workspace();
    removal.is_folder_gone = database
        .parent()
        .is_some_and(|profiles| fs::remove_dir(profiles).is_ok() && fs::remove_dir(folder).is_ok());
    Ok(removal)
}

/// The files of the copies that a server made of the demo by itself: they hold what was generated.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let files = |copy: PathBuf| COPIED.map(|name| copy.join(name));
    copy_folders(folder).into_iter().flat_map(files).collect()
}

fn copy_folders(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder.join(COPIES)).into_iter().flatten().flatten();
    let is_copy = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("backup-");
    found.filter(|entry| is_copy(&entry.file_name())).map(|entry| entry.path()).collect()
}

fn files(database: &Path) -> Vec<PathBuf> {
    let beside = |end: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    // The database last: as long as it is there, the removal can be run again.
    let of_server = [KEY_FILE, ADDRESS_FILE, OPENING_FILE, CHECKED_FILE]
        .map(|name| database.with_file_name(name));
    let side_files = SIDE_FILES.into_iter().map(beside).chain(of_server);
    side_files.chain([database.to_owned()]).collect()
}

/// Whether there was something to delete.
fn delete(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::Delete { path: path.to_owned(), source }),
    }
}
