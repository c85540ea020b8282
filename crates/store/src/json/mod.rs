//! The JSON backend: the `profiles` folder of the old app's v2.4.1 layout, read and written.
//!
//! Who keeps whom waiting: one writer at a time holds the writer's lock from begin to end. A
//! reader learns at its begin which files there are and loads each when it is asked for; if a
//! writer has replaced one meanwhile, the version that the reader must see was kept for it under
//! `.burndown-json/old`. So readers and writers never wait for each other but for the short moments in
//! which files take their places, and a reader may stay open while its own thread writes.

mod access_key;
mod cache;
mod clock;
mod delivery;
mod details;
mod files;
mod header;
mod indent;
mod layout;
mod ledger;
mod lock;
mod maintenance;
mod profile;
mod project_data;
mod publish;
mod query;
mod records;
mod records_file;
mod registry;
mod revision;
mod snapshot;
mod staging;
mod state;
mod status;
mod sync;
mod task;
mod trash;
mod tx;
mod work_folder;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use model::TimeZone;

use self::lock::Turn;
use self::tx::JsonTx;
use self::work_folder::WorkFolder;
use crate::address::Address;
use crate::contract::{NewStore, Reader, Store, StoreKind, Writer};
use crate::error::{Error, Result};

/// How long a writer waits for another one, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 10_000;

/// A workspace in the old app's folder.
#[derive(Debug)]
pub struct JsonStore {
    root: PathBuf,
    zone: TimeZone,
    busy_timeout_ms: u64,
    turn: Turn,
    /// Readers that began before there was a lock to hold.
    unlocked_readers: AtomicUsize,
}

impl JsonStore {
    /// Opens a `profiles` folder, or makes one. Times without an offset are taken as UTC. A
    /// legacy folder stays untouched until the first write.
    pub fn open(folder: &Path) -> Result<JsonStore> {
        JsonStore::open_in(folder, TimeZone::UTC)
    }

    /// Makes a folder to be filled; `Aborted` if anything is in it.
    pub(crate) fn create(folder: &Path) -> Result<JsonStore> {
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            let place = folder.display();
            return Err(Error::Aborted(format!("{place} is there already; remove it first")));
        }
        JsonStore::open(folder)
    }

    /// The same with the zone in which the old app wrote times without an offset.
    pub fn open_in(folder: &Path, zone: TimeZone) -> Result<JsonStore> {
        let in_folder = |error: std::io::Error| Error::from_io(&error, folder);
        if folder.exists() && !folder.is_dir() {
            let what = "a file stands where a folder belongs".to_owned();
            return Err(Error::Foreign { place: folder.display().to_string(), what });
        }
        if !folder.exists() {
            ::files::create_folder(folder)?;
        }
        let work = WorkFolder::of(folder);
        let is_empty = fs::read_dir(folder).map_err(in_folder)?.next().is_none();
        if is_empty {
            work.create()?;
        }
        let store = JsonStore {
            root: folder.to_owned(),
            zone,
            busy_timeout_ms: BUSY_TIMEOUT_MS,
            turn: Turn::default(),
            unlocked_readers: AtomicUsize::new(0),
        };
        // Ends what a writer left unfinished, and finds a newer or damaged ledger now.
        store.read()?;
        Ok(store)
    }
}

impl NewStore for JsonStore {
    /// Every commit was durable.
    fn finish(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

impl Store for JsonStore {
    fn read(&self) -> Result<Box<dyn Reader + '_>> {
        Ok(Box::new(JsonTx::for_reading(self)?))
    }

    fn write(&self) -> Result<Box<dyn Writer + '_>> {
        Ok(Box::new(JsonTx::for_writing(self)?))
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Json
    }

    fn address(&self) -> String {
        Address::Json(self.root.clone()).to_string()
    }
}
