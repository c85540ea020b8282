//! Snapshots: `metrics_snapshots.json`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use model::{Json, Object, QueryKey, Snapshot, Week};

use super::layout::{QueryFile, query_file};
use super::tx::JsonTx;
use crate::contract::{ReadSnapshot, WriteSnapshot};
use crate::error::{Error, Result};
use crate::legacy;

/// Forecasts of metrics that are no object and so cannot hold them, by label and metric.
const FORECASTS: &str = "forecasts";

/// The content of the file.
#[derive(Debug, Default)]
struct Weeks {
    rows: BTreeMap<(Week, String), Snapshot>,
    /// Labels that name no week, kept as they are.
    unread: Object,
}

impl Weeks {
    fn decode(object: Object, details: &Object) -> Weeks {
        let mut weeks = Weeks::default();
        for (label, week) in object {
            match legacy::snapshot::decode_week(&label, week.clone()) {
                Some((snapshots, _)) => snapshots.into_iter().for_each(|row| weeks.put(row)),
                None => weeks.unread.set(label, week),
            }
        }
        let forecasts = details.get(FORECASTS).and_then(Json::as_object);
        for (label, metrics) in forecasts.iter().flat_map(|forecasts| forecasts.iter()) {
            let metrics = metrics.as_object();
            for (metric, forecast) in metrics.iter().flat_map(|metrics| metrics.iter()) {
                let week = Week::parse(label).map(|week| (week, metric.to_owned()));
                if let Some(row) = week.and_then(|key| weeks.rows.get_mut(&key)) {
                    row.forecast = Some(forecast.clone());
                }
            }
        }
        weeks
    }

    fn put(&mut self, row: Snapshot) {
        self.rows.insert((row.week, row.metric.clone()), row);
    }

    /// The file and its details.
    fn encode(self) -> (Object, Object) {
        let mut forecasts = Object::new();
        for row in self.rows.values().filter(|row| row.metrics.as_object().is_none()) {
            let Some(forecast) = &row.forecast else { continue };
            let label = row.week.to_string();
            if forecasts.get(&label).is_none() {
                forecasts.set(label.clone(), Json::Object(Object::new()));
            }
            if let Some(Json::Object(metrics)) = forecasts.get_mut(&label) {
                metrics.set(row.metric.clone(), forecast.clone());
            }
        }
        let mut details = Object::new();
        if !forecasts.is_empty() {
            details.set(FORECASTS, Json::Object(forecasts));
        }
        let rows: Vec<Snapshot> = self.rows.into_values().collect();
        let weeks = legacy::snapshot::encode(&rows).into_iter().chain(self.unread);
        (weeks.collect(), details)
    }
}

impl ReadSnapshot for JsonTx<'_> {
    fn snapshots(&self, query: &QueryKey, limit: usize) -> Result<Vec<Snapshot>> {
        let mut rows: Vec<Snapshot> = self.weeks(query)?.rows.into_values().collect();
        // Within a week the order by metric stays.
        rows.sort_by_key(|row| std::cmp::Reverse(row.week));
        rows.truncate(limit);
        Ok(rows)
    }

    fn snapshots_between(
        &self,
        query: &QueryKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<Snapshot>> {
        let rows = self.weeks(query)?.rows.into_values();
        Ok(rows.filter(|row| weeks.contains(&row.week)).collect())
    }
}

impl WriteSnapshot for JsonTx<'_> {
    fn put_snapshots(&mut self, query: &QueryKey, snapshots: &[Snapshot]) -> Result<()> {
        self.require_query(query)?;
        if snapshots.iter().any(|row| row.metric.is_empty()) {
            return Err(Error::invalid("snapshot.metric", "it must not be empty"));
        }
        if snapshots.is_empty() {
            return Ok(());
        }
        let mut weeks = self.weeks(query)?;
        snapshots.iter().cloned().for_each(|row| weeks.put(row));
        self.write_weeks(query, weeks)?;
        tracing::debug!(count = snapshots.len(), "snapshots were put");
        Ok(())
    }

    fn remove_snapshots(&mut self, query: &QueryKey, range: RangeInclusive<Week>) -> Result<u64> {
        let mut weeks = self.weeks(query)?;
        let before = weeks.rows.len();
        weeks.rows.retain(|(week, _), _| !range.contains(week));
        let removed = (before - weeks.rows.len()) as u64;
        if removed > 0 {
            self.write_weeks(query, weeks)?;
        }
        tracing::debug!(count = removed, "snapshots were removed");
        Ok(removed)
    }
}

impl JsonTx<'_> {
    fn weeks(&self, query: &QueryKey) -> Result<Weeks> {
        let place = query_file(query, QueryFile::Snapshots);
        let files = self.files();
        let Some(object) = files.read_object(&place)? else { return Ok(Weeks::default()) };
        Ok(Weeks::decode(object, &files.details(&place)?))
    }

    fn write_weeks(&mut self, query: &QueryKey, weeks: Weeks) -> Result<()> {
        let (object, details) = weeks.encode();
        self.files_mut().write_object(&query_file(query, QueryFile::Snapshots), object, details)
    }
}
