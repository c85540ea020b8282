//! Forms of the set-up pages: what they lead to, what is refused, and that nothing typed is lost.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{Answer, HOSTILE, QUERY, Server, main_of};

const PROFILE: &str = "/profiles/p%201";

fn json(server: &Server, path: &str) -> Value {
    serde_json::from_str(&server.get(&format!("/api/v1{path}")).text).unwrap()
}

/// Where a form leads.
#[track_caller]
fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap()
}

#[track_caller]
fn check_refused(answer: &Answer, status: StatusCode, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    for part in parts {
        assert!(main_of(&answer.text).contains(part), "{part}: {}", main_of(&answer.text));
    }
}

#[test]
fn a_profile_is_made_used_renamed_and_duplicated() {
    let server = Server::empty();
    let made = server.post("/setup", &[("form", "new-profile"), ("name", "Team A")]);
    let setup = led_to(&made).to_owned();
    assert_eq!(json(&server, &setup)["name"], "Team A");

    let profile = setup.strip_suffix("/setup").unwrap();
    assert_eq!(led_to(&server.post(&format!("{profile}/use"), &[])), profile);
    assert_eq!(json(&server, &setup)["is_active"], true);

    let revision = json(&server, &setup)["revision"].to_string();
    let edit = [("form", "edit"), ("revision", &revision), ("name", "B"), ("description", "x")];
    assert_eq!(led_to(&server.post(&setup, &edit)), setup);
    assert_eq!(json(&server, &setup)["description"], "x");

    let jql = [("form", "new-query"), ("jql", "project = K order by key"), ("name", "")];
    let query = led_to(&server.post(&setup, &jql)).to_owned();
    assert_eq!(json(&server, &query)["name"], "K");

    let duplicate = [("form", "duplicate"), ("name", "C"), ("with", "queries")];
    let copy = led_to(&server.post(&setup, &duplicate)).to_owned();
    assert_eq!(json(&server, &copy)["queries"].as_array().unwrap().len(), 1);
}

#[test]
fn a_query_is_used_edited_duplicated_and_moved() {
    let server = Server::filled();
    let other = format!("{PROFILE}/queries/q2");
    assert_eq!(led_to(&server.post(&format!("{other}/use"), &[])), other);
    assert_eq!(json(&server, "/workspace")["active"]["query"], "q2");

    let setup = format!("{QUERY}/setup");
    let revision = json(&server, &setup)["revision"].to_string();
    let edit = [("form", "edit"), ("revision", &revision), ("name", "N"), ("jql", "a < 1")];
    assert_eq!(led_to(&server.post(&setup, &edit)), setup);
    let page = server.get(&setup).text;
    assert!(page.contains("The JQL was edited after the issues were fetched"), "{page}");
    assert!(page.contains("<code class=\"jql\">project = K &amp; x &lt; 3</code>"), "{page}");

    let copy = server.post(&setup, &[("form", "duplicate"), ("name", "Copy"), ("with", "data")]);
    assert_eq!(json(&server, led_to(&copy))["name"], "Copy");
    let moved = server.post(&setup, &[("form", "move"), ("profile", "größe")]);
    assert_eq!(led_to(&moved), "/profiles/gr%C3%B6%C3%9Fe/queries/q%26%C3%BC/setup");
    assert_eq!(server.get(&setup).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_wrong_field_is_named_and_what_was_typed_stays() {
    let server = Server::filled();
    let long = "x".repeat(101);
    for (path, fields, parts) in [
        (
            "/setup",
            [("form", "new-profile"), ("name", HOSTILE), ("description", "kept <i>")],
            vec![
                "exists already",
                "value=\"&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;\"",
                "value=\"kept &lt;i&gt;\"",
                "aria-describedby=\"new-profile-name-why\"",
            ],
        ),
        (
            "/profiles/p%201/setup",
            [("form", "new-query"), ("jql", " "), ("name", "kept")],
            vec!["It must not be empty; write", "value=\"kept\"", "id=\"new-query-jql-why\""],
        ),
        (
            "/profiles/p%201/setup",
            [("form", "duplicate"), ("name", &long), ("with", "data")],
            vec!["100 characters", &long, "id=\"duplicate-name-why\""],
        ),
        (
            &format!("{QUERY}/setup"),
            [("form", "move"), ("profile", "p 1"), ("x", "")],
            vec!["id=\"move-profile-why\""],
        ),
    ] {
        let before = json(&server, "/workspace");
        check_refused(&server.post(path, &fields), StatusCode::UNPROCESSABLE_ENTITY, &parts);
        assert_eq!(json(&server, "/workspace"), before);
    }
}

#[test]
fn of_two_who_edit_the_second_sees_both() {
    let server = Server::filled();
    let setup = format!("{QUERY}/setup");
    let revision = json(&server, &setup)["revision"].to_string();
    let edit = |revision: &str, name: &str, jql: &str| {
        let fields = [("form", "edit"), ("revision", revision), ("name", name), ("jql", jql)];
        server.post(&setup, &fields)
    };
    led_to(&edit(&revision, "First", "a = 1"));
    let refused = edit(&revision, "Second", "a = 1");
    let now = json(&server, &setup)["revision"].to_string();
    check_refused(
        &refused,
        StatusCode::CONFLICT,
        &[
            "was changed elsewhere",
            "value=\"Second\"",
            "Saved meanwhile: <q>First</q>",
            &format!("name=\"revision\" value=\"{now}\""),
        ],
    );
    assert_eq!(refused.text.matches("Saved meanwhile").count(), 1, "the JQL is the same");
    assert_eq!(json(&server, &setup)["name"], "First");
    led_to(&edit(&now, "Second", "a = 1"));
    assert_eq!(json(&server, &setup)["name"], "Second");
}

#[test]
fn a_form_that_no_page_has_is_refused() {
    let server = Server::filled();
    let setup = format!("{PROFILE}/setup");
    for (path, fields) in [
        (setup.as_str(), vec![("form", "delete")]),
        (&setup, vec![("form", "move")]),
        (&setup, vec![("form", "edit"), ("revision", "x")]),
        (&setup, vec![("form", "duplicate"), ("name", "x"), ("with", "tokens")]),
        (&format!("{QUERY}/setup"), vec![("form", "move"), ("profile", "../p")]),
    ] {
        let answer = server.post(path, &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text.contains("Unknown or invalid parameter"), "{}", answer.text);
    }
    let gone = server.post("/profiles/nobody/use", &[]);
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let long = "x".repeat(65 * 1024);
    let answer = server.post(&setup, &[("form", "new-query"), ("jql", &long)]);
    check_refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, &["too long"]);
}
