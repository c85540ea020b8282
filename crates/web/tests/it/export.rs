//! A profile as a download.

use std::io::Read as _;

use axum::http::StatusCode;
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::server::Server;

fn unpacked(bytes: &[u8]) -> Value {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_profile_is_sent_as_a_file() {
    let server = Server::filled();
    for (parameters, content, issues) in [
        ("", "everything", 4),
        ("?content=", "everything", 4),
        ("?content=settings", "settings", 0),
    ] {
        let answer = server.get(&format!("/api/v1/profiles/p%201/export{parameters}"));
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["content-type"], "application/gzip");
        let name = answer.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"burndown-"), "{name}");
        assert!(name.ends_with("-2026-11-22.json.gz\"") && !name.contains('<'), "{name}");
        let file = unpacked(&answer.bytes);
        assert_eq!(
            (&file["content"], &file["counts"]["issues"]),
            (&content.into(), &issues.into())
        );
    }
}

#[test]
fn what_is_not_there_is_an_error_and_no_file() {
    let server = Server::filled();
    for (path, status, part) in [
        ("nope/export", StatusCode::NOT_FOUND, "there is no profile nope"),
        (
            "p%201/export?content=all",
            StatusCode::UNPROCESSABLE_ENTITY,
            "use everything or settings",
        ),
        ("p%201/export?query=q", StatusCode::UNPROCESSABLE_ENTITY, "the only one here is content"),
    ] {
        let answer = server.get(&format!("/api/v1/profiles/{path}"));
        assert_eq!((answer.status, answer.text.contains(part)), (status, true), "{}", answer.text);
    }
}
