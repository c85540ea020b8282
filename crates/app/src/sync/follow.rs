//! Syncing a query, and keeping the figures of what came.

use std::sync::Arc;

use model::remote::Remote;
use model::{QueryKey, SyncOutcome, SyncRecord};
use sync::{SyncControl, SyncOptions, SyncProgress, Workspace};

use crate::App;
use crate::connection::access::Calm;
use crate::error::{Error, Result};

/// Ends a sync as if it were cancelled when somebody asks to replace the database; what it fetched so
/// far stays for the next one.
struct Yielding<'c> {
    control: &'c dyn SyncControl,
    hold: Option<&'c migrate::Hold>,
}

impl Yielding<'_> {
    fn asked_by(&self) -> Option<String> {
        self.hold.and_then(migrate::Hold::is_asked_to_end_by)
    }

    fn ended_by(&self, error: Error) -> Error {
        match (error, self.asked_by()) {
            (Error::Jira(jira::Error::Cancelled), Some(by)) => Error::BeingReplaced { by },
            (error, _) => error,
        }
    }
}

impl SyncControl for Yielding<'_> {
    fn told(&self, progress: &SyncProgress) {
        self.control.told(progress);
    }

    fn is_cancelled(&self) -> bool {
        self.control.is_cancelled() || self.asked_by().is_some()
    }
}

impl App {
    /// Makes the stored issues and changelogs of a query what `remote` has now, or marks them with
    /// what is missing; see [`Workspace::sync`].
    pub fn sync(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        control: &dyn SyncControl,
    ) -> Result<SyncRecord> {
        let control = &Yielding { control, hold: self.hold.as_ref() };
        let record = self.synced().sync(key, remote, options, control);
        let record = record.map_err(|error| control.ended_by(error.into()))?;
        if record.outcome != SyncOutcome::Fresh
            && let Err(error) = self.keep_figures(key).and_then(|()| self.keep_deliveries(key))
        {
            tracing::warn!(%error, "the figures of the week could not be kept");
        }
        self.tidy_up();
        Ok(record)
    }

    /// Syncs a query with the Jira of its profile; see [`App::sync`]. What is not due is not asked
    /// for unless that is forced.
    pub fn sync_with_jira(
        &self,
        key: &QueryKey,
        options: SyncOptions,
        control: &dyn SyncControl,
    ) -> Result<SyncRecord> {
        let remote = self.remote(&key.profile, Arc::new(Calm));
        let remote = remote.inspect_err(|error| self.note_refused(key, error))?;
        self.sync(key, &remote, options, control)
    }

    /// Removes what nothing needs any more and gives unused space back. It can wait: a failure is only
    /// logged.
    pub fn tidy_up(&self) {
        let tidied = self.store.cleanup(self.now()).and_then(|_| self.store.compact_if_loose());
        let tidied = tidied.and_then(|is_compacted| self.store.optimize().map(|()| is_compacted));
        match tidied {
            Ok(true) => tracing::info!("the database was compacted"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the database could not be tidied up"),
        }
    }

    /// Marks syncs that were interrupted as failed, and forgets what was fetched for queries that
    /// are not there any more. For the start of a server; says how many were interrupted.
    pub fn end_interrupted_syncs(&self) -> Result<usize> {
        Ok(self.synced().end_interrupted()?)
    }

    /// Notes that a sync could not even begin.
    pub(crate) fn note_refused(&self, key: &QueryKey, error: &Error) {
        let outcome = match error {
            Error::Jira(jira::Error::Cancelled) => SyncOutcome::Cancelled,
            _ => SyncOutcome::Failed,
        };
        self.synced().note_refused(key, outcome, error.to_string());
    }

    /// The workspace as syncs see it.
    fn synced(&self) -> Workspace<'_> {
        let (store, folder) = (&*self.store, self.folder.as_deref());
        Workspace { store, folder, clock: self.context.clock }
    }
}
