//! Files: chosen in a field of a page, and saved by one.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::page::Page;
use crate::session::{event, text};

impl Page {
    /// Chooses a file in the first field for files that matches.
    pub fn choose_file(&mut self, selector: &str, file: &Path) -> Result<()> {
        let find = json!({ "expression": format!("document.querySelector({})", json!(selector)) });
        let found = self.session.call("Runtime.evaluate", find)?;
        let id = found.pointer("/result/objectId").and_then(Value::as_str);
        let id = id.ok_or_else(|| Error::Missing { selector: selector.to_owned() })?;
        self.session
            .call("DOM.setFileInputFiles", json!({ "files": [file], "objectId": id }))
            .map(drop)
    }

    /// Does what saves a file, and waits until it lies whole in `folder`. Gives its place; the name
    /// is one that the browser makes up.
    pub fn save_file(
        &mut self,
        folder: &Path,
        act: impl FnOnce(&mut Page) -> Result<()>,
    ) -> Result<PathBuf> {
        let allow = json!({
            "behavior": "allowAndName", "downloadPath": folder, "eventsEnabled": true,
            "browserContextId": self.context.id(),
        });
        self.session.call("Browser.setDownloadBehavior", allow)?;
        self.session.forget_events();
        act(self)?;
        let has_ended = |events: &[Value]| events.iter().any(|message| ended(message).is_some());
        self.session.wait("the end of a download", has_ended)?;
        match self.session.events.iter().find_map(ended) {
            Some((true, name)) => Ok(folder.join(name)),
            _ => Err(Error::Download),
        }
    }
}

/// Whether a download came whole, and its name, if the message says that it ended.
fn ended(message: &Value) -> Option<(bool, String)> {
    let progress = event(message, "Browser.downloadProgress")?;
    let is_whole = match text(progress, "state")? {
        "completed" => true,
        "canceled" => false,
        _ => return None,
    };
    Some((is_whole, text(progress, "guid")?.to_owned()))
}
