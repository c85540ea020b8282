//! One transaction: the few ways to run SQL in it, the revision that it writes, what it keeps ready.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Instant;

use model::{QueryKey, Tape, Timestamp};

use super::cache::KnownKeys;
use super::changelog_value::ChangelogValues;
use super::check::{Checks, KeptChecks, written_table};
use super::codec::Codec;
use super::driver::{Bulk, Driver, Row, Value, params};
use crate::contract::{ReadClock, Reader, Revision, Writer};
use crate::error::{Error, Result};

/// Reads the revision of the newest committed transaction, which a driver does as it begins one.
pub(crate) const REVISION: &str = "SELECT revision FROM workspace";
const QUERIES: &str = "SELECT row FROM queries";
const SET_REVISION: &str = "UPDATE workspace SET revision = ?";

/// A transaction with the driver that it runs on.
pub(crate) struct SqlTx<'s> {
    driver: Box<dyn Driver + 's>,
    is_writer: bool,
    /// The newest committed transaction when this one began.
    seen: Revision,
    wrote: bool,
    begun_at: Instant,
    /// How many rows of which table were written or removed, for the log.
    changed: RefCell<BTreeMap<String, u64>>,
    pub(super) checks: KeptChecks,
    pub(super) codec: RefCell<Codec>,
    pub(super) changelog_values: RefCell<Option<ChangelogValues>>,
    /// The number of the query that was asked about last, for one who only reads.
    pub(super) last_query: RefCell<Option<(QueryKey, i64)>>,
    pub(super) tape: Tape,
    pub(super) known_keys: Option<KnownKeys>,
}

impl<'s> SqlTx<'s> {
    /// A transaction that just began and saw the revision `seen`.
    pub fn begun(driver: impl Driver + 's, seen: Revision, is_writer: bool) -> SqlTx<'s> {
        let checks = Checks::new(driver.keeps_checks());
        SqlTx {
            driver: Box::new(driver),
            is_writer,
            seen,
            wrote: false,
            begun_at: Instant::now(),
            changed: RefCell::default(),
            checks,
            codec: RefCell::default(),
            changelog_values: RefCell::default(),
            last_query: RefCell::default(),
            tape: Tape::new(),
            known_keys: None,
        }
    }

    /// Whether it may write.
    pub(super) fn is_writer(&self) -> bool {
        self.is_writer
    }

    /// The revision that a read answers with.
    pub(super) fn current_revision(&self) -> Revision {
        if self.is_writer { self.seen + 1 } else { self.seen }
    }

    /// The revision of what is being written; from here on the transaction has written something.
    pub(super) fn written_revision(&mut self) -> Revision {
        self.wrote = true;
        self.seen + 1
    }

    /// Damage found in a stored value.
    pub fn damaged(&self, what: impl Into<String>) -> Error {
        Error::Corrupt { place: self.driver.place().to_owned(), what: what.into() }
    }

    /// Derives what is stored beside documents from them anew. The documents did not change, so the
    /// revisions stay.
    pub fn derive_anew(&mut self) -> Result<()> {
        for query in self.all(QUERIES, &[], |row| row.get::<i64>(0))? {
            self.derive_issue_facts_anew(query)?;
            self.derive_changelog_facts_anew(query)?;
        }
        Ok(())
    }

    /// The first row, if there is one.
    pub fn one<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.changes_by(sql)?;
        let mut found = None;
        self.driver.each(sql, values, &mut |row| {
            found = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        self.note_changed(sql, u64::from(found.is_some()));
        Ok(found)
    }

    /// All rows.
    pub fn all<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Visits every row; an error of `visit` ends the walk.
    pub fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.driver.each(sql, values, &mut |row| visit(row).map(ControlFlow::Continue))
    }

    /// A faster way to insert many rows.
    pub(super) fn bulk(&self) -> Option<&dyn Bulk> {
        self.driver.bulk()
    }

    /// Runs a statement that gives no rows; says how many it changed.
    pub fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.changes_by(sql)?;
        let rows = self.driver.run(sql, values)?;
        self.note_changed(sql, rows);
        Ok(rows)
    }

    fn note_changed(&self, sql: &str, rows: u64) {
        let Some(table) = written_table(sql).filter(|_| rows > 0) else { return };
        let mut changed = self.changed.borrow_mut();
        match changed.get_mut(table) {
            Some(count) => *count += rows,
            None => drop(changed.insert(table.to_owned(), rows)),
        }
    }

    /// Whether the rows of a table are found by each of its keys.
    pub(super) fn check_table(&self, table: &str) -> Result<()> {
        self.driver.check_table(table)
    }
}

impl ReadClock for SqlTx<'_> {
    fn now(&self) -> Result<Timestamp> {
        self.driver.now()
    }
}

impl Reader for SqlTx<'_> {}

impl Writer for SqlTx<'_> {
    fn commit(self: Box<Self>) -> Result<()> {
        if self.wrote {
            self.run(SET_REVISION, params![self.seen + 1])?;
        }
        self.put_checks()?;
        self.driver.commit()?;
        let changed = self.changed.borrow();
        if !changed.is_empty() {
            let ms = self.begun_at.elapsed().as_millis();
            let rows: Vec<String> =
                changed.iter().map(|(table, rows)| format!("{table}={rows}")).collect();
            let revision = self.current_revision();
            tracing::info!(revision, ms, rows = rows.join(" "), "committed");
        }
        Ok(())
    }
}
