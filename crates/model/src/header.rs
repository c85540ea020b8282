//! What is known about a cache as a whole: where it came from, when, and whether it is complete.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::json::{Json, Object};
use crate::stamp::Stamp;

/// Which of a query's two caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CacheKind {
    /// `jira_cache`: the issues.
    Issues,
    /// `jira_changelog_cache`: their histories.
    Changelogs,
}

/// The header of a cache. Absent members are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CacheHeader {
    /// Version mark of the old app's file.
    pub cache_version: Option<Json>,
    /// When the records were fetched (`timestamp` in the old app's file).
    pub fetched_at: Option<Stamp>,
    /// When a refetch is due. Never hides or removes anything.
    pub expires_at: Option<Timestamp>,
    /// The JQL they were fetched with.
    pub jql: Option<String>,
    /// The old app's hash of that JQL.
    pub jql_hash: Option<String>,
    /// Which fields were asked for, comma separated.
    pub fields_requested: Option<String>,
    /// Start of the next delta.
    pub last_updated: Option<Stamp>,
    /// Keys that the last fetch changed.
    pub changed_keys: Option<Json>,
    /// The count that the file itself told.
    pub told_total: Option<Json>,
    /// What is missing, if the cache is not complete ("needs a sync").
    pub partial: Option<String>,
    /// Members that nobody knows.
    pub extra: Object,
}

/// Member of the header of changelogs that holds [`CacheHeader::entered_later`].
const ENTERED_LATER: &str = "entered_later";
/// Most keys that it holds.
const ENTERED_LATER_MAX: usize = 10_000;

impl CacheHeader {
    /// Keys of issues that came into the query well after they were made, as syncs noticed.
    pub fn entered_later(&self) -> BTreeSet<String> {
        let keys = self.extra.get(ENTERED_LATER).and_then(Json::as_array).unwrap_or_default();
        keys.iter().filter_map(|key| Some(key.as_text()?.into_owned())).collect()
    }

    /// Keeps such keys.
    pub fn set_entered_later<'k>(&mut self, keys: impl Iterator<Item = &'k String>) {
        let keys: Vec<Json> = keys.take(ENTERED_LATER_MAX).map(Json::text).collect();
        self.extra.remove(ENTERED_LATER);
        self.extra.set_some(ENTERED_LATER, (!keys.is_empty()).then_some(Json::Array(keys)));
    }
}
