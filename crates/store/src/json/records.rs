//! Records of a cache, issues or changelogs: at most one file's are in memory at a time.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use model::{CacheHeader, CacheKind, Document, Object, QueryKey};

use super::details::count_in;
use super::layout::{lies_in, query_file};
use super::tx::JsonTx;
use super::{records_file, records_file::RECORDS};
use crate::error::Result;

/// The content of a cache file, in stored order.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    pub header: Option<CacheHeader>,
    items: Vec<Record>,
    places: HashMap<Rc<str>, usize>,
}

/// One record. A legacy file may hold some without a key; they keep their place, unseen.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub key: Option<Rc<str>>,
    pub document: Document,
}

impl Records {
    pub(super) fn with_header(header: CacheHeader) -> Records {
        Records { header: Some(header), ..Records::default() }
    }

    /// Inserts or replaces by key, in its place or at the end.
    pub(super) fn put(&mut self, key: &str, document: Document) {
        if let Some(record) = self.places.get(key).and_then(|place| self.items.get_mut(*place)) {
            record.document = document;
            return;
        }
        let key: Rc<str> = key.into();
        self.places.insert(key.clone(), self.items.len());
        self.items.push(Record { key: Some(key), document });
    }

    /// Adds a record that nobody can ask for.
    pub(super) fn put_without_key(&mut self, document: Document) {
        self.items.push(Record { key: None, document });
    }

    pub(super) fn get(&self, key: &str) -> Option<&Document> {
        Some(&self.items.get(*self.places.get(key)?)?.document)
    }

    /// Records with a key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.items.iter().filter_map(|record| Some((record.key.as_deref()?, &record.document)))
    }

    /// All records.
    pub(super) fn items(&self) -> &[Record] {
        &self.items
    }

    /// How many have a key.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Keeps the records whose key passes; says how many went.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) -> usize {
        let before = self.len();
        let mut kept = Records { header: self.header.take(), ..Records::default() };
        for record in std::mem::take(&mut self.items) {
            match record.key {
                Some(key) if keep(&key) => kept.put(&key, record.document),
                Some(_) => {}
                None => kept.put_without_key(record.document),
            }
        }
        *self = kept;
        before - self.len()
    }
}

/// The cache whose records are in memory.
#[derive(Debug)]
pub(super) struct Slot {
    pub place: String,
    kind: CacheKind,
    records: Rc<Records>,
    is_changed: bool,
}

impl JsonTx<'_> {
    /// The records of a cache; none if there is no file.
    pub(super) fn records(&self, query: &QueryKey, kind: CacheKind) -> Result<Rc<Records>> {
        let place = query_file(query, kind.into());
        if let Some(slot) = self.slot.borrow().as_ref().filter(|slot| slot.place == place) {
            return Ok(slot.records.clone());
        }
        self.flush_slot()?;
        // Let go of the last cache before the next is loaded.
        self.slot.replace(None);
        let records = Rc::new(records_file::load(&self.files(), &place, kind, self.zone())?);
        let slot = Slot { place, kind, records: records.clone(), is_changed: false };
        self.slot.replace(Some(slot));
        Ok(records)
    }

    /// Changes the records of a cache; they are written when another cache is asked for.
    pub(super) fn change_records(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        change: impl FnOnce(&mut Records),
    ) -> Result<()> {
        let mut records = self.records(query, kind)?;
        // Given up by the slot, they need no copy to be changed.
        self.slot.replace(None);
        let changed = Rc::make_mut(&mut records);
        changed.header.get_or_insert_default();
        change(changed);
        self.hold_changed(query, kind, records)
    }

    /// Gives a cache other records.
    pub(super) fn replace_records(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        records: Records,
    ) -> Result<()> {
        let place = query_file(query, kind.into());
        self.slot.get_mut().take_if(|slot| slot.place == place);
        self.flush_slot()?;
        self.hold_changed(query, kind, Rc::new(records))
    }

    fn hold_changed(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        records: Rc<Records>,
    ) -> Result<()> {
        self.require_query(query)?;
        let place = query_file(query, kind.into());
        let mut files = self.files_mut();
        files.tree.files.insert(place.clone());
        files.ledger.note_written(&place, None, Object::new());
        drop(files);
        self.slot.replace(Some(Slot { place, kind, records, is_changed: true }));
        Ok(())
    }

    /// Removes the records of those keys; says how many were there.
    pub(super) fn remove_records_of(
        &mut self,
        query: &QueryKey,
        kind: CacheKind,
        keys: &[&str],
    ) -> Result<u64> {
        let gone: HashSet<&str> = keys.iter().copied().collect();
        let records = self.records(query, kind)?;
        let is_any_there = gone.iter().any(|key| records.get(key).is_some());
        drop(records);
        let mut removed = 0;
        if is_any_there {
            self.change_records(query, kind, |records| {
                removed = records.retain(|key| !gone.contains(key));
            })?;
        }
        Ok(removed as u64)
    }

    /// Removes a cache; says how many records it had.
    pub(super) fn remove_records(&mut self, query: &QueryKey, kind: CacheKind) -> Result<u64> {
        let place = query_file(query, kind.into());
        if !self.files().tree.files.contains(&place) {
            return Ok(0);
        }
        let count = self.record_count(query, kind)?;
        self.slot.get_mut().take_if(|slot| lies_in(&slot.place, &place));
        self.files_mut().remove(&place)?;
        Ok(count)
    }

    /// How many records a cache has.
    pub(super) fn record_count(&self, query: &QueryKey, kind: CacheKind) -> Result<u64> {
        let place = query_file(query, kind.into());
        let is_loaded = self.slot.borrow().as_ref().is_some_and(|slot| slot.place == place);
        let noted =
            if is_loaded { None } else { count_in(&self.files().details(&place)?, RECORDS) };
        match noted {
            Some(count) => Ok(count),
            None => Ok(self.records(query, kind)?.len() as u64),
        }
    }

    /// Stages the loaded cache if it was changed.
    pub(super) fn flush_slot(&self) -> Result<()> {
        if let Some(slot) = self.slot.borrow_mut().as_mut().filter(|slot| slot.is_changed) {
            records_file::store(&mut self.files_mut(), &slot.place, slot.kind, &slot.records)?;
            slot.is_changed = false;
        }
        Ok(())
    }
}
