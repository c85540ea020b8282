//! The table `jira_changelog_cache`.

use model::{Changelog, ChangelogFacts, Document, QueryKey, Tape};

use super::cache::{Cached, Place, Put, Sql, cache_sql};
use super::check::{Checked, Total};
use super::codec::Noun;
use super::digest::Digest;
use super::driver::{Row, Value, params};
use super::membership;
use super::tx::SqlTx;
use super::walk::{Digests, Walk, document_digest, membership_digest};
use crate::contract::{ReadChangelog, WriteChangelog};
use crate::error::Result;

columns! {
    table jira_changelog_cache;
    key query, issue_key;
    once position;
    set transitions, revision, document, resolutions, membership_changes;
}

const SQL: Sql = cache_sql!("jira_changelog_cache", jira_changelog_cache);
const FACTS: &str = "SELECT issue_key, transitions, resolutions, position FROM jira_changelog_cache
    WHERE query = ? ORDER BY position";
const STORED: &str = "SELECT issue_key, transitions, resolutions, position, document,
    membership_changes FROM jira_changelog_cache
    WHERE query = ? AND issue_key = ?";
const DERIVED: &str = "SELECT issue_key, document, membership_changes
    FROM jira_changelog_cache WHERE query = ? ORDER BY position";
const CHUNK: &str = "SELECT position, document FROM jira_changelog_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const SET_FACTS: &str = "UPDATE jira_changelog_cache SET transitions = ?, resolutions = ?,
    membership_changes = ? WHERE query = ? AND position = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[SQL.one, SQL.each, SQL.last_position, FACTS, STORED, CHUNK];

impl Cached for Changelog {
    const NOUN: Noun = Noun::Changelog;
    const SQL: Sql = SQL;
    const DOCUMENTS: Checked = Checked::Changelogs;
    const FACTS: Checked = Checked::ChangelogFacts;
    const MEMBERSHIPS: Checked = Checked::ChangelogMemberships;
    type Settings = ();

    fn settings(_tx: &SqlTx<'_>, _query: i64) -> Result<()> {
        Ok(())
    }

    fn put_row(
        &self,
        tx: &mut SqlTx<'_>,
        place: Place,
        (): &(),
        put: Put<'_>,
    ) -> Result<(i64, Digests)> {
        let document = tx.encode(self.document.as_str())?;
        let facts = ChangelogFacts::derive(&self.document, &mut tx.tape);
        let transitions = tx.encode_transitions(&facts.transitions)?;
        let resolutions = tx.encode_resolutions(&facts.resolutions)?;
        let changes = membership::of_changelog(&self.document, &mut tx.tape);
        let digests = Digests {
            facts: digest(&self.key, &transitions, resolutions.as_deref()),
            document: document_digest(&self.key, &document),
            membership: membership_digest(&self.key, changes.as_deref()),
        };
        let row = jira_changelog_cache::Row {
            query: place.query.into(),
            issue_key: self.key.as_str().into(),
            position: place.position.into(),
            transitions: transitions.into(),
            revision: place.revision.into(),
            document: document.into(),
            resolutions: resolutions.into(),
            membership_changes: changes.into(),
        };
        Ok((put(tx, &row.values())?, digests))
    }

    fn stored_digests(tx: &SqlTx<'_>, query: i64, key: &str) -> Result<Option<(i64, Digests)>> {
        tx.one(STORED, params![query, key], |row| {
            let document = document_digest(key, &row.blob(4)?);
            let membership = membership_digest(key, row.text(5)?.as_deref());
            Ok((row.get(3)?, Digests { facts: digest_of(row)?, document, membership }))
        })
    }
}

/// What is derived from a changelog as one number.
fn digest(key: &str, transitions: &[u8], resolutions: Option<&[u8]>) -> u64 {
    let mut digest = Digest::default();
    digest.bytes(key.as_bytes());
    digest.bytes(transitions);
    match resolutions {
        Some(bytes) => digest.bytes(bytes),
        None => digest.text(None),
    }
    digest.finish()
}

/// The same of a row that begins with key, transitions and resolutions.
fn digest_of(row: &Row<'_>) -> Result<u64> {
    let key = row.text(0)?.unwrap_or_default();
    let resolutions = match row.value(2)? {
        Value::Null => None,
        _ => Some(row.blob(2)?),
    };
    Ok(digest(&key, &row.blob(1)?, resolutions.as_deref()))
}

impl ReadChangelog for SqlTx<'_> {
    fn each_changelog_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, ChangelogFacts) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        self.expect(Checked::ChangelogValues)?;
        let walk = self.walk_changelog_facts(query, |row| {
            let key = row.text(0)?.unwrap_or_default();
            let resolutions: Option<Vec<u8>> = row.get(2)?;
            visit(&key, self.decode_changelog(&row.blob(1)?, resolutions.as_deref())?)
        })?;
        self.expect_count::<Changelog>(query, Checked::ChangelogFacts, walk.total())
    }
}

impl WriteChangelog for SqlTx<'_> {}

impl SqlTx<'_> {
    fn walk_changelog_facts(
        &self,
        query: i64,
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<Walk> {
        let mut walk = Walk::new();
        self.each(FACTS, params![query], |row| {
            walk.meet(row, 3, digest_of(row)?)?;
            visit(row)
        })?;
        Ok(walk)
    }

    pub(super) fn count_changelog_facts(&self, query: i64) -> Result<Total> {
        Ok(self.walk_changelog_facts(query, |_| Ok(()))?.total())
    }

    /// Changelogs beside which stands another membership than their document tells, a sentence for
    /// each.
    pub(super) fn wrongly_derived_changelogs(&self) -> Result<Vec<String>> {
        let (mut findings, mut tape) = (Vec::new(), Tape::new());
        for query in self.all("SELECT row FROM queries", &[], |row| row.get::<i64>(0))? {
            self.each(DERIVED, params![query], |row| {
                let document = self.decode(&row.blob(1)?).map(Document::from_stored);
                let is_same = document.is_ok_and(|document| {
                    let derived = membership::of_changelog(&document, &mut tape);
                    row.text(2).is_ok_and(|stored| stored.as_deref() == derived.as_deref())
                });
                if !is_same {
                    let key = row.get::<String>(0).unwrap_or_default();
                    findings.push(format!(
                        "table jira_changelog_cache: {key} is not what its document says"
                    ));
                }
                Ok(())
            })?;
        }
        Ok(findings)
    }

    /// Derives what is stored beside the changelogs of a query from their documents.
    pub(super) fn derive_changelog_facts_anew(&mut self, query: i64) -> Result<()> {
        let mut tape = Tape::new();
        self.each_document(CHUNK, query, |tx, position, document| {
            let facts = ChangelogFacts::derive(&document, &mut tape);
            let transitions = tx.encode_transitions(&facts.transitions)?;
            let resolutions = tx.encode_resolutions(&facts.resolutions)?;
            let changes = membership::of_changelog(&document, &mut tape);
            tx.run(SET_FACTS, params![transitions, resolutions, changes, query, position]).map(drop)
        })
    }
}
