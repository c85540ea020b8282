//! Copying a workspace from one store into another.

use model::{Changelog, Issue, QueryKey, Timestamp, Week};

use crate::contract::{
    CacheRecord, ReadCache, ReadHeader, Reader, SYNCS_KEPT, WriteCache, WriteHeader, Writer,
};
use crate::error::Result;

/// How many records are read before they are written, so that memory stays flat.
const BATCH_RECORDS: usize = 1_000;

/// Puts everything that `reader` sees into the transaction `writer`, which is left uncommitted.
/// What the writer's workspace holds beside stays; revisions are those of the writer.
pub fn copy(reader: &dyn Reader, writer: &mut dyn Writer) -> Result<()> {
    for summary in reader.profiles()? {
        if let Some(profile) = reader.profile(&summary.id)? {
            writer.put_profile(&profile)?;
            writer.put_statuses(&summary.id, &reader.statuses(&summary.id)?)?;
            let deliveries = reader.deliveries(&summary.id)?;
            deliveries.iter().try_for_each(|delivery| writer.put_delivery(delivery))?;
        }
        for summary in reader.queries(&summary.id)? {
            if let Some(query) = reader.query(&summary.key)? {
                writer.put_query(&query)?;
            }
            copy_data(reader, &summary.key, writer, &summary.key)?;
        }
    }
    for (key, value) in reader.states()? {
        writer.put_state(&key, &value)?;
    }
    reader.access_keys()?.iter().try_for_each(|key| writer.put_access_key(key))?;
    reader.tasks()?.iter().try_for_each(|task| writer.put_task(task))
}

/// Puts everything that the query `from` owns below the query `to`, which is there already; its
/// caches are replaced. The same workspace may be read and written.
pub fn copy_data(
    reader: &dyn Reader,
    from: &QueryKey,
    writer: &mut dyn Writer,
    to: &QueryKey,
) -> Result<()> {
    copy_cache::<Issue>(reader, from, writer, to)?;
    copy_left(reader, from, writer, to)?;
    copy_cache::<Changelog>(reader, from, writer, to)?;
    if let Some(data) = reader.project_data(from)? {
        writer.put_project_data(to, &data)?;
    }
    for record in reader.syncs(from, SYNCS_KEPT)?.iter().rev() {
        writer.add_sync(to, record)?;
    }
    let all_weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    writer.put_snapshots(to, &reader.snapshots_between(from, all_weeks)?)
}

fn copy_left(
    reader: &dyn Reader,
    from: &QueryKey,
    writer: &mut dyn Writer,
    to: &QueryKey,
) -> Result<()> {
    let mut left: Vec<(String, Timestamp)> = Vec::new();
    reader.each_issue_facts(from, &mut |facts| {
        left.extend(facts.left.map(|at| (facts.key, at)));
        Ok(())
    })?;
    let marks: Vec<(&str, Timestamp)> = left.iter().map(|(key, at)| (key.as_str(), *at)).collect();
    if marks.is_empty() { Ok(()) } else { writer.mark_left(to, &marks) }
}

fn copy_cache<R: CacheRecord>(
    reader: &(impl ReadCache<R> + ReadHeader + ?Sized),
    from: &QueryKey,
    writer: &mut (impl WriteCache<R> + WriteHeader + ?Sized),
    to: &QueryKey,
) -> Result<()> {
    writer.remove_cached(to)?;
    if let Some(header) = reader.header(from, R::KIND)? {
        writer.put_header(to, R::KIND, &header)?;
    }
    let mut batch = Vec::with_capacity(BATCH_RECORDS);
    reader.each_cached(from, &mut |record| {
        batch.push(record);
        if batch.len() < BATCH_RECORDS {
            return Ok(());
        }
        writer.put_cached(to, &std::mem::take(&mut batch))
    })?;
    writer.put_cached(to, &batch)
}
