//! The columns that say what issues belong to, and how that changed.

use model::membership::{membership_changes, read_changes, written_changes};
use model::{Changelog, Document, Issue, Membership, MembershipChanges, QueryKey, Tape};

use super::check::{Checked, Total};
use super::driver::{Row, params};
use super::tx::SqlTx;
use super::walk::{Walk, membership_digest};
use crate::contract::ReadMembership;
use crate::error::Result;

const OF_ISSUES: &str = "SELECT issue_key, membership, position FROM jira_cache
    WHERE query = ? ORDER BY position";
const OF_CHANGELOGS: &str = "SELECT issue_key, membership_changes, position
    FROM jira_changelog_cache WHERE query = ? ORDER BY position";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[OF_ISSUES, OF_CHANGELOGS];

/// What the column of an issue holds; NULL for nothing.
pub(super) fn of_issue(document: &Document, tape: &mut Tape) -> Option<String> {
    written(&Membership::derive(document, tape))
}

/// The same of what was derived already.
pub(super) fn written(membership: &Membership) -> Option<String> {
    Some(membership.written()).filter(|text| !text.is_empty())
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
        let walk = self.walk_memberships(OF_ISSUES, query, &mut |row, key, text| {
            let membership = Membership::read(text.unwrap_or_default());
            let damaged = || row.damaged(format!("jira_cache: what {key} belongs to"));
            visit(key, membership.ok_or_else(damaged)?)
        })?;
        self.expect_count::<Issue>(query, Checked::IssueMemberships, walk.total())
    }

    fn each_membership_change(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, MembershipChanges) -> Result<()>,
    ) -> Result<()> {
        let Some(query) = self.query_row(query)? else { return Ok(()) };
        let walk = self.walk_memberships(OF_CHANGELOGS, query, &mut |row, key, text| {
            let damaged = || row.damaged(format!("jira_changelog_cache: what {key} belonged to"));
            visit(key, read_changes(text).ok_or_else(damaged)?)
        })?;
        self.expect_count::<Changelog>(query, Checked::ChangelogMemberships, walk.total())
    }
}

/// Takes the key and the column of a row.
type Visit<'v> = &'v mut dyn FnMut(&Row<'_>, &str, Option<&str>) -> Result<()>;

impl SqlTx<'_> {
    fn walk_memberships(&self, sql: &str, query: i64, visit: Visit<'_>) -> Result<Walk> {
        let mut walk = Walk::new();
        self.each(sql, params![query], |row| {
            let (key, text) = (row.text(0)?.unwrap_or_default(), row.text(1)?);
            walk.meet(row, 2, membership_digest(&key, text.as_deref()))?;
            visit(row, &key, text.as_deref())
        })?;
        Ok(walk)
    }

    pub(super) fn count_memberships(&self, query: i64) -> Result<Total> {
        Ok(self.walk_memberships(OF_ISSUES, query, &mut |_, _, _| Ok(()))?.total())
    }

    pub(super) fn count_membership_changes(&self, query: i64) -> Result<Total> {
        Ok(self.walk_memberships(OF_CHANGELOGS, query, &mut |_, _, _| Ok(()))?.total())
    }
}
