//! What the browser is given: small, and all of it from this machine.

use tidy::{files_under, read, rust_files};

use crate::assert_none;

const SCRIPT_LINES_MAX: usize = 300;

/// Names of XML vocabularies look like addresses and are never fetched.
const VOCABULARIES: &str = "http://www.w3.org/";

fn assets() -> Vec<(String, String)> {
    let endings = [".css", ".js", ".svg"];
    let paths = files_under("crates/ui").unwrap().into_iter();
    let assets = paths.filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    assets.map(|path| (read(&path).unwrap(), path)).map(|(text, path)| (path, text)).collect()
}

#[test]
fn scripts_stay_small() {
    let mut long = Vec::new();
    for (path, text) in assets() {
        let lines = text.lines().count();
        if path.ends_with(".js") && lines > SCRIPT_LINES_MAX {
            long.push(format!("{path} has {lines} lines"));
        }
    }
    assert_none("a script has at most 300 lines", &long);
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    let mut foreign = Vec::new();
    for (path, text) in assets() {
        for (at, line) in text.lines().enumerate() {
            let rest = line.replace(VOCABULARIES, "");
            if ["http://", "https://", "url(//", "\"//", "'//"]
                .iter()
                .any(|mark| rest.contains(mark))
            {
                foreign.push(format!("{path}:{}", at + 1));
            }
        }
    }
    assert_none("no asset names another host", &foreign);
}

#[test]
fn pages_hold_no_script_and_no_style() {
    let mut inline = Vec::new();
    let pages =
        rust_files().unwrap().into_iter().filter(|file| file.path.starts_with("crates/ui/"));
    for file in pages {
        for (at, line) in file.program_lines().iter().enumerate() {
            if [" style=", " onclick=", " onload=", " onchange="]
                .iter()
                .any(|mark| line.contains(mark))
            {
                inline.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    assert_none("the content security policy forbids inline script and style", &inline);
}
