//! Asks every request for a key or a session, and holds it to what its key allows.

use app::access_key::{Credential, Gate, Refused, Visitor};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::access_key::Role;
use ui::link;

use crate::failure::Failure;
use crate::options::Login;
use crate::site::Site;

/// How long a browser keeps a session, in seconds.
const COOKIE_S: u32 = 90 * 24 * 60 * 60;
/// How many sessions of a request are looked at.
const SESSIONS_MAX: usize = 4;

/// Lets nobody on who is not known, and nobody change anything whose key is for looking only.
pub(crate) async fn check(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let Login::Keys(gate) = &site.options().login else { return next.run(request).await };
    if is_free(request.uri().path()) {
        return next.run(request).await;
    }
    let mut admitted = Err(Failure::no_login());
    for credential in shown(gate, request.headers()) {
        admitted = admit(&site, credential).await;
        if admitted.is_ok() {
            break;
        }
    }
    let visitor = match admitted {
        Ok(visitor) => visitor,
        Err(failure) => return failure.into_response(),
    };
    tracing::Span::current().record("key", visitor.name.as_str());
    if visitor.role == Role::View && needs_edit(request.method(), request.uri().path()) {
        return Failure::only_view().into_response();
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Whom a credential lets in.
pub(crate) async fn admit(site: &Site, credential: Credential) -> Result<Visitor, Failure> {
    match site.admit(credential).await? {
        Ok(visitor) => Ok(visitor),
        Err(Refused::Unknown) => Err(Failure::no_login()),
        Err(Refused::TooManyTries { retry_after_s }) => Err(Failure::too_many_tries(retry_after_s)),
    }
}

/// What tells nothing about the workspace.
fn is_free(path: &str) -> bool {
    ["/healthz", "/favicon.ico", link::LOGIN, link::LOGOUT].contains(&path)
        || path.starts_with("/assets/")
}

fn needs_edit(method: &Method, path: &str) -> bool {
    let is_of_keys = [link::ACCESS_KEYS, &link::json(link::ACCESS_KEYS)].contains(&path);
    is_of_keys || !matches!(*method, Method::GET | Method::HEAD)
}

/// What a request shows: a key in its own header, else its sessions. All servers of a host can set a cookie
/// of the same name, which must not hide the right one.
fn shown(gate: &Gate, headers: &HeaderMap) -> Vec<Credential> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return bearer(value).into_iter().collect();
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';'));
    let sessions =
        pairs.filter_map(|pair| pair.trim().strip_prefix(gate.cookie())?.strip_prefix('='));
    sessions.take(SESSIONS_MAX).map(|session| Credential::Session(session.to_owned())).collect()
}

fn bearer(value: &HeaderValue) -> Option<Credential> {
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| Credential::Key(key.trim().to_owned()))
}

/// Sets the session of a browser; an empty one ends it. Behind a proxy it is sent over TLS only.
pub(crate) fn set_cookie(site: &Site, headers: &HeaderMap, session: &str) -> Option<HeaderValue> {
    let Login::Keys(gate) = &site.options().login else { return None };
    let (name, age_s) = (gate.cookie(), if session.is_empty() { 0 } else { COOKIE_S });
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_proxied = site.options().trusted_hosts.iter().any(|name| is_named(host, name));
    let secure = if is_proxied { "; Secure" } else { "" };
    let text = format!("{name}={session}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

/// Whether a host header names a host, at any port.
pub(crate) fn is_named(host: &str, name: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let start = host.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
    start.is_some_and(|_| match host.get(name.len()..) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(is_port),
        None => false,
    })
}

/// Tells a client that it has to show a key.
pub(crate) fn challenge(response: &mut Response) {
    if response.status() == StatusCode::UNAUTHORIZED {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}
