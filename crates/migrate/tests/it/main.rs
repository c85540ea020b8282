//! Migration, verification and rollback on workspaces that the old app wrote, whole and damaged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod again;
mod busy;
mod corrupt;
mod crash;
mod durable;
mod layouts;
mod odd;
mod odd_names;
mod old_copies;
mod old_damage;
mod old_database;
mod old_variants;
mod replace;
mod rollback;
mod secrets;
mod shapes;
mod sides;
mod tamper;
mod with_changes;
mod workspace;
