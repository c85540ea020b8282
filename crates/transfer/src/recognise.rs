//! What a file is, by its first member that tells.

use std::io::{self, BufRead as _, BufReader, Read};

use model::Json;
use store::legacy::split::{End, Piece, PieceText, split_within};

use crate::bounds::OLD_TEXT_BYTES_MAX;
use crate::error::{Error, Result};
use crate::old::OldFile;
use crate::ours::FORMAT;

/// Longest value that is read to tell what a file is, in bytes.
const VALUE_BYTES_MAX: usize = OLD_TEXT_BYTES_MAX as usize;
/// Longest value that is looked into for that.
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

/// Reads JSON no further than to the first member that tells. `None` if it is no JSON.
pub(crate) fn recognise_json(text: impl Read) -> Result<Option<Known>> {
    let end = split_within::<_, Stop>(VALUE_BYTES_MAX, text, &[], &mut |piece| match piece {
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
            let limit = VALUE_BYTES_MAX >> 20;
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

/// Whether the first line is that of a table of statistics.
pub(crate) fn is_statistics_csv(text: impl Read) -> Result<bool> {
    const HEAD_BYTES_MAX: u64 = 4096;
    let mut line = Vec::new();
    BufReader::new(text.take(HEAD_BYTES_MAX)).read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line).to_lowercase();
    Ok(["date", "completed_items"].iter().all(|name| line.contains(name)))
}
