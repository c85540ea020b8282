//! The client against servers on loopback.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod connect;
mod fetch;
mod patience;
mod refusals;
mod retry;
mod scripted;
mod world;
