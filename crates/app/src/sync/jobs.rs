//! Syncs in the background of a server, over the workspace that it shows.

use std::sync::Arc;
use std::time::Duration;

use model::QueryKey;
use model::remote::{Patience, Remote};
use sync::{SyncControl as _, SyncOptions, Ticket, Work};

use crate::App;
use crate::error::{Error, Result};
use crate::live::Live;

pub use sync::{JobStanding, Jobs};

/// How often a job looks whether a workspace that is being replaced can be used again.
const REPLACED_PAUSE: Duration = Duration::from_millis(500);

/// Makes the way to the server of a query. Whatever waits there waits with the given patience, so
/// that it ends when the user gives up.
pub type Connect =
    dyn Fn(&App, &QueryKey, Arc<dyn Patience>) -> Result<Box<dyn Remote>> + Send + Sync;

/// Jobs over the workspace that `live` shows.
pub fn over(live: Arc<Live>, connect: Box<Connect>) -> Jobs {
    Jobs::new(Box::new(Syncs { live, connect }))
}

/// Jobs that ask the Jira of each profile.
pub fn with_jira(live: Arc<Live>) -> Jobs {
    over(live, Box::new(|app, key, patience| Ok(Box::new(app.remote(&key.profile, patience)?))))
}

struct Syncs {
    live: Arc<Live>,
    connect: Box<Connect>,
}

impl Syncs {
    /// Runs a sync; one that had to let go of a workspace that was replaced goes on afterwards.
    fn run_when_possible(
        &self,
        key: &QueryKey,
        options: SyncOptions,
        ticket: &Arc<Ticket>,
    ) -> Result<()> {
        loop {
            match self.run(key, options, ticket) {
                Err(Error::BeingReplaced { .. }) if !ticket.is_cancelled() => {
                    // Cancelled meanwhile, it ends at the next turn.
                    let _ = ticket.wait(REPLACED_PAUSE);
                }
                ended => return ended,
            }
        }
    }

    fn run(&self, key: &QueryKey, options: SyncOptions, ticket: &Arc<Ticket>) -> Result<()> {
        let app = self.live.app()?;
        let remote = (self.connect)(&app, key, ticket.clone());
        let remote = remote.inspect_err(|error| app.note_refused(key, error))?;
        let record = app.sync(key, &*remote, options, &**ticket)?;
        tracing::info!(query = %key, outcome = ?record.outcome, "a sync ended");
        // A server that is never started anew has a backup of each day, too.
        app.back_up_sound_data();
        Ok(())
    }
}

impl Work for Syncs {
    fn sync(&self, key: &QueryKey, options: SyncOptions, ticket: &Arc<Ticket>) {
        if let Err(error) = self.run_when_possible(key, options, ticket) {
            tracing::warn!(%error, query = %key, "a sync failed");
        }
    }

    fn end_interrupted(&self) {
        if let Err(error) = self.live.app().and_then(|app| app.end_interrupted_syncs()) {
            tracing::warn!(%error, "interrupted syncs could not be looked for");
        }
    }
}
