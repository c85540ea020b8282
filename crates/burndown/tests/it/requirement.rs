//! What a test needs beside cargo: skipped with a line where it is missing, required under CI.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether the test can run. Prints why not; fails instead where `CI` is `true`.
pub fn met(is_met: bool, what: &str) -> bool {
    if !is_met {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has to offer {what}");
        eprintln!("skipped: this test needs {what}");
    }
    is_met
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout == b"0\n")
}

/// Whether a program can be started.
pub fn has_program(name: &str) -> bool {
    let mut version = Command::new(name);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// A packed sample workspace that is too large for the repository. Never required: it is data,
/// not a program.
pub fn large_sample(name: &str) -> Option<PathBuf> {
    sample(Path::new("legacy").join(format!("{name}.tar.gz")))
}

/// A packed file of real issues. Never required either.
pub fn real_issues(name: &str) -> Option<PathBuf> {
    sample(Path::new("jira").join(format!("{name}.jsonl.gz")))
}

fn sample(path: PathBuf) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let file = std::env::var_os("BURNDOWN_TEST_DATA").map_or(beside, PathBuf::from).join(path);
    if !file.is_file() {
        eprintln!("skipped: {} is not there", file.display());
        return None;
    }
    Some(file)
}
