//! Values that may be unknown, as text for a terminal.

use model::{TimeZone, Timestamp};
use ui::format;

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
