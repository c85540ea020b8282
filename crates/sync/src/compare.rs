//! What there is now against what is stored: which issues have to be fetched, and which are gone.

use std::collections::{HashMap, HashSet};

use model::remote::{Cancelled, Page, Remote, Stub};
use model::{Tape, Timestamp};
use store::Reader;

use crate::ask::Ask;
use crate::error::{Error, Result};
use crate::progress::{Phase, ProgressWriter, check};

/// Marks of a sprint that is not over, as Cloud and as Server write it.
const OPEN_SPRINTS: [&str; 4] =
    [r#""state":"active""#, r#""state":"future""#, "state=ACTIVE", "state=FUTURE"];

/// How long after its last change an issue may still show an older state: a second, and what the clocks of
/// server and program are apart. In seconds.
const UNSETTLED_S: i64 = 60;

/// Most issues that a query may find: more than any team has, and as many as fit into memory.
const FOUND_MAX: usize = 2_000_000;

/// What the query finds.
pub(super) struct Sweep {
    /// Each issue once.
    pub stubs: Vec<Stub>,
    /// How many the server told of, if that is more than it listed.
    pub told: Option<u64>,
}

/// Walks over everything that the query finds.
pub(super) fn sweep(
    remote: &dyn Remote,
    filter: &str,
    progress: &mut ProgressWriter<'_>,
) -> Result<Sweep> {
    let (mut stubs, mut told): (Vec<Stub>, Option<u64>) = (Vec::new(), None);
    progress.tell(Phase::Sweep, 0, None);
    progress.check()?;
    let mut is_endless = false;
    let walked = remote.sweep(filter, &mut |page| {
        check(progress.control())?;
        match page {
            Page::Again => stubs.clear(),
            Page::Stubs { stubs: more, of } => {
                stubs.extend(more);
                told = of.or(told);
            }
        }
        progress.tell(Phase::Sweep, stubs.len() as u64, told);
        is_endless = stubs.len() > FOUND_MAX;
        if is_endless { Err(Cancelled) } else { Ok(()) }
    });
    if is_endless {
        return Err(Error::TooMany { max: FOUND_MAX as u64 });
    }
    walked?;
    let mut seen = HashSet::with_capacity(stubs.len());
    let is_first: Vec<bool> = stubs.iter().map(|stub| seen.insert(stub.id.as_str())).collect();
    let mut is_first = is_first.into_iter();
    stubs.retain(|_| is_first.next().unwrap_or(true));
    let told = told.filter(|told| *told > stubs.len() as u64);
    Ok(Sweep { stubs, told })
}

/// What is stored of a query.
#[derive(Default)]
pub(super) struct Stored {
    /// When each issue was last changed; `None` if it has to be asked for whatever that is.
    issues: HashMap<String, Option<Timestamp>>,
    /// Keys of those that left the query before.
    left: HashSet<String>,
    /// Keys of changelogs.
    changelogs: HashSet<String>,
}

impl Stored {
    pub fn read(reader: &dyn Reader, ask: &Ask) -> Result<Stored> {
        let key = &ask.query.key;
        let mut stored = Stored::default();
        reader.each_issue_facts(key, &mut |facts| {
            // What is found again is put again, which takes its mark away.
            let is_known =
                ask.is_covered && facts.left.is_none() && !ask.unfetched.contains(&facts.key);
            if facts.left.is_some() {
                stored.left.insert(facts.key.clone());
            }
            let updated = facts.updated.filter(|at| is_known && ask.was_settled(*at));
            stored.issues.insert(facts.key, updated);
            Ok(())
        })?;
        reader.each_changelog_facts(key, &mut |key, _| {
            stored.changelogs.insert(key.to_owned());
            Ok(())
        })?;
        if ask.is_covered {
            let mut tape = Tape::new();
            reader.each_issue(key, &mut |issue| {
                let is_renamed = ask.is_relabelled && ask.labels.differ(&issue.document, &mut tape);
                if is_renamed || is_volatile(issue.document.as_str()) {
                    stored.issues.insert(issue.key, None);
                }
                Ok(())
            })?;
        }
        Ok(stored)
    }

    /// How many the query found last.
    pub fn found_count(&self) -> usize {
        self.issues.len() - self.left.len()
    }

    /// Whether it is known already that the issue left.
    pub fn has_left(&self, key: &str) -> bool {
        self.left.contains(key)
    }

    pub fn contains(&self, key: &str) -> bool {
        self.issues.contains_key(key)
    }

    /// Keys of issues.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.issues.keys().map(String::as_str)
    }

    /// Keys of issues that the query found last and does not find now.
    pub fn missing_from<'s>(&'s self, stubs: &[Stub]) -> Vec<&'s str> {
        let found: HashSet<&str> = stubs.iter().map(|stub| stub.key.as_str()).collect();
        let is_missing = |key: &&str| !self.has_left(key) && !found.contains(key);
        let mut missing: Vec<&str> = self.keys().filter(is_missing).collect();
        missing.sort_unstable();
        missing
    }

    /// Keys of changelogs, also of those that have no issue.
    pub fn changelog_keys(&self) -> impl Iterator<Item = &str> {
        self.changelogs.iter().map(String::as_str)
    }

    /// Whether what is stored is what Jira has. An issue that moved has another key and is not.
    fn is_current(&self, stub: &Stub) -> bool {
        let updated = self.issues.get(&stub.key).copied().flatten();
        updated.is_some()
            && updated.map(Timestamp::as_millisecond) == stub.updated.map(Timestamp::as_millisecond)
            && self.changelogs.contains(&stub.key)
    }
}

/// Whether an issue that was changed at `updated` and fetched by a sync begun at `begun_at` is surely as it
/// was after that change: a second change in the same second, which is all that many servers keep, could
/// have come behind the fetch and not show in its time.
pub(super) fn is_settled(updated: Timestamp, begun_at: Timestamp) -> bool {
    begun_at.as_second().saturating_sub(updated.as_second()) > UNSETTLED_S
}

/// Whether an issue may change without its time of change: a sprint is renamed, started and closed
/// without its issues being touched.
pub(super) fn is_volatile(document: &str) -> bool {
    OPEN_SPRINTS.iter().any(|mark| document.contains(mark))
}

/// What has to be done.
pub(super) struct Plan {
    /// What the query finds.
    pub stubs: Vec<Stub>,
    /// Places in it of issues that have to be fetched.
    pub fetch: Vec<usize>,
    /// How many the server told of, if that is more than it listed.
    pub told: Option<u64>,
}

impl Plan {
    pub fn of(sweep: Sweep, stored: &Stored, is_full: bool) -> Plan {
        let is_due = |stub: &Stub| is_full || !stored.is_current(stub);
        let numbered = sweep.stubs.iter().enumerate();
        let fetch = numbered.filter(|(_, stub)| is_due(stub)).map(|(place, _)| place).collect();
        Plan { fetch, told: sweep.told, stubs: sweep.stubs }
    }

    /// The issues that have to be fetched.
    pub fn to_fetch(&self) -> impl Iterator<Item = &Stub> {
        self.fetch.iter().filter_map(|place| self.stubs.get(*place))
    }
}
