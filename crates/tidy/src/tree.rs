//! The files of this repository: where they are and what they hold.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What holds nothing of ours.
const SKIPPED: [&str; 2] = [".git", "target"];

/// Folders that hold crates.
const CRATES: [&str; 2] = ["crates", "testing"];

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file, named relative to the root.
pub fn read(path: &str) -> io::Result<String> {
    fs::read_to_string(root().join(path))
}

/// Every file below a folder of the root, with `/` and relative to the root, in order.
pub fn files_under(folder: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    Ok(found)
}

/// Every file of the crates, like [`files_under`].
pub(crate) fn crate_files() -> io::Result<Vec<String>> {
    let found: io::Result<Vec<_>> = CRATES.iter().map(|folder| files_under(folder)).collect();
    Ok(found?.concat())
}

fn collect(folder: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root().join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        // In a worktree `.git` is a file.
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
