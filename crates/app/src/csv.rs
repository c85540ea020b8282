//! Lines of comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

/// A line with its end. Text that a spreadsheet would run gets an apostrophe in front.
pub fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&harmless(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

fn harmless(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    let may_run = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if may_run && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) {
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
            (
                ["a,b", "say \"x\"", "two\r\nlines"],
                "\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\"\r\n",
            ),
            (["=1+1", "@SUM(A1)", "-2+3"], "'=1+1,'@SUM(A1),'-2+3\r\n"),
            (
                ["\t=1", "+cmd|' /C calc'!A0", "=\"a\""],
                "'\t=1,'+cmd|' /C calc'!A0,\"'=\"\"a\"\"\"\r\n",
            ),
        ] {
            assert_eq!(line(&cells.map(str::to_owned)), want);
        }
    }
}
