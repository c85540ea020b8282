//! The table `jira_changelog_cache`.

use model::{Changelog, QueryKey, Transition, changelog};

use super::cache::{Cached, Place, Sql, cache_sql};
use super::codec::Noun;
use super::driver::params;
use super::tx::SqlTx;
use crate::contract::{ReadChangelog, WriteChangelog};
use crate::error::Result;

columns! {
    table jira_changelog_cache;
    key query, issue_key;
    once position;
    set transitions, revision, document;
}

const SQL: Sql = cache_sql!("jira_changelog_cache");
const TRANSITIONS: &str =
    "SELECT issue_key, transitions FROM jira_changelog_cache WHERE query = ? ORDER BY position";
const PUT: &str = statement!(jira_changelog_cache::UPSERT, "RETURNING position");

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[SQL.one, SQL.each, SQL.last_position, TRANSITIONS];

impl Cached for Changelog {
    const NOUN: Noun = Noun::Changelog;
    const SQL: Sql = SQL;
    type Settings = ();

    fn settings(_tx: &SqlTx<'_>, _query: i64) -> Result<()> {
        Ok(())
    }

    fn put_row(&self, tx: &mut SqlTx<'_>, place: Place, (): &()) -> Result<i64> {
        let document = tx.encode(self.document.as_str())?;
        let transitions = changelog::transitions(&self.document, &mut tx.tape);
        let row = jira_changelog_cache::Row {
            query: place.query.into(),
            issue_key: self.key.as_str().into(),
            position: place.position.into(),
            transitions: tx.encode_transitions(&transitions)?.into(),
            revision: place.revision.into(),
            document: document.into(),
        };
        let position = tx.one(PUT, &row.values(), |row| row.get(0))?;
        position.ok_or_else(|| tx.damaged("jira_changelog_cache: no position"))
    }
}

impl ReadChangelog for SqlTx<'_> {
    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let mut count = 0;
        self.each(TRANSITIONS, params![query], |row| {
            count += 1;
            let key = row.text(0)?.unwrap_or_default();
            visit(&key, self.decode_transitions(&row.blob(1)?)?)
        })?;
        self.expect_count::<Changelog>(query, count)
    }
}

impl WriteChangelog for SqlTx<'_> {}
