//! The steps of the schema as SQLite takes them; the version stands in the file's header.

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::hash::hex;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::error::classify;
use super::file::APPLICATION_ID;
use super::{Options, backup, driver};
use crate::error::{Error, Result};
use crate::sql::schema::{Schema, Step, Upgrade};

#[cfg(test)]
mod tests;

/// How long an upgrade by another process is waited for.
const UPGRADE_WAIT_MS: u64 = 60_000;

/// What this program writes.
pub(super) const SCHEMA: Schema = Schema {
    steps: &[
        step(1, include_str!("../../migrations/sqlite/0001_nouns.sql")),
        step(2, include_str!("../../migrations/sqlite/0002_sync.sql")),
        step(3, include_str!("../../migrations/sqlite/0003_facts.sql")),
        step(4, include_str!("../../migrations/sqlite/0004_checks.sql")),
        step(5, include_str!("../../migrations/sqlite/0005_access_keys.sql")),
        step(6, include_str!("../../migrations/sqlite/0006_deliveries.sql")),
        step(7, include_str!("../../migrations/sqlite/0007_membership_checks.sql")),
        step(8, include_str!("../../migrations/sqlite/0008_type_ids.sql")),
        step(9, include_str!("../../migrations/sqlite/0009_epic_links.sql")),
        step(10, include_str!("../../migrations/sqlite/0010_trash.sql")),
        step(11, include_str!("../../migrations/sqlite/0011_issue_facts.sql")),
    ],
};

/// Digest of the parts of the newest schema: making them anew to compare with is dearer than most answers.
const NEWEST_SHA256: &str = "e94a3c7a21e5fcd4030e2fcec70187485a237042f911cf6ba07612288ff87294";

const fn step(version: u32, sql: &'static str) -> Step {
    Step { version, sql }
}

/// The database at `path`, open, to be taken to the newest version.
pub(super) struct Database<'d> {
    pub connection: &'d Connection,
    pub path: &'d Path,
    pub options: Options,
    pub schema: Schema,
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

    /// Waits for as long as another process may take to upgrade the same file: a large one takes seconds.
    fn begin(&self) -> Result<()> {
        let waited = Options { busy_timeout_ms: UPGRADE_WAIT_MS, ..self.options };
        let wait = |options: Options| {
            let time = Duration::from_millis(options.busy_timeout_ms);
            self.connection.busy_timeout(time).map_err(|error| self.fail(&error))
        };
        wait(waited)?;
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
        wait(self.options)?;
        begun.map_err(|error| classify(&error, self.path, waited.busy_timeout_ms))
    }

    fn take(&self, step: Step) -> Result<()> {
        for statement in step.sql.split_inclusive(";\n") {
            let is_done = is_done(self.connection, statement).map_err(|error| self.fail(&error))?;
            if !is_done {
                self.batch(statement)?;
            }
        }
        let set = |name, value| self.connection.pragma_update(None, name, value);
        let noted =
            set("application_id", APPLICATION_ID).and_then(|()| set("user_version", step.version));
        noted.map_err(|error| self.fail(&error))
    }

    fn finish(&self) -> Result<()> {
        self.expect_ours()?;
        let tx = driver::within(self.connection, self.path, self.options);
        let mut tx = tx.without_checks();
        tx.derive_anew()?;
        tx.renew_checks()
    }

    fn end(&self, is_real: bool) -> Result<()> {
        self.batch(if is_real { "COMMIT" } else { "ROLLBACK" })
    }

    /// What was damaged before is not counted anew as if it were right.
    fn back_up(&self, version: u32) -> Result<Option<PathBuf>> {
        driver::within(self.connection, self.path, self.options).expect_older()?;
        backup::before_upgrade(self.path, version, self.options).map(Some)
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

impl Database<'_> {
    /// Every table and index is as this program makes it, and there is nothing beside them: no trigger or
    /// view of somebody else acts on what is written.
    pub fn expect_ours(&self) -> Result<()> {
        let found = parts(self.connection).map_err(|error| self.fail(&error))?;
        if self.schema.version() == SCHEMA.version() && digest(&found) == NEWEST_SHA256 {
            return Ok(());
        }
        let fresh = || -> rusqlite::Result<_> {
            let connection = Connection::open_in_memory()?;
            for step in self.schema.steps {
                connection.execute_batch(step.sql)?;
            }
            parts(&connection)
        };
        let wanted = fresh().map_err(|error| self.fail(&error))?;
        if found == wanted {
            return Ok(());
        }
        let of = |parts: &[Part], kind: &str, name: &str| {
            parts.iter().any(|part| part.kind == kind && part.name == name)
        };
        let gone = wanted.iter().find(|part| !of(&found, &part.kind, &part.name));
        let new = found.iter().find(|part| !of(&wanted, &part.kind, &part.name));
        let what = match (gone, new) {
            (Some(part), _) => format!("no such {}: {}", part.kind, part.name),
            (_, Some(part)) => {
                format!("the {} {} is none of this program", part.kind, part.name)
            }
            _ => "its tables are not as this program makes them".to_owned(),
        };
        Err(Error::Corrupt { place: self.place(), what })
    }
}

/// Whether what a statement of a step makes is there, or what it removes is not. A number can be behind
/// the tables: whoever put it back did not take them away. What comes out is compared with a new database
/// before it counts.
fn is_done(connection: &Connection, statement: &str) -> rusqlite::Result<bool> {
    const HAS: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)";
    const HAS_COLUMN: &str = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?) WHERE name = ?)";
    let lines = statement.lines().filter(|line| !line.starts_with("--"));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).take(6).collect();
    let words: Vec<&str> = words.iter().map(|word| word.trim_end_matches(';')).collect();
    let ask = |sql: &str, names: &[&str]| {
        connection.query_row(sql, rusqlite::params_from_iter(names), |row| row.get::<_, bool>(0))
    };
    match *words {
        ["CREATE", "TABLE" | "INDEX", name, ..] => ask(HAS, &[name]),
        ["ALTER", "TABLE", table, "ADD", "COLUMN", column] => ask(HAS_COLUMN, &[table, column]),
        ["DROP", "TABLE", name, ..] => ask(HAS, &[name]).map(|is_there| !is_there),
        _ => Ok(false),
    }
}

/// A table, index, trigger or view, and the statement that makes it, white space aside.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    kind: String,
    name: String,
    sql: String,
}

/// All of a database but what SQLite itself adds.
fn parts(connection: &Connection) -> rusqlite::Result<Vec<Part>> {
    let mut statement = connection.prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL
             AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type DESC, name",
    )?;
    let part = |row: &rusqlite::Row<'_>| {
        let sql: String = row.get(2)?;
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Part { kind: row.get(0)?, name: row.get(1)?, sql })
    };
    statement.query_map([], part)?.collect()
}

/// SHA-256 of the parts, in hex.
fn digest(parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    for Part { kind, name, sql } in parts {
        hash.update(format!("{kind} {name} {sql}\n"));
    }
    hex(&hash.finalize())
}

/// The version of a database; 0 if it is empty.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
