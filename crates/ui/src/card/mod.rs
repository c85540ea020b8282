//! One file per card that a page shows.

pub mod chart;
pub mod figures;
pub mod headline;
pub mod notes;
pub mod snapshot;
pub mod tile;
pub mod weeks;
pub mod why;
