//! A connection as we want it: opened on an existing file, settings in force, read back.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::error::classify;
use crate::error::{Error, Result};

/// Statements kept compiled per connection; all of this crate's fit.
const CACHED_STATEMENTS: usize = 160;

/// Memory for pages per connection, in KiB. Little, as several connections stay open: who asks twice
/// for the same is served from what is remembered, and the system keeps the file in memory.
const CACHE_KIB: i64 = 2 << 10;

/// Bytes that the write-ahead log keeps after a checkpoint.
const LOG_BYTES_KEPT: i64 = 16 << 20;

/// How changes reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Journal {
    /// Write-ahead log, on every commit to the disk: the normal way.
    Wal,
    /// Rollback journal, for network file systems.
    Rollback,
    /// None, because nothing can be written.
    ReadOnly,
    /// None beside the file: for one that is to be renamed or copied.
    Folded,
    /// As fast as it goes, for a file that nobody knows yet: a crash ruins it.
    Build,
}

impl Journal {
    /// Settings as SQLite names them, and how it answers.
    fn settings(self) -> [(&'static str, &'static str, &'static str); 3] {
        match self {
            // Never put in force.
            Journal::ReadOnly => [("", "", ""); 3],
            Journal::Wal => [
                ("locking_mode", "NORMAL", "normal"),
                ("journal_mode", "WAL", "wal"),
                ("synchronous", "FULL", "2"),
            ],
            Journal::Rollback => [
                ("locking_mode", "NORMAL", "normal"),
                ("journal_mode", "DELETE", "delete"),
                ("synchronous", "FULL", "2"),
            ],
            Journal::Folded => [
                ("locking_mode", "EXCLUSIVE", "exclusive"),
                ("journal_mode", "DELETE", "delete"),
                ("synchronous", "FULL", "2"),
            ],
            Journal::Build => [
                ("locking_mode", "EXCLUSIVE", "exclusive"),
                ("journal_mode", "MEMORY", "memory"),
                ("synchronous", "OFF", "0"),
            ],
        }
    }
}

/// Opens a file that is there, with the settings that do not change it.
pub(super) fn open(path: &Path, options: Options) -> Result<Connection> {
    let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
    prepare(&connection, path, options)?;
    Ok(connection)
}

/// Puts the settings in force that do not change the file.
pub(super) fn prepare(connection: &Connection, path: &Path, options: Options) -> Result<()> {
    let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.busy_timeout(Duration::from_millis(options.busy_timeout_ms)).map_err(fail)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(fail)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(fail)?;
    for (name, value, answer) in [
        ("foreign_keys", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
    ] {
        set(connection, name, value, answer, path, options)?;
    }
    Ok(())
}

/// Puts the way of journalling in force.
pub(super) fn set_journal(
    connection: &Connection,
    journal: Journal,
    path: &Path,
    options: Options,
) -> Result<()> {
    for (name, value, answer) in journal.settings() {
        set(connection, name, value, answer, path, options)?;
    }
    let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
    connection
        .pragma_update_and_check(None, "journal_size_limit", LOG_BYTES_KEPT, |_| Ok(()))
        .map_err(fail)
}

/// Sets one pragma and reads it back.
fn set(
    connection: &Connection,
    name: &str,
    value: &str,
    answer: &str,
    path: &Path,
    options: Options,
) -> Result<()> {
    let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
    let read_back = || {
        connection.pragma_query_value(None, name, |row| {
            row.get_ref(0).map(|value| match value {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str().unwrap_or_default().to_owned(),
            })
        })
    };
    // Setting the journal mode takes a lock even if it is in force already.
    if read_back().map_err(fail)? == answer {
        return Ok(());
    }
    connection.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(fail)?;
    let got = read_back().map_err(fail)?;
    if got == answer {
        return Ok(());
    }
    let why = format!("SQLite keeps {name} at {got} instead of {value}");
    Err(Error::Unreachable { place: path.display().to_string(), why })
}
