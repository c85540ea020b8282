//! How much a file may hold: more than any team has, and little enough that reading it takes no more
//! than about 200 MB of memory, whatever the file says.

use crate::error::{Error, Result};

/// Longest text of a file of our own format, in bytes, which is read record by record.
pub(crate) const TEXT_BYTES_MAX: u64 = 4 << 30;
/// Longest record of it, in bytes.
pub(crate) const RECORD_BYTES_MAX: usize = 8 << 20;
/// Longest record that is no issue and no changelog, in bytes.
pub(crate) const NOUN_BYTES_MAX: usize = 2 << 20;
/// Longest text of an export of the old app, in bytes, which is read as a whole; long caches of issues
/// do not count, as they are not.
pub(crate) const OLD_TEXT_BYTES_MAX: u64 = 48 << 20;
/// The same of a file that holds nothing but figures.
pub(crate) const FIGURES_TEXT_BYTES_MAX: u64 = 24 << 20;
/// The same of a text that is no UTF-8, which takes several times its bytes.
pub(crate) const ENCODED_BYTES_MAX: u64 = 32 << 20;
/// Most values in such a text: each takes some bytes beside it.
pub(crate) const OLD_VALUES_MAX: usize = 2_500_000;
/// Longest file of it that holds figures, in bytes.
pub(crate) const OLD_FIGURES_BYTES_MAX: usize = 8 << 20;
/// Longest list of issues, in bytes.
pub(crate) const LIST_BYTES_MAX: u64 = 64 << 20;
/// Most cells of a table.
pub(crate) const CELLS_MAX: u64 = 10_000_000;
/// Longest table of statistics, in bytes.
pub(crate) const STATISTICS_TABLE_BYTES_MAX: u64 = 8 << 20;
/// Most rows of statistics of a query: a day each for 50 years. They are held as one list of values,
/// which takes many times their text.
pub(crate) const STATISTICS_MAX: usize = 20_000;
/// Longest key of an issue, in bytes.
pub(crate) const KEY_BYTES_MAX: usize = 255;

const ISSUES_MAX: u64 = 5_000_000;
const SNAPSHOTS_MAX: u64 = 1_000_000;
const QUERIES_MAX: u64 = 2_000;

/// Refuses more than there can be.
pub(crate) fn check(what: &str, count: u64, max: u64) -> Result<()> {
    if count <= max {
        return Ok(());
    }
    Err(Error::TooLarge(format!("it holds more than {max} {what}")))
}

/// Refuses settings that are too long before they are taken apart, which takes many times their text.
pub(crate) fn check_noun(file: &str, value: Option<model::json::Value<'_>>) -> Result<()> {
    if value.is_none_or(|value| value.raw().len() <= NOUN_BYTES_MAX) {
        return Ok(());
    }
    let max = NOUN_BYTES_MAX >> 20;
    Err(Error::TooLarge(format!("what belongs into {file} has more than {max} MiB")))
}

/// Most members of an object of settings.
const MEMBERS_MAX: u64 = 5_000;

/// Refuses settings of so many members that to look each up would take for ever.
pub(crate) fn check_members(json: &model::Json) -> Result<()> {
    match json {
        model::Json::Object(object) => {
            check("members of one object in its settings", object.len() as u64, MEMBERS_MAX)?;
            object.iter().try_for_each(|(_, value)| check_members(value))
        }
        model::Json::Array(values) => values.iter().try_for_each(check_members),
        _ => Ok(()),
    }
}

/// Refuses more records than there can be.
pub(crate) fn check_records(carried: &crate::summary::Carried) -> Result<()> {
    check("issues", carried.issues, ISSUES_MAX)?;
    check("changelogs", carried.changelogs, ISSUES_MAX)?;
    check("stored figures", carried.snapshots, SNAPSHOTS_MAX)?;
    check("queries", carried.queries, QUERIES_MAX)
}

/// Refuses a key that no Jira gives.
pub(crate) fn check_key(key: &str) -> Result<()> {
    if key.len() <= KEY_BYTES_MAX {
        return Ok(());
    }
    let start: String = key.chars().take(20).collect();
    Err(Error::Damaged(format!("the key {start:?}… of an issue has {} bytes", key.len())))
}
