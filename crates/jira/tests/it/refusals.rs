//! A Jira that is unlike the book: what is refused is said in its own words, and what can be had in
//! another way is.

use std::sync::Arc;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Which, World};
use jira::{Client, ClientOptions, Error, Login, Site};
use model::Token;
use serde::Deserialize;
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

/// Answers to a single request, each with what must be said of it: a new one is a line there.
const CASES: &str = include_str!("../../../../fixtures/jira/refusals.json");

#[derive(Debug, Deserialize)]
struct Case {
    name: String,
    /// What is tried: to connect, to fetch issues with long histories, or to read the lists.
    step: String,
    kind: String,
    login: Option<String>,
    path: String,
    status: u16,
    #[serde(rename = "type")]
    content_type: String,
    body: String,
    says: Vec<String>,
    not: Vec<String>,
}

impl Case {
    /// What is said of it. Fetching goes on but for what was refused: all is there that can be.
    fn told(&self) -> String {
        let kind = if self.kind == "dc" { Kind::DataCenter } else { Kind::Cloud };
        let (world, behaviour) = long(60, kind);
        let fault = said(self.status, &self.content_type, &self.body);
        let behaviour = behaviour.histories(40, 100, 100).fault(&self.path, Which::Each, fault);
        let server = FakeJira::start(world, kind, behaviour).unwrap();
        let is_stranger = self.login.as_deref() == Some("none");
        let connected = connect(&server, if is_stranger { Login::None } else { basic(TOKEN) });
        let client = match (connected, self.step.as_str()) {
            (Err(error), "connect") => return error.to_string(),
            (connected, _) => connected.unwrap_or_else(|error| panic!("{self:?}: {error}")),
        };
        match self.step.as_str() {
            "histories" => {
                let (found, _) = swept(&client, "project = L").unwrap();
                let issues = fetched(&client, &found).issues;
                let whole = issues.iter().filter(|issue| issue.histories_received == 60).count();
                assert_eq!(whole, 3, "{self:?}");
            }
            "lists" => drop(client.labels().unwrap()),
            _ => panic!("nothing was refused: {self:?}"),
        }
        client.refused().join(" ")
    }
}

#[test]
fn refusals_are_told_in_the_words_of_the_server() {
    let cases: Vec<Case> = serde_json::from_str(CASES).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let told = case.told();
        let lacks = case.says.iter().any(|part| !told.contains(part));
        if lacks || case.not.iter().any(|part| told.contains(part)) {
            wrong.push(format!("{}: {told}", case.name));
        }
    }
    assert!(wrong.is_empty() && !cases.is_empty(), "{wrong:#?}");
}

#[test]
fn histories_of_strangers_are_whole() {
    // Nobody is logged in: the call for many is closed.
    let (world, behaviour) = long(600, Kind::Cloud);
    let server = FakeJira::start(world, Kind::Cloud, behaviour.histories(40, 100, 100)).unwrap();
    check_same(&server, "project = L");
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
