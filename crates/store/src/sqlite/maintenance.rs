//! Upkeep of the file.

use std::collections::BTreeSet;

use model::{CacheKind, QueryKey, Stamp, Timestamp};

use super::codec::Noun;
use super::column::time_text;
use super::document::{self, Encoded};
use super::revision::Removed;
use super::tx::{SqliteTx, patiently};
use super::{SqliteStore, file, schema};
use crate::contract::{Maintenance, ReadHeader, ReadRevision, Writer};
use crate::error::{Error, Result};

/// How long a task that ended is kept.
const ENDED_TASK_KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

const OLD_TASKS: &str = "DELETE FROM task_progress WHERE status <> 'running' AND updated_at < ?1";
const UNUSED_METRIC_TYPES: &str = "DELETE FROM metric_types
    WHERE NOT EXISTS (SELECT 1 FROM metrics_snapshots s WHERE s.metric_type = metric_types.id)";
const QUERIES: &str = "SELECT row, profile_id, id FROM queries";
const ORPHANS: &str = "DELETE FROM jira_changelog_cache WHERE query = ?1 AND NOT EXISTS
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

const INTEGRITY: &str = "PRAGMA integrity_check(100)";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
const FOREIGN_KEYS: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check
    GROUP BY 1, 2";
const WRONG_COUNTS: &str = "SELECT 'jira_cache', h.records,
    (SELECT count(*) FROM jira_cache r WHERE r.query = h.query) AS found
    FROM cache_headers h WHERE h.kind = 0 AND found <> h.records
    UNION ALL SELECT 'jira_changelog_cache', h.records,
    (SELECT count(*) FROM jira_changelog_cache r WHERE r.query = h.query) AS found
    FROM cache_headers h WHERE h.kind = 1 AND found <> h.records";

/// Every table whose rows carry the revision that last wrote them.
const REVISIONS: &str = "SELECT 'profiles', min(revision), max(revision) FROM profiles
    UNION ALL SELECT 'queries', min(revision), max(revision) FROM queries
    UNION ALL SELECT 'app_state', min(revision), max(revision) FROM app_state
    UNION ALL SELECT 'cache_headers', min(revision), max(revision) FROM cache_headers
    UNION ALL SELECT 'jira_cache', min(revision), max(revision) FROM jira_cache
    UNION ALL SELECT 'jira_changelog_cache', min(revision), max(revision)
        FROM jira_changelog_cache
    UNION ALL SELECT 'project_data', min(revision), max(revision) FROM project_data
    UNION ALL SELECT 'metrics_snapshots', min(revision), max(revision) FROM metrics_snapshots
    UNION ALL SELECT 'deletions', min(revision), max(revision) FROM deletions";
const NAMES: &str = "SELECT id, name, name_folded FROM profiles";

impl Maintenance for SqliteStore {
    fn cleanup(&self, now: Timestamp) -> Result<u64> {
        let mut tx = SqliteTx::writer(self)?;
        let mut removed = tx.remove_old_tasks(now)?;
        removed += tx.run(UNUSED_METRIC_TYPES, [])? as u64;
        removed += tx.remove_orphaned_changelogs()?;
        removed += tx.remove_superseded_dictionaries()?;
        Box::new(tx).commit()?;
        tracing::debug!(count = removed, "cleanup");
        Ok(removed)
    }

    fn check_integrity(&self) -> Result<Vec<String>> {
        let tx = SqliteTx::reader(self)?;
        let mut findings = tx.all(INTEGRITY, [], |row| row.get::<_, String>(0))?;
        findings.retain(|finding| finding != "ok");
        findings.extend(tx.all(FOREIGN_KEYS, [], |row| {
            let (table, parent, rows) = (text(row, 0)?, text(row, 1)?, row.get::<_, i64>(2)?);
            Ok(format!("table {table}: {rows} rows without their row in {parent}"))
        })?);
        findings.extend(tx.all(WRONG_COUNTS, [], |row| {
            let (told, found) = (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
            Ok(format!("table {}: {found} rows where cache_headers counts {told}", text(row, 0)?))
        })?);
        findings.extend(tx.strange_revisions()?);
        findings.extend(tx.wrongly_folded_names()?);
        Ok(findings)
    }

    fn look_for_damage(&self) -> Result<()> {
        let tx = SqliteTx::reader(self)?;
        let findings = tx.all(QUICK_CHECK, [], |row| row.get::<_, String>(0))?;
        match findings.into_iter().find(|finding| finding != "ok") {
            None => Ok(()),
            Some(what) => Err(Error::Corrupt { place: self.path().display().to_string(), what }),
        }
    }

    fn check_place(&self) -> Result<()> {
        SqliteStore::check_place(self)
    }

    fn size_bytes(&self) -> Result<u64> {
        let own =
            std::fs::metadata(self.path()).map_err(|error| Error::from_io(&error, self.path()))?;
        let beside = file::side_files(self.path());
        let beside = beside.iter().filter_map(|path| std::fs::metadata(path).ok());
        Ok(own.len() + beside.map(|metadata| metadata.len()).sum::<u64>())
    }

    fn compact(&self) -> Result<()> {
        let busy_ms = self.options.busy_total_ms();
        let _turn = self.turns.take(self.path(), busy_ms)?.ok_or_else(|| Error::Busy {
            place: self.path().display().to_string(),
            waited_s: busy_ms / 1000,
        })?;
        let connection = self.take_connection()?;
        patiently(self.options, || {
            connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        })
        .map_err(|error| self.fail(&error))?;
        self.give_back(connection);
        tracing::debug!("compact");
        Ok(())
    }

    fn schema_version(&self) -> Result<u32> {
        let connection = self.take_connection()?;
        let version = schema::version(&connection).map_err(|error| self.fail(&error))?;
        self.give_back(connection);
        Ok(version)
    }
}

fn text(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get(column)
}

impl SqliteTx<'_> {
    /// The newest revision of all rows is that of the workspace: the last transaction that counted
    /// wrote or removed something.
    fn strange_revisions(&self) -> Result<Vec<String>> {
        let newest = i64::try_from(self.revision()?).unwrap_or(i64::MAX);
        let tables = self.all(REVISIONS, [], |row| {
            Ok((text(row, 0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
        })?;
        let is_strange = |revision: &Option<i64>| revision.is_some_and(|r| r < 1 || r > newest);
        let mut findings: Vec<String> = tables
            .iter()
            .filter(|(_, oldest, latest)| is_strange(oldest) || is_strange(latest))
            .map(|(table, ..)| format!("table {table}: a revision that this workspace never had"))
            .collect();
        let latest = tables.iter().filter_map(|(_, _, latest)| *latest).max().unwrap_or(0);
        if latest < newest {
            findings
                .push(format!("table workspace: revision {newest}, the newest row has {latest}"));
        }
        Ok(findings)
    }

    fn wrongly_folded_names(&self) -> Result<Vec<String>> {
        let names = self.all(NAMES, [], |row| Ok((text(row, 0)?, text(row, 1)?, text(row, 2)?)))?;
        let wrong = names.iter().filter(|(_, name, folded)| model::name::fold(name) != *folded);
        Ok(wrong
            .map(|(id, ..)| format!("table profiles: name_folded of {id} is not its name's"))
            .collect())
    }

    fn remove_old_tasks(&self, now: Timestamp) -> Result<u64> {
        let oldest_ms = now.as_millisecond().saturating_sub(ENDED_TASK_KEPT_MS);
        let Ok(oldest) = Timestamp::from_millisecond(oldest_ms) else { return Ok(0) };
        Ok(self.run(OLD_TASKS, [time_text(Some(oldest))])? as u64)
    }

    /// Changelogs of issues that are gone, of every query whose issues are complete and newer.
    fn remove_orphaned_changelogs(&mut self) -> Result<u64> {
        let queries = self.all(QUERIES, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let mut total = 0;
        for (row, profile, id) in queries {
            let query = QueryKey::parse(&profile, &id)?;
            if !self.are_issues_complete_and_newer(&query)? {
                continue;
            }
            let removed = self.run(ORPHANS, [row])? as u64;
            if removed > 0 {
                let left = self.records(row, CacheKind::Changelogs)?.saturating_sub(removed);
                self.set_records(row, CacheKind::Changelogs, left)?;
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
        let rivals = self.all(RIVALS, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        let mut removed = 0;
        for (query, noun, newest) in rivals {
            let used = self.used_dictionaries(query, noun)?;
            let older = self.all(OLDER, [query, noun, newest], |row| row.get::<_, i64>(0))?;
            for id in older.into_iter().filter(|id| !used.contains(id)) {
                removed += self.run(REMOVE_DICTIONARY, [id])? as u64;
            }
        }
        Ok(removed)
    }

    fn used_dictionaries(&self, query: i64, noun: i64) -> Result<BTreeSet<i64>> {
        let mut used = BTreeSet::new();
        for (_, sql) in HEADS.iter().filter(|(of, _)| *of as i64 == noun) {
            let heads = self.all(sql, [query], |row| row.get::<_, Vec<u8>>(0))?;
            used.extend(heads.iter().filter_map(|head| match document::inspect(head) {
                Some(Encoded::WithDictionary(id, _)) => Some(id),
                _ => None,
            }));
        }
        Ok(used)
    }
}
