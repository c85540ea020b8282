//! Exports of figures alone: they make a profile with one query.

use model::json::{Kind, Value};
use model::{Json, Object};

use super::layout::{Layout, QueryFolder};
use super::profile::text;
use super::{Told, check_statistics};
use crate::bounds;
use crate::error::Result;

/// What is missing of every such file.
const LACK: &str = "no settings and no issues: the file holds figures only";

/// `project_data` and `metrics_snapshots` of a query.
pub(super) fn lay_out_export(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let data = file.get("project_data");
    check_statistics(data.and_then(|data| data.get("statistics")))?;
    let query = query(layout)?;
    query.put_value("project_data.json", file.get("project_data"))?;
    query.put_value("metrics_snapshots.json", file.get("metrics_snapshots"))?;
    Ok(Told { exported_at: text(file, "export_timestamp"), ..told() })
}

/// Project data itself, or a list of its rows.
pub(super) fn lay_out_bare(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let name = "project_data.json";
    check_statistics(Some(file))?;
    check_statistics(file.get("statistics"))?;
    if file.kind() == Kind::Array {
        let mut data = Object::new();
        data.set("statistics", Json::from(file));
        query(layout)?.put(name, &Json::Object(data).to_compact())?;
    } else {
        query(layout)?.put_value(name, Some(file))?;
    }
    Ok(told())
}

/// Rows as a table, where builds of 2025 kept theirs.
pub(super) fn lay_out_table(bytes: &[u8], layout: &Layout) -> Result<Told> {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    bounds::check("rows of statistics", lines as u64, bounds::STATISTICS_MAX as u64)?;
    layout.put_root("forecast_statistics.csv", bytes)?;
    Ok(told())
}

fn query(layout: &Layout) -> Result<QueryFolder> {
    let mut profile = layout.profile(None, &mut Vec::new())?;
    profile.put(&Json::Object(Object::new()))?;
    profile.query("main", &mut Vec::new())
}

fn told() -> Told {
    Told { lacks: vec![LACK.to_owned()], ..Told::default() }
}
