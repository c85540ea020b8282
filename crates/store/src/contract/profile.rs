//! Profiles.

use model::{Profile, ProfileId, ProfileSummary, Timestamp};

use crate::error::Result;

/// Reads profiles.
pub trait ReadProfile {
    /// The profile with that id.
    fn profile(&self, id: &ProfileId) -> Result<Option<Profile>>;

    /// All profiles with their counts, most recently used first, then by name, then by id.
    fn profiles(&self) -> Result<Vec<ProfileSummary>>;
}

/// Writes profiles.
pub trait WriteProfile: ReadProfile {
    /// Inserts or replaces by id. `NameTaken` if another profile's name folds to the same;
    /// `Invalid` if the name breaks [`model::name::check`]. If the mapped points field changes,
    /// the facts of all issues below are derived anew.
    fn put_profile(&mut self, profile: &Profile) -> Result<()>;

    /// Gives it another name, under the same rules. `ProfileNotFound` if it is not there.
    fn rename_profile(&mut self, id: &ProfileId, name: &str) -> Result<()>;

    /// Sets `last_used`. `ProfileNotFound` if it is not there.
    fn touch_profile(&mut self, id: &ProfileId, at: Timestamp) -> Result<()>;

    /// Removes it with everything below it.
    fn remove_profile(&mut self, id: &ProfileId) -> Result<bool>;
}
