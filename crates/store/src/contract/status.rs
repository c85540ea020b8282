//! The statuses that the server of a profile lists, as the last sync saw them.

use model::{ProfileId, Status};

use crate::error::Result;

/// Reads statuses.
pub trait ReadStatus {
    /// The statuses of a profile in the order they were put; empty before the first sync.
    fn statuses(&self, profile: &ProfileId) -> Result<Vec<Status>>;
}

/// Writes statuses.
pub trait WriteStatus: ReadStatus {
    /// Replaces all of a profile's. `ProfileNotFound` if the profile is not there.
    fn put_statuses(&mut self, profile: &ProfileId, statuses: &[Status]) -> Result<()>;
}
