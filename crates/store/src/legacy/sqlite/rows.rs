//! Rows as JSON values, by column name and by what a cell holds, not by what its column promises.

use std::path::Path;

use model::{Json, Object, cp1252};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::{Group, OldDatabase, Table, connect, damaged};
use crate::error::{Error, Result};
use crate::legacy::FindingKind;

/// Longest blob that is spelled out, in bytes.
const BLOB_BYTES_MAX: usize = 4096;

/// In which order rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they were inserted.
    Inserted,
    /// By issue, then as they were inserted.
    Issue,
}

impl Order {
    fn sql(self) -> &'static str {
        match self {
            // By the number of the row, which is the first that is selected.
            Order::Inserted => "1",
            Order::Issue => "issue_key, 1",
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in its table.
    pub rowid: i64,
    /// Its cells by column.
    pub cells: Object,
    /// Cells of which only part could be carried.
    pub odd: Vec<OddCell>,
}

impl Row {
    /// The cell of a column, if it holds text.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.cells.get(column)? {
            Json::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

/// A cell that is no text, number or null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddCell {
    /// Its column.
    pub column: String,
    /// What it holds, as text.
    pub text: String,
    /// Whether it is text in another encoding, which was converted, or bytes, which were left out.
    pub is_text: bool,
}

impl OddCell {
    /// What is odd about it, and what was done.
    pub fn why(&self) -> (FindingKind, &'static str) {
        if self.is_text {
            (FindingKind::Cp1252, "bytes that are not UTF-8 were read as cp1252")
        } else {
            (FindingKind::BadCell, "bytes where text or a number belongs; kept aside")
        }
    }
}

impl OldDatabase {
    /// Hands over the rows of a table; `owner` names the profile and the query whose rows are asked
    /// for. A table that is not there has none.
    pub fn each_row<E: From<Error>>(
        &self,
        table: &str,
        owner: Option<(&str, &str)>,
        order: Order,
        visit: &mut dyn FnMut(Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let found = self.table(table).filter(|table| owner.is_none() || table.has_owners());
        let Some(found) = found else { return Ok(()) };
        let (table, columns, order) = (quoted(&found.name), &found.columns, order.sql());
        let connection = self.connect()?;
        let failed = |error: &rusqlite::Error| damaged(&self.file, error);
        let only = if owner.is_some() { "WHERE profile_id = ?1 AND query_id = ?2" } else { "" };
        let number = found.number;
        let sql = format!("SELECT {number}, * FROM {table} {only} ORDER BY {order}");
        let mut statement = connection.prepare(&sql).map_err(|error| failed(&error))?;
        let mut rows = match owner {
            Some((profile, query)) => statement.query([profile, query]),
            None => statement.query([]),
        }
        .map_err(|error| failed(&error))?;
        while let Some(row) = rows.next().map_err(|error| failed(&error))? {
            visit(read(row, columns).map_err(|error| failed(&error))?)?;
        }
        Ok(())
    }

    /// Different texts of a column among the rows of a query.
    pub fn texts(&self, table: &str, column: &str, owner: (&str, &str)) -> Result<Vec<String>> {
        const OF_QUERY: &str = "AND profile_id = ?1 AND query_id = ?2";
        let is_there = self.table(table).is_some_and(Table::has_owners);
        let owner = [owner.0, owner.1];
        if is_there {
            self.select("DISTINCT", table, column, OF_QUERY, &owner)
        } else {
            Ok(Vec::new())
        }
    }

    /// The latest of a column's times, as text: those that begin with a year.
    pub fn latest(&self, table: &str, column: &str) -> Result<Option<String>> {
        let is_time = format!("AND {} GLOB '[12][0-9][0-9][0-9]-*'", quoted(column));
        Ok(self.select("max", table, column, &is_time, &[])?.pop())
    }

    /// Texts of a column, of which SQL picks some.
    fn select(
        &self,
        pick: &str,
        table: &str,
        column: &str,
        only: &str,
        owner: &[&str],
    ) -> Result<Vec<String>> {
        let Some(found) = self.table(table).filter(|table| table.has(column)) else {
            return Ok(Vec::new());
        };
        let (table, column) = (quoted(&found.name), quoted(column));
        let sql =
            format!("SELECT {pick}({column}) FROM {table} WHERE typeof({column}) = 'text' {only}");
        let connection = self.connect()?;
        let texts = || -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare(&sql)?;
            let read = statement.query_map(rusqlite::params_from_iter(owner), |row| {
                let text = row.get_ref(0)?.as_bytes_or_null();
                Ok(text.ok().flatten().map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
            })?;
            Ok(read.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
        };
        texts().map_err(|error| damaged(&self.file, &error))
    }
}

fn read(row: &rusqlite::Row<'_>, columns: &[String]) -> rusqlite::Result<Row> {
    let (mut cells, mut odd) = (Vec::with_capacity(columns.len()), Vec::new());
    for (place, column) in columns.iter().enumerate() {
        let mut note = |text: String, is_text| {
            odd.push(OddCell { column: column.clone(), text, is_text });
        };
        let value = match row.get_ref(place + 1)? {
            ValueRef::Null => Json::Null,
            ValueRef::Integer(number) => Json::integer(number),
            ValueRef::Real(number) => real(number),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Json::text(text),
                Err(_) => {
                    let text = cp1252::decode(bytes);
                    note(text.clone(), true);
                    Json::Text(text)
                }
            },
            ValueRef::Blob(bytes) => {
                note(hexadecimal(bytes), false);
                Json::Null
            }
        };
        cells.push((column.clone(), value));
    }
    Ok(Row { rowid: row.get(0)?, cells: cells.into_iter().collect(), odd })
}

fn real(number: f64) -> Json {
    let text = if number.is_finite() {
        format!("{number:?}")
    } else if number > 0.0 {
        "Infinity".to_owned()
    } else {
        "-Infinity".to_owned()
    };
    Json::Number(text.into())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let shown = bytes.get(..BLOB_BYTES_MAX).unwrap_or(bytes);
    let digits: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes: {digits}", bytes.len())
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Looks for damage; `None` if there is none. With a log this is the first opening, which brings
/// database and log together.
pub(super) fn check(file: &Path) -> Option<String> {
    let checked = || -> Result<Option<String>> {
        let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let failed = |error: rusqlite::Error| damaged(file, &error);
        let answer: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
        if answer != "ok" {
            return Ok(Some(answer));
        }
        for table in names(&connection).map_err(failed)? {
            let (by_index, by_row) =
                (count(&connection, &table, ""), count(&connection, &table, "NOT INDEXED"));
            if by_index.map_err(failed)? != by_row.map_err(failed)? {
                return Ok(Some(format!("an index of {table} lacks rows")));
            }
        }
        Ok(None)
    };
    checked().unwrap_or_else(|error| Some(error.to_string()))
}

/// Names of the ordinary tables.
pub(super) fn names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 \
                          AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(TABLES)?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

fn count(connection: &Connection, table: &str, how: &str) -> rusqlite::Result<u64> {
    let sql = format!("SELECT count(*) FROM {} {how}", quoted(table));
    connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(|rows| rows.max(0) as u64)
}

/// The tables of a sound file, and the number that its header keeps for whoever made it.
pub(super) fn tables(file: &Path, cut: &[String]) -> Result<(Vec<Table>, i64)> {
    let read = |connection: &Connection| -> rusqlite::Result<(Vec<Table>, i64)> {
        let names = names(connection)?.into_iter();
        let tables: rusqlite::Result<Vec<Table>> =
            names.map(|name| table(connection, name, cut)).collect();
        Ok((tables?, connection.pragma_query_value(None, "user_version", |row| row.get(0))?))
    };
    let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    read(&connection).map_err(|error| damaged(file, &error))
}

/// What numbers the rows of a table in SQL: a name that no column has taken, or a count where rows have
/// no numbers.
pub(super) fn number_of(connection: &Connection, table: &str, columns: &[String]) -> &'static str {
    let is_free = |name: &&str| !columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let is_there = |name: &&str| {
        connection.prepare(&format!("SELECT {name} FROM {} LIMIT 0", quoted(table))).is_ok()
    };
    let mut names = ["rowid", "_rowid_", "oid"].into_iter();
    names.find(is_free).filter(is_there).unwrap_or("row_number() OVER ()")
}

/// SQL knows tables and columns by their letters, large or small: those of the old app are small here.
fn table(connection: &Connection, mut name: String, cut: &[String]) -> rusqlite::Result<Table> {
    let is_cut = cut.contains(&name);
    let mut columns: Vec<String> = connection
        .prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&name)))?
        .column_names()
        .map(str::to_owned)
        .collect();
    let number = number_of(connection, &name, &columns);
    if let Some(known) = super::known_tables().find(|known| known.eq_ignore_ascii_case(&name)) {
        name = known.to_owned();
        columns.iter_mut().for_each(|column| column.make_ascii_lowercase());
    }
    let rows = count(connection, &name, "NOT INDEXED")?;
    let mut table = Table { name, columns, rows, groups: Vec::new(), is_cut, number };
    if super::QUERY_TABLES.contains(&table.name.as_str()) && table.has_owners() {
        table.groups = groups(connection, &table.name, number)?;
    }
    Ok(table)
}

fn groups(connection: &Connection, table: &str, number: &str) -> rusqlite::Result<Vec<Group>> {
    let sql = format!(
        "SELECT profile_id, query_id, count(*) FROM
             (SELECT {number} AS \"#\", profile_id, query_id FROM {} NOT INDEXED
              WHERE typeof(profile_id) = 'text' AND typeof(query_id) = 'text')
         GROUP BY 1, 2 ORDER BY min(\"#\")",
        quoted(table)
    );
    let mut statement = connection.prepare(&sql)?;
    let groups = statement.query_map([], |row| {
        // An id that is no text belongs to nobody.
        let text = |place: usize| -> rusqlite::Result<Option<String>> {
            Ok(row.get_ref(place)?.as_str().ok().map(str::to_owned))
        };
        let (profile, query) = (text(0)?, text(1)?);
        let rows = row.get::<_, i64>(2)?.unsigned_abs();
        Ok(profile.zip(query).map(|(profile, query)| Group { profile, query, rows }))
    })?;
    Ok(groups.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
}
