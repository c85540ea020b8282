//! The process: found, started, and its contexts.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::page::Page;
use crate::session::{Session, need};
use crate::wire::{Wire, lock};

/// The names of the program on the systems we know.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Gives the browser its pipe as descriptors 3 and 4, and takes its folder away when it has ended,
/// also when it was interrupted together with its owner. `$0` is the folder.
const START: &str = r#"trap : HUP INT TERM; "$@" 3<&0 4>&1 0</dev/null 1>&2; rm -rf "$0""#;

/// A browser without settings of a user, that reaches this machine only.
const OPTIONS: [&str; 12] = [
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
];

/// A running browser; it ends when this is dropped or its owner ends.
pub struct Browser {
    wire: Arc<Wire>,
    root: Arc<Mutex<Session>>,
}

/// The program on this machine: `named` if there is one, else the first on the search path.
pub fn find(named: Option<&Path>, search_path: &std::ffi::OsStr) -> Option<PathBuf> {
    match named {
        Some(named) => named.is_file().then(|| named.to_owned()),
        None => std::env::split_paths(search_path)
            .flat_map(|folder| NAMES.map(|name| folder.join(name)))
            .find(|program| program.is_file()),
    }
}

impl Browser {
    /// Starts the program with an empty folder for its data.
    pub fn start(program: &Path) -> Result<Browser> {
        let fail = |source| Error::Start { program: program.display().to_string(), source };
        let folder = TempDir::new().map_err(fail)?.keep();
        let mut command = Command::new("sh");
        command.args(["-c", START]).arg(&folder).arg(program).args(OPTIONS);
        command.arg(format!("--user-data-dir={}", folder.display()));
        if is_root() {
            // Chromium refuses its sandbox to root.
            command.arg("--no-sandbox");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(fail)?;
        let (Some(out), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Ended);
        };
        let wire = Wire::open(out, answers);
        let root = Session::new(Arc::clone(&wire), "");
        Ok(Browser { wire, root: Arc::new(Mutex::new(root)) })
    }

    /// A page in a context of its own, which ends with the page.
    pub fn page(&self) -> Result<Page> {
        let mut root = lock(&self.root);
        let context =
            need(&root.call("Target.createBrowserContext", json!({}))?, "browserContextId")?;
        let target = json!({ "url": "about:blank", "browserContextId": &context });
        let target = need(&root.call("Target.createTarget", target)?, "targetId")?;
        let attach = json!({ "targetId": target, "flatten": true });
        let session = need(&root.call("Target.attachToTarget", attach)?, "sessionId")?;
        root.forget_events();
        drop(root);
        let session = Session::new(Arc::clone(&self.wire), &session);
        Page::new(session, Context { root: Arc::clone(&self.root), id: context })
    }

    /// What the browser says of itself.
    pub fn version(&self) -> Result<String> {
        need(&lock(&self.root).call("Browser.getVersion", Value::Null)?, "product")
    }
}

/// What a page shares with no other; ends when dropped.
pub(crate) struct Context {
    root: Arc<Mutex<Session>>,
    id: String,
}

impl Context {
    /// By which the browser knows it.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let end = json!({ "browserContextId": self.id });
        // A browser that has ended has no contexts either.
        let _ = lock(&self.root).call("Target.disposeBrowserContext", end);
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
