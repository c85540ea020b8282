//! Lines of comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use model::plain::lines;

/// A line with its end. Text that a spreadsheet would run gets an apostrophe in front.
pub fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&harmless(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// Characters that turn what follows into a formula, at the beginning of a cell; some programs take the
/// wide ones of East Asian keyboards too. Some begin a cell after a semicolon or a line break, whatever
/// the quotes say. Tabs become spaces.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
const BREAKS: [char; 3] = [';', '\n', ','];
/// What may stand before a formula.
const BEFORE: [char; 3] = [' ', '"', '\u{a0}'];

fn harmless(cell: &str) -> String {
    if cell.parse::<f64>().is_ok() {
        return cell.to_owned();
    }
    let mut safe = String::with_capacity(cell.len());
    let mut is_first = true;
    for character in lines(&cell.replace("\r\n", "\n")).chars() {
        if is_first && FORMULA.contains(&character) {
            safe.push('\'');
        }
        is_first = BREAKS.contains(&character) || (is_first && BEFORE.contains(&character));
        safe.push(character);
    }
    safe
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', ';', '\'', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_what_they_are() {
        for (cells, want) in [
            (["2025-W44", "0.5", ""], "2025-W44,0.5,\r\n"),
            (["-3", "-0.5", "+1"], "-3,-0.5,+1\r\n"),
            (["a,b", "say \"x\"", "two\r\nlines"], "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n"),
            (["=1+1", "@SUM(A1)", "-2+3"], "\"'=1+1\",\"'@SUM(A1)\",\"'-2+3\"\r\n"),
            (
                ["\t=1", "+cmd|' /C calc'!A0", "=\"a\""],
                "\" '=1\",\"'+cmd|' /C calc'!A0\",\"'=\"\"a\"\"\"\r\n",
            ),
            (["x;=1+1;", "a\t=1", "a\n-b; @c"], "\"x;'=1+1;\",a =1,\"a\n'-b; '@c\"\r\n"),
            (["＝1+1", "\u{a0}=1", "x;\"=1\""], "\"'＝1+1\",\"\u{a0}'=1\",\"x;\"\"'=1\"\"\"\r\n"),
            (["a\u{1b}[2J", "\u{202e}b", "c\u{0}"], "a\\u{1b}[2J,\\u{202e}b,c\\u{0}\r\n"),
        ] {
            assert_eq!(line(&cells.map(str::to_owned)), want);
        }
    }
}
