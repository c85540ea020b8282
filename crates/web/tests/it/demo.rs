//! The demo on every page: a crawl that follows each link of this server once.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;

use crate::server::Server;

/// Pages that are enough to have seen each kind, with many issues.
const PAGES_MAX: usize = 150;

/// Paths that a page links to.
fn links(page: &str) -> impl Iterator<Item = String> {
    let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    targets.filter(|target| target.starts_with('/')).map(|target| target.replace("&amp;", "&"))
}

#[test]
fn every_link_of_the_demo_leads_to_a_page_that_says_what_it_is() {
    let server = Server::demo();
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut next = VecDeque::from(["/".to_owned()]);
    let mut visited = 0;
    while let Some(path) = next.pop_front().filter(|_| visited < PAGES_MAX) {
        visited += 1;
        let answer = server.get(&path);
        // There was no migration, and the page says so.
        let want = if path == "/migration" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(answer.status, want, "{path}");
        let is_page = answer.headers["content-type"].as_bytes().starts_with(b"text/html");
        assert!(!is_page || answer.text.contains("burndown demo --remove"), "{path}");
        let found = links(&answer.text).filter(|path| !path.starts_with("/assets/"));
        next.extend(found.filter(|path| seen.insert(path.clone())));
    }
    for part in ["/queries/checkout-rewrite", "/queries/bugs", "/issues/CHK-", "/about"] {
        assert!(seen.iter().any(|path| path.contains(part)), "{part} is not among {seen:?}");
    }
}

#[test]
fn the_answer_says_that_it_is_the_demo() {
    let text = Server::demo().get("/api/v1/workspace").text;
    let workspace: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(workspace["is_demo"], true);
    let own = Server::filled();
    assert!(!own.get("/").text.contains("Demo data"));
    assert!(own.get("/api/v1/workspace").text.contains("\"is_demo\":false"));
}
