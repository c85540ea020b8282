//! Values that may be unknown, as text for a terminal.

use app::metrics::{Amount, Note, Unit};
use app::moment::{Moment, MomentRule};
use model::plain::one_line;
use model::{TimeZone, Timestamp};
use words::{Front, format};

/// What stands where a value is not known.
pub const UNKNOWN: &str = "–";

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

/// How many items or points.
pub fn amount(amount: Option<Amount>, unit: Unit) -> String {
    amount.map_or_else(|| UNKNOWN.to_owned(), |amount| format::decimal(amount.of(unit)))
}

/// What a data note says, and what can be done.
pub fn note_line(note: &Note) -> String {
    one_line(&format!("{} {}", words::note(note), words::remedy(note.remedy, Front::Terminal)))
}

/// Which moment figures are about, and why.
pub fn as_known(moment: &Moment) -> String {
    let day = format::day(moment.date);
    match moment.rule {
        MomentRule::Asked => format!("as known at the end of {day}"),
        MomentRule::Fetched => format!("as fetched on {day}"),
        MomentRule::Newest => format!("as of {day}, the newest date in the data"),
        MomentRule::Now => format!("as of {day}"),
    }
}
