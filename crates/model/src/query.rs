//! A query: a named JQL inside a profile; it owns its cached issues, statistics and snapshots.

use jiff::Timestamp;

use crate::id::QueryKey;
use crate::json::Object;
use crate::stamp::Stamp;

/// A query as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The profile and the query's id in it, exact.
    pub key: QueryKey,
    /// Its name; two queries may have the same.
    pub name: String,
    /// The JQL as typed; empty if it is not known.
    pub jql: String,
    /// Free text; absent and empty are kept apart.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Stamp>,
    /// When name or JQL were last edited.
    pub updated_at: Option<Stamp>,
    /// When it was last chosen.
    pub last_used: Option<Stamp>,
    /// Members of the legacy file that nobody knows.
    pub extra: Object,
}

/// A query in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuerySummary {
    /// The profile and the query's id in it.
    pub key: QueryKey,
    /// Its name.
    pub name: String,
    /// Its JQL.
    pub jql: String,
    /// Its description.
    pub description: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How many issues it holds.
    pub issues: u64,
    /// How many changelogs it holds.
    pub changelogs: u64,
    /// When its issues were fetched; `None` before the first sync.
    pub fetched_at: Option<Timestamp>,
    /// When a refetch is due.
    pub expires_at: Option<Timestamp>,
    /// What is missing, if the issues are not all there.
    pub partial: Option<String>,
}
