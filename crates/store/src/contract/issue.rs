//! Cached issues of a query, keyed by issue key, in stored order.

use model::{CacheHeader, Issue, IssueFacts, QueryKey};

use crate::error::Result;

/// Reads issues.
pub trait ReadIssue {
    /// One issue.
    fn issue(&self, query: &QueryKey, key: &str) -> Result<Option<Issue>>;

    /// The issues with those keys, in the order asked; unknown keys are left out.
    fn issues(&self, query: &QueryKey, keys: &[&str]) -> Result<Vec<Issue>>;

    /// Hands over every issue in stored order; an error of `visit` ends the walk.
    fn each_issue(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Issue) -> Result<()>,
    ) -> Result<()>;

    /// Hands over the facts of every issue in stored order, without touching documents.
    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()>;

    /// How many issues there are.
    fn issue_count(&self, query: &QueryKey) -> Result<u64>;
}

/// Writes issues. Facts are derived from the documents by the store.
pub trait WriteIssue: ReadIssue {
    /// Inserts or replaces each by key; a known key keeps its place, a new one goes to the end; of
    /// two with the same key the later wins. `QueryNotFound` if the query is not there, `Invalid`
    /// if a key is empty.
    fn put_issues(&mut self, query: &QueryKey, issues: &[Issue]) -> Result<()>;

    /// Replaces header and all issues in one step, in the order given.
    fn replace_issues(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        issues: &mut dyn Iterator<Item = Issue>,
    ) -> Result<()>;

    /// Removes the issues with those keys; says how many of them were there. Header and order of
    /// the others stay.
    fn remove_issues_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64>;

    /// Removes the header and all issues; says how many there were.
    fn remove_issues(&mut self, query: &QueryKey) -> Result<u64>;
}
