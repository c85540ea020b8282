//! The JSON twins: their form, and that they say the same as the pages.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::server::{QUERY, Server, main_of};

fn get(server: &Server, path: &str) -> Value {
    let answer = server.get(&format!("/api/v1{path}"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/json");
    serde_json::from_str(&server.masked(&answer.text)).unwrap()
}

#[track_caller]
fn check(server: &Server, name: &str, path: &str) {
    let mut answer = get(server, path);
    if let Some(size) = answer.get_mut("size_bytes") {
        *size = Value::from("SIZE");
    }
    let room = answer.get_mut("room").and_then(Value::as_object_mut);
    room.into_iter().flatten().for_each(|(_, size)| *size = Value::from("SIZE"));
    if let Some(notes) =
        answer.get_mut("notes").map(Value::take).filter(|notes| *notes != json!([]))
    {
        insta::assert_json_snapshot!(format!("{name}_notes"), notes);
    }
    insta::assert_json_snapshot!(name, answer);
}

#[test]
fn answers() {
    let server = Server::filled();
    check(&server, "json_workspace", "/workspace");
    check(&server, "json_queries", "/profiles/p%201/queries");
    check(&server, "json_profile", "/profiles/gr%C3%B6%C3%9Fe");
    check(&server, "json_profile_setup", "/profiles/p%201/setup");
    check(&server, "json_query_setup", &format!("{QUERY}/setup"));
    check(&server, "json_query", QUERY);
    check(&server, "json_issues", &format!("{QUERY}/issues?size=2&sort=points&order=desc"));
    check(&server, "json_issue", &format!("{QUERY}/issues/K-10"));
    check(&server, "json_issue_unavailable", &format!("{QUERY}/issues/K-11"));
    check(&server, "json_migration", "/migration");
    check(&server, "json_health", "/health?check=true");
    assert_eq!(get(&server, "/profiles"), get(&server, "/workspace")["profiles"]);
}

#[test]
fn a_page_and_its_twin_ask_the_same() {
    let server = Server::filled();
    let query = |rest: &str| format!("{QUERY}{rest}");
    for path in [
        "/trash?deleted=t1".to_owned(),
        "/trash?colour=red".to_owned(),
        "/figures?colour=red".to_owned(),
        "/migration?colour=red".to_owned(),
        "/profiles/p%201?colour=red".to_owned(),
        "/profiles/none".to_owned(),
        "/profiles/%FF".to_owned(),
        "/profiles/p%201/connection?test=false".to_owned(),
        "/profiles/p%201/connection?colour=red".to_owned(),
        "/profiles/p%201/settings?colour=red".to_owned(),
        query("?window=0"),
        query("?window=all"),
        query("/data?weeks=6"),
        query("/data?weeks=0"),
        query("/forecast?model=magic"),
        query("/issues?sort=colour"),
        query("/issues/NONE-1"),
        query("/setup?colour=red"),
        query("/sync?colour=red"),
        query("/weeks?unit=hours"),
    ] {
        let twin = format!("/api/v1{path}");
        let (page, twin) = (server.get(&path), server.get(&twin));
        assert_eq!(page.status, twin.status, "{path}");
        let Ok(json) = serde_json::from_str::<Value>(&twin.text) else { panic!("{path}") };
        assert_eq!(json.get("error").is_some(), !twin.status.is_success(), "{path}");
    }
}

/// Every text in `wanted` stands in the page, in that order.
#[track_caller]
fn check_order(page: &str, wanted: &[String]) {
    let mut rest = page;
    for text in wanted {
        let Some((_, after)) = rest.split_once(text.as_str()) else { panic!("{text} is missing") };
        rest = after;
    }
}

fn texts(list: &Value, write: impl Fn(&Value) -> String) -> Vec<String> {
    list.as_array().unwrap().iter().map(write).collect()
}

#[test]
fn pages_say_the_same() {
    let server = Server::filled();
    for parameters in ["", "?sort=status&order=desc", "?status=Open", "?size=2&page=2"] {
        let path = format!("{QUERY}/issues{parameters}");
        let rows = get(&server, &path)["issues"].clone();
        let page = server.get(&path).text;
        assert_eq!(page.matches("<th scope=\"row\">").count(), rows.as_array().unwrap().len());
        check_order(
            main_of(&page),
            &texts(&rows, |row| format!(">{}</a>", row["key"].as_str().unwrap())),
        );
    }
    let path = format!("{QUERY}/data");
    let query = get(&server, &path);
    let page = server.get(&path).text;
    let shares =
        texts(&query["statuses"], |share| format!("<td class=\"num\">{}</td>", share["count"]));
    check_order(main_of(&page), &shares);
    check_order(
        main_of(&page),
        &texts(&query["notes"], |note| note["sentence"].as_str().unwrap().to_owned()),
    );
    let weeks = &query["snapshots"]["weeks"];
    check_order(main_of(&page), &texts(weeks, |week| week["week"].as_str().unwrap().to_owned()));
}

#[test]
fn the_overview_says_the_same() {
    let server = Server::filled();
    for parameters in ["", "?window=all&as_of=2025-06-10", "?unit=points"] {
        let path = format!("{QUERY}{parameters}");
        let overview = get(&server, &path);
        let page = server.get(&path).text;
        let unit = overview["unit"].as_str().unwrap();
        let amount = |amount: &Value| {
            amount[unit].as_f64().map_or_else(|| ">–<".to_owned(), |number| format!(">{number}<"))
        };
        let mut wanted = vec![amount(&overview["summary"]["totals"]["value"]["scope"])];
        let median = &overview["summary"]["throughput"]["value"]["median"];
        wanted.push(format!(">{}<", median.as_f64().unwrap()));
        wanted.extend(texts(&overview["notes"], |note| {
            note["sentence"].as_str().unwrap().to_owned()
        }));
        for row in overview["weeks"]["value"]["rows"].as_array().unwrap().iter().rev() {
            wanted.push(row["week"].as_str().unwrap().to_owned());
            // What was cancelled is a column only where it is known.
            let is_shown = |part: &&str| *part != "cancelled" || !row["cancelled"].is_null();
            let parts = ["created", "done", "cancelled", "open"].into_iter().filter(is_shown);
            wanted.extend(parts.map(|part| amount(&row[part])));
        }
        check_order(main_of(&page), &wanted);
    }
}
