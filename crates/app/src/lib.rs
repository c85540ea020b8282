//! What burndown can do, one file per use case. Answers are plain data that pages, the JSON
//! interface and the command line only format; each is read from one consistent state.

pub mod access_key;
pub mod active;
pub mod backup;
pub mod connection;
pub mod csv;
pub mod delivery;
pub mod draft;
pub mod error;
pub mod figures;
#[cfg(test)]
mod isolation;
pub mod issues;
mod jql;
pub mod live;
mod lookup;
pub mod measured;
pub mod migration;
mod named;
mod new_id;
pub mod parameter;
pub mod profile;
pub mod query;
pub mod query_report;
#[cfg(test)]
mod sample;
mod shared_key;
pub mod stale;
pub mod sync;
pub mod take_over;
pub mod tally;
pub mod trail;
pub mod transfer;
pub mod trash;
pub mod verdict;
pub mod work;
pub mod workspace;

pub use error::{Error, Kind, Parameter, Result};
pub use measured::Measured;

// Whoever asks need not know in which folder an answer is made.
pub use connection::access;
pub use figures::{
    answers, flow, forecast, moment, now, overview, statistics, usual, week_range, weeks,
};
pub use issues::issue;
pub use migration::report;
pub use profile::{connect, milestone, settings};
pub use query::{snapshot, survey};
pub use sync::{jobs, state as sync_state};
pub use workspace::{copy, health, place};

/// The generated team.
pub use demo;
/// Definitions of the figures that answers hold.
pub use metrics;

use std::path::{Path, PathBuf};
use std::time::Duration;

use migrate::{Hold, Report};
use model::{TimeZone, Timestamp};
use store::{Store, StoreKind};

pub use shared_key::SharedKey;
pub use store::{ReadFrom, Server, read_from};

use crate::figures::Memory;
use crate::migration::Watch;

/// What the app is told about the world around it.
#[derive(Clone)]
pub struct Context {
    /// Version of the program.
    pub version: String,
    /// Zone that dates are shown in.
    pub zone: TimeZone,
    /// Says what time it is.
    pub clock: fn() -> Timestamp,
    /// The report of the migration that made the workspace, if there was one.
    pub report: Option<Report>,
    /// Whether the workspace is the demo, as [`demo::is_demo`] says.
    pub is_demo: bool,
    /// How Jira is reached beside what is stored.
    pub access: access::Access,
}

/// Folder of the database in a workspace, which was that of the old app's profiles.
pub(crate) const PROFILES: &str = "profiles";

/// The use cases over one workspace; see the modules for what each answers.
pub struct App {
    store: Box<dyn Store>,
    /// Where things lie that are not in the store; `None` for a store without a folder.
    folder: Option<PathBuf>,
    /// What seals the tokens of a store that several nodes share.
    shared_key: Option<SharedKey>,
    context: Context,
    watch: Watch,
    memory: Memory,
    /// The right to have the store open, let go after it; `None` for a store that nobody replaces.
    hold: Option<Hold>,
}

impl App {
    /// An app over `store`.
    pub fn new(store: Box<dyn Store>, context: Context) -> App {
        App {
            store,
            folder: None,
            shared_key: None,
            context,
            watch: Watch::default(),
            memory: Memory::default(),
            hold: None,
        }
    }

    /// The same app, with what is not kept in the store (tokens, deleted things) in the workspace's
    /// `folder`.
    #[must_use]
    pub fn in_folder(self, folder: &Path) -> App {
        App { folder: Some(folder.to_owned()), ..self }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.context.clock)()
    }

    /// Zone that dates are shown in.
    pub fn zone(&self) -> &TimeZone {
        &self.context.zone
    }

    /// Version of the program.
    pub fn version(&self) -> &str {
        &self.context.version
    }

    /// Whether the workspace is the demo.
    pub fn is_demo(&self) -> bool {
        self.context.is_demo
    }

    /// Whether the store is the old app's own files.
    pub(crate) fn is_of_old_app(&self) -> bool {
        self.store.kind() == StoreKind::Json
    }

    /// Whether the store is a server that other nodes may use too.
    pub fn is_on_server(&self) -> bool {
        self.store.kind() == StoreKind::Postgres
    }

    /// For how long what is shown from a replica has been lacking something that was written.
    pub fn behind(&self) -> Option<Duration> {
        self.store.behind()
    }

    /// Whether nothing can be written to it.
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only()
    }

    /// Where the workspace is, e.g. `sqlite:profiles/burndown.sqlite`.
    pub fn address(&self) -> String {
        self.store.address()
    }
}
