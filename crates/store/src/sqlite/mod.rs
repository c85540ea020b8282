//! The SQLite backend: one file, readable by any SQLite from 3.37 on.
//!
//! What its tables hold and which statements keep the contract stands in `crate::sql`; here is what
//! only SQLite has. A transaction has a connection of its own while it lives; nothing is global.
//! `docs/storage.md` describes the tables and the files.

mod backup;
mod build;
mod connection;
mod driver;
mod error;
mod file;
mod fold;
mod identity;
mod maintenance;
mod network;
mod read_only;
mod salvage;
mod schema;
mod turn;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub(crate) use self::error::classify;
pub(crate) use self::file::{create as create_private_file, side_files};
pub(crate) use self::identity::id_of as file_id;

use rusqlite::Connection;

pub use self::backup::{back_up, check_copy};
use self::connection::Journal;
use self::file::Found;
pub use self::fold::fold_log;
use self::identity::Identity;
pub use self::maintenance::renew_checks;
pub use self::salvage::{Salvaged, salvage};
use self::schema::{Database, SCHEMA};
use self::turn::Turns;
use crate::address::Address;
use crate::contract::{Reader, Store, StoreKind, Writer};
use crate::error::{Error, Result};
use crate::sql::schema::Schema;

/// Connections kept for the next operation; more may be in use at once.
const IDLE_CONNECTIONS_MAX: usize = 8;

/// How patient a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long one attempt to get a lock waits.
    pub busy_timeout_ms: u64,
    /// How many more attempts follow.
    pub busy_retries: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { busy_timeout_ms: 1_000, busy_retries: 9 }
    }
}

impl Options {
    /// Longest wait for a lock.
    fn busy_total_ms(self) -> u64 {
        self.busy_timeout_ms.saturating_mul(u64::from(self.busy_retries) + 1)
    }
}

/// A workspace in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    options: Options,
    journal: Journal,
    idle: Mutex<Vec<Connection>>,
    turns: Turns,
    identity: Identity,
    /// Tables whose keys were looked through.
    sound_tables: Mutex<BTreeSet<String>>,
}

impl SqliteStore {
    /// Opens the database, creating it (`0600`, in a `0700` folder) if nothing is there, upgrading
    /// an older one after a verified backup. Files that are not ours, damaged or too new are
    /// errors and stay as they are.
    pub fn open(path: &Path) -> Result<SqliteStore> {
        SqliteStore::open_with(path, Options::default())
    }

    /// The same with another patience.
    pub fn open_with(path: &Path, options: Options) -> Result<SqliteStore> {
        SqliteStore::open_schema(path, options, SCHEMA)
    }

    /// Opens a database that is there; [`Error::NotFound`] if none is.
    pub fn open_existing(path: &Path) -> Result<SqliteStore> {
        if !identity::is_open_here(path) && file::inspect(path, SCHEMA.version())? == Found::Nothing
        {
            return Err(Error::NotFound(path.display().to_string()));
        }
        SqliteStore::open(path)
    }

    fn open_schema(path: &Path, options: Options, schema: Schema) -> Result<SqliteStore> {
        if !identity::is_open_here(path) && file::inspect(path, schema.version())? == Found::Nothing
        {
            file::create(path)?;
        }
        let path = path.canonicalize().map_err(|error| Error::from_io(&error, path))?;
        let journal = journal_on(network::kind_of(&path).as_deref());
        match SqliteStore::open_to_write(&path, options, schema, journal) {
            Err(error @ Error::ReadOnly { .. }) => read_only::open(&path, options, schema, error),
            opened => opened,
        }
    }

    fn open_to_write(
        path: &Path,
        options: Options,
        schema: Schema,
        journal: Journal,
    ) -> Result<SqliteStore> {
        let connection = connection::open(path, options)?;
        let database = Database { connection: &connection, path, options, schema };
        schema.apply(&database)?;
        database.expect_ours()?;
        connection::set_journal(&connection, journal, path, options)?;
        // The log is there from the first read on.
        let read = connection.query_row(crate::sql::REVISION, [], |_| Ok(()));
        read.map_err(|error| error::classify(&error, path, options.busy_timeout_ms))?;
        Ok(SqliteStore::with(path.to_owned(), options, journal, connection))
    }

    fn with(
        path: PathBuf,
        options: Options,
        journal: Journal,
        connection: Connection,
    ) -> SqliteStore {
        let idle = Mutex::new(vec![connection]);
        let identity = Identity::of(&path);
        SqliteStore {
            path,
            options,
            journal,
            idle,
            turns: Turns::default(),
            identity,
            sound_tables: Mutex::default(),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn take_connection(&self) -> Result<Connection> {
        if let Some(connection) = self.idle().pop() {
            return Ok(connection);
        }
        if self.journal == Journal::ReadOnly {
            return read_only::connect(&self.path, self.options);
        }
        let connection = connection::open(&self.path, self.options)?;
        connection::set_journal(&connection, self.journal, &self.path, self.options)?;
        Ok(connection)
    }

    /// [`Error::Displaced`] if the files that are open are not the database's any more.
    fn check_place(&self) -> Result<()> {
        let Some(what) = self.identity.changed() else { return Ok(()) };
        Err(Error::Displaced { place: self.path.display().to_string(), what })
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < IDLE_CONNECTIONS_MAX {
            idle.push(connection);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A panic elsewhere cannot leave a list of connections half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The case of a driver error.
    fn fail(&self, error: &rusqlite::Error) -> Error {
        error::classify(error, &self.path, self.options.busy_total_ms())
    }
}

/// How changes reach the disk on a file system of that kind, if it is one of a network.
fn journal_on(network: Option<&str>) -> Journal {
    let Some(kind) = network else { return Journal::Wal };
    tracing::warn!(%kind, "the database lies on a network file system: opened without WAL; one machine at a time is safe");
    Journal::Rollback
}

impl Store for SqliteStore {
    fn read(&self) -> Result<Box<dyn Reader + '_>> {
        Ok(Box::new(self.begin_reading()?))
    }

    fn write(&self) -> Result<Box<dyn Writer + '_>> {
        Ok(Box::new(self.begin_writing()?))
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Sqlite
    }

    fn address(&self) -> String {
        Address::Sqlite(self.path.clone()).to_string()
    }

    fn is_read_only(&self) -> bool {
        self.journal == Journal::ReadOnly
    }
}
