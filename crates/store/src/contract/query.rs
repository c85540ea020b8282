//! Queries.

use model::{ProfileId, Query, QueryKey, QuerySummary, Timestamp};

use crate::error::Result;

/// Reads queries.
pub trait ReadQuery {
    /// The query with that key.
    fn query(&self, key: &QueryKey) -> Result<Option<Query>>;

    /// Queries of a profile with their counts, most recently used first, then by name, then by id.
    fn queries(&self, profile: &ProfileId) -> Result<Vec<QuerySummary>>;
}

/// Writes queries.
pub trait WriteQuery: ReadQuery {
    /// Inserts or replaces by key; what it owns stays. `ProfileNotFound` if the profile is not
    /// there; `Invalid` if the name breaks [`model::name::check`]. Names may repeat.
    fn put_query(&mut self, query: &Query) -> Result<()>;

    /// Sets `last_used`. `QueryNotFound` if it is not there.
    fn touch_query(&mut self, key: &QueryKey, at: Timestamp) -> Result<()>;

    /// Removes it with everything below it.
    fn remove_query(&mut self, key: &QueryKey) -> Result<bool>;
}
