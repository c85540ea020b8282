//! Many files in one line: how many, and the first few by name.

use words::format::{count, counted};

/// Files that a line names before it only counts.
const NAMED_MAX: usize = 3;

/// E.g. `2 files (a, b)`.
pub fn files(paths: &[String]) -> String {
    let named: Vec<&str> = paths.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = match paths.len().saturating_sub(NAMED_MAX) as u64 {
        0 => String::new(),
        more => format!(" and {} more", count(more)),
    };
    format!("{} ({}{more})", counted(paths.len() as u64, "file", "files"), named.join(", "))
}
