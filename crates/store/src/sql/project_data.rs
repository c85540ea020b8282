//! The table `project_data`.

use model::{ProjectData, QueryKey};

use super::cache::Unreadable;
use super::check::Checked;
use super::driver::{Row, params};
use super::field::{json, json_text, object, object_text, stamp, stamp_text, stamp_time};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadProjectData, WriteProjectData};
use crate::error::Result;

columns! {
    table project_data;
    key query;
    set project_scope, metadata, totals, version, last_updated, last_updated_text, partial, extra,
        statistics, metrics_history, revision;
}

const ONE: &str = statement!(project_data::SELECT, "WHERE query = ?");
const REMOVE: &str = "DELETE FROM project_data WHERE query = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

/// The blobs of the two long members.
struct Blobs {
    statistics: Option<Vec<u8>>,
    metrics_history: Option<Vec<u8>>,
}

/// The document of a row but for its long members, and those encoded.
fn data_and_blobs(row: &Row<'_>) -> Result<(ProjectData, Blobs)> {
    let data = ProjectData {
        statistics: None,
        project_scope: json(row, project_data::project_scope)?,
        metadata: json(row, project_data::metadata)?,
        metrics_history: None,
        totals: object(row, project_data::totals)?,
        version: json(row, project_data::version)?,
        last_updated: stamp(row, project_data::last_updated, project_data::last_updated_text)?,
        partial: row.get(project_data::partial)?,
        extra: object(row, project_data::extra)?,
    };
    let blobs = Blobs {
        statistics: row.get(project_data::statistics)?,
        metrics_history: row.get(project_data::metrics_history)?,
    };
    Ok((data, blobs))
}

impl ReadProjectData for SqlTx<'_> {
    fn project_data(&self, query: &QueryKey) -> Result<Option<ProjectData>> {
        let Some(query) = self.query_row(query)? else { return Ok(None) };
        self.expect_of(Checked::ProjectData, query)?;
        let Some((data, blobs)) = self.one(ONE, params![query], data_and_blobs)? else {
            return Ok(None);
        };
        Ok(Some(ProjectData {
            statistics: self.decode_json(blobs.statistics.as_deref())?,
            metrics_history: self.decode_json(blobs.metrics_history.as_deref())?,
            ..data
        }))
    }
}

impl SqlTx<'_> {
    /// Takes the members out of the row of a query that cannot be read, of which `why` is said; removes the
    /// row if nothing is left.
    pub(super) fn drop_unreadable_project_data(&self, query: i64, why: &str) -> Result<Unreadable> {
        let Some(members) = self.one(ONE, params![query], |row| Ok(self.members(row)))? else {
            return Ok(Unreadable::default());
        };
        let broken: Vec<&str> =
            members.iter().filter(|(_, read)| read.is_err()).map(|(set, _)| *set).collect();
        if broken.is_empty() {
            return Ok(Unreadable::default());
        }
        if !members.iter().any(|(_, read)| matches!(read, Ok(true))) {
            return Ok(Unreadable { removed: self.run(REMOVE, params![query])?, cut: 0 });
        }
        let sql =
            format!("UPDATE project_data SET {}, partial = ? WHERE query = ?", broken.join(", "));
        Ok(Unreadable { removed: 0, cut: self.run(&sql, params![why, query])? })
    }

    /// How each member is made empty, and whether it says something; an error if it cannot be read.
    fn members(&self, row: &Row<'_>) -> [(&'static str, Result<bool>); 8] {
        let has_json = |column| Ok(json(row, column)?.is_some());
        let has_object = |column| Ok(!object(row, column)?.is_empty());
        let has_blob = |column| {
            let blob = row.get::<Option<Vec<u8>>>(column)?;
            Ok(self.decode_json(blob.as_deref())?.is_some())
        };
        // What has a version or a time alone has nothing.
        let is_readable = |read: Result<()>| read.map(|()| false);
        let time = stamp(row, project_data::last_updated, project_data::last_updated_text);
        [
            ("project_scope = NULL", has_json(project_data::project_scope)),
            ("metadata = NULL", has_json(project_data::metadata)),
            ("totals = '{}'", has_object(project_data::totals)),
            ("version = NULL", is_readable(has_json(project_data::version).map(drop))),
            ("last_updated = NULL", is_readable(time.map(drop))),
            ("extra = '{}'", has_object(project_data::extra)),
            ("statistics = NULL", has_blob(project_data::statistics)),
            ("metrics_history = NULL", has_blob(project_data::metrics_history)),
        ]
    }
}

impl WriteProjectData for SqlTx<'_> {
    fn put_project_data(&mut self, query: &QueryKey, data: &ProjectData) -> Result<()> {
        let query = self.expect_query(query)?;
        self.changes_of(Checked::ProjectData, query)?;
        let revision = self.written_revision();
        let row = project_data::Row {
            query: query.into(),
            project_scope: json_text(data.project_scope.as_ref()).into(),
            metadata: json_text(data.metadata.as_ref()).into(),
            totals: object_text(&data.totals).into(),
            version: json_text(data.version.as_ref()).into(),
            last_updated: stamp_time(&data.last_updated).into(),
            last_updated_text: stamp_text(&data.last_updated).into(),
            partial: (&data.partial).into(),
            extra: object_text(&data.extra).into(),
            statistics: self.encode_json(data.statistics.as_ref())?.into(),
            metrics_history: self.encode_json(data.metrics_history.as_ref())?.into(),
            revision: revision.into(),
        };
        self.run(project_data::UPSERT, &row.values())?;
        tracing::debug!(count = 1, "put project data");
        Ok(())
    }

    fn remove_project_data(&mut self, query: &QueryKey) -> Result<bool> {
        let Some(row) = self.query_row(query)? else { return Ok(false) };
        self.changes_of(Checked::ProjectData, row)?;
        let removed = self.run(REMOVE, params![row])?;
        if removed > 0 {
            self.put_removed(Removed::ProjectData(query))?;
        }
        tracing::debug!(count = removed, "remove project data");
        Ok(removed > 0)
    }
}
