//! The steps of the schema as PostgreSQL takes them; the version stands in the table `workspace`.

use std::cell::RefCell;
use std::path::PathBuf;

use super::connection::Connection;
use super::driver::WRITE_LOCK;
use super::pool::Pool;
use crate::error::Result;
use crate::sql::schema::{Schema, Step, Upgrade};

/// What this program writes.
pub(super) const SCHEMA: Schema = Schema {
    steps: &[
        step(1, include_str!("../../migrations/postgres/0001_nouns.sql")),
        step(2, include_str!("../../migrations/postgres/0002_sync.sql")),
        step(3, include_str!("../../migrations/postgres/0003_facts.sql")),
        step(4, include_str!("../../migrations/postgres/0004_checks.sql")),
        step(5, include_str!("../../migrations/postgres/0005_access_keys.sql")),
        step(6, include_str!("../../migrations/postgres/0006_deliveries.sql")),
        step(7, include_str!("../../migrations/postgres/0007_membership_checks.sql")),
    ],
};

const fn step(version: u32, sql: &'static str) -> Step {
    Step { version, sql }
}

const HAS_TABLES: &str = "SELECT to_regclass('workspace') IS NOT NULL";

/// A database, open, to be taken to the newest version.
pub(super) struct Database<'d> {
    pub connection: &'d RefCell<Connection>,
    pub pool: &'d Pool,
}

impl Database<'_> {
    fn batch(&self, sql: &str) -> Result<Vec<Option<String>>> {
        self.connection.borrow_mut().batch(sql).map_err(|error| self.pool.fail(&error))
    }

    fn text(&self, sql: &str) -> Result<String> {
        Ok(self.batch(sql)?.into_iter().next().flatten().unwrap_or_default())
    }
}

impl Upgrade for Database<'_> {
    fn version(&self) -> Result<u32> {
        if self.text(HAS_TABLES)? != "t" {
            return Ok(0);
        }
        Ok(self.text("SELECT schema_version FROM workspace")?.parse().unwrap_or_default())
    }

    /// One node takes the steps, others wait for it.
    fn begin(&self) -> Result<()> {
        self.batch(&format!("BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK})")).map(drop)
    }

    fn take(&self, step: Step) -> Result<()> {
        self.batch(step.sql)?;
        self.batch(&format!("UPDATE workspace SET schema_version = {}", step.version)).map(drop)
    }

    /// Nothing: no released version lacks what is derived, and the server answers for what it keeps.
    fn finish(&self) -> Result<()> {
        Ok(())
    }

    fn end(&self, is_real: bool) -> Result<()> {
        self.batch(if is_real { "COMMIT" } else { "ROLLBACK" }).map(drop)
    }

    /// None: a dump is the administrator's, and a step that fails leaves nothing behind.
    fn back_up(&self, _: u32) -> Result<Option<PathBuf>> {
        Ok(None)
    }

    fn place(&self) -> String {
        self.pool.config().place.clone()
    }
}
