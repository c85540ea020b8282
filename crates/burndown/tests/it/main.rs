//! Drives the real program on workspaces in temporary folders.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod access_key;
mod answers;
mod asking;
mod bombs;
mod browser;
mod canary;
mod chart;
mod colors;
mod command_line;
mod csv;
mod damage;
mod delivery;
mod delivery_past;
mod demo;
mod failover;
mod field;
mod figures;
mod full_disk;
mod kills;
mod links;
mod logging;
mod look_ahead;
mod memory;
mod old_sqlite;
mod others;
mod packaging;
mod place;
mod postgres;
mod program;
mod readme;
mod real;
mod recorded;
mod recount;
mod replica;
mod report;
mod requirement;
mod samples;
mod secrecy;
mod serving;
mod settings;
mod setup;
mod shared_trash;
mod shell;
mod stops;
mod sync;
mod take_over;
mod threads;
mod token;
mod transfer;
mod trash;
mod two_builds;
mod unprivileged;
mod usage;
mod way_back;
mod zone;
