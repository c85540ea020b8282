//! Our own format (docs/export.md): one JSON object whose list `records` holds a record a line.

use model::hash::{FNV_BASIS, fnv1a, hex};

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

/// The member that tells the digest of all records.
pub(crate) const DIGEST: &str = "records_fnv1a";

/// The digest of records, one after the other: a changed digit is no other figure, whether or not the file
/// is packed. No protection against intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest(u64);

impl Digest {
    pub fn new() -> Digest {
        Digest(FNV_BASIS)
    }

    /// Takes in a record as it stands in the file.
    pub fn add(&mut self, record: &str) {
        self.0 = fnv1a(fnv1a(self.0, record.as_bytes()), b"\n");
    }

    pub fn text(self) -> String {
        hex(&self.0.to_be_bytes())
    }
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub program_version: String,
    pub exported_at: String,
    pub time_zone: String,
    pub content: String,
}
