//! Putting one database in the place of another. Whoever does so holds the workspace alone.

use std::path::{Path, PathBuf};

use model::RecordCounts;
use store::{Address, Reader};

use crate::error::{Error, Result};
use crate::hold::Hold;
use crate::place;
use crate::undo::{forget_new_files, take_back};

/// Gives a finished database that nobody has open the name of the workspace's own. What stands there
/// is kept in `aside`, which is made if there is anything to keep; at every moment one of the two is
/// in force. Then the new one is opened under its final name and looked through once more.
pub fn replace(hold: &Hold, new: &Path, workspace: &Path, aside: &Path) -> Result<()> {
    look_through(new)?;
    replace_proven(hold, new, workspace, aside)
}

/// The same with a database that was looked through as a whole since it was written.
pub(crate) fn replace_proven(_: &Hold, new: &Path, workspace: &Path, aside: &Path) -> Result<()> {
    let database = place::database_path(workspace);
    let wanted = counts_of(new)?;
    files::flush_file(new)?;
    let unfinished = place::partial(aside);
    if place::holds_database(workspace)? {
        fold_log(&database);
        files::create_folder(&unfinished)?;
        keep(&database, &unfinished.join(name_of(&database)))?;
    }
    // A log that a crash left belongs to no other database: SQLite would fold it into the new one.
    put_side_files_aside(&database, &unfinished)?;
    files::rename(new, &database)?;
    if unfinished.exists() {
        files::rename(&unfinished, aside)?;
    }
    look_through(&database)?;
    let found = counts_of(&database)?;
    if found != wanted {
        let what = format!("it holds {found:?} under its final name, not {wanted:?}");
        let place = database.display().to_string();
        return Err(Error::Store(store::Error::Corrupt { place, what }));
    }
    tracing::info!(database = %database.display(), counts = ?found, "the database is in force");
    Ok(())
}

/// Ends what a replacement that was killed left: what it kept has its final name if the new database
/// was in force already, else it is another name of the one in force, and goes.
pub(crate) fn finish_after_a_crash(workspace: &Path) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(place::backups(workspace)) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(finished) = name.strip_suffix(".partial").filter(|name| is_aside(name)) else {
            continue;
        };
        take_back(workspace, &entry.path())?;
        if !entry.path().exists() {
            continue;
        }
        forget_new_files(&entry.path())?;
        let kept = entry.path().join(name_of(&place::database_path(workspace)));
        if is_same_file(&kept, &place::database_path(workspace)) {
            files::remove(&kept)?;
        }
        // Without its database nothing but a log may be there; it is kept, whatever it is worth.
        if std::fs::remove_dir(entry.path()).is_err() {
            files::rename(&entry.path(), &entry.path().with_file_name(finished))?;
        }
    }
    Ok(())
}

/// Whether a folder of that name holds a database that was put aside.
pub fn is_aside(name: &str) -> bool {
    ["replaced-", "rolled-back-"].iter().any(|start| name.starts_with(start))
}

/// Whether two names are those of one file.
#[cfg(unix)]
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |path: &Path| path.symlink_metadata().ok().map(|found| (found.dev(), found.ino()));
    id(a).is_some() && id(a) == id(b)
}

/// Where files have no numbers they are copied, not named twice.
#[cfg(not(unix))]
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let bytes = |path: &Path| std::fs::read(path).ok();
    bytes(a).is_some() && bytes(a) == bytes(b)
}

/// Moves the workspace's database with all that belongs to it into a folder.
pub(crate) fn take_out(_: &Hold, workspace: &Path, aside: &Path) -> Result<()> {
    let database = place::database_path(workspace);
    fold_log(&database);
    files::create_folder(aside)?;
    if database.exists() {
        files::rename(&database, &aside.join(name_of(&database)))?;
    }
    put_side_files_aside(&database, aside)?;
    tracing::info!(aside = %aside.display(), "the database was put aside");
    Ok(())
}

/// Brings what stands in the log into the database, so that there is one file. A damaged one is put
/// aside with its log.
fn fold_log(database: &Path) {
    if let Err(error) = store::fold_log(database) {
        tracing::warn!(%error, "the log cannot be folded in; it is kept beside its database");
    }
}

/// A second name for the same file; a copy where the file system has no such thing.
fn keep(database: &Path, kept: &Path) -> Result<()> {
    if cfg!(not(unix)) || std::fs::hard_link(database, kept).is_err() {
        let failed = |error: &std::io::Error| Error::io("keeping", database, error);
        let mut from = std::fs::File::open(database).map_err(|error| failed(&error))?;
        let mut to = files::create_file(kept)?;
        std::io::copy(&mut from, &mut to).map_err(|error| failed(&error))?;
        files::flush_file(kept)?;
    }
    Ok(files::flush_folder(files::folder_of(kept))?)
}

fn put_side_files_aside(database: &Path, aside: &Path) -> Result<()> {
    let [_, side_files @ ..] = place::database_files(database);
    for file in side_files.iter().filter(|file| file.symlink_metadata().is_ok()) {
        files::create_folder(aside)?;
        files::rename(file, &aside.join(name_of(file)))?;
    }
    Ok(())
}

fn name_of(file: &Path) -> PathBuf {
    PathBuf::from(file.file_name().unwrap_or_default())
}

fn look_through(database: &Path) -> Result<()> {
    Ok(Address::Sqlite(database.to_owned()).open_existing()?.look_for_damage()?)
}

fn counts_of(database: &Path) -> Result<RecordCounts> {
    let store = Address::Sqlite(database.to_owned()).open_existing()?;
    let reader: Box<dyn Reader + '_> = store.read()?;
    Ok(RecordCounts::of(&reader.profiles()?))
}
