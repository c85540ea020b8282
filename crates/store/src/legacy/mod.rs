//! The old app's files as values: between its JSON and our nouns, without touching a disk.
//!
//! One file per noun, each with `decode` (lenient: takes what can be read and says what was odd)
//! and `encode` (what the old app would write). The JSON backend and the migration share them.

mod finding;
pub mod header;
pub mod profile;
pub mod project_data;
pub mod query;
pub mod row;
pub mod snapshot;
pub mod split;
pub mod sqlite;
mod take;

#[cfg(test)]
mod tests;

pub use finding::{Finding, FindingKind};
