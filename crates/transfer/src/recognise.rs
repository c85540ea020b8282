//! What a file is, by its first member that tells.

use std::io::{self, Read};

use model::{Json, plain};
use store::legacy::split::{End, Piece, PieceText, split_within};

use crate::error::{Error, Result};
use crate::old::{OldFile, issue_list};
use crate::ours::FORMAT;
use crate::table::{Table, column};

/// Longest value that is looked into to tell what a file is, in bytes.
const LOOKED_INTO_BYTES_MAX: usize = 64 << 10;

/// The kinds of files that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Our own format.
    Ours,
    /// Of the old app.
    Old(OldFile),
    /// A report of the old app, which holds nothing to import.
    Report,
}

/// Members that stand in no other kind of file.
const MEMBERS: [(&str, Known); 11] = [
    ("manifest", Known::Old(OldFile::Profile)),
    ("profile_data", Known::Old(OldFile::Profile)),
    ("export_version", Known::Old(OldFile::OneQuery)),
    ("profile_id", Known::Old(OldFile::OneQuery)),
    ("profile", Known::Old(OldFile::OneQuery)),
    ("project_data", Known::Old(OldFile::ProjectDataExport)),
    ("metric_type", Known::Report),
    ("statistics", Known::Old(OldFile::Statistics)),
    ("project_scope", Known::Old(OldFile::Statistics)),
    ("total_items", Known::Old(OldFile::Statistics)),
    ("metrics_snapshots", Known::Old(OldFile::ProjectDataExport)),
];

enum Stop {
    Found(Known),
    Failed(Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Failed(error.into())
    }
}

/// Reads JSON no further than to the first member that tells, and no value that has more bytes than
/// that. `None` if it is no JSON.
pub(crate) fn recognise_json(text: impl Read, value_bytes_max: u64) -> Result<Option<Known>> {
    let value_bytes_max = usize::try_from(value_bytes_max).unwrap_or(usize::MAX);
    let end = split_within::<_, Stop>(value_bytes_max, text, &[], &mut |piece| match piece {
        Piece::Member("format", text) if parsed(&text) == Some(Json::text(FORMAT)) => {
            Err(Stop::Found(Known::Ours))
        }
        Piece::Member(name, _) => {
            let known = MEMBERS.iter().find(|(member, _)| *member == name);
            known.map_or(Ok(()), |(_, known)| Err(Stop::Found(*known)))
        }
        Piece::Element(_, text) => {
            let is_row = parsed(&text).is_some_and(|row| row.get("date").is_some());
            Err(if is_row {
                Stop::Found(Known::Old(OldFile::Statistics))
            } else {
                Stop::Failed(Error::Unknown("it is a list of something else".to_owned()))
            })
        }
    });
    match end {
        Err(Stop::Found(known)) => Ok(Some(known)),
        Err(Stop::Failed(error)) => Err(error),
        Ok(End { opens_with: Some(b'{'), broken_at: Some(at), .. }) => {
            let limit = value_bytes_max >> 20;
            Err(Error::Damaged(format!(
                "it breaks at byte {at}, or has a value of more than {limit} MiB there"
            )))
        }
        Ok(End { opens_with: Some(b'{' | b'['), .. }) => {
            Err(Error::Unknown("it holds none of their members".to_owned()))
        }
        Ok(_) => Ok(None),
    }
}

/// A value, if it is short.
fn parsed(text: &PieceText<'_>) -> Option<Json> {
    (text.text.len() <= LOOKED_INTO_BYTES_MAX).then(|| Json::parse(&text.text).ok())?
}

/// Longest head of a table in bytes: Jira writes a column for each value of a field.
const HEAD_BYTES_MAX: u64 = 1 << 20;
/// Most columns that an error names.
const COLUMNS_NAMED_MAX: usize = 6;

/// What a table is, by its columns.
pub(crate) fn recognise_table(text: impl Read) -> Result<Known> {
    let mut head = Vec::new();
    text.take(HEAD_BYTES_MAX).read_to_end(&mut head)?;
    let names = Table::names_of(&head).unwrap_or_default();
    if ["date", "completed_items"].iter().all(|name| column(&names, &[name]).is_some()) {
        return Ok(Known::Old(OldFile::StatisticsCsv));
    }
    if issue_list::is_one(&names) {
        return Ok(Known::Old(OldFile::IssueListCsv));
    }
    if names.len() < 2 {
        return Err(Error::Unknown("it is neither JSON nor a table".to_owned()));
    }
    let named: Vec<String> =
        names.iter().take(COLUMNS_NAMED_MAX).map(|name| plain::one_line(name)).collect();
    Err(Error::Unknown(format!(
        "it is a table with the columns {}; those of weeks have date and completed_items, those of \
         issues that Jira exports have Issue key, Status and Created",
        named.join(", ")
    )))
}
