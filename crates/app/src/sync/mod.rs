//! Syncs of queries: one at once, in the background of a server, and how they stand.

mod follow;
pub mod jobs;
pub mod state;

pub use ::sync::{Error, Phase, Silent, SyncControl, SyncOptions, SyncProgress, task_id};
