//! The old app's own database (2.5 and later), as rows of values. It is only ever opened as a private
//! copy: SQLite makes and removes files beside what it opens, and rewrites it when it closes.

mod copy;
mod rows;
mod salvage;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use files::ScratchFolder;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};

pub use copy::{Moment, SIDES};
pub use rows::{OddCell, Order, Row};

/// Tables whose rows belong to a query, by `profile_id` and `query_id`.
pub const QUERY_TABLES: [&str; 7] = [
    "jira_issues",
    "jira_changelog_entries",
    "project_statistics",
    "project_scope",
    "metrics_data_points",
    "budget_settings",
    "budget_revisions",
];

/// The other tables of the old app. `jira_cache` was never filled.
const OTHER_TABLES: [&str; 5] = ["profiles", "queries", "app_state", "task_progress", "jira_cache"];

/// Tables that tell the old app's database from another, with columns that only it has.
const SIGNATURE: [(&str, [&str; 2]); 4] = [
    ("profiles", ["jira_config", "field_mappings"]),
    ("queries", ["profile_id", "jql"]),
    ("app_state", ["key", "value"]),
    ("jira_issues", ["issue_key", "custom_fields"]),
];

/// Name of the copy.
const COPY: &str = "burndown.db";

/// As many of them must be there.
const SIGNATURE_MIN: usize = 2;

/// Why nothing can be read from what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The log is there and the database is not.
    #[error(
        "only its log is there (burndown.db-wal), from which nothing can be read; copy burndown.db too"
    )]
    OnlyLog,
    /// A file without a byte, or without tables.
    #[error("it holds no table: the old app broke off when it made it")]
    Empty,
    /// No SQLite file, or one of which not even the list of tables can be read.
    #[error("it is damaged beyond reading: not even its list of tables can be read")]
    Unreadable,
    /// A database of another program.
    #[error("another program made it: it lacks the old app's tables ({0})")]
    Foreign(String),
    /// The old app writes to it all the time, or keeps it locked.
    #[error(
        "the old app still runs and writes to it or keeps it locked; close the old app and try again"
    )]
    Busy,
}

/// A database ready to be read, or why nothing can be read from it.
pub type Opened = std::result::Result<OldDatabase, Unusable>;

/// A private copy of the old app's database; it goes when this is dropped.
#[derive(Debug)]
pub struct OldDatabase {
    folder: ScratchFolder,
    /// Where rows are read.
    file: PathBuf,
    /// All tables, those of others too.
    pub tables: Vec<Table>,
    /// What became of the log or journal beside it.
    pub log: Log,
    /// How it and what counts beside it looked when they were copied.
    pub moment: Moment,
    /// The number in its header, which the old app leaves at 0.
    pub user_version: i64,
}

/// What became of a log or journal beside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// There was none.
    None,
    /// It counts: the database was read with it.
    Taken,
    /// The database is whole without it and damaged with it: it was left out.
    LeftOut,
}

/// A table as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// How many rows can be read.
    pub rows: u64,
    /// Rows by profile and query, where both are text, in order of their first row.
    pub groups: Vec<Group>,
    /// Whether it is damaged: there may have been more rows.
    pub is_cut: bool,
    /// What numbers its rows, in SQL.
    number: &'static str,
}

impl Table {
    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// Whether its rows say whose they are.
    fn has_owners(&self) -> bool {
        self.has("profile_id") && self.has("query_id")
    }
}

/// The rows of one query in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The profile's id as it stands there.
    pub profile: String,
    /// The query's id as it stands there.
    pub query: String,
    /// How many rows there are.
    pub rows: u64,
}

impl OldDatabase {
    /// Copies `database` with its log into a folder of its own below `scratch` and opens the copy.
    /// Nothing is written where `database` is.
    pub fn open(database: &Path, scratch: &Path) -> Result<Opened> {
        let folder = files::scratch_folder(scratch)?;
        let copy = folder.path().join(COPY);
        let moment = match copy::copy_settled(database, &copy, copy::TRIES)? {
            Ok(moment) => moment,
            Err(unusable) => return Ok(Err(unusable)),
        };
        let (mut file, mut log) = (copy.clone(), Log::None);
        if moment.sides().next().is_some() {
            // Opening it brings the log in; the copy itself has to stay as it is.
            (file, log) = (folder.path().join("united.db"), Log::Taken);
            copy::copy_file(&copy, &file)?;
        }
        for suffix in moment.sides() {
            copy::copy_file(&copy::kept_beside(&copy, suffix), &copy::beside(&file, suffix))?;
        }
        let mut damage = rows::check(&file);
        if damage.is_some() && log == Log::Taken && rows::check(&copy).is_none() {
            (file, log, damage) = (copy, Log::LeftOut, None);
        }
        let mut cut = Vec::new();
        if damage.is_some() {
            let salvaged = folder.path().join("salvaged.db");
            let Some(found) = salvage::salvage(&file, &salvaged)? else {
                return Ok(Err(Unusable::Unreadable));
            };
            (file, cut) = (salvaged, found);
        }
        let (tables, user_version) = rows::tables(&file, &cut)?;
        if let Some(unusable) = judge(&tables) {
            return Ok(Err(unusable));
        }
        Ok(Ok(OldDatabase { folder, file, tables, log, moment, user_version }))
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// A file of [`Moment::files`] as it was copied, byte for byte.
    pub fn copied(&self, suffix: &str) -> PathBuf {
        let copy = self.folder.path().join(COPY);
        if suffix.is_empty() { copy } else { copy::kept_beside(&copy, suffix) }
    }

    /// Whether part of it is damaged: what can be read was taken.
    pub fn is_damaged(&self) -> bool {
        self.tables.iter().any(|table| table.is_cut)
    }

    /// The old app's tables that are not there.
    pub fn missing_tables(&self) -> impl Iterator<Item = &'static str> {
        known_tables().filter(|name| *name != "jira_cache" && self.table(name).is_none())
    }

    /// Tables that the old app does not know, or never filled, with their rows.
    pub fn unknown_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| {
            let name = table.name.as_str();
            !known_tables().any(|known| known == name) || (name == "jira_cache" && table.rows > 0)
        })
    }

    fn connect(&self) -> Result<Connection> {
        connect(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }
}

fn known_tables() -> impl Iterator<Item = &'static str> {
    QUERY_TABLES.into_iter().chain(OTHER_TABLES)
}

fn judge(tables: &[Table]) -> Option<Unusable> {
    if tables.is_empty() {
        return Some(Unusable::Empty);
    }
    let has = |(name, columns): &(&str, [&str; 2])| {
        let table = tables.iter().find(|table| table.name == *name);
        table.is_some_and(|table| columns.iter().all(|column| table.has(column)))
    };
    if SIGNATURE.iter().filter(|table| has(table)).count() >= SIGNATURE_MIN {
        return None;
    }
    let lacking = SIGNATURE.iter().filter(|table| !has(table)).map(|(name, _)| *name);
    Some(Unusable::Foreign(lacking.collect::<Vec<_>>().join(", ")))
}

/// Opens a file of ours. Its schema comes from others and may not run anything.
fn connect(file: &Path, access: OpenFlags) -> Result<Connection> {
    let failed = |error: &rusqlite::Error| damaged(file, error);
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| failed(&error))?;
    connection.pragma_update(None, "trusted_schema", false).map_err(|error| failed(&error))?;
    Ok(connection)
}

fn damaged(file: &Path, error: &rusqlite::Error) -> Error {
    Error::Unreachable { place: file.display().to_string(), why: error.to_string() }
}
