//! The members around the records of `jira_cache.json` and of the second shape of
//! `jira_changelog_cache.json`.

use jiff::ToSpan as _;
use model::{CacheHeader, Json, Object, TimeZone};

use super::finding::Finding;
use super::take::Taker;

/// After this the old app refetches: 24 hours.
pub const TIME_TO_LIVE_HOURS: i64 = 24;

/// A member that the old app passes over: what is missing of the records, where they were written for
/// it from a workspace that knows.
pub const PARTIAL: &str = "burndown_partial";

/// Reads a header: the top-level members without the records.
pub fn decode(object: Object, zone: &TimeZone) -> (CacheHeader, Vec<Finding>) {
    let mut taker = Taker::of(object, zone);
    let fetched_at = taker.stamp("timestamp");
    let expires_at = fetched_at
        .as_ref()
        .and_then(|stamp| stamp.at?.checked_add(TIME_TO_LIVE_HOURS.hours()).ok());
    let header = CacheHeader {
        cache_version: taker.json("cache_version"),
        fetched_at,
        expires_at,
        jql: taker.text("jql_query"),
        jql_hash: taker.text("jql_hash"),
        fields_requested: taker.text("fields_requested"),
        last_updated: taker.stamp("last_updated"),
        changed_keys: taker.json("changed_keys"),
        told_total: taker.json("total_issues"),
        partial: taker.moved_text(PARTIAL),
        extra: taker.rest(),
    };
    (header, taker.findings)
}

/// The members as the old app writes them; the records come between the two halves.
pub fn encode(header: &CacheHeader) -> (Object, Object) {
    let text = |text: &Option<String>| text.as_ref().map(Json::text);
    let mut before = Object::new();
    before.set_some("cache_version", header.cache_version.clone());
    before.set_some("timestamp", header.fetched_at.as_ref().map(|at| Json::text(at.written())));
    before.set_some("jql_query", text(&header.jql));
    before.set_some("fields_requested", text(&header.fields_requested));
    let mut after = Object::new();
    after.set_some("total_issues", header.told_total.clone());
    let last_updated = header.last_updated.as_ref().map(|at| Json::text(at.written()));
    after.set_some("last_updated", last_updated);
    after.set_some("jql_hash", text(&header.jql_hash));
    after.set_some("changed_keys", header.changed_keys.clone());
    for (name, value) in header.extra.iter() {
        after.set(name, value.clone());
    }
    (before, after)
}
