//! App state: small texts by key, e.g. `active_profile_id`.

use crate::error::Result;

/// Key of the active profile in the app state.
pub const ACTIVE_PROFILE: &str = "active_profile_id";
/// Key of the active query in the app state.
pub const ACTIVE_QUERY: &str = "active_query_id";

/// Reads app state.
pub trait ReadState {
    /// The text under `key`.
    fn state(&self, key: &str) -> Result<Option<String>>;

    /// All keys with their texts, in order of the key.
    fn states(&self) -> Result<Vec<(String, String)>>;
}

/// Writes app state.
pub trait WriteState: ReadState {
    /// Inserts or replaces by key. `Invalid` if the key is empty.
    fn put_state(&mut self, key: &str, value: &str) -> Result<()>;

    /// Removes it.
    fn remove_state(&mut self, key: &str) -> Result<bool>;
}
