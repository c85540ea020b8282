//! What a transaction wants to change: files written beside, removals noted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::PathBuf;

use super::layout::{ancestors, lies_in};
use super::publish::{Journal, Step};
use super::work_folder::WorkFolder;
use crate::contract::Revision;
use crate::error::Result;

/// Changes that are not made yet. Dropped unpublished, they leave nothing behind.
#[derive(Debug)]
pub(super) struct Staging {
    work: WorkFolder,
    next_number: u32,
    files: BTreeMap<String, u32>,
    removed: BTreeSet<String>,
    is_published: bool,
}

/// Where the newest content of a place is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Newest {
    Staged(PathBuf),
    Gone,
    Untouched,
}

impl Staging {
    pub(super) fn new(work: WorkFolder) -> Staging {
        let (files, removed) = (BTreeMap::new(), BTreeSet::new());
        Staging { work, next_number: 0, files, removed, is_published: false }
    }

    pub(super) fn newest(&self, place: &str) -> Newest {
        if let Some(number) = self.files.get(place) {
            return Newest::Staged(self.work.new_file(*number));
        }
        let is_gone = |place| self.removed.contains(place);
        if is_gone(place) || ancestors(place).any(is_gone) {
            return Newest::Gone;
        }
        Newest::Untouched
    }

    /// A new empty file that will stand at `place`; what was staged for it before is dropped once
    /// the caller has called [`Staging::put`].
    pub(super) fn create(&mut self) -> Result<(u32, File)> {
        let number = self.next_number;
        self.next_number += 1;
        let file = files::create_file(&self.work.new_file(number))?;
        Ok((number, file))
    }

    /// Stages the file of that number for a place.
    pub(super) fn put(&mut self, place: &str, number: u32) {
        if let Some(superseded) = self.files.insert(place.to_owned(), number) {
            self.discard(superseded);
        }
    }

    pub(super) fn path(&self, number: u32) -> PathBuf {
        self.work.new_file(number)
    }

    /// Stages the removal of a file or folder.
    pub(super) fn remove(&mut self, place: &str) {
        let below: Vec<String> =
            self.files.keys().filter(|staged| lies_in(staged, place)).cloned().collect();
        for staged in below {
            if let Some(number) = self.files.remove(&staged) {
                self.discard(number);
            }
        }
        self.removed.retain(|removed| !lies_in(removed, place));
        self.removed.insert(place.to_owned());
    }

    fn discard(&self, number: u32) {
        // A left-over staged file is harmless: the next writer clears them.
        let _ = fs::remove_file(self.work.new_file(number));
    }

    /// What is to be done, `last` at the end.
    pub(super) fn journal(&self, revision: Revision, last: &str) -> Journal {
        let put = |(place, number): (&String, &u32)| Step::Put(place.clone(), *number);
        let removals = self.removed.iter().cloned().map(Step::Remove);
        let puts = self.files.iter().filter(|(place, _)| place.as_str() != last).map(put);
        let end = self.files.get_key_value(last).map(put);
        Journal { revision, steps: removals.chain(puts).chain(end).collect() }
    }

    /// From now on the journal alone decides about the staged files.
    pub(super) fn set_published(&mut self) {
        self.is_published = true;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_published {
            self.files.values().for_each(|number| self.discard(*number));
        }
    }
}
