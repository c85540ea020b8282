//! A page: opened, looked at, asked.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};

use crate::browser::Context;
use crate::error::{Error, Result};
use crate::record::{self, Message, Request};
use crate::session::{Session, event, need, text};

/// What a page is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// Dark colours rather than light ones.
    pub is_dark: bool,
    /// Paper rather than a screen.
    pub is_print: bool,
    /// The reader wants no movement.
    pub is_still: bool,
}

impl Media {
    /// A light screen.
    pub const LIGHT: Media = Media { is_dark: false, is_print: false, is_still: false };
    /// A dark screen.
    pub const DARK: Media = Media { is_dark: true, ..Media::LIGHT };
    /// Paper.
    pub const PRINT: Media = Media { is_print: true, ..Media::LIGHT };
    /// A screen of someone whom movement disturbs.
    pub const STILL: Media = Media { is_still: true, ..Media::LIGHT };
}

/// One tab.
pub struct Page {
    pub(crate) session: Session,
    pub(crate) context: Context,
    session_for: SessionFor,
}

/// Name and value of the cookie that lets a browser in at a URL.
pub type SessionFor = fn(&str) -> Option<(String, String)>;

impl Page {
    pub(crate) fn new(mut session: Session, context: Context) -> Result<Page> {
        for domain in ["Page", "Runtime", "Network", "Log"] {
            session.call(&format!("{domain}.enable"), json!({}))?;
        }
        // Each page as on its first visit, and as if it were in front.
        session.call("Network.setCacheDisabled", json!({ "cacheDisabled": true }))?;
        session.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))?;
        Ok(Page { session, context, session_for: |_| None })
    }

    /// Opens an address and waits until it is loaded; the status of the answer. What requests and
    /// messages there were before is forgotten.
    pub fn open(&mut self, url: &str) -> Result<u64> {
        if let Some((name, value)) = (self.session_for)(url) {
            let cookie = json!({ "url": url, "name": name, "value": value, "httpOnly": true, "sameSite": "Lax" });
            self.session.call("Network.setCookie", cookie)?;
        }
        self.lead_on(|page| {
            let answer = page.session.call("Page.navigate", json!({ "url": url }))?;
            match text(&answer, "errorText") {
                Some(why) => Err(Error::Unreachable { url: url.to_owned(), why: why.to_owned() }),
                None => Ok(()),
            }
        })?;
        let document = self.requests()?.into_iter().next();
        Ok(document.and_then(|request| request.status).unwrap_or_default())
    }

    /// Does what leads to another page, and waits until that is loaded.
    pub fn lead_on(&mut self, act: impl FnOnce(&mut Page) -> Result<()>) -> Result<()> {
        self.session.forget_events();
        act(self)?;
        self.session.wait("the end of loading", |events| {
            events.iter().any(|message| event(message, "Page.loadEventFired").is_some())
        })
    }

    /// Opens an address that leads on by itself, and waits until a page is loaded whose address begins
    /// with `to`.
    pub fn open_through(&mut self, url: &str, to: &str) -> Result<()> {
        self.session.forget_events();
        self.session.call("Page.navigate", json!({ "url": url }))?;
        let is_there = |message: &Value| {
            let frame = event(message, "Page.frameNavigated").and_then(|event| event.get("frame"));
            frame.and_then(|frame| text(frame, "url")).is_some_and(|url| url.starts_with(to))
        };
        self.session.wait("the page that it leads to", |events| {
            let later = events.iter().skip_while(|message| !is_there(message));
            later.into_iter().any(|message| event(message, "Page.loadEventFired").is_some())
        })
    }

    /// Has the browser let in, by a cookie, wherever `session_for` knows one.
    pub fn set_sessions(&mut self, session_for: SessionFor) {
        self.session_for = session_for;
    }

    /// The size of the window in CSS pixels.
    pub fn set_viewport(&mut self, width: u32, height: u32) -> Result<()> {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.session.call("Emulation.setDeviceMetricsOverride", size).map(drop)
    }

    /// What the page is shown on.
    pub fn set_media(&mut self, media: Media) -> Result<()> {
        let feature = |name, value| json!({ "name": name, "value": value });
        let colors = if media.is_dark { "dark" } else { "light" };
        let motion = if media.is_still { "reduce" } else { "no-preference" };
        let medium = if media.is_print { "print" } else { "screen" };
        let features =
            [feature("prefers-color-scheme", colors), feature("prefers-reduced-motion", motion)];
        let media = json!({ "media": medium, "features": features });
        self.session.call("Emulation.setEmulatedMedia", media).map(drop)
    }

    /// Whether scripts of pages run, from the next page on. [`Page::eval`] works all the same.
    pub fn set_scripts(&mut self, are_on: bool) -> Result<()> {
        let off = json!({ "value": !are_on });
        self.session.call("Emulation.setScriptExecutionDisabled", off).map(drop)
    }

    /// The value of a JavaScript expression; of what it promises, if it is a promise. Works
    /// whatever the content security policy forbids the page itself.
    pub fn eval(&mut self, expression: &str) -> Result<Value> {
        let ask = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
        });
        let mut answer = self.session.call("Runtime.evaluate", ask)?;
        if let Some(details) = answer.get("exceptionDetails") {
            let message = details.pointer("/exception/description").and_then(Value::as_str);
            let message = message.or(text(details, "text")).unwrap_or_default().to_owned();
            return Err(Error::Script { message });
        }
        Ok(answer.pointer_mut("/result/value").map(Value::take).unwrap_or_default())
    }

    /// The text of the first element that matches, as it is seen.
    pub fn text_of(&mut self, selector: &str) -> Result<String> {
        let asked = format!("document.querySelector({})?.innerText", json!(selector));
        match self.eval(&asked)? {
            Value::String(text) => Ok(text),
            _ => Err(Error::Missing { selector: selector.to_owned() }),
        }
    }

    /// What was asked for since the page was opened. Waits for answers that are on their way.
    pub fn requests(&mut self) -> Result<Vec<Request>> {
        self.session.wait("the end of a request", |events| !record::is_any_pending(events))?;
        Ok(record::requests(&self.session.events))
    }

    /// What the console shows since the page was opened: messages, exceptions, breaches of policy.
    pub fn messages(&mut self) -> Result<Vec<Message>> {
        // Everything that was said before the answer to this is here after it.
        self.eval("0")?;
        Ok(record::messages(&self.session.events))
    }

    /// A picture of the whole page as PNG.
    pub fn screenshot(&mut self) -> Result<Vec<u8>> {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let answer = self.session.call("Page.captureScreenshot", whole)?;
        BASE64_STANDARD
            .decode(need(&answer, "data")?)
            .map_err(|_| Error::Answer { field: "data", answer: "no base64".to_owned() })
    }
}
