//! Revisions: which records were written after a given moment of the workspace's life.

use model::{CacheKind, DeliveryKey, ProfileId, QueryKey, Week};

use crate::error::Result;

/// Counts the write transactions of a workspace (those that touched records; task progress is
/// none). Every record carries the revision of the
/// transaction that last wrote it.
pub type Revision = u64;

/// Names one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record<'r> {
    /// A profile.
    Profile(&'r ProfileId),
    /// A query.
    Query(&'r QueryKey),
    /// A delivery.
    Delivery(&'r DeliveryKey),
    /// A key of the app state.
    State(&'r str),
    /// The header of a cache.
    Header(&'r QueryKey, CacheKind),
    /// An issue.
    Issue(&'r QueryKey, &'r str),
    /// A changelog.
    Changelog(&'r QueryKey, &'r str),
    /// Project data.
    ProjectData(&'r QueryKey),
    /// A snapshot.
    Snapshot(&'r QueryKey, Week, &'r str),
}

/// Reads revisions.
pub trait ReadRevision {
    /// The revision of the newest committed transaction (inside a [`Writer`](crate::Writer): of
    /// the one that is open). 0 in a workspace that nothing was written to.
    fn revision(&self) -> Result<Revision>;

    /// The revision that last wrote or removed the record; a removal of what it lies in (its
    /// query, its profile) or a replacement of its whole cache counts. `None` if it was never
    /// there. A backend may answer with a later revision of the same file.
    fn revision_of(&self, record: Record<'_>) -> Result<Option<Revision>>;
}
