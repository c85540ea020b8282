//! The rules of this repository; each test names the file that breaks one.

#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that cannot read the repository has failed"
)]

mod assets;
mod circles;
mod dependencies;
mod documents;
mod edges;
mod files;
mod keys;
mod licences;
mod migrations;

/// Fails with one line per breach.
#[track_caller]
fn assert_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}\n", breaches.join("\n  "));
}
