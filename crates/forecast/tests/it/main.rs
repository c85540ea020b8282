//! What the crate promises, against figures that do not come from it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod answers;
mod backlog;
mod calibration;
mod delivery;
mod engines;
mod model;
mod past;
mod sketch;
mod vectors;
