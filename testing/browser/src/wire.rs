//! The pipe to the browser: messages out, and each that comes in to the session it is for.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::error::{Error, Result};

/// How long the browser may say nothing while something is awaited, in seconds.
pub const SILENCE_S: u64 = 30;

/// Messages end with this.
const END: u8 = 0;

/// Inboxes by session; the browser itself is the session without a name.
type Inboxes = HashMap<String, Sender<Value>>;

/// One open pipe, shared by all sessions.
pub(crate) struct Wire {
    out: Mutex<ChildStdin>,
    inboxes: Mutex<Inboxes>,
    last_id: AtomicU64,
}

impl Wire {
    /// Begins to read; ends when the browser closes its side.
    pub(crate) fn open(out: ChildStdin, answers: ChildStdout) -> Arc<Wire> {
        let wire = Wire {
            out: Mutex::new(out),
            inboxes: Mutex::new(HashMap::new()),
            last_id: AtomicU64::new(0),
        };
        let wire = Arc::new(wire);
        // The thread must not keep the pipe open, or the browser would outlive its owner.
        let reader = Arc::downgrade(&wire);
        std::thread::spawn(move || {
            for message in messages(answers) {
                let Some(wire) = reader.upgrade() else { return };
                wire.deliver(message);
            }
            if let Some(wire) = reader.upgrade() {
                lock(&wire.inboxes).clear();
            }
        });
        wire
    }

    /// Where messages for a session arrive from now on.
    pub(crate) fn inbox(&self, session: &str) -> Receiver<Value> {
        let (sender, receiver) = mpsc::channel();
        lock(&self.inboxes).insert(session.to_owned(), sender);
        receiver
    }

    /// Forgets a session.
    pub(crate) fn close_inbox(&self, session: &str) {
        lock(&self.inboxes).remove(session);
    }

    /// Sends a command; its answer will carry the number that is returned.
    pub(crate) fn send(&self, session: &str, method: &str, params: &Value) -> Result<u64> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut message = serde_json::json!({ "id": id, "method": method, "params": params });
        if let (Some(fields), false) = (message.as_object_mut(), session.is_empty()) {
            fields.insert("sessionId".to_owned(), session.into());
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(END);
        let mut out = lock(&self.out);
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(|_| Error::Ended)?;
        Ok(id)
    }

    fn deliver(&self, message: Value) {
        let session = message.get("sessionId").and_then(Value::as_str).unwrap_or_default();
        if let Some(inbox) = lock(&self.inboxes).get(session) {
            // Whoever closed its page no longer cares.
            let _ = inbox.send(message);
        }
    }
}

fn messages(answers: ChildStdout) -> impl Iterator<Item = Value> {
    let mut answers = BufReader::new(answers);
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        answers.read_until(END, &mut bytes).ok()?;
        bytes.pop().filter(|last| *last == END)?;
        serde_json::from_slice(&bytes).ok()
    })
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
