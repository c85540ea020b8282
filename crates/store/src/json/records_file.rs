//! `jira_cache.json` and `jira_changelog_cache.json`: a header and records of any number.
//!
//! The old app keeps issues in a list beside the header, and changelogs as members by their key
//! without a header. Ours of the latter is in the ledger; there a file of ours is told by its
//! count of records, and then every member is a record whatever it looks like.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use model::json::{Value, push_string};
use model::stamp::{format, whole_milliseconds};
use model::{CacheHeader, CacheKind, Document, Json, Object, Tape, TimeZone};

use super::details::{note_times, restore_times, text_in};
use super::files::{Files, corrupt};
use super::indent::push_indented;
use super::ledger::time_in;
use super::records::Records;
use crate::error::{Error, Result};
use crate::legacy::{
    header,
    split::{Piece, split},
};

/// Detail of a file of ours: how many records it has.
pub(super) const RECORDS: &str = "records";
/// Detail: keys of issues whose document names another one or none, by place.
const KEYS: &str = "keys";
/// Detail: the header of changelogs.
const HEADER: &str = "header";
/// Detail: names of members of that header that stand in the file too.
const FOREIGN: &str = "foreign";
/// The member that holds issues.
const ISSUES: &str = "issues";

/// Why a walk over a file ended.
enum Halt {
    /// All that was wanted is there.
    Enough,
    Failed(Error),
    Io(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Halt {
        Halt::Io(error)
    }
}

/// Reads the header of a cache; `None` if there is no file.
pub(super) fn load_header(
    files: &Files,
    place: &str,
    kind: CacheKind,
    zone: &TimeZone,
) -> Result<Option<CacheHeader>> {
    let details = files.details(place)?;
    let is_ours = details.get(RECORDS).is_some();
    let Some(file) = files.open(place)? else { return Ok(None) };
    if kind == CacheKind::Changelogs && !is_ours {
        return Ok(load(files, place, kind, zone)?.header);
    }
    let mut head = Object::new();
    if kind == CacheKind::Issues {
        let path = files.path_of(place);
        walk(file, &path, &[ISSUES], &mut |piece| match piece {
            Piece::Member(name, piece) if name != ISSUES => {
                head.set(name, parse_member(&piece.text, &path)?);
                Ok(())
            }
            // Our files tell the header first.
            Piece::Element(..) if is_ours => Err(Halt::Enough),
            _ => Ok(()),
        })?;
    }
    Ok(Some(complete_header(head, &details, zone)))
}

/// Reads a cache; empty and without a header if there is no file.
pub(super) fn load(
    files: &Files,
    place: &str,
    kind: CacheKind,
    zone: &TimeZone,
) -> Result<Records> {
    let Some(file) = files.open(place)? else { return Ok(Records::default()) };
    let details = files.details(place)?;
    let path = files.path_of(place);
    let is_ours = details.get(RECORDS).is_some();
    let holds_members = kind == CacheKind::Changelogs;
    let split_members: &[&str] = if holds_members && is_ours { &[] } else { &[ISSUES] };
    let foreign = details.get(FOREIGN).and_then(Json::as_array).unwrap_or_default();
    let foreign: HashSet<_> = foreign.iter().filter_map(Json::as_text).collect();
    let mut loader = Loader { keys: noted_keys(&details), ..Loader::default() };
    let mut tape = Tape::new();
    walk(file, &path, split_members, &mut |piece| {
        let (name, text) = match &piece {
            Piece::Member(name, text) => (Some(*name), &text.text),
            Piece::Element(_, text) => (None, &text.text),
        };
        let value = tape.parse(text).map_err(|error| bad_value(&path, &error.to_string()))?;
        match name {
            None => loader.element(value),
            Some(name) if holds_members && is_ours && foreign.contains(name) => {}
            Some(name) if holds_members && (is_ours || value.get("changelog").is_some()) => {
                loader.records.put(name, Document::of(value));
            }
            Some(ISSUES) => {}
            Some(name) => loader.head.set(name, Json::from(value)),
        }
        Ok(())
    })?;
    loader.records.header = Some(complete_header(loader.head, &details, zone));
    Ok(loader.records)
}

#[derive(Default)]
struct Loader {
    records: Records,
    head: Object,
    keys: HashMap<usize, String>,
}

impl Loader {
    fn element(&mut self, value: Value<'_>) {
        let place = self.records.items().len();
        let document = Document::of(value);
        match self.keys.remove(&place).or_else(|| own_key(value)) {
            Some(key) => self.records.put(&key, document),
            None => self.records.put_without_key(document),
        }
    }
}

/// The key that a document names.
fn own_key(document: Value<'_>) -> Option<String> {
    let key = document.get("key")?.as_text()?;
    (!key.is_empty()).then(|| key.into_owned())
}

fn noted_keys(details: &Object) -> HashMap<usize, String> {
    let noted = details.get(KEYS).and_then(Json::as_object);
    let noted = noted.iter().flat_map(|keys| keys.iter());
    noted
        .filter_map(|(place, key)| Some((place.parse().ok()?, key.as_text()?.into_owned())))
        .collect()
}

fn complete_header(head: Object, details: &Object, zone: &TimeZone) -> CacheHeader {
    let head = match details.get(HEADER) {
        Some(Json::Object(noted)) => noted.clone(),
        _ => head,
    };
    let (mut header, _) = header::decode(head, zone);
    if details.get(RECORDS).is_some() {
        header.expires_at = time_in(details, "expires_at").map(whole_milliseconds);
        header.partial = text_in(details, "partial");
        restore_times(
            details,
            [("timestamp", &mut header.fetched_at), ("last_updated", &mut header.last_updated)],
        );
    }
    header
}

fn walk(
    file: File,
    path: &Path,
    split_members: &[&str],
    visit: &mut dyn FnMut(Piece<'_>) -> std::result::Result<(), Halt>,
) -> Result<()> {
    match split(file, split_members, visit) {
        Ok(end) => match end.damaged_at() {
            Some(at) => Err(corrupt(path, format!("it breaks off or makes no sense at byte {at}"))),
            None if end.trailing_text => Err(corrupt(path, "text stands after its end")),
            None => Ok(()),
        },
        Err(Halt::Enough) => Ok(()),
        Err(Halt::Failed(error)) => Err(error),
        Err(Halt::Io(error)) => Err(Error::from_io(&error, path)),
    }
}

fn parse_member(text: &str, path: &Path) -> std::result::Result<Json, Halt> {
    Json::parse(text).map_err(|error| bad_value(path, &error.to_string()))
}

fn bad_value(path: &Path, what: &str) -> Halt {
    Halt::Failed(corrupt(path, format!("a value makes no sense: {what}")))
}

/// Stages a cache.
pub(super) fn store(
    files: &mut Files,
    place: &str,
    kind: CacheKind,
    records: &Records,
) -> Result<()> {
    let header = records.header.clone().unwrap_or_default();
    let (before, after) = header::encode(&header);
    let head: Object = before.into_iter().chain(after).collect();
    let mut details = Object::new();
    details.set(RECORDS, Json::Number(records.len().to_string().into()));
    details.set_some("expires_at", header.expires_at.map(|at| Json::text(format(at))));
    details.set_some("partial", header.partial.as_ref().map(Json::text));
    note_times(
        &mut details,
        &[("timestamp", &header.fetched_at), ("last_updated", &header.last_updated)],
    );
    match kind {
        CacheKind::Issues => {
            let keys = odd_keys(records);
            if !keys.is_empty() {
                details.set(KEYS, Json::Object(keys));
            }
            files.write(place, details, |out| write_issues(out, &head, records))
        }
        CacheKind::Changelogs => {
            details.set(HEADER, Json::Object(head));
            let foreign = foreign_members(&header, records);
            if !foreign.is_empty() {
                let names = foreign.iter().map(|(name, _)| Json::text(name)).collect();
                details.set(FOREIGN, Json::Array(names));
            }
            files.write(place, details, |out| write_changelogs(out, records, &foreign))
        }
    }
}

/// Keys of records whose document names another one or none.
fn odd_keys(records: &Records) -> Object {
    let mut tape = Tape::new();
    let odd = records.items().iter().enumerate().filter_map(|(place, record)| {
        let key = record.key.as_deref()?;
        let own = tape.parse(record.document.as_str()).ok().and_then(own_key);
        (own.as_deref() != Some(key)).then(|| (place.to_string(), Json::text(key)))
    });
    odd.collect()
}

fn write_issues(out: &mut impl Write, head: &Object, records: &Records) -> io::Result<()> {
    let mut text = String::from("{\n");
    for (name, value) in head.iter() {
        text.push_str("  ");
        push_string(name, &mut text);
        text.push_str(": ");
        value.write_indented(1, &mut text);
        text.push_str(",\n");
    }
    text.push_str("  \"issues\": [");
    for (place, record) in records.items().iter().enumerate() {
        text.push_str(if place > 0 { ",\n    " } else { "\n    " });
        push_indented(record.document.as_str(), 2, &mut text);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str(if records.items().is_empty() { "]\n}" } else { "\n  ]\n}" });
    out.write_all(text.as_bytes())
}

/// Members of the header that somebody put among the changelogs of the old app's file: they go back there.
fn foreign_members(header: &CacheHeader, records: &Records) -> Object {
    let foreign = header.extra.iter().filter(|(name, value)| {
        let is_record = records.get(name).is_some() || value.get("changelog").is_some();
        !is_record && !CacheHeader::is_own_member(name)
    });
    foreign.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

fn write_changelogs(out: &mut impl Write, records: &Records, foreign: &Object) -> io::Result<()> {
    let mut text = String::from("{");
    let begin = |key: &str, text: &mut String, is_first: &mut bool| {
        text.push_str(if *is_first { "\n  " } else { ",\n  " });
        *is_first = false;
        push_string(key, text);
        text.push_str(": ");
    };
    let mut is_first = true;
    for (name, value) in foreign.iter() {
        begin(name, &mut text, &mut is_first);
        value.write_indented(1, &mut text);
    }
    for (key, document) in records.iter() {
        begin(key, &mut text, &mut is_first);
        push_indented(document.as_str(), 1, &mut text);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str(if is_first { "}" } else { "\n}" });
    out.write_all(text.as_bytes())
}
