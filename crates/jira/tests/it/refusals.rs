//! A Jira that is unlike the book: what is refused is said in its own words, and what can be had in
//! another way is.

use std::sync::Arc;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Which, World};
use jira::{Client, ClientOptions, Error, Login, Site};
use model::Token;
use serde_json::json;

use crate::patience::Noted;
use crate::world::{check_same, client, fetched, swept};

const EMAIL: &str = "ada@example.org";
const TOKEN: &str = "scoped";

/// An answer with words of its own.
fn said(status: u16, content_type: &str, body: &str) -> Fault {
    Fault::Answer {
        status,
        headers: Vec::new(),
        content_type: content_type.to_owned(),
        body: body.to_owned(),
    }
}

fn out_of_scope() -> Fault {
    said(401, "application/json", r#"{"code":401,"message":"Unauthorized; scope does not match"}"#)
}

fn connect(server: &FakeJira, login: Login) -> Result<Client, Error> {
    let site = Site { base_url: server.url().to_owned(), login };
    let options = ClientOptions { tries_max: 2, ..ClientOptions::default() };
    Client::connect(site, &options, Arc::new(Noted::default()))
}

fn basic(token: &str) -> Login {
    Login::Basic { email: EMAIL.to_owned(), token: Token::new(token).unwrap() }
}

/// A Jira with a login and issues of one project, one of them with a long history.
fn long(changes: usize, kind: Kind) -> (World, Behaviour) {
    let mut world = World::new();
    for _ in 0..3 {
        let key = world.add("L", json!({})).unwrap();
        for number in 0..changes {
            world.set(&key, "summary", &json!(format!("{number}"))).unwrap();
        }
    }
    let login = fake_jira::Login::Basic(EMAIL.to_owned(), TOKEN.to_owned());
    (world, Behaviour::honest(kind).login(login, Anonymous::Everything))
}

#[track_caller]
fn check_words(kind: Kind, path: &str, fault: Fault, parts: &[&str], not: &[&str]) {
    let behaviour = Behaviour::honest(kind).fault(path, Which::Each, fault);
    let server = FakeJira::start(World::new(), kind, behaviour).unwrap();
    let error = connect(&server, basic(TOKEN)).err().unwrap().to_string();
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
    for part in not {
        assert!(!error.contains(part), "{part:?} is in: {error}");
    }
}

#[test]
fn refusals_are_told_in_the_words_of_the_server() {
    let dc = Kind::DataCenter;
    let off = r#"{"message":"Basic Authentication has been disabled on this instance."}"#;
    check_words(
        dc,
        "serverInfo",
        said(403, "application/json", off),
        &["Basic Authentication has been disabled on this instance.", "personal access token"],
        &["expired"],
    );
    let firewall = "<html><h1>Access denied</h1>Incident 123";
    check_words(
        dc,
        "serverInfo",
        said(403, "text/html;charset=UTF-8", firewall),
        &["firewalls and gateways"],
        &["wrong", "expired"],
    );
    check_words(
        Kind::Cloud,
        "myself",
        out_of_scope(),
        &["scope does not match", "read:jira-user"],
        &["expired"],
    );
    check_words(
        Kind::Cloud,
        "myself",
        said(401, "text/plain", "Client must be authenticated to access this resource."),
        &[
            "Client must be authenticated",
            "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555",
        ],
        &[],
    );
}

#[test]
fn histories_of_strangers_and_of_tokens_with_few_scopes_are_whole() {
    // Nobody is logged in: the call for many is closed.
    let (world, behaviour) = long(600, Kind::Cloud);
    let server = FakeJira::start(world, Kind::Cloud, behaviour.histories(40, 100, 100)).unwrap();
    check_same(&server, "project = L");
    let (world, behaviour) = long(60, Kind::Cloud);
    let behaviour = behaviour.fault("changelog/bulkfetch", Which::Each, out_of_scope());
    let server = FakeJira::start(world, Kind::Cloud, behaviour.histories(40, 100, 100)).unwrap();
    let client = connect(&server, basic(TOKEN)).unwrap();
    let (found, _) = swept(&client, "project = L").unwrap();
    let batch = fetched(&client, &found);
    assert!(batch.issues.iter().all(|issue| issue.histories_received == 60));
    let refused = client.refused().join(" ");
    assert!(
        refused.contains("scope does not match") && refused.contains("read:jira-work"),
        "{refused}"
    );
}

/// How a list may be refused or broken, words that then stand in what is told of it, and whether it may
/// be had another time.
fn refusals_of_a_list() -> Vec<(Fault, &'static str, bool)> {
    let json = |body: &str| said(200, "application/json", body);
    vec![
        (Fault::gone(), "no longer offers", false),
        (out_of_scope(), "scope does not match", false),
        (Fault::forbidden(), "does not allow this", false),
        (Fault::not_found(), "not", false),
        (Fault::broken(), "HTTP 500", true),
        (Fault::proxy(), "HTTP 502", true),
        (Fault::login_page(), "not JSON", true),
        (Fault::Empty, "damaged", true),
        (Fault::Cut, "damaged", true),
        (json("null"), "damaged", true),
        (json("{\"x\":1}"), "damaged", true),
        (json("{\"values\":{}}"), "damaged", true),
        (json("[null,1,{\"id\":null,\"name\":[]}]"), "damaged", true),
    ]
}

#[test]
fn lists_that_are_refused_or_broken_end_nothing() {
    for kind in [Kind::Cloud, Kind::DataCenter] {
        for list in ["priority", "resolution", "status", "issuetype", "/field"] {
            for (fault, words, is_broken) in refusals_of_a_list() {
                let told = format!("{kind:?} {list} {fault:?}");
                let behaviour = Behaviour::honest(kind).fault(list, Which::Each, fault);
                let server = FakeJira::start(World::generated(5, 1), kind, behaviour).unwrap();
                let client = client(&server);
                let labels = client.labels().unwrap();
                let fields = client.special_fields().unwrap();
                assert_eq!(fields.is_none(), list == "/field", "{told}");
                assert_eq!(labels.is_broken, is_broken && list != "/field", "{told}");
                assert!(labels.told.iter().all(|label| label.field != list), "{told}");
                let refused = client.refused();
                assert!(refused.iter().any(|said| said.contains(words)), "{told}: {refused:?}");
            }
        }
    }
}

#[test]
fn deprecated_lists_are_asked_for_only_where_their_successors_are_not_there() {
    let honest = Behaviour::honest(Kind::Cloud);
    let server = FakeJira::start(World::generated(5, 1), Kind::Cloud, honest.clone()).unwrap();
    let names = |client: &Client| {
        let labels = client.labels().unwrap();
        labels.told.into_iter().filter(|label| label.field == "priority").count()
    };
    let client = client(&server);
    let count = names(&client);
    assert!(count > 0);
    let asked = |end: &str| server.requests().iter().any(|asked| asked.path.ends_with(end));
    assert!(asked("/priority/search") && asked("/resolution/search"));
    assert!(!asked("/priority") && !asked("/resolution"));
    server.behave(honest.fault("/search", Which::Each, Fault::not_found()));
    assert_eq!(names(&client), count);
}

#[test]
fn a_gateway_that_lets_no_post_through_is_asked_with_get() {
    for kind in [Kind::Cloud, Kind::DataCenter] {
        let behaviour = Behaviour::honest(kind).without_posts();
        let server = FakeJira::start(World::generated(30, 1), kind, behaviour).unwrap();
        let client = client(&server);
        let (found, again) = swept(&client, "project = DEMO").unwrap();
        assert_eq!((found.len(), again), (30, 0));
        assert_eq!(fetched(&client, &found).issues.len(), 30);
        let check = client.check_jql("project = DEMO", 3).unwrap();
        assert_eq!(check.samples.len(), 3);
        assert_eq!(check.count, (kind == Kind::DataCenter).then_some(30));
    }
}

#[test]
fn a_window_that_shows_as_an_empty_page_is_a_window() {
    let behaviour =
        Behaviour::honest(Kind::DataCenter).pages(300, 50).window(Some(1_000)).silent_window();
    let server = FakeJira::start(World::generated(1_205, 1), Kind::DataCenter, behaviour).unwrap();
    let (found, again) = swept(&client(&server), "project = DEMO").unwrap();
    assert_eq!((found.len(), again), (1_205, 0));
}
