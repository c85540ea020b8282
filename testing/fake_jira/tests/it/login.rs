//! Who may see what.

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Kind::Cloud, Kind::DataCenter, Login};

use crate::client::send;
use crate::request::world;

fn jira(kind: Kind, anonymous: Anonymous) -> FakeJira {
    let login = match kind {
        Cloud => Login::Basic("ada".to_owned(), "t".to_owned()),
        DataCenter => Login::Bearer("t".to_owned()),
    };
    let behaviour = Behaviour::honest(kind).login(login, anonymous);
    FakeJira::start(world(), kind, behaviour).unwrap()
}

/// Statuses of serverInfo, myself, and a search, and how many issues that finds.
#[track_caller]
fn check(kind: Kind, anonymous: Anonymous, header: &str, want: (u16, u16, u16, usize)) {
    let jira = jira(kind, anonymous);
    let header = if header.is_empty() { "" } else { &format!("Authorization: {header}\r\n") };
    let ask = |path: &str| send(&jira, path, None, header).unwrap();
    let path = match kind {
        Cloud => "/rest/api/3/search/jql?jql=project=AB&fields=key",
        DataCenter => "/rest/api/2/search?jql=project=AB&fields=key",
    };
    let search = ask(path);
    let found = search.body.matches("\"key\":\"AB-").count();
    let [info, myself] = ["/rest/api/2/serverInfo", "/rest/api/2/myself"].map(|it| ask(it).status);
    assert_eq!((info, myself, search.status, found), want, "{kind:?} {anonymous:?} {header}");
}

#[test]
fn only_the_right_login_is_somebody() {
    check(DataCenter, Anonymous::Refused, "Bearer t", (200, 200, 200, 3));
    check(DataCenter, Anonymous::Refused, "Bearer x", (200, 401, 401, 0));
    check(DataCenter, Anonymous::Everything, "Basic dDp0", (200, 401, 401, 0));
    check(Cloud, Anonymous::Refused, "Basic YWRhOnQ=", (200, 200, 200, 3));
    check(Cloud, Anonymous::Refused, "Basic YWRhOnU=", (200, 401, 401, 0));
    check(Cloud, Anonymous::Everything, "Bearer t", (200, 403, 403, 0));
}

#[test]
fn strangers_see_what_they_may() {
    for kind in [Cloud, DataCenter] {
        check(kind, Anonymous::Refused, "", (200, 401, 401, 0));
        check(kind, Anonymous::Nothing, "", (200, 401, 200, 0));
        check(kind, Anonymous::Everything, "", (200, 401, 200, 3));
    }
}

#[test]
fn requests_are_written_down() {
    let jira = jira(DataCenter, Anonymous::Refused);
    send(&jira, "/rest/api/2/status?a=b", None, "Authorization: Bearer t\r\n").unwrap();
    let requests = jira.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].method.as_str(), requests[0].parameter("a")), ("GET", Some("b")));
    assert_eq!(requests[0].header("authorization"), Some("Bearer t"));
    jira.forget_requests();
    assert!(jira.requests().is_empty());
}
