//! A fake Jira over HTTP: what it answers, what edits do to that, how it fails.

mod client;
mod edit;
mod fault;
mod login;
mod real;
mod request;
mod walk;
