//! A configuration file that is one list, small.

use model::{Json, Tape};
use store::legacy::FindingKind;
use store::legacy::split::{Piece, split};

use super::{Outcome, Source, Stop, note_end, note_oddities};
use crate::error::Result;
use crate::folder::Folder;

/// Reads the elements of a list, and how that went; `None` for the list if the file holds none.
pub(crate) fn load_list(folder: &Folder, path: &str) -> Result<(Option<Vec<Json>>, Outcome)> {
    let zone = model::TimeZone::UTC;
    let source = Source { folder, path, zone: &zone };
    load(&source).map_err(|stop| source.failed(stop))
}

fn load(source: &Source<'_>) -> Result<(Option<Vec<Json>>, Outcome), Stop> {
    let mut outcome = Outcome::default();
    let Some(file) = source.open()? else { return Ok((None, outcome)) };
    let (mut list, mut tape) = (Vec::new(), Tape::new());
    let mut bad = 0;
    let end = split::<_, Stop>(file, &[], &mut |piece| {
        let Piece::Element(_, text) = piece else { return Ok(()) };
        let path = format!("[{}]", list.len() + bad);
        match tape.parse(&text.text) {
            Ok(value) => {
                note_oddities(&path, &value.oddities(), text.is_cp1252, &mut outcome.findings);
                list.push(Json::from(value));
            }
            Err(error) => {
                bad += 1;
                outcome.is_damaged = true;
                outcome.find(path, FindingKind::BadRecord, error.to_string());
            }
        }
        Ok(())
    })?;
    let is_list = end.opens_with == Some(b'[');
    note_end(&end, list.len() as u64, &mut outcome);
    if !is_list && end.broken_at.is_none() {
        outcome.is_damaged = true;
        outcome.find("", FindingKind::Unreadable, "no list where one belongs");
    }
    outcome.records = list.len() as u64;
    Ok((is_list.then_some(list), outcome))
}
