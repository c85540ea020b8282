//! From an address to a store.

use crate::address::Address;
use crate::contract::{NewStore, Store};
use crate::error::{Error, Result};
use crate::json::JsonStore;
#[cfg(feature = "postgres")]
use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;

impl Address {
    /// Opens the store there, creating it if nothing is there, upgrading an older one after a
    /// verified backup. Unlike text, an address holds any path.
    pub fn open(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open(path)?)),
            Address::Json(path) => Ok(Box::new(JsonStore::open(path)?)),
            #[cfg(feature = "postgres")]
            Address::Postgres(server) => Ok(Box::new(PostgresStore::open(server)?)),
            #[cfg(not(feature = "postgres"))]
            Address::Postgres(_) => Err(Error::NoPostgres),
        }
    }

    /// The same, but [`Error::NotFound`] if nothing is there.
    pub fn open_existing(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open_existing(path)?)),
            Address::Json(path) if path.is_dir() => self.open(),
            Address::Json(_) => Err(Error::NotFound(self.to_string())),
            #[cfg(feature = "postgres")]
            Address::Postgres(server) => Ok(Box::new(PostgresStore::open_existing(server)?)),
            #[cfg(not(feature = "postgres"))]
            Address::Postgres(_) => Err(Error::NoPostgres),
        }
    }

    /// Creates a store to be filled at once and then finished; [`Error::Aborted`] if one is there
    /// already.
    pub fn create(&self) -> Result<Box<dyn NewStore>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::create_for_build(path)?)),
            Address::Json(path) => Ok(Box::new(JsonStore::create(path)?)),
            #[cfg(feature = "postgres")]
            Address::Postgres(server) => Ok(Box::new(PostgresStore::create(server)?)),
            #[cfg(not(feature = "postgres"))]
            Address::Postgres(_) => Err(Error::NoPostgres),
        }
    }
}

/// Opens the store at `address`, like [`Address::open`].
pub fn open(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open()
}

/// Opens the store at `address`, like [`Address::open_existing`].
pub fn open_existing(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open_existing()
}
