//! Who is let in: keys, one-time codes and sessions are looked at here. A session is a signed
//! text in a cookie, so that it outlives restarts and nothing has to be written when somebody comes.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

use model::Timestamp;
use model::access_key::{AccessKey, Role};

use super::edit::OWN_NAME;
use super::own::{self, OwnKey};
use super::secret;
use crate::error::Result;
use crate::live::Live;
use crate::shared_key::SharedKey;

/// How long a session lasts.
const SESSION_S: i64 = 90 * 24 * 60 * 60;
/// How far the clocks of two starts may differ.
const CLOCK_SLACK_S: i64 = 300;
const NONCE_BYTES: usize = 12;
/// How many wrong tries are looked at in a while, and how long that is.
const TRIES_MAX: u32 = 10;
const TRIES_S: i64 = 60;
/// How often a use of a key is noted.
const NOTE_EVERY_S: i64 = 24 * 60 * 60;
/// What wrong tries are counted under that name no known key.
const NO_KEY: &str = "";

/// What somebody shows to be let in.
#[derive(Clone)]
pub enum Credential {
    /// A key.
    Key(String),
    /// A session that [`Gate::session`] made.
    Session(String),
    /// A code that lets in once.
    Code(String),
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The name of the key.
    pub name: String,
    /// What it allows.
    pub role: Role,
    id: String,
    hash: String,
}

/// Why somebody was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// What was shown is not good, or not any more.
    Unknown,
    /// Too many wrong tries; nothing was looked at.
    TooManyTries {
        /// When the next one is looked at.
        retry_after_s: u32,
    },
}

/// Lets people into a workspace.
pub struct Gate {
    key_file: PathBuf,
    /// Where the server listens: a code is good at one port.
    port: u16,
    cookie: String,
    /// What sessions are signed with where several nodes show one store; else the workspace's own key.
    shared: Option<Box<SharedKey>>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// As last read, for when the store cannot be.
    keys: Vec<AccessKey>,
    /// Codes that were used, with the second until which they would be good.
    used_codes: HashMap<String, i64>,
    /// Wrong tries by the id of a key: since when, and how many.
    tries: HashMap<String, (i64, u32)>,
}

impl Gate {
    /// The gate of the workspace in a folder with its own key in a file, for a server that listens on
    /// `port`.
    pub fn new(workspace: &Path, key_file: &Path, port: u16) -> Gate {
        let known = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
        let hash = secret::hash(&known.display().to_string());
        let cookie = cookie_of(&hash);
        Gate { key_file: key_file.to_owned(), port, cookie, shared: None, memory: Mutex::default() }
    }

    /// The same gate at every node that has this key: whoever one of them lets in has a session with
    /// all, for as long as the key in the store lasts that let him in.
    #[must_use]
    pub fn shared(self, key: SharedKey) -> Gate {
        let cookie = cookie_of(&secret::sign(key.token(), &["cookie"]));
        Gate { shared: Some(Box::new(key)), cookie, ..self }
    }

    /// The name of the cookie that holds a session.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Looks at what is shown. Reads the disk.
    pub fn admit(
        &self,
        live: &Live,
        credential: &Credential,
    ) -> std::result::Result<Visitor, Refused> {
        let now = live.last().now();
        let own = own::read(&self.key_file).unwrap_or_else(|error| {
            tracing::warn!(%error, "the workspace's own key cannot be read");
            None
        });
        let visitors = self.visitors(live, own.as_ref());
        let visitor = match credential {
            Credential::Key(text) => self.by_key(visitors, text, now)?,
            Credential::Session(text) => self.by_session(visitors, own.as_ref(), text, now)?,
            Credential::Code(text) => self.by_code(visitors, own.as_ref(), text, now)?,
        };
        self.note_use(live, &visitor, now);
        Ok(visitor)
    }

    /// A session for somebody who was let in; `None` where there is nothing to sign it with.
    pub fn session(&self, visitor: &Visitor, now: Timestamp) -> Result<Option<String>> {
        let own = own::read(&self.key_file)?;
        let (made, nonce) = (now.as_second().to_string(), secret::random(NONCE_BYTES)?);
        let signature = self.sign_session(own.as_ref(), visitor, &made, &nonce);
        Ok(signature.map(|signature| format!("{}.{made}.{nonce}.{signature}", visitor.id)))
    }

    /// Everybody who could be let in.
    fn visitors(&self, live: &Live, own: Option<&OwnKey>) -> Vec<Visitor> {
        let stored = live.app().and_then(|app| app.stored_access_keys());
        let mut memory = self.memory();
        match stored {
            Ok(keys) => memory.keys = keys,
            Err(error) => tracing::debug!(%error, "access keys are as last read"),
        }
        let own = own.map(|own| Visitor {
            name: OWN_NAME.to_owned(),
            role: Role::Edit,
            id: own.id().to_owned(),
            hash: own.hash(),
        });
        let stored = memory.keys.iter().map(|key| Visitor {
            name: key.name.clone(),
            role: key.role,
            id: key.id.clone(),
            hash: key.hash.clone(),
        });
        own.into_iter().chain(stored).collect()
    }

    /// Wrong tries are counted by the id that they name, which only those know who have the key or
    /// saw it: whoever guesses keeps nobody else out.
    fn by_key(
        &self,
        visitors: Vec<Visitor>,
        text: &str,
        now: Timestamp,
    ) -> std::result::Result<Visitor, Refused> {
        let id = secret::id_of(text).unwrap_or_default();
        // Somebody may have made a file of the own key that begins like another one.
        let mut known = visitors.into_iter().filter(|visitor| visitor.id == id).peekable();
        let counted = known.peek().map_or(NO_KEY, |visitor| &visitor.id).to_owned();
        let mut memory = self.memory();
        let (since, wrong) = memory.tries.get(&counted).copied().unwrap_or((now.as_second(), 0));
        let left_s = since + TRIES_S - now.as_second();
        let is_over = left_s <= 0 || left_s > TRIES_S;
        if wrong >= TRIES_MAX && !is_over {
            let retry_after_s = u32::try_from(left_s).unwrap_or_default();
            return Err(Refused::TooManyTries { retry_after_s });
        }
        let hash = secret::hash(text);
        if let Some(visitor) = known.find(|visitor| visitor.hash == hash) {
            return Ok(visitor);
        }
        let entry = if is_over { (now.as_second(), 1) } else { (since, wrong + 1) };
        memory.tries.insert(counted, entry);
        tracing::warn!("a wrong access key was shown");
        Err(Refused::Unknown)
    }

    fn by_code(
        &self,
        visitors: Vec<Visitor>,
        own: Option<&OwnKey>,
        text: &str,
        now: Timestamp,
    ) -> std::result::Result<Visitor, Refused> {
        let own = own.ok_or(Refused::Unknown)?;
        let expires = own.code_expires(text, self.port, now).ok_or(Refused::Unknown)?;
        let mut memory = self.memory();
        memory.used_codes.retain(|_, until| *until >= now.as_second());
        if memory.used_codes.insert(text.to_owned(), expires).is_some() {
            return Err(Refused::Unknown);
        }
        visitors.into_iter().find(|visitor| visitor.id == own.id()).ok_or(Refused::Unknown)
    }

    fn by_session(
        &self,
        visitors: Vec<Visitor>,
        own: Option<&OwnKey>,
        text: &str,
        now: Timestamp,
    ) -> std::result::Result<Visitor, Refused> {
        let found = || {
            let mut parts = text.split('.');
            let (id, made, nonce) = (parts.next()?, parts.next()?, parts.next()?);
            let signature = parts.next().filter(|_| parts.next().is_none())?;
            let made_at: i64 = made.parse().ok()?;
            let age_s = now.as_second().checked_sub(made_at)?;
            let is_young = (-CLOCK_SLACK_S..=SESSION_S).contains(&age_s);
            let is_signed = |visitor: &Visitor| {
                let want = self.sign_session(own, visitor, made, nonce);
                want.is_some_and(|want| secret::is_same(&want, signature))
            };
            let mut named = visitors.into_iter().filter(|visitor| visitor.id == id);
            named.find(is_signed).filter(|_| is_young)
        };
        found().ok_or(Refused::Unknown)
    }

    /// Over the hash of the key too: a session ends with its key. `None` where there is nothing to sign
    /// with.
    fn sign_session(
        &self,
        own: Option<&OwnKey>,
        visitor: &Visitor,
        made: &str,
        nonce: &str,
    ) -> Option<String> {
        let parts = ["session", &visitor.id, &visitor.hash, made, nonce];
        match &self.shared {
            Some(key) => Some(secret::sign(key.token(), &parts)),
            None => Some(own?.sign(&parts)),
        }
    }

    /// In the background: nobody waits for it, and a store that cannot be written lets people in.
    fn note_use(&self, live: &Live, visitor: &Visitor, now: Timestamp) {
        let mut memory = self.memory();
        let Some(key) = memory.keys.iter_mut().find(|key| key.id == visitor.id) else { return };
        let last = key.used_at.map_or(i64::MIN, Timestamp::as_second);
        if now.as_second().saturating_sub(last) < NOTE_EVERY_S {
            return;
        }
        let Ok(app) = live.app() else { return };
        key.used_at = Some(now);
        let id = visitor.id.clone();
        let not_noted =
            |error: &dyn Display| tracing::warn!(%error, "the use of an access key is not noted");
        let note = move || app.note_key_used(&id).unwrap_or_else(|error| not_noted(&error));
        if let Err(error) = Builder::new().spawn(note) {
            not_noted(&error);
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a cookie. Cookies are shared by all ports of a host: each workspace has its own.
fn cookie_of(hash: &str) -> String {
    format!("burndown-{}", hash.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests;
