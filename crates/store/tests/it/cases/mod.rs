//! The sentences of the contract as tests, one file per noun.

mod access_key;
mod changelog;
pub(crate) mod delivery;
mod header;
mod issue;
mod maintenance;
mod membership;
mod profile;
mod project_data;
mod query;
mod revision;
mod snapshot;
mod state;
mod status;
mod sync;
mod task;
mod transaction;
mod trash;
