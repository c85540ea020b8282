//! The forms of an answer.

use axum::body::Body;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use model::plain;
use serde::Serialize;
use words::json::Told;

use crate::failure::Failure;

/// Where the JSON twins of the pages are.
pub(crate) const JSON_ROOT: &str = "/api/";

/// Whether what is at `path` answers in JSON.
pub(crate) fn is_json(path: &str) -> bool {
    path.starts_with(JSON_ROOT)
}

/// A page.
pub(crate) fn page(text: String) -> Response {
    Html(plain::html(text)).into_response()
}

/// JSON, with sentences beside codes.
pub(crate) fn json(answer: &impl Serialize) -> Response {
    match serde_json::to_string(&Told(answer)) {
        Ok(text) => json_text(text),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be JSON");
            Failure::internal().into_response()
        }
    }
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], plain::json(text)).into_response()
}

/// What a file of comma-separated values is.
pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";

/// A file to save under that name, which is of ASCII letters.
pub(crate) fn file(media_type: &str, name: &str, content: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, content.into()).into_response()
}
