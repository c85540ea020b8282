//! Keeps other sites and machines out: host allow-list, origin check on writes, resource isolation,
//! headers, time.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::login::is_named;
use crate::options::Options;
use crate::server::HEADER_BYTES_MAX;
use crate::site::Site;

/// How long an answer may take.
const ANSWER_S: u64 = 60;

/// Names under which this machine calls itself; any port.
const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Under `no-referrer`, browsers hide the origin of forms even from the server they came from.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Refuses requests that were meant for another host: a foreign name that resolves to this
/// machine is how other sites try to read it. The refusal tells nothing about the workspace.
pub(crate) async fn host(State(site): State<Site>, request: Request, next: Next) -> Response {
    let options = site.options();
    match host_of(request.uri(), request.headers(), request.version()) {
        Some(host) if is_own(host) || is_trusted(host, options) => next.run(request).await,
        _ => refuse(
            "burndown answers at 127.0.0.1 and localhost, and under names that were given by \
             --trusted-host; open it under one of these",
        ),
    }
}

/// The name that a proxy is asked under; where other machines may ask, any address, which no other
/// site can turn into a name of its own.
fn is_trusted(host: &str, options: &Options) -> bool {
    let bare = host.strip_prefix('[').map_or_else(
        || host.rsplit_once(':').map_or(host, |(bare, _)| bare),
        |rest| rest.split(']').next().unwrap_or_default(),
    );
    let is_address = bare.parse::<IpAddr>().is_ok();
    options.trusted_hosts.iter().any(|name| is_named(host, name))
        || (options.is_remote && is_address)
}

/// Refuses more headers than are promised: what reads them from the wire takes somewhat more.
pub(crate) async fn size(request: Request, next: Next) -> Response {
    let lines = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if lines.sum::<usize>() + path > HEADER_BYTES_MAX {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    next.run(request).await
}

/// Refuses what another site embeds: only a link from there, or an address that was typed, may open
/// a page.
pub(crate) async fn isolation(request: Request, next: Next) -> Response {
    if is_embedded(request.headers()) {
        return refuse("other sites may link to burndown, and nothing else");
    }
    next.run(request).await
}

fn is_embedded(headers: &HeaderMap) -> bool {
    let values = |name: &'static str| headers.get_all(name).iter();
    let is = |name: &'static str, want: &str| {
        values(name).count() == 1 && values(name).all(|value| value == want)
    };
    let is_foreign = values("sec-fetch-site").any(|site| site != "same-origin" && site != "none");
    is_foreign && !(is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"))
}

/// Refuses writes that another site caused. Browsers say where a write comes from; one that says
/// nothing is refused too.
pub(crate) async fn origin(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
    if is_write && !is_same_origin(request.headers(), &site.options().trusted_hosts) {
        return refuse("writes are only accepted from burndown's own pages");
    }
    next.run(request).await
}

/// Adds the headers that every answer has.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Gives up on an answer that takes too long.
pub(crate) async fn time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(Duration::from_secs(ANSWER_S), next.run(request)).await;
    answer.unwrap_or_else(|_| Failure::too_slow(ANSWER_S).into_response())
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], why)
        .into_response()
}

/// The one host that a request names; `None` if it names none or several.
fn host_of<'r>(uri: &'r Uri, headers: &'r HeaderMap, version: Version) -> Option<&'r str> {
    let mut named = headers.get_all(header::HOST).iter();
    let header = match (named.next(), named.next()) {
        (Some(host), None) => Some(host.to_str().ok()?),
        (None, _) if version == Version::HTTP_10 => None,
        _ => return None,
    };
    match (uri.authority(), header) {
        (Some(target), Some(host)) if target.as_str() != host => None,
        (Some(target), _) => Some(target.as_str()),
        (None, host) => host,
    }
}

fn is_own(host: &str) -> bool {
    HOSTS.iter().any(|own| is_named(host, own))
}

/// A proxy speaks TLS to browsers, so under its name they come from `https`.
fn is_same_origin(headers: &HeaderMap, trusted_hosts: &[String]) -> bool {
    // Of two that contradict each other neither counts.
    let text = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().map(|value| value.to_str().unwrap_or("?"));
        if values.next().is_some() { Some("?") } else { first }
    };
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_site_fine = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let is_origin_fine = match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => site.is_some(),
        (Some(origin), Some(host)) => {
            let is_proxied = trusted_hosts.iter().any(|name| is_named(host, name));
            origin.strip_prefix("http://") == Some(host)
                || (is_proxied && origin.strip_prefix("https://") == Some(host))
        }
        (Some(_), None) => false,
    };
    is_site_fine && is_origin_fine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_hosts() {
        for host in ["127.0.0.1", "127.0.0.1:8050", "localhost:1", "LocalHost:8050", "[::1]:8050"] {
            assert!(is_own(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8050",
            "127.0.0.1:",
            "127.0.0.1:80a",
            "127.0.0.1@evil.example",
            "::1",
            "[::1",
            "0.0.0.0:8050",
            "127.0.0.2",
        ] {
            assert!(!is_own(host), "{host}");
        }
    }

    #[track_caller]
    fn check_origin(site: Option<&str>, origin: Option<&str>, want: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8050"));
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        assert_eq!(is_same_origin(&headers, &[]), want, "{site:?} {origin:?}");
    }

    /// A header that is there twice says nothing that counts, whichever value stands first.
    #[test]
    fn two_values_of_one_header_let_nobody_in() {
        let own = [("origin", "http://127.0.0.1:8050"), ("sec-fetch-site", "same-origin")];
        let foreign = [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")];
        for twice in
            [[own[0], foreign[0]], [own[1], foreign[1]], [own[0], own[0]], [own[1], own[1]]]
        {
            for twice in [twice, [twice[1], twice[0]]] {
                let mut headers = HeaderMap::new();
                headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8050"));
                let other = own.iter().filter(|(name, _)| *name != twice[0].0);
                for (name, value) in other.chain(&twice) {
                    headers.append(*name, value.parse().unwrap());
                }
                assert!(!is_same_origin(&headers, &[]), "{twice:?}");
            }
        }
    }

    #[test]
    fn origins() {
        check_origin(Some("same-origin"), Some("http://127.0.0.1:8050"), true);
        check_origin(None, Some("http://127.0.0.1:8050"), true);
        check_origin(Some("none"), None, true);
        check_origin(None, None, false);
        check_origin(Some("cross-site"), None, false);
        check_origin(Some("same-site"), Some("http://127.0.0.1:8050"), false);
        check_origin(Some("same-origin"), Some("http://127.0.0.1:9999"), false);
        check_origin(None, Some("http://evil.example"), false);
        check_origin(None, Some("null"), false);
        check_origin(None, Some("https://127.0.0.1:8050"), false);
    }
}
