//! Reading the old app's files: what can be read is handed over, what cannot is named.

mod changelogs;
mod csv_rows;
mod issues;
mod list;
mod object;
mod project_data;
mod records;
mod rows;
mod snapshots;

use std::io;
use std::sync::Arc;

use model::json::{Oddities, TREE_DEPTH_MAX};
use model::{
    CacheHeader, CacheKind, Changelog, Issue, Json, Object, ProjectData, QueryKey, Snapshot,
    TimeZone,
};
use store::legacy::split::End;
use store::legacy::{Finding, FindingKind};

use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::row_count::RowCount;

pub(crate) use list::load_list;
pub(crate) use object::{Loaded, State, holds_records, load_object, peek_text};
pub(crate) use rows::{QueryRows, statuses_of_copy};

/// Records handed over at a time.
pub(crate) const BATCH_RECORDS: usize = 1_000;
/// How long their documents may be together before they are handed over: some batches wait for each other.
pub(crate) const BATCH_BYTES: usize = 2 << 20;

/// What a record file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    Issues,
    Changelogs,
    ProjectData,
    /// `forecast_statistics.csv`
    Rows,
    Snapshots,
}

/// What is read at a time: a record file, or one kind of records of a query in a database.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub query: QueryKey,
    pub path: String,
    pub content: Content,
    pub bytes: u64,
    /// The rows to read, where `path` is the old app's database.
    pub rows: Option<Arc<QueryRows>>,
}

/// Part of a record file, as nouns; documents of one come with the object they were read from.
#[derive(Debug)]
pub(crate) enum Batch {
    Issues(Vec<Issue>),
    Changelogs(Vec<Changelog>),
    Header(CacheKind, Box<CacheHeader>, Object),
    ProjectData(Box<ProjectData>, Object),
    Snapshots(Vec<Snapshot>, Object),
    /// A record that cannot be carried, with its path and text.
    Quarantined(Finding, String),
}

/// How reading one file went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub findings: Vec<Finding>,
    pub records: u64,
    /// Whether part of the file could not be read: it goes to quarantine as a whole.
    pub is_damaged: bool,
    /// What became of rows of the old app's database, by table.
    pub tables: Vec<(&'static str, RowCount)>,
}

impl Outcome {
    fn find(&mut self, path: impl Into<String>, kind: FindingKind, note: impl Into<String>) {
        self.findings.push(Finding::new(path, kind, note));
    }
}

/// Receives batches.
pub(crate) type Emit<'e> = dyn FnMut(Batch) -> Result<()> + 'e;

/// Why a walk over a file stopped.
pub(crate) enum Stop {
    Io(io::Error),
    Failed(Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Io(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

/// Reads the records of a unit to their end: a file, or rows of the old app's database.
pub(crate) fn read_records(
    folder: &Folder,
    unit: &Unit,
    zone: &TimeZone,
    emit: &mut Emit<'_>,
) -> Result<Outcome> {
    match (&unit.rows, folder.usable_database()?) {
        (Some(rows), Some(database)) => {
            rows::read(database, rows, unit.content, folder, zone, emit)
        }
        _ => read_file(folder, &unit.path, unit.content, zone, emit),
    }
}

fn read_file(
    folder: &Folder,
    path: &str,
    content: Content,
    zone: &TimeZone,
    emit: &mut Emit<'_>,
) -> Result<Outcome> {
    let source = Source { folder, path, zone };
    let result = match content {
        Content::Issues => records::read::<Issue>(&source, emit),
        Content::Changelogs => records::read::<Changelog>(&source, emit),
        Content::ProjectData => project_data::read(&source, emit),
        Content::Rows => csv_rows::read(&source, emit),
        Content::Snapshots => snapshots::read(&source, emit),
    };
    result.map_err(|stop| source.failed(stop))
}

/// A file to read.
pub(crate) struct Source<'s> {
    folder: &'s Folder,
    path: &'s str,
    zone: &'s TimeZone,
}

impl Source<'_> {
    /// Opens it; `None` if a folder, link or device stands in its place.
    fn open(&self) -> Result<Option<io::BufReader<std::fs::File>>, Stop> {
        match self.folder.kind(self.path)? {
            Kind::File { .. } => Ok(Some(io::BufReader::new(self.folder.open(self.path)?))),
            Kind::Folder | Kind::Other | Kind::Absent => Ok(None),
        }
    }

    fn failed(&self, stop: Stop) -> Error {
        match stop {
            Stop::Io(error) => match self.folder.place(self.path) {
                Ok(place) => Error::io("reading", &place, &error),
                Err(refused) => refused,
            },
            Stop::Failed(error) => error,
        }
    }
}

/// The finding for a path where no file stands.
fn not_a_file() -> Finding {
    Finding::new("", FindingKind::NotAFile, "a folder, link or special file stands in its place")
}

/// Findings of how a file ended. Returns what is missing, for people, if it broke.
fn note_end(end: &End, records: u64, outcome: &mut Outcome) -> Option<String> {
    if let Some(encoding) = end.converted_from {
        outcome.find("", FindingKind::Encoding, format!("{encoding} was converted"));
    }
    if end.hand_edits > 0 {
        let note = format!("{} comments or trailing commas were passed over", end.hand_edits);
        outcome.find("", FindingKind::HandEdit, note);
    }
    if end.trailing_text {
        outcome.is_damaged = true;
        outcome.find("", FindingKind::TrailingText, "text after the end of the value");
    }
    for gap in &end.gaps {
        let note = format!(
            "{} bytes from byte {} on cannot be read; what stands before and after was taken",
            gap.bytes, gap.at
        );
        outcome.find("", FindingKind::Gap, note);
    }
    outcome.is_damaged |= !end.gaps.is_empty();
    let Some(at) = end.broken_at else {
        return end.gaps.first().map(|gap| format!("the file has a gap at byte {}", gap.at));
    };
    outcome.is_damaged = true;
    if end.opens_with.is_none() {
        outcome.find("", FindingKind::Unreadable, "the file is empty");
        return Some("the file is empty".to_owned());
    }
    if let Some(what) = end.holds {
        let note = format!("{what} stands where an object belongs");
        outcome.find("", FindingKind::Unreadable, note);
        return Some(format!("the file holds {what} and no records"));
    }
    if records == 0 && !matches!(end.opens_with, Some(b'{' | b'[')) {
        outcome.find("", FindingKind::Unreadable, format!("no JSON value at byte {at}"));
        return Some("the file holds no JSON".to_owned());
    }
    let place = end.broken_in.as_deref().map(|name| format!(" in {name}")).unwrap_or_default();
    let note =
        format!("the file breaks at byte {at}{place}; what is complete before that was taken");
    outcome.find(end.broken_in.clone().unwrap_or_default(), FindingKind::Cut, note);
    Some(format!("the file breaks at byte {at}"))
}

/// Takes a member of a file in. One of the same name before it is lost, and that is said; names with half a
/// surrogate pair are all alike.
fn set_member(members: &mut Object, name: &str, value: Json, findings: &mut Vec<Finding>) {
    if members.get(name).is_some() {
        let note = "the last of equal members counts";
        findings.push(Finding::new(name, FindingKind::RepeatedMember, note));
    }
    if name.contains(char::REPLACEMENT_CHARACTER) {
        let note = "its name holds half a surrogate pair, or the sign that stands for one";
        findings.push(Finding::new(name, FindingKind::LoneSurrogate, note));
    }
    members.set(name, value);
}

/// Findings of what lenient parsing met at `path`.
fn note_oddities(path: &str, oddities: &Oddities, is_cp1252: bool, findings: &mut Vec<Finding>) {
    if oddities.is_clean() && oddities.depth <= TREE_DEPTH_MAX && !is_cp1252 {
        return;
    }
    let counts = [
        (oddities.non_finite, FindingKind::NonFinite, "NaN or infinity kept, no typed value"),
        (
            oddities.repeated_members,
            FindingKind::RepeatedMember,
            "the last of equal members counts",
        ),
        (oddities.lone_surrogates, FindingKind::LoneSurrogate, "half a surrogate pair"),
        (
            oddities.wide_numbers,
            FindingKind::WideNumber,
            "a number beyond machine range kept as text",
        ),
        (oddities.hand_edits, FindingKind::HandEdit, "comments or trailing commas passed over"),
        (
            oddities.control_characters,
            FindingKind::ControlCharacter,
            "raw control characters in text",
        ),
        (
            oddities.depth.saturating_sub(TREE_DEPTH_MAX).min(1),
            FindingKind::DeepNesting,
            "kept as it is",
        ),
        (u32::from(is_cp1252), FindingKind::Cp1252, "bytes that are not UTF-8 were read as cp1252"),
    ];
    for (count, kind, note) in counts {
        if count > 0 {
            findings.push(Finding::new(path, kind, note));
        }
    }
}
