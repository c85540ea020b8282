//! `jira_changelog_cache.json`: entries by issue key, or (second shape) a header with a list of
//! issues that hold their histories; a file may be both.

use std::collections::HashSet;

use model::json::Kind;
use model::{CacheHeader, CacheKind, Changelog, Document, Json, Object, Tape};
use store::legacy::split::{Piece, PieceText, split};
use store::legacy::{Finding, FindingKind, header};

use super::{
    BATCH_RECORDS, Batch, Emit, Outcome, Source, Stop, not_a_file, note_end, note_oddities,
};

/// Reads changelogs in order, then the header.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        let outcome = Outcome { findings: vec![not_a_file()], is_damaged: true, records: 0 };
        let missing = "jira_changelog_cache.json is not a file".to_owned();
        let header = CacheHeader { partial: Some(missing), ..CacheHeader::default() };
        emit(Batch::Header(CacheKind::Changelogs, Box::new(header), Object::new()))?;
        return Ok(outcome);
    };
    let mut records = Records::default();
    let mut members = Object::new();
    let end = split::<_, Stop>(file, &["issues"], &mut |piece| match piece {
        Piece::Member(name, text) => records.take_member(name, &text, &mut members, emit),
        Piece::Element(_, text) => records.take_element(&text, emit),
    })?;
    records.flush(emit)?;
    let mut outcome = records.outcome;
    if records.from_list > 0 || !end.split_members.is_empty() {
        let note = "histories of the list are kept by issue key";
        outcome.find("issues", FindingKind::Moved, note);
    }
    let broken = note_end(&end, outcome.records, &mut outcome);
    let (mut header, findings) = header::decode(members.clone(), source.zone);
    outcome.findings.extend(findings);
    let bad = (records.bad > 0).then(|| format!("{} changelogs could not be read", records.bad));
    header.partial = broken.or(bad);
    // Changelogs never expire in the old app; they are fetched again with their issues.
    header.expires_at = None;
    emit(Batch::Header(CacheKind::Changelogs, Box::new(header), members))?;
    Ok(outcome)
}

#[derive(Default)]
struct Records {
    outcome: Outcome,
    tape: Tape,
    batch: Vec<Changelog>,
    seen: HashSet<String>,
    from_list: u64,
    bad: u64,
}

impl Records {
    /// A member is an entry if it is an object with a changelog; anything else is header.
    fn take_member(
        &mut self,
        name: &str,
        text: &PieceText<'_>,
        members: &mut Object,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop> {
        match self.tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                note_oddities(name, &oddities, text.is_cp1252, &mut self.outcome.findings);
                if value.get("changelog").is_some() && !name.is_empty() {
                    let document = Document::of(value);
                    self.push(Changelog { key: name.to_owned(), document }, name, emit)
                } else {
                    members.set(name, Json::from(value));
                    Ok(())
                }
            }
            Err(error) => self.refuse(name.to_owned(), error.to_string(), text, emit),
        }
    }

    fn take_element(&mut self, text: &PieceText<'_>, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let path = format!("issues[{}]", self.from_list);
        self.from_list += 1;
        let entry = match self.tape.parse(&text.text) {
            Ok(value) if value.kind() == Kind::Object => {
                let oddities = value.oddities();
                note_oddities(&path, &oddities, text.is_cp1252, &mut self.outcome.findings);
                let key =
                    value.get("key").and_then(|key| key.as_text()).filter(|key| !key.is_empty());
                key.map(|key| Changelog { key: key.into_owned(), document: Document::of(value) })
                    .ok_or_else(|| "a changelog without a key".to_owned())
            }
            Ok(_) => Err("no object where a changelog belongs".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        match entry {
            Ok(entry) => self.push(entry, &path, emit),
            Err(why) => self.refuse(path, why, text, emit),
        }
    }

    fn push(&mut self, entry: Changelog, path: &str, emit: &mut Emit<'_>) -> Result<(), Stop> {
        if self.seen.insert(entry.key.clone()) {
            self.outcome.records += 1;
        } else {
            self.outcome.is_damaged = true;
            let note = format!("{} stands more than once; the last one counts", entry.key);
            self.outcome.find(path, FindingKind::RepeatedRecord, note);
        }
        self.batch.push(entry);
        if self.batch.len() >= BATCH_RECORDS { self.flush(emit) } else { Ok(()) }
    }

    fn refuse(
        &mut self,
        path: String,
        why: String,
        text: &PieceText<'_>,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop> {
        self.bad += 1;
        self.outcome.is_damaged = true;
        let finding = Finding::new(path, FindingKind::BadRecord, why);
        self.outcome.findings.push(finding.clone());
        Ok(emit(Batch::Quarantined(finding, text.text.to_string()))?)
    }

    fn flush(&mut self, emit: &mut Emit<'_>) -> Result<(), Stop> {
        if !self.batch.is_empty() {
            emit(Batch::Changelogs(std::mem::take(&mut self.batch)))?;
        }
        Ok(())
    }
}
