//! The table `metrics_snapshots`.

use std::ops::RangeInclusive;

use model::{QueryKey, Snapshot, Week};

use super::cache::Unreadable;
use super::check::Checked;
use super::codec::Noun;
use super::driver::{Row, Value, params};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadSnapshot, WriteSnapshot};
use crate::error::{Error, Result};

columns! {
    table metrics_snapshots;
    key query, week, metric_type;
    set metrics, forecast, revision;
}

columns! {
    select snapshot;
    week = "s.week",
    metric = "t.name",
    metrics = "s.metrics",
    forecast = "s.forecast";
}

const NEWEST: &str = statement!(
    snapshot::SELECT,
    "FROM metrics_snapshots s JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ? ORDER BY s.week DESC, t.name LIMIT ?"
);
const BETWEEN: &str = statement!(
    snapshot::SELECT,
    "FROM metrics_snapshots s JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ? AND s.week BETWEEN ? AND ? ORDER BY s.week, t.name"
);
const METRIC_TYPE: &str = "SELECT id FROM metric_types WHERE name = ?";
const PUT_METRIC_TYPE: &str = "INSERT INTO metric_types (name) VALUES (?) RETURNING id";
const REMOVE: &str = "DELETE FROM metrics_snapshots WHERE query = ? AND week BETWEEN ? AND ?";
const DOCUMENTS: &str =
    "SELECT week, metric_type, metrics, forecast FROM metrics_snapshots WHERE query = ?";
const REMOVE_ONE: &str =
    "DELETE FROM metrics_snapshots WHERE query = ? AND week = ? AND metric_type = ?";
const SET_METRICS: &str =
    "UPDATE metrics_snapshots SET metrics = ? WHERE query = ? AND week = ? AND metric_type = ?";
const SET_NO_FORECAST: &str =
    "UPDATE metrics_snapshots SET forecast = NULL WHERE query = ? AND week = ? AND metric_type = ?";
const NAMES_BETWEEN: &str = "SELECT s.week, t.name FROM metrics_snapshots s
    JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ? AND s.week BETWEEN ? AND ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[NEWEST, BETWEEN, METRIC_TYPE, NAMES_BETWEEN];

/// A row with its members still encoded.
struct Encoded {
    week: Week,
    metric: String,
    metrics: Vec<u8>,
    forecast: Option<Vec<u8>>,
}

fn encoded(row: &Row<'_>) -> Result<Encoded> {
    Ok(Encoded {
        week: Week::from_number(row.get(snapshot::week)?),
        metric: row.get(snapshot::metric)?,
        metrics: row.get(snapshot::metrics)?,
        forecast: row.get(snapshot::forecast)?,
    })
}

impl ReadSnapshot for SqlTx<'_> {
    fn snapshots(&self, query: &QueryKey, limit: usize) -> Result<Vec<Snapshot>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        self.expect_snapshots(query)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.decoded_snapshots(NEWEST, params![query, limit])
    }

    fn snapshots_between(
        &self,
        query: &QueryKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<Snapshot>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        self.expect_snapshots(query)?;
        self.decoded_snapshots(BETWEEN, &between(query, &weeks))
    }
}

impl WriteSnapshot for SqlTx<'_> {
    fn put_snapshots(&mut self, query: &QueryKey, snapshots: &[Snapshot]) -> Result<()> {
        let query = self.expect_query(query)?;
        if snapshots.iter().any(|snapshot| snapshot.metric.is_empty()) {
            return Err(Error::invalid("snapshot.metric", "it must not be empty"));
        }
        if snapshots.is_empty() {
            return Ok(());
        }
        let texts: Vec<String> = snapshots.iter().map(|s| s.metrics.to_compact()).collect();
        let documents: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.prepare_encoder(query, Noun::Snapshot, &documents)?;
        let revision = self.written_revision();
        self.changes_of(Checked::Snapshots, query)?;
        for (snapshot, text) in snapshots.iter().zip(&texts) {
            let metric = self.metric_type(&snapshot.metric)?;
            let metrics = self.encode(text)?;
            let forecast = snapshot.forecast.as_ref().map(|forecast| forecast.to_compact());
            let forecast = forecast.map(|text| self.encode(&text)).transpose()?;
            let row = metrics_snapshots::Row {
                query: query.into(),
                week: snapshot.week.number().into(),
                metric_type: metric.into(),
                metrics: metrics.into(),
                forecast: forecast.into(),
                revision: revision.into(),
            };
            self.run(metrics_snapshots::UPSERT, &row.values())?;
        }
        tracing::debug!(count = snapshots.len(), "put snapshots");
        Ok(())
    }

    fn remove_snapshots(&mut self, query: &QueryKey, weeks: RangeInclusive<Week>) -> Result<u64> {
        let Some(row) = self.query_row(query)? else { return Ok(0) };
        let names = self.all(NAMES_BETWEEN, &between(row, &weeks), |row| {
            Ok((Week::from_number(row.get(0)?), row.get::<String>(1)?))
        })?;
        self.changes_of(Checked::Snapshots, row)?;
        self.run(REMOVE, &between(row, &weeks))?;
        for (week, metric) in &names {
            self.put_removed(Removed::Snapshot(query, *week, metric))?;
        }
        tracing::debug!(count = names.len(), "remove snapshots");
        Ok(names.len() as u64)
    }
}

fn between(query: i64, weeks: &RangeInclusive<Week>) -> [Value<'static>; 3] {
    [query.into(), weeks.start().number().into(), weeks.end().number().into()]
}

impl SqlTx<'_> {
    fn expect_snapshots(&self, query: i64) -> Result<()> {
        self.expect(Checked::MetricTypes)?;
        self.expect_of(Checked::Snapshots, query)
    }

    fn decoded_snapshots(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Snapshot>> {
        let rows = self.all(sql, values, encoded)?;
        let snapshot = |row: Encoded| {
            Ok(Snapshot {
                week: row.week,
                metric: row.metric,
                metrics: self.decode_json(Some(&row.metrics))?.unwrap_or_default(),
                forecast: self.decode_json(row.forecast.as_deref())?,
            })
        };
        rows.into_iter().map(snapshot).collect()
    }

    /// Takes the members out of snapshots that cannot be read, and removes those of which nothing is left.
    pub(super) fn drop_unreadable_snapshots(&self, query: i64) -> Result<Unreadable> {
        let (mut bare, mut without_forecast, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        self.each(DOCUMENTS, params![query], |row| {
            let key: (i64, i64) = (row.get(0)?, row.get(1)?);
            let (metrics, forecast) = (row.get::<Vec<u8>>(2)?, row.get::<Option<Vec<u8>>>(3)?);
            match (self.decode_json(Some(&metrics)), self.decode_json(forecast.as_deref())) {
                (Ok(_), Ok(_)) => {}
                (Ok(_), Err(_)) => without_forecast.push(key),
                (Err(_), Ok(Some(_))) => bare.push(key),
                (Err(_), _) => lost.push(key),
            }
            Ok(())
        })?;
        let nothing = self.encode_alone("{}")?;
        for (week, metric) in &bare {
            self.run(SET_METRICS, params![&*nothing, query, *week, *metric])?;
        }
        for (week, metric) in &without_forecast {
            self.run(SET_NO_FORECAST, params![query, *week, *metric])?;
        }
        for (week, metric) in &lost {
            self.run(REMOVE_ONE, params![query, *week, *metric])?;
        }
        let cut = bare.len() + without_forecast.len();
        Ok(Unreadable { removed: lost.len() as u64, cut: cut as u64 })
    }

    fn metric_type(&mut self, name: &str) -> Result<i64> {
        if let Some(id) = self.one(METRIC_TYPE, params![name], |row| row.get(0))? {
            return Ok(id);
        }
        let id = self.one(PUT_METRIC_TYPE, params![name], |row| row.get(0))?;
        id.ok_or_else(|| self.damaged("metric_types: no id"))
    }
}
