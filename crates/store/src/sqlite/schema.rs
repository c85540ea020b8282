//! The stored form and its versions: numbered steps, forward only, each in one transaction
//! together with its number.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::classify;
use super::file::APPLICATION_ID;
use super::{Options, backup};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// One version of the stored form, reached from the one before. Never edited after a release.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The version that it leads to.
    pub version: u32,
    /// What to do.
    pub sql: &'static str,
}

/// All steps, oldest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema {
    /// Their versions are 1, 2, 3, …
    pub steps: &'static [Step],
}

/// What this program writes.
pub(super) const SCHEMA: Schema = Schema {
    steps: &[Step { version: 1, sql: include_str!("../../migrations/sqlite/0001_nouns.sql") }],
};

impl Schema {
    /// The newest version.
    pub fn version(self) -> u32 {
        self.steps.last().map_or(0, |step| step.version)
    }

    /// Takes the database at `path` to the newest version; an older one is backed up first.
    pub fn apply(self, connection: &Connection, path: &Path, options: Options) -> Result<()> {
        let fail = |error: rusqlite::Error| classify(&error, path, options.busy_timeout_ms);
        let mut backup = None;
        loop {
            let found = version(connection).map_err(fail)?;
            if found > self.version() {
                let place = path.display().to_string();
                return Err(Error::TooNew { place, found, supported: self.version() });
            }
            let Some(step) = self.steps.iter().find(|step| step.version > found) else {
                return Ok(());
            };
            connection.execute_batch("BEGIN IMMEDIATE").map_err(fail)?;
            // Another process may have been faster.
            let now_found = version(connection).map_err(fail)?;
            let taken = if now_found == found {
                self.take(*step, found, connection, path, &mut backup, options)
            } else {
                Ok(())
            };
            connection
                .execute_batch(if taken.is_ok() { "COMMIT" } else { "ROLLBACK" })
                .map_err(fail)?;
            taken?;
        }
    }

    /// One step inside an open transaction.
    fn take(
        self,
        step: Step,
        found: u32,
        connection: &Connection,
        path: &Path,
        backup: &mut Option<PathBuf>,
        options: Options,
    ) -> Result<()> {
        if found > 0 && backup.is_none() {
            // Others can read but not write while the transaction is open.
            *backup = Some(backup::before_upgrade(path, self.version(), options)?);
        }
        let error = match run(connection, step) {
            Ok(()) => {
                tracing::debug!(version = step.version, "upgraded the schema");
                return Ok(());
            }
            Err(error) => classify(&error, path, options.busy_timeout_ms),
        };
        Err(match backup.take() {
            Some(backup) => Error::UpgradeFailed {
                place: path.display().to_string(),
                version: step.version,
                why: error.to_string(),
                backup,
            },
            None => error,
        })
    }
}

fn run(connection: &Connection, step: Step) -> rusqlite::Result<()> {
    connection.execute_batch(step.sql)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", step.version)
}

/// The version of a database; 0 if it is empty.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
