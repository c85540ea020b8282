//! The table `project_data`.

use model::{ProjectData, QueryKey};
use rusqlite::{Row, named_params};

use super::column::{json, json_text, object, object_text, stamp, stamp_texts};
use super::revision::Removed;
use super::tx::SqliteTx;
use crate::contract::{ReadProjectData, WriteProjectData};
use crate::error::Result;

const ONE: &str = "SELECT * FROM project_data WHERE query = ?1";
const PUT: &str = "INSERT OR REPLACE INTO project_data (query, project_scope, metadata, totals,
    version, last_updated, last_updated_text, partial, extra, statistics, metrics_history, revision)
    VALUES (:query, :project_scope, :metadata, :totals,
    :version, :last_updated, :last_updated_text, :partial, :extra, :statistics, :metrics_history,
    :revision)";
const REMOVE: &str = "DELETE FROM project_data WHERE query = ?1";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

/// The blobs of the two long members.
struct Blobs {
    statistics: Option<Vec<u8>>,
    metrics_history: Option<Vec<u8>>,
}

/// The document of a row but for its long members, and those encoded.
fn project_data(row: &Row<'_>) -> rusqlite::Result<(ProjectData, Blobs)> {
    let data = ProjectData {
        statistics: None,
        project_scope: json(row, "project_scope")?,
        metadata: json(row, "metadata")?,
        metrics_history: None,
        totals: object(row, "totals")?,
        version: json(row, "version")?,
        last_updated: stamp(row, "last_updated", "last_updated_text")?,
        partial: row.get("partial")?,
        extra: object(row, "extra")?,
    };
    let blobs =
        Blobs { statistics: row.get("statistics")?, metrics_history: row.get("metrics_history")? };
    Ok((data, blobs))
}

impl ReadProjectData for SqliteTx<'_> {
    fn project_data(&self, query: &QueryKey) -> Result<Option<ProjectData>> {
        let Some(query) = self.query_row(query)? else { return Ok(None) };
        let Some((data, blobs)) = self.one(ONE, [query], project_data)? else { return Ok(None) };
        Ok(Some(ProjectData {
            statistics: self.decode_json(blobs.statistics.as_deref())?,
            metrics_history: self.decode_json(blobs.metrics_history.as_deref())?,
            ..data
        }))
    }
}

impl WriteProjectData for SqliteTx<'_> {
    fn put_project_data(&mut self, query: &QueryKey, data: &ProjectData) -> Result<()> {
        let query = self.expect_query(query)?;
        let revision = self.written_revision().cast_signed();
        let (last_updated, last_updated_text) = stamp_texts(data.last_updated.as_ref());
        let row = named_params! {
            ":query": query,
            ":project_scope": json_text(data.project_scope.as_ref()),
            ":metadata": json_text(data.metadata.as_ref()),
            ":totals": object_text(&data.totals),
            ":version": json_text(data.version.as_ref()),
            ":last_updated": last_updated,
            ":last_updated_text": last_updated_text,
            ":partial": data.partial,
            ":extra": object_text(&data.extra),
            ":statistics": self.encode_json(data.statistics.as_ref())?,
            ":metrics_history": self.encode_json(data.metrics_history.as_ref())?,
            ":revision": revision,
        };
        self.run(PUT, row)?;
        tracing::debug!(count = 1, "put project data");
        Ok(())
    }

    fn remove_project_data(&mut self, query: &QueryKey) -> Result<bool> {
        let Some(row) = self.query_row(query)? else { return Ok(false) };
        let removed = self.run(REMOVE, [row])?;
        if removed > 0 {
            self.put_removed(Removed::ProjectData(query))?;
        }
        tracing::debug!(count = removed, "remove project data");
        Ok(removed > 0)
    }
}
