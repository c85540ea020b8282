//! Getting in with a key or a one-time code, and out again.

use app::access_key::Credential;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use ui::link;

use crate::ask::Parameters;
use crate::failure::Failure;
use crate::login::{admit, set_cookie};
use crate::site::Site;
use crate::typed::{self, Typed};

/// A link with a key or a code in it.
pub(crate) async fn follow(
    State(site): State<Site>,
    headers: HeaderMap,
    Parameters(given): Parameters,
) -> Result<Response, Failure> {
    let text = |name: &str| {
        let found = given.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let credential = match (text("key"), text("code")) {
        (Some(key), _) => Credential::Key(key),
        (None, Some(code)) => Credential::Code(code),
        (None, None) => return Err(Failure::no_login()),
    };
    enter(&site, &headers, credential, &text("to").unwrap_or_default()).await
}

/// A key that was typed.
pub(crate) async fn enter_key(
    State(site): State<Site>,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    let credential = Credential::Key(typed.text("key").trim().to_owned());
    enter(&site, &headers, credential, typed.text("to")).await
}

async fn enter(
    site: &Site,
    headers: &HeaderMap,
    credential: Credential,
    to: &str,
) -> Result<Response, Failure> {
    let visitor = admit(site, credential).await?;
    tracing::Span::current().record("key", visitor.name.as_str());
    let session = site.session(visitor).await?;
    let mut response = typed::lead_to(own_path(to));
    if let Some(cookie) = set_cookie(site, headers, &session) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A path of this server: whoever made up a link must not lead anybody elsewhere with it.
fn own_path(to: &str) -> &str {
    let is_path = to.starts_with('/') && !to.starts_with("//");
    let is_plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain && !to.starts_with(link::LOGIN) { to } else { link::WORKSPACE }
}

/// Forgets the session of this browser.
pub(crate) async fn leave(State(site): State<Site>, headers: HeaderMap) -> Response {
    let mut response = typed::lead_to(link::WORKSPACE).into_response();
    if let Some(cookie) = set_cookie(&site, &headers, "") {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (to, want) in [
            ("/profiles/p?x=1", "/profiles/p?x=1"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nset-cookie: b", "/"),
            ("/login?key=x", "/"),
        ] {
            assert_eq!(own_path(to), want, "{to:?}");
        }
    }
}
