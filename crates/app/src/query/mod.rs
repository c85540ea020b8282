//! A query: what it holds, and how it is edited.

mod edit;
mod left;
mod setup;
mod show;
pub mod snapshot;
pub mod survey;

pub(crate) use edit::fetched_with;
pub use setup::QuerySetup;
pub use show::*;
