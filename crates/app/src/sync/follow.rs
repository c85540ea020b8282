//! Syncing a query, and keeping the figures of what came.

use model::remote::Remote;
use model::{QueryKey, SyncOutcome, SyncRecord};
use sync::{Conduct, SyncOptions, Workspace};

use crate::App;
use crate::error::{Error, Result};

impl App {
    /// Makes the stored issues and changelogs of a query what `remote` has now, or marks them with
    /// what is missing; see [`Workspace::sync`].
    pub fn sync(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        conduct: &dyn Conduct,
    ) -> Result<SyncRecord> {
        let record = self.synced().sync(key, remote, options, conduct)?;
        if record.outcome != SyncOutcome::Fresh
            && let Err(error) = self.keep_figures(key)
        {
            tracing::warn!(%error, "the figures of the week could not be kept");
        }
        Ok(record)
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
