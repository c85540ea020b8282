//! A profile: what it holds, and how it is connected.

pub mod connect;
mod show;

pub use show::*;
