//! One conversation with the browser or with one of its pages.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::wire::{SILENCE_S, Wire};

/// Commands and their answers, and the events that came meanwhile.
pub(crate) struct Session {
    wire: Arc<Wire>,
    name: String,
    inbox: Receiver<Value>,
    /// Events since [`Session::forget_events`], oldest first.
    pub(crate) events: Vec<Value>,
}

impl Session {
    /// The session of that name; the one without a name is the browser's own.
    pub(crate) fn new(wire: Arc<Wire>, name: &str) -> Session {
        let inbox = wire.inbox(name);
        Session { wire, name: name.to_owned(), inbox, events: Vec::new() }
    }

    /// Gives a command and waits for its answer.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        let id = self.wire.send(&self.name, method, &params)?;
        self.answer(id, method)
    }

    /// Gives commands without waiting in between; fails with the first that fails.
    pub(crate) fn call_all(&mut self, method: &str, all: &[&Value]) -> Result<()> {
        let send = |params: &&Value| self.wire.send(&self.name, method, params);
        let ids: Vec<u64> = all.iter().map(send).collect::<Result<_>>()?;
        ids.into_iter().try_for_each(|id| self.answer(id, method).map(drop))
    }

    fn answer(&mut self, id: u64, method: &str) -> Result<Value> {
        loop {
            let mut message = self.receive(method)?;
            if message.get("id").and_then(Value::as_u64) != Some(id) {
                self.events.push(message);
                continue;
            }
            if let Some(error) = message.get("error") {
                let message = text(error, "message").unwrap_or_default().to_owned();
                return Err(Error::Refused { method: method.to_owned(), message });
            }
            return Ok(message.get_mut("result").map(Value::take).unwrap_or_default());
        }
    }

    /// Waits until the events have a property.
    pub(crate) fn wait(&mut self, what: &str, has_come: impl Fn(&[Value]) -> bool) -> Result<()> {
        while !has_come(&self.events) {
            let message = self.receive(what)?;
            self.events.push(message);
        }
        Ok(())
    }

    /// Begins a new record of events.
    pub(crate) fn forget_events(&mut self) {
        self.events.clear();
    }

    fn receive(&self, what: &str) -> Result<Value> {
        self.inbox.recv_timeout(Duration::from_secs(SILENCE_S)).map_err(|error| match error {
            RecvTimeoutError::Timeout => {
                Error::Silent { what: what.to_owned(), seconds: SILENCE_S }
            }
            RecvTimeoutError::Disconnected => Error::Ended,
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.wire.close_inbox(&self.name);
    }
}

/// The parameters of an event of this kind.
pub(crate) fn event<'m>(message: &'m Value, method: &str) -> Option<&'m Value> {
    (text(message, "method") == Some(method)).then(|| message.get("params")).flatten()
}

/// A text field.
pub(crate) fn text<'m>(value: &'m Value, name: &str) -> Option<&'m str> {
    value.get(name).and_then(Value::as_str)
}

/// A text field that the protocol promises.
pub(crate) fn need(value: &Value, field: &'static str) -> Result<String> {
    let found = text(value, field).map(str::to_owned);
    found.ok_or_else(|| Error::Answer { field, answer: value.to_string() })
}
