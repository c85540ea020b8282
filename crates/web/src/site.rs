//! What handlers share, and the only place where async meets the store.

use std::io::Write;
use std::sync::Arc;

use app::App;
use app::jobs::{self, Jobs};
use app::live::Live;
use app::trail::Trail;
use axum::body::Body;

use crate::failure::Failure;
use crate::stream;
use crate::uploads::Uploads;

/// The app behind the routes.
#[derive(Clone)]
pub(crate) struct Site {
    live: Arc<Live>,
    uploads: Arc<Uploads>,
    jobs: Arc<Jobs>,
}

impl Site {
    pub fn new(live: Live) -> Site {
        let live = Arc::new(live);
        let jobs = Arc::new(jobs::with_jira(Arc::clone(&live)));
        Site { live, uploads: Arc::default(), jobs }
    }

    /// Runs `work` on a thread that may wait for the disk.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let live = Arc::clone(&self.live);
        let span = tracing::Span::current();
        let work = move || {
            span.in_scope(|| {
                let app = live.app()?;
                work(&app).inspect_err(|error| app.note_damage(error))
            })
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| Failure::internal())?.map_err(|error| Failure::of(&error))
    }

    /// Syncs that run or wait.
    pub fn jobs(&self) -> Arc<Jobs> {
        Arc::clone(&self.jobs)
    }

    /// Files that wait for a word.
    pub fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// Runs `work` on such a thread while what it writes is sent. An error breaks the answer off.
    pub fn stream(
        &self,
        work: impl FnOnce(&App, &mut dyn Write) -> app::Result<()> + Send + 'static,
    ) -> Body {
        let live = Arc::clone(&self.live);
        let (mut outlet, body) = stream::channelled();
        let span = tracing::Span::current();
        tokio::task::spawn_blocking(move || {
            span.in_scope(|| {
                let done = live.app().and_then(|app| work(&app, &mut outlet));
                if let Err(error) = done {
                    tracing::warn!(%error, "an answer was broken off");
                    outlet.fail("the answer was broken off");
                }
            });
        });
        body
    }

    /// The same for a page of a profile: dates are in its zone if it has one.
    pub fn frame_at(&self, trail: &Trail) -> ui::Frame {
        let frame = self.frame();
        // Whether a sync runs is read anew: the answer may have been found before it began.
        let running = |key| self.live.app().ok()?.running_sync(&key).ok()?;
        let syncing = trail.key().and_then(running);
        ui::Frame { zone: trail.zone.clone().unwrap_or(frame.zone), syncing, ..frame }
    }

    /// What every page needs beside its answer.
    pub fn frame(&self) -> ui::Frame {
        let app = self.live.last();
        ui::Frame {
            as_of: app.now(),
            zone: app.zone().clone(),
            version: app.version().to_owned(),
            address: app.address(),
            is_demo: app.is_demo(),
            damage: app.damage().map(str::to_owned),
            syncing: None,
        }
    }
}
