//! What can still be read of a damaged database, into a new one: row by row, what cannot be fetched
//! again first. A row that cannot be read is given up and counted; what rows belong to that were saved is
//! made anew.

mod list;
mod pages;
mod parent;

use std::ops::RangeInclusive;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::error::{Error, Result};
use crate::sql::{Counted, Total, Unreadable};
use crate::sqlite::error::classify;
use crate::sqlite::{Options, SqliteStore, backup, connection, file, fold};

/// Rows that a table without a count of its own is looked through for.
const ROWS_MAX: i64 = 200_000;
/// Weeks that a query may have stored metrics of: some centuries around now.
const WEEKS: RangeInclusive<i64> = -20_000..=20_000;
/// Rows in a row that are not there, or that cannot be read, before a walk by number ends.
const GAP_MAX: u64 = 2_000;

/// What is said of a cache that is not as it was.
const DAMAGED: &str = "what could be read of a damaged database";

/// How the rows of a table are found one by one.
#[derive(Debug, Clone, Copy)]
enum Walk {
    /// By the number that SQLite gives each row.
    RowId,
    /// From both ends of its key, as far as that goes.
    Ends(&'static str),
    /// By the number in each query.
    OfQuery(&'static str),
}

/// Tables, those first that no sync brings back and those that others belong to.
const TABLES: [(&str, Walk); 17] = [
    ("profiles", Walk::RowId),
    ("queries", Walk::RowId),
    ("app_state", Walk::Ends("key")),
    ("deliveries", Walk::Ends("profile_id, id")),
    ("access_keys", Walk::Ends("id")),
    ("trash", Walk::Ends("id")),
    ("trash_pieces", Walk::RowId),
    ("metric_types", Walk::RowId),
    ("dictionaries", Walk::RowId),
    ("metrics_snapshots", Walk::OfQuery("week")),
    ("project_data", Walk::RowId),
    ("cache_headers", Walk::OfQuery("kind")),
    ("statuses", Walk::Ends("profile_id, id")),
    ("jira_changelog_cache", Walk::OfQuery("position")),
    ("jira_cache", Walk::OfQuery("position")),
    ("syncs", Walk::RowId),
    ("deletions", Walk::Ends("profile_id, query_id, noun, item")),
];

/// Tables that are made or counted anew, or of which nothing is worth saving.
#[cfg(test)]
const NOT_SAVED: [&str; 4] = ["changelog_values", "checks", "task_progress", "workspace"];

/// What was saved of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The table.
    pub table: &'static str,
    /// Rows that are in the new database.
    pub saved: u64,
    /// Rows that were there and could not be read as a whole, or lost what they belong to; as far as can be
    /// told.
    pub lost: u64,
}

/// Copies what can be read of the database at `from`, which nobody has open, into the new file `to`.
pub fn salvage(from: &Path, to: &Path) -> Result<Vec<Salvaged>> {
    let made = SqliteStore::open(to)?;
    drop(made);
    let options = Options::default();
    let fail = |error: rusqlite::Error| classify(&error, to, options.busy_timeout_ms);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    fold::fold_log(to)?;
    let listed = list::with_list(from, to)?;
    let source =
        Connection::open_with_flags(listed.as_deref().unwrap_or(from), flags).map_err(fail)?;
    let target = connection::open(to, options)?;
    // What rows belong to may come after them.
    target.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE").map_err(fail)?;
    let rescue = Rescue { source, target };
    let (mut told, mut made) = (Vec::new(), Vec::new());
    for (table, walk) in TABLES {
        told.push(rescue.table(table, walk).map_err(fail)?);
        made.push((table, rescue.parents(table).map_err(fail)?));
    }
    made.push(("profiles", parent::put_named_profiles(&rescue.target).map_err(fail)?));
    made.push(("metric_types", parent::put_numbered_metric_types(&rescue.target).map_err(fail)?));
    for of in &mut told {
        let of_table = made.iter().filter(|(table, _)| *table == of.table);
        // Of a page that cannot be read nobody knows how many rows it had: at least what was made anew.
        of.lost = of.lost.max(of_table.map(|(_, made)| made).sum());
    }
    parent::put_fetched_jql(&rescue.target).map_err(fail)?;
    let in_part = parent::remove_trash_in_part(&rescue.target).map_err(fail)?;
    give_up(&mut told, "trash", in_part);
    for (table, orphans) in parent::remove_orphans(&rescue.target).map_err(fail)? {
        give_up(&mut told, &table, orphans);
    }
    rescue.finish().map_err(fail)?;
    let counted = rescue.counted();
    let Rescue { source, target } = rescue;
    drop((source, target));
    listed.as_deref().map_or(Ok(()), files::remove)?;
    fold::fold_log(to)?;
    backup::check_copy(to)?;
    for (table, unreadable) in drop_unreadable(to, &counted)? {
        give_up(&mut told, table, unreadable.removed);
        count_lost(&mut told, table, unreadable.cut);
    }
    fold::fold_log(to)?;
    file::sync(to)?;
    if told.iter().all(|of| of.saved == 0) {
        let (place, what) = (from.display().to_string(), "no row of it can be read".to_owned());
        return Err(Error::Corrupt { place, what });
    }
    Ok(told)
}

/// Rows that were saved are given up after all.
fn give_up(told: &mut [Salvaged], table: &str, rows: u64) {
    for of in told.iter_mut().filter(|of| of.table == table) {
        of.saved = of.saved.saturating_sub(rows);
    }
    count_lost(told, table, rows);
}

fn count_lost(told: &mut [Salvaged], table: &str, more: u64) {
    told.iter_mut().filter(|of| of.table == table).for_each(|of| of.lost += more);
}

struct Rescue {
    source: Connection,
    target: Connection,
}

impl Rescue {
    /// What rows of a table could not be read though others belong to them is made anew; says how many.
    fn parents(&self, table: &str) -> rusqlite::Result<u64> {
        let (source, target) = (&self.source, &self.target);
        match table {
            "profiles" => parent::put_indexed_profiles(source, target),
            "queries" => parent::put_queries(source, target),
            // With its name nothing of it is lost.
            "metric_types" => parent::put_metric_types(source, target).map(|_| 0),
            _ => Ok(0),
        }
    }

    fn table(&self, table: &'static str, walk: Walk) -> rusqlite::Result<Salvaged> {
        let columns = self.columns(table)?;
        let mut told = Salvaged { table, saved: 0, lost: 0 };
        match walk {
            Walk::RowId => {
                let last = self.number(&format!("SELECT max(rowid) FROM {table}"), &[]);
                let rows = 1..=last.unwrap_or(ROWS_MAX);
                self.by_number(&columns, "rowid", None, (rows, last.is_some()), &mut told);
            }
            Walk::OfQuery(number) => {
                for query in self.queries()? {
                    let last = format!("SELECT max({number}) FROM {table} WHERE query = ?");
                    let first = format!("SELECT min({number}) FROM {table} WHERE query = ?");
                    let of = [Value::Integer(query)];
                    let (low, high) = match number {
                        "week" => (*WEEKS.start(), *WEEKS.end()),
                        _ => (0, ROWS_MAX),
                    };
                    let (first, last) = (self.number(&first, &of), self.number(&last, &of));
                    let is_known = first.is_some() && last.is_some();
                    let mut rows = first.unwrap_or(low)..=last.unwrap_or(high);
                    if number == "week" {
                        // What a damaged row says is bounded as well.
                        rows = (*rows.start()).max(low)..=(*rows.end()).min(high);
                    }
                    self.by_number(&columns, number, Some(query), (rows, is_known), &mut told);
                }
            }
            Walk::Ends(key) => self.take_from_both_ends(&columns, key, &mut told),
        }
        Ok(told)
    }

    /// Reads rows one at a time, so that a page that is damaged takes only those that are on it. Where it
    /// is not known which numbers there are, what cannot be read counts as one row: nobody knows of how
    /// many.
    fn by_number(
        &self,
        columns: &Columns,
        number: &str,
        query: Option<i64>,
        (numbers, is_known): (RangeInclusive<i64>, bool),
        told: &mut Salvaged,
    ) {
        let of_query = if query.is_some() { "query = ? AND " } else { "" };
        let sql =
            format!("SELECT {} FROM {} WHERE {of_query}{number} = ?", columns.list, columns.table);
        let beyond =
            format!("SELECT min({number}) FROM {} WHERE {of_query}{number} > ?", columns.table);
        let (mut missing, mut failed, mut unknown) = (0_u64, 0_u64, 0_u64);
        let (mut at, last) = numbers.into_inner();
        while at <= last {
            let keys: Vec<Value> = query.into_iter().chain([at]).map(Value::Integer).collect();
            match self.read(&sql, &keys) {
                Ok(rows) if rows.is_empty() => missing += 1,
                Ok(rows) => {
                    (missing, failed) = (0, 0);
                    rows.into_iter().for_each(|row| self.put(columns, row, told));
                }
                Err(_) if is_known => (told.lost, failed) = (told.lost + 1, failed + 1),
                Err(_) => (failed, unknown) = (failed + 1, 1),
            }
            let failed_max = if is_known { ROWS_MAX.cast_unsigned() } else { GAP_MAX };
            if failed > failed_max {
                break;
            }
            let Some(next) = at.checked_add(1) else { break };
            at = next;
            if missing > GAP_MAX && number != "week" {
                // What was removed leaves gaps of any length.
                match self.read(&beyond, &keys).map(|rows| rows.into_iter().flatten().next()) {
                    Ok(Some(Value::Integer(next))) => (at, missing) = (at.max(next), 0),
                    Ok(_) => break,
                    // What lies behind it cannot be found.
                    Err(_) => {
                        unknown = 1;
                        break;
                    }
                }
            }
        }
        told.lost += unknown;
    }

    fn take_from_both_ends(&self, columns: &Columns, key: &str, told: &mut Salvaged) {
        let backwards: Vec<String> = key.split(", ").map(|part| format!("{part} DESC")).collect();
        for order in [key.to_owned(), backwards.join(", ")] {
            let sql = format!("SELECT {} FROM {} ORDER BY {order}", columns.list, columns.table);
            let Ok(mut statement) = self.source.prepare(&sql) else { return };
            let Ok(mut rows) = statement.query([]) else { return };
            loop {
                match rows.next() {
                    Ok(Some(row)) => match values(row) {
                        Ok(row) => self.put(columns, row, told),
                        Err(_) => told.lost += 1,
                    },
                    // All of it was read: the way back would find the same.
                    Ok(None) => return,
                    Err(_) => {
                        told.lost += 1;
                        break;
                    }
                }
            }
        }
    }

    fn read(&self, sql: &str, keys: &[Value]) -> rusqlite::Result<Vec<Vec<Value>>> {
        let mut statement = self.source.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(keys))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(values(row)?);
        }
        Ok(found)
    }

    /// A row that breaks a rule of the new database is given up.
    fn put(&self, columns: &Columns, row: Vec<Value>, told: &mut Salvaged) {
        let put = self
            .target
            .prepare_cached(&columns.insert)
            .and_then(|mut statement| statement.execute(params_from_iter(row)));
        match put {
            Ok(0) => {}
            Ok(_) => told.saved += 1,
            Err(_) => told.lost += 1,
        }
    }

    fn queries(&self) -> rusqlite::Result<Vec<i64>> {
        let mut statement = self.target.prepare("SELECT row FROM queries")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    }

    fn number(&self, sql: &str, keys: &[Value]) -> Option<i64> {
        self.source.query_row(sql, params_from_iter(keys), |row| row.get(0)).ok()
    }

    /// The columns that both databases have.
    fn columns(&self, table: &'static str) -> rusqlite::Result<Columns> {
        let names = |connection: &Connection| -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?)")?;
            let rows = statement.query_map([table], |row| row.get(0))?;
            rows.collect()
        };
        let mut wanted = names(&self.target)?;
        // The schema of a damaged database may be unreadable; then it has all.
        let there = names(&self.source).unwrap_or_default();
        wanted.retain(|name| there.is_empty() || there.contains(name));
        let list = wanted.join(", ");
        let marks = vec!["?"; wanted.len()].join(", ");
        let insert = format!("INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})");
        Ok(Columns { table, list, insert })
    }

    /// What the source counted of its documents, as far as it can be read.
    fn counted(&self) -> Vec<Counted> {
        let row = |row: &rusqlite::Row<'_>| {
            let [records, sum] = [row.get(2)?, row.get(3)?].map(i64::cast_unsigned);
            Ok(Counted { noun: row.get(0)?, query: row.get(1)?, total: Total { records, sum } })
        };
        let read = || -> rusqlite::Result<Vec<Counted>> {
            let mut statement =
                self.source.prepare("SELECT noun, query, records, sum FROM checks")?;
            statement.query_map([], row)?.collect()
        };
        read().unwrap_or_default()
    }

    /// What was counted before is counted anew, also where the header is gone, and caches say that they were damaged.
    fn finish(&self) -> rusqlite::Result<()> {
        self.target.execute_batch(&format!(
            "INSERT OR IGNORE INTO cache_headers (query, kind, records, partial, extra, revision)
                 SELECT DISTINCT query, 0, 0, '{DAMAGED}', '{{}}', 1 FROM jira_cache;
             INSERT OR IGNORE INTO cache_headers (query, kind, records, partial, extra, revision)
                 SELECT DISTINCT query, 1, 0, '{DAMAGED}', '{{}}', 1 FROM jira_changelog_cache;
             UPDATE cache_headers SET expires_at = NULL, partial = '{DAMAGED}'
             WHERE records <> CASE kind
                 WHEN 0 THEN (SELECT count(*) FROM jira_cache r WHERE r.query = cache_headers.query)
                 ELSE (SELECT count(*) FROM jira_changelog_cache r
                       WHERE r.query = cache_headers.query) END;
             UPDATE cache_headers SET records =
                 (SELECT count(*) FROM jira_cache r WHERE r.query = cache_headers.query)
             WHERE kind = 0;
             UPDATE cache_headers SET records =
                 (SELECT count(*) FROM jira_changelog_cache r WHERE r.query = cache_headers.query)
             WHERE kind = 1;
             UPDATE workspace SET revision = max(1,
                 coalesce((SELECT max(revision) FROM profiles), 1),
                 coalesce((SELECT max(revision) FROM queries), 1),
                 coalesce((SELECT max(revision) FROM app_state), 1),
                 coalesce((SELECT max(revision) FROM deliveries), 1),
                 coalesce((SELECT max(revision) FROM cache_headers), 1),
                 coalesce((SELECT max(revision) FROM jira_cache), 1),
                 coalesce((SELECT max(revision) FROM jira_changelog_cache), 1),
                 coalesce((SELECT max(revision) FROM project_data), 1),
                 coalesce((SELECT max(revision) FROM metrics_snapshots), 1),
                 coalesce((SELECT max(revision) FROM deletions), 1));
             COMMIT"
        ))
    }
}

/// Removes what cannot be read any more; says how much of which table.
fn drop_unreadable(path: &Path, counted: &[Counted]) -> Result<[(&'static str, Unreadable); 4]> {
    let store = SqliteStore::open(path)?;
    // What was saved came past the checks.
    let mut tx = store.begin_writing()?.without_checks();
    let dropped = tx.drop_unreadable_records(DAMAGED)?;
    counted.iter().try_for_each(|counted| tx.mark_unlike(counted, DAMAGED))?;
    tx.renew_checks()?;
    crate::contract::Writer::commit(Box::new(tx))?;
    Ok(dropped)
}

fn values(row: &rusqlite::Row<'_>) -> rusqlite::Result<Vec<Value>> {
    (0..row.as_ref().column_count()).map(|column| row.get(column)).collect()
}

/// The columns of a table, for both ways.
struct Columns {
    table: &'static str,
    list: String,
    insert: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::tests::tables;

    #[test]
    fn every_table_is_saved_or_said_not_to_be() {
        let mut known: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        known.extend(NOT_SAVED);
        known.sort_unstable();
        assert_eq!(tables(), known);
    }
}
