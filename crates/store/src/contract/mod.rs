//! What every backend does, one trait per noun, with the answers for "none" and "twice".
//!
//! Words: *put* inserts or replaces by key, *remove* says whether it was there, a plural read
//! gives a possibly empty list, a singular read an `Option`. Reading below a query that does not
//! exist gives nothing; writing below one is [`Error::QueryNotFound`](crate::Error::QueryNotFound)
//! (or `ProfileNotFound`).

pub mod access_key;
pub mod cache;
pub mod changelog;
pub mod clock;
pub mod delivery;
pub mod header;
pub mod issue;
pub mod maintenance;
pub mod membership;
pub mod profile;
pub mod project_data;
pub mod query;
pub mod revision;
pub mod snapshot;
pub mod state;
pub mod status;
pub mod sync;
pub mod task;
pub mod trash;

pub use access_key::{ReadAccessKey, WriteAccessKey};
pub use cache::{CacheRecord, ReadCache, WriteCache};
pub use changelog::{ReadChangelog, WriteChangelog};
pub use clock::ReadClock;
pub use delivery::{ReadDelivery, WriteDelivery};
pub use header::{ReadHeader, WriteHeader};
pub use issue::{ReadIssue, WriteIssue};
pub use maintenance::Maintenance;
pub use membership::ReadMembership;
pub use profile::{ReadProfile, WriteProfile};
pub use project_data::{ReadProjectData, WriteProjectData};
pub use query::{ReadQuery, WriteQuery};
pub use revision::{ReadRevision, Record, Revision};
pub use snapshot::{ReadSnapshot, WriteSnapshot};
pub use state::{ReadState, WriteState};
pub use status::{ReadStatus, WriteStatus};
pub use sync::{ReadSync, SYNCS_KEPT, WriteSync};
pub use task::{ReadTask, WriteTask};
pub use trash::{ReadTrash, WriteTrash};

use std::time::Duration;

use crate::error::Result;

/// What keeps the data of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// A database in one file.
    Sqlite,
    /// The old app's own files.
    Json,
    /// A database of a PostgreSQL server, which other nodes may use too.
    Postgres,
}

/// A place that keeps a workspace. Calls are safe from many threads and processes at once.
pub trait Store: Maintenance + Send + Sync {
    /// Opens a consistent view; it does not see what others write meanwhile.
    fn read(&self) -> Result<Box<dyn Reader + '_>>;

    /// Begins a transaction; one at a time, others wait up to the busy timeout.
    /// [`Error::Nested`](crate::Error::Nested) if this thread is in a transaction of this store.
    fn write(&self) -> Result<Box<dyn Writer + '_>>;

    /// What keeps the data.
    fn kind(&self) -> StoreKind;

    /// Where it is, for messages, e.g. `sqlite:profiles/burndown.sqlite`. Holds no secret.
    fn address(&self) -> String;

    /// For how long what this thread read from a replica lacks something that was written, since it chose to
    /// read there ([`read_from`](crate::read_from())); `None` also where it read elsewhere.
    fn behind(&self) -> Option<Duration> {
        None
    }

    /// Whether nothing can be written to it, on a medium or in a folder that is read-only.
    fn is_read_only(&self) -> bool {
        false
    }
}

/// A store that nobody uses yet and that may be filled in less safe, faster ways: until it is
/// finished a crash may leave it useless, and it serves one transaction at a time.
pub trait NewStore: Store {
    /// Makes what was put into it as durable as that of any other store.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// One consistent view of a workspace.
pub trait Reader:
    ReadProfile
    + ReadQuery
    + ReadState
    + ReadHeader
    + ReadIssue
    + ReadChangelog
    + ReadProjectData
    + ReadSnapshot
    + ReadTask
    + ReadSync
    + ReadStatus
    + ReadClock
    + ReadDelivery
    + ReadMembership
    + ReadAccessKey
    + ReadTrash
    + ReadRevision
{
}

/// One transaction: reads see its own writes; dropped without [`commit`](Writer::commit) it
/// leaves nothing behind.
pub trait Writer:
    Reader
    + WriteProfile
    + WriteQuery
    + WriteState
    + WriteHeader
    + WriteIssue
    + WriteChangelog
    + WriteProjectData
    + WriteSnapshot
    + WriteTask
    + WriteSync
    + WriteStatus
    + WriteDelivery
    + WriteAccessKey
    + WriteTrash
{
    /// Makes everything durable and visible at once.
    fn commit(self: Box<Self>) -> Result<()>;
}

impl dyn Store + '_ {
    /// Runs `work` in one transaction: all of it happens, or (on `Err` or panic) nothing does.
    pub fn transact<R>(&self, work: impl FnOnce(&mut dyn Writer) -> Result<R>) -> Result<R> {
        let mut writer = self.write()?;
        let answer = work(&mut *writer)?;
        writer.commit()?;
        Ok(answer)
    }
}
