//! What travels: one record after the other, a profile before its queries, a query before what it
//! owns.

use model::{
    CacheHeader, CacheKind, Changelog, Delivery, Issue, Profile, ProjectData, Query, Snapshot,
    SyncRecord,
};

use crate::error::Result;

/// One record. All but the profile belong to the query before them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    /// With its deliveries, which an older version passes over as a member that it does not know.
    Profile(Box<Profile>, Vec<Delivery>),
    Query(Box<Query>),
    Header(CacheKind, Box<CacheHeader>),
    Issue(Issue),
    Changelog(Changelog),
    ProjectData(Box<ProjectData>),
    Sync(Box<SyncRecord>),
    Snapshot(Snapshot),
}

/// Takes records in their order.
pub(crate) trait Sink {
    fn take(&mut self, record: Record) -> Result<()>;
}
