//! A fake Jira over HTTP: what it answers, what edits do to that, how it fails.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod client;
mod edit;
mod fault;
mod login;
mod others;
mod real;
mod request;
mod walk;
