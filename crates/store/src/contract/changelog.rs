//! Cached changelogs of a query, keyed by issue key, in stored order. A changelog may outlive its
//! issue.

use model::{CacheHeader, Changelog, QueryKey, Transition};

use crate::error::Result;

/// Reads changelogs.
pub trait ReadChangelog {
    /// The changelog of one issue; `None` if it was never fetched (an empty one was).
    fn changelog(&self, query: &QueryKey, key: &str) -> Result<Option<Changelog>>;

    /// Hands over every changelog in stored order; an error of `visit` ends the walk.
    fn each_changelog(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Changelog) -> Result<()>,
    ) -> Result<()>;

    /// Hands over key and status changes (oldest first) of every changelog in stored order,
    /// without touching documents.
    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()>;

    /// How many changelogs there are.
    fn changelog_count(&self, query: &QueryKey) -> Result<u64>;
}

/// Writes changelogs.
pub trait WriteChangelog: ReadChangelog {
    /// Inserts or replaces each by key; a known key keeps its place, a new one goes to the end; of
    /// two with the same key the later wins. `QueryNotFound` if the query is not there, `Invalid`
    /// if a key is empty.
    fn put_changelogs(&mut self, query: &QueryKey, changelogs: &[Changelog]) -> Result<()>;

    /// Replaces header and all changelogs in one step, in the order given.
    fn replace_changelogs(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        changelogs: &mut dyn Iterator<Item = Changelog>,
    ) -> Result<()>;

    /// Removes the changelogs with those keys; says how many of them were there. Header and order of
    /// the others stay.
    fn remove_changelogs_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64>;

    /// Removes the header and all changelogs; says how many there were.
    fn remove_changelogs(&mut self, query: &QueryKey) -> Result<u64>;
}
