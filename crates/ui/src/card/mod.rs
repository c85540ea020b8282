//! One file per card that a page shows.

pub mod snapshot;
