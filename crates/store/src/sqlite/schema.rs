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
    steps: &[
        Step { version: 1, sql: include_str!("../../migrations/sqlite/0001_nouns.sql") },
        Step { version: 2, sql: include_str!("../../migrations/sqlite/0002_sync.sql") },
    ],
};

impl Schema {
    /// The newest version.
    pub fn version(self) -> u32 {
        self.steps.last().map_or(0, |step| step.version)
    }

    /// Takes the database at `path` to the newest version; an older one is backed up first.
    pub fn apply(self, connection: &Connection, path: &Path, options: Options) -> Result<()> {
        let upgrade = Upgrade { schema: self, connection, path, options };
        let has_data = upgrade.found_version()? > 0;
        let mut backup = None;
        while upgrade.take_next_step(has_data, &mut backup)? {}
        Ok(())
    }
}

/// An upgrade under way.
struct Upgrade<'u> {
    schema: Schema,
    connection: &'u Connection,
    path: &'u Path,
    options: Options,
}

impl Upgrade<'_> {
    /// Takes one step in a transaction of its own; `false` if there is none left.
    fn take_next_step(&self, has_data: bool, backup: &mut Option<PathBuf>) -> Result<bool> {
        if self.next_step()?.is_none() {
            return Ok(false);
        }
        self.say("BEGIN IMMEDIATE")?;
        // Asked again under the lock: another process may have been faster.
        let taken = self.next_step().and_then(|step| match step {
            Some(step) => self.take(step, has_data, backup),
            None => Ok(()),
        });
        match taken {
            Ok(()) => self.say("COMMIT").map(|()| true),
            Err(error) => self.say("ROLLBACK").and(Err(error)),
        }
    }

    fn take(&self, step: Step, has_data: bool, backup: &mut Option<PathBuf>) -> Result<()> {
        if has_data && backup.is_none() {
            // Others can read but not write while the transaction is open.
            *backup = Some(backup::before_upgrade(self.path, self.schema.version(), self.options)?);
        }
        let error = match run(self.connection, step) {
            Ok(()) => {
                tracing::debug!(version = step.version, "take a step of the schema");
                return Ok(());
            }
            Err(error) => self.fail(&error),
        };
        Err(match backup.take() {
            Some(backup) => Error::UpgradeFailed {
                place: self.path.display().to_string(),
                version: step.version,
                why: error.to_string(),
                backup,
            },
            None => error,
        })
    }

    fn next_step(&self) -> Result<Option<Step>> {
        let (found, supported) = (self.found_version()?, self.schema.version());
        if found > supported {
            let place = self.path.display().to_string();
            return Err(Error::TooNew { place, found, supported });
        }
        Ok(self.schema.steps.iter().find(|step| step.version > found).copied())
    }

    fn found_version(&self) -> Result<u32> {
        version(self.connection).map_err(|error| self.fail(&error))
    }

    fn say(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(|error| self.fail(&error))
    }

    fn fail(&self, error: &rusqlite::Error) -> Error {
        classify(error, self.path, self.options.busy_timeout_ms)
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
