//! Syncs against a Jira that is kept in memory, with everything that can go wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod another_jira;
mod boards;
mod crash;
mod damage;
mod demo;
mod endless;
mod entered_later;
mod http;
mod jobs;
mod legacy;
mod lists;
mod look_ahead;
mod property;
mod recount;
mod sync;
mod verify;
mod weeks;
mod workspace;
mod world;
