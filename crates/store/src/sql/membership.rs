//! The columns that say what issues belong to, and how that changed.

use model::membership::{membership_changes, read_changes, written_changes};
use model::{Document, Membership, MembershipChanges, QueryKey, Tape};

use super::driver::params;
use super::tx::SqlTx;
use crate::contract::ReadMembership;
use crate::error::Result;

const OF_ISSUES: &str = "SELECT issue_key, membership FROM jira_cache
    WHERE query = ? ORDER BY position";
const OF_CHANGELOGS: &str = "SELECT issue_key, membership_changes FROM jira_changelog_cache
    WHERE query = ? ORDER BY position";
const ISSUE_CHUNK: &str = "SELECT position, document FROM jira_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const CHANGELOG_CHUNK: &str = "SELECT position, document FROM jira_changelog_cache
    WHERE query = ? AND position > ? ORDER BY position LIMIT 500";
const SET_OF_ISSUE: &str = "UPDATE jira_cache SET membership = ? WHERE query = ? AND position = ?";
const SET_OF_CHANGELOG: &str = "UPDATE jira_changelog_cache SET membership_changes = ?
    WHERE query = ? AND position = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[OF_ISSUES, OF_CHANGELOGS, ISSUE_CHUNK, CHANGELOG_CHUNK];

/// What the column of an issue holds; NULL for nothing.
pub(super) fn of_issue(document: &Document, tape: &mut Tape) -> Option<String> {
    Some(Membership::derive(document, tape).written()).filter(|text| !text.is_empty())
}

/// What the column of a changelog holds; NULL where it cannot tell.
pub(super) fn of_changelog(document: &Document, tape: &mut Tape) -> Option<String> {
    written_changes(&membership_changes(document, tape))
}

impl ReadMembership for SqlTx<'_> {
    fn each_membership(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Membership) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        self.each(OF_ISSUES, params![query], |row| {
            let (key, text) = (row.text(0)?.unwrap_or_default(), row.text(1)?);
            let membership = Membership::read(&text.unwrap_or_default());
            let damaged = || row.damaged(format!("jira_cache: what {key} belongs to"));
            visit(&key, membership.ok_or_else(damaged)?)
        })
    }

    fn each_membership_change(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, MembershipChanges) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        self.each(OF_CHANGELOGS, params![query], |row| {
            let (key, text) = (row.text(0)?.unwrap_or_default(), row.text(1)?);
            let damaged = || row.damaged(format!("jira_changelog_cache: what {key} belonged to"));
            visit(&key, read_changes(text.as_deref()).ok_or_else(damaged)?)
        })
    }
}

impl SqlTx<'_> {
    /// Derives both columns of a query anew from its documents.
    pub(super) fn derive_membership_anew(&mut self, query: i64) -> Result<()> {
        let mut tape = Tape::new();
        self.each_document(ISSUE_CHUNK, query, |tx, position, document| {
            let text = of_issue(&document, &mut tape);
            tx.run(SET_OF_ISSUE, params![text, query, position]).map(drop)
        })?;
        self.each_document(CHANGELOG_CHUNK, query, |tx, position, document| {
            let text = of_changelog(&document, &mut tape);
            tx.run(SET_OF_CHANGELOG, params![text, query, position]).map(drop)
        })
    }
}
