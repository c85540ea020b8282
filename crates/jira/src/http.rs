//! One request and its answer: the only file that knows the HTTP client.
//!
//! Redirects are never followed here, so that a login cannot travel to another host. Nothing is
//! read from the environment but the places in which Unix systems keep their certificates.

use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use model::plain::one_line;
use model::remote::Patience;
use serde_json::Value;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::address::Address;
use crate::error::{Error, Result};
use crate::fetch::encoded;
use crate::options::ClientOptions;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Below the address of the Jira, with its parameters.
    pub path: String,
    /// JSON to post; `None` gets.
    pub body: Option<String>,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), body: None }
    }

    /// Members of the body that are null are left out.
    pub fn post(path: &str, mut body: Value) -> Self {
        if let Value::Object(members) = &mut body {
            members.retain(|_, value| !value.is_null());
        }
        Self { path: path.to_owned(), body: Some(body.to_string()) }
    }

    /// The same search asked with GET, for gateways that let nothing else through.
    pub fn as_get(&self) -> Option<Request> {
        let (body, path) = (self.body.as_ref()?, &self.path);
        if !path.ends_with("/search") && !path.ends_with("/search/jql") {
            return None;
        }
        let Ok(Value::Object(members)) = serde_json::from_str(body) else { return None };
        let parameter = |(name, value): (String, Value)| {
            let text = match value {
                Value::Array(list) => {
                    let words = list.iter().filter_map(Value::as_str).map(str::to_owned);
                    words.collect::<Vec<_>>().join(",")
                }
                Value::String(text) => text,
                other => other.to_string(),
            };
            format!("{name}={}", encoded(&text))
        };
        let parameters: Vec<String> = members.into_iter().map(parameter).collect();
        Some(Request::get(format!("{path}?{}", parameters.join("&"))))
    }

    /// The path without its parameters, for messages.
    pub fn bare_path(&self) -> String {
        let bare = self.path.split('?').next().unwrap_or_default();
        one_line(bare).chars().take(120).collect()
    }
}

/// What came, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: String,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// The first header of that name, which is given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[cfg(test)]
    pub fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Self { status, headers, body: body.to_owned() }
    }
}

/// How much of an answer is read at a time.
const PIECE_BYTES: usize = 64 << 10;

/// How often it is looked whether the user gave up, while a server lets us wait.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A client to one server.
pub(crate) struct Http(Arc<Caller>);

struct Caller {
    agent: ureq::Agent,
    /// Where the agent reaches servers through, but for those it reaches directly.
    proxy: Option<ureq::Proxy>,
    authorization: Option<String>,
    answer_bytes_max: u64,
    patience: Arc<dyn Patience>,
}

impl Http {
    pub fn new(
        options: &ClientOptions,
        authorization: Option<String>,
        patience: Arc<dyn Patience>,
    ) -> Result<Self> {
        let proxy = proxy(options)?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.clone())
            .tls_config(tls(options)?)
            .timeout_connect(Some(options.connect_timeout))
            .timeout_per_read(Some(options.read_timeout))
            .timeout_global(Some(options.total_timeout))
            .max_idle_connections_per_host(options.requests_at_once_max)
            .user_agent(concat!("burndown/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .build();
        let (agent, answer_bytes_max) = (config.new_agent(), options.answer_bytes_max);
        Ok(Self(Arc::new(Caller { agent, proxy, authorization, answer_bytes_max, patience })))
    }

    /// Sends a request and reads the whole answer. [`Error::Damaged`] if it breaks off. Who wants to
    /// see what is asked, sees neither parameters nor bodies nor logins.
    pub fn send(&self, at: &Address, request: &Request) -> Result<Answer> {
        let (begun, method) = (Instant::now(), if request.body.is_some() { "POST" } else { "GET" });
        let sent = self.exchange(at, request);
        let (path, ms) = (request.bare_path(), begun.elapsed().as_millis() as u64);
        match &sent {
            Ok(answer) => {
                tracing::debug!(method, path, status = answer.status, ms, "Jira answered")
            }
            Err(error) => tracing::debug!(method, path, %error, ms, "Jira did not answer"),
        }
        sent
    }

    /// A call that waits goes on by itself until its time is over when the user gives up; nobody waits
    /// for it.
    fn exchange(&self, at: &Address, request: &Request) -> Result<Answer> {
        let (caller, at_there, asked) = (Arc::clone(&self.0), at.clone(), request.clone());
        let (sender, answer) = sync_channel(1);
        let call = move || sender.send(caller.send(&at_there, &asked));
        if let Err(error) = std::thread::Builder::new().spawn(call) {
            let why = format!("no thread can be started ({error})");
            return Err(Error::Unreachable { host: at.host.clone(), why });
        }
        loop {
            match answer.recv_timeout(LOOK_EVERY) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) => self.0.patience.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(damaged(at, request, "nobody asked"));
                }
            }
        }
    }
}

impl Caller {
    fn send(&self, at: &Address, request: &Request) -> Result<Answer> {
        let url = format!("{}{}", at.base, request.path);
        let wrong = |error| self.blame(failure(error, at, request), &url);
        let authorization = self.authorization.as_deref();
        let response = match &request.body {
            None => {
                let get = self.agent.get(&url);
                authorization.into_iter().fold(get, |r, v| r.header("authorization", v)).call()
            }
            Some(body) => {
                let post = self.agent.post(&url).content_type("application/json");
                authorization.into_iter().fold(post, |r, v| r.header("authorization", v)).send(body)
            }
        };
        let (parts, body) = response.map_err(wrong)?.into_parts();
        let headers = parts.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();
        let body = self.read(body.into_reader(), at, request)?;
        Ok(Answer { status: parts.status.as_u16(), headers, body })
    }

    /// A proxy in between is what could not be reached.
    fn blame(&self, error: Error, url: &str) -> Error {
        let is_past = |proxy: &ureq::Proxy| url.parse().is_ok_and(|url| proxy.is_no_proxy(&url));
        match (error, &self.proxy) {
            (Error::Unreachable { host, why }, Some(proxy)) if !is_past(proxy) => {
                Error::Proxy { host, why }
            }
            (Error::NoSuchHost { host }, Some(proxy)) if !is_past(proxy) => {
                Error::Proxy { host, why: "a host of that name was not found".to_owned() }
            }
            (error, _) => error,
        }
    }

    fn read(&self, mut from: impl Read, at: &Address, request: &Request) -> Result<String> {
        let mut bytes = Vec::new();
        let mut piece = vec![0; PIECE_BYTES];
        // A piece at a time, as it comes, so that a long or slow answer can be cancelled.
        loop {
            self.patience.check()?;
            let came = from.read(&mut piece).map_err(|error| failure(error.into(), at, request))?;
            bytes.extend(piece.iter().take(came));
            if bytes.len() as u64 > self.answer_bytes_max {
                let megabytes = self.answer_bytes_max >> 20;
                return Err(Error::TooLarge { host: at.host.clone(), megabytes });
            }
            if came == 0 {
                break;
            }
        }
        String::from_utf8(bytes).map_err(|_| damaged(at, request, "it is not UTF-8 text"))
    }
}

/// An answer that cannot be read, after the first try.
pub(crate) fn damaged(at: &Address, request: &Request, why: impl Into<String>) -> Error {
    let (host, path) = (at.host.clone(), request.bare_path());
    Error::Damaged { host, path, why: why.into(), tries: 1 }
}

fn tls(options: &ClientOptions) -> Result<TlsConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = match &options.ca_bundle {
        None => RootCerts::PlatformVerifier,
        Some(path) => {
            let wrong = |why: String| {
                let path = one_line(&path.display().to_string());
                Error::Certificates { path, why }
            };
            let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
            let is_certificate = |item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            };
            let found: Vec<Certificate<'static>> =
                parse_pem(&pem).filter_map(is_certificate).collect();
            if found.is_empty() {
                return Err(wrong("no certificate is in it".to_owned()));
            }
            RootCerts::from(found)
        }
    };
    let builder = TlsConfig::builder().root_certs(roots);
    Ok(builder.unversioned_rustls_crypto_provider(provider).build())
}

fn proxy(options: &ClientOptions) -> Result<Option<ureq::Proxy>> {
    let Some(address) = options.proxy.as_deref().filter(|address| !address.trim().is_empty())
    else {
        return Ok(None);
    };
    // The address may hold a password and is not repeated.
    let wrong =
        |_| Error::Proxy { host: "Jira".to_owned(), why: "its address cannot be read".to_owned() };
    let read = ureq::Proxy::new(address.trim()).map_err(wrong)?;
    let mut builder = ureq::Proxy::builder(read.protocol()).host(read.host()).port(read.port());
    if let Some(user) = read.username() {
        builder = builder.username(user);
    }
    if let Some(password) = read.password() {
        builder = builder.password(password);
    }
    for host in options.no_proxy.iter().flat_map(|list| list.split(',')) {
        builder = builder.no_proxy(host.trim());
    }
    builder.build().map(Some).map_err(wrong)
}

/// What a failure of the HTTP client means to a person.
fn failure(error: ureq::Error, at: &Address, request: &Request) -> Error {
    let host = at.host.clone();
    let words = |text: String| one_line(&text).chars().take(200).collect::<String>();
    match error {
        ureq::Error::HostNotFound => Error::NoSuchHost { host },
        ureq::Error::Timeout(which) => Error::Timeout { host, doing: waited_for(which) },
        ureq::Error::Rustls(why) => tls_failure(host, &why),
        ureq::Error::Tls(why) => Error::Tls { host, why: why.to_owned() },
        ureq::Error::ConnectProxyFailed(why) => Error::Proxy { host, why: words(why) },
        ureq::Error::Io(error) => match error.kind() {
            _ if let Some(why) = rustls_error(&error) => tls_failure(host, why),
            _ if is_unknown_name(&error) => Error::NoSuchHost { host },
            ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                Error::Timeout { host, doing: "nothing came" }
            }
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => {
                damaged(at, request, "it breaks off")
            }
            _ => Error::Unreachable { host, why: words(error.to_string()) },
        },
        ureq::Error::ConnectionFailed => {
            Error::Unreachable { host, why: "no connection was made".to_owned() }
        }
        other => damaged(at, request, words(other.to_string())),
    }
}

/// A server that answers in plain text has no certificate to look at.
fn tls_failure(host: String, error: &rustls::Error) -> Error {
    match error {
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            Error::NotSecure { host }
        }
        _ => Error::Tls { host, why: one_line(&distrust(error)).chars().take(200).collect() },
    }
}

fn rustls_error(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// The standard library has no kind for names that nobody knows.
fn is_unknown_name(error: &std::io::Error) -> bool {
    let text = error.to_string();
    text.starts_with("failed to lookup address") || text.starts_with("No such host")
}

/// Why a certificate is not trusted, for people.
fn distrust(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    let rustls::Error::InvalidCertificate(bad) = error else { return error.to_string() };
    let why = match bad {
        Bad::UnknownIssuer => "nobody this computer trusts has signed its certificate",
        Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired",
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
            "its certificate is not valid yet; check the clock of this computer"
        }
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            "its certificate belongs to another name"
        }
        Bad::Revoked => "its certificate was revoked",
        Bad::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is one for signing others, which no server should show"
        }
        _ => return error.to_string(),
    };
    why.to_owned()
}

fn waited_for(which: ureq::Timeout) -> &'static str {
    match which {
        ureq::Timeout::Resolve => "looking up its name",
        ureq::Timeout::Connect => "no connection was made",
        _ => "the answer did not come to its end",
    }
}
