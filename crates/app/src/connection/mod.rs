//! The way to the Jira of a profile: what is needed to ask it, and whether that is there.

pub mod access;
mod refresh;
mod secrets;
mod token;
