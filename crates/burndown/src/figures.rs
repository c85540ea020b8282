//! Values that may be unknown, as text for a terminal.

use app::metrics::{Amount, Note, NoteCode, Unit};
use app::moment::{Moment, MomentRule};
use model::plain::one_line;
use model::{TimeZone, Timestamp};
use words::{Front, format};

use crate::table::Cell;

/// What stands where a value is not known.
pub const UNKNOWN: &str = "–";

/// More weeks than this make a command that nobody reads.
const EXCLUDED_MAX: usize = 5;

/// A text as one word of a command line.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text, if there is one.
pub fn or_unknown(text: Option<&String>) -> String {
    text.map_or(UNKNOWN, String::as_str).to_owned()
}

/// A moment in a zone, to the minute.
pub fn minute(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(|| UNKNOWN.to_owned(), |at| format::minute(at, zone))
}

/// The day of a moment in a zone.
pub fn date(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(|| UNKNOWN.to_owned(), |at| format::date(at, zone))
}

/// A moment as that text, for programs as an instant.
pub fn instant(at: Option<Timestamp>, text: String) -> Cell {
    at.map_or_else(|| UNKNOWN.into(), |at| Cell::with_data(text, at))
}

/// How many items or points.
pub fn amount(amount: Option<Amount>, unit: Unit) -> String {
    amount.map_or_else(|| UNKNOWN.to_owned(), |amount| format::decimal(amount.of(unit)))
}

/// What a data note says, and what can be done.
pub fn note_line(note: &Note) -> String {
    let remedy = filled(note, words::remedy(note.remedy, Front::Terminal));
    one_line(&format!("{} {remedy}", words::note(note)))
}

/// The command of a remedy with the weeks or the name that its note is about, where they are clear.
fn filled(note: &Note, remedy: &str) -> String {
    match (note.code, note.shares.as_slice()) {
        (NoteCode::BulkClose, _) if (1..=EXCLUDED_MAX).contains(&note.weeks.len()) => {
            remedy.replace("WEEK", &note.weeks.join(","))
        }
        (NoteCode::OtherZone, _) => {
            remedy.replace("ZONE", note.missing.as_deref().unwrap_or_default())
        }
        (NoteCode::DeliveryUnclear, [only]) => remedy.replace("NAME", &quoted(&only.name)),
        _ => remedy.to_owned(),
    }
}

/// Which moment figures are about, and why.
pub fn as_known(moment: &Moment) -> String {
    let day = format::day(moment.date);
    match moment.rule {
        MomentRule::Asked => format!("as known at the end of {day}"),
        MomentRule::Fetched => format!("as fetched on {day}"),
        rule => match words::last_known(rule) {
            Some(what) => format!("as of {day}, {what} in the data"),
            None => format!("as of {day}"),
        },
    }
}
