//! The program as a process, with surroundings of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program that cargo built for these tests.
pub const BINARY: &str = env!("CARGO_BIN_EXE_burndown");

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// What it answered.
    pub out: String,
    /// What else it said.
    pub err: String,
}

/// A command with nothing of the tester's environment but the search path.
pub fn command(binary: impl AsRef<OsStr>, current: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", current.join("home"))
        .env("TZ", "UTC")
        .current_dir(current)
        .stdin(Stdio::null());
    command
}

/// Runs the program in `current`.
pub fn run(current: &Path, arguments: &[&str]) -> Ended {
    finish(command(BINARY, current).args(arguments))
}

/// Runs a prepared command to its end.
pub fn finish(command: &mut Command) -> Ended {
    Ended::from(command.output().unwrap())
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// The answer of a run that must have succeeded.
    #[track_caller]
    pub fn answer(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// The same as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.answer()).unwrap()
    }

    /// Checks that it failed with one sentence that holds all of `parts`, and answered nothing.
    #[track_caller]
    pub fn failed(&self, code: i32, parts: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        let last = self.err.lines().last().unwrap_or_default();
        assert!(last.starts_with("burndown: "), "{}", self.err);
        for part in parts {
            assert!(last.contains(part), "{part:?} is not in: {last}");
        }
        for trace in ["panicked", "Error {", "Err(", "Os {", "RUST_BACKTRACE"] {
            assert!(!self.err.contains(trace), "{}", self.err);
        }
    }
}
