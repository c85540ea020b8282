//! Leaving WAL: everything that stands in the log goes into the database, so that it is one file and
//! can be renamed or copied like any other.

use std::path::Path;

use super::connection::{self, Journal};
use super::{Options, file};
use crate::error::{Error, Result};

/// Folds the log of a database that nobody else has open into it and removes the log, under SQLite's
/// own exclusive lock. The next who opens it goes back to WAL.
pub fn fold_log(path: &Path) -> Result<()> {
    fold_log_with(path, Options::default())
}

pub(super) fn fold_log_with(path: &Path, options: Options) -> Result<()> {
    let connection = connection::open(path, options)?;
    connection::set_journal(&connection, Journal::Folded, path, options)?;
    connection
        .execute_batch("BEGIN EXCLUSIVE; COMMIT")
        .map_err(|error| super::error::classify(&error, path, options.busy_timeout_ms))?;
    drop(connection);
    let [log, ..] = file::side_files(path);
    if log.exists() {
        let (place, why) = (path.display().to_string(), "its log did not go".to_owned());
        return Err(Error::Unreachable { place, why });
    }
    file::sync(path)
}
