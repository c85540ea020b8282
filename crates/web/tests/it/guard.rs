//! Who is let in, and which headers every answer has.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::server::{Answer, QUERY, Server};

fn send(server: &Server, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.send(request.body(Body::empty()).unwrap())
}

const OWN: (&str, &str) = ("host", "localhost:8050");

#[test]
fn foreign_hosts_learn_nothing() {
    let server = Server::filled();
    let attacks: [&[(&str, &str)]; 5] = [
        &[("host", "evil.example")],
        &[("host", "127.0.0.1.evil.example:8050")],
        &[("host", "")],
        &[("host", "localhost"), ("host", "evil.example")],
        &[],
    ];
    for path in ["/", "/healthz", "/api/v1/workspace", "/favicon.ico", "/nothing", QUERY] {
        for headers in attacks {
            let answer = send(&server, Method::GET, path, headers);
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(
                !answer.text.contains("sqlite") && !answer.text.contains("alert"),
                "{}",
                answer.text
            );
            assert!(answer.headers.contains_key("content-security-policy"));
        }
    }
    let absolute = send(&server, Method::GET, "http://evil.example/", &[OWN]);
    assert_eq!(absolute.status, StatusCode::FORBIDDEN);
    for host in ["localhost", "127.0.0.1:1", "[::1]:8050"] {
        assert_eq!(
            send(&server, Method::GET, "/", &[("host", host)]).status,
            StatusCode::OK,
            "{host}"
        );
    }
}

#[test]
fn writes_of_other_sites_are_refused_before_anything_else() {
    let server = Server::filled();
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let foreign = [OWN, ("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")];
        assert_eq!(send(&server, method.clone(), "/", &foreign).status, StatusCode::FORBIDDEN);
        assert_eq!(send(&server, method.clone(), "/", &[OWN]).status, StatusCode::FORBIDDEN);
        let own = [OWN, ("origin", "http://localhost:8050"), ("sec-fetch-site", "same-origin")];
        let answer = send(&server, method, "/", &own);
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers["allow"], "GET,HEAD");
    }
}

#[test]
fn every_answer_has_the_headers() {
    let server = Server::filled();
    for path in
        ["/", "/nothing", "/api/v1/health", "/profiles/nobody", "/healthz", ui::asset::STYLE.path()]
    {
        let headers = send(&server, Method::GET, path, &[OWN]).headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none';") && !policy.contains("unsafe"),
            "{policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
        assert!(headers.contains_key("x-request-id"), "{path}");
        assert!(!headers.contains_key("access-control-allow-origin"), "{path}");
    }
}

#[test]
fn pages_are_asked_for_again_and_assets_are_kept_for_ever() {
    let server = Server::filled();
    for path in ["/", "/api/v1/workspace", QUERY] {
        let headers = send(&server, Method::GET, path, &[OWN]).headers;
        assert_eq!(headers["cache-control"], "private, no-cache", "{path}");
        assert_eq!(headers["vary"], "Cookie, Authorization", "{path}");
    }
    let nothing = send(&server, Method::GET, "/nothing", &[OWN]);
    assert_eq!(nothing.headers["cache-control"], "no-store");
    for asset in ui::asset::ALL {
        let answer = send(&server, Method::GET, asset.path(), &[OWN]);
        assert_eq!(answer.text, asset.text());
        assert_eq!(answer.headers["content-type"], asset.media_type);
        assert!(answer.headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
    let stale = send(&server, Method::GET, "/assets/0000000000000000/app.css", &[OWN]);
    assert_eq!(
        (stale.status, &stale.headers["cache-control"]),
        (StatusCode::NOT_FOUND, &"no-store".parse().unwrap())
    );
}

#[test]
fn what_the_asker_holds_already_is_not_sent_again() {
    let server = Server::filled();
    for path in [QUERY, "/figures", "/api/v1/figures"] {
        let first = send(&server, Method::GET, path, &[OWN]);
        let tag = first.headers["etag"].to_str().unwrap();
        let again = send(&server, Method::GET, path, &[OWN, ("if-none-match", tag)]);
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(again.headers["etag"], first.headers["etag"], "{path}");
        assert!(again.headers.contains_key("content-security-policy"), "{path}");
        let other = send(&server, Method::GET, path, &[OWN, ("if-none-match", "\"0\"")]);
        assert_eq!((other.status, other.text), (StatusCode::OK, first.text), "{path}");
    }
}

#[test]
fn heads_are_answered_like_gets() {
    let server = Server::filled();
    for (path, status) in [("/", 200), (QUERY, 200), ("/api/v1/health", 200), ("/nothing", 404)] {
        assert_eq!(send(&server, Method::HEAD, path, &[OWN]).status.as_u16(), status, "{path}");
    }
}

#[test]
fn the_server_says_that_it_lives() {
    assert_eq!(Server::empty().get("/healthz").text, "ok\n");
}
