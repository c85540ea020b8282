//! The client against servers on loopback.

mod connect;
mod patience;
mod retry;
mod scripted;
mod world;
