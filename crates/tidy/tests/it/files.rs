//! Files and functions that a newcomer can find and read.

use tidy::{RustFile, files_under, read, rust_files};

use crate::assert_none;

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// Names that answer no "where is X?".
const FORBIDDEN: [&str; 11] = [
    "common", "helper", "helpers", "manager", "managers", "misc", "service", "services", "shared",
    "util", "utils",
];

fn breaches(rule: impl Fn(&RustFile) -> Vec<String>) -> Vec<String> {
    let files = rust_files().unwrap();
    assert!(files.len() > 20, "only {} files were found", files.len());
    files.iter().flat_map(rule).collect()
}

#[test]
fn files_fit_in_a_head() {
    let long = breaches(|file| {
        let lines = file.program_lines().len();
        let is_long = lines > FILE_LINES_MAX;
        is_long.then(|| format!("{} has {lines} lines", file.path)).into_iter().collect()
    });
    assert_none("a file has at most 500 lines", &long);
}

#[test]
fn functions_fit_on_a_screen() {
    let long = breaches(|file| {
        let program = if file.is_test() { Vec::new() } else { file.functions() };
        let long = program.iter().filter(|function| function.lines > FUNCTION_LINES_MAX);
        long.map(|f| format!("{}:{} {} has {} lines", file.path, f.line, f.name, f.lines)).collect()
    });
    assert_none("a function has at most 70 lines", &long);
}

#[test]
fn files_say_what_they_are_for() {
    let silent = breaches(|file| {
        let first = file.text.lines().next().unwrap_or_default();
        let says = first.starts_with("//! ") && first.trim_end().len() > 10;
        (!says).then(|| file.path.clone()).into_iter().collect()
    });
    assert_none("a file opens with a `//!` line that says what it is for", &silent);
}

#[test]
fn names_answer_where() {
    let vague = breaches(|file| {
        let parts = file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
        let is_vague = parts.into_iter().any(|part| FORBIDDEN.contains(&part));
        is_vague.then(|| file.path.clone()).into_iter().collect()
    });
    assert_none("no file or module has a name that could hold anything", &vague);
}

/// Lines of this repository, the lock file apart.
fn lines_where(is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in files_under("").unwrap() {
        let Ok(text) = read(&path) else { continue };
        let lines = text.lines().enumerate().filter(|(_, line)| is_meant(line));
        if path != "Cargo.lock" {
            found.extend(lines.map(|(at, _)| format!("{path}:{}", at + 1)));
        }
    }
    found
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    // Put together here, so that this file does not hold them.
    let marks = ["work/main", "work/shared", "root"].map(|folder| format!("/{folder}/"));
    let is_meant =
        |line: &str| !line.contains("://") && marks.iter().any(|mark| line.contains(mark));
    assert_none("no file holds a path of one machine", &lines_where(is_meant));
}

/// Packages come through the clients of their registries, which know where those are.
#[test]
fn nothing_names_the_host_of_a_registry() {
    let marks = [("npm", "js."), ("crates", ".io"), ("py", "pi."), ("proxy.go", "lang.")];
    let marks = marks.map(|(start, end)| format!("{start}{end}"));
    let is_meant = |line: &str| marks.iter().any(|mark| line.contains(mark));
    assert_none("no file names the host of a registry", &lines_where(is_meant));
}

/// Places that make files for tests only, and the crate that knows how.
const MAKE_FILES: [&str; 3] = ["crates/files/", "testing/", "crates/app/src/sample.rs"];

/// What is written is for its owner alone from the moment it is there, whatever the mask of a shell says.
#[test]
fn files_are_made_private() {
    const BARE: [&str; 4] =
        ["fs::write(", " File::create(", "fs::create_dir", "tempfile::tempdir("];
    let bare = breaches(|file| {
        let is_free = file.is_test() || MAKE_FILES.iter().any(|place| file.path.starts_with(place));
        let lines = if is_free { Vec::new() } else { file.program_lines() };
        let is_bare = |line: &str| BARE.iter().any(|call| line.contains(call));
        let found = lines.iter().enumerate().filter(|(_, line)| is_bare(line));
        found.map(|(at, _)| format!("{}:{}", file.path, at + 1)).collect()
    });
    assert_none("files and folders are made through the crate `files`", &bare);
}
