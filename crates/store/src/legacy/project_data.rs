//! `project_data.json`, all four shapes.

use model::project_data::{StatisticsRow, read_number};
use model::{Json, Object, ProjectData, TimeZone};

use super::finding::{Finding, FindingKind};
use super::header::PARTIAL;
use super::take::Taker;

const TOTALS: [&str; 4] = ["total_items", "total_points", "estimated_items", "estimated_points"];
const COUNTS: [&str; 4] =
    ["completed_items", "completed_points", "created_items", "created_points"];

/// Reads project data. Nothing of it is converted; rows that cannot be counted are named.
pub fn decode(object: Object, zone: &TimeZone) -> (ProjectData, Vec<Finding>) {
    let mut taker = Taker::of(object, zone);
    let mut totals = Object::new();
    for name in TOTALS {
        totals.set_some(name, taker.json(name));
    }
    let data = ProjectData {
        statistics: taker.json("statistics"),
        project_scope: taker.json("project_scope"),
        metadata: taker.json("metadata"),
        metrics_history: taker.json("metrics_history"),
        totals,
        version: taker.json("version"),
        last_updated: taker.stamp("last_updated"),
        partial: taker.moved_text(PARTIAL),
        extra: taker.rest(),
    };
    if let Some(statistics) = &data.statistics {
        note_rows(&mut taker, statistics);
    }
    (data, taker.findings)
}

fn note_rows(taker: &mut Taker<'_>, statistics: &Json) {
    let Json::Array(rows) = statistics else {
        let note = format!("{} where rows belong: kept, not counted", statistics.kind_name());
        return taker.note("statistics", FindingKind::OddRow, note);
    };
    let mut days = std::collections::HashSet::new();
    for (place, row) in rows.iter().enumerate() {
        let path = format!("statistics[{place}]");
        if row.as_object().is_none() {
            let note = format!("{} where a row belongs: kept, not counted", row.kind_name());
            taker.note(&path, FindingKind::OddRow, note);
            continue;
        }
        match StatisticsRow::read(row).date {
            None => taker.note(&path, FindingKind::UndatedRow, "no day: kept, in no week"),
            Some(day) if !days.insert(day) => {
                let note = format!("another row is of {day}: both kept");
                taker.note(&path, FindingKind::RepeatedDay, note);
            }
            Some(_) => {}
        }
        for name in COUNTS {
            let odd = row.get(name).filter(|value| !matches!(value, Json::Null));
            if odd.is_some_and(|value| read_number(value).is_none()) {
                let note = "not a count: kept, not counted";
                taker.note(&format!("{path}.{name}"), FindingKind::OddRow, note);
            }
        }
    }
}

/// The file as the old app writes it.
pub fn encode(data: &ProjectData) -> Object {
    let mut object = Object::new();
    for (name, value) in data.totals.iter() {
        object.set(name, value.clone());
    }
    object.set_some("project_scope", data.project_scope.clone());
    object.set_some("statistics", data.statistics.clone());
    object.set_some("metadata", data.metadata.clone());
    object.set_some("metrics_history", data.metrics_history.clone());
    let last_updated = data.last_updated.as_ref().map(|at| Json::text(at.written()));
    object.set_some("last_updated", last_updated);
    object.set_some("version", data.version.clone());
    for (name, value) in data.extra.iter() {
        object.set(name, value.clone());
    }
    object
}
