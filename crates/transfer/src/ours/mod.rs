//! Our own format (docs/export.md): one JSON object whose list `records` holds a record a line.

pub(crate) mod decode;
mod encode;
pub(crate) mod read;
pub(crate) mod write;

/// What the member `format` says.
pub(crate) const FORMAT: &str = "burndown-export";
/// The version that is written, and the newest that is read.
pub(crate) const VERSION: u32 = 1;
/// What a file of the trash says of what was deleted; an import passes over it.
pub(crate) const NOTE: &str = "deleted";
/// The member of a profile that lists its deliveries.
pub(crate) const DELIVERIES: &str = "deliveries";
/// Member of a profile: the statuses that its server lists.
pub(crate) const STATUSES: &str = "statuses";
/// Member of an issue: when it left the query.
pub(crate) const LEFT: &str = "left";
/// The list that holds all records.
pub(crate) const RECORDS: &str = "records";

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub program_version: String,
    pub exported_at: String,
    pub time_zone: String,
    pub content: String,
}
