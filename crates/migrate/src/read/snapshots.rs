//! `metrics_snapshots.json`.

use std::collections::HashMap;

use model::{Json, Object, Snapshot, Tape, Week};
use store::legacy::split::{Piece, split};
use store::legacy::{Finding, FindingKind, snapshot};

use super::{Batch, Emit, Outcome, Source, Stop, not_a_file, note_end, note_oddities, set_member};

/// Reads all weeks. Where two labels mean the same week, the ISO form wins metric by metric.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        return Ok(Outcome {
            findings: vec![not_a_file()],
            is_damaged: true,
            ..Outcome::default()
        });
    };
    let mut outcome = Outcome::default();
    let (mut weeks, mut tape) = (Object::new(), Tape::new());
    let end = split::<_, Stop>(file, &[], &mut |piece| {
        let Piece::Member(label, text) = piece else { return Ok(()) };
        match tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                let json = Json::from(value);
                note_oddities(label, &oddities, text.is_cp1252, &mut outcome.findings);
                set_member(&mut weeks, label, json, &mut outcome.findings);
                Ok(())
            }
            Err(error) => refuse(label, error.to_string(), &text.text, &mut outcome, emit),
        }
    })?;
    note_end(&end, weeks.len() as u64, &mut outcome);
    if end.opens_with == Some(b'[') && end.broken_at.is_none() {
        outcome.is_damaged = true;
        outcome.find("", FindingKind::Unreadable, "a list stands where weeks belong");
    }
    let snapshots = decode(&weeks, &mut outcome, emit)?;
    outcome.records = snapshots.len() as u64;
    emit(Batch::Snapshots(snapshots, weeks))?;
    Ok(outcome)
}

fn refuse(
    path: &str,
    why: String,
    text: &str,
    outcome: &mut Outcome,
    emit: &mut Emit<'_>,
) -> Result<(), Stop> {
    outcome.is_damaged = true;
    let path = if path.is_empty() { "\"\"" } else { path };
    let finding = Finding::new(path, FindingKind::BadRecord, why);
    outcome.findings.push(finding.clone());
    Ok(emit(Batch::Quarantined(finding, text.to_owned()))?)
}

fn decode(
    weeks: &Object,
    outcome: &mut Outcome,
    emit: &mut Emit<'_>,
) -> Result<Vec<Snapshot>, Stop> {
    let is_iso = |label: &str| Week::parse(label).is_some_and(|week| week.to_string() == label);
    let iso = weeks.iter().filter(|(label, _)| is_iso(label));
    let others = weeks.iter().filter(|(label, _)| !is_iso(label));
    let mut known: HashMap<(Week, String), usize> = HashMap::new();
    let mut all: Vec<Snapshot> = Vec::new();
    for (label, week) in iso.chain(others) {
        let Some((snapshots, findings)) = snapshot::decode_week(label, week.clone()) else {
            let why = if Week::parse(label).is_none() { "not a week" } else { "no metrics in it" };
            refuse(label, why.to_owned(), &week.to_compact(), outcome, emit)?;
            continue;
        };
        outcome.findings.extend(findings);
        for snapshot in snapshots {
            let key = (snapshot.week, snapshot.metric.clone());
            match known.get(&key).and_then(|place| all.get(*place)) {
                None => {
                    known.insert(key, all.len());
                    all.push(snapshot);
                }
                Some(twin) if *twin == snapshot => {}
                Some(_) => repeated(label, &snapshot, outcome, emit)?,
            }
        }
    }
    Ok(all)
}

fn repeated(
    label: &str,
    snapshot: &Snapshot,
    outcome: &mut Outcome,
    emit: &mut Emit<'_>,
) -> Result<(), Stop> {
    outcome.is_damaged = true;
    let path = format!("{label}.{}", snapshot.metric);
    let note = format!("{} has this metric under its ISO label, which counts", snapshot.week);
    let finding = Finding::new(path, FindingKind::RepeatedRecord, note);
    outcome.findings.push(finding.clone());
    Ok(emit(Batch::Quarantined(
        finding,
        Json::to_compact(&store::legacy::snapshot::encode_metric(snapshot)),
    ))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_labels_win_and_twins_are_reported() {
        let text = r#"{"2025-44":{"a":{"v":1},"b":{"v":2}},"2025-W44":{"a":{"v":9}},"x":{},"2025-W45":[]}"#;
        let Json::Object(weeks) = Json::parse(text).unwrap() else { panic!() };
        let mut outcome = Outcome::default();
        let mut quarantined = Vec::new();
        let snapshots = decode(&weeks, &mut outcome, &mut |batch| {
            if let Batch::Quarantined(finding, text) = batch {
                quarantined.push((finding.path, text));
            }
            Ok(())
        });
        let snapshots = snapshots.ok().unwrap();
        let values: Vec<String> = snapshots
            .iter()
            .map(|s| format!("{} {} {}", s.week, s.metric, s.metrics.to_compact()))
            .collect();
        assert_eq!(values, [r#"2025-W44 a {"v":9}"#, r#"2025-W44 b {"v":2}"#]);
        let paths: Vec<&str> = quarantined.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["2025-W45", "2025-44.a", "x"]);
    }
}
