//! `jira_changelog_cache.json`: entries by issue key, or (second shape) a header with a list of
//! issues that hold their histories; a file may be both.

use model::{CacheHeader, CacheKind, Changelog, Document, Json, Object};
use store::legacy::split::{Piece, PieceText, split};
use store::legacy::{FindingKind, header};

use super::records::Records;
use super::{Batch, Emit, Outcome, Source, Stop, not_a_file, note_end, note_oddities};

/// Reads changelogs in order, then the header.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        let outcome =
            Outcome { findings: vec![not_a_file()], is_damaged: true, ..Outcome::default() };
        let missing = "jira_changelog_cache.json is not a file".to_owned();
        let header = CacheHeader { partial: Some(missing), ..CacheHeader::default() };
        emit(Batch::Header(CacheKind::Changelogs, Box::new(header), Object::new()))?;
        return Ok(outcome);
    };
    let mut records = Records::<Changelog>::new();
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

impl Records<Changelog> {
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
}
