//! From an address to a store.

use std::path::{Path, PathBuf};

use crate::contract::Store;
use crate::error::{Error, Result};
use crate::json::JsonStore;
use crate::sqlite::SqliteStore;

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `sqlite:FILE`
    Sqlite(PathBuf),
    /// `json:FOLDER`: the `profiles` folder of the old app's layout.
    Json(PathBuf),
}

impl Address {
    /// Reads an address. A bare path means what is found there: a folder is a legacy folder, a
    /// file a database; where nothing is, a name ending in `.sqlite` or `.db` is a database.
    pub fn parse(address: &str) -> Result<Address> {
        let bad = || Error::BadAddress(address.to_owned());
        let path = |text: &str| if text.is_empty() { Err(bad()) } else { Ok(PathBuf::from(text)) };
        if let Some(file) = address.strip_prefix("sqlite:") {
            return path(file).map(Address::Sqlite);
        }
        if let Some(folder) = address.strip_prefix("json:") {
            return path(folder).map(Address::Json);
        }
        // One letter before the colon is a Windows drive, not a kind of store.
        if address.split_once(':').is_some_and(|(kind, _)| kind.len() > 1 && !kind.contains('/')) {
            return Err(bad());
        }
        let path = path(address)?;
        if path.is_dir() {
            return Ok(Address::Json(path));
        }
        let is_database_name = path.extension().is_some_and(|e| e == "sqlite" || e == "db");
        if path.is_file() || is_database_name { Ok(Address::Sqlite(path)) } else { Err(bad()) }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        let (Address::Sqlite(path) | Address::Json(path)) = self;
        path
    }

    /// Opens the store there, like [`open`]; unlike text, an address holds any path.
    pub fn open(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open(path)?)),
            Address::Json(path) => Ok(Box::new(JsonStore::open(path)?)),
        }
    }
}

impl Address {
    /// The same, but [`Error::NotFound`] if nothing is there.
    pub fn open_existing(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open_existing(path)?)),
            Address::Json(path) if path.is_dir() => self.open(),
            Address::Json(path) => Err(Error::NotFound(path.display().to_string())),
        }
    }
}

/// Opens the store at `address`, creating it if nothing is there, upgrading an older one after a
/// verified backup.
pub fn open(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open()
}

/// The same, but [`Error::NotFound`] if nothing is there.
pub fn open_existing(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open_existing()
}
