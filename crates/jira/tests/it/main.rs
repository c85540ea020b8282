//! The client against servers on loopback.

mod answers;
mod connect;
mod fetch;
mod patience;
mod retry;
mod scripted;
mod world;
