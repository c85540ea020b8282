//! Sweeping and fetching against a fake Jira of both kinds: what comes is what is there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};
use jira::{Client, ClientOptions, Error, Login, Site, standard_fields};
use model::remote::{Batch, Page, Remote as _, Stub};
use serde_json::json;

use crate::patience::Noted;

pub const KINDS: [Kind; 2] = [Kind::Cloud, Kind::DataCenter];

pub fn client(server: &FakeJira) -> Client {
    client_that_waits(server, Duration::from_secs(30))
}

/// A client that takes a silence of that length for the end.
fn client_that_waits(server: &FakeJira, read_timeout: Duration) -> Client {
    let site = Site { base_url: server.url().to_owned(), login: Login::None };
    let options = ClientOptions { tries_max: 5, read_timeout, ..ClientOptions::default() };
    Client::connect(site, &options, Arc::new(Noted::default())).unwrap()
}

/// What a sweep finds by id, and how often it began anew.
pub fn swept(client: &Client, jql: &str) -> Result<(BTreeMap<String, Stub>, u32), Error> {
    let (mut found, mut again) = (BTreeMap::new(), 0);
    client.sweep(jql, &mut |page| {
        match page {
            Page::Again => {
                found.clear();
                again += 1;
            }
            Page::Stubs { stubs, .. } => {
                for stub in stubs {
                    let twin = found.insert(stub.id.clone(), stub);
                    assert_eq!(twin, None, "an issue is handed over twice");
                }
            }
        }
        Ok(())
    })?;
    Ok((found, again))
}

/// Fetches everything found, as many at once as the client takes.
pub fn fetched(client: &Client, found: &BTreeMap<String, Stub>) -> Batch {
    let ids: Vec<&str> = found.keys().map(String::as_str).collect();
    let mut all = Batch::default();
    for part in ids.chunks(client.fetch_ids_max()) {
        let batch = client.fetch(part, &standard_fields(&[])).unwrap();
        all.issues.extend(batch.issues);
        all.gone.extend(batch.gone);
        all.failed.extend(batch.failed);
    }
    all
}

/// Whether a client sees just what the world holds.
#[track_caller]
pub fn check_same(server: &FakeJira, jql: &str) -> u32 {
    check_same_for(&client(server), server, jql)
}

#[track_caller]
fn check_same_for(client: &Client, server: &FakeJira, jql: &str) -> u32 {
    let (found, again) = swept(client, jql).unwrap();
    let batch = fetched(client, &found);
    assert_eq!((batch.gone, batch.failed), (vec![], vec![]));
    let mut world = server.world();
    let mut want = world.search(jql).unwrap();
    want.sort();
    assert_eq!(found.keys().cloned().collect::<Vec<_>>(), want);
    assert_eq!(batch.issues.len(), want.len());
    for issue in &batch.issues {
        let key = &issue.stub.key;
        assert_eq!(world.id(key).unwrap(), issue.stub.id);
        assert_eq!(Some(world.updated(key).unwrap()), issue.stub.updated);
        assert_eq!(found.get(&issue.stub.id), Some(&issue.stub));
        let count = world.history_count(key).unwrap() as u64;
        assert_eq!((issue.histories_received, issue.histories_told), (count, Some(count)), "{key}");
        let moments: Vec<_> = changes(issue);
        assert!(moments.is_sorted(), "{key}: {moments:?}");
        assert!(!issue.document.as_str().contains("\"changelog\""));
    }
    again
}

fn changes(issue: &model::remote::Fetched) -> Vec<model::Timestamp> {
    let mut tape = model::Tape::new();
    let entry = tape.parse(issue.changelog.as_str()).unwrap();
    let histories = entry.get("changelog").and_then(|log| log.get("histories")).unwrap();
    histories.elements().map(|history| model::changelog::moment(history).unwrap()).collect()
}

/// Projects A, B and C with so many issues each, made in turn.
pub fn three_projects(each: usize) -> World {
    let mut world = World::new();
    for number in 0..each * 3 {
        let project = ["A", "B", "C"][number % 3];
        let key = world.add(project, json!({})).unwrap();
        for _ in 0..number % 4 {
            world.set(&key, "summary", &json!(format!("again {number}"))).unwrap();
        }
    }
    world
}

const ALL: &str = "project = A OR project in (B, C) ORDER BY updated DESC";

#[test]
fn honest_servers_give_what_they_have() {
    for kind in KINDS {
        for (bare, full) in [(5_000, 1_000), (7, 3), (2, 2)] {
            let behaviour = Behaviour::honest(kind).pages(bare, full);
            let server = FakeJira::start(three_projects(9), kind, behaviour).unwrap();
            assert_eq!(check_same(&server, ALL), 0, "{kind:?} {bare}");
        }
        let world = World::generated(230, 7);
        let server = FakeJira::start(world, kind, Behaviour::honest(kind)).unwrap();
        check_same(&server, "project = DEMO");
        assert!(swept(&client(&server), "project = DEMO AND status = Nowhere").is_err());
        assert_eq!(
            swept(&client(&server), "project = DEMO AND key in (DEMO-1)").unwrap().0.len(),
            1
        );
    }
}

#[test]
fn a_window_is_walked_over_by_ranges_of_keys() {
    for (window, page) in [(10, 4), (10, 10), (25, 7), (3, 2), (60, 20)] {
        let behaviour = Behaviour::honest(Kind::DataCenter).window(Some(window)).pages(page, page);
        let server = FakeJira::start(three_projects(20), Kind::DataCenter, behaviour).unwrap();
        assert_eq!(check_same(&server, ALL), 0, "{window} {page}");
    }
}

#[test]
fn an_issue_that_moves_into_a_range_behind_is_found() {
    let behaviour = Behaviour::honest(Kind::DataCenter).window(Some(10)).pages(10, 10);
    let behaviour = behaviour.edit("/search", Which::Nth(4), |world| {
        world.move_to("C-5", "A").unwrap();
    });
    let mut world = three_projects(10);
    world.advance(jiff::SignedDuration::from_hours(500));
    let server = FakeJira::start(world, Kind::DataCenter, behaviour).unwrap();
    assert_eq!(check_same(&server, ALL), 0);
}

#[test]
fn pages_of_one_or_none_lead_nowhere() {
    for (which, want) in [(Which::Nth(2), true), (Which::Each, false)] {
        for kind in KINDS {
            let behaviour =
                Behaviour::honest(kind).pages(5, 50).fault("/search", which, Fault::EmptyPage);
            let server = FakeJira::start(three_projects(4), kind, behaviour).unwrap();
            let swept = swept(&client(&server), ALL).map(|(found, _)| found.len());
            assert!(!want || swept == Ok(12), "{kind:?} {swept:?}");
            assert!(want || swept != Ok(12), "{kind:?} {swept:?}");
        }
    }
    let behaviour = Behaviour::honest(Kind::DataCenter).pages(1, 1);
    let server = FakeJira::start(three_projects(4), Kind::DataCenter, behaviour).unwrap();
    assert!(matches!(swept(&client(&server), ALL), Err(Error::Restless { .. })));
}

#[test]
fn a_token_that_repeats_is_no_endless_walk() {
    for (which, want) in [(Which::Nth(2), true), (Which::Each, false)] {
        let behaviour = Behaviour::honest(Kind::Cloud).pages(3, 50);
        let behaviour = behaviour.fault("/search/jql", which, Fault::RepeatedToken);
        let server = FakeJira::start(three_projects(4), Kind::Cloud, behaviour).unwrap();
        match swept(&client(&server), ALL) {
            Ok((found, _)) => assert!(want && found.len() == 12),
            Err(error) => assert!(!want && matches!(error, Error::Restless { .. }), "{error}"),
        }
    }
}

/// An edit before a page is asked for, and whether the walk has to begin anew on Data Center.
type Edit = (fn(&mut World), bool);

#[test]
fn issues_that_change_between_pages_are_neither_lost_nor_doubled() {
    let edits: [Edit; 6] = [
        (|world| drop(world.move_to("C-5", "A")), true),
        (|world| world.delete("A-1").unwrap(), true),
        (|world| world.hide("A-2").unwrap(), true),
        (|world| drop(world.add("A", json!({})).unwrap()), true),
        (|world| world.touch("C-5").unwrap(), false),
        (|world| drop(world.add("C", json!({})).unwrap()), false),
    ];
    for (edit, begins_anew) in edits {
        let behaviour = Behaviour::honest(Kind::DataCenter).pages(4, 50);
        let behaviour = behaviour.edit("/search", Which::Nth(4), edit);
        let server = FakeJira::start(three_projects(6), Kind::DataCenter, behaviour).unwrap();
        assert_eq!(check_same(&server, ALL) > 0, begins_anew);
    }
    let behaviour = Behaviour::honest(Kind::DataCenter).pages(4, 50);
    let behaviour = behaviour.edit("/search", Which::Each, |world| {
        world.add("A", json!({})).unwrap();
    });
    let server = FakeJira::start(three_projects(6), Kind::DataCenter, behaviour).unwrap();
    let error = swept(&client(&server), ALL).unwrap_err();
    assert!(error.to_string().contains("6 times"), "{error}");
}

/// Faults after which the same question is answered.
fn passing_faults() -> Vec<Fault> {
    vec![
        Fault::too_many(Some(3)),
        Fault::too_many(None),
        Fault::too_many_until("2026-01-01T00:01Z"),
        Fault::unavailable(Some(1)),
        Fault::broken(),
        Fault::proxy(),
        Fault::login_page(),
        Fault::Empty,
        Fault::Cut,
        Fault::Torn,
        Fault::Closed,
        Fault::ContentType("text/plain".to_owned()),
    ]
}

#[test]
fn faults_that_pass_change_nothing() {
    for kind in KINDS {
        let honest = Behaviour::honest(kind).pages(5, 9);
        for seed in 0..6 {
            let server = FakeJira::start(three_projects(8), kind, honest.clone()).unwrap();
            let client = client(&server);
            server.behave(honest.clone().chance(250, seed, 3, passing_faults()));
            check_same_for(&client, &server, ALL);
            assert!(client.traffic().retries > 0);
        }
        let slow = Fault::Slow { piece_bytes: 50, pause: Duration::from_millis(1) };
        let once = passing_faults().into_iter().chain([slow]);
        for fault in once {
            let behaviour = honest.clone().fault("/search", Which::Nth(2), fault.clone());
            let server = FakeJira::start(three_projects(8), kind, behaviour).unwrap();
            check_same(&server, ALL);
        }
    }
}

#[test]
fn a_silent_server_is_asked_again_but_not_for_ever() {
    for (which, want) in [(Which::Nth(1), true), (Which::Each, false)] {
        let behaviour = Behaviour::honest(Kind::DataCenter);
        let behaviour = behaviour.fault("/search", which, Fault::Stalled);
        let server = FakeJira::start(three_projects(2), Kind::DataCenter, behaviour).unwrap();
        let client = client_that_waits(&server, Duration::from_millis(200));
        match swept(&client, ALL) {
            Ok((found, _)) => assert!(want && found.len() == 6),
            Err(error) => assert!(!want && matches!(error, Error::Timeout { .. }), "{error}"),
        }
        assert!(server.requests().len() <= 4);
    }
}

#[test]
fn what_stays_wrong_ends_with_its_own_error() {
    type IsIt = fn(&Error) -> bool;
    let ends: [(Fault, IsIt); 7] = [
        (Fault::seraph(), |error| matches!(error, Error::Login { .. })),
        (Fault::unauthorized(), |error| matches!(error, Error::Login { .. })),
        (Fault::captcha(), |error| matches!(error, Error::Captcha { .. })),
        (Fault::forbidden(), |error| matches!(error, Error::Forbidden { .. })),
        (Fault::gone(), |error| matches!(error, Error::Removed { .. })),
        (
            Fault::redirect("https://elsewhere.example/"),
            |error| matches!(error, Error::Redirected { to, .. } if to == "elsewhere.example"),
        ),
        (Fault::login_page(), |error| matches!(error, Error::Damaged { .. })),
    ];
    for kind in KINDS {
        for (fault, is_it) in &ends {
            let behaviour = Behaviour::honest(kind).fault("/search", Which::Each, fault.clone());
            let server = FakeJira::start(three_projects(2), kind, behaviour).unwrap();
            let error = swept(&client(&server), ALL).unwrap_err();
            assert!(is_it(&error), "{fault:?}: {error:?}");
        }
    }
}

/// What members of the pages of a walk are taken away or changed, and whether the walk finds everything.
#[track_caller]
fn check_lying(kind: Kind, which: Which, members: &[(&'static str, Option<serde_json::Value>)]) {
    let honest = Behaviour::honest(kind).pages(3, 50);
    let path = if kind == Kind::Cloud { "/search/jql" } else { "/search" };
    for each in [1, 2, 5] {
        let server = FakeJira::start(three_projects(each), kind, honest.clone()).unwrap();
        server.behave(honest.clone().fault(path, which, Fault::Members(members.to_vec())));
        let (found, _) = swept(&client(&server), ALL).unwrap();
        assert_eq!(found.len(), each * 3, "{kind:?} {members:?}");
    }
}

/// A total that is missing or too small ends no walk: what follows would look deleted.
#[test]
fn a_walk_does_not_end_where_only_the_total_says_so() {
    for total in [None, Some(json!(null)), Some(json!(0)), Some(json!(3)), Some(json!("x"))] {
        check_lying(Kind::DataCenter, Which::Each, &[("total", total.clone())]);
        check_lying(Kind::DataCenter, Which::Each, &[("total", total), ("maxResults", None)]);
    }
    check_lying(Kind::DataCenter, Which::Each, &[("maxResults", None)]);
}

/// A page that is not the last one and names no next one lost its token.
#[test]
fn a_walk_does_not_end_where_a_token_is_lost() {
    check_lying(
        Kind::Cloud,
        Which::Nth(1),
        &[("nextPageToken", None), ("isLast", json!(false).into())],
    );
    check_lying(Kind::Cloud, Which::Nth(1), &[("nextPageToken", json!({}).into())]);
    check_lying(Kind::Cloud, Which::Each, &[("isLast", json!(true).into())]);
    check_lying(Kind::Cloud, Which::Each, &[("isLast", None)]);
    let lost = Fault::Members(vec![("nextPageToken", None), ("isLast", Some(json!(false)))]);
    let behaviour = Behaviour::honest(Kind::Cloud).pages(3, 50);
    let behaviour = behaviour.fault("/search/jql", Which::Each, lost);
    let server = FakeJira::start(three_projects(2), Kind::Cloud, behaviour).unwrap();
    assert!(matches!(swept(&client(&server), ALL), Err(Error::Restless { .. })));
}

#[test]
fn what_a_jql_finds_is_asked_for_by_ids() {
    for kind in KINDS {
        let server = FakeJira::start(three_projects(3), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let id = |key: &str| server.world().id(key).unwrap();
        let (there, deleted, other) = (id("A-1"), id("A-2"), id("B-1"));
        server.world().delete("A-2").unwrap();
        let found = client.find_among("project = A", &[&there, &deleted, &other]).unwrap();
        let keys: Vec<&str> = found.iter().map(|stub| stub.key.as_str()).collect();
        assert_eq!(keys, ["A-1"], "{kind:?}");
    }
}

/// Ids of that many issues of a project, some of which are not there any more.
fn ids_of_a(server: &FakeJira, count: usize, deleted: &[usize]) -> Vec<String> {
    let keys: Vec<String> = (1..=count).map(|number| format!("A-{number}")).collect();
    let mut world = server.world();
    let ids = keys.iter().map(|key| world.id(key).unwrap()).collect();
    for number in deleted {
        world.delete(&format!("A-{number}")).unwrap();
    }
    ids
}

/// One issue that is not there has the whole question refused: the others are found all the same.
#[test]
fn ids_that_are_refused_together_are_asked_for_in_parts() {
    for kind in KINDS {
        for deleted in [&[2][..], &[1, 15, 30], &[5, 6, 7, 8, 9, 10]] {
            let behaviour = Behaviour::honest(kind).strict_about_issues();
            let server = FakeJira::start(three_projects(30), kind, behaviour).unwrap();
            let client = client(&server);
            let ids = ids_of_a(&server, 30, deleted);
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let found = client.find_among("project = A", &ids).unwrap();
            assert_eq!(found.len(), 30 - deleted.len(), "{kind:?} {deleted:?}");
        }
    }
}

/// What is there is found however much is not there: an issue that nobody asked for would count as gone.
#[test]
fn many_ids_that_are_refused_hide_none_that_is_there() {
    for kind in KINDS {
        let behaviour = Behaviour::honest(kind).strict_about_issues();
        let server = FakeJira::start(three_projects(250), kind, behaviour).unwrap();
        let client = client(&server);
        let deleted: Vec<usize> = (1..=250).filter(|number| number % 2 == 0).collect();
        let ids = ids_of_a(&server, 250, &deleted);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let found = client.find_among("project = A", &ids).unwrap();
        assert_eq!(found.len(), 125, "{kind:?}");
    }
}

/// A server that refuses to be asked by ids is not asked without end.
#[test]
fn a_server_that_refuses_ids_is_not_asked_for_ever() {
    for kind in KINDS {
        let honest = Behaviour::honest(kind);
        let server = FakeJira::start(three_projects(30), kind, honest.clone()).unwrap();
        let client = client(&server);
        let ids: Vec<String> = (0..1_000).map(|number| format!("9{number:04}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let fault = Fault::Answer {
            status: 400,
            headers: Vec::new(),
            content_type: "application/json".to_owned(),
            body: r#"{"errorMessages":["Not so."]}"#.to_owned(),
        };
        server.behave(honest.fault("/search", Which::Each, fault));
        server.forget_requests();
        assert!(client.find_among("project = A", &ids).unwrap().is_empty());
        assert!(server.requests().len() < 150, "{kind:?}: {}", server.requests().len());
    }
}

/// A server may give less on a page than it was asked for.
#[test]
fn issues_found_by_ids_come_on_several_pages() {
    for kind in KINDS {
        let behaviour = Behaviour::honest(kind).pages(4, 4);
        let server = FakeJira::start(three_projects(30), kind, behaviour).unwrap();
        let client = client(&server);
        let ids = ids_of_a(&server, 30, &[3]);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let found = client.find_among("project = A", &ids).unwrap();
        assert_eq!(found.len(), 29, "{kind:?}");
    }
}
