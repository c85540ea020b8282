//! Waiting, trying again, and giving up.

use std::sync::Arc;

use jira::{Client, ClientOptions, Error, Login, Site};
use model::remote::{Page, Traffic};

use crate::patience::Noted;
use crate::scripted::{Scripted, json, reply, server_info};

const PAGE: &str = r#"{"startAt":0,"total":1,"issues":[{"id":"1","key":"A-1","fields":{"updated":"2025-06-02T10:00:00.000+0000"}}]}"#;

/// Sweeps over a server that gives the answers in turn, the last of them for ever.
fn sweep(answers: Vec<String>, patience: &Arc<Noted>) -> (Result<usize, Error>, Traffic) {
    let server = Scripted::start(move |n, _| {
        let at = n.checked_sub(1).map(|at| at.min(answers.len() - 1));
        at.map_or_else(|| server_info("Server"), |at| answers[at].clone())
    });
    let site = Site { base_url: server.url(), login: Login::None };
    let options = ClientOptions { tries_max: 4, ..ClientOptions::default() };
    let client = Client::connect(site, &options, Arc::clone(patience) as _).unwrap();
    let mut count = 0;
    let swept = client.sweep("project = A", &mut |page| {
        if let Page::Stubs { stubs, .. } = page {
            count += stubs.len();
        }
        Ok(())
    });
    (swept.map(|()| count), client.traffic())
}

#[test]
fn passing_troubles_pass_and_are_counted() {
    let limited = reply(429, "retry-after: 7\n", "");
    let dated = "date: Sun, 22 Nov 2026 16:00:00 GMT\nretry-after: Sun, 22 Nov 2026 16:00:30 GMT\n";
    let torn = json(200, PAGE).replace("content-length: ", "content-length: 9");
    let html = reply(200, "content-type: text/html\n", "<html>");
    for (troubles, want_waits) in [
        (vec![], vec![]),
        (vec![limited.clone()], vec![7]),
        (vec![reply(503, dated, ""), limited.clone()], vec![30, 7]),
        (vec![torn, html, json(200, "{\"issues\":[")], vec![0, 1, 2]),
        (vec![json(200, r#"{"issues":[{"key":"A-1"}]}"#), String::new()], vec![0, 1]),
    ] {
        let patience = Arc::new(Noted::default());
        let (retries, mut answers) = (troubles.len() as u64, troubles);
        answers.push(json(200, PAGE));
        let (swept, traffic) = sweep(answers, &patience);
        assert_eq!(swept.unwrap(), 1);
        let near = |got: u64, want: u64| got >= want && got <= want + 1;
        let waits = patience.seconds();
        assert!(waits.len() == want_waits.len(), "{waits:?}");
        assert!(
            waits.iter().zip(&want_waits).all(|(g, w)| near(*g, *w)),
            "{waits:?} {want_waits:?}"
        );
        assert_eq!((traffic.requests, traffic.retries), (2 + retries, retries));
        assert!(traffic.bytes > PAGE.len() as u64);
    }
}

#[test]
fn lasting_troubles_are_reported_and_refusals_not_repeated() {
    for (answer, want, tries) in [
        (reply(429, "retry-after: 1\n", ""), "slow down, still after 4 tries", 4),
        (reply(500, "", "<html>"), "a web page), still after 4 tries", 4),
        (json(200, "{}"), "there is no list of issues in it), still after 4 tries", 4),
        (
            json(400, r#"{"errorMessages":["Field 'x' does not exist"]}"#),
            "Field 'x' does not exist",
            1,
        ),
        (json(404, "{}"), "knows nothing under /rest/api/2/search", 1),
        (json(410, "{}"), "no longer offers", 1),
        (json(403, "{}"), "permission", 1),
        (json(401, "{}"), "login", 1),
    ] {
        let (swept, traffic) = sweep(vec![answer], &Arc::new(Noted::default()));
        let error = swept.unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
        assert_eq!(traffic.requests, 1 + tries, "{error}");
    }
}

#[test]
fn giving_up_is_noticed_before_each_request_and_while_waiting() {
    let limited = || reply(429, "retry-after: 7\n", "");
    // Connecting takes some checks; from then on each number ends at another place.
    let ends = (3..30).map(|checks| {
        let patience = Arc::new(Noted::giving_up_after(checks));
        sweep(vec![limited(), limited(), json(200, PAGE)], &patience).0
    });
    let ends: Vec<_> = ends.collect();
    let cancelled = ends.iter().take_while(|end| **end == Err(Error::Cancelled)).count();
    assert!(cancelled > 4, "{ends:?}");
    assert!(ends[cancelled..].iter().all(|end| *end == Ok(1)) && cancelled < ends.len());
}

/// Each page says that another one follows.
#[test]
fn a_list_without_an_end_is_given_up() {
    let boards = vec![r#"{"id":1,"name":"Board","type":"kanban"}"#; 10_000].join(",");
    let page = json(200, &format!(r#"{{"isLast":false,"values":[{boards}]}}"#));
    let last = json(200, r#"{"isLast":true,"values":[]}"#);
    // Longer than any bound; it ends, so that this test does as well.
    let server = Scripted::start(move |n, _| match n {
        0 => server_info("Server"),
        1..=20 => page.clone(),
        _ => last.clone(),
    });
    let site = Site { base_url: server.url(), login: Login::None };
    let options = ClientOptions { tries_max: 1, ..ClientOptions::default() };
    let client = Client::connect(site, &options, Arc::new(Noted::default())).unwrap();
    let error = client.boards("A").unwrap_err();
    assert!(error.to_string().contains("does not end"), "{error}");
}
