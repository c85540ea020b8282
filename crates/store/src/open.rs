//! From an address to a store.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::contract::{NewStore, Store, StoreKind};
use crate::error::{Error, Result};
use crate::json::JsonStore;
use crate::sqlite::SqliteStore;

/// Where a store is: a scheme and what that needs, written as a URL such as
/// `sqlite:profiles/burndown.sqlite`.
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
        // One letter before the colon is a Windows drive, not a scheme.
        match address.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
            Some(("sqlite", file)) => return path(file).map(Address::Sqlite),
            Some(("json", folder)) => return path(folder).map(Address::Json),
            Some(_) => return Err(bad()),
            None => {}
        }
        let path = path(address)?;
        if path.is_dir() {
            return Ok(Address::Json(path));
        }
        let is_database_name = path.extension().is_some_and(|e| e == "sqlite" || e == "db");
        if path.is_file() || is_database_name { Ok(Address::Sqlite(path)) } else { Err(bad()) }
    }

    /// What keeps the data there.
    pub fn kind(&self) -> StoreKind {
        match self {
            Address::Sqlite(_) => StoreKind::Sqlite,
            Address::Json(_) => StoreKind::Json,
        }
    }

    /// The file or folder; `None` if it is not on this machine's disks.
    pub fn path(&self) -> Option<&Path> {
        let (Address::Sqlite(path) | Address::Json(path)) = self;
        Some(path)
    }

    /// Opens the store there, creating it if nothing is there, upgrading an older one after a
    /// verified backup. Unlike text, an address holds any path.
    pub fn open(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open(path)?)),
            Address::Json(path) => Ok(Box::new(JsonStore::open(path)?)),
        }
    }

    /// The same, but [`Error::NotFound`] if nothing is there.
    pub fn open_existing(&self) -> Result<Box<dyn Store>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::open_existing(path)?)),
            Address::Json(path) if path.is_dir() => self.open(),
            Address::Json(_) => Err(Error::NotFound(self.to_string())),
        }
    }

    /// Creates a store to be filled at once and then finished; [`Error::Aborted`] if one is there
    /// already.
    pub fn create(&self) -> Result<Box<dyn NewStore>> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(SqliteStore::create_for_build(path)?)),
            Address::Json(path) => Ok(Box::new(JsonStore::create(path)?)),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Address::Json(path) => write!(f, "json:{}", path.display()),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
}

/// Opens the store at `address`, like [`Address::open`].
pub fn open(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open()
}

/// Opens the store at `address`, like [`Address::open_existing`].
pub fn open_existing(address: &str) -> Result<Box<dyn Store>> {
    Address::parse(address)?.open_existing()
}
