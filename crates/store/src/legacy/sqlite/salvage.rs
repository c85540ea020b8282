//! What can still be read of a damaged database, row by row, in a sound one.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::rows::{names, number_of, quoted};
use super::{connect, damaged};
use crate::error::Result;

/// After so many rowids in a row without an answer a table without a known end is taken to be over.
const MISSES_MAX: i64 = 2_000;

/// Copies every row that can be read. Gives the tables that are damaged; `None` if not even the list
/// of tables can be read.
pub(super) fn salvage(from: &Path, to: &Path) -> Result<Option<Vec<String>>> {
    let failed = |error: &rusqlite::Error| damaged(from, error);
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Lets the pages that are left be read although the header promises more of them.
    let tolerant = source.execute_batch("PRAGMA writable_schema = ON; PRAGMA query_only = ON");
    let Some(names) = tolerant.and_then(|()| names(&source)).ok().filter(|names| !names.is_empty())
    else {
        return Ok(None);
    };
    let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let target = connect(to, create)?;
    target
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        .map_err(|error| failed(&error))?;
    let mut damaged = Vec::new();
    for name in names {
        if !copy_table(&source, &target, &name).map_err(|error| failed(&error))? {
            damaged.push(name);
        }
    }
    target.execute_batch("COMMIT").map_err(|error| failed(&error))?;
    Ok(Some(damaged))
}

/// Copies one table; false if some of it could not be read.
fn copy_table(source: &Connection, target: &Connection, name: &str) -> rusqlite::Result<bool> {
    let Ok(statement) = source.prepare(&format!("SELECT * FROM {} NOT INDEXED", quoted(name)))
    else {
        return Ok(false);
    };
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let number = number_of(source, name, &columns);
    let all = format!("SELECT {number}, * FROM {} NOT INDEXED", quoted(name));
    let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let columns = columns.len() + 1;
    let has_number = !number.contains('(');
    let key = if has_number { number } else { "rowid" };
    target.execute_batch(&format!("CREATE TABLE {} ({})", quoted(name), names.join(", ")))?;
    let marks = vec!["?"; columns].join(", ");
    let insert =
        format!("INSERT INTO {} ({key}, {}) VALUES ({marks})", quoted(name), names.join(", "));
    let mut insert = target.prepare(&insert)?;
    let mut last = i64::MIN;
    let mut put = |row: &rusqlite::Row<'_>| -> rusqlite::Result<i64> {
        let values: Vec<Value> =
            (0..columns).map(|place| row.get(place)).collect::<rusqlite::Result<_>>()?;
        let rowid = row.get(0)?;
        insert.execute(params_from_iter(values))?;
        Ok(rowid)
    };
    let is_whole = {
        let mut ordered = source.prepare(&format!("{all} ORDER BY 1"))?;
        let walked = ordered.query([]).and_then(|mut rows| {
            while let Some(row) = rows.next()? {
                last = put(row)?;
            }
            Ok(())
        });
        walked.is_ok()
    };
    if !is_whole && has_number {
        let one = format!("{all} WHERE {number} = ?1");
        ask_one_by_one(source, name, &one, last, &mut put)?;
    }
    Ok(is_whole)
}

/// Rows beyond a bad page, each by its rowid.
fn ask_one_by_one(
    source: &Connection,
    name: &str,
    one: &str,
    last: i64,
    put: &mut dyn FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<i64>,
) -> rusqlite::Result<()> {
    let sequence = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
    let end = source.query_row(sequence, [name], |row| row.get::<_, i64>(0)).ok();
    let mut one = source.prepare(one)?;
    let (mut rowid, mut misses) = (last.max(0), 0);
    loop {
        rowid += 1;
        // A counter that is damaged itself must not keep this going for ever.
        let is_over = misses > MISSES_MAX
            && end.is_none_or(|end| rowid > end || misses > end.min(50_000_000));
        if is_over {
            return Ok(());
        }
        let found = one.query([rowid]).and_then(|mut rows| match rows.next()? {
            Some(row) => put(row).map(Some),
            None => Ok(None),
        });
        misses = if matches!(found, Ok(Some(_))) { 0 } else { misses + 1 };
    }
}
