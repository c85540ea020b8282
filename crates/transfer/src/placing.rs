//! Records on their way into a transaction, as a new profile.

use std::collections::HashSet;

use model::id::ID_BYTES_MAX;
use model::{
    Changelog, Issue, Profile, ProfileId, Query, QueryId, QueryKey, Snapshot, Timestamp, name,
};
use store::Writer;

use crate::bounds;
use crate::error::{Error, Result};
use crate::record::{Record, Sink, WholeProfile};
use crate::summary::{Carried, ImportedQuery};

/// How many records are gathered before they are written, and how long their texts may be together.
const BATCH_RECORDS: usize = 1_000;
const BATCH_BYTES: usize = 8 << 20;

/// What a profile is called that has no usable name.
const NAMELESS: &str = "Imported profile";

/// Writes records below a profile of its own. What is there stays as it is.
pub(crate) struct Placing<'w> {
    writer: &'w mut dyn Writer,
    wanted_name: Option<&'w str>,
    profile: Option<Profile>,
    /// Whether the profile was there before: the one in the file is passed over.
    is_into: bool,
    /// Whether the file is a copy that this workspace made for itself: it holds what there was.
    is_own: bool,
    query: Option<QueryKey>,
    batch: Batch,
    /// What was written so far.
    pub carried: Carried,
    /// The queries so far.
    pub queries: Vec<ImportedQuery>,
    /// What is not as it was in the file.
    pub notes: Vec<String>,
}

/// Records of one query that wait to be written.
#[derive(Default)]
struct Batch {
    issues: Vec<Issue>,
    /// When some of them left the query.
    left: Vec<(String, Timestamp)>,
    changelogs: Vec<Changelog>,
    snapshots: Vec<Snapshot>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        let records = self.issues.len() + self.changelogs.len() + self.snapshots.len();
        records >= BATCH_RECORDS || self.bytes >= BATCH_BYTES
    }
}

impl<'w> Placing<'w> {
    /// A place in an open transaction. The profile gets `wanted_name`, else its own.
    pub fn new(writer: &'w mut dyn Writer, wanted_name: Option<&'w str>) -> Placing<'w> {
        Placing {
            writer,
            wanted_name,
            profile: None,
            is_into: false,
            is_own: false,
            query: None,
            batch: Batch::default(),
            carried: Carried::default(),
            queries: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The file is a copy that this workspace made for itself.
    pub fn trust(&mut self) {
        self.is_own = true;
    }

    /// Everything goes into a profile that is there.
    pub fn go_into(&mut self, id: &ProfileId) -> Result<()> {
        let found = self.writer.profile(id)?;
        self.profile = Some(found.ok_or_else(|| store::Error::ProfileNotFound(id.clone()))?);
        self.is_into = true;
        Ok(())
    }

    /// Writes what waits. Gives the profile that everything lies in.
    pub fn finish(&mut self) -> Result<Profile> {
        self.flush()?;
        let profile = self.profile.clone();
        profile.ok_or_else(|| Error::Damaged("it holds no profile".to_owned()))
    }

    fn profile(&mut self, whole: WholeProfile) -> Result<()> {
        let WholeProfile { mut profile, deliveries, statuses } = whole;
        if self.is_into {
            return Ok(());
        }
        if self.profile.is_some() {
            return Err(Error::Damaged("it holds more than one profile".to_owned()));
        }
        let others = self.writer.profiles()?;
        let ids: HashSet<&str> = others.iter().map(|other| other.id.as_str()).collect();
        let names: HashSet<String> = others.iter().map(|other| name::fold(&other.name)).collect();
        let told_id = profile.id.clone();
        let id = free_id(profile.id.as_str(), |id| ids.contains(id));
        if id != profile.id.as_str() {
            self.note_taken("id", profile.id.as_str(), &id);
            profile.id = ProfileId::new(id).map_err(store::Error::from)?;
        }
        let told = self.wanted_name.unwrap_or(&profile.name);
        let usable = name::repair(told).unwrap_or_else(|| NAMELESS.to_owned());
        let free = name::numbered(&usable, |name| names.contains(&name::fold(name)));
        if free != told {
            self.notes.push(format!(
                "the name {told:?} is taken or cannot be one, so it is {free:?} now"
            ));
        }
        profile.name = free;
        self.writer.put_profile(&profile)?;
        for delivery in deliveries {
            self.writer.put_delivery(&delivery.moved_to(&told_id, &profile.id))?;
        }
        if !statuses.is_empty() {
            self.writer.put_statuses(&profile.id, &statuses)?;
        }
        self.profile = Some(profile);
        Ok(())
    }

    fn query(&mut self, mut query: Query) -> Result<()> {
        self.flush()?;
        let profile = self.profile.as_ref();
        let profile = profile
            .ok_or_else(|| Error::Damaged("a query stands before the profile".to_owned()))?;
        query.key.profile = profile.id.clone();
        if self.is_into {
            self.make_room(&mut query)?;
        }
        let id = query.key.query.to_string();
        if self.queries.iter().any(|other| other.id == id) {
            return Err(Error::Damaged(format!("two queries have the id {id:?}")));
        }
        if let Err(why) = name::check(&query.name) {
            let repaired = name::repair(&query.name).unwrap_or_else(|| id.clone());
            self.notes.push(format!(
                "the name {:?} of a query was changed to {repaired:?}: {why}",
                query.name
            ));
            query.name = repaired;
        }
        self.writer.put_query(&query)?;
        self.queries.push(ImportedQuery { id, name: query.name, ..ImportedQuery::default() });
        self.query = Some(query.key);
        Ok(())
    }

    /// Gives a query another id and name if its id is taken.
    fn make_room(&mut self, query: &mut Query) -> Result<()> {
        let profile = query.key.profile.clone();
        let others = self.writer.queries(&profile)?;
        let ids: HashSet<&str> = others.iter().map(|other| other.key.query.as_str()).collect();
        let id = free_id(query.key.query.as_str(), |id| ids.contains(id));
        if id == query.key.query.as_str() {
            return Ok(());
        }
        let names: HashSet<String> = others.iter().map(|other| name::fold(&other.name)).collect();
        let free = name::numbered(&query.name, |name| names.contains(&name::fold(name)));
        self.note_taken("id", query.key.query.as_str(), &id);
        if free != query.name {
            self.note_taken("name", &query.name, &free);
        }
        query.name = free;
        query.key.query = QueryId::new(id).map_err(store::Error::from)?;
        Ok(())
    }

    fn note_taken(&mut self, what: &str, taken: &str, free: &str) {
        self.notes.push(format!("the {what} {taken:?} is taken here, so it is {free:?} now"));
    }

    /// The query that records belong to, with its line in the answer.
    fn current(&mut self) -> Result<(&QueryKey, &mut ImportedQuery)> {
        match (&self.query, self.queries.last_mut()) {
            (Some(key), Some(told)) => Ok((key, told)),
            _ => Err(Error::Damaged("a record stands before its query".to_owned())),
        }
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        let Some(query) = &self.query else { return Ok(()) };
        // Not all stores take an empty list for nothing to do.
        if !batch.issues.is_empty() {
            self.writer.put_issues(query, &batch.issues)?;
        }
        if !batch.left.is_empty() {
            let marks: Vec<_> = batch.left.iter().map(|(key, at)| (key.as_str(), *at)).collect();
            self.writer.mark_left(query, &marks)?;
        }
        if !batch.changelogs.is_empty() {
            self.writer.put_changelogs(query, &batch.changelogs)?;
        }
        if !batch.snapshots.is_empty() {
            self.writer.put_snapshots(query, &batch.snapshots)?;
        }
        Ok(())
    }
}

impl Sink for Placing<'_> {
    fn take(&mut self, record: Record) -> Result<()> {
        self.carried.count(&record);
        if !self.is_own {
            check(&record, &self.carried)?;
        }
        match record {
            Record::Profile(whole) => return self.profile(*whole),
            Record::Query(query) => return self.query(*query),
            Record::Header(kind, header) => {
                let key = self.current()?.0.clone();
                self.writer.put_header(&key, kind, &header)?;
            }
            Record::ProjectData(data) => {
                let (key, told) = self.current()?;
                told.has_project_data = true;
                let key = key.clone();
                self.writer.put_project_data(&key, &data)?;
            }
            Record::Sync(sync) => {
                let key = self.current()?.0.clone();
                self.writer.add_sync(&key, &sync)?;
            }
            Record::Issue(issue, left) => {
                self.current()?.1.issues += 1;
                self.batch.left.extend(left.map(|at| (issue.key.clone(), at)));
                self.batch.bytes += issue.document.as_str().len();
                self.batch.issues.push(issue);
            }
            Record::Changelog(changelog) => {
                self.current()?.1.changelogs += 1;
                self.batch.bytes += changelog.document.as_str().len();
                self.batch.changelogs.push(changelog);
            }
            Record::Snapshot(snapshot) => {
                self.current()?.1.snapshots += 1;
                self.batch.snapshots.push(snapshot);
            }
        }
        if self.batch.is_full() { self.flush() } else { Ok(()) }
    }
}

/// Refuses what a file of somebody else may not hold.
fn check(record: &Record, carried: &Carried) -> Result<()> {
    bounds::check_records(carried)?;
    match record {
        Record::Issue(Issue { key, .. }, _) | Record::Changelog(Changelog { key, .. }) => {
            bounds::check_key(key)
        }
        _ => Ok(()),
    }
}

/// `id`, or the first of `id-2`, `id-3`, … that is free.
fn free_id(id: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u64..).map(|number| {
        let suffix = format!("-{number}");
        let room = id.floor_char_boundary(ID_BYTES_MAX - suffix.len());
        format!("{}{suffix}", id.get(..room).unwrap_or_default())
    });
    let free = std::iter::once(id.to_owned()).chain(numbered).find(|id| !is_taken(id));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbered_within_their_length() {
        let taken = ["a", "a-2", "b"];
        let is_taken = |id: &str| taken.contains(&id);
        for (id, want) in [("a", "a-3"), ("b", "b-2"), ("c", "c")] {
            assert_eq!(free_id(id, is_taken), want);
        }
        let long = "ü".repeat(100);
        assert_eq!(free_id(&long, |id| id == long), format!("{}-2", "ü".repeat(99)));
    }
}
