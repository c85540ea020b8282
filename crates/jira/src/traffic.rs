//! What went over the wire.

/// Counts of one client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, retries included.
    pub requests: u64,
    /// Requests that repeat one that failed.
    pub retries: u64,
    /// Bytes of answers, as they are after unpacking.
    pub bytes: u64,
}
