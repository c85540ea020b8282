//! `metrics_data_points` of one query, with what only a backup of the old app has.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use model::{Json, Object, Week};
use store::legacy::row::snapshot::{self, Metric};
use store::legacy::sqlite::Order;

use super::Reader;
use crate::error::Result;
use crate::folder::Folder;
use crate::read::{Batch, Content};

impl Reader<'_, '_> {
    pub(super) fn snapshots(&mut self, folder: &Folder) -> Result<()> {
        let mut metrics: BTreeMap<(Week, String), (i64, Metric)> = BTreeMap::new();
        self.each_row("metrics_data_points", Order::Inserted, &mut |reader, mut row| {
            reader.parse(&mut row, &snapshot::JSON_COLUMNS)?;
            let metric = match Metric::of(&row.cells) {
                Ok(metric) => metric,
                Err(why) => return reader.keep_aside(&row, why),
            };
            let place = (metric.week, metric.name.clone());
            let what = format!("{} {}", place.0, place.1);
            let lost = match metrics.entry(place) {
                Entry::Vacant(free) => {
                    free.insert((row.rowid, metric));
                    return Ok(());
                }
                Entry::Occupied(mut known) => {
                    if metric.calculated_at() >= known.get().1.calculated_at() {
                        known.insert((row.rowid, metric))
                    } else {
                        (row.rowid, metric)
                    }
                }
            };
            reader.merge(lost.0, &lost.1.values, &what)
        })?;
        self.count.taken += metrics.len() as u64;
        let mut weeks: BTreeMap<Week, Object> = BTreeMap::new();
        for ((week, name), (_, metric)) in metrics {
            weeks.entry(week).or_default().set(name, Json::Object(metric.values));
        }
        self.add_snapshots(folder, &mut weeks)?;
        let weeks: Object = weeks
            .into_iter()
            .map(|(week, metrics)| (week.to_string(), Json::Object(metrics)))
            .collect();
        let mut snapshots = Vec::new();
        for (label, week) in weeks.iter() {
            let decoded = store::legacy::snapshot::decode_week(label, week.clone());
            let (found, findings) = decoded.unwrap_or_default();
            snapshots.extend(found);
            self.outcome.findings.extend(findings);
        }
        (self.emit)(Batch::Snapshots(snapshots, weeks))
    }

    /// Metrics that only the copy has: the old app's step to its database dropped some.
    fn add_snapshots(&mut self, folder: &Folder, weeks: &mut BTreeMap<Week, Object>) -> Result<()> {
        let (copies, mut added) = (&self.rows.snapshot_copies, Vec::new());
        self.read_copies(folder, copies, Content::Snapshots, &mut |copy, batch| {
            let Batch::Snapshots(snapshots, _) = batch else { return };
            for snapshot in snapshots {
                let week = weeks.entry(snapshot.week).or_default();
                if week.get(&snapshot.metric).is_none() {
                    let value = store::legacy::snapshot::encode_metric(&snapshot);
                    week.set(snapshot.metric, value);
                    added.push(copy);
                }
            }
        })?;
        added.into_iter().for_each(|copy| self.add(copy, 1));
        self.note_added("metrics");
        Ok(())
    }
}
