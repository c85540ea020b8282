//! The steps of the schema as SQLite takes them; the version stands in the file's header.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::classify;
use super::file::APPLICATION_ID;
use super::{Options, backup, driver};
use crate::error::{Error, Result};
use crate::sql::schema::{Schema, Step, Upgrade};

#[cfg(test)]
mod tests;

/// What this program writes.
pub(super) const SCHEMA: Schema = Schema {
    steps: &[
        step(1, include_str!("../../migrations/sqlite/0001_nouns.sql")),
        step(2, include_str!("../../migrations/sqlite/0002_sync.sql")),
        Step {
            derives_facts: true,
            ..step(3, include_str!("../../migrations/sqlite/0003_facts.sql"))
        },
    ],
};

const fn step(version: u32, sql: &'static str) -> Step {
    Step { version, sql, derives_facts: false }
}

/// The database at `path`, open, to be taken to the newest version.
pub(super) struct Database<'d> {
    pub connection: &'d Connection,
    pub path: &'d Path,
    pub options: Options,
}

impl Database<'_> {
    fn batch(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(|error| self.fail(&error))
    }

    fn fail(&self, error: &rusqlite::Error) -> Error {
        classify(error, self.path, self.options.busy_timeout_ms)
    }
}

impl Upgrade for Database<'_> {
    fn version(&self) -> Result<u32> {
        version(self.connection).map_err(|error| self.fail(&error))
    }

    fn begin(&self) -> Result<()> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn take(&self, step: Step) -> Result<()> {
        self.batch(step.sql)?;
        if step.derives_facts {
            driver::within(self.connection, self.path, self.options).derive_facts_anew()?;
        }
        let set = |name, value| self.connection.pragma_update(None, name, value);
        let noted =
            set("application_id", APPLICATION_ID).and_then(|()| set("user_version", step.version));
        noted.map_err(|error| self.fail(&error))
    }

    fn end(&self, is_real: bool) -> Result<()> {
        self.batch(if is_real { "COMMIT" } else { "ROLLBACK" })
    }

    fn back_up(&self, version: u32) -> Result<Option<PathBuf>> {
        backup::before_upgrade(self.path, version, self.options).map(Some)
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

/// The version of a database; 0 if it is empty.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
