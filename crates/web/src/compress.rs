//! Sends text compressed to whoever takes it so: pages are mostly repetition.

use std::io::Write as _;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::failure::Failure;

/// What is shorter gains nothing.
const BYTES_MIN: u64 = 1_000;
/// What is longer would hold up others for too long.
const BYTES_MAX: u64 = 1 << 20;

/// Compresses text that is sent whole.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let is_taken = takes_gzip(request.headers());
    let response = next.run(request).await;
    if !is_taken || !gains(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(content) = to_bytes(body, BYTES_MAX as usize).await else {
        return Failure::internal().into_response();
    };
    let Some(compressed) = gzip(&content) else {
        return Response::from_parts(parts, Body::from(content));
    };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(compressed))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings = named.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&weight.trim());
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

fn gains(response: &Response) -> bool {
    let headers = response.headers();
    let size = response.body().size_hint().exact();
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::OK
        && size.is_some_and(|size| (BYTES_MIN..=BYTES_MAX).contains(&size))
        && !headers.contains_key(header::CONTENT_ENCODING)
        && media_type.is_some_and(|name| {
            name.starts_with("text/")
                || ["json", "javascript", "svg+xml"].iter().any(|end| name.contains(end))
        })
}

fn gzip(content: &Bytes) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        let cases = [
            ("gzip, deflate, br, zstd", true),
            ("GZIP;q=0.5", true),
            ("br, gzip;q=0", false),
            ("identity", false),
            ("", false),
        ];
        for (accepted, want) in cases {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))];
            assert_eq!(takes_gzip(&HeaderMap::from_iter(headers)), want, "{accepted}");
        }
    }
}
