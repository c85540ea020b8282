//! The line to a server: retries, waiting, counting, and at most a few requests at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::remote::{Patience, Traffic};
use model::{Tape, json::Value};

use crate::address::Address;
use crate::error::{Error, Result};
use crate::gate::Gate;
use crate::http::{Answer, Http, Request, damaged};
use crate::login::{Login, Site};
use crate::options::ClientOptions;
use crate::rate_limit::{self, Jitter};
use crate::refusal::{Context, refusal};
use crate::server::Kind;

/// Each timeout costs minutes: a server that lets several pass is not to be waited for.
const TIMEOUTS_MAX: u32 = 3;

/// A failed try.
struct Setback {
    error: Error,
    /// How long the server asks us to wait.
    told: Option<Duration>,
}

/// A client of one server that does not give up at once.
pub(crate) struct RetryingClient {
    pub address: Address,
    pub login: Login,
    /// `None` until the server told.
    pub kind: Option<Kind>,
    http: Http,
    gate: Gate,
    jitter: Jitter,
    patience: Arc<dyn Patience>,
    tries_max: u32,
    traffic: Mutex<Traffic>,
    /// Whether the server ever answered in a sensible way. Before that a wrong address is likelier
    /// than a trouble that passes.
    has_answered: AtomicBool,
}

impl RetryingClient {
    pub fn new(site: Site, options: &ClientOptions, patience: Arc<dyn Patience>) -> Result<Self> {
        let address = Address::read(&site.base_url)?;
        Ok(Self {
            address,
            http: Http::new(options, site.login.header(), Arc::clone(&patience))?,
            login: site.login,
            kind: None,
            gate: Gate::new(options.requests_at_once_max),
            jitter: Jitter::new(options.seed, options.wait_max),
            patience,
            tries_max: options.tries_max.max(1),
            traffic: Mutex::default(),
            has_answered: AtomicBool::new(false),
        })
    }

    /// Asks until there is an answer that `read` understands, or it makes no sense to go on.
    /// `read` says in words what it misses.
    pub fn ask<T>(
        &self,
        request: &Request,
        read: impl Fn(Value<'_>) -> std::result::Result<T, &'static str>,
    ) -> Result<T> {
        // The place is kept while waiting: a server that is overloaded gets fewer requests.
        let _pass = self.gate.enter();
        for tries in 1.. {
            let setback = match self.try_once(request, &read) {
                Ok(value) => return Ok(value),
                Err(setback) => setback,
            };
            if tries >= self.tries_max || !self.may_pass(&setback.error, tries) {
                return Err(setback.error.after(tries));
            }
            self.patience.wait(self.jitter.wait(tries, setback.told))?;
            self.count(|traffic| traffic.retries += 1);
        }
        Err(damaged(&self.address, request, "nobody asked"))
    }

    /// Sends one request and gives whatever comes, refusals too.
    pub fn send(&self, request: &Request) -> Result<Answer> {
        self.patience.check()?;
        self.count(|traffic| traffic.requests += 1);
        let answer = self.http.send(&self.address, request)?;
        self.count(|traffic| traffic.bytes += answer.body.len() as u64);
        Ok(answer)
    }

    /// Who waits.
    pub fn patience(&self) -> Arc<dyn Patience> {
        Arc::clone(&self.patience)
    }

    pub fn traffic(&self) -> Traffic {
        *self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_once<T>(
        &self,
        request: &Request,
        read: impl Fn(Value<'_>) -> std::result::Result<T, &'static str>,
    ) -> std::result::Result<T, Setback> {
        let bare = |error| Setback { error, told: None };
        let answer = self.send(request).map_err(bare)?;
        if let Some(error) = self.redirect(&answer).or_else(|| self.refusal(&answer, request)) {
            return Err(Setback { error, told: rate_limit::told(&answer) });
        }
        let mut tape = Tape::new();
        let broken = |why: String| bare(damaged(&self.address, request, why));
        let value = tape.parse(&answer.body).map_err(|error| broken(error.to_string()))?;
        let read = read(value).map_err(|why| broken(why.to_owned()))?;
        self.has_answered.store(true, Ordering::Relaxed);
        Ok(read)
    }

    fn refusal(&self, answer: &Answer, request: &Request) -> Option<Error> {
        let context = Context { host: &self.address.host, login: &self.login, kind: self.kind };
        refusal(answer, request, context)
    }

    /// The error that a redirect is, once the address of the Jira is known.
    fn redirect(&self, answer: &Answer) -> Option<Error> {
        let location = answer.header("location").filter(|_| (300..400).contains(&answer.status))?;
        let (to, _) = self.address.redirected(location);
        let to = crate::refusal::cut(&self.login.hide_in(&to));
        Some(Error::Redirected { host: self.address.host.clone(), to })
    }

    /// Whether the next try may fare better.
    fn may_pass(&self, error: &Error, tries: u32) -> bool {
        let is_known = self.has_answered.load(Ordering::Relaxed);
        match error {
            Error::TooManyRequests { .. } | Error::Server { .. } => true,
            Error::Damaged { why, .. } => is_known || !why.ends_with("not JSON"),
            Error::Unreachable { .. } | Error::NoSuchHost { .. } => is_known,
            Error::Timeout { .. } => is_known && tries < TIMEOUTS_MAX,
            _ => false,
        }
    }

    fn count(&self, add: impl FnOnce(&mut Traffic)) {
        add(&mut self.traffic.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
