//! The list of tables, where it cannot be read: without it SQLite reads nothing at all. It is written anew
//! into a copy of the file; where each table and index begins is said by what is left of the list, by where
//! they begin in a new database, or by what their rows look like.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Result as Sql, params};

use super::pages::{Held, Order, Pages};
use crate::error::{Error, Result};
use crate::sqlite::error::classify;
use crate::sqlite::{file, schema};

const LIST: &str = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid";
/// Of so many tables and indexes one may begin elsewhere than in a new database, which then still says where
/// the others do.
const ONE_ELSEWHERE_OF: usize = 10;

/// A table or index as this program makes it.
struct Part {
    kind: String,
    name: String,
    table: String,
    root: u32,
    sql: Option<String>,
    order: Order,
    columns: Vec<Column>,
}

struct Column {
    held: Held,
    may_be_null: bool,
}

impl Part {
    /// Whether the tree that begins on a page can be it.
    fn is_at(&self, pages: &Pages, root: u32) -> bool {
        let rows = pages.first_rows(root);
        pages.order(root) == Some(self.order)
            && (pages.is_empty(root) || !rows.is_empty())
            && rows.iter().all(|row| self.fits(row.columns()))
    }

    /// Columns that were added later are missing at the end of a row that was written before.
    fn fits(&self, found: impl ExactSizeIterator<Item = Held>) -> bool {
        let is_of_its_length = match self.kind.as_str() {
            "table" => found.len() <= self.columns.len() && found.len() * 2 > self.columns.len(),
            _ => found.len() == self.columns.len(),
        };
        is_of_its_length
            && self.columns.iter().zip(found).all(|(column, held)| match held {
                Held::Null => column.may_be_null,
                // A whole number takes less room.
                Held::Integer => matches!(column.held, Held::Integer | Held::Real),
                held => held == column.held,
            })
    }
}

/// A copy of the database at `from`, beside `fresh`, with its list of tables written anew; `None` if the list
/// is as `fresh`, a new database, has it.
pub(super) fn with_list(from: &Path, fresh: &Path) -> Result<Option<PathBuf>> {
    let fail = |error: rusqlite::Error| classify(&error, fresh, 0);
    let parts = parts(&open(fresh).map_err(fail)?).map_err(fail)?;
    if open(from).is_ok_and(|source| is_whole(&source, &parts)) {
        return Ok(None);
    }
    let (copy, compact) = (fresh.with_extension("listed"), fresh.with_extension("compact"));
    copy_folded(from, &copy)?;
    fs::copy(fresh, &compact).map_err(|error| Error::from_io(&error, fresh))?;
    let compacted = Connection::open(&compact).and_then(|compact| {
        compact.execute_batch("VACUUM")?;
        list(&compact)
    });
    let in_compact = compacted.map_err(fail)?;
    files::remove(&compact)?;
    let (bytes, head) = (read(&copy)?, read(fresh)?);
    let page_bytes = match head.get(16..18) {
        Some([high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    };
    let pages = Pages::new(bytes, page_bytes);
    let roots = roots(&pages, &parts, &in_compact);
    let found = roots.len();
    tracing::warn!(found, of = parts.len(), "the list of tables is damaged and written anew");
    write(&copy, &pages, page_bytes, &head, &parts, roots)?;
    Ok(Some(copy))
}

/// Whether a database can be read by its own list. One of an older version has another one.
fn is_whole(source: &Connection, parts: &[Part]) -> bool {
    let Ok(found) = list(source) else { return false };
    let is_older = schema::version(source).is_ok_and(|it| it < schema::SCHEMA.version() && it > 0);
    let words = |sql: &Option<String>| -> Vec<String> {
        let words = sql.iter().flat_map(|sql| sql.split_whitespace());
        words.map(str::to_owned).collect()
    };
    let is_listed = |part: &Part| {
        let mut same = found.iter().filter(|(name, ..)| *name == part.name);
        same.any(|(_, _, sql)| words(sql) == words(&part.sql))
    };
    let mut begun: Vec<u32> = found.iter().map(|(_, root, _)| *root).collect();
    begun.sort_unstable();
    begun.dedup();
    begun.len() == found.len() && (is_older || parts.iter().all(is_listed))
}

/// Where each part begins, by its name; nothing of those of which that cannot be told.
fn roots(
    pages: &Pages,
    parts: &[Part],
    in_compact: &[(String, u32, Option<String>)],
) -> HashMap<String, u32> {
    let mut left = pages.roots();
    let mut found = listed(pages, parts);
    left.retain(|root| !found.values().any(|taken| taken == root));
    let compact = |part: &Part| in_compact.iter().find(|(name, ..)| *name == part.name);
    let fresh: HashMap<&str, u32> =
        parts.iter().map(|part| (part.name.as_str(), part.root)).collect();
    let compact: HashMap<&str, u32> =
        parts.iter().filter_map(|part| Some((part.name.as_str(), compact(part)?.1))).collect();
    for places in [fresh, compact] {
        let at = |part: &Part| places.get(part.name.as_str()).copied().unwrap_or_default();
        let is_there = |part: &&Part| match found.get(&part.name) {
            Some(root) => *root == at(part),
            None => left.contains(&at(part)) && part.is_at(pages, at(part)),
        };
        let there: Vec<&Part> = parts.iter().filter(is_there).collect();
        if (parts.len() - there.len()) * ONE_ELSEWHERE_OF <= parts.len() {
            found.extend(there.iter().map(|part| (part.name.clone(), at(part))));
            left.retain(|root| !found.values().any(|taken| taken == root));
        }
    }
    // What only one of them can be it is; then another one may be told.
    left.retain(|root| !pages.is_empty(*root));
    loop {
        let missing = || parts.iter().filter(|part| !found.contains_key(&part.name));
        let only = left.iter().find_map(|root| {
            let mut fitting = missing().filter(|part| part.is_at(pages, *root));
            let part = fitting.next().filter(|_| fitting.next().is_none())?;
            let others = left.iter().filter(|root| part.is_at(pages, **root)).count();
            (others == 1).then(|| (part.name.clone(), *root))
        });
        let Some((name, root)) = only else { return found };
        found.insert(name, root);
        left.retain(|other| *other != root);
    }
}

/// What can be read of the list itself, on whatever page. What is said twice in different ways says nothing.
fn listed(pages: &Pages, parts: &[Part]) -> HashMap<String, u32> {
    let mut found: HashMap<String, Option<u32>> = HashMap::new();
    for row in (1..=pages.count()).flat_map(|number| pages.rows(number)) {
        let (Some(name), Some(root)) = (row.text(1), row.number(3)) else { continue };
        let is_of = |part: &&Part| part.name == name && row.text(0) == Some(&part.kind);
        let Some(part) = parts.iter().find(is_of).filter(|_| row.columns().len() == 5) else {
            continue;
        };
        if root > 1 && part.is_at(pages, root) {
            let known = found.entry(name.to_owned()).or_insert(Some(root));
            *known = known.filter(|known| *known == root);
        }
    }
    found.into_iter().filter_map(|(name, root)| Some((name, root?))).collect()
}

/// Writes the copy anew: the head of a new database, an empty list, all pages but the first as they are, an
/// empty page for each part that is nowhere; then the list.
fn write(
    copy: &Path,
    pages: &Pages,
    page_bytes: usize,
    head: &[u8],
    parts: &[Part],
    mut roots: HashMap<String, u32>,
) -> Result<()> {
    let fail = |error: rusqlite::Error| classify(&error, copy, 0);
    let mut bytes = head.get(..100).unwrap_or_default().to_vec();
    bytes.extend(empty_page(13, page_bytes - 100, page_bytes));
    bytes.extend(pages.after_first());
    for part in parts {
        if !roots.contains_key(&part.name) {
            let kind = if part.order == Order::Number { 13 } else { 10 };
            bytes.extend(empty_page(kind, page_bytes, page_bytes));
            roots.insert(part.name.clone(), (bytes.len() / page_bytes) as u32);
        }
    }
    let count = ((bytes.len() / page_bytes) as u32).to_be_bytes();
    // No log; as many pages; none of them free; and that this head says so.
    let changed = head.get(24..28).unwrap_or_default();
    for (at, new) in [(18, &[1, 1][..]), (28, &count), (32, &[0; 8]), (92, changed)] {
        bytes.iter_mut().skip(at).zip(new).for_each(|(to, from)| *to = *from);
    }
    files::write_file(copy, &bytes)?;
    let written = Connection::open(copy).map_err(fail)?;
    written.execute_batch("PRAGMA writable_schema = ON; BEGIN").map_err(fail)?;
    for Part { kind, name, table, sql, .. } in parts {
        let put = "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
            VALUES (?, ?, ?, ?, ?)";
        let values = params![kind, name, table, roots.get(name), sql];
        written.execute(put, values).map_err(fail)?;
    }
    written.execute_batch("COMMIT").map_err(fail)
}

fn empty_page(kind: u8, bytes: usize, page_bytes: usize) -> Vec<u8> {
    let [high, low] = (page_bytes as u16).to_be_bytes();
    let mut page = vec![kind, 0, 0, 0, 0, high, low];
    page.resize(bytes, 0);
    page
}

/// Copies a database with what stands in its log.
fn copy_folded(from: &Path, copy: &Path) -> Result<()> {
    let ([log, ..], [log_there, ..]) = (file::side_files(from), file::side_files(copy));
    for (from, to) in [(from, copy), (&log, &log_there)] {
        if from.exists() {
            fs::copy(from, to).map_err(|error| Error::from_io(&error, from))?;
        }
    }
    let fold = || -> Sql<()> {
        let copy = Connection::open(copy)?;
        copy.execute_batch("PRAGMA writable_schema = ON")?;
        // The first statement fails by the list; after it SQLite does without.
        let fold = || copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()));
        fold().or_else(|_| fold())
    };
    if let Err(error) = fold() {
        tracing::warn!(%error, "the log of the damaged database cannot be folded in");
    }
    file::side_files(copy).iter().filter(|file| file.exists()).try_for_each(|file| {
        files::remove(file)?;
        Ok(())
    })
}

fn open(path: &Path) -> Sql<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::from_io(&error, path))
}

/// The name of each table and index, where it begins and the statement that makes it.
fn list(connection: &Connection) -> Sql<Vec<(String, u32, Option<String>)>> {
    let mut statement = connection.prepare(LIST)?;
    statement.query_map([], |row| Ok((row.get(1)?, row.get(3)?, row.get(4)?)))?.collect()
}

fn parts(fresh: &Connection) -> Sql<Vec<Part>> {
    let mut statement = fresh.prepare(LIST)?;
    let part = |row: &rusqlite::Row<'_>| {
        let (kind, name, table): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_by_number = kind == "table" && {
            let by_number = "SELECT NOT wr FROM pragma_table_list WHERE name = ?";
            fresh.query_row(by_number, [&name], |row| row.get(0))?
        };
        let order = if is_by_number { Order::Number } else { Order::Content };
        let columns = columns(fresh, &kind, &name, &table, order)?;
        let (root, sql) = (row.get(3)?, row.get(4)?);
        Ok(Part { kind, name, table, root, sql, order, columns })
    };
    statement.query_map([], part)?.collect()
}

/// The columns of a part in the order in which its rows have them.
fn columns(
    fresh: &Connection,
    kind: &str,
    name: &str,
    table: &str,
    order: Order,
) -> Sql<Vec<Column>> {
    // The number of a row is kept beside it, not in it.
    const BY_NUMBER: &str = "SELECT type, NOT \"notnull\" OR pk, pk AND type = 'INTEGER' AND
        (SELECT count(*) FROM pragma_table_info(?1) WHERE pk) = 1 FROM pragma_table_info(?1) ORDER BY cid";
    const BY_CONTENT: &str = "SELECT coalesce(c.type, 'INTEGER'), NOT c.\"notnull\" AND NOT c.pk, 0
        FROM pragma_index_xinfo(?1) x LEFT JOIN pragma_table_info(?2) c ON c.cid = x.cid ORDER BY x.seqno";
    let column = |row: &rusqlite::Row<'_>| {
        let (declared, is_number): (String, bool) = (row.get(0)?, row.get(2)?);
        let held = match declared.as_str() {
            _ if is_number => Held::Null,
            "INTEGER" => Held::Integer,
            "REAL" => Held::Real,
            "BLOB" => Held::Blob,
            _ => Held::Text,
        };
        Ok(Column { held, may_be_null: row.get::<_, Option<bool>>(1)?.unwrap_or(false) })
    };
    if order == Order::Number {
        return fresh.prepare(BY_NUMBER)?.query_map([name], column)?.collect();
    }
    let index = if kind == "table" {
        let own = "SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'";
        fresh.query_row(own, [name], |row| row.get(0))?
    } else {
        name.to_owned()
    };
    fresh.prepare(BY_CONTENT)?.query_map([index.as_str(), table], column)?.collect()
}
