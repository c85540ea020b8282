//! Counts and digests of what is stored, in the table `checks`: kept by every transaction that writes, and
//! compared before what was read is given out.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::cache::Cached;
use super::digest::Digest;
use super::driver::{Row, params};
use super::tx::SqlTx;
use crate::error::{Error, Result};

/// What is counted by itself. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Checked {
    Workspace = 0,
    Profiles = 1,
    Queries = 2,
    States = 3,
    Statuses = 4,
    Headers = 5,
    MetricTypes = 6,
    ChangelogValues = 7,
    /// The columns that are derived from the documents of issues.
    IssueFacts = 16,
    /// Those documents.
    Issues = 17,
    ChangelogFacts = 18,
    Changelogs = 19,
    ProjectData = 20,
    Snapshots = 21,
    Syncs = 22,
    Deliveries = 23,
    /// What issues belong to.
    IssueMemberships = 24,
    /// How that changed.
    ChangelogMemberships = 25,
}

use Checked::{
    ChangelogFacts, ChangelogMemberships, ChangelogValues, Changelogs, Deliveries, Headers,
    IssueFacts, IssueMemberships, Issues, MetricTypes, Profiles, ProjectData, Queries, Snapshots,
    States, Statuses, Syncs, Workspace,
};

/// Tables that are compared as a whole: by name, and what of them counts.
const WHOLE: [(&str, Checked, &str); 9] = [
    ("workspace", Workspace, "SELECT revision FROM workspace"),
    ("profiles", Profiles, "SELECT * FROM profiles"),
    ("queries", Queries, "SELECT * FROM queries"),
    ("app_state", States, "SELECT * FROM app_state"),
    ("statuses", Statuses, "SELECT * FROM statuses"),
    ("deliveries", Deliveries, "SELECT * FROM deliveries"),
    ("cache_headers", Headers, "SELECT * FROM cache_headers"),
    ("metric_types", MetricTypes, "SELECT * FROM metric_types"),
    ("changelog_values", ChangelogValues, "SELECT * FROM changelog_values"),
];

/// Tables whose rows of one query are compared together.
const OF_QUERY: [(&str, Checked, &str); 3] = [
    ("project_data", ProjectData, "SELECT * FROM project_data WHERE query = ?"),
    ("metrics_snapshots", Snapshots, "SELECT * FROM metrics_snapshots WHERE query = ?"),
    ("syncs", Syncs, "SELECT * FROM syncs WHERE query = ? ORDER BY number"),
];

/// Tables that nothing shown rests on, that check themselves, or that [`Checked::Issues`] and its like
/// count.
#[cfg(test)]
const NOT_HERE: [&str; 9] = [
    "access_keys",
    "checks",
    "deletions",
    "dictionaries",
    "jira_cache",
    "jira_changelog_cache",
    "task_progress",
    "trash",
    "trash_pieces",
];

/// Every table that somebody thought of.
#[cfg(test)]
pub(crate) fn known_tables() -> Vec<&'static str> {
    let checked = WHOLE.iter().chain(&OF_QUERY).map(|(table, ..)| *table);
    checked.chain(NOT_HERE).collect()
}

const TOTAL: &str = "SELECT records, sum FROM checks WHERE noun = ? AND query = ?";
const PUT: &str = "INSERT INTO checks (noun, query, records, sum) VALUES (?, ?, ?, ?)
    ON CONFLICT (noun, query) DO UPDATE SET records = excluded.records, sum = excluded.sum";
const FORGET: &str =
    "DELETE FROM checks WHERE query <> 0 AND query NOT IN (SELECT row FROM queries)";
const FORGET_ALL: &str = "DELETE FROM checks";
const MARK: &str =
    "UPDATE cache_headers SET expires_at = NULL, partial = ? WHERE query = ? AND kind = ?";
const COUNTED: &str = "SELECT DISTINCT noun FROM checks";
const QUERIES: &str = "SELECT row FROM queries";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[TOTAL];

/// How many rows there are, and the sum of their digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Total {
    pub records: u64,
    pub sum: u64,
}

impl Total {
    pub(crate) fn add(&mut self, digest: u64) {
        self.records += 1;
        self.sum = self.sum.wrapping_add(digest);
    }

    pub(crate) fn subtract(&mut self, digest: u64) {
        self.records = self.records.saturating_sub(1);
        self.sum = self.sum.wrapping_sub(digest);
    }
}

/// A row of `checks`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    pub noun: i64,
    pub query: i64,
    pub total: Total,
}

type Key = (Checked, i64);

/// What a transaction knows of the checks.
#[derive(Debug, Default)]
pub(super) struct Checks {
    /// Nothing is compared or kept: the stored form has no checks yet, or all of them are made anew.
    is_off: bool,
    /// What was compared, or is being counted anew.
    trusted: BTreeSet<Key>,
    /// What changed and is counted anew at the end.
    changed: BTreeSet<Key>,
    /// Totals of caches that this transaction changed row by row.
    kept: BTreeMap<Key, Total>,
}

impl Checks {
    /// Those of a transaction that just began.
    pub fn new(is_kept: bool) -> KeptChecks {
        RefCell::new(Checks { is_off: !is_kept, ..Checks::default() })
    }
}

impl SqlTx<'_> {
    /// Neither compares nor keeps checks from here on, as one that never did.
    pub fn without_checks(self) -> Self {
        self.checks.borrow_mut().is_off = true;
        self
    }

    pub(super) fn has_no_checks(&self) -> bool {
        self.checks.borrow().is_off
    }

    /// A table as a whole is what it was when it was written.
    pub(super) fn expect(&self, what: Checked) -> Result<()> {
        self.expect_of(what, 0)
    }

    /// The rows of a query are.
    pub(super) fn expect_of(&self, what: Checked, query: i64) -> Result<()> {
        if self.has_no_checks() || self.checks.borrow().trusted.contains(&(what, query)) {
            return Ok(());
        }
        self.check_structure_of(what)?;
        self.expect_total(what, query, self.count(what, query)?)
    }

    /// What a walk over a cache met is what was written.
    pub(super) fn expect_total(&self, what: Checked, query: i64, found: Total) -> Result<()> {
        if self.has_no_checks() {
            return Ok(());
        }
        let told = self.total(what, query)?;
        if found != told {
            return Err(self.damaged(unlike(what, found, told)));
        }
        self.checks.borrow_mut().trusted.insert((what, query));
        Ok(())
    }

    /// Keys of a table are found by an index, which can be damaged where the rows are not.
    fn check_structure_of(&self, what: Checked) -> Result<()> {
        match what {
            Profiles => self.check_table("profiles"),
            Queries => self.check_table("queries"),
            MetricTypes => self.check_table("metric_types"),
            ChangelogValues => self.check_table("changelog_values"),
            _ => Ok(()),
        }
    }

    /// The total as it stands, with what this transaction changed.
    pub(super) fn total(&self, what: Checked, query: i64) -> Result<Total> {
        if self.has_no_checks() {
            return Ok(Total::default());
        }
        if let Some(kept) = self.checks.borrow().kept.get(&(what, query)) {
            return Ok(*kept);
        }
        let stored = self.one(TOTAL, params![what as i64, query], |row| {
            Ok(Total { records: row.get(0)?, sum: row.get::<i64>(1)?.cast_unsigned() })
        })?;
        Ok(stored.unwrap_or_default())
    }

    /// Counts anew what this transaction derived anew.
    pub(super) fn recount(&self, what: Checked, query: i64) -> Result<()> {
        if !self.has_no_checks() {
            self.keep_total(what, query, self.count(what, query)?);
        }
        Ok(())
    }

    /// Keeps the total of a cache whose rows were changed one by one.
    pub(super) fn keep_total(&self, what: Checked, query: i64, total: Total) {
        let mut checks = self.checks.borrow_mut();
        checks.trusted.remove(&(what, query));
        checks.kept.insert((what, query), total);
    }

    /// Before a statement changes the rows of a query: they are compared, and counted anew at the end.
    pub(super) fn changes_of(&self, what: Checked, query: i64) -> Result<()> {
        self.expect_of(what, query)?;
        let mut checks = self.checks.borrow_mut();
        checks.trusted.insert((what, query));
        checks.changed.insert((what, query));
        Ok(())
    }

    /// The same for the tables that a statement changes as a whole, which it names first.
    pub(super) fn changes_by(&self, sql: &str) -> Result<()> {
        let Some(table) = written_table(sql) else { return Ok(()) };
        if self.has_no_checks() {
            return Ok(());
        }
        // What lies below goes with its row.
        let below: &[Checked] = match table {
            "profiles" => &[Queries, Headers, Statuses, Deliveries],
            "queries" => &[Headers],
            _ => &[],
        };
        let own = WHOLE.iter().find(|(name, ..)| *name == table).map(|(_, what, _)| *what);
        let is_removal = sql.starts_with("DELETE");
        let below = below.iter().copied().filter(|_| is_removal);
        own.into_iter().chain(below).try_for_each(|what| self.changes_of(what, 0))
    }

    /// After queries went: their numbers may be given out again.
    pub(super) fn forget_checks_of_gone(&self) -> Result<()> {
        if self.has_no_checks() {
            return Ok(());
        }
        self.run(FORGET, &[])?;
        let rows: BTreeSet<i64> = self.query_rows()?.into_iter().chain([0]).collect();
        let mut checks = self.checks.borrow_mut();
        checks.trusted.retain(|(_, query)| rows.contains(query));
        checks.changed.retain(|(_, query)| rows.contains(query));
        checks.kept.retain(|(_, query), _| rows.contains(query));
        Ok(())
    }

    /// Writes down what this transaction changed.
    pub(super) fn put_checks(&self) -> Result<()> {
        if self.has_no_checks() {
            return Ok(());
        }
        let Checks { changed, kept, .. } = self.checks.take();
        for (what, query) in changed {
            self.put_total(what, query, self.count(what, query)?)?;
        }
        kept.into_iter().try_for_each(|((what, query), total)| self.put_total(what, query, total))
    }

    /// Counts everything anew, whatever was stored.
    pub fn renew_checks(&self) -> Result<()> {
        self.checks.borrow_mut().is_off = true;
        self.run(FORGET_ALL, &[])?;
        for (what, query) in self.all_checked()? {
            self.put_total(what, query, self.count(what, query)?)?;
        }
        Ok(())
    }

    /// What is not as it was written, a sentence each.
    pub fn unlike_their_checks(&self) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        if self.has_no_checks() {
            return Ok(findings);
        }
        for (what, query) in self.all_checked()? {
            match (self.count(what, query), self.total(what, query)) {
                (Ok(found), Ok(told)) if found == told => {}
                (Ok(found), Ok(told)) => findings.push(unlike(what, found, told)),
                (Err(error), _) | (_, Err(error)) => findings.push(error.to_string()),
            }
        }
        // What is derived is counted apart from the documents.
        findings.dedup();
        Ok(findings)
    }

    /// Compares what is stored in an older form, as far as that goes: what it does not have yet, or has
    /// without its newest columns, is passed over.
    pub fn expect_older(&self) -> Result<()> {
        let is_missing = |error: &Error| matches!(error, Error::Corrupt { what, .. } if what.starts_with("no such "));
        let told = match self.all(COUNTED, &[], |row| row.get::<i64>(0)) {
            Err(error) if is_missing(&error) => return Ok(()),
            told => told?,
        };
        let mut keys = self.all_checked()?;
        keys.retain(|(what, _)| told.contains(&(*what as i64)));
        for (what, query) in keys {
            match self.count(what, query) {
                Err(error) if is_missing(&error) => {}
                found => self.expect_total(what, query, found?)?,
            }
        }
        Ok(())
    }

    /// Says of a cache whose documents are not those that were counted that they are `why`.
    pub fn mark_unlike(&self, counted: &Counted, why: &str) -> Result<()> {
        let caches = [(Issues, 0_i64), (Changelogs, 1)];
        let Some((what, kind)) = caches.into_iter().find(|(what, _)| *what as i64 == counted.noun)
        else {
            return Ok(());
        };
        if self.count(what, counted.query)? != counted.total {
            self.run(MARK, params![why, counted.query, kind])?;
        }
        Ok(())
    }

    fn all_checked(&self) -> Result<Vec<Key>> {
        let of_query = <model::Issue as Cached>::PARTS.into_iter();
        let of_query = of_query
            .chain(<model::Changelog as Cached>::PARTS)
            .chain(OF_QUERY.map(|(_, what, _)| what));
        let rows = self.query_rows()?;
        let below = of_query.flat_map(|what| rows.iter().map(move |query| (what, *query)));
        Ok(WHOLE.iter().map(|(_, what, _)| (*what, 0)).chain(below).collect())
    }

    fn query_rows(&self) -> Result<Vec<i64>> {
        self.all(QUERIES, &[], |row| row.get(0))
    }

    fn put_total(&self, what: Checked, query: i64, total: Total) -> Result<()> {
        let row = params![what as i64, query, total.records, total.sum.cast_signed()];
        self.run(PUT, row).map(drop)
    }

    /// Counts what is there.
    pub(super) fn count(&self, what: Checked, query: i64) -> Result<Total> {
        match what {
            IssueFacts => self.count_issue_facts(query),
            ChangelogFacts => self.count_changelog_facts(query),
            IssueMemberships => self.count_memberships(query),
            ChangelogMemberships => self.count_membership_changes(query),
            Issues => self.count_documents::<model::Issue>(query),
            Changelogs => self.count_documents::<model::Changelog>(query),
            _ => {
                let of_query = OF_QUERY.iter().find(|(_, of, _)| *of == what);
                match of_query {
                    Some((.., sql)) => self.count_rows(sql, params![query]),
                    None => {
                        let whole = WHOLE.iter().find(|(_, of, _)| *of == what);
                        whole.map_or(Ok(Total::default()), |(.., sql)| self.count_rows(sql, &[]))
                    }
                }
            }
        }
    }

    fn count_rows(&self, sql: &str, values: &[super::driver::Value<'_>]) -> Result<Total> {
        let mut total = Total::default();
        self.each(sql, values, |row| {
            total.add(digest(row)?);
            Ok(())
        })?;
        Ok(total)
    }
}

fn digest(row: &Row<'_>) -> Result<u64> {
    let mut digest = Digest::default();
    for column in 0..row.columns() {
        digest.value(&row.value(column)?);
    }
    Ok(digest.finish())
}

/// The table that a statement writes to.
pub(super) fn written_table(sql: &str) -> Option<&str> {
    let rest = match sql.as_bytes().first()? {
        b'I' | b'R' => sql.split_once("INTO ")?.1,
        b'U' => sql.strip_prefix("UPDATE ")?,
        b'D' => sql.strip_prefix("DELETE FROM ")?,
        _ => return None,
    };
    rest.split([' ', '\n', '(']).next()
}

fn unlike(what: Checked, found: Total, told: Total) -> String {
    let table = match what {
        IssueFacts | Issues | IssueMemberships => "jira_cache",
        ChangelogFacts | Changelogs | ChangelogMemberships => "jira_changelog_cache",
        _ => {
            let all = WHOLE.iter().chain(&OF_QUERY);
            let named = all.into_iter().find(|(_, of, _)| *of == what);
            named.map_or("", |(name, ..)| name)
        }
    };
    if found.records == told.records {
        return format!("table {table}: rows are not as they were written");
    }
    format!("table {table}: {} rows where {} were written", found.records, told.records)
}

/// What every transaction keeps of its checks.
pub(super) type KeptChecks = RefCell<Checks>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_their_table() {
        for (sql, table) in [
            ("INSERT INTO profiles (id)", Some("profiles")),
            ("UPDATE workspace SET x", Some("workspace")),
            ("DELETE FROM queries WHERE", Some("queries")),
            ("DELETE FROM metric_types\n WHERE", Some("metric_types")),
            ("INSERT OR IGNORE INTO app_state(key)", Some("app_state")),
            ("SELECT 1 FROM queries", None),
        ] {
            assert_eq!(written_table(sql), table, "{sql}");
        }
    }
}
