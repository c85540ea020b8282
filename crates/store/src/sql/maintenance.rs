//! Upkeep that is the same in every SQL backend.

use std::collections::BTreeSet;

use model::{CacheKind, Changelog, QueryKey, Stamp, Timestamp};

use super::codec::Noun;
use super::document::{self, Encoded};
use super::driver::{Row, params};
use super::field::time_text;
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadHeader, Writer};
use crate::error::Result;

/// How long a task that ended is kept.
const ENDED_TASK_KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

const OLD_TASKS: &str = "DELETE FROM task_progress WHERE status <> 'running' AND updated_at < ?1";
const UNUSED_METRIC_TYPES: &str = "DELETE FROM metric_types
    WHERE NOT EXISTS (SELECT 1 FROM metrics_snapshots s WHERE s.metric_type = metric_types.id)";
const QUERIES: &str = "SELECT row, profile_id, id FROM queries";
const ORPHANS: &str = "SELECT issue_key FROM jira_changelog_cache WHERE query = ?1 AND NOT EXISTS
    (SELECT 1 FROM jira_cache i
     WHERE i.query = ?1 AND i.issue_key = jira_changelog_cache.issue_key)";
const RIVALS: &str = "SELECT query, noun, max(id) FROM dictionaries
    GROUP BY query, noun HAVING count(*) > 1";
const OLDER: &str = "SELECT id FROM dictionaries WHERE query = ?1 AND noun = ?2 AND id < ?3";
/// The first bytes of documents, which name the dictionary, by the noun that it is for.
const HEADS: [(Noun, &str); 4] = [
    (Noun::Issue, "SELECT DISTINCT substr(document, 1, 11) FROM jira_cache WHERE query = ?1"),
    (
        Noun::Changelog,
        "SELECT DISTINCT substr(document, 1, 11) FROM jira_changelog_cache WHERE query = ?1",
    ),
    (
        Noun::Snapshot,
        "SELECT DISTINCT substr(metrics, 1, 11) FROM metrics_snapshots WHERE query = ?1",
    ),
    (
        Noun::Snapshot,
        "SELECT DISTINCT substr(forecast, 1, 11) FROM metrics_snapshots
         WHERE query = ?1 AND forecast IS NOT NULL",
    ),
];
const REMOVE_DICTIONARY: &str = "DELETE FROM dictionaries WHERE id = ?1";

const WRONG_COUNTS: &str = "SELECT 'jira_cache', h.records,
    (SELECT count(*) FROM jira_cache r WHERE r.query = h.query) AS found
    FROM cache_headers h WHERE h.kind = 0 AND h.records <>
        (SELECT count(*) FROM jira_cache r WHERE r.query = h.query)
    UNION ALL SELECT 'jira_changelog_cache', h.records,
    (SELECT count(*) FROM jira_changelog_cache r WHERE r.query = h.query) AS found
    FROM cache_headers h WHERE h.kind = 1 AND h.records <>
        (SELECT count(*) FROM jira_changelog_cache r WHERE r.query = h.query)";

/// Every table whose rows carry the revision that last wrote them.
const REVISIONS: &str = "SELECT 'profiles', min(revision), max(revision) FROM profiles
    UNION ALL SELECT 'queries', min(revision), max(revision) FROM queries
    UNION ALL SELECT 'deliveries', min(revision), max(revision) FROM deliveries
    UNION ALL SELECT 'app_state', min(revision), max(revision) FROM app_state
    UNION ALL SELECT 'cache_headers', min(revision), max(revision) FROM cache_headers
    UNION ALL SELECT 'jira_cache', min(revision), max(revision) FROM jira_cache
    UNION ALL SELECT 'jira_changelog_cache', min(revision), max(revision)
        FROM jira_changelog_cache
    UNION ALL SELECT 'project_data', min(revision), max(revision) FROM project_data
    UNION ALL SELECT 'metrics_snapshots', min(revision), max(revision) FROM metrics_snapshots
    UNION ALL SELECT 'deletions', min(revision), max(revision) FROM deletions";
/// How many marks of what was removed are kept, the newest.
const MARKS_KEPT: i64 = 5_000;
const OLD_MARKS: &str = "DELETE FROM deletions WHERE revision <
    (SELECT revision FROM deletions ORDER BY revision DESC LIMIT 1 OFFSET ?)";
const HAS_LEDGER: &str = "SELECT 1 FROM syncs LIMIT 1";
const NAMES: &str = "SELECT id, name, name_folded FROM profiles";

fn text(row: &Row<'_>, column: usize) -> Result<String> {
    row.get(column)
}

impl SqlTx<'_> {
    /// Removes what nothing needs any more and ends the transaction; says how many records went.
    pub fn cleanup(mut self, now: Timestamp) -> Result<u64> {
        let mut removed = self.remove_old_tasks(now)?;
        removed += self.run(UNUSED_METRIC_TYPES, &[])?;
        removed += self.remove_orphaned_changelogs()?;
        removed += self.remove_superseded_dictionaries()?;
        removed += self.run(OLD_MARKS, params![MARKS_KEPT])?;
        Box::new(self).commit()?;
        tracing::debug!(count = removed, "cleanup");
        Ok(removed)
    }

    /// What contradicts itself across tables, a sentence each.
    pub fn contradictions(&self) -> Result<Vec<String>> {
        let mut findings = self.all(WRONG_COUNTS, &[], |row| {
            let (told, found) = (row.get::<i64>(1)?, row.get::<i64>(2)?);
            Ok(format!("table {}: {found} rows where cache_headers counts {told}", text(row, 0)?))
        })?;
        findings.extend(self.unlike_their_checks()?);
        findings.extend(self.strange_revisions()?);
        findings.extend(self.wrongly_folded_names()?);
        findings.extend(self.wrongly_derived_issues()?);
        findings.extend(self.wrongly_derived_changelogs()?);
        Ok(findings)
    }

    /// The newest revision of all rows is that of the workspace: the last transaction that counted
    /// wrote or removed something.
    fn strange_revisions(&self) -> Result<Vec<String>> {
        let newest = i64::try_from(self.current_revision()).unwrap_or(i64::MAX);
        let tables = self.all(REVISIONS, &[], |row| {
            Ok((text(row, 0)?, row.get::<Option<i64>>(1)?, row.get::<Option<i64>>(2)?))
        })?;
        let is_strange = |revision: &Option<i64>| revision.is_some_and(|r| r < 1 || r > newest);
        let mut findings: Vec<String> = tables
            .iter()
            .filter(|(_, oldest, latest)| is_strange(oldest) || is_strange(latest))
            .map(|(table, ..)| format!("table {table}: a revision that this workspace never had"))
            .collect();
        let latest = tables.iter().filter_map(|(_, _, latest)| *latest).max().unwrap_or(0);
        // The ledger has no revisions: a sync that failed writes there and nowhere else.
        let has_ledger = self.one(HAS_LEDGER, &[], |_| Ok(()))?.is_some();
        if latest < newest && !has_ledger {
            findings
                .push(format!("table workspace: revision {newest}, the newest row has {latest}"));
        }
        Ok(findings)
    }

    fn wrongly_folded_names(&self) -> Result<Vec<String>> {
        let names =
            self.all(NAMES, &[], |row| Ok((text(row, 0)?, text(row, 1)?, text(row, 2)?)))?;
        let wrong = names.iter().filter(|(_, name, folded)| model::name::fold(name) != *folded);
        Ok(wrong
            .map(|(id, ..)| format!("table profiles: name_folded of {id} is not its name's"))
            .collect())
    }

    fn remove_old_tasks(&self, now: Timestamp) -> Result<u64> {
        let oldest_ms = now.as_millisecond().saturating_sub(ENDED_TASK_KEPT_MS);
        let Ok(oldest) = Timestamp::from_millisecond(oldest_ms) else { return Ok(0) };
        self.run(OLD_TASKS, params![time_text(Some(oldest))])
    }

    /// Changelogs of issues that are gone, of every query whose issues are complete and newer.
    fn remove_orphaned_changelogs(&mut self) -> Result<u64> {
        let queries = self.all(QUERIES, &[], |row| {
            Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
        })?;
        let mut total = 0;
        for (row, profile, id) in queries {
            let query = QueryKey::parse(&profile, &id)?;
            if !self.are_issues_complete_and_newer(&query)? {
                continue;
            }
            let orphans = self.all(ORPHANS, params![row], |row| row.get::<String>(0))?;
            let orphans: Vec<&str> = orphans.iter().map(String::as_str).collect();
            let removed = self.remove_records::<Changelog>(row, &orphans)?.len() as u64;
            if removed > 0 {
                self.put_removed(Removed::Cache(&query, CacheKind::Changelogs))?;
            }
            total += removed;
        }
        Ok(total)
    }

    fn are_issues_complete_and_newer(&self, query: &QueryKey) -> Result<bool> {
        let (Some(issues), Some(changelogs)) =
            (self.header(query, CacheKind::Issues)?, self.header(query, CacheKind::Changelogs)?)
        else {
            return Ok(false);
        };
        let at = |stamp: Option<Stamp>| stamp.and_then(|stamp| stamp.at);
        Ok(match (at(issues.fetched_at), at(changelogs.fetched_at)) {
            (Some(issues_at), Some(changelogs_at)) => {
                issues.partial.is_none() && issues_at > changelogs_at
            }
            _ => false,
        })
    }

    /// Dictionaries that a newer one took over from, once no document needs them.
    fn remove_superseded_dictionaries(&self) -> Result<u64> {
        let rivals = self.all(RIVALS, &[], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
        })?;
        let mut removed = 0;
        for (query, noun, newest) in rivals {
            let used = self.used_dictionaries(query, noun)?;
            let older = self.all(OLDER, params![query, noun, newest], |row| row.get::<i64>(0))?;
            for id in older.into_iter().filter(|id| !used.contains(id)) {
                removed += self.run(REMOVE_DICTIONARY, params![id])?;
            }
        }
        Ok(removed)
    }

    fn used_dictionaries(&self, query: i64, noun: i64) -> Result<BTreeSet<i64>> {
        let mut used = BTreeSet::new();
        for (_, sql) in HEADS.iter().filter(|(of, _)| *of as i64 == noun) {
            let heads = self.all(sql, params![query], |row| row.get::<Vec<u8>>(0))?;
            used.extend(heads.iter().filter_map(|head| match document::inspect(head) {
                Some(Encoded::WithDictionary(id, _)) => Some(id),
                _ => None,
            }));
        }
        Ok(used)
    }
}
