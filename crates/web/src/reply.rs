//! The forms of an answer.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

/// Where the JSON twins of the pages are.
pub(crate) const JSON_ROOT: &str = "/api/";

/// Whether what is at `path` answers in JSON.
pub(crate) fn is_json(path: &str) -> bool {
    path.starts_with(JSON_ROOT)
}

/// A page.
pub(crate) fn page(text: String) -> Response {
    Html(text).into_response()
}

/// JSON.
pub(crate) fn json(answer: &impl Serialize) -> Response {
    axum::Json(answer).into_response()
}

/// A file of comma-separated values to save under that name.
pub(crate) fn csv(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}
