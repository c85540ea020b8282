//! `project_data.json`.

use model::{Json, Object, ProjectData, Tape};
use store::legacy::split::{Piece, split};
use store::legacy::{Finding, FindingKind, project_data};

use super::{Batch, Emit, Outcome, Source, Stop, not_a_file, note_end, note_oddities, set_member};

/// Reads the document; rows that are complete are taken even if the file breaks.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        let missing = Some("project_data.json is not a file".to_owned());
        let data = ProjectData { partial: missing, ..ProjectData::default() };
        emit(Batch::ProjectData(Box::new(data), Object::new()))?;
        return Ok(Outcome {
            findings: vec![not_a_file()],
            is_damaged: true,
            ..Outcome::default()
        });
    };
    let mut outcome = Outcome::default();
    let (mut members, mut rows, mut tape) = (Object::new(), Vec::new(), Tape::new());
    let end = split::<_, Stop>(file, &["statistics"], &mut |piece| {
        let (path, text) = match &piece {
            Piece::Member(name, text) => ((*name).to_owned(), text),
            Piece::Element(_, text) => (format!("statistics[{}]", rows.len()), text),
        };
        match tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                let json = Json::from(value);
                note_oddities(&path, &oddities, text.is_cp1252, &mut outcome.findings);
                match piece {
                    Piece::Member(name, _) => {
                        set_member(&mut members, name, json, &mut outcome.findings);
                    }
                    Piece::Element(..) => rows.push(json),
                }
                Ok(())
            }
            Err(error) => {
                outcome.is_damaged = true;
                let finding = Finding::new(path, FindingKind::BadRecord, error.to_string());
                outcome.findings.push(finding.clone());
                Ok(emit(Batch::Quarantined(finding, text.text.to_string()))?)
            }
        }
    })?;
    outcome.records = rows.len() as u64;
    if end.opens_with == Some(b'[') {
        outcome.find("", FindingKind::Coerced, "a bare list was taken as the statistics");
    }
    if !end.split_members.is_empty() || end.opens_with == Some(b'[') {
        members.set("statistics", Json::Array(rows));
    }
    let broken = note_end(&end, members.len() as u64, &mut outcome);
    let (mut data, findings) = project_data::decode(members.clone(), source.zone);
    outcome.findings.extend(findings);
    data.partial = broken.or(data.partial);
    emit(Batch::ProjectData(Box::new(data), members))?;
    Ok(outcome)
}
