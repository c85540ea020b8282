//! The table `metrics_snapshots`.

use std::ops::RangeInclusive;

use model::{QueryKey, Snapshot, Week};
use rusqlite::{Params, Row, params};

use super::codec::Noun;
use super::revision::Removed;
use super::tx::SqliteTx;
use crate::contract::{ReadSnapshot, WriteSnapshot};
use crate::error::{Error, Result};

const NEWEST: &str = "SELECT s.week, t.name, s.metrics, s.forecast FROM metrics_snapshots s
    JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ?1 ORDER BY s.week DESC, t.name LIMIT ?2";
const BETWEEN: &str = "SELECT s.week, t.name, s.metrics, s.forecast FROM metrics_snapshots s
    JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ?1 AND s.week BETWEEN ?2 AND ?3 ORDER BY s.week, t.name";
const METRIC_TYPE: &str = "SELECT id FROM metric_types WHERE name = ?1";
const PUT_METRIC_TYPE: &str = "INSERT INTO metric_types (name) VALUES (?1) RETURNING id";
const PUT: &str = "INSERT OR REPLACE INTO metrics_snapshots
    (query, week, metric_type, metrics, forecast, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const REMOVE: &str = "DELETE FROM metrics_snapshots WHERE query = ?1 AND week BETWEEN ?2 AND ?3";
const NAMES_BETWEEN: &str = "SELECT s.week, t.name FROM metrics_snapshots s
    JOIN metric_types t ON t.id = s.metric_type
    WHERE s.query = ?1 AND s.week BETWEEN ?2 AND ?3";

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

fn encoded(row: &Row<'_>) -> rusqlite::Result<Encoded> {
    Ok(Encoded {
        week: Week::from_number(row.get(0)?),
        metric: row.get(1)?,
        metrics: row.get(2)?,
        forecast: row.get(3)?,
    })
}

impl ReadSnapshot for SqliteTx<'_> {
    fn snapshots(&self, query: &QueryKey, limit: usize) -> Result<Vec<Snapshot>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.decoded_snapshots(NEWEST, params![query, limit])
    }

    fn snapshots_between(
        &self,
        query: &QueryKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<Snapshot>> {
        let Some(query) = self.query_row(query)? else { return Ok(Vec::new()) };
        self.decoded_snapshots(BETWEEN, between(query, &weeks))
    }
}

impl WriteSnapshot for SqliteTx<'_> {
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
        let revision = self.written_revision().cast_signed();
        for (snapshot, text) in snapshots.iter().zip(&texts) {
            let metric = self.metric_type(&snapshot.metric)?;
            let metrics = self.encode(text)?;
            let forecast = snapshot.forecast.as_ref().map(|forecast| forecast.to_compact());
            let forecast = forecast.map(|text| self.encode(&text)).transpose()?;
            let week = snapshot.week.number();
            self.run(PUT, params![query, week, metric, metrics, forecast, revision])?;
        }
        tracing::debug!(count = snapshots.len(), "put snapshots");
        Ok(())
    }

    fn remove_snapshots(&mut self, query: &QueryKey, weeks: RangeInclusive<Week>) -> Result<u64> {
        let Some(row) = self.query_row(query)? else { return Ok(0) };
        let names = self.all(NAMES_BETWEEN, between(row, &weeks), |row| {
            Ok((Week::from_number(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        self.run(REMOVE, between(row, &weeks))?;
        for (week, metric) in &names {
            self.put_removed(Removed::Snapshot(query, *week, metric))?;
        }
        tracing::debug!(count = names.len(), "remove snapshots");
        Ok(names.len() as u64)
    }
}

fn between(query: i64, weeks: &RangeInclusive<Week>) -> (i64, i32, i32) {
    (query, weeks.start().number(), weeks.end().number())
}

impl SqliteTx<'_> {
    fn decoded_snapshots(&self, sql: &str, params: impl Params) -> Result<Vec<Snapshot>> {
        let rows = self.all(sql, params, encoded)?;
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

    fn metric_type(&mut self, name: &str) -> Result<i64> {
        if let Some(id) = self.one(METRIC_TYPE, [name], |row| row.get(0))? {
            return Ok(id);
        }
        let id = self.one(PUT_METRIC_TYPE, [name], |row| row.get(0))?;
        id.ok_or_else(|| self.damaged("metric_types: no id"))
    }
}
