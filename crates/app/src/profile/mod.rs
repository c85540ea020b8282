//! A profile: what it holds, and its way to Jira.

pub mod access;
pub mod connect;
mod refresh;
mod show;

pub use show::*;
