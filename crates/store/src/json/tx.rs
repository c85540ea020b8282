//! One transaction: how it begins, what it holds, how it ends.

use std::cell::{Ref, RefCell, RefMut};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::{ProfileId, QueryKey, TimeZone};

use super::JsonStore;
use super::files::Files;
use super::layout;
use super::lock::{Held, TurnHeld};
use super::publish::{self, BeforeStep};
use super::records::Slot;
use super::registry::Registry;
use super::work_folder::WorkFolder;
use crate::contract::{Reader, Writer};
use crate::error::{Error, Result};

/// A reader or a writer.
#[derive(Debug)]
pub(super) struct JsonTx<'s> {
    store: &'s JsonStore,
    files: RefCell<Files>,
    registry: RefCell<Registry>,
    /// The records of one cache, those that were asked for last.
    pub(super) slot: RefCell<Option<Slot>>,
    /// Dropped last, after the staged files.
    _hold: Hold<'s>,
}

/// What keeps others away while the transaction lives.
#[derive(Debug)]
enum Hold<'s> {
    Reader { _lock: Held },
    UnlockedReader { _count: UnlockedReader<'s> },
    Writer { _lock: Held, _turn: TurnHeld<'s> },
}

/// Counts a reader that has no lock to hold.
#[derive(Debug)]
struct UnlockedReader<'s>(&'s AtomicUsize);

impl<'s> UnlockedReader<'s> {
    fn count(readers: &'s AtomicUsize) -> UnlockedReader<'s> {
        readers.fetch_add(1, Ordering::SeqCst);
        UnlockedReader(readers)
    }
}

impl Drop for UnlockedReader<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<'s> JsonTx<'s> {
    /// Opens a view. Ends what a writer that is gone left unfinished.
    pub(super) fn for_reading(store: &'s JsonStore) -> Result<JsonTx<'s>> {
        let work = WorkFolder::of(&store.root);
        while work.exists() {
            let publishing = work.lock_against_publishing(store.busy_timeout_ms)?;
            if !publish::is_unfinished(&work) {
                let lock = work.lock_as_reader(store.busy_timeout_ms)?;
                let files = Files::for_reading(&store.root, true)?;
                let tx = JsonTx::of(store, files, Hold::Reader { _lock: lock })?;
                drop(publishing);
                return Ok(tx);
            }
            drop(publishing);
            store.recover()?;
        }
        let count = UnlockedReader::count(&store.unlocked_readers);
        let files = Files::for_reading(&store.root, false)?;
        let tx = JsonTx::of(store, files, Hold::UnlockedReader { _count: count })?;
        // The first writer may have come meanwhile.
        if work.exists() { JsonTx::for_reading(store) } else { Ok(tx) }
    }

    /// Begins a write, once everybody before has ended theirs.
    pub(super) fn for_writing(store: &'s JsonStore) -> Result<JsonTx<'s>> {
        let turn = store.turn.take(&store.root, store.busy_timeout_ms)?;
        let work = WorkFolder::of(&store.root);
        work.create()?;
        let lock = work.lock_for_writing(store.busy_timeout_ms)?;
        store.recover_locked()?;
        let files = Files::for_writing(&store.root)?;
        JsonTx::of(store, files, Hold::Writer { _lock: lock, _turn: turn })
    }

    fn of(store: &'s JsonStore, files: Files, hold: Hold<'s>) -> Result<JsonTx<'s>> {
        let registry = RefCell::new(Registry::load(&files)?);
        let (files, slot) = (RefCell::new(files), RefCell::new(None));
        Ok(JsonTx { store, files, registry, slot, _hold: hold })
    }

    pub(super) fn files(&self) -> Ref<'_, Files> {
        self.files.borrow()
    }

    pub(super) fn files_mut(&self) -> RefMut<'_, Files> {
        self.files.borrow_mut()
    }

    pub(super) fn registry(&self) -> Ref<'_, Registry> {
        self.registry.borrow()
    }

    pub(super) fn registry_mut(&self) -> RefMut<'_, Registry> {
        self.registry.borrow_mut()
    }

    pub(super) fn root(&self) -> &Path {
        self.store.root()
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.store.zone
    }

    pub(super) fn require_profile(&self, id: &ProfileId) -> Result<()> {
        let is_there = self.files().tree.profiles.contains_key(id);
        if is_there { Ok(()) } else { Err(Error::ProfileNotFound(id.clone())) }
    }

    pub(super) fn require_query(&self, key: &QueryKey) -> Result<()> {
        let is_there = self.files().tree.has_query(key);
        if is_there { Ok(()) } else { Err(Error::QueryNotFound(key.clone())) }
    }

    /// Stages the removal of a folder; cached records below it are forgotten.
    pub(super) fn remove_folder(&mut self, folder: &str) -> Result<()> {
        let slot = self.slot.get_mut();
        if slot.as_ref().is_some_and(|slot| layout::lies_in(&slot.place, folder)) {
            *slot = None;
        }
        self.files.get_mut().remove(folder)
    }

    /// Makes everything durable and visible; `before` is called before each step.
    pub(super) fn commit_with(mut self, before: BeforeStep<'_>) -> Result<()> {
        self.flush_slot()?;
        let files = self.files.get_mut();
        self.registry.get_mut().flush(files)?;
        if !files.ledger.is_changed() {
            return Ok(());
        }
        let journal = files.journal()?;
        let work = WorkFolder::of(&self.store.root);
        let publishing = work.lock_for_publishing(self.store.busy_timeout_ms)?;
        let published = journal.publish(&self.store.root, before);
        if published.is_ok() || publish::is_unfinished(&work) {
            files.set_published();
        }
        published?;
        if let Err(error) = self.store.tidy(&work) {
            // The transaction is real; the next one tidies again.
            tracing::warn!(%error, "superseded files could not be removed");
        }
        drop(publishing);
        tracing::debug!(steps = journal.steps.len(), "a transaction was published");
        Ok(())
    }
}

impl JsonStore {
    /// Ends what a writer that is gone left unfinished, unless it is not gone.
    fn recover(&self) -> Result<()> {
        let work = WorkFolder::of(&self.root);
        let _lock = work.lock_for_writing(self.busy_timeout_ms)?;
        self.recover_locked()
    }

    fn recover_locked(&self) -> Result<()> {
        let work = WorkFolder::of(&self.root);
        if publish::is_unfinished(&work) {
            let _publishing = work.lock_for_publishing(self.busy_timeout_ms)?;
            return publish::recover(&self.root, &mut |_| Ok(()));
        }
        work.clear_new()
    }

    /// Removes superseded versions if nobody may need them. The caller holds the publishing lock.
    pub(super) fn tidy(&self, work: &WorkFolder) -> Result<()> {
        if self.unlocked_readers.load(Ordering::SeqCst) > 0 {
            return Ok(());
        }
        match work.lock_without_readers()? {
            Some(_lock) => work.clear_old(),
            None => Ok(()),
        }
    }

    pub(super) fn lock_for_publishing(&self, work: &WorkFolder) -> Result<Held> {
        work.lock_for_publishing(self.busy_timeout_ms)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}

impl Reader for JsonTx<'_> {}

impl Writer for JsonTx<'_> {
    fn commit(self: Box<Self>) -> Result<()> {
        self.commit_with(&mut |_| Ok(()))
    }
}
