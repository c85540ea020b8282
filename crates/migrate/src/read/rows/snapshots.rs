//! `metrics_data_points` of one query, with what only a backup of the old app has.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use model::{Json, Object, Week};
use store::legacy::row::snapshot::{self, Metric};
use store::legacy::sqlite::{Order, Row};

use super::Reader;
use crate::error::Result;
use crate::folder::Folder;
use crate::read::{Batch, Content, read_file};

impl Reader<'_, '_> {
    pub(super) fn snapshots(&mut self, folder: &Folder) -> Result<()> {
        let mut metrics: BTreeMap<(Week, String), (i64, Metric)> = BTreeMap::new();
        self.each_row("metrics_data_points", Order::Inserted, &mut |reader, mut row| {
            reader.parse_metric(&mut row)?;
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
            reader.merge(lost.0, &lost.1.row(), &what)
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
        let Some(path) = &self.rows.snapshots_copy else { return Ok(()) };
        let added = &mut self.count.added;
        read_file(folder, path, Content::Snapshots, self.zone, &mut |batch| {
            let Batch::Snapshots(snapshots, _) = batch else { return Ok(()) };
            for snapshot in snapshots {
                let week = weeks.entry(snapshot.week).or_default();
                if week.get(&snapshot.metric).is_none() {
                    let value = store::legacy::snapshot::encode_metric(&snapshot);
                    week.set(snapshot.metric, value);
                    *added += 1;
                }
            }
            Ok(())
        })?;
        self.note_added(path, "metrics");
        Ok(())
    }

    /// A value is JSON where it is text that begins like an object.
    fn parse_metric(&mut self, row: &mut Row) -> Result<()> {
        let is_object =
            |column: &&str| row.text(column).is_some_and(|text| text.trim_start().starts_with('{'));
        let columns: Vec<&str> = snapshot::JSON_COLUMNS.iter().copied().filter(is_object).collect();
        self.parse(row, &columns)
    }
}
