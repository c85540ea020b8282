//! The PostgreSQL backend: one database, used by any number of nodes at once.
//!
//! What its tables hold and which statements keep the contract stands in `crate::sql`; here is what
//! only PostgreSQL has. Nothing depends on the state of a session, so that a pooler may stand between.
//! `docs/postgres.md` describes how it is run.

mod config;
mod connection;
mod driver;
mod error;
mod maintenance;
mod pool;
mod replica;
mod schema;
mod tls;
mod value;

use std::fmt;
use std::time::Duration;

use self::config::Config;
use self::pool::Pool;
use self::replica::Replica;
use self::schema::{Database, SCHEMA};
use crate::contract::{NewStore, Reader, Store, StoreKind, Writer};
use crate::error::{Error, Result};
use crate::read_from::lacking;
use crate::server::Server;
use crate::sql::schema::Upgrade;

/// A workspace in a database of a PostgreSQL server.
pub(crate) struct PostgresStore {
    pool: Pool,
    /// Where those read who may see a little less.
    replica: Option<Replica>,
}

impl PostgresStore {
    /// Opens the workspace, creating it in an empty database, upgrading an older one.
    pub fn open(server: &Server) -> Result<PostgresStore> {
        let (store, found) = PostgresStore::connect(server)?;
        tracing::debug!(found, "open a workspace in PostgreSQL");
        Ok(store)
    }

    /// Opens a workspace that is there; [`Error::NotFound`] if the database is empty.
    pub fn open_existing(server: &Server) -> Result<PostgresStore> {
        let pool = Pool::new(Config::of(server)?);
        if Database::of(&pool)?.version()? == 0 {
            return Err(Error::NotFound(server.to_string()));
        }
        PostgresStore::open(server)
    }

    /// Creates a workspace in a database that has none.
    pub fn create(server: &Server) -> Result<PostgresStore> {
        match PostgresStore::connect(server)? {
            (store, 0) => Ok(store),
            _ => Err(Error::Aborted(format!("{server} holds a workspace already"))),
        }
    }

    /// A store at the newest version, and the version that was found.
    fn connect(server: &Server) -> Result<(PostgresStore, u32)> {
        let pool = Pool::new(Config::of(server)?);
        let database = Database::of(&pool)?;
        let found = database.version()?;
        if found != SCHEMA.version() {
            database.check_encoding()?;
            SCHEMA.apply(&database)?;
        }
        drop(database);
        let replica = server.replica().map(|server| Replica::of(server, &pool)).transpose()?;
        Ok((PostgresStore { pool, replica }, found))
    }
}

impl Store for PostgresStore {
    fn read(&self) -> Result<Box<dyn Reader + '_>> {
        Ok(Box::new(self.begin_reading()?))
    }

    fn write(&self) -> Result<Box<dyn Writer + '_>> {
        Ok(Box::new(self.begin_writing()?))
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Postgres
    }

    fn address(&self) -> String {
        self.pool.config.place.clone()
    }

    fn behind(&self) -> Option<Duration> {
        self.replica.as_ref().and_then(|_| lacking())
    }
}

impl NewStore for PostgresStore {
    /// Every commit is durable already.
    fn finish(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("place", &self.pool.config.place).finish()
    }
}
