//! Exports of the old app: laid out as the files that the app itself would keep, in a folder that
//! goes afterwards, and read from there as a migration does. So an export and a workspace of the old
//! app mean the same.

mod apart;
mod archive;
mod flat;
pub(crate) mod issue_list;
mod layout;
mod profile;
mod statistics;

use std::io::{Read, Seek};
use std::path::Path;

use migrate::Filled;
use model::TimeZone;
use model::json::{Kind, Value};
use store::Address;
use store::legacy::FindingKind;

use self::layout::{Layout, QueryFolder};
use crate::bounds;
use crate::encoding::decode;
use crate::error::{Error, Result};
use crate::export::{Content, Part, walk};
use crate::record::Sink;
use crate::table::DayOrder;
use crate::unpack::Packed;

/// The kinds of files that builds of the old app wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldFile {
    /// A profile with its queries (2.3 and later).
    Profile,
    /// A profile with the figures of one query (2.2).
    OneQuery,
    /// Project data and snapshots of one query.
    ProjectDataExport,
    /// Rows of statistics, or project data alone.
    Statistics,
    /// The same as a table.
    StatisticsCsv,
    /// A list of issues that Jira exported as a table.
    IssueListCsv,
    /// An archive with a file for each thing (2.0 and 2.1).
    Archive,
}

impl OldFile {
    fn describe(self) -> &'static str {
        match self {
            OldFile::Profile => "a profile export of the old app (2.3 or later)",
            OldFile::OneQuery => "an export of the old app (2.2)",
            OldFile::ProjectDataExport => "a project data export of the old app",
            OldFile::Statistics => "statistics of the old app",
            OldFile::StatisticsCsv => "a table of counts by day or week",
            OldFile::IssueListCsv => "a list of issues that Jira exported",
            OldFile::Archive => "a ZIP archive of the old app (2.0 or 2.1)",
        }
    }

    /// Whether it is a table that somebody made, and not files of the old app: these are only the way on
    /// which it is read.
    fn is_table(self) -> bool {
        matches!(self, OldFile::StatisticsCsv | OldFile::IssueListCsv)
    }

    /// What a profile is called that the file does not name.
    pub fn usual_name(self) -> Option<&'static str> {
        match self {
            OldFile::ProjectDataExport | OldFile::Statistics | OldFile::StatisticsCsv => {
                Some("Imported statistics")
            }
            OldFile::IssueListCsv => Some("Imported issues"),
            OldFile::Profile | OldFile::OneQuery | OldFile::Archive => None,
        }
    }
}

/// What an old file said besides its records.
pub(crate) struct OldRead {
    pub source: String,
    pub exported_at: Option<String>,
    pub notes: Vec<String>,
    pub lacks: Vec<String>,
}

/// What laying a file out told.
#[derive(Default)]
struct Told {
    exported_at: Option<String>,
    notes: Vec<String>,
    lacks: Vec<String>,
    /// The folders of queries that hold documents, by their ids in the file.
    queries: Vec<(String, QueryFolder)>,
}

/// How an old file is read.
pub(crate) struct How<'a> {
    /// Zone of times that were written without an offset.
    pub zone: &'a TimeZone,
    /// Whether day or month comes first in dates that leave it open.
    pub day_order: Option<DayOrder>,
    /// The folder to unpack in, else the system's own.
    pub scratch: Option<&'a Path>,
}

/// Hands over all records of an export of the old app.
pub(crate) fn read<S: Read + Seek>(
    packed: &mut Packed<'_, S>,
    file: OldFile,
    how: &How<'_>,
    sink: &mut dyn Sink,
) -> Result<OldRead> {
    let layout = Layout::new(how.scratch)?;
    let told = match file {
        OldFile::Archive => archive::lay_out(packed.source(), &layout)?,
        OldFile::StatisticsCsv => {
            let bytes = bytes(packed, bounds::STATISTICS_TABLE_BYTES_MAX)?;
            statistics::lay_out_table(bytes, how, &layout)?
        }
        OldFile::IssueListCsv => {
            let bytes = bytes(packed, bounds::LIST_BYTES_MAX)?;
            issue_list::lay_out(bytes, how, &layout)?
        }
        OldFile::Profile if !packed.is_packed() => lay_out_profile(packed, &layout)?,
        _ => {
            let text = decode(bytes(packed, text_bytes_max(file))?)?;
            check_values(&text)?;
            lay_out(&text, file, &layout)?
        }
    };
    let filled = hand_over(&layout, how.zone, sink)?;
    let Told { exported_at, mut notes, mut lacks, .. } = told;
    // No table has a token.
    if !file.is_table() {
        lacks.push(
            if filled.with_token.is_empty() {
                "no Jira token: set it here again"
            } else {
                "the Jira token in the file was not taken: set it here again, and delete the file \
                 if others can read it"
            }
            .to_owned(),
        );
    }
    notes.extend(if file.is_table() { of_table(&filled) } else { sentences(&filled) });
    Ok(OldRead { source: file.describe().to_owned(), exported_at, notes, lacks })
}

/// A profile of any size: caches of issues that are long are never in memory.
fn lay_out_profile<S: Read + Seek>(packed: &mut Packed<'_, S>, layout: &Layout) -> Result<Told> {
    let (bytes, caches) = apart::split(packed.text()?, bounds::OLD_TEXT_BYTES_MAX)?;
    let text = decode(bytes)?;
    check_values(&text)?;
    let told = lay_out(&text, OldFile::Profile, layout)?;
    drop(text);
    for cache in &caches {
        let folder = told.queries.iter().rfind(|(id, _)| *id == cache.query);
        // One that holds rows of a database beside documents has no such folder.
        let Some((_, folder)) = folder else {
            let what = format!("the issues of the query {:?} are too long", cache.query);
            return Err(Error::TooLarge(what));
        };
        cache.lay_out(packed.source(), folder)?;
    }
    Ok(told)
}

fn lay_out(text: &str, file: OldFile, layout: &Layout) -> Result<Told> {
    let mut tape = model::Tape::new();
    let value = tape.parse(text).map_err(|error| Error::Damaged(error.to_string()))?;
    match file {
        OldFile::OneQuery => profile::lay_out_one_query(value, layout),
        OldFile::ProjectDataExport => statistics::lay_out_export(value, layout),
        OldFile::Statistics => statistics::lay_out_bare(value, layout),
        OldFile::Profile | OldFile::StatisticsCsv | OldFile::IssueListCsv | OldFile::Archive => {
            profile::lay_out(value, layout)
        }
    }
}

/// Reads the folder into a database of its own, and hands over what is in that.
fn hand_over(layout: &Layout, zone: &TimeZone, sink: &mut dyn Sink) -> Result<Filled> {
    let store = Address::Sqlite(layout.database()).open()?;
    let mut writer = store.write()?;
    let filled = migrate::fill(layout.root(), zone, &mut *writer)?;
    let profiles = writer.profiles()?;
    let [profile] = profiles.as_slice() else {
        return Err(Error::Damaged(format!("it holds {} profiles", profiles.len())));
    };
    let part = Part { only: None, content: Content::Everything, has_ledger: false };
    walk(&*writer, &profile.id, &part, sink)?;
    Ok(filled)
}

/// Refuses a text of so many values that to know where each stands would take too much memory.
fn check_values(text: &str) -> Result<()> {
    bounds::check("values", values_of(text), bounds::OLD_VALUES_MAX as u64)
}

/// How many values a text has at most.
fn values_of(text: &str) -> u64 {
    text.bytes().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count() as u64
}

/// Refuses more rows of statistics than there are days.
fn check_statistics(value: Option<Value<'_>>) -> Result<()> {
    let rows = value.filter(|rows| rows.kind() == Kind::Array);
    let count = rows.map_or(0, |rows| rows.elements().count());
    bounds::check("rows of statistics", count as u64, bounds::STATISTICS_MAX as u64)
}

fn bytes<S: Read + Seek>(packed: &mut Packed<'_, S>, bytes_max: u64) -> Result<Vec<u8>> {
    let told = packed.told_bytes()?;
    if told > bytes_max && !packed.is_packed() {
        return Err(too_large(bytes_max));
    }
    // Room at once: a text that has to be moved is there twice meanwhile.
    let room = usize::try_from(told.min(bytes_max) + 1).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room);
    packed.text()?.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(too_large(bytes_max));
    }
    Ok(bytes)
}

/// The longest text of such a file that is read as a whole, in bytes.
fn text_bytes_max(file: OldFile) -> u64 {
    match file {
        OldFile::Statistics | OldFile::ProjectDataExport => bounds::FIGURES_TEXT_BYTES_MAX,
        _ => bounds::OLD_TEXT_BYTES_MAX,
    }
}

/// More text than is taken into memory.
fn too_large(bytes_max: u64) -> Error {
    Error::TooLarge(format!(
        "such a file is read up to {} MiB; of the old app its folder can be brought in, whatever \
         its size: `burndown migrate --from FOLDER`",
        bytes_max >> 20
    ))
}

/// What was odd, as sentences. That a file is not in a registry is no news about an export.
fn sentences(filled: &Filled) -> Vec<String> {
    let is_news = |kind: FindingKind| {
        !matches!(kind, FindingKind::NotInRegistry | FindingKind::SecretRemoved)
    };
    let findings = filled.findings.iter().filter(|(kind, _)| is_news(*kind));
    findings
        .map(|(kind, report)| {
            let example = report.examples.first().map(String::as_str).unwrap_or_default();
            let meaning = kind.meaning().trim_end_matches('.');
            match report.count {
                1 => format!("{meaning} ({example})"),
                count => format!("{meaning} ({count} times; first {example})"),
            }
        })
        .collect()
}

/// What was odd about the rows of a table, as sentences. What its folder lacks, no table has.
fn of_table(filled: &Filled) -> Vec<String> {
    let rows = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 row {one}"),
        count => format!("{count} rows {many}"),
    };
    let sentences = filled.findings.iter().filter_map(|(kind, report)| match kind {
        FindingKind::NotInRegistry | FindingKind::SecretRemoved | FindingKind::FilledIn => None,
        FindingKind::RepeatedRecord => {
            let says = rows(report.count, "has a key", "have a key");
            Some(format!("{says} that stands further down, too; the last one counts"))
        }
        FindingKind::RepeatedDay => {
            let says = rows(report.count, "has a day", "have a day");
            Some(format!("{says} that stands elsewhere, too; all of them count"))
        }
        kind => {
            let meaning = kind.meaning().trim_end_matches('.');
            let meaning = meaning.split("; ").next().unwrap_or(meaning);
            Some(format!("{meaning} ({} times)", report.count))
        }
    });
    sentences.collect()
}
