//! A report as Markdown: sentences and tables; charts become tables of their newest values.

use super::{Block, Document, Part, Section, Table};
use chart::ChartSpec;
use model::plain::one_line;

/// Rows of a chart that are written.
const ROWS_MAX: usize = 13;
/// How the id of the chart begins whose rows are of what is to come.
const FINISH: &str = "finish";

/// The document as the text of a file.
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    facts(&mut out, &document.facts);
    for part in &document.parts {
        write_part(&mut out, part, document.parts.len() > 1);
    }
    out
}

fn facts(out: &mut String, facts: &[(&'static str, String)]) {
    out.push('\n');
    for (name, value) in facts {
        out.push_str(&format!("- {name}: {}\n", escaped(value)));
    }
}

fn write_part(out: &mut String, part: &Part, is_one_of_many: bool) {
    if is_one_of_many {
        out.push_str(&format!("\n## {}\n", escaped(&part.title)));
    }
    facts(out, &part.facts);
    part.sections.iter().for_each(|section| write_section(out, section));
}

fn write_section(out: &mut String, section: &Section) {
    out.push_str(&format!("\n### {}\n", section.title));
    for block in &section.blocks {
        out.push('\n');
        match block {
            Block::Answer(text) => out.push_str(&format!("**{}**\n", escaped(text))),
            Block::Text(text) => out.push_str(&format!("{}\n", escaped(text))),
            Block::List(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("- {}\n", escaped(line))));
            }
            Block::Table(Table { columns, rows }) => {
                let heads: Vec<String> =
                    columns.iter().map(|(head, _)| (*head).to_owned()).collect();
                let numbers: Vec<bool> = columns.iter().map(|(_, is_number)| *is_number).collect();
                table(out, &heads, &numbers, rows);
            }
            Block::Chart(spec) => chart(out, spec),
        }
    }
}

fn chart(out: &mut String, spec: &ChartSpec) {
    let table_of = spec.to_table();
    let all = table_of.rows.len();
    // Of what is to come the first rows matter, of what was the last.
    let (first, which) = match spec.id.starts_with(FINISH) {
        true => (0, "first"),
        false => (all.saturating_sub(ROWS_MAX), "last"),
    };
    let rows: Vec<_> = table_of.rows.into_iter().skip(first).take(ROWS_MAX).collect();
    let numbers: Vec<bool> = (0..table_of.columns.len()).map(|at| at > 0).collect();
    out.push_str(&escaped(&table_of.caption));
    if rows.len() < all {
        out.push_str(&format!(" (the {which} {} of {all} rows)", rows.len()));
    }
    out.push_str("\n\n");
    table(out, &table_of.columns, &numbers, &rows);
}

fn table(out: &mut String, heads: &[String], numbers: &[bool], rows: &[Vec<String>]) {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        format!("| {} |\n", cells.collect::<Vec<String>>().join(" | "))
    };
    out.push_str(&line(&mut heads.iter().map(|head| escaped(head))));
    let rule = |is_number: &bool| if *is_number { "---:" } else { "---" }.to_owned();
    out.push_str(&line(&mut numbers.iter().map(rule)));
    for row in rows {
        out.push_str(&line(&mut row.iter().map(|cell| escaped(cell))));
    }
}

/// Text that is read as it stands, on one line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for glyph in one_line(text).chars() {
        match glyph {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(glyph);
            }
            _ => safe.push(glyph),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("a|b\n<i>*c*"), "a\\|b \\<i\\>\\*c\\*");
        assert_eq!(escaped("a\u{202e}b\u{1b}c"), "a\\\\u{202e}b\\\\u{1b}c");
    }
}
