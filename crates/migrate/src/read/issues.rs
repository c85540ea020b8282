//! `jira_cache.json`.

use model::{CacheHeader, CacheKind, Issue, Json, Object};
use store::legacy::split::{Piece, PieceText, split};
use store::legacy::{FindingKind, header};

use super::records::Records;
use super::{Batch, Emit, Outcome, Source, Stop, not_a_file, note_end, note_oddities};

/// Reads issues in order, then the header.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        let outcome =
            Outcome { findings: vec![not_a_file()], is_damaged: true, ..Outcome::default() };
        let missing = "jira_cache.json is not a file".to_owned();
        let header = CacheHeader { partial: Some(missing), ..CacheHeader::default() };
        emit(Batch::Header(CacheKind::Issues, Box::new(header), Object::new()))?;
        return Ok(outcome);
    };
    let mut records = Records::<Issue>::new();
    let mut members = Object::new();
    let end = split::<_, Stop>(file, &["issues"], &mut |piece| match piece {
        Piece::Element(_, text) => records.take_element(&text, emit),
        Piece::Member("issues", text) => records.take_object(&text, emit),
        Piece::Member(name, text) => {
            records.take_member(name, &text, &mut members);
            Ok(())
        }
    })?;
    records.flush(emit)?;
    let mut outcome = records.outcome;
    if end.opens_with == Some(b'[') {
        outcome.find("", FindingKind::Coerced, "a bare list was taken as the issues");
    }
    let broken = note_end(&end, outcome.records, &mut outcome);
    let (mut header, findings) = header::decode(members.clone(), source.zone);
    outcome.findings.extend(findings);
    note_count(&header, &mut outcome, records.repeated);
    let bad = (records.bad > 0).then(|| format!("{} issues could not be read", records.bad));
    header.partial = broken.or(bad);
    emit(Batch::Header(CacheKind::Issues, Box::new(header), members))?;
    Ok(outcome)
}

fn note_count(header: &CacheHeader, outcome: &mut Outcome, repeated: u64) {
    let told = header.told_total.as_ref().and_then(Json::as_f64);
    let found = outcome.records + repeated;
    if told.is_some_and(|told| told != found as f64) {
        let note = format!("the file tells another number than the {found} issues in it");
        outcome.find("total_issues", FindingKind::WrongCount, note);
    }
}

impl Records<Issue> {
    /// Issues as an object by key, as people make it by hand; a list never comes here, it is split.
    fn take_object(&mut self, text: &PieceText<'_>, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let parsed = Json::parse(&text.text);
        let Ok(Json::Object(issues)) = &parsed else {
            self.outcome.is_damaged = true;
            let what = parsed.as_ref().map_or("no JSON", Json::kind_name);
            let note = format!("{what} where the issues belong");
            self.outcome.find("issues", FindingKind::WrongType, note);
            return Ok(());
        };
        let note = "an object was taken as the list of issues, in its order";
        self.outcome.find("issues", FindingKind::Coerced, note);
        issues.iter().try_for_each(|(_, issue)| {
            let text = issue.to_compact().into();
            self.take_element(&PieceText { text, is_cp1252: false, at: 0 }, emit)
        })
    }

    fn take_member(&mut self, name: &str, text: &PieceText<'_>, members: &mut Object) {
        match self.tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                let json = Json::from(value);
                note_oddities(name, &oddities, text.is_cp1252, &mut self.outcome.findings);
                members.set(name, json);
            }
            Err(error) => {
                self.outcome.is_damaged = true;
                self.outcome.find(name, FindingKind::BadRecord, format!("{error}; left out"));
            }
        }
    }
}
