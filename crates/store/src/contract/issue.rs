//! Cached issues of a query: their cache by name, and their facts.

use model::{CacheHeader, Issue, IssueFacts, QueryKey, Timestamp};

use super::cache::{ReadCache, WriteCache};
use crate::error::Result;

/// Reads issues.
pub trait ReadIssue: ReadCache<Issue> {
    /// Hands over the facts of every issue in stored order, without touching documents.
    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()>;

    /// [`ReadCache::cached`] of issues.
    fn issue(&self, query: &QueryKey, key: &str) -> Result<Option<Issue>> {
        self.cached(query, key)
    }

    /// The issues with those keys, in the order asked; unknown keys are left out.
    fn issues(&self, query: &QueryKey, keys: &[&str]) -> Result<Vec<Issue>> {
        keys.iter().filter_map(|key| self.cached(query, key).transpose()).collect()
    }

    /// [`ReadCache::each_cached`] of issues.
    fn each_issue(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Issue) -> Result<()>,
    ) -> Result<()> {
        self.each_cached(query, visit)
    }

    /// [`ReadCache::cached_count`] of issues.
    fn issue_count(&self, query: &QueryKey) -> Result<u64> {
        self.cached_count(query)
    }
}

/// Writes issues.
pub trait WriteIssue: WriteCache<Issue> {
    /// Notes when issues left the query: they keep document and changelog, and are found as
    /// [`IssueFacts::left`]. Whoever puts one again takes its mark away. Unknown keys are passed
    /// over; `QueryNotFound` if the query is not there.
    fn mark_left(&mut self, query: &QueryKey, marks: &[(&str, Timestamp)]) -> Result<()>;
    /// [`WriteCache::put_cached`] of issues.
    fn put_issues(&mut self, query: &QueryKey, issues: &[Issue]) -> Result<()> {
        self.put_cached(query, issues)
    }

    /// [`WriteCache::replace_cached`] of issues.
    fn replace_issues(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        issues: &mut dyn Iterator<Item = Issue>,
    ) -> Result<()> {
        self.replace_cached(query, header, issues)
    }

    /// [`WriteCache::remove_cached_of`] of issues.
    fn remove_issues_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        self.remove_cached_of(query, keys)
    }

    /// [`WriteCache::remove_cached`] of issues.
    fn remove_issues(&mut self, query: &QueryKey) -> Result<u64> {
        self.remove_cached(query)
    }
}
