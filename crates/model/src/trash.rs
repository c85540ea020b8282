//! Copies of what was deleted, as a store keeps them.

/// What is known of a copy without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashRecord {
    /// By which it is restored, e.g. `20261122-120000`.
    pub id: String,
    /// What it says of itself, as JSON.
    pub note: String,
    /// How many bytes it has.
    pub size_bytes: u64,
}
