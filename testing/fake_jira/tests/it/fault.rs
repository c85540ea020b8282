//! Faults, each as a client meets it.

use std::time::Duration;

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Kind::Cloud, Kind::DataCenter, Which};
use serde_json::json;

use crate::client::{Answer, get, of_issues, post, send};
use crate::request::world;

const PATH: &str = "/rest/api/2/status";

fn jira(kind: Kind, behaviour: Behaviour) -> FakeJira {
    FakeJira::start(world(), kind, behaviour).unwrap()
}

/// The first answer; the second one is always right.
fn faulty(fault: Fault) -> Option<Answer> {
    let behaviour = Behaviour::honest(DataCenter).fault("/status", Which::Nth(1), fault);
    let jira = jira(DataCenter, behaviour);
    let first = send(&jira, PATH, None, "");
    assert_eq!(get(&jira, PATH).json()[0]["name"], "Done");
    first
}

#[track_caller]
fn check(fault: Fault, status: u16, headers: &[(&str, Option<&str>)], body: &str) {
    let answer = faulty(fault.clone()).unwrap();
    assert_eq!(answer.status, status, "{fault:?}");
    for (name, value) in headers {
        assert_eq!(answer.header(name), *value, "{fault:?} {name}");
    }
    assert!(answer.body.contains(body), "{fault:?}: {}", answer.body);
}

#[test]
fn refusals_look_like_jiras() {
    let captcha = "CAPTCHA_CHALLENGE; login-url=https://jira.example.org/login.jsp";
    let seraph = [("X-Seraph-LoginReason", Some("AUTHENTICATED_FAILED"))];
    check(Fault::too_many(Some(7)), 429, &[("Retry-After", Some("7"))], "Rate limit");
    check(Fault::too_many(None), 429, &[("Retry-After", None)], "Rate limit");
    let until = [("X-RateLimit-Reset", Some("2026-01-01T00:01Z")), ("Retry-After", None)];
    check(Fault::too_many_until("2026-01-01T00:01Z"), 429, &until, "");
    check(Fault::unauthorized(), 401, &[], "must be authenticated");
    check(Fault::captcha(), 403, &[("X-Authentication-Denied-Reason", Some(captcha))], "<html>");
    check(Fault::forbidden(), 403, &[], "permission");
    check(Fault::not_found(), 404, &[], "does not exist");
    check(Fault::gone(), 410, &[], "/rest/api/3/search/jql");
    check(Fault::broken(), 500, &[], "Internal server error");
    check(Fault::unavailable(Some(9)), 503, &[("Retry-After", Some("9"))], "<html>");
    check(Fault::unavailable(None), 503, &[("Retry-After", None)], "<html>");
    check(Fault::proxy(), 502, &[("Content-Type", Some("text/html;charset=UTF-8"))], "nginx");
    check(Fault::login_page(), 200, &[], "<!DOCTYPE html>");
    check(Fault::seraph(), 200, &seraph, "");
    let to = "https://elsewhere.example.org/";
    check(Fault::redirect(to), 302, &[("Location", Some(to))], "");
    let plain = Fault::ContentType("text/plain".to_owned());
    check(plain, 200, &[("Content-Type", Some("text/plain"))], "statusCategory");
}

#[test]
fn bodies_break_in_every_way() {
    let whole = get(&jira(DataCenter, Behaviour::honest(DataCenter)), PATH).body.len();
    let sizes = |fault| faulty(fault).map(|answer| (answer.promised(), answer.body.len()));
    assert_eq!(sizes(Fault::Empty), Some((0, 0)));
    assert_eq!(sizes(Fault::Cut), Some((whole / 2, whole / 2)));
    assert_eq!(sizes(Fault::Torn), Some((whole, whole / 2)));
    assert_eq!(sizes(Fault::Closed), None);
    assert_eq!(sizes(Fault::Giant { bytes: 3_000_000 }), Some((3_000_000, 3_000_000)));
    let slow = Fault::Slow { piece_bytes: 100, pause: Duration::from_micros(1) };
    assert_eq!(sizes(slow), Some((whole, whole)));
}

#[test]
fn who_stalls_ends_with_the_server() {
    let stalls = Behaviour::honest(DataCenter).fault(PATH, Which::Each, Fault::Stalled);
    let crawls = Behaviour::honest(DataCenter).fault(
        PATH,
        Which::Each,
        Fault::Slow { piece_bytes: 1, pause: Duration::from_secs(3_600) },
    );
    for behaviour in [stalls, crawls] {
        let jira = jira(DataCenter, behaviour);
        let address = jira.url().trim_start_matches("http://").to_owned();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        std::io::Write::write_all(&mut stream, format!("GET {PATH} HTTP/1.1\r\n\r\n").as_bytes())
            .unwrap();
        while jira.requests().is_empty() {
            std::thread::yield_now();
        }
        drop(jira);
        std::io::Read::read_to_end(&mut stream, &mut Vec::new()).ok();
    }
}

#[test]
fn pages_lie_on_demand() {
    let path = "/rest/api/3/search/jql";
    let body = json!({"jql": "project = AB ORDER BY key", "fields": ["key"], "maxResults": 1});
    let with = |fault| jira(Cloud, Behaviour::honest(Cloud).fault(path, Which::Nth(1), fault));
    let repeating = with(Fault::RepeatedToken);
    let first = post(&repeating, path, &body).json();
    let mut next = body.clone();
    next["nextPageToken"] = first["nextPageToken"].clone();
    let second = post(&repeating, path, &next).json();
    assert_eq!(of_issues(&first, "/key"), ["AB-1"]);
    assert_eq!(of_issues(&second, "/key"), ["AB-1"]);
    let empty = post(&with(Fault::EmptyPage), path, &body).json();
    assert_eq!((&empty["issues"], &empty["isLast"]), (&json!([]), &json!(false)));
    let path = "/rest/api/2/search?jql=project=AB&expand=changelog";
    let with =
        |fault| jira(DataCenter, Behaviour::honest(DataCenter).fault("", Which::Each, fault));
    let empty = get(&with(Fault::EmptyPage), path).json();
    assert_eq!((&empty["issues"], &empty["total"]), (&json!([]), &json!(3)));
    let short = get(&with(Fault::ShortChangelogs), path).json();
    let changelog = &short["issues"][1]["changelog"];
    assert_eq!(changelog["total"], 120);
    assert_eq!(changelog["histories"].as_array().unwrap().len(), 2);
}

#[test]
fn chance_repeats_and_relents() {
    let statuses = |seed| {
        let behaviour = Behaviour::honest(DataCenter).chance(
            600,
            seed,
            2,
            vec![Fault::broken(), Fault::too_many(None)],
        );
        let jira = jira(DataCenter, behaviour);
        (0..40).map(|_| get(&jira, PATH).status).collect::<Vec<_>>()
    };
    let first = statuses(1);
    assert_eq!(first, statuses(1));
    assert_ne!(first, statuses(2));
    assert!(first.contains(&500) && first.contains(&429), "{first:?}");
    assert!(first.windows(3).all(|three| three.contains(&200)), "{first:?}");
}

#[test]
fn rules_count_and_can_be_replaced() {
    let honest = || Behaviour::honest(DataCenter);
    let from = honest().context("/jira/").fault("/status", Which::From(2), Fault::broken());
    let jira = jira(DataCenter, from);
    assert!(jira.url().ends_with("/jira"));
    let path = format!("/jira{PATH}");
    let statuses = || [&path, &path, &path].map(|path| get(&jira, path).status);
    assert_eq!(statuses(), [200, 500, 500]);
    jira.behave(honest().context("/jira"));
    assert_eq!(statuses(), [200, 200, 200]);
    assert_eq!(get(&jira, PATH).status, 404);
}
