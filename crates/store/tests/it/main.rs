//! The contract of `store`, run on every backend, and what is special to each of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod backends;
mod cases;
mod checks;
mod json;
mod list_of_tables;
mod old_schema;
#[cfg(feature = "postgres")]
mod postgres;
mod properties;
mod sample;
mod sqlite;
mod travel;
mod upgrade;
