//! Columns to the members of the model's types and back. A value that was not written by this
//! program is an error, never a guess.

use model::{Json, Object, Stamp, TimeZone, Timestamp, stamp};
use rusqlite::{Result, Row, RowIndex};

use super::error::damaged;

/// A JSON group: SQL NULL is absent, the text `null` is null.
pub(super) fn json(row: &Row<'_>, column: impl RowIndex) -> Result<Option<Json>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse(&text)).transpose()
}

/// The text of a JSON group.
pub(super) fn json_text(json: Option<&Json>) -> Option<String> {
    json.map(Json::to_compact)
}

/// Members of an object.
pub(super) fn object(row: &Row<'_>, column: impl RowIndex) -> Result<Object> {
    let text: String = row.get(column)?;
    match parse(&text)? {
        Json::Object(object) => Ok(object),
        other => Err(damaged(format!("{} stands where an object should", other.kind_name()))),
    }
}

/// The text of an object.
pub(super) fn object_text(object: &Object) -> String {
    Json::from(object.clone()).to_compact()
}

/// A value of stored JSON text.
pub(super) fn parse(text: &str) -> Result<Json> {
    Json::parse(text).map_err(|error| damaged(format!("stored JSON cannot be read: {error}")))
}

/// A point in time.
pub(super) fn time(row: &Row<'_>, column: impl RowIndex) -> Result<Option<Timestamp>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| {
        stamp::parse(text, &TimeZone::UTC)
            .map(|(at, _)| at)
            .ok_or_else(|| damaged("a stored time cannot be read"))
    })
    .transpose()
}

/// The text of a point in time.
pub(super) fn time_text(at: Option<Timestamp>) -> Option<String> {
    at.map(stamp::format)
}

/// A stamp from its two columns; both empty means absent.
pub(super) fn stamp(row: &Row<'_>, at: &str, text: &str) -> Result<Option<Stamp>> {
    let stamp = Stamp { at: time(row, at)?, text: row.get(text)? };
    Ok((stamp != Stamp::default()).then_some(stamp))
}

/// The two columns of a stamp.
pub(super) fn stamp_texts(stamp: Option<&Stamp>) -> (Option<String>, Option<&str>) {
    match stamp {
        Some(stamp) => (time_text(stamp.at), stamp.text.as_deref()),
        None => (None, None),
    }
}

/// A count, which SQLite keeps as a signed number.
pub(super) fn count(row: &Row<'_>, column: impl RowIndex) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| damaged("a stored count is negative"))
}
