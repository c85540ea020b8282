//! Profiles out of one workspace and into another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)]

mod damage;
mod kept;
mod old;
mod round_trip;
mod sample;
mod secrets;
mod table;
