//! A table as spreadsheets and Jira write it: any delimiter, UTF-8, UTF-16 or cp1252, bounded.

mod amount;
mod day;

use std::io::Read;

use crate::bounds;
use crate::encoding::decode;
use crate::error::{Error, Result};

pub(crate) use amount::{Decimal, Separators, amount, count};
pub use day::DayOrder;
pub(crate) use day::{DayReader, Days};

/// Most columns; Jira writes one for each value of a field.
const COLUMNS_MAX: usize = 4_000;
/// What parts cells, as long as no line says so.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Most lines that an error names.
const LINES_MAX: usize = 5;
/// Longest row, in bytes.
const ROW_BYTES_MAX: usize = bounds::RECORD_BYTES_MAX;

/// A cell, with its line in the file.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'t> {
    pub line: u64,
    pub text: &'t str,
}

/// A table whose rows are gone through one by one, as often as wanted.
pub(crate) struct Table<'t> {
    /// Names of the columns as they stand.
    pub names: Vec<String>,
    body: &'t str,
    delimiter: u8,
    lines_before: u64,
    /// What rows are called, and how many there may be.
    rows: (&'static str, usize),
}

/// A row that is not blank.
pub(crate) struct Row<'r> {
    /// Its line in the file, from 1.
    pub line: u64,
    cells: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    /// A cell; empty where the row is too short.
    pub fn cell(&self, column: usize) -> &'r str {
        self.cells.get(column).unwrap_or_default()
    }
}

impl<'t> Table<'t> {
    /// Reads the head of a table of at most so many rows, which an error calls so.
    pub fn open(text: &'t str, what: &'static str, rows_max: usize) -> Result<Table<'t>> {
        let table = Table::with_any_columns(text, what, rows_max)?;
        if table.names.len() > COLUMNS_MAX {
            return Err(Error::TooLarge(format!("a table has at most {COLUMNS_MAX} columns")));
        }
        Ok(table)
    }

    fn with_any_columns(text: &'t str, what: &'static str, rows_max: usize) -> Result<Table<'t>> {
        let (delimiter, body, lines_before) = head(unmarked(text));
        // Each takes some bytes beside its text.
        let cells = body.bytes().filter(|byte| *byte == delimiter as u8).count();
        bounds::check("cells", cells as u64, bounds::CELLS_MAX)?;
        let rows = (what, rows_max);
        let mut table =
            Table { names: Vec::new(), body, delimiter: delimiter as u8, lines_before, rows };
        let given = Given::default();
        let mut reader = table.reader(&given);
        let names = reader.headers().map_err(|error| failed(error, table.first_line()))?;
        table.names = names.iter().map(str::to_owned).collect();
        Ok(table)
    }

    /// The names of the columns alone, of the beginning of a file.
    pub fn names_of(beginning: &[u8]) -> Result<Vec<String>> {
        let text = decode(beginning.to_vec())?;
        let (_, body, _) = head(unmarked(&text));
        let first = text.len() - body.len() + body.lines().next().map_or(0, str::len);
        let head = text.get(..first).unwrap_or_default();
        Ok(Table::with_any_columns(head, "rows", 0)?.names)
    }

    /// Goes through all rows.
    pub fn each(&self, visit: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let given = Given::default();
        let (mut reader, mut cells) = (self.reader(&given), csv::StringRecord::new());
        let (mut count, mut line) = (0_u64, self.first_line());
        loop {
            given.set(0);
            if !reader.read_record(&mut cells).map_err(|error| failed(error, line + 1))? {
                return Ok(());
            }
            line = cells.position().map_or(0, |at| line_of(at, self.body)) + self.lines_before;
            if cells.iter().all(str::is_empty) {
                continue;
            }
            count += 1;
            bounds::check(self.rows.0, count, self.rows.1 as u64)?;
            visit(&Row { line, cells: &cells })?;
        }
    }

    /// The first column of one of these names, which are in the form of [`fold`].
    pub fn column(&self, wanted: &[&str]) -> Option<usize> {
        column(&self.names, wanted)
    }

    fn first_line(&self) -> u64 {
        self.lines_before + 1
    }

    fn reader<'r>(&self, given: &'r Given) -> csv::Reader<Bounded<'r, 't>> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(Bounded { bytes: self.body.as_bytes(), given })
    }
}

/// How many bytes were given since a row began.
type Given = std::cell::Cell<usize>;

/// Gives up where a row has no end: it would be taken into memory several times.
struct Bounded<'r, 't> {
    bytes: &'t [u8],
    given: &'r Given,
}

impl Read for Bounded<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.given.set(self.given.get() + read);
        if self.given.get() > ROW_BYTES_MAX {
            let limit = ROW_BYTES_MAX >> 20;
            return Err(std::io::Error::other(format!("a row has more than {limit} MiB")));
        }
        Ok(read)
    }
}

fn failed(error: csv::Error, line: u64) -> Error {
    let told = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::TooLarge(format!("{error} in or behind line {line}")),
        _ => Error::Damaged(told),
    }
}

/// The first of `names` that is one of `wanted`; those that come first in `wanted` win.
pub(crate) fn column(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted.iter().find_map(|wanted| names.iter().position(|name| fold(name) == *wanted))
}

/// The form by which names of columns are compared: `Completed Items` is `completed_items`.
pub(crate) fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Without the mark that says the order of bytes.
fn unmarked(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// The line of a record: the reader tells where it went on after the last one, which may be before
/// empty lines.
fn line_of(at: &csv::Position, body: &str) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = body.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + empty.filter(|byte| **byte == b'\n').count() as u64
}

/// The delimiter, the table without what stands before it, and how many lines that were.
fn head(text: &str) -> (char, &str, u64) {
    let (mut rest, mut lines) = (text, 0);
    while let Some((line, after)) = rest.split_once('\n') {
        // Excel writes and reads such a line; it says the delimiter.
        if let Some(told) = line.trim_end().strip_prefix("sep=")
            && let Some(delimiter) = told.chars().next().filter(char::is_ascii)
        {
            return (delimiter, after, lines + 1);
        }
        if !line.trim().is_empty() {
            break;
        }
        (rest, lines) = (after, lines + 1);
    }
    let first = rest.lines().next().unwrap_or_default();
    let count = |delimiter: &char| first.matches(*delimiter).count();
    let delimiter = DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(',');
    (delimiter, rest, lines)
}

/// Lines with what stands there: the first of them, and how many there are.
#[derive(Default)]
pub(crate) struct Lines {
    first: Vec<String>,
    count: usize,
}

impl Lines {
    /// Notes one.
    pub fn add(&mut self, cell: Cell<'_>) {
        if self.count < LINES_MAX {
            self.first.push(format!("{} ({})", cell.line, shown(cell.text)));
        }
        self.count += 1;
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The beginning of a sentence about them.
    pub fn have(&self) -> String {
        match (self.first.as_slice(), self.count.saturating_sub(LINES_MAX)) {
            ([one], _) => format!("line {one} has"),
            (all, 0) => format!("lines {} have", all.join(", ")),
            (first, more) => format!("lines {} and {more} more have", first.join(", ")),
        }
    }
}

fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(24).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and cells of all rows.
    fn rows(table: &Table<'_>) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        let mut take = |row: &Row<'_>| {
            rows.push((row.line, row.cells.iter().map(str::to_owned).collect()));
            Ok(())
        };
        table.each(&mut take).unwrap();
        rows
    }

    #[track_caller]
    fn check(bytes: &[u8]) {
        let text = decode(bytes.to_vec()).unwrap();
        let table = Table::open(&text, "rows", 9).unwrap();
        assert_eq!(table.column(&["completed_items"]), Some(1), "{:?}", table.names);
        let rows = rows(&table);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(rows[0].1, ["2026-09-07", "3"]);
        assert_eq!(Table::names_of(bytes).unwrap(), table.names);
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let plain = "date,Completed Items\n2026-09-07,3\n2026-09-14,4\n";
        check(plain.as_bytes());
        check(format!("\u{feff}{}", plain.replace('\n', "\r\n")).as_bytes());
        check(plain.replace(',', ";").as_bytes());
        check(plain.replace(',', "\t").as_bytes());
        check(format!("sep=|\r\n{}", plain.replace(',', "|")).as_bytes());
        check(format!("\n\n{plain}\n,\n").as_bytes());
        let utf16 = |text: &str| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        };
        check(&utf16(plain));
        check(&utf16(&plain.replace(',', "\t")));
        // Without a mark the zeros tell.
        check(&utf16(plain)[2..]);
        let big = plain.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        check(&big);
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let text = "sep=;\ndate;n\n\"a\nb\";1\n\nc;2";
        let table = Table::open(text, "rows", 2).unwrap();
        let lines: Vec<u64> = rows(&table).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [3, 6]);
    }

    #[test]
    fn a_row_without_an_end_is_refused() {
        let text = format!("a,b\n1,2\n\"{}", "x\n".repeat(ROW_BYTES_MAX));
        let table = Table::open(&text, "rows", 9).unwrap();
        let error = table.each(&mut |_| Ok(())).unwrap_err().to_string();
        assert!(error.contains("more than 8 MiB in or behind line 3"), "{error}");
    }
}
