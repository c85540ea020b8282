//! A table as spreadsheets and Jira write it: any delimiter, UTF-8, UTF-16 or cp1252, bounded.

mod amount;
mod day;

use crate::bounds;
use crate::encoding::decode;
use crate::error::{Error, Result};

pub(crate) use amount::{Decimal, amount, count};
pub use day::DayOrder;
pub(crate) use day::read_days;

/// Most columns; Jira writes one for each value of a field.
const COLUMNS_MAX: usize = 4_000;
/// What parts cells, as long as no line says so.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Most lines that an error names.
const LINES_MAX: usize = 5;

/// A cell, with its line in the file.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'t> {
    pub line: u64,
    pub text: &'t str,
}

/// A table with its head.
pub(crate) struct Table {
    /// Names of the columns as they stand.
    pub names: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row that is not blank.
pub(crate) struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// All cells, one behind the other.
    text: Box<str>,
    /// Where each ends.
    ends: Box<[u32]>,
}

impl Row {
    /// A cell; empty where the row is too short.
    pub fn cell(&self, column: usize) -> &str {
        let before = column.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let (Some(from), Some(to)) = (before, self.ends.get(column)) else { return "" };
        self.text.get(*from as usize..*to as usize).unwrap_or_default()
    }

    /// A row of these cells. It takes little beside its text: there may be many.
    fn of<'c>(line: u64, cells: impl Iterator<Item = &'c str>) -> Row {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            text.push_str(cell);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Row { line, text: text.into(), ends: ends.into() }
    }
}

impl Table {
    /// Reads the columns that are wanted of a table of at most so many rows, which an error calls so.
    /// Else it names the line at which it is none.
    pub fn read(
        bytes: Vec<u8>,
        what: &str,
        rows_max: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Table> {
        let text = decode(bytes)?;
        let (delimiter, body, lines_before) = head(unmarked(&text));
        // Each takes some bytes beside its text.
        let cells = body.bytes().filter(|byte| *byte == delimiter as u8).count();
        bounds::check("cells", cells as u64, bounds::CELLS_MAX)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter as u8)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let names = reader.headers().map_err(|error| Error::Damaged(error.to_string()))?;
        if names.len() > COLUMNS_MAX {
            return Err(Error::TooLarge(format!("a table has at most {COLUMNS_MAX} columns")));
        }
        let wanted: Vec<usize> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is_wanted(name))
            .map(|(at, _)| at)
            .collect();
        let names = wanted.iter().filter_map(|at| names.get(*at)).map(str::to_owned).collect();
        let (mut rows, mut cells) = (Vec::new(), csv::StringRecord::new());
        while reader.read_record(&mut cells).map_err(|error| Error::Damaged(error.to_string()))? {
            if cells.iter().all(str::is_empty) {
                continue;
            }
            bounds::check(what, rows.len() as u64 + 1, rows_max as u64)?;
            let line = cells.position().map_or(0, |at| line_of(at, body)) + lines_before;
            let there = wanted.iter().take_while(|at| **at < cells.len());
            rows.push(Row::of(line, there.filter_map(|at| cells.get(*at))));
        }
        Ok(Table { names, rows })
    }

    /// The names of the columns alone, of the beginning of a file.
    pub fn names_of(beginning: &[u8]) -> Result<Vec<String>> {
        let text = decode(beginning.to_vec())?;
        let (delimiter, body, _) = head(unmarked(&text));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter as u8)
            .trim(csv::Trim::All)
            .from_reader(body.lines().next().unwrap_or_default().as_bytes());
        let names = reader.headers().map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(names.iter().map(str::to_owned).collect())
    }

    /// All cells of a column.
    pub fn cells(&self, column: usize) -> Vec<Cell<'_>> {
        self.rows.iter().map(|row| Cell { line: row.line, text: row.cell(column) }).collect()
    }

    /// The first column of one of these names, which are in the form of [`fold`].
    pub fn column(&self, wanted: &[&str]) -> Option<usize> {
        column(&self.names, wanted)
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

/// The lines of cells with what stands there, as the beginning of a sentence.
pub(crate) fn lines(cells: &[&Cell<'_>]) -> String {
    let named = |cell: &&Cell<'_>| format!("{} ({})", cell.line, shown(cell.text));
    let named: Vec<String> = cells.iter().take(LINES_MAX).map(named).collect();
    match (named.as_slice(), cells.len().saturating_sub(LINES_MAX)) {
        ([one], _) => format!("line {one} has"),
        (_, 0) => format!("lines {} have", named.join(", ")),
        (_, more) => format!("lines {} and {more} more have", named.join(", ")),
    }
}

fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(24).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8]) {
        let table = Table::read(bytes.to_vec(), "rows", 9, |_| true).unwrap();
        assert_eq!(table.column(&["completed_items"]), Some(1), "{:?}", table.names);
        let cells: Vec<(u64, Vec<&str>)> = table
            .rows
            .iter()
            .map(|row| (row.line, (0..row.ends.len()).map(|at| row.cell(at)).collect()))
            .collect();
        assert_eq!(cells.len(), 2, "{cells:?}");
        assert_eq!(
            cells.first().map(|(_, cells)| cells.as_slice()),
            Some(&["2026-09-07", "3"][..])
        );
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
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let bytes = b"sep=;\ndate;n\n\"a\nb\";1\n\nc;2".to_vec();
        let table = Table::read(bytes, "rows", 2, |_| true).unwrap();
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 6]);
    }
}
