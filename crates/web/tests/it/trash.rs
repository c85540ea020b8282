//! Deleting, the trash, and the way back, as forms and redirects.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{Answer, HOSTILE, QUERY, Server, main_of};

const PROFILE: &str = "/profiles/p%201";

#[track_caller]
fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap()
}

fn json(server: &Server, path: &str) -> Value {
    serde_json::from_str(&server.get(&format!("/api/v1{path}")).text).unwrap()
}

#[track_caller]
fn check_undone(page: &str, goes: &[&str]) {
    let server = Server::filled();
    let before = json(&server, "/workspace");
    assert!(server.get(&format!("{page}/setup")).text.contains(&format!("href=\"{page}/delete\"")));
    let confirm = server.get(&format!("{page}/delete"));
    for part in goes {
        assert!(main_of(&confirm.text).contains(part), "{part}: {}", main_of(&confirm.text));
    }
    assert_eq!(json(&server, "/workspace"), before, "looking deletes nothing");

    let place = led_to(&server.post(&format!("{page}/delete"), &[])).to_owned();
    assert_eq!(server.get(page).status, StatusCode::NOT_FOUND);
    let told = server.get(&place).text;
    assert!(main_of(&told).contains("is deleted.") && main_of(&told).contains("Undo"), "{told}");
    let undo = told.split("action=\"/trash/").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(led_to(&server.post(&format!("/trash/{undo}"), &[])), page);
    assert_eq!(json(&server, "/workspace")["totals"], before["totals"]);
    let again = server.post(&format!("/trash/{undo}"), &[]);
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(server.get(&place).text.contains("The trash is empty."));
}

#[test]
fn a_deletion_is_asked_about_said_and_undone() {
    let hostile = "&lt;script&gt;alert(1)&lt;/script&gt;";
    check_undone(PROFILE, &[hostile, "2 queries, 4 issues and 3 changelogs", "22 Dec 2026"]);
    check_undone(QUERY, &[hostile, "4 issues and 3 changelogs", "other queries stay"]);
}

#[test]
fn the_last_profile_leaves_a_page_that_leads_on() {
    let server = Server::filled();
    for profile in [PROFILE, "/profiles/gr%C3%B6%C3%9Fe"] {
        led_to(&server.post(&format!("{profile}/delete"), &[]));
    }
    let page = server.get("/").text;
    for part in ["Take over my folder", "2 things are in the trash", "href=\"/trash\"", "/import"] {
        assert!(main_of(&page).contains(part), "{part}: {page}");
    }
    let listed = json(&server, "/trash");
    assert_eq!(listed["entries"].as_array().unwrap().len(), 2);
    assert_eq!(listed["entries"][1]["profile"]["name"], HOSTILE);
    assert!(!server.get("/trash").text.contains("<script>alert"));

    let confirm = server.get("/trash/empty").text;
    assert!(main_of(&confirm).contains("This cannot be undone."), "{confirm}");
    assert!(!main_of(&confirm).contains("name=\"backups\""), "no backup was made: {confirm}");
    assert_eq!(led_to(&server.post("/trash/empty", &[("backups", "too")])), "/trash");
    assert_eq!(led_to(&server.get("/trash/empty")), "/trash");
    assert!(!server.get("/").text.contains("in the trash"));
}

#[test]
fn what_changes_on_the_way_back_is_said() {
    let server = Server::filled();
    let query = led_to(&server.post(&format!("{QUERY}/delete"), &[])).to_owned();
    let profile = led_to(&server.post(&format!("{PROFILE}/delete"), &[])).to_owned();
    let id = |place: &str| place.split('=').nth(1).unwrap().to_owned();
    let early = server.post(&format!("/trash/{}/restore", id(&query)), &[]);
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.text.contains("restore that first"), "{}", early.text);
    led_to(&server.post("/setup", &[("form", "new-profile"), ("name", HOSTILE)]));
    let back = server.post(&format!("/trash/{}/restore", id(&profile)), &[]);
    assert_eq!(back.status, StatusCode::OK);
    assert!(main_of(&back.text).contains("(2)"), "{}", main_of(&back.text));
    assert_eq!(led_to(&server.post(&format!("/trash/{}/restore", id(&query)), &[])), QUERY);
}

#[test]
fn a_name_is_checked_before_it_is_sent() {
    let server = Server::filled();
    for (parameters, want) in [
        ("name=New", Value::Null),
        (
            "name=gr%C3%B6sse",
            "A profile named \"Größe\" exists already; choose another name.".into(),
        ),
        ("name=gr%C3%B6sse&profile=gr%C3%B6%C3%9Fe", Value::Null),
        ("name=%20", "It must not be empty.".into()),
        ("name=a%0Ab", "It must not hold control characters or line breaks.".into()),
    ] {
        assert_eq!(json(&server, &format!("/check-name?{parameters}"))["problem"], want);
    }
    let page = server.get("/setup").text;
    assert!(page.contains("data-check=\"/api/v1/check-name?name=\""), "{page}");
    assert_eq!(server.get("/api/v1/check-name?x=y").status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn without_a_folder_nothing_is_deleted() {
    let server = Server::without_folder();
    let refused = server.post(&format!("{PROFILE}/delete"), &[]);
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(main_of(&refused.text).contains("no folder for deleted things"), "{}", refused.text);
    assert_eq!(server.get(PROFILE).status, StatusCode::OK);
}
