//! A table of requests and what each kind answers.

use fake_jira::{Behaviour, FakeJira, Kind, Kind::Cloud, Kind::DataCenter, SPRINT_FIELD, World};
use serde_json::{Value, json};

use crate::client::{get, post};

/// Three issues, one of them in a sprint, one with 120 histories.
pub fn world() -> World {
    let mut world = World::new();
    world.see_status(&json!({"id": "5", "name": "Done"}));
    world.see_sprint(&json!({"id": 7, "name": "S, [7]", "state": "active", "boardId": 1}));
    for _ in 0..3 {
        world.add("AB", json!({})).unwrap();
    }
    world.plan("AB-1", &[7]).unwrap();
    for round in 0..60 {
        world.transition("AB-2", "Done").unwrap();
        world.set("AB-2", "summary", &format!("Round {round}").into()).unwrap();
    }
    world
}

fn jira(kind: Kind) -> FakeJira {
    FakeJira::start(world(), kind, Behaviour::honest(kind)).unwrap()
}

/// `want` are pointers into the answer with what is there; null for absent.
#[track_caller]
fn check(kind: Kind, path: &str, body: Option<Value>, status: u16, want: &[(&str, Value)]) {
    let jira = jira(kind);
    let answer = match &body {
        Some(body) => post(&jira, path, body),
        None => get(&jira, path),
    };
    assert_eq!(answer.status, status, "{kind:?} {path}: {}", answer.body);
    let json = answer.json();
    for (pointer, value) in want {
        let found = json.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(found, value, "{kind:?} {path} {pointer}: {}", answer.body);
    }
}

#[test]
fn each_says_what_it_is() {
    let cloud = [("/deploymentType", json!("Cloud")), ("/versionNumbers/0", json!(1001))];
    check(Cloud, "/rest/api/2/serverInfo", None, 200, &cloud);
    check(Cloud, "/rest/api/3/serverInfo", None, 200, &cloud);
    let server = [("/deploymentType", json!("Server")), ("/version", json!("10.3.13"))];
    check(DataCenter, "/rest/api/2/serverInfo", None, 200, &server);
    check(DataCenter, "/rest/api/3/serverInfo", None, 404, &[("/status-code", json!(404))]);
}

#[test]
fn lists_are_those_of_the_world() {
    for kind in [Cloud, DataCenter] {
        let status = [("/0/name", json!("Done")), ("/0/statusCategory/key", json!("done"))];
        check(kind, "/rest/api/2/status", None, 200, &status);
        check(kind, "/rest/api/2/statuscategory", None, 200, &[("/2/key", json!("indeterminate"))]);
        check(kind, "/rest/api/2/field", None, 200, &[("/0/name", json!("Summary"))]);
        check(kind, "/rest/api/2/issuetype", None, 200, &[("/0/name", json!("Story"))]);
        check(kind, "/rest/api/2/priority", None, 200, &[("/0/id", json!("3"))]);
        check(kind, "/rest/api/2/resolution", None, 200, &[("", json!([]))]);
        check(kind, "/rest/api/2/project", None, 200, &[("/0/key", json!("AB"))]);
        check(kind, "/rest/api/2/project/ab/versions", None, 200, &[("", json!([]))]);
        check(kind, "/rest/api/2/project/NO", None, 404, &[]);
        check(kind, "/rest/api/2/nothing", None, 404, &[]);
        check(kind, "/rest/agile/1.0/board", None, 200, &[("/values/0/type", json!("scrum"))]);
        let sprints = "/rest/agile/1.0/board/1/sprint?state=active";
        check(kind, sprints, None, 200, &[("/values/0/id", json!(7)), ("/isLast", json!(true))]);
        let none = "/rest/agile/1.0/board/1/sprint?state=closed";
        check(kind, none, None, 200, &[("/values", json!([]))]);
        check(kind, "/rest/agile/1.0/sprint/7", None, 200, &[("/originBoardId", json!(1))]);
        let columns = [("/columnConfig/columns/1/statuses/0/id", json!("5"))];
        check(kind, "/rest/agile/1.0/board/1/configuration", None, 200, &columns);
        check(kind, "/rest/agile/1.0/board/2", None, 404, &[]);
    }
    check(Cloud, "/rest/api/3/project/search", None, 200, &[("/values/0/key", json!("AB"))]);
    check(DataCenter, "/rest/api/2/project/search", None, 404, &[]);
}

#[test]
fn data_center_searches_by_offset() {
    let path = "/rest/api/2/search?jql=project=AB order by key&startAt=1&maxResults=1";
    let want = [
        ("/total", json!(3)),
        ("/startAt", json!(1)),
        ("/maxResults", json!(1)),
        ("/maxResultWindow", json!(10_000)),
        ("/issues/0/key", json!("AB-2")),
        ("/issues/0/fields/summary", json!("Round 59")),
        ("/issues/0/changelog", Value::Null),
        ("/issues/1", Value::Null),
    ];
    check(DataCenter, path, None, 200, &want);
    let body = json!({"jql": "key = AB-2", "fields": ["key"], "expand": ["changelog"]});
    let want = [
        ("/issues/0/fields", Value::Null),
        ("/issues/0/changelog/total", json!(120)),
        ("/issues/0/changelog/maxResults", json!(120)),
        ("/issues/0/changelog/histories/0/items/0/field", json!("status")),
        ("/issues/0/changelog/histories/0/items/0/fieldId", Value::Null),
        ("/issues/0/changelog/histories/119/items/0/toString", json!("Round 59")),
    ];
    check(DataCenter, "/rest/api/2/search", Some(body), 200, &want);
    let unknown = json!({"jql": "project = NO", "validateQuery": false});
    let want = [("/total", json!(0)), ("/issues", json!([]))];
    check(DataCenter, "/rest/api/2/search", Some(unknown), 200, &want);
    check(DataCenter, "/rest/api/2/search?jql=project=NO", None, 400, &[]);
    check(DataCenter, "/rest/api/2/search?jql=key in (AB-1,AB-9)", None, 400, &[]);
}

#[test]
fn data_center_counts_to_ten_thousand() {
    let jira = jira(DataCenter);
    let at = |start: usize| format!("/rest/api/2/search?jql=&startAt={start}&maxResults=1000");
    assert_eq!(get(&jira, &at(9_000)).status, 200);
    let beyond = get(&jira, &at(9_001));
    assert_eq!(beyond.status, 500);
    assert!(beyond.body.contains("Search limit exceeded"), "{}", beyond.body);
}

#[test]
fn cloud_searches_by_token() {
    let path = "/rest/api/3/search/jql?jql=key=AB-2";
    check(Cloud, path, None, 200, &[("/issues/0/key", Value::Null), ("/isLast", json!(true))]);
    let body = json!({"jql": "key in (AB-2, AB-9)", "fields": ["summary"], "expand": "changelog"});
    let want = [
        ("/issues/0/key", json!("AB-2")),
        ("/issues/0/fields", json!({"summary": "Round 59"})),
        ("/issues/0/changelog/total", json!(40)),
        ("/issues/0/changelog/maxResults", json!(40)),
        ("/issues/0/changelog/histories/0/items/0/toString", json!("Round 59")),
        ("/issues/0/changelog/histories/0/items/0/fieldId", json!("summary")),
        ("/issues/0/changelog/histories/40", Value::Null),
        ("/total", Value::Null),
        ("/nextPageToken", Value::Null),
    ];
    check(Cloud, "/rest/api/3/search/jql", Some(body), 200, &want);
    let listed = json!({"jql": "project = AB", "expand": ["changelog"]});
    check(Cloud, "/rest/api/3/search/jql", Some(listed), 400, &[]);
    for unbounded in ["", "order by key"] {
        let body = json!({ "jql": unbounded });
        check(Cloud, "/rest/api/3/search/jql", Some(body.clone()), 400, &[]);
        check(Cloud, "/rest/api/3/search/approximate-count", Some(body), 400, &[]);
    }
    let body = json!({"jql": "project = AB"});
    check(Cloud, "/rest/api/3/search/approximate-count", Some(body), 200, &[("/count", json!(3))]);
    check(Cloud, "/rest/api/2/search?jql=project=AB", None, 410, &[]);
    check(DataCenter, "/rest/api/2/search/jql?jql=project=AB", None, 404, &[]);
}

#[test]
fn cloud_gives_issues_and_histories_in_bulk() {
    let body = json!({"issueIdsOrKeys": ["AB-3", "AB-1", "AB-9"], "fields": ["summary"]});
    let want = [
        ("/issues/0/key", json!("AB-1")),
        ("/issues/1/key", json!("AB-3")),
        ("/issues/2", Value::Null),
    ];
    check(Cloud, "/rest/api/3/issue/bulkfetch", Some(body), 200, &want);
    let many: Vec<String> = (0..101).map(|number| format!("AB-{number}")).collect();
    let body = json!({ "issueIdsOrKeys": many });
    check(Cloud, "/rest/api/3/issue/bulkfetch", Some(body), 400, &[]);
    let body = json!({"issueIdsOrKeys": ["AB-2", "AB-1"], "maxResults": 2});
    let created = "/issueChangeLogs/0/changeHistories/0/created";
    let want = [
        // 2026-01-01, six edits of a minute later.
        (created, json!(1_767_225_960_000_u64)),
        ("/issueChangeLogs/0/changeHistories/0/items/0/field", json!("Sprint")),
        ("/issueChangeLogs/1/changeHistories/0/items/0/field", json!("status")),
        ("/issueChangeLogs/1/changeHistories/1", Value::Null),
    ];
    check(Cloud, "/rest/api/3/changelog/bulkfetch", Some(body.clone()), 200, &want);
    check(DataCenter, "/rest/api/2/changelog/bulkfetch", Some(body), 404, &[]);
}

#[test]
fn cloud_pages_the_histories_of_one_issue() {
    let path = "/rest/api/3/issue/AB-2/changelog?startAt=100";
    let want = [
        ("/total", json!(120)),
        ("/isLast", json!(true)),
        ("/values/0/items/0/field", json!("status")),
        ("/values/19/items/0/toString", json!("Round 59")),
        ("/values/20", Value::Null),
        ("/histories", Value::Null),
    ];
    check(Cloud, path, None, 200, &want);
    let first = "/rest/api/3/issue/AB-2/changelog?maxResults=500";
    check(Cloud, first, None, 200, &[("/isLast", json!(false)), ("/maxResults", json!(100))]);
    check(Cloud, "/rest/api/3/issue/AB-9/changelog", None, 404, &[]);
    check(DataCenter, "/rest/api/2/issue/AB-2/changelog", None, 404, &[]);
}

#[test]
fn a_single_issue_comes_by_key_or_id() {
    for kind in [Cloud, DataCenter] {
        let summary = [("/fields", json!({"summary": "Issue AB-3"}))];
        check(kind, "/rest/api/2/issue/ab-3?fields=summary", None, 200, &summary);
        check(kind, "/rest/api/2/issue/50000003?fields=summary", None, 200, &summary);
        check(kind, "/rest/api/2/issue/AB-9", None, 404, &[]);
    }
    let path = "/rest/api/2/issue/AB-2?expand=changelog&fields=-summary";
    let want = [("/changelog/maxResults", json!(100)), ("/fields/summary", Value::Null)];
    check(Cloud, path, None, 200, &want);
    check(DataCenter, path, None, 200, &[("/changelog/maxResults", json!(120))]);
}

#[test]
fn sprints_are_objects_or_texts() {
    let path = format!("/rest/api/2/issue/AB-1?fields={SPRINT_FIELD}");
    let at = format!("/fields/{SPRINT_FIELD}/0");
    let object = json!({"id": 7, "name": "S, [7]", "state": "active", "boardId": 1});
    check(Cloud, &path, None, 200, &[(at.as_str(), object)]);
    let text = get(&jira(DataCenter), &path).json();
    let text = text.pointer(&at).and_then(Value::as_str).unwrap();
    assert!(text.contains("[id=7,rapidViewId=1,state=ACTIVE,name=S, [7],"), "{text}");
}

#[test]
fn malformed_requests_are_refused() {
    check(DataCenter, "/rest/api/2/search", Some(json!([])), 400, &[]);
    let body = json!({"jql": "project = AB", "nextPageToken": "7b"});
    check(Cloud, "/rest/api/3/search/jql", Some(body), 400, &[]);
    let html = get(&jira(Cloud), "/login");
    assert_eq!((html.status, html.header("Content-Type")), (404, Some("text/html;charset=UTF-8")));
}
