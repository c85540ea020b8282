//! A database where nothing can be written: on a medium or in a folder that is read-only. SQLite reads
//! it as a file that never changes; whoever wants to write is told why that is not possible.

use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::connection::{self, Journal};
use super::error::classify;
use super::file::side_files;
use super::schema::Database;
use super::{Options, SqliteStore, schema};
use crate::error::{Error, Result};
use crate::sql::schema::Schema;

/// Opens a database to read it, after `error` said that it cannot be written. That error stays where
/// reading would not show all that was written, or would need an upgrade first.
pub(super) fn open(
    path: &Path,
    options: Options,
    newest: Schema,
    error: Error,
) -> Result<SqliteStore> {
    let Some(connection) = connect_whole(path, options) else { return Err(error) };
    if schema::version(&connection).ok() != Some(newest.version()) {
        return Err(error);
    }
    Database { connection: &connection, path, options, schema: newest }.expect_ours()?;
    tracing::info!(place = %path.display(), "nothing can be written here; the database is only read");
    Ok(SqliteStore::with(path.to_owned(), options, Journal::ReadOnly, connection))
}

/// A connection to such a database, unless something of it stands in a log.
pub(super) fn connect_whole(path: &Path, options: Options) -> Option<Connection> {
    let [log, ..] = side_files(path);
    let has_log = std::fs::metadata(log).is_ok_and(|found| found.len() > 0);
    if has_log { None } else { connect(path, options).ok() }
}

/// Another connection to such a database.
pub(super) fn connect(path: &Path, options: Options) -> Result<Connection> {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    #[cfg(not(unix))]
    let text = path.to_string_lossy();
    #[cfg(not(unix))]
    let bytes = text.as_bytes();
    let uri = format!("file:{}?immutable=1", percent_encode(bytes, NON_ALPHANUMERIC));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(uri, flags);
    let opened = opened.map_err(|error| classify(&error, path, options.busy_timeout_ms))?;
    connection::prepare(&opened, path, options)?;
    Ok(opened)
}
