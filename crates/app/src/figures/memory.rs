//! What was worked out before, kept as long as nothing that it depends on was written. Nobody says
//! when to forget: a *stamp* names the state that something was worked out from, and what has
//! another stamp than the present one is worked out anew.

use std::any::Any;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{ProfileId, QueryKey, Remedy};
use serde::Serialize;
use store::{Reader, Revision, StoreKind};

use crate::App;
use crate::error::Result;
use crate::figures::QueryFacts;

/// Room for answers, in bytes of their JSON.
const ANSWER_BYTES_MAX: usize = 32 << 20;
/// Room for the facts of queries, in issues; the query used last is kept whatever its size.
const FACT_ISSUES_MAX: usize = 200_000;
/// How long what depends on the time of day may be kept.
const STALE_S: i64 = 3_600;

/// What all answers about a profile depend on beside the question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stamp {
    /// Which records there are.
    revision: Revision,
    /// Ages are told in days; an hour is near enough for them.
    hour: i64,
    /// What brings data up to date depends on the token, which is no record.
    refresh: Remedy,
}

/// An answer of any kind.
type Answer = Arc<dyn Any + Send + Sync>;

/// The answers and facts of one open workspace.
pub(crate) struct Memory {
    answers: Remembered<String, Stamp, Answer>,
    facts: Remembered<QueryKey, Revision, QueryFacts>,
}

impl Default for Memory {
    fn default() -> Self {
        Memory {
            answers: Remembered::within(ANSWER_BYTES_MAX),
            facts: Remembered::within(FACT_ISSUES_MAX),
        }
    }
}

impl App {
    /// The answer to a question about a profile, which is the same as long as its stamp is: the one
    /// given before, else what `find` says. Whoever asks the same meanwhile waits for it.
    pub(crate) fn remember<T: Serialize + Send + Sync + 'static>(
        &self,
        profile: &ProfileId,
        question: impl Debug,
        find: impl Fn() -> Result<T>,
    ) -> Result<Arc<T>> {
        let Some(stamp) = self.stamp(profile)? else { return find().map(Arc::new) };
        let question = format!("{} {question:?}", std::any::type_name::<T>());
        let found = self.memory.answers.get(question, &stamp, || {
            let answer = find()?;
            let bytes = json_bytes(&answer);
            Ok((Arc::new(answer) as Answer, bytes))
        })?;
        // The question names the type, so that it is this one.
        found.downcast::<T>().or_else(|_| find().map(Arc::new))
    }

    /// The facts of a query, read once however many ask for them.
    pub(crate) fn facts(&self, reader: &dyn Reader, key: &QueryKey) -> Result<QueryFacts> {
        if !self.is_revised() {
            return QueryFacts::read(reader, key);
        }
        self.memory.facts.get(key.clone(), &reader.revision()?, || {
            let facts = self.read_facts(reader, key)?;
            let issues = facts.issues.len();
            Ok((facts, issues))
        })
    }

    /// The facts of a query if somebody read them already.
    pub(crate) fn known_facts(
        &self,
        reader: &dyn Reader,
        key: &QueryKey,
    ) -> Result<Option<QueryFacts>> {
        if !self.is_revised() {
            return Ok(None);
        }
        Ok(self.memory.facts.known(key, &reader.revision()?))
    }

    /// Forgets the facts that nobody asked for since this was called last.
    pub(crate) fn forget_idle_facts(&self) {
        self.memory.facts.forget_idle();
    }

    /// `None` where a state has no name.
    fn stamp(&self, profile: &ProfileId) -> Result<Option<Stamp>> {
        if !self.is_revised() {
            return Ok(None);
        }
        let reader = self.store.read()?;
        Ok(Some(Stamp {
            revision: reader.revision()?,
            hour: self.now().as_second().div_euclid(STALE_S),
            refresh: self.refresh(&*reader, profile)?,
        }))
    }

    /// Whether every write raises the revision: the old app, too, writes to its own files.
    fn is_revised(&self) -> bool {
        self.store.kind() != StoreKind::Json
    }
}

/// Values by key, each with the stamp of the state that it was found in.
struct Remembered<K, S, V> {
    entries: Mutex<Entries<K, S, V>>,
    /// How much all of them may measure; the one that was asked for last may measure more.
    size_max: usize,
}

struct Entries<K, S, V> {
    by_key: HashMap<K, Entry<S, V>>,
    /// How often anything was asked for.
    uses: u64,
    /// That number when idle ones were forgotten last.
    uses_seen: u64,
}

struct Entry<S, V> {
    value: Slot<S, V>,
    size: usize,
    used: u64,
}

/// The place of a value. It is locked while the value is found, so that others wait.
type Slot<S, V> = Arc<Mutex<Option<(S, V)>>>;

impl<K: Hash + Eq + Clone, S: PartialEq + Clone, V: Clone> Remembered<K, S, V> {
    fn within(size_max: usize) -> Self {
        let entries = Entries { by_key: HashMap::new(), uses: 0, uses_seen: 0 };
        Remembered { entries: Mutex::new(entries), size_max }
    }

    /// The value that was found in the state of that stamp, else what `find` gives with its size.
    fn get(&self, key: K, stamp: &S, find: impl FnOnce() -> Result<(V, usize)>) -> Result<V> {
        let slot = locked(&self.entries).slot(key.clone());
        let mut found = locked(&slot);
        if let Some((of, value)) = &*found
            && of == stamp
        {
            return Ok(value.clone());
        }
        // Let go first: the old and the new value need not be there together.
        *found = None;
        let (value, size) = find()?;
        *found = Some((stamp.clone(), value.clone()));
        drop(found);
        locked(&self.entries).settle(&key, size, self.size_max);
        Ok(value)
    }

    /// The value that was found in the state of that stamp, if there is one.
    fn known(&self, key: &K, stamp: &S) -> Option<V> {
        let slot = locked(&self.entries).known_slot(key)?;
        let found = locked(&slot);
        found.as_ref().filter(|(of, _)| of == stamp).map(|(_, value)| value.clone())
    }

    /// Forgets what nobody asked for since this was called last.
    fn forget_idle(&self) {
        let mut entries = locked(&self.entries);
        let uses = entries.uses;
        let seen = std::mem::replace(&mut entries.uses_seen, uses);
        entries.by_key.retain(|_, entry| entry.used > seen);
    }
}

impl<K: Hash + Eq + Clone, S, V> Entries<K, S, V> {
    fn slot(&mut self, key: K) -> Slot<S, V> {
        self.uses += 1;
        let new = || Entry { value: Arc::default(), size: 0, used: 0 };
        let entry = self.by_key.entry(key).or_insert_with(new);
        entry.used = self.uses;
        Arc::clone(&entry.value)
    }

    fn known_slot(&mut self, key: &K) -> Option<Slot<S, V>> {
        self.uses += 1;
        let entry = self.by_key.get_mut(key)?;
        entry.used = self.uses;
        Some(Arc::clone(&entry.value))
    }

    /// Notes the size of a value and forgets others, those first that were not asked for longest,
    /// until all together fit.
    fn settle(&mut self, key: &K, size: usize, size_max: usize) {
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.size = size;
        }
        let mut sum: usize = self.by_key.values().map(|entry| entry.size).sum();
        while sum > size_max {
            let others = self.by_key.iter().filter(|(other, _)| *other != key);
            let Some((oldest, entry)) = others.min_by_key(|(_, entry)| entry.used) else { break };
            sum -= entry.size;
            let oldest = oldest.clone();
            self.by_key.remove(&oldest);
        }
    }
}

/// A panic elsewhere leaves a value whole or not there.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long the JSON of an answer is, near enough to what it takes in memory.
fn json_bytes(answer: &impl Serialize) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // An answer that has no JSON is counted as far as it has.
    let _ = serde_json::to_writer(&mut count, answer);
    count.0
}

#[cfg(test)]
mod tests;
