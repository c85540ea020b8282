//! A connection: statements with values in, rows out, and many rows at once.

use std::collections::HashMap;
use std::io::Write as _;

use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Row, RowIter, SimpleQueryMessage, Statement};

use super::value::{type_of, write};
use crate::sql::Value;

/// A connection with the statements that it has prepared. One that is not to prepare any works
/// through a pooler that hands out a server for a transaction at a time.
pub(super) struct Connection {
    client: Client,
    prepared: Option<HashMap<String, Statement>>,
    /// The process of the server that answered last.
    backend: Option<String>,
}

impl Connection {
    pub fn new(client: Client, prepares: bool) -> Connection {
        Connection { client, prepared: prepares.then(HashMap::new), backend: None }
    }

    /// Notes which process of the server answers now. Says whether statements were prepared with another
    /// one, so that their names mean nothing here, or what somebody else prepared.
    pub fn has_moved(&mut self, backend: String) -> bool {
        let before = self.backend.replace(backend);
        self.prepared.is_some() && before.is_some() && before != self.backend
    }

    /// Sends statements unprepared from now on.
    pub fn stop_preparing(&mut self) {
        self.prepared = None;
    }

    /// The rows of a statement.
    pub fn rows(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, postgres::Error> {
        self.query(sql, values)?.collect()
    }

    /// Runs a statement that gives no rows; says how many it changed.
    pub fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, postgres::Error> {
        let mut rows = self.query(sql, values)?;
        while rows.next()?.is_some() {}
        Ok(rows.rows_affected().unwrap_or_default())
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<RowIter<'_>, postgres::Error> {
        if self.prepared.is_none() {
            let typed = values.iter().map(|value| (value, type_of(value)));
            return self.client.query_typed_raw(&numbered(sql), typed);
        }
        let statement = self.prepare(sql)?;
        self.client.query_raw(&statement, values)
    }

    /// Runs statements without values; gives the texts of the last row that came.
    pub fn batch(&mut self, sql: &str) -> Result<Vec<Option<String>>, postgres::Error> {
        Ok(self.answers(sql)?.pop().unwrap_or_default())
    }

    /// The same with the texts of all rows.
    pub fn answers(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, postgres::Error> {
        let messages = self.client.simple_query(sql)?.into_iter();
        let texts = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect())
            }
            _ => None,
        };
        Ok(messages.filter_map(texts).collect())
    }

    /// Puts rows of the named columns into a table by `COPY`, in its binary form.
    pub fn copy_in(
        &mut self,
        table: &str,
        columns: &str,
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, postgres::Error> {
        let sql = format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)");
        let mut writer = self.client.copy_in(&sql)?;
        let mut bytes = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
        for row in rows {
            write_row(row, &mut bytes);
        }
        bytes.extend((-1_i16).to_be_bytes());
        // What stops the bytes is told when the copy ends.
        if writer.write_all(&bytes).is_err() {
            tracing::debug!("a copy ended early");
        }
        writer.finish()
    }

    /// Whether the server has gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        let prepared = self.prepared.get_or_insert_default();
        if let Some(statement) = prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&numbered(sql))?;
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Appends a row of the binary form: the number of values, then the length of each and its bytes.
fn write_row(row: &[Value<'_>], out: &mut Vec<u8>) {
    out.extend((row.len() as i16).to_be_bytes());
    for value in row {
        let place = out.len();
        out.extend((-1_i32).to_be_bytes());
        if write(value, &mut |bytes| out.extend_from_slice(bytes)) {
            let bytes = (out.len() - place - 4) as i32;
            for (to, from) in out.iter_mut().skip(place).zip(bytes.to_be_bytes()) {
                *to = from;
            }
        }
    }
}

/// A statement with its parameters as PostgreSQL names them: `$1` for `?1`, and for each `?` the next
/// number.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut number = 0;
    for part in parts {
        text.push('$');
        if !part.starts_with(|c: char| c.is_ascii_digit()) {
            number += 1;
            text.push_str(&number.to_string());
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered() {
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
        assert_eq!(numbered("a = ? AND b = ?"), "a = $1 AND b = $2");
        assert_eq!(numbered("a = ?1 AND b = ?1 AND c < ?12"), "a = $1 AND b = $1 AND c < $12");
    }

    #[test]
    fn rows_of_a_copy_say_their_lengths() {
        let mut bytes = Vec::new();
        write_row(&[Value::Null, Value::Integer(1), Value::Text("ü".into())], &mut bytes);
        let want = b"\0\x03\xff\xff\xff\xff\0\0\0\x08\0\0\0\0\0\0\0\x01\0\0\0\x02\xc3\xbc";
        assert_eq!(bytes, want);
    }
}
