//! Comparing two workspaces record by record, after one was copied into the other.

use std::fmt::Debug;

use model::{CacheKind, ProfileId, QueryKey, TrashRecord, Week};
use sha2::{Digest as _, Sha256};

use crate::contract::{CacheRecord, ReadCache, Reader, SYNCS_KEPT};
use crate::error::Result;

/// How many differences are named.
const NAMED_MAX: usize = 20;

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Records that were compared.
    pub records: u64,
    /// How many of them differ.
    pub different: u64,
    /// The first of them, by noun and key.
    pub named: Vec<String>,
    /// Copies in the trash of the first that are damaged, each with what is there of it: they are not compared.
    pub damaged: Vec<String>,
}

impl Compared {
    /// Counts a record, and names it if both differ.
    pub fn check<T: PartialEq + Debug>(&mut self, what: &dyn Fn() -> String, one: T, other: T) {
        self.records += 1;
        if one != other {
            self.differs(what());
        }
    }

    fn differs(&mut self, what: String) {
        self.different += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(what);
        }
    }

    /// Compares two lists, item by item.
    fn check_all<T: PartialEq>(&mut self, what: &str, one: &[T], other: &[T]) {
        self.records += one.len().max(other.len()) as u64;
        let differing = one.iter().zip(other).filter(|(one, other)| one != other).count();
        let missing = one.len().abs_diff(other.len());
        if differing + missing > 0 {
            self.different += (differing + missing - 1) as u64;
            self.differs(format!("{what}: {differing} differ, {missing} are missing"));
        }
    }
}

/// Compares everything that two readers see; revisions are not compared. States whose key
/// `is_passed_over` are left out. The trash of the other one may hold more.
pub fn compare(
    one: &dyn Reader,
    other: &dyn Reader,
    is_passed_over: &dyn Fn(&str) -> bool,
) -> Result<Compared> {
    let mut compared = Compared::default();
    let (profiles, others) = (one.profiles()?, other.profiles()?);
    compared.check_all("profiles", &profiles, &others);
    for profile in &profiles {
        compare_profile(one, other, &profile.id, &mut compared)?;
    }
    let states = |reader: &dyn Reader| -> Result<Vec<(String, String)>> {
        let mut states = reader.states()?;
        states.retain(|(key, _)| !is_passed_over(key));
        Ok(states)
    };
    compared.check_all("app state", &states(one)?, &states(other)?);
    compared.check_all("access keys", &one.access_keys()?, &other.access_keys()?);
    compared.check_all("tasks", &one.tasks()?, &other.tasks()?);
    let there = trash(other)?;
    for copy in trash(one)? {
        let (TrashRecord { id, size_bytes, .. }, found, _) = &copy;
        if found == size_bytes {
            compared.check(&|| format!("{id} in the trash"), there.contains(&copy), true);
        } else {
            compared.damaged.push(format!("{id} ({found} of its {size_bytes} bytes are there)"));
        }
    }
    Ok(compared)
}

/// What is in the trash, with number and hash of its bytes.
fn trash(reader: &dyn Reader) -> Result<Vec<(TrashRecord, u64, [u8; 32])>> {
    let hashed = |record: TrashRecord| {
        let (mut hash, mut size_bytes) = (Sha256::new(), 0);
        reader.each_trash_piece(&record.id, &mut |bytes| {
            hash.update(bytes);
            size_bytes += bytes.len() as u64;
            Ok(())
        })?;
        Ok((record, size_bytes, hash.finalize().into()))
    };
    reader.trash()?.into_iter().map(hashed).collect()
}

fn compare_profile(
    one: &dyn Reader,
    other: &dyn Reader,
    id: &ProfileId,
    compared: &mut Compared,
) -> Result<()> {
    compared.check(&|| format!("profile {id}"), one.profile(id)?, other.profile(id)?);
    compared.check_all(&format!("statuses of {id}"), &one.statuses(id)?, &other.statuses(id)?);
    let (deliveries, of_other) = (one.deliveries(id)?, other.deliveries(id)?);
    compared.check_all(&format!("deliveries of {id}"), &deliveries, &of_other);
    let (queries, others) = (one.queries(id)?, other.queries(id)?);
    compared.check_all(&format!("queries of {id}"), &queries, &others);
    queries.iter().try_for_each(|query| compare_query(one, other, &query.key, compared))
}

fn compare_query(
    one: &dyn Reader,
    other: &dyn Reader,
    key: &QueryKey,
    compared: &mut Compared,
) -> Result<()> {
    let of = |noun: &str| format!("{noun} of {key}");
    compared.check(&|| format!("query {key}"), one.query(key)?, other.query(key)?);
    for kind in [CacheKind::Issues, CacheKind::Changelogs] {
        let (header, other) = (one.header(key, kind)?, other.header(key, kind)?);
        compared.check(&|| of(&format!("header of {kind:?}")), header, other);
    }
    let issues = |reader: &dyn Reader| documents::<model::Issue>(reader, key);
    compared.check_all(&of("issues"), &issues(one)?, &issues(other)?);
    let changelogs = |reader: &dyn Reader| documents::<model::Changelog>(reader, key);
    compared.check_all(&of("changelogs"), &changelogs(one)?, &changelogs(other)?);
    compared.check_all(&of("facts of issues"), &facts(one, key)?, &facts(other, key)?);
    let changes = changelog_facts;
    compared.check_all(&of("facts of changelogs"), &changes(one, key)?, &changes(other, key)?);
    let data = (one.project_data(key)?, other.project_data(key)?);
    compared.check(&|| of("project data"), data.0, data.1);
    let ledger = |reader: &dyn Reader| reader.syncs(key, SYNCS_KEPT);
    compared.check_all(&of("syncs"), &ledger(one)?, &ledger(other)?);
    let all_weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    let snapshots = |reader: &dyn Reader| reader.snapshots_between(key, all_weeks.clone());
    compared.check_all(&of("snapshots"), &snapshots(one)?, &snapshots(other)?);
    Ok(())
}

/// Key and hash of every document in stored order.
fn documents<R: CacheRecord>(
    reader: &(impl ReadCache<R> + ?Sized),
    query: &QueryKey,
) -> Result<Vec<(String, [u8; 32])>> {
    let mut found = Vec::new();
    reader.each_cached(query, &mut |record| {
        let hash = Sha256::digest(record.document().as_str());
        found.push((record.key().to_owned(), hash.into()));
        Ok(())
    })?;
    Ok(found)
}

fn facts(reader: &dyn Reader, query: &QueryKey) -> Result<Vec<model::IssueFacts>> {
    let mut found = Vec::new();
    reader.each_issue_facts(query, &mut |facts| {
        found.push(facts);
        Ok(())
    })?;
    Ok(found)
}

fn changelog_facts(
    reader: &dyn Reader,
    query: &QueryKey,
) -> Result<Vec<(String, model::ChangelogFacts)>> {
    let mut found = Vec::new();
    reader.each_changelog_facts(query, &mut |key, facts| {
        found.push((key.to_owned(), facts));
        Ok(())
    })?;
    Ok(found)
}
