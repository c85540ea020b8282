//! Copying a workspace from one store into another.

use model::{CacheKind, QueryKey, Week};

use crate::contract::{Reader, Writer};
use crate::error::Result;

/// How many records are read before they are written, so that memory stays flat.
const BATCH_RECORDS: usize = 1_000;

/// Puts everything that `reader` sees into the transaction `writer`, which is left uncommitted.
/// What the writer's workspace holds beside stays; revisions are those of the writer.
pub fn copy(reader: &dyn Reader, writer: &mut dyn Writer) -> Result<()> {
    for summary in reader.profiles()? {
        if let Some(profile) = reader.profile(&summary.id)? {
            writer.put_profile(&profile)?;
        }
        for summary in reader.queries(&summary.id)? {
            if let Some(query) = reader.query(&summary.key)? {
                writer.put_query(&query)?;
            }
            copy_below(reader, writer, &summary.key)?;
        }
    }
    for (key, value) in reader.states()? {
        writer.put_state(&key, &value)?;
    }
    reader.tasks()?.iter().try_for_each(|task| writer.put_task(task))
}

fn copy_below(reader: &dyn Reader, writer: &mut dyn Writer, query: &QueryKey) -> Result<()> {
    copy_issues(reader, writer, query)?;
    copy_changelogs(reader, writer, query)?;
    if let Some(data) = reader.project_data(query)? {
        writer.put_project_data(query, &data)?;
    }
    let all_weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    writer.put_snapshots(query, &reader.snapshots_between(query, all_weeks)?)
}

fn copy_issues(reader: &dyn Reader, writer: &mut dyn Writer, query: &QueryKey) -> Result<()> {
    writer.remove_issues(query)?;
    if let Some(header) = reader.header(query, CacheKind::Issues)? {
        writer.put_header(query, CacheKind::Issues, &header)?;
    }
    let mut batch = Vec::with_capacity(BATCH_RECORDS);
    reader.each_issue(query, &mut |issue| {
        batch.push(issue);
        if batch.len() < BATCH_RECORDS {
            return Ok(());
        }
        writer.put_issues(query, &std::mem::take(&mut batch))
    })?;
    writer.put_issues(query, &batch)
}

fn copy_changelogs(reader: &dyn Reader, writer: &mut dyn Writer, query: &QueryKey) -> Result<()> {
    writer.remove_changelogs(query)?;
    if let Some(header) = reader.header(query, CacheKind::Changelogs)? {
        writer.put_header(query, CacheKind::Changelogs, &header)?;
    }
    let mut batch = Vec::with_capacity(BATCH_RECORDS);
    reader.each_changelog(query, &mut |changelog| {
        batch.push(changelog);
        if batch.len() < BATCH_RECORDS {
            return Ok(());
        }
        writer.put_changelogs(query, &std::mem::take(&mut batch))
    })?;
    writer.put_changelogs(query, &batch)
}
