//! A profile on its way out of a store.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use model::{CacheKind, ProfileId, QueryId, QueryKey, TimeZone, Timestamp, Week, stamp};
use serde::Serialize;
use store::Reader;
use store::contract::sync::SYNCS_KEPT;

use crate::error::{Error, Result};
use crate::ours::Head;
use crate::ours::write::FileWriter;
use crate::record::{Record, Sink, WholeProfile};
use crate::secret::Clean;
use crate::summary::Exported;

/// How much of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// All there is.
    Everything,
    /// Settings and queries, without issues, changelogs, project data and snapshots.
    Settings,
}

/// What is to be exported, and what the file says of itself.
#[derive(Debug, Clone)]
pub struct ExportAsk<'a> {
    /// Only this query; all if `None`.
    pub query: Option<&'a QueryId>,
    /// How much.
    pub content: Content,
    /// Whether to compress it.
    pub is_gzip: bool,
    /// Version of the program.
    pub program_version: &'a str,
    /// When the export is made.
    pub exported_at: Timestamp,
    /// Zone of the workspace.
    pub zone: &'a TimeZone,
    /// For a file that stays in its workspace: JSON in one line that stands before the records.
    /// Nothing is left out of such a file; it holds what the store holds.
    pub note: Option<&'a str>,
}

/// Writes a profile in our own format (docs/export.md), record by record. Secrets stay behind.
/// `ProfileNotFound` or `QueryNotFound` come before anything is written.
pub fn export_profile(
    reader: &dyn Reader,
    profile: &ProfileId,
    ask: &ExportAsk<'_>,
    out: &mut dyn Write,
) -> Result<Exported> {
    let found = reader.profile(profile)?;
    found.ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
    if let Some(query) = ask.query {
        let key = QueryKey::new(profile.clone(), query.clone());
        reader.query(&key)?.ok_or(store::Error::QueryNotFound(key))?;
    }
    let head = head(ask);
    if !ask.is_gzip {
        return write(reader, profile, ask, &head, out);
    }
    // What is sent should be small; what stays in its workspace holds up whoever deletes.
    let level = if ask.note.is_some() { Compression::fast() } else { Compression::default() };
    let mut packed = GzEncoder::new(out, level);
    let exported = write(reader, profile, ask, &head, &mut packed)?;
    packed.finish()?.flush()?;
    Ok(exported)
}

fn write(
    reader: &dyn Reader,
    profile: &ProfileId,
    ask: &ExportAsk<'_>,
    head: &Head,
    out: &mut dyn Write,
) -> Result<Exported> {
    let mut file = FileWriter::begin(head, ask.note, out)?;
    let part = Part { only: ask.query, content: ask.content, has_ledger: ask.note.is_some() };
    if ask.note.is_some() {
        walk(reader, profile, &part, &mut file)?;
        return Ok(Exported { carried: file.finish()?, left_out: Vec::new() });
    }
    let mut clean = Clean::before(&mut file);
    walk(reader, profile, &part, &mut clean)?;
    let left_out = clean.left_out;
    Ok(Exported { carried: file.finish()?, left_out })
}

/// What of a profile is walked through.
pub(crate) struct Part<'p> {
    /// Only this query; all if `None`.
    pub only: Option<&'p QueryId>,
    /// How much.
    pub content: Content,
    /// Whether what the syncs did is among it, which is of use in this workspace only.
    pub has_ledger: bool,
}

/// Hands over a profile and what lies below it, in the order of the store.
pub(crate) fn walk(
    reader: &dyn Reader,
    profile: &ProfileId,
    part: &Part<'_>,
    sink: &mut dyn Sink,
) -> Result<()> {
    if let Some(found) = reader.profile(profile)? {
        let is_whole = part.only.is_none();
        let deliveries = if is_whole { reader.deliveries(profile)? } else { Vec::new() };
        let statuses = reader.statuses(profile)?;
        let whole = WholeProfile { profile: found, deliveries, statuses };
        sink.take(Record::Profile(Box::new(whole)))?;
    }
    let queries = reader.queries(profile)?.into_iter().map(|summary| summary.key);
    for key in queries.filter(|key| part.only.is_none_or(|only| key.query == *only)) {
        if let Some(query) = reader.query(&key)? {
            sink.take(Record::Query(Box::new(query)))?;
        }
        if part.content == Content::Everything {
            walk_below(reader, &key, sink)?;
        }
        if part.has_ledger {
            // The last added comes first, and has to be added last.
            let syncs = reader.syncs(&key, SYNCS_KEPT)?.into_iter().rev();
            syncs.map(Box::new).try_for_each(|sync| sink.take(Record::Sync(sync)))?;
        }
    }
    Ok(())
}

fn walk_below(reader: &dyn Reader, query: &QueryKey, sink: &mut dyn Sink) -> Result<()> {
    walk_header(reader, query, CacheKind::Issues, sink)?;
    let left: HashMap<_, _> = store::left_of(reader, query)?.into_iter().collect();
    each(sink, |take| {
        reader.each_issue(query, &mut |issue| {
            let at = left.get(&issue.key).copied();
            take(Record::Issue(issue, at))
        })
    })?;
    walk_header(reader, query, CacheKind::Changelogs, sink)?;
    each(sink, |take| {
        reader.each_changelog(query, &mut |changelog| take(Record::Changelog(changelog)))
    })?;
    if let Some(data) = reader.project_data(query)? {
        sink.take(Record::ProjectData(Box::new(data)))?;
    }
    let all_weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    let snapshots = reader.snapshots_between(query, all_weeks)?;
    snapshots.into_iter().try_for_each(|snapshot| sink.take(Record::Snapshot(snapshot)))
}

fn walk_header(
    reader: &dyn Reader,
    query: &QueryKey,
    kind: CacheKind,
    sink: &mut dyn Sink,
) -> Result<()> {
    let header = reader.header(query, kind)?;
    header.map_or(Ok(()), |header| sink.take(Record::Header(kind, Box::new(header))))
}

/// Runs a walk of the store. What the sink refuses ends it and is told as it was.
fn each(
    sink: &mut dyn Sink,
    walk: impl FnOnce(&mut dyn FnMut(Record) -> store::Result<()>) -> store::Result<()>,
) -> Result<()> {
    let mut refused: Option<Error> = None;
    let walked = walk(&mut |record| {
        sink.take(record).map_err(|error| {
            let stop = store::Error::Aborted(error.to_string());
            refused = Some(error);
            stop
        })
    });
    match refused {
        Some(error) => Err(error),
        None => Ok(walked?),
    }
}

/// What the file of an export that is about to be made says of itself.
fn head(ask: &ExportAsk<'_>) -> Head {
    let content = match ask.content {
        Content::Everything => "everything",
        Content::Settings => "settings",
    };
    Head {
        program_version: ask.program_version.to_owned(),
        exported_at: stamp::format(ask.exported_at),
        time_zone: zone_name(ask.zone, ask.exported_at),
        content: content.to_owned(),
    }
}

fn zone_name(zone: &TimeZone, at: Timestamp) -> String {
    zone.iana_name().map_or_else(|| zone.to_offset(at).to_string(), str::to_owned)
}
