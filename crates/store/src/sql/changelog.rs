//! The table `jira_changelog_cache`.

use model::{Changelog, ChangelogFacts, QueryKey, Tape};

use super::cache::{Cached, Place, Put, Sql, cache_sql};
use super::codec::Noun;
use super::driver::params;
use super::tx::SqlTx;
use crate::contract::{ReadChangelog, WriteChangelog};
use crate::error::Result;

columns! {
    table jira_changelog_cache;
    key query, issue_key;
    once position;
    set transitions, revision, document, resolutions;
}

const SQL: Sql = cache_sql!("jira_changelog_cache", jira_changelog_cache);
const FACTS: &str = "SELECT issue_key, transitions, resolutions FROM jira_changelog_cache
    WHERE query = ? ORDER BY position";
const CHUNK: &str = "SELECT position, document FROM jira_changelog_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const SET_FACTS: &str = "UPDATE jira_changelog_cache SET transitions = ?, resolutions = ?
    WHERE query = ? AND position = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[SQL.one, SQL.each, SQL.last_position, FACTS, CHUNK];

impl Cached for Changelog {
    const NOUN: Noun = Noun::Changelog;
    const SQL: Sql = SQL;
    type Settings = ();

    fn settings(_tx: &SqlTx<'_>, _query: i64) -> Result<()> {
        Ok(())
    }

    fn put_row(&self, tx: &mut SqlTx<'_>, place: Place, (): &(), put: Put<'_>) -> Result<i64> {
        let document = tx.encode(self.document.as_str())?;
        let facts = ChangelogFacts::derive(&self.document, &mut tx.tape);
        let row = jira_changelog_cache::Row {
            query: place.query.into(),
            issue_key: self.key.as_str().into(),
            position: place.position.into(),
            transitions: tx.encode_transitions(&facts.transitions)?.into(),
            revision: place.revision.into(),
            document: document.into(),
            resolutions: tx.encode_resolutions(&facts.resolutions)?.into(),
        };
        put(tx, &row.values())
    }
}

impl ReadChangelog for SqlTx<'_> {
    fn each_changelog_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, ChangelogFacts) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let mut count = 0;
        self.each(FACTS, params![query], |row| {
            count += 1;
            let key = row.text(0)?.unwrap_or_default();
            let resolutions: Option<Vec<u8>> = row.get(2)?;
            visit(&key, self.decode_changelog(&row.blob(1)?, resolutions.as_deref())?)
        })?;
        self.expect_count::<Changelog>(query, count)
    }
}

impl WriteChangelog for SqlTx<'_> {}

impl SqlTx<'_> {
    /// Derives what is stored beside the changelogs of a query from their documents.
    pub(super) fn derive_changelog_facts_anew(&mut self, query: i64) -> Result<()> {
        let mut tape = Tape::new();
        self.each_document(CHUNK, query, |tx, position, document| {
            let facts = ChangelogFacts::derive(&document, &mut tape);
            let transitions = tx.encode_transitions(&facts.transitions)?;
            let resolutions = tx.encode_resolutions(&facts.resolutions)?;
            tx.run(SET_FACTS, params![transitions, resolutions, query, position]).map(drop)
        })
    }
}
