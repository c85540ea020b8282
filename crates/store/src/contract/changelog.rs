//! Cached changelogs of a query: their cache by name, and their transitions. A changelog may outlive
//! its issue.

use model::{CacheHeader, Changelog, QueryKey, Transition};

use super::cache::{ReadCache, WriteCache};
use crate::error::Result;

/// Reads changelogs.
pub trait ReadChangelog: ReadCache<Changelog> {
    /// Hands over key and status changes (oldest first) of every changelog in stored order,
    /// without touching documents.
    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()>;

    /// [`ReadCache::cached`] of changelogs; `None` if it was never fetched (an empty one was).
    fn changelog(&self, query: &QueryKey, key: &str) -> Result<Option<Changelog>> {
        self.cached(query, key)
    }

    /// [`ReadCache::each_cached`] of changelogs.
    fn each_changelog(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Changelog) -> Result<()>,
    ) -> Result<()> {
        self.each_cached(query, visit)
    }

    /// [`ReadCache::cached_count`] of changelogs.
    fn changelog_count(&self, query: &QueryKey) -> Result<u64> {
        self.cached_count(query)
    }
}

/// Writes changelogs.
pub trait WriteChangelog: WriteCache<Changelog> {
    /// [`WriteCache::put_cached`] of changelogs.
    fn put_changelogs(&mut self, query: &QueryKey, changelogs: &[Changelog]) -> Result<()> {
        self.put_cached(query, changelogs)
    }

    /// [`WriteCache::replace_cached`] of changelogs.
    fn replace_changelogs(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        changelogs: &mut dyn Iterator<Item = Changelog>,
    ) -> Result<()> {
        self.replace_cached(query, header, changelogs)
    }

    /// [`WriteCache::remove_cached_of`] of changelogs.
    fn remove_changelogs_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        self.remove_cached_of(query, keys)
    }

    /// [`WriteCache::remove_cached`] of changelogs.
    fn remove_changelogs(&mut self, query: &QueryKey) -> Result<u64> {
        self.remove_cached(query)
    }
}
