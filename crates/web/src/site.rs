//! What handlers share, and the only place where async meets the store.

use std::io::Write;
use std::sync::Arc;

use app::access_key::{Credential, Refused, Visitor};
use app::connect::Trial;
use app::jobs::{self, Jobs};
use app::live::Live;
use app::overview::OverviewAsk;
use app::take_over::TakeOver;
use app::trail::Trail;
use app::{App, ReadFrom};
use axum::body::Body;
use model::ProfileId;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::options::{Login, Options};
use crate::pool::{Asker, Pool, Pools};
use crate::stream;
use crate::waiting::Waiting;

/// The app behind the routes.
#[derive(Clone)]
pub(crate) struct Site {
    live: Arc<Live>,
    uploads: Arc<Waiting<NamedTempFile>>,
    trials: Arc<Waiting<(ProfileId, Trial)>>,
    jobs: Arc<Jobs>,
    options: Arc<Options>,
    pools: Arc<Pools>,
    take_over: TakeOver,
    /// Window, unit and day of the page that is drawn.
    kept: OverviewAsk,
}

impl Site {
    pub fn new(live: Live, options: Options) -> Site {
        let live = Arc::new(live);
        let jobs = Arc::new(jobs::with_jira(Arc::clone(&live)));
        Site {
            live,
            uploads: Arc::default(),
            trials: Arc::default(),
            jobs,
            options: Arc::new(options),
            pools: Arc::default(),
            take_over: TakeOver::default(),
            kept: OverviewAsk::default(),
        }
    }

    /// The same for a page that is looked at so.
    pub fn keeping(&self, kept: OverviewAsk) -> Site {
        Site { kept, ..self.clone() }
    }

    /// What whoever started the server decided.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Looks at what a request shows.
    pub async fn admit(&self, credential: Credential) -> Result<Result<Visitor, Refused>, Failure> {
        let (live, options) = (Arc::clone(&self.live), Arc::clone(&self.options));
        let looked = tokio::task::spawn_blocking(move || match &options.login {
            Login::Keys(gate) => gate.admit(&live, &credential),
            Login::Off => Err(Refused::Unknown),
        });
        looked.await.map_err(|_| Failure::internal())
    }

    /// A session for somebody who was let in; empty where none is needed.
    pub async fn session(&self, visitor: Visitor) -> Result<String, Failure> {
        let options = Arc::clone(&self.options);
        let now = self.live.last().now();
        let made = tokio::task::spawn_blocking(move || match &options.login {
            Login::Keys(gate) => gate.session(&visitor, now),
            Login::Off => Ok(None),
        });
        let made = made.await.map_err(|_| Failure::internal())??;
        made.ok_or_else(Failure::no_login)
    }

    /// Runs `work` on a thread that may wait for the disk, for a page or a form.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.blocking_in(Pool::Pages, work).await
    }

    /// The same in another pool.
    pub async fn blocking_in<T: Send + 'static>(
        &self,
        pool: Pool,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.run_in(pool, ReadFrom::Primary, work).await
    }

    /// The same for what only shows: it may be read from a replica.
    pub async fn showing_in<T: Send + 'static>(
        &self,
        pool: Pool,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.run_in(pool, ReadFrom::Replica, work).await
    }

    /// It is not begun once nobody waits for it.
    async fn run_in<T: Send + 'static>(
        &self,
        pool: Pool,
        place: ReadFrom,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = self.pools.enter(pool).await?;
        let (asker, waiting) = Asker::new();
        let live = Arc::clone(&self.live);
        let span = tracing::Span::current();
        let work = move || {
            let _turn = turn;
            waiting.check().then(|| {
                let work = || {
                    let app = live.whole_app()?;
                    work(&app).inspect_err(|error| app.note_damage(error))
                };
                span.in_scope(|| app::read_from(place, work))
            })
        };
        let done = tokio::task::spawn_blocking(work).await;
        drop(asker);
        let done = done.ok().flatten().ok_or_else(Failure::internal)?;
        done.map_err(|error| Failure::of(&error))
    }

    /// The app, whatever becomes of the workspace.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live)
    }

    /// The migration from the page.
    pub fn take_over(&self) -> &TakeOver {
        &self.take_over
    }

    /// Syncs that run or wait.
    pub fn jobs(&self) -> Arc<Jobs> {
        Arc::clone(&self.jobs)
    }

    /// Files that wait for a word.
    pub fn uploads(&self) -> &Arc<Waiting<NamedTempFile>> {
        &self.uploads
    }

    /// What the Jira of a profile answered, until it is shown.
    pub fn trials(&self) -> &Waiting<(ProfileId, Trial)> {
        &self.trials
    }

    /// Runs `work` on such a thread while what it writes is sent. An error breaks the answer off.
    pub async fn stream(
        &self,
        work: impl FnOnce(&App, &mut dyn Write) -> app::Result<()> + Send + 'static,
    ) -> Result<Body, Failure> {
        let turn = self.pools.enter(Pool::Transfers).await?;
        let live = Arc::clone(&self.live);
        let (mut outlet, body) = stream::channelled();
        let span = tracing::Span::current();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            span.in_scope(|| {
                let done = live.whole_app().and_then(|app| work(&app, &mut outlet));
                if let Err(error) = done {
                    tracing::warn!(%error, "an answer was broken off");
                    outlet.fail("the answer was broken off");
                }
            });
        });
        Ok(body)
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
            is_on_server: app.is_on_server(),
            is_demo: app.is_demo(),
            damage: app.damage().map(str::to_owned),
            behind: app.behind(),
            syncing: None,
            kept: self.kept,
        }
    }
}
