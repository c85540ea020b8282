//! Opening a workspace, and the app over one that other processes may migrate, replace or roll back meanwhile.
//! A server lets go of the database as soon as somebody asks to replace it, and opens it anew afterwards.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use migrate::{Hold, Opened, Standing, Trace};
use model::{TimeZone, Timestamp};
use store::Address;

use crate::error::{Error, Result};
use crate::migration::{Watch, address, last_report};
use crate::shared_key::SharedKey;
use crate::{App, Context, PROFILES, Server};

/// How often a server looks whether somebody wants to replace its database.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// After how many of these looks facts that nobody asked for since are forgotten.
const LOOKS_UNTIL_IDLE: u32 = 30;

/// How long whoever still uses a workspace that is gone is waited for.
const CLOSE_TRIES: u32 = 250;
const CLOSE_PAUSE: Duration = Duration::from_millis(20);

impl App {
    /// An app over what a workspace that was looked into keeps its data in. A database that is not
    /// there is made. Report and demo of `context` are those of the workspace.
    pub fn open(opened: Opened, context: Context) -> Result<App> {
        let Opened { workspace: folder, standing, hold, store } = opened;
        let folder = folder.as_path();
        let (hold, store) = match (store, &standing) {
            (Some(store), _) => (hold, store),
            (None, Standing::Fresh | Standing::Legacy { .. }) => {
                drop(hold);
                (Hold::share_to_make(folder)?, address(folder, &standing).open()?)
            }
            (None, _) => (hold, address(folder, &standing).open_existing()?),
        };
        // What the migration said is an extra: without it all else can be read.
        let report = last_report(folder, &*store).unwrap_or_else(|error| {
            tracing::warn!(%error, "what the migration noticed cannot be read");
            None
        });
        let is_demo = demo::is_demo(&*store)?;
        let app = App::new(store, Context { report, is_demo, ..context }).in_folder(folder);
        let app = App { hold: Some(hold), ..app };
        app.refuse_unfinished_copy()?;
        // Files from before there were profiles cannot be read in place; an empty page would tell
        // their owner that they are lost. Where something is in the trash, it was read before.
        if standing == Standing::RolledBack
            && app.trash_count().is_ok_and(|count| count == 0)
            && app.store.read()?.profiles()?.is_empty()
        {
            return Err(Error::OnlyAfterMigration { folder: folder.to_owned() });
        }
        Ok(app)
    }
}

impl App {
    /// An app over the workspace on a server. `state` is the folder of what only this node needs: what
    /// its syncs have fetched so far, and its tokens unless all nodes have a key that seals them. Where
    /// `makes` is false, a workspace must be there.
    pub fn on_server(
        server: &Server,
        state: &Path,
        makes: bool,
        shared_key: Option<SharedKey>,
        context: Context,
    ) -> Result<App> {
        let address = Address::Postgres(server.clone());
        let store = if makes { address.open()? } else { address.open_existing()? };
        files::create_folder(&state.join(PROFILES)).map_err(store::Error::from)?;
        let is_demo = demo::is_demo(&*store)?;
        let app = App::new(store, Context { report: None, is_demo, ..context }).in_folder(state);
        app.refuse_unfinished_copy()?;
        Ok(App { shared_key, ..app })
    }
}

/// Gives the app over what the workspace holds now.
pub struct Live(Arc<Shown>);

struct Shown {
    /// Folder and context to open the workspace anew; `None` for an app that stays what it is.
    source: Option<(PathBuf, Context)>,
    current: Mutex<Current>,
}

struct Current {
    /// `None` while the workspace is replaced.
    app: Option<Arc<App>>,
    front: Front,
    trace: Option<Trace>,
}

/// What can be said without looking into the workspace.
#[derive(Clone)]
pub struct Front {
    clock: fn() -> Timestamp,
    zone: TimeZone,
    version: String,
    address: String,
    is_on_server: bool,
    is_demo: bool,
    damage: Option<String>,
    behind: Option<Duration>,
}

impl Live {
    /// Opens a workspace that was looked into, and looks for damage in the background.
    pub fn open(opened: Opened, context: Context) -> Result<Live> {
        let folder = opened.workspace.clone();
        // Nobody of ours replaces it while it is held; what others put in its place, the store notices.
        let trace = Trace::of(&folder);
        let app = watch(opened, context.clone())?;
        let source = Some((folder, context));
        let live = Live::of(source, app, Some(trace));
        let shown = Arc::downgrade(&live.0);
        beside("letting go of the database when asked", move || let_go_when_asked(&shown));
        Ok(live)
    }

    fn of(source: Option<(PathBuf, Context)>, app: Arc<App>, trace: Option<Trace>) -> Live {
        let current = Current { front: Front::of(&app), app: Some(app), trace };
        Live(Arc::new(Shown { source, current: Mutex::new(current) }))
    }

    /// Gives unused space of the workspace back, on a thread of its own.
    pub fn tidy_up_soon(&self) {
        let Ok(app) = self.app() else { return };
        beside("tidying up", move || app.tidy_up());
    }

    /// The app over what is there now. It stays usable for whoever holds it, even if another program
    /// replaces the workspace meanwhile; [`Error::BeingReplaced`] while one of ours does.
    pub fn app(&self) -> Result<Arc<App>> {
        self.0.app()
    }

    /// The same for whoever shows or changes what is there; [`Error::UnfinishedCopy`] while another
    /// workspace is copied into it.
    pub fn whole_app(&self) -> Result<Arc<App>> {
        let app = self.app()?;
        app.refuse_unfinished_copy()?;
        Ok(app)
    }

    /// What can be said whatever state the workspace is in, as of the last look.
    pub fn last(&self) -> Front {
        self.0.current().front()
    }
}

impl Shown {
    fn app(&self) -> Result<Arc<App>> {
        let mut current = self.current();
        if let Some((folder, context)) = &self.source {
            if let Some(by) = migrate::who_replaces(folder) {
                current.app = None;
                return Err(Error::BeingReplaced { by });
            }
            let trace = Trace::of(folder);
            let is_new = current.trace != Some(trace);
            if is_new || current.app.as_ref().is_none_or(|app| app.is_displaced()) {
                // Closed first: what its log still holds is saved by that.
                current.app.take().into_iter().for_each(close);
                let app = reopen(folder, context.clone())?;
                current.front = Front::of(&app);
                current.app = Some(app);
                current.trace = Some(trace);
            }
        }
        current.app.clone().ok_or_else(|| Error::BeingReplaced { by: "another program".to_owned() })
    }

    /// Closes the database while somebody wants to replace it. Requests under way come to their end.
    fn let_go_if_asked(&self) {
        let Some((folder, _)) = &self.source else { return };
        if let Some(by) = migrate::who_replaces(folder)
            && self.current().app.take().is_some()
        {
            tracing::info!(by, "let go of the database, which is being replaced");
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // A panic elsewhere cannot leave an app half exchanged.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes an app once whoever else uses it is done, or after a while without waiting for them.
fn close(app: Arc<App>) {
    for _ in 0..CLOSE_TRIES {
        if Arc::strong_count(&app) == 1 {
            return;
        }
        std::thread::sleep(CLOSE_PAUSE);
    }
}

/// Looks as long as anybody shows the workspace.
fn let_go_when_asked(shown: &Weak<Shown>) {
    for look in 1_u32.. {
        let Some(shown) = shown.upgrade() else { return };
        shown.let_go_if_asked();
        if look.is_multiple_of(LOOKS_UNTIL_IDLE) {
            shown.current().app.iter().for_each(|app| app.forget_idle_facts());
        }
        drop(shown);
        std::thread::sleep(LOOK_EVERY);
    }
}

impl Current {
    fn front(&self) -> Front {
        let damage = self.app.as_ref().and_then(|app| app.known_damage());
        let behind = self.app.as_ref().and_then(|app| app.behind());
        Front { damage, behind, ..self.front.clone() }
    }
}

impl Front {
    fn of(app: &App) -> Front {
        Front {
            clock: app.context.clock,
            zone: app.zone().clone(),
            version: app.version().to_owned(),
            address: app.address(),
            is_on_server: app.is_on_server(),
            is_demo: app.is_demo(),
            damage: None,
            behind: None,
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Zone that dates are shown in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Version of the program.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where the workspace is.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Whether that is a server that other nodes may use too.
    pub fn is_on_server(&self) -> bool {
        self.is_on_server
    }

    /// Whether the workspace is the demo.
    pub fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// For how long what is shown has been lacking something that was written.
    pub fn behind(&self) -> Option<Duration> {
        self.behind
    }

    /// The damage that was found in the workspace, as a sentence.
    pub fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }
}

impl From<App> for Live {
    /// An app that stays what it is.
    fn from(app: App) -> Live {
        Live::of(None, Arc::new(app), None)
    }
}

/// A running server makes no database and migrates nothing: that is for its next start.
fn reopen(folder: &Path, context: Context) -> Result<Arc<App>> {
    let opened = migrate::look_into(folder, folder)?;
    tracing::info!(standing = ?opened.standing, "the workspace was replaced; opening it anew");
    match &opened.standing {
        Standing::Fresh | Standing::Legacy { .. } | Standing::OnlyOtherDatabase { .. } => {
            Err(Error::Gone { folder: folder.to_owned() })
        }
        _ => watch(opened, context),
    }
}

/// Opens the workspace and starts looking for damage. That may take a while; the app can be used
/// meanwhile.
fn watch(opened: Opened, context: Context) -> Result<Arc<App>> {
    let watch = Watch::over(&opened.workspace, &opened.standing);
    let app = App { watch, ..App::open(opened, context)? };
    let app = Arc::new(app);
    let looked_at = Arc::clone(&app);
    beside("looking for damage", move || {
        looked_at.look_for_damage();
        looked_at.back_up_sound_data();
    });
    Ok(app)
}

/// Does `work` on a thread of its own that nobody waits for.
fn beside(what: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().spawn(work) {
        tracing::warn!(%error, "{what} takes a thread, and none can be started");
    }
}
