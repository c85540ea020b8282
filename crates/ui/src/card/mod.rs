//! One file per card that a page shows.

pub mod answers;
pub mod assumptions;
pub mod chart;
pub mod figures;
pub mod headline;
pub mod milestone;
pub mod notes;
pub mod record;
pub mod scenarios;
pub mod signals;
pub mod snapshot;
pub mod stale;
pub mod syncing;
pub mod tile;
pub mod weeks;
pub mod why;
pub mod work;
pub mod zone;
