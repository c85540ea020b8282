//! Columns to the members of the model's types and back. A value that was not written by this
//! program is an error, never a guess.

use model::{Json, Object, Stamp, TimeZone, Timestamp, stamp};

use super::driver::Row;
use crate::error::Result;

/// A JSON group: SQL NULL is absent, the text `null` is null.
pub(super) fn json(row: &Row<'_>, column: usize) -> Result<Option<Json>> {
    row.text(column)?.map(|text| parse(row, &text)).transpose()
}

/// The text of a JSON group.
pub(super) fn json_text(json: Option<&Json>) -> Option<String> {
    json.map(Json::to_compact)
}

/// Members of an object.
pub(super) fn object(row: &Row<'_>, column: usize) -> Result<Object> {
    match parse(row, &row.get::<String>(column)?)? {
        Json::Object(object) => Ok(object),
        other => Err(row.damaged(format!("{} stands where an object should", other.kind_name()))),
    }
}

/// The text of an object.
pub(super) fn object_text(object: &Object) -> String {
    Json::from(object.clone()).to_compact()
}

fn parse(row: &Row<'_>, text: &str) -> Result<Json> {
    Json::parse(text).map_err(|error| row.damaged(unreadable_json(&error)))
}

/// What is wrong with stored JSON.
pub(super) fn unreadable_json(error: &model::json::SyntaxError) -> String {
    format!("stored JSON cannot be read: {error}")
}

/// A point in time.
pub(super) fn time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    let Some(text) = row.text(column)? else { return Ok(None) };
    let at = stamp::parse(&text, &TimeZone::UTC);
    at.map(|(at, _)| Some(at)).ok_or_else(|| row.damaged("a stored time cannot be read"))
}

/// The text of a point in time.
pub(super) fn time_text(at: Option<Timestamp>) -> Option<String> {
    at.map(stamp::format)
}

/// A stamp from its two columns; both empty means absent.
pub(super) fn stamp(row: &Row<'_>, at: usize, text: usize) -> Result<Option<Stamp>> {
    let stamp = Stamp { at: time(row, at)?, text: row.get(text)? };
    Ok((stamp != Stamp::default()).then_some(stamp))
}

/// The time of a stamp.
pub(super) fn stamp_time(stamp: &Option<Stamp>) -> Option<String> {
    time_text(stamp.as_ref()?.at)
}

/// The text of a stamp, where that says more than its time.
pub(super) fn stamp_text(stamp: &Option<Stamp>) -> Option<&str> {
    stamp.as_ref()?.text.as_deref()
}
