//! When Jira is asked: by whoever sends a form, never by whoever opens an address.

use fake_jira::{Behaviour, FakeJira, Kind, World};

use crate::program::{BINARY, command, finish};
use crate::samples::Workspace;
use crate::serving::Server;

#[test]
fn opening_an_address_never_has_jira_asked() {
    let jira = Behaviour::honest(Kind::DataCenter);
    let jira = FakeJira::start(World::generated(20, 1), Kind::DataCenter, jira).unwrap();
    let workspace = Workspace::empty();
    let mut connect = command(BINARY, &workspace.path);
    let connect = connect.args(["connect", jira.url(), "--public", "--workspace", "."]);
    finish(connect).answer();
    let server = Server::start(&workspace, &["--port", "0"]);
    let profiles: serde_json::Value =
        serde_json::from_str(&server.get("/api/v1/profiles").1).unwrap();
    let page = format!("/profiles/{}/connection", profiles[0]["id"].as_str().unwrap());
    jira.forget_requests();
    for path in [
        page.clone(),
        format!("{page}?jql=project=DEMO"),
        format!("{page}?test=true"),
        format!("{page}?found=1"),
        format!("/api/v1{page}?jql=project=DEMO"),
    ] {
        let (head, body) = server.get(&path);
        assert!(head.starts_with("HTTP/1.1 200") || head.starts_with("HTTP/1.1 422"), "{head}");
        assert!(!body.contains("Logged in as"), "{path}: {body}");
    }
    assert_eq!(jira.requests().len(), 0);
    let form = [("form", "test"), ("jql", "project = DEMO")];
    let (head, _) = server.post(&page, &form);
    let found = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    let asked = jira.requests().len();
    assert!(asked > 0);
    for _ in 0..2 {
        let shown = server.get(found).1;
        assert!(shown.contains("The connection") && shown.contains("20 issues"), "{shown}");
    }
    let (head, body) = server.post(&format!("/api/v1{page}"), &form);
    assert!(head.starts_with("HTTP/1.1 200") && body.contains("\"count\":20"), "{head}{body}");
    assert!(jira.requests().len() > asked);
}
