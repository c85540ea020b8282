//! Tables for a terminal: aligned by what characters take on screen, not by their number.

use console::{Style, measure_text_width, truncate_str};

use app::csv;
use model::plain::one_line;

use crate::figures::UNKNOWN;

/// Narrowest that a column of text is cut to.
const CUT_WIDTH_MIN: usize = 12;

/// On which side the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// What stands in a row: as people read it, and as programs do where that is something else.
#[derive(Debug)]
pub struct Cell {
    text: String,
    data: Option<String>,
}

impl Cell {
    /// A text that programs read as something else.
    pub fn with_data(text: impl Into<String>, data: impl ToString) -> Cell {
        Cell { text: text.into(), data: Some(data.to_string()) }
    }

    /// A star at what is chosen.
    pub fn mark(is_chosen: bool) -> Cell {
        Cell::with_data(if is_chosen { "*" } else { "" }, is_chosen)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell { text, data: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell { text: text.to_owned(), data: None }
    }
}

/// A table; cells are made safe as they come in.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Side)>,
    /// What programs know the columns by, where that is not the head.
    names: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new(columns: &[(&'static str, Side)]) -> Table {
        Table { columns: columns.to_vec(), names: Vec::new(), rows: Vec::new() }
    }

    /// The same with names of the columns for programs.
    #[must_use]
    pub fn named(self, names: &[&'static str]) -> Table {
        Table { names: names.to_vec(), ..self }
    }

    /// Adds a row; missing cells are empty.
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let safe = |cell: Cell| Cell {
            text: one_line(&cell.text),
            data: cell.data.map(|data| one_line(&data)),
        };
        self.rows.push(cells.into_iter().map(|cell| safe(cell.into())).collect());
    }

    /// The table as lines, without columns that hold nothing. Where it is wider than `width`, the
    /// widest columns of text are cut.
    pub fn into_text(mut self, width: usize, head: &Style) -> String {
        self.leave_out_empty_columns();
        let widths = self.widths(width);
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let mut text = format!("{}\n", head.apply_to(self.line(&names, &widths)));
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
            text.push_str(&self.line(&cells, &widths));
            text.push('\n');
        }
        text
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of it as comma-separated values: what is not known is empty, numbers are without gaps.
    pub fn into_csv(self) -> String {
        let heads = self.columns.iter().map(|(head, _)| head.replace(' ', "_"));
        let heads: Vec<String> = match self.names.as_slice() {
            [] => heads.collect(),
            names => names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut text = csv::line(&heads);
        for row in self.rows {
            let cells = row.into_iter().zip(&self.columns).map(|(cell, (_, side))| match cell {
                Cell { data: Some(data), .. } => data,
                Cell { text, .. } if text == UNKNOWN => String::new(),
                Cell { text, .. } if *side == Side::Right => without_gaps(text),
                Cell { text, .. } => text,
            });
            text.push_str(&csv::line(&cells.collect::<Vec<_>>()));
        }
        text
    }

    fn leave_out_empty_columns(&mut self) {
        let is_filled = |at: usize| {
            self.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.text.is_empty()))
        };
        let filled: Vec<bool> = (0..self.columns.len()).map(is_filled).collect();
        retain_marked(&mut self.columns, &filled);
        self.rows.iter_mut().for_each(|row| retain_marked(row, &filled));
    }

    fn widths(&self, width: usize) -> Vec<usize> {
        let natural = |(at, (name, _)): (usize, &(&str, Side))| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| measure_text_width(&cell.text)).max().unwrap_or_default();
            widest.max(measure_text_width(name))
        };
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(natural).collect();
        let gaps = 2 * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > width {
            let texts =
                widths.iter_mut().zip(&self.columns).filter(|(_, (_, side))| *side == Side::Left);
            let Some((widest, _)) = texts.max_by_key(|(width, _)| **width) else { break };
            if *widest <= CUT_WIDTH_MIN {
                break;
            }
            *widest -= 1;
        }
        widths
    }

    fn line(&self, cells: &[&str], widths: &[usize]) -> String {
        let mut line = String::new();
        for (at, ((_, side), width)) in self.columns.iter().zip(widths).enumerate() {
            let cell = cells.get(at).copied().unwrap_or_default();
            let cell = truncate_str(cell, *width, "…");
            let space = " ".repeat(width.saturating_sub(measure_text_width(&cell)));
            if at > 0 {
                line.push_str("  ");
            }
            match side {
                Side::Left => line.extend([&cell, space.as_str()]),
                Side::Right => line.extend([space.as_str(), &cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// A number as programs read it; other text as it is.
fn without_gaps(cell: String) -> String {
    let number: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    if number.parse::<f64>().is_ok() { number } else { cell }
}

/// A table with what stands around it for people.
#[derive(Debug)]
pub struct Listing {
    /// Lines above it.
    pub before: String,
    /// The table.
    pub table: Table,
    /// What is said in its place where it has no rows.
    pub none: &'static str,
    /// Lines below it.
    pub after: String,
}

impl Listing {
    /// A table alone, or a sentence where it has no rows.
    pub fn of(table: Table, none: &'static str) -> Listing {
        Listing { before: String::new(), table, none, after: String::new() }
    }

    /// For a terminal of that width.
    pub fn into_text(self, width: usize, head: &Style) -> String {
        let table = match self.table.is_empty() {
            true => self.none.to_owned(),
            false => self.table.into_text(width, head),
        };
        self.before + &table + &self.after
    }
}

fn retain_marked<T>(list: &mut Vec<T>, marks: &[bool]) {
    let mut marks = marks.iter();
    list.retain(|_| marks.next() == Some(&true));
}

/// Lines of a name and a value, the values below each other.
pub fn pairs(pairs: &[(&str, String)], head: &Style) -> String {
    let widest = pairs.iter().map(|(name, _)| measure_text_width(name)).max().unwrap_or_default();
    let line = |(name, value): &(&str, String)| {
        let space = " ".repeat(widest - measure_text_width(name));
        format!("{}{space}  {}\n", head.apply_to(name), one_line(value))
    };
    pairs.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: usize, want: &str) {
        let columns = [("", Side::Left), ("name", Side::Left), ("n", Side::Right)];
        let mut table = Table::new(&columns);
        table.row(["", "Zürich 项目 🚀", "5"].map(str::to_owned));
        table.row(["", "plain and rather long", "12"].map(str::to_owned));
        assert_eq!(table.into_text(width, &Style::new()), want);
    }

    #[test]
    fn columns_stand_by_width_on_screen() {
        check(
            80,
            "name                    n\nZürich 项目 🚀          5\nplain and rather long  12\n",
        );
    }

    #[test]
    fn comma_separated_values_are_whole() {
        let mut table =
            Table::new(&[("key", Side::Left), ("n now", Side::Right), ("none", Side::Left)]);
        table.row(["=A,1", "1\u{202f}234", UNKNOWN]);
        table.row(["a rather long text that no terminal cuts", "< 1 %", ""]);
        let want = "key,n_now,none\r\n\"'=A,1\",1234,\r\n\
                    a rather long text that no terminal cuts,< 1 %,\r\n";
        assert_eq!(table.into_csv(), want);
    }

    #[test]
    fn programs_read_names_and_numbers() {
        let columns = [("", Side::Left), ("in time", Side::Right)];
        let mut table = Table::new(&columns).named(&["is_active", "in_time_percent"]);
        table.row([Cell::with_data("*", true), Cell::with_data("46 %", 46)]);
        table.row([Cell::with_data("", false), Cell::from("–")]);
        assert_eq!(table.into_csv(), "is_active,in_time_percent\r\ntrue,46\r\nfalse,\r\n");
    }

    #[test]
    fn long_text_is_cut_to_the_width() {
        check(18, "name             n\nZürich 项目 🚀   5\nplain and rat…  12\n");
        check(3, "name           n\nZürich 项目…   5\nplain and r…  12\n");
    }
}
