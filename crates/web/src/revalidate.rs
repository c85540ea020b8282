//! Answers that the asker holds already: pages and JSON carry a tag of what they say, and whoever
//! sends that tag again is told that nothing changed instead of being sent the same once more.

use std::hash::{DefaultHasher, Hasher};

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// Kept by the asker alone, and asked for again each time.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
/// What an answer may depend on beside its address.
const DEPENDS_ON: HeaderValue = HeaderValue::from_static("Cookie, Authorization");

/// Tags what is sent whole; streams and files to save have no tag, nor what says itself how long it
/// may be kept.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET;
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || !is_tagged(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(content) = to_bytes(body, usize::MAX).await else {
        return Failure::internal().into_response();
    };
    let Ok(tag) = HeaderValue::try_from(tag_of(&content)) else {
        return Response::from_parts(parts, Body::from(content));
    };
    let is_held = held.is_some_and(|held| names(&held, &tag));
    let headers =
        [(header::ETAG, tag), (header::CACHE_CONTROL, CACHING), (header::VARY, DEPENDS_ON)];
    if is_held {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    parts.headers.extend(HeaderMap::from_iter(headers));
    Response::from_parts(parts, Body::from(content))
}

fn is_tagged(response: &Response) -> bool {
    let headers = response.headers();
    response.body().size_hint().exact().is_some()
        && !headers.contains_key(header::CACHE_CONTROL)
        && !headers.contains_key(header::CONTENT_DISPOSITION)
}

fn tag_of(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether a list of tags has this one. They are weak: what is sent may be compressed or not.
fn names(held: &HeaderValue, tag: &HeaderValue) -> bool {
    let Ok(held) = held.to_str() else { return false };
    let strip = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    let Ok(tag) = tag.to_str().map(strip) else { return false };
    held.split(',').map(strip).any(|one| one == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_apart() {
        let (one, other) = (tag_of(b"one"), tag_of(b"other"));
        assert_ne!(one, other);
        let tag = HeaderValue::try_from(&one).unwrap();
        let cases = [
            (one.clone(), true),
            (one.trim_start_matches("W/").to_owned(), true),
            (format!("{other}, {one}"), true),
            (other, false),
            (String::new(), false),
            (one.replace('"', ""), false),
        ];
        for (held, want) in cases {
            assert_eq!(names(&HeaderValue::try_from(&held).unwrap(), &tag), want, "{held}");
        }
    }
}
