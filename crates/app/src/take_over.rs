//! Taking the old app's folder over while a server shows the workspace, which holds nothing yet: the
//! migration runs in the background, and pages say how far it is.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use migrate::{Job, Progress, Stage};

use crate::error::{Error, Result};
use crate::live::Live;
use crate::parameter::Expected;

/// How the one migration that a server can run stands.
#[derive(Debug, Clone, Default)]
pub struct TakeOver(Arc<Mutex<Standing>>);

/// How it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Standing {
    /// None was begun.
    #[default]
    Idle,
    /// It runs.
    Running {
        /// From which folder.
        folder: PathBuf,
        /// What is done.
        doing: &'static str,
        /// How far that is, 0 to 100.
        percent: u8,
    },
    /// It came to its end: what was taken over.
    Done {
        /// From which folder.
        folder: PathBuf,
        /// Profiles, queries, issues.
        taken: [u64; 3],
        /// Records that were compared with the old files.
        compared: u64,
        /// Differences that nothing explains.
        unexplained: u64,
    },
    /// It failed, and nothing was changed.
    Failed {
        /// From which folder.
        folder: PathBuf,
        /// Why, as a sentence.
        why: String,
    },
}

impl TakeOver {
    /// How it stands now.
    pub fn standing(&self) -> Standing {
        self.lock().clone()
    }

    fn set(&self, standing: Standing) {
        *self.lock() = standing;
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to take `typed` over into the workspace that `live` shows. One that runs goes on. An
    /// error if the workspace is not empty, or the folder is not named in full.
    pub fn begin(&self, live: &Arc<Live>, typed: &str) -> Result<()> {
        if matches!(*self.lock(), Standing::Running { .. }) {
            return Ok(());
        }
        let app = live.app()?;
        let is_empty = app.store.read()?.profiles()?.is_empty() && app.trash_count()? == 0;
        let Some(workspace) = app.folder.clone().filter(|_| is_empty) else {
            return Err(Error::about(
                crate::Parameter::Thing("the workspace"),
                &app.address(),
                "it holds data already; name another one with --workspace, or use burndown migrate",
            ));
        };
        let folder = folder_of(typed).map_err(|expected| {
            Error::about(crate::Parameter::Thing("the folder"), typed, expected.0)
        })?;
        let job = Job {
            source: folder.clone(),
            workspace,
            now: app.now(),
            zone: app.zone().clone(),
            program_version: app.version().to_owned(),
            // What the server made when it started holds nothing and is put aside.
            again: true,
        };
        drop(app);
        let doing = Stage::Inventory.label();
        self.set(Standing::Running { folder: folder.clone(), doing, percent: 0 });
        let (this, live) = (self.clone(), Arc::clone(live));
        let started = std::thread::Builder::new().spawn(move || {
            let standing = this.migrate(&job);
            // The database that was made is opened before anybody asks.
            let _ = live.app();
            this.set(standing);
        });
        if let Err(error) = started {
            self.set(Standing::Failed {
                folder,
                why: format!("no thread can be started: {error}"),
            });
        }
        Ok(())
    }

    fn migrate(&self, job: &Job) -> Standing {
        let folder = job.source.clone();
        let listener = |progress: Progress| {
            let share = progress.done_bytes.saturating_mul(100) / progress.total_bytes.max(1);
            let percent = u8::try_from(share).unwrap_or(100).min(100);
            self.set(Standing::Running {
                folder: folder.clone(),
                doing: progress.stage.label(),
                percent,
            });
        };
        let folder = job.source.clone();
        match migrate::migrate(job, &listener) {
            Ok(report) => {
                let verified = report.verification.as_ref();
                Standing::Done {
                    folder,
                    taken: [report.totals.profiles, report.totals.queries, report.totals.issues],
                    compared: verified.map_or(0, |verified| verified.compared),
                    unexplained: verified.map_or(0, |verified| verified.unexplained_count),
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the folder of the old app is not taken over");
                Standing::Failed { folder, why: error.to_string() }
            }
        }
    }
}

/// The folder that somebody typed or dragged here: quotes around it are of the desktop, and whoever
/// names what lies in it means the folder around.
fn folder_of(typed: &str) -> std::result::Result<PathBuf, Expected> {
    let typed = typed.trim().trim_matches(['"', '\'']).trim();
    let typed = typed.strip_prefix("file://").unwrap_or(typed);
    let path = Path::new(typed);
    if typed.is_empty() || !path.is_absolute() || typed.contains('\0') {
        return Err("write the whole path of the folder, such as /home/ada/burndown".into());
    }
    let is_inside = path.file_name().is_some_and(|name| name == "profiles");
    Ok(path.parent().filter(|_| is_inside).unwrap_or(path).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_as_people_paste_it() {
        for (typed, want) in [
            (" /home/ada/old app ", Some("/home/ada/old app")),
            ("\"/home/ada/old\"", Some("/home/ada/old")),
            ("'/home/ada/old/profiles'", Some("/home/ada/old")),
            ("file:///home/ada/old", Some("/home/ada/old")),
            ("old", None),
            ("", None),
            ("/a\0b", None),
        ] {
            assert_eq!(folder_of(typed).ok().as_deref(), want.map(Path::new), "{typed:?}");
        }
    }
}
