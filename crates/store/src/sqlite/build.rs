//! Building a database that nobody uses yet, as fast as it goes, and finishing it so that it is
//! as safe as any other.

use std::path::Path;

use super::connection::{self, Journal};
use super::file::{self, Found};
use super::schema::{Database, SCHEMA};
use super::{Options, SqliteStore};
use crate::contract::NewStore;
use crate::error::{Error, Result};

/// Memory for pages while building; more than a big workspace needs.
const CACHE_KIB: i64 = 64 << 10;

impl SqliteStore {
    /// Creates a database to be filled and then finished with [`NewStore::finish`]. Until
    /// then a crash leaves it useless, and it serves one transaction at a time. `Aborted` if a
    /// database of ours is there already.
    pub fn create_for_build(path: &Path) -> Result<SqliteStore> {
        if file::inspect(path, SCHEMA.version())? != Found::Nothing {
            let place = path.display();
            return Err(Error::Aborted(format!("{place} is there already; remove it first")));
        }
        file::create(path)?;
        let path = path.canonicalize().map_err(|error| Error::from_io(&error, path))?;
        let options = Options::default();
        let connection = connection::open(&path, options)?;
        connection::set_journal(&connection, Journal::Build, &path, options)?;
        connection
            .pragma_update(None, "cache_size", -CACHE_KIB)
            .map_err(|error| super::error::classify(&error, &path, options.busy_timeout_ms))?;
        let database = Database { connection: &connection, path: &path, options, schema: SCHEMA };
        SCHEMA.apply(&database)?;
        Ok(SqliteStore::with(path, options, Journal::Build, connection))
    }
}

impl NewStore for SqliteStore {
    /// One file in the journal mode of everyday use, no side files, on the disk.
    fn finish(self: Box<Self>) -> Result<()> {
        let path = self.path.clone();
        // The only connection holds the file exclusively.
        drop(self);
        let opened = SqliteStore::open(&path)?;
        drop(opened);
        file::sync(&path)
    }
}
