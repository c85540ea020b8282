//! Copying a workspace from one store into another.

use std::collections::HashSet;

use model::{Changelog, Issue, ProfileId, ProfileSummary, QueryKey, Timestamp, TrashRecord, Week};

use crate::contract::{
    CacheRecord, ReadCache, ReadHeader, Reader, SYNCS_KEPT, WriteCache, WriteHeader, Writer,
};
use crate::error::Result;

/// How many records are read before they are written, so that memory stays flat.
const BATCH_RECORDS: usize = 1_000;

/// State of a workspace that another one is being copied into: where from, until all is there and proven
/// equal.
pub const COPY_SOURCE: &str = "copy_from";

/// Where a workspace is being copied from, if not all of it is there yet.
pub fn unfinished_copy(reader: &dyn Reader) -> Result<Option<String>> {
    reader.state(COPY_SOURCE)
}

/// Puts everything that `reader` sees into the transaction `writer`, which is left uncommitted.
/// What the writer's workspace holds beside stays; revisions are those of the writer.
pub fn copy(reader: &dyn Reader, writer: &mut dyn Writer) -> Result<()> {
    for profile in reader.profiles()? {
        copy_profile(reader, &profile.id, writer)?;
        for query in reader.queries(&profile.id)? {
            copy_query(reader, &query.key, writer)?;
        }
    }
    copy_rest(reader, writer)
}

/// Puts a profile with its statuses and deliveries, without its queries.
pub fn copy_profile(reader: &dyn Reader, id: &ProfileId, writer: &mut dyn Writer) -> Result<()> {
    if let Some(profile) = reader.profile(id)? {
        writer.put_profile(&profile)?;
        writer.put_statuses(id, &reader.statuses(id)?)?;
        let deliveries = reader.deliveries(id)?;
        deliveries.iter().try_for_each(|delivery| writer.put_delivery(delivery))?;
    }
    Ok(())
}

/// Puts a query with everything that it owns in place of what is there; its profile is there already.
pub fn copy_query(reader: &dyn Reader, key: &QueryKey, writer: &mut dyn Writer) -> Result<()> {
    let Some(query) = reader.query(key)? else { return Ok(()) };
    writer.remove_query(key)?;
    writer.put_query(&query)?;
    copy_data(reader, key, writer, key)
}

/// Puts what belongs to no profile, but damaged copies in the trash.
pub fn copy_rest(reader: &dyn Reader, writer: &mut dyn Writer) -> Result<()> {
    for (key, value) in reader.states()? {
        writer.put_state(&key, &value)?;
    }
    reader.access_keys()?.iter().try_for_each(|key| writer.put_access_key(key))?;
    reader.tasks()?.iter().try_for_each(|task| writer.put_task(task))?;
    reader.trash()?.iter().try_for_each(|record| copy_trash(reader, writer, record))
}

/// A copy of which a part is gone restores nothing, so it is left out; [`compare`](crate::compare) names it.
fn copy_trash(reader: &dyn Reader, writer: &mut dyn Writer, record: &TrashRecord) -> Result<()> {
    writer.put_trash(record)?;
    let (mut numbers, mut found) = (0.., 0);
    reader.each_trash_piece(&record.id, &mut |bytes| {
        let number = numbers.next().unwrap_or(u32::MAX);
        found += bytes.len() as u64;
        writer.put_trash_piece(&record.id, number, bytes)
    })?;
    if found != record.size_bytes {
        writer.remove_trash(&record.id)?;
    }
    Ok(())
}

/// Removes from `writer` whatever `reader` does not see, but states whose key `is_kept`. A profile that has
/// another name there goes as a whole, so that no name is taken when they are put.
pub fn remove_others(
    reader: &dyn Reader,
    writer: &mut dyn Writer,
    is_kept: &dyn Fn(&str) -> bool,
) -> Result<()> {
    for ProfileSummary { id, name, .. } in writer.profiles()? {
        if reader.profile(&id)?.is_none_or(|profile| profile.name != name) {
            writer.remove_profile(&id)?;
            continue;
        }
        for query in writer.queries(&id)? {
            if reader.query(&query.key)?.is_none() {
                writer.remove_query(&query.key)?;
            }
        }
        for delivery in writer.deliveries(&id)? {
            if reader.delivery(&delivery.key)?.is_none() {
                writer.remove_delivery(&delivery.key)?;
            }
        }
    }
    for (key, _) in writer.states()? {
        if !is_kept(&key) && reader.state(&key)?.is_none() {
            writer.remove_state(&key)?;
        }
    }
    let keys: HashSet<String> = reader.access_keys()?.into_iter().map(|key| key.id).collect();
    for key in writer.access_keys()?.iter().filter(|key| !keys.contains(&key.id)) {
        writer.remove_access_key(&key.id)?;
    }
    for task in writer.tasks()? {
        if reader.task(&task.id)?.is_none() {
            writer.remove_task(&task.id)?;
        }
    }
    let copies: HashSet<String> = reader.trash()?.into_iter().map(|copy| copy.id).collect();
    for copy in writer.trash()?.iter().filter(|copy| !copies.contains(&copy.id)) {
        writer.remove_trash(&copy.id)?;
    }
    Ok(())
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

/// The issues that left a query, with the moment of each, in stored order.
pub fn left_of(reader: &dyn Reader, query: &QueryKey) -> Result<Vec<(String, Timestamp)>> {
    let mut left = Vec::new();
    reader.each_issue_facts(query, &mut |facts| {
        left.extend(facts.left.map(|at| (facts.key, at)));
        Ok(())
    })?;
    Ok(left)
}

fn copy_left(
    reader: &dyn Reader,
    from: &QueryKey,
    writer: &mut dyn Writer,
    to: &QueryKey,
) -> Result<()> {
    let left = left_of(reader, from)?;
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
