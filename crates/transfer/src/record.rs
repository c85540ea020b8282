//! What travels: one record after the other, a profile before its queries, a query before what it
//! owns.

use model::{
    CacheHeader, CacheKind, Changelog, Delivery, Issue, Profile, ProjectData, Query, Snapshot,
    Status, SyncRecord, Timestamp,
};

use crate::error::Result;

/// One record. All but the profile belong to the query before them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Profile(Box<WholeProfile>),
    Query(Box<Query>),
    Header(CacheKind, Box<CacheHeader>),
    /// With the moment at which it left the query, if it did; an older version passes over that.
    Issue(Issue, Option<Timestamp>),
    Changelog(Changelog),
    ProjectData(Box<ProjectData>),
    Sync(Box<SyncRecord>),
    Snapshot(Snapshot),
}

/// A profile with what belongs to it alone. An older version passes over the lists as members that it
/// does not know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WholeProfile {
    pub profile: Profile,
    pub deliveries: Vec<Delivery>,
    /// As the server listed them last.
    pub statuses: Vec<Status>,
}

/// Takes records in their order.
pub(crate) trait Sink {
    fn take(&mut self, record: Record) -> Result<()>;
}
