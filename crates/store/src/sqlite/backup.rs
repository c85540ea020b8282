//! Verified copies of a database, made by SQLite itself: a copy of the files of an open database
//! can miss what still stands in its log.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::classify;
use super::{Options, connection, file, read_only};
use crate::error::{Error, Result};

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";

/// Copies the database at `path` beside it, as `<name>.before-v<version>.sqlite` (numbered if that
/// is taken), and gives the copy's path once it is proven and on the disk.
pub(super) fn before_upgrade(path: &Path, version: u32, options: Options) -> Result<PathBuf> {
    let copy = free_name(path, version);
    let partial = copy.with_extension("sqlite.partial");
    let made = make(path, &partial, options);
    let published = made.and_then(|()| Ok(files::rename(&partial, &copy)?));
    if published.is_err() {
        // What is left of a failed copy is of no use; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&partial);
    }
    published.map(|()| copy)
}

fn free_name(path: &Path, version: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("{stem}.before-v{version}");
    let numbered = (2_u32..).map(|number| format!("{name}-{number}.sqlite"));
    let candidates = std::iter::once(format!("{name}.sqlite")).chain(numbered);
    let mut free = candidates.map(|name| path.with_file_name(name)).filter(|path| !path.exists());
    free.next().unwrap_or_else(|| path.with_extension("backup"))
}

/// Copies the database at `from`, which may be in use, into the new file `to`: one moment of it, proven
/// and on the disk.
pub fn back_up(from: &Path, to: &Path) -> Result<()> {
    make(from, to, Options::default())
}

/// Looks through a copy that nobody has open, all of it. What is found is an error.
pub fn check_copy(copy: &Path) -> Result<()> {
    let options = Options::default();
    let fail = |error: rusqlite::Error| classify(&error, copy, options.busy_timeout_ms);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let opened = Connection::open_with_flags(copy, flags).map_err(fail)?;
    match verdict(&opened).map_err(fail)?.as_str() {
        "ok" => Ok(()),
        what => {
            let (place, what) = (copy.display().to_string(), what.to_owned());
            Err(Error::Corrupt { place, what })
        }
    }
}

fn make(path: &Path, copy: &Path, options: Options) -> Result<()> {
    let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
    // What is counted and what is copied is the same moment.
    let count = |source: Connection| {
        source.execute_batch("BEGIN").map_err(fail)?;
        let expected = table_counts(&source).map_err(fail)?;
        Ok((source, expected))
    };
    let (source, expected) = match connection::open(path, options).and_then(count) {
        Err(error @ Error::ReadOnly { .. }) => match read_only::connect_whole(path, options) {
            Some(source) => count(source)?,
            None => return Err(error),
        },
        counted => counted?,
    };
    copy_into(&source, copy, options)?;
    prove(path, copy, &expected, options)
}

/// Copies what a connection sees into a new file, page by page: SQLite's own backup, which takes
/// any path, also one that is no text.
pub(super) fn copy_into(source: &Connection, copy: &Path, options: Options) -> Result<()> {
    let fail = |error: rusqlite::Error| classify(&error, copy, options.busy_timeout_ms);
    let _ = std::fs::remove_file(copy);
    // An empty file is a database, and so the copy has its rights from the beginning.
    file::create(copy)?;
    let mut target =
        Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(fail)?;
    let backup = Backup::new(source, &mut target).map_err(fail)?;
    // All pages in one step, so that writers of other processes cannot make it begin anew.
    match backup.step(-1).map_err(fail)? {
        StepResult::Done => {}
        _ => {
            let (place, waited_s) = (copy.display().to_string(), options.busy_timeout_ms / 1_000);
            return Err(Error::Busy { place, waited_s });
        }
    }
    drop(backup);
    // The copy is one file: its header says WAL, as that of its source.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(fail)?;
    drop(target);
    file::sync(copy)
}

/// Compares a copy with what its source held, and lets SQLite look through all of it.
fn prove(path: &Path, copy: &Path, expected: &[(String, i64)], options: Options) -> Result<()> {
    let fail = |at: &Path, error: rusqlite::Error| classify(&error, at, options.busy_timeout_ms);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let opened = Connection::open_with_flags(copy, flags).map_err(|error| fail(copy, error))?;
    let (found, verdict) = table_counts(&opened)
        .and_then(|found| Ok((found, verdict(&opened)?)))
        .map_err(|error| fail(copy, error))?;
    if found != *expected || verdict != "ok" {
        let what = format!("the backup taken of it is not equal ({verdict})");
        return Err(Error::Corrupt { place: path.display().to_string(), what });
    }
    Ok(())
}

fn verdict(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
}

/// Every table with its number of rows.
fn table_counts(connection: &Connection) -> rusqlite::Result<Vec<(String, i64)>> {
    let mut statement = connection.prepare(TABLES)?;
    let names: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let count = |name: String| {
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        connection.query_row(&sql, [], |row| row.get(0)).map(|count| (name, count))
    };
    names.into_iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_with_a_row_less_or_with_damage_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("x.sqlite"), folder.path().join("copy.sqlite"));
        drop(super::super::SqliteStore::open(&path).unwrap());
        let options = Options::default();
        let proven = |spoil: &str| {
            let source = Connection::open(&path).unwrap();
            let expected = table_counts(&source).unwrap();
            copy_into(&source, &copy, options).unwrap();
            Connection::open(&copy).unwrap().execute_batch(spoil).unwrap();
            prove(&path, &copy, &expected, options)
        };
        assert!(proven("").is_ok());
        assert!(matches!(proven("DELETE FROM workspace"), Err(Error::Corrupt { .. })));
        let broken = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3
            WHERE name = 'syncs_of_query'";
        assert!(matches!(proven(broken), Err(Error::Corrupt { .. })));
    }
}
