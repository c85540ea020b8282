//! The facts of the issues of a query with their changes, as figures need them: read in one walk over
//! each, by two readers of the same state where there are many.

use std::collections::BTreeSet;
use std::sync::Arc;

use metrics::{Histories, IssueHistory};
use model::settings::points_fields;
use model::{CacheKind, ChangelogFacts, IssueFacts, Points, QueryKey};
use store::{Reader, StoreKind};

use crate::App;
use crate::error::Result;

/// Most issues that room is made for at once.
const ROOM_MAX: usize = 1 << 20;

/// From so many issues on a second reader is worth its connection.
const TWO_READERS_MIN: u64 = 2_000;

/// The longest summary that Jira takes.
const SUMMARY_CHARS_MAX: usize = 255;

/// The issues of a query with their changes.
#[derive(Clone)]
pub(crate) struct QueryFacts {
    pub issues: Arc<Vec<IssueHistory>>,
    /// How many changelogs belong to no issue of the query.
    pub orphaned: u64,
}

/// Whether a points field of the profile was asked for when the issues were fetched, as far as it is
/// known what was.
fn has_points_field(reader: &dyn Reader, key: &QueryKey) -> Result<bool> {
    let header = reader.short_header(key, CacheKind::Issues)?;
    let Some(asked) = header.and_then(|header| header.fields_requested) else { return Ok(true) };
    let Some(profile) = reader.profile(&key.profile)? else { return Ok(true) };
    let Some(fields) = profile.settings.points_field() else { return Ok(true) };
    let asked: BTreeSet<&str> = asked.split(',').map(str::trim).collect();
    Ok(asked.contains("*all") || points_fields::split(fields).any(|field| asked.contains(field)))
}

/// Cuts a summary that no Jira would have taken: of all issues together it would fill the memory.
fn shorten(summary: &mut String) {
    if let Some((at, _)) = summary.char_indices().nth(SUMMARY_CHARS_MAX) {
        summary.truncate(at);
        summary.push('…');
        summary.shrink_to_fit();
    }
}

impl QueryFacts {
    /// Walks over the stored facts.
    pub fn read(reader: &dyn Reader, key: &QueryKey) -> Result<QueryFacts> {
        let mut histories = room_for_issues(reader, key)?;
        each_issue(reader, key, &mut |facts| histories.add_issue(facts))?;
        name_epics(reader, key, &mut histories)?;
        each_change(reader, key, &mut |key, changes| histories.add_changes(key, changes))?;
        Ok(QueryFacts::of(histories))
    }

    fn of(histories: Histories) -> QueryFacts {
        let (issues, orphaned) = histories.finish();
        QueryFacts { issues: Arc::new(issues), orphaned }
    }
}

impl App {
    /// The same with two readers, where that is worth it: one has the issues, the other their changes, which
    /// are about as much.
    pub(crate) fn read_facts(&self, reader: &dyn Reader, key: &QueryKey) -> Result<QueryFacts> {
        if reader.issue_count(key)? < TWO_READERS_MIN {
            return QueryFacts::read(reader, key);
        }
        let mut histories = room_for_issues(reader, key)?;
        let beside = |reader: &dyn Reader| {
            let mut changes = Vec::with_capacity(room_for(reader.issue_count(key)?));
            each_change(reader, key, &mut |key, found| changes.push((key.to_owned(), found)))?;
            Ok(changes)
        };
        let mut take = |facts| histories.add_issue(facts);
        let here = |reader: &dyn Reader| each_issue(reader, key, &mut take);
        let ((), changes) = self.read_both(reader, here, beside)?;
        name_epics(reader, key, &mut histories)?;
        changes.into_iter().for_each(|(key, changes)| histories.add_changes(&key, changes));
        Ok(QueryFacts::of(histories))
    }

    /// Reads two things of one state, on two threads where the store lets another reader see the same.
    pub(crate) fn read_both<A, B: Send>(
        &self,
        reader: &dyn Reader,
        here: impl FnOnce(&dyn Reader) -> Result<A>,
        beside: impl Fn(&dyn Reader) -> Result<B> + Sync,
    ) -> Result<(A, B)> {
        // On a server a second connection could be one that others wait for.
        if self.store.kind() != StoreKind::Sqlite {
            return Ok((here(reader)?, beside(reader)?));
        }
        let seen = reader.revision()?;
        let read_beside = || -> Result<Option<B>> {
            // Where no further file can be opened, one reader is enough.
            match self.store.read() {
                Ok(other) if other.revision().is_ok_and(|revision| revision == seen) => {
                    beside(&*other).map(Some)
                }
                _ => Ok(None),
            }
        };
        let (found, other) = model::thread::both(|| here(reader), read_beside);
        let found = found?;
        Ok((found, other?.map_or_else(|| beside(reader), Ok)?))
    }
}

/// Walks over the issues of a query alone, with what the settings say of them.
pub(crate) fn each_issue(
    reader: &dyn Reader,
    key: &QueryKey,
    take: &mut dyn FnMut(IssueFacts),
) -> Result<()> {
    let lacks_points = !has_points_field(reader, key)?;
    reader.each_issue_facts(key, &mut |mut facts| {
        if lacks_points && facts.points == Points::Absent {
            facts.points = Points::NotRequested;
        }
        facts.summary.as_mut().map(shorten);
        take(facts);
        Ok(())
    })?;
    Ok(())
}

/// How many of them room is made for at once: what a header says may be damaged.
fn room_for(issues: u64) -> usize {
    usize::try_from(issues).unwrap_or_default().min(ROOM_MAX)
}

fn room_for_issues(reader: &dyn Reader, key: &QueryKey) -> Result<Histories> {
    Ok(Histories::with_room(room_for(reader.issue_count(key)?)))
}

fn name_epics(reader: &dyn Reader, key: &QueryKey, histories: &mut Histories) -> Result<()> {
    let changelogs = reader.short_header(key, CacheKind::Changelogs)?.unwrap_or_default();
    histories.name_epics(&changelogs.named_epics());
    Ok(())
}

fn each_change(
    reader: &dyn Reader,
    key: &QueryKey,
    take: &mut dyn FnMut(&str, ChangelogFacts),
) -> Result<()> {
    reader.each_changelog_facts(key, &mut |key, changes| {
        take(key, changes);
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    /// What two readers give, and one.
    #[track_caller]
    fn check(open: i32) {
        let sample = Sample::with_open(open);
        let (app, key) = (&sample.app, &sample.key);
        let reader = app.store.read().unwrap();
        let one = QueryFacts::read(&*reader, key).unwrap();
        let two = app.read_facts(&*reader, key).unwrap();
        assert_eq!((&two.issues, two.orphaned), (&one.issues, one.orphaned));
        assert_eq!(one.issues.len(), 24 + usize::try_from(open).unwrap());
        assert!(one.issues.iter().any(|issue| issue.transitions.is_some()));
    }

    #[test]
    fn two_readers_read_what_one_does() {
        check(10);
        check(2_000);
    }

    #[test]
    fn who_sees_another_state_is_not_read_beside() {
        let sample = Sample::steady();
        let (app, key) = (&sample.app, &sample.key);
        let name = |reader: &dyn Reader| Ok(reader.profile(&key.profile)?.map(|of| of.name));
        let reader = app.store.read().unwrap();
        let (here, beside) = app.read_both(&*reader, name, name).unwrap();
        assert_eq!(here, beside);
        let place = |reader: &dyn Reader| Ok(std::ptr::from_ref(reader).cast::<()>().addr());
        let (here, beside) = app.read_both(&*reader, place, place).unwrap();
        assert_ne!(here, beside, "another reader");
        let change = |tx: &mut dyn store::Writer| tx.touch_profile(&key.profile, app.now());
        app.store.transact(change).unwrap();
        let seen = |reader: &dyn Reader| Ok(reader.revision()?);
        let (here, beside) = app.read_both(&*reader, seen, seen).unwrap();
        assert_eq!(here, beside, "the state that the reader sees, not the one after the write");
    }
}
