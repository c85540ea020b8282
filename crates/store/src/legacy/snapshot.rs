//! `metrics_snapshots.json`: week label → metric → values.

use model::{Json, Object, Snapshot, Week};

use super::finding::{Finding, FindingKind};

/// One week of the file as snapshots. `None` if the label names no week or the value is no object.
pub fn decode_week(label: &str, week: Json) -> Option<(Vec<Snapshot>, Vec<Finding>)> {
    let number = Week::parse(label)?;
    let Json::Object(metrics) = week else { return None };
    let mut findings = Vec::new();
    if number.to_string() != label {
        let note = format!("the label is {number} now");
        findings.push(Finding::new(label, FindingKind::WeekLabel, note));
    }
    if metrics.iter().all(|(metric, _)| metric.is_empty()) {
        let note = "a week without metrics holds nothing";
        findings.push(Finding::new(label, FindingKind::EmptyWeek, note));
    }
    let mut snapshots = Vec::with_capacity(metrics.len());
    for (metric, mut metrics) in metrics {
        if metric.is_empty() {
            let note = "a metric without a name was left out";
            let path = format!("{label}.\"\"");
            findings.push(Finding::new(path, FindingKind::BadRecord, note));
            continue;
        }
        let forecast = match &mut metrics {
            Json::Object(values) => values.remove("forecast"),
            _ => None,
        };
        snapshots.push(Snapshot { week: number, metric, metrics, forecast });
    }
    Some((snapshots, findings))
}

/// One metric's value as the old app writes it.
pub fn encode_metric(snapshot: &Snapshot) -> Json {
    let mut value = snapshot.metrics.clone();
    if let (Json::Object(values), Some(forecast)) = (&mut value, &snapshot.forecast) {
        values.set("forecast", forecast.clone());
    }
    value
}

/// The file as the old app writes it.
pub fn encode(snapshots: &[Snapshot]) -> Object {
    let mut weeks = std::collections::BTreeMap::<Week, Object>::new();
    for snapshot in snapshots {
        let week = weeks.entry(snapshot.week).or_default();
        week.set(snapshot.metric.clone(), encode_metric(snapshot));
    }
    weeks.into_iter().map(|(week, metrics)| (week.to_string(), Json::Object(metrics))).collect()
}
