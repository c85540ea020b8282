//! A profile: what it holds, how it is edited, set up and connected.

pub mod connect;
mod edit;
pub mod milestone;
mod points_field;
pub mod settings;
mod setup;
mod show;

pub use edit::Extent;
pub use setup::ProfileSetup;
pub use show::*;
