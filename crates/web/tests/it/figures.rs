//! Figures as JSON and CSV, and the list of issues behind a number.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{QUERY, Server, main_of};

fn text(server: &Server, path: &str, media_type: &str) -> String {
    let answer = server.get(&format!("/api/v1{QUERY}{path}"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(answer.headers["content-type"], media_type);
    answer.text
}

fn json(server: &Server, path: &str) -> Value {
    serde_json::from_str(&text(server, path, "application/json")).unwrap()
}

#[test]
fn figures_are_answered() {
    let server = Server::filled();
    let mut overview = json(&server, "?as_of=2025-06-10");
    // The futures have a snapshot of their own where they are made.
    overview["forecast"]["fan"] = "FAN".into();
    overview["forecast"]["when"]["value"]["weeks"] = "WEEKS".into();
    insta::assert_json_snapshot!("json_overview", overview);
    insta::assert_json_snapshot!("json_weeks", json(&server, "/weeks?window=1&as_of=2025-06-10"));
    let csv = text(
        &server,
        "/weeks.csv?window=all&as_of=2025-06-10",
        "text/csv; charset=utf-8; header=present",
    );
    insta::assert_snapshot!("weeks_csv", csv.replace("\r\n", "⏎\n"));
    let overview = json(&server, "?window=6&unit=points");
    assert_eq!(overview["weeks"], json(&server, "/weeks?window=6")["table"]);
}

#[test]
fn nothing_to_count_is_a_reason() {
    let server = Server::filled();
    let overview = server.get("/api/v1/profiles/p%201/queries/q2");
    let overview: Value = serde_json::from_str(&overview.text).unwrap();
    assert_eq!(overview["weeks"]["reason"], "The query holds no issues.");
    assert_eq!(overview["origin"], Value::Null);
    let csv = server.get("/api/v1/profiles/p%201/queries/q2/weeks.csv");
    assert_eq!(csv.text.lines().count(), 1);
}

#[test]
fn parameters_that_mean_nothing_are_named() {
    let server = Server::filled();
    for (path, part) in [
        ("?window=0", "window"),
        ("?page=1", "window, unit or as_of"),
        ("/weeks?as_of=soon", "as_of"),
        ("/weeks.csv?unit=hours", "unit"),
        ("/issues?week=2025-W23", "event"),
        ("/issues?event=created", "name the week"),
    ] {
        let answer = server.get(&format!("/api/v1{QUERY}{path}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text.contains(part), "{}", answer.text);
    }
}

#[test]
fn the_issues_behind_a_number_say_what_it_counts() {
    let server = Server::filled();
    let path = "/issues?event=created&week=2025-W23&as_of=2025-06-10";
    let list = json(&server, path);
    assert_eq!((&list["matching"], &list["behind"]["weeks"]), (&2.into(), &"2025-W23".into()));
    let page = server.get(&format!("{QUERY}{path}&size=1")).text;
    let main = main_of(&page);
    assert!(main.contains("Created in 2025-W23, as known on 10 Jun 2025."), "{main}");
    let kept = "event=created&amp;week=2025-W23&amp;as_of=2025-06-10";
    assert_eq!(main.matches(kept).count(), main.matches("?").count() - 1, "{main}");
    assert!(main.contains(r#"<input type="hidden" name="week" value="2025-W23">"#), "{main}");
    assert!(main.contains(r#"issues?size=1">Show all</a>"#), "{main}");
}
