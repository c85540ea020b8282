//! The app over a workspace that other processes may migrate, replace or roll back meanwhile.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use migrate::{Standing, Trace};

use crate::error::{Error, Result};
use crate::workspace::Watch;
use crate::{App, Context};

/// Gives the app over what the workspace holds now.
pub struct Live {
    /// Folder and context to open the workspace anew; `None` for an app that stays what it is.
    source: Option<(PathBuf, Context)>,
    current: Mutex<Current>,
}

struct Current {
    app: Arc<App>,
    trace: Option<Trace>,
}

impl Live {
    /// Opens a workspace of that standing and looks for damage in the background.
    pub fn open(folder: &Path, standing: &Standing, context: Context) -> Result<Live> {
        // Taken first: what changes while it is opened is noticed later.
        let trace = Trace::of(folder);
        let app = watch(folder, standing, context.clone())?;
        let source = Some((folder.to_owned(), context));
        Ok(Live { source, current: Mutex::new(Current { app, trace: Some(trace) }) })
    }

    /// The app over what is there now. It stays usable for whoever holds it, even if the workspace
    /// is replaced meanwhile.
    pub fn app(&self) -> Result<Arc<App>> {
        let mut current = self.current();
        if let Some((folder, context)) = &self.source {
            let trace = Trace::of(folder);
            if current.trace != Some(trace) {
                current.app = reopen(folder, context.clone())?;
                current.trace = Some(trace);
            }
        }
        Ok(Arc::clone(&current.app))
    }

    /// The app as it was last given, for what needs no data.
    pub fn last(&self) -> Arc<App> {
        Arc::clone(&self.current().app)
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // A panic elsewhere cannot leave an app half exchanged.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<App> for Live {
    /// An app that stays what it is.
    fn from(app: App) -> Live {
        Live { source: None, current: Mutex::new(Current { app: Arc::new(app), trace: None }) }
    }
}

/// A running server makes no database and migrates nothing: that is for its next start.
fn reopen(folder: &Path, context: Context) -> Result<Arc<App>> {
    let standing = migrate::standing(folder, folder)?;
    tracing::info!(?standing, "the workspace was replaced; opening it anew");
    match &standing {
        Standing::Fresh | Standing::Legacy { .. } | Standing::OnlyOtherDatabase { .. } => {
            Err(Error::Gone { folder: folder.to_owned() })
        }
        _ => watch(folder, &standing, context),
    }
}

/// Opens the workspace and starts looking for damage. That may take a while; the app can be used
/// meanwhile.
fn watch(folder: &Path, standing: &Standing, context: Context) -> Result<Arc<App>> {
    let mut app = App::open(folder, standing, context)?;
    app.watch = Watch::over(folder, standing);
    let app = Arc::new(app);
    let looked_at = Arc::clone(&app);
    std::thread::spawn(move || looked_at.look_for_damage());
    Ok(app)
}
