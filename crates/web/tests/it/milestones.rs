//! Setting deadlines by a form: what changes, where it leads, and who may.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::Value;

use crate::server::{Answer, QUERY, Server, main_of};

const PATH: &str = "/profiles/p%201/milestones";

fn post(server: &Server, path: &str, form: &str, origin: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", "localhost:8050")
        .header("origin", origin)
        .header("content-type", "application/x-www-form-urlencoded");
    server.send(request.body(Body::from(form.to_owned())).unwrap())
}

const OWN: &str = "http://localhost:8050";

fn listed(server: &Server) -> String {
    let found: Value = serde_json::from_str(&server.get(&format!("/api/v1{PATH}")).text).unwrap();
    let one = |found: &Value| {
        format!("{} {}", found["name"].as_str().unwrap(), found["date"].as_str().unwrap())
    };
    found.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_form_sets_and_takes_away() {
    let server = Server::filled();
    let before = listed(&server);
    let back = format!("{QUERY}/forecast");
    let sent = back.replace('%', "%25");
    let form = format!("name=Beta+%3Cb%3E&date=2026-03-01&back={sent}");
    let answer = post(&server, PATH, &form, OWN);
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &back.parse().unwrap())
    );
    assert!(listed(&server).contains("Beta <b> 2026-03-01"), "{}", listed(&server));
    let page = server.get(&back).text;
    assert!(main_of(&page).contains("Beta &lt;b&gt;"), "{page}");
    let answer = post(&server, &format!("{PATH}/remove"), "name=Beta+%3Cb%3E", OWN);
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"/".parse().unwrap())
    );
    assert_eq!(listed(&server), before);
}

#[track_caller]
fn check_refused(path: &str, form: &str, origin: &str, status: u16, message: &str) {
    let server = Server::filled();
    let before = listed(&server);
    let answer = post(&server, path, form, origin);
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(message), "{}", answer.text);
    assert_eq!(listed(&server), before);
}

#[test]
fn what_means_nothing_changes_nothing() {
    check_refused(PATH, "name=Beta&date=soon", OWN, 422, "2025-11-24");
    check_refused(PATH, "name=&date=2026-01-01", OWN, 422, "1 to 60 characters");
    check_refused(PATH, "date=2026-01-01", OWN, 422, "1 to 60 characters");
    check_refused(&format!("{PATH}/remove"), "name=nothing", OWN, 404, "There is no milestone");
    check_refused("/profiles/nobody/milestones", "name=B&date=2026-01-01", OWN, 404, "nobody");
    check_refused(PATH, "name=Beta&date=2026-01-01", "http://evil.example", 403, "");
}

#[test]
fn a_form_never_leads_elsewhere() {
    let server = Server::filled();
    for back in [
        "//evil.example/",
        "https://evil.example/",
        "/profiles/x%0d%0aset-cookie:a",
        "/profiles/%5c",
        "/profiles/%01",
        "/profiles/%c3%a9",
    ] {
        let form = format!("name=Beta&date=2026-03-01&back={back}");
        let answer = post(&server, PATH, &form, OWN);
        assert_eq!(answer.headers["location"], "/", "{back}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}
