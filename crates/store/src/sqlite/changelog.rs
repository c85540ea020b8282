//! The table `jira_changelog_cache`.

use model::{CacheHeader, CacheKind, Changelog, Document, QueryKey, Transition, changelog};
use rusqlite::params;

use super::cache::{Cached, Place, Sql};
use super::codec::Noun;
use super::tx::SqliteTx;
use crate::contract::{ReadChangelog, WriteChangelog};
use crate::error::Result;

const SQL: Sql = Sql {
    one: "SELECT issue_key, document FROM jira_changelog_cache WHERE query = ?1 AND issue_key = ?2",
    each: "SELECT issue_key, document FROM jira_changelog_cache WHERE query = ?1 ORDER BY position",
    last_position: "SELECT position FROM jira_changelog_cache WHERE query = ?1 ORDER BY position DESC LIMIT 1",
    remove: "DELETE FROM jira_changelog_cache WHERE query = ?1",
    remove_one: "DELETE FROM jira_changelog_cache WHERE query = ?1 AND issue_key = ?2",
};
const TRANSITIONS: &str =
    "SELECT issue_key, transitions FROM jira_changelog_cache WHERE query = ?1 ORDER BY position";
const PUT: &str = "INSERT INTO jira_changelog_cache
    (query, position, issue_key, transitions, revision, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (query, issue_key) DO UPDATE SET transitions = excluded.transitions,
    revision = excluded.revision, document = excluded.document RETURNING position";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[SQL.one, SQL.each, SQL.last_position, TRANSITIONS];

impl Cached for Changelog {
    const KIND: CacheKind = CacheKind::Changelogs;
    const NOUN: Noun = Noun::Changelog;
    const NAME: &'static str = "changelogs";
    const KEY_NAME: &'static str = "changelog.key";
    const SQL: Sql = SQL;
    type Settings = ();

    fn new(key: String, document: Document) -> Changelog {
        Changelog { key, document }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn document(&self) -> &Document {
        &self.document
    }

    fn settings(_tx: &SqliteTx<'_>, _query: i64) -> Result<()> {
        Ok(())
    }

    fn put_row(&self, tx: &mut SqliteTx<'_>, place: Place, (): &()) -> Result<i64> {
        let document = tx.encode(self.document.as_str())?;
        let transitions = changelog::transitions(&self.document, &mut tx.tape);
        let transitions = tx.encode_transitions(&transitions)?;
        let row =
            params![place.query, place.position, self.key, transitions, place.revision, document,];
        let position = tx.one(PUT, row, |row| row.get(0))?;
        position.ok_or_else(|| tx.damaged("jira_changelog_cache: no position"))
    }
}

impl ReadChangelog for SqliteTx<'_> {
    fn changelog(&self, query: &QueryKey, key: &str) -> Result<Option<Changelog>> {
        self.cached(query, key)
    }

    fn each_changelog(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Changelog) -> Result<()>,
    ) -> Result<()> {
        self.each_cached(query, visit)
    }

    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        self.each(TRANSITIONS, [query], |row| {
            let fail = |error: rusqlite::Error| self.fail(&error);
            let key = row.get_ref(0).and_then(|key| Ok(key.as_str()?)).map_err(fail)?;
            let bytes = row.get_ref(1).and_then(|bytes| Ok(bytes.as_blob()?)).map_err(fail)?;
            visit(key, self.decode_transitions(bytes)?)
        })
    }

    fn changelog_count(&self, query: &QueryKey) -> Result<u64> {
        self.cached_count(query, CacheKind::Changelogs)
    }
}

impl WriteChangelog for SqliteTx<'_> {
    fn put_changelogs(&mut self, query: &QueryKey, changelogs: &[Changelog]) -> Result<()> {
        self.put_cached(query, changelogs)
    }

    fn replace_changelogs(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        changelogs: &mut dyn Iterator<Item = Changelog>,
    ) -> Result<()> {
        self.replace_cached(query, header, changelogs)
    }

    fn remove_changelogs_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        self.remove_cached_of::<Changelog>(query, keys)
    }

    fn remove_changelogs(&mut self, query: &QueryKey) -> Result<u64> {
        self.remove_cached::<Changelog>(query)
    }
}
