//! Snapshots: one row per query, week and metric type.

use std::ops::RangeInclusive;

use model::{QueryKey, Snapshot, Week};

use crate::error::Result;

/// Reads snapshots.
pub trait ReadSnapshot {
    /// The newest `limit` rows: newest week first, within a week by metric type.
    fn snapshots(&self, query: &QueryKey, limit: usize) -> Result<Vec<Snapshot>>;

    /// Rows of the weeks in `weeks`: oldest week first, within a week by metric type.
    fn snapshots_between(
        &self,
        query: &QueryKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<Snapshot>>;
}

/// Writes snapshots.
pub trait WriteSnapshot: ReadSnapshot {
    /// Inserts or replaces each by week and metric type. `QueryNotFound` if the query is not
    /// there, `Invalid` if a metric type is empty.
    fn put_snapshots(&mut self, query: &QueryKey, snapshots: &[Snapshot]) -> Result<()>;

    /// Removes the rows of the weeks in `weeks`; says how many there were.
    fn remove_snapshots(&mut self, query: &QueryKey, weeks: RangeInclusive<Week>) -> Result<u64>;
}
