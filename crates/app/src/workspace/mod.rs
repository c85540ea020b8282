//! The workspace: where it is, what it holds, how it came here, and what is chosen in it.

pub mod backup;
mod choice;
pub mod health;
pub mod migration;
pub mod place;
pub mod report;
mod show;
mod watch;

pub use choice::Selection;
pub(crate) use choice::selection;
pub use show::*;
pub(crate) use watch::Watch;
