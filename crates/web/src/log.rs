//! One span and one line per request, with the name of the key that it was let in by. Query values
//! are never logged.

use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// Names a request in answers and in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(RequestId(0)))
    }
}

/// Numbers the request, opens its span and says how it ended.
pub(crate) async fn request(mut request: Request, next: Next) -> Response {
    let id = RequestId(REQUESTS.fetch_add(1, Ordering::Relaxed));
    request.extensions_mut().insert(id);
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request", %id, method = %request.method(), route, key = tracing::field::Empty
    );
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let milliseconds = begun.elapsed().as_secs_f64() * 1_000.0;
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, ms = format_args!("{milliseconds:.1}"), "answered"));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
