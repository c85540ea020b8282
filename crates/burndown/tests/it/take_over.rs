//! Taking the old app's folder over from the welcome page.

use crate::samples::Workspace;
use crate::serving::Server;

/// Asks until the migration is over; a page each time.
fn outcome(server: &Server) -> String {
    for _ in 0..20_000 {
        let (head, body) = server.get("/take-over");
        if head.starts_with("HTTP/1.1 200") && !body.contains("data-poll=") {
            return body;
        }
    }
    panic!("it does not end");
}

#[test]
fn the_welcome_page_takes_a_folder_over() {
    let (old, new) = (Workspace::small(), Workspace::empty());
    let before = old.files();
    let server = Server::start(&new, &["--port", "0"]);
    let (_, welcome) = server.get("/");
    for part in ["Connect to Jira", "Take over my folder", "action=\"/take-over\"", "serve --demo"]
    {
        assert!(welcome.contains(part), "{part:?} is not in {welcome}");
    }
    let folder = old.path.join("profiles");
    let (head, _) = server.post("/take-over", &[("folder", &format!("\"{}\"", folder.display()))]);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    let page = outcome(&server);
    assert!(page.contains("1 profile, 1 query") && page.contains("60 issues"), "{page}");
    let (_, start) = server.get("/");
    assert!(start.contains("Apache Kafka"), "{start}");
    assert!(old.files() == before, "the old files were changed");
    // A second time there is something to lose.
    let (head, body) = server.post("/take-over", &[("folder", &folder.display().to_string())]);
    assert!(
        head.starts_with("HTTP/1.1 422") && body.contains("holds data already"),
        "{head}{body}"
    );
}

#[test]
fn a_folder_without_anything_is_named_and_nothing_is_made() {
    let (old, new) = (Workspace::empty(), Workspace::empty());
    let server = Server::start(&new, &["--port", "0"]);
    let (head, body) = server.post("/take-over", &[("folder", "old")]);
    assert!(head.starts_with("HTTP/1.1 422") && body.contains("whole path"), "{head}{body}");
    server.post("/take-over", &[("folder", &old.path.display().to_string())]);
    let page = outcome(&server);
    assert!(page.contains("holds nothing of the old app") && page.contains("value=\""), "{page}");
    let (_, start) = server.get("/");
    assert!(start.contains("Take over my folder"), "{start}");
    assert!(old.files().is_empty());
}
