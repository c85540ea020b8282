//! The server as a browser and a script see it, over a real database.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod chart;
mod demo;
mod export;
mod figures;
mod flow;
mod guard;
mod hostile;
mod import;
mod jira_links;
mod json;
mod login;
mod milestones;
mod now;
mod openapi;
mod page;
mod server;
mod settings;
mod setup;
mod trash;
mod wire;
