//! Addresses without what was left empty in a form: with the script it is never sent.

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Leads from an address with empty parameters to the same without them, so that it can be kept.
pub(crate) async fn shorten(request: Request, next: Next) -> Response {
    let (method, uri) = (request.method(), request.uri());
    // `//name` would be another site; what ends like a file is asked for by programs.
    let is_file = uri.path().rsplit('/').next().is_some_and(|name| name.contains('.'));
    let is_own = !["/api/", "//"].iter().any(|start| uri.path().starts_with(start)) && !is_file;
    let is_page = is_own && (method == Method::GET || method == Method::HEAD);
    match uri.query().and_then(without_empty).filter(|_| is_page) {
        Some(query) if query.is_empty() => Redirect::to(uri.path()).into_response(),
        Some(query) => Redirect::to(&format!("{}?{query}", uri.path())).into_response(),
        None => next.run(request).await,
    }
}

/// `None` if none is empty.
fn without_empty(query: &str) -> Option<String> {
    let is_filled = |pair: &&str| !pair.ends_with('=');
    let filled: Vec<&str> = query.split('&').filter(is_filled).collect();
    let shorter = filled.join("&");
    (shorter.len() < query.len()).then_some(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_left_out() {
        for (query, want) in [
            ("", None),
            ("window=12&unit=items", None),
            ("window=12&add=&by=&focus=80", Some("window=12&focus=80")),
            ("add=", Some("")),
            ("text=%3D&flag", None),
        ] {
            assert_eq!(without_empty(query).as_deref(), want, "{query}");
        }
    }
}
