//! Forms of settings: each section is saved alone, all that is wrong is said at once, and what is
//! typed can neither be lost nor do harm.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{Answer, HOSTILE, QUERY, Server, main_of};

const PAGE: &str = "/profiles/p%201/settings";

fn json(server: &Server) -> Value {
    serde_json::from_str(&server.get(&format!("/api/v1{PAGE}")).text).unwrap()
}

fn value(server: &Server, name: &str) -> String {
    let settings = json(server)["settings"].as_array().unwrap().clone();
    let found = settings.into_iter().find(|setting| setting["name"] == name).unwrap();
    let lines = found["value"].as_array().unwrap().clone();
    lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("|")
}

/// Sends the form of a section.
fn save(server: &Server, section: &str, fields: &[(&str, &str)]) -> Answer {
    let revision = json(server)["revision"].to_string();
    let hidden = [("section", section), ("revision", revision.as_str())];
    server.post(PAGE, &[&hidden, fields].concat())
}

#[track_caller]
fn check_saved(answer: &Answer, section: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers["location"], format!("{PAGE}#{section}"));
}

#[track_caller]
fn check_refused(answer: &Answer, status: StatusCode, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    for part in parts {
        assert!(main_of(&answer.text).contains(part), "{part}: {}", main_of(&answer.text));
    }
}

#[test]
fn a_section_is_saved_alone() {
    let server = Server::filled();
    check_saved(&save(&server, "forecast", &[("window", "26"), ("points", "off")]), "forecast");
    let days = [("working-days", "mon"), ("working-days", "tue"), ("holidays", "2026-12-24\r\n")];
    check_saved(&save(&server, "calendar", &days), "calendar");
    check_saved(&save(&server, "lists", &[("done", "Done"), ("done", HOSTILE)]), "lists");
    check_saved(&save(&server, "outcome", &[]), "outcome");
    for (name, want) in [
        ("window", "26"),
        ("points", "off"),
        ("working-days", "mon|tue"),
        ("holidays", "2026-12-24"),
        ("done", &format!("Done|{HOSTILE}")),
        ("not-delivered", ""),
    ] {
        assert_eq!(value(&server, name), want, "{name}");
    }
    check_saved(&save(&server, "outcome", &[("usual", "not-delivered")]), "outcome");
    assert!(value(&server, "not-delivered").contains("Won't Do"));
    let overview = server.get(QUERY).text;
    assert!(!overview.contains("aria-label=\"Unit\""), "points are off");
    assert!(overview.contains("26<span class=\"hidden\"> weeks</span>"), "{overview}");
}

/// A slip of the pen is taken, and told in its section as long as it is there.
#[test]
fn a_name_that_nothing_is_called_is_told() {
    let server = Server::filled();
    let told = |name: &str| {
        let said = format!("no type of issue here is called “{name}” so far");
        server.get(PAGE).text.contains(&said)
    };
    assert!(!told("Bgu"));
    check_saved(&save(&server, "types", &[("bug-types", "Bgu"), ("bug-types", HOSTILE)]), "types");
    assert!(told("Bgu"));
    assert!(!main_of(&server.get(PAGE).text).contains("<script>alert"));
    let unknown = json(&server)["unknown"].as_array().unwrap().clone();
    assert_eq!(unknown[0]["setting"], "bug-types");
    assert_eq!(unknown[0]["name"], "Bgu");
    check_saved(&save(&server, "types", &[]), "types");
    assert!(!told("Bgu"));
}

#[test]
fn all_that_is_wrong_is_said_and_nothing_is_lost() {
    let server = Server::filled();
    let before = json(&server);
    let fields = [("window", "0"), ("deadline", HOSTILE), ("milestones", "2026-12-24 kept <i>")];
    check_refused(
        &save(&server, "forecast", &fields),
        StatusCode::UNPROCESSABLE_ENTITY,
        &[
            "Nothing was saved: 2 fields need another value",
            "Give a whole number from 1 to 1040.",
            "id=\"window-why\"",
            "aria-describedby=\"window-why window-hint\"",
            "value=\"&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;\"",
            "2026-12-24 kept &lt;i&gt;</textarea>",
        ],
    );
    let long = "x".repeat(5_000);
    for (section, fields, part) in [
        ("lists", vec![("done", "a\u{1b}[2J")], "invisible characters"),
        ("lists", vec![("done", long.as_str())], "longer than 200"),
        ("connection", vec![("server", "javascript:alert(1)")], "such as https://jira.example.org"),
        ("connection", vec![("server", "https://me:pw@x.org")], "Leave out user and password"),
        ("connection", vec![("authentication", "basic")], "An API token needs the e-mail"),
        ("connection", vec![("token", long.as_str())], "too long for a token"),
        ("calendar", vec![("time-zone", "Mars/Olympus")], "such as Europe/Vienna"),
    ] {
        let refused = save(&server, section, &fields);
        check_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, &[part]);
        assert!(!refused.text.contains("<script>alert"));
    }
    assert_eq!(json(&server), before);
}

#[test]
fn of_two_tabs_the_second_sees_both() {
    let server = Server::filled();
    let revision = json(&server)["revision"].to_string();
    let send = |revision: &str, weeks: &str| {
        let fields = [("section", "forecast"), ("revision", revision), ("window", weeks)];
        server.post(PAGE, &fields)
    };
    check_saved(&send(&revision, "26"), "forecast");
    let refused = send(&revision, "52");
    let now = json(&server)["revision"].to_string();
    check_refused(
        &refused,
        StatusCode::CONFLICT,
        &[
            "was changed elsewhere",
            "value=\"52\"",
            "Weeks to look back at, saved meanwhile: <q>26</q>",
            &format!("name=\"revision\" value=\"{now}\""),
        ],
    );
    assert_eq!(value(&server, "window"), "26");
    check_saved(&send(&now, "52"), "forecast");
    assert_eq!(value(&server, "window"), "52");
}

#[test]
fn what_is_proposed_is_accepted_once() {
    let server = Server::filled();
    assert!(main_of(&server.get(PAGE).text).contains("Proposed"));
    check_saved(&save(&server, "workflow", &[("lanes", ""), ("lanes", "")]), "workflow");
    assert!(main_of(&server.get(PAGE).text).contains("Proposed"), "a form alone chooses nothing");
    let proposals = json(&server)["proposals"].as_array().unwrap().clone();
    let lines: Vec<String> = proposals
        .iter()
        .flat_map(|proposal| proposal["value"].as_array().unwrap())
        .map(|line| line.as_str().unwrap().to_owned())
        .collect();
    assert!(lines.contains(&"In Review active".to_owned()), "{lines:?}");
    let mut accepted: Vec<(&str, &str)> = vec![("accept", "yes")];
    accepted.extend(lines.iter().map(|line| ("lanes", line.as_str())));
    check_saved(&save(&server, "workflow", &accepted), "workflow");
    let (after, page) = (json(&server), server.get(PAGE).text);
    assert!(after["proposals"].as_array().unwrap().is_empty() && !page.contains("Proposed"));
    let mut chosen: Vec<String> = value(&server, "lanes").split('|').map(str::to_owned).collect();
    let mut wanted = lines.clone();
    chosen.sort();
    wanted.sort();
    assert_eq!(chosen, wanted);
}

fn order(server: &Server) -> Vec<String> {
    let lanes = json(server)["lanes"].as_array().unwrap().clone();
    lanes.iter().map(|lane| lane["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_status_is_moved_by_a_click_and_keeps_its_lane() {
    let server = Server::filled();
    let before = order(&server);
    let last = before.last().unwrap().clone();
    let lane = format!("{last} waiting");
    let press = format!("up {last}");
    let mut fields: Vec<(&str, &str)> = before.iter().map(|id| ("status-order", &**id)).collect();
    fields.extend([("lanes", lane.as_str()), ("lanes", ""), ("move", press.as_str())]);
    check_saved(&save(&server, "workflow", &fields), "workflow");
    let mut wanted = before.clone();
    let end = wanted.len() - 1;
    wanted.swap(end, end - 1);
    assert_eq!((order(&server), value(&server, "lanes")), (wanted.clone(), lane.clone()));
    // Without a button the order is not chosen anew, and a lane that is sent empty is given back.
    check_saved(
        &save(&server, "workflow", &[("lanes", ""), ("cycle-time-start", "first")]),
        "workflow",
    );
    assert_eq!((order(&server), value(&server, "lanes")), (wanted, String::new()));
    assert_eq!(value(&server, "cycle-time-start"), "first");
    check_refused(
        &save(&server, "workflow", &[("lanes", "In Review parked")]),
        StatusCode::UNPROCESSABLE_ENTITY,
        &["not-started, waiting, active, done, not-delivered"],
    );
}

#[test]
fn a_zone_is_taken_by_a_click_and_nothing_else_changes() {
    let server = Server::filled();
    let days = [("working-days", "mon"), ("time-zone", "Asia/Tokyo")];
    check_saved(&save(&server, "calendar", &days), "calendar");
    let taken = [("accept", "yes"), ("time-zone", "Europe/Vienna")];
    check_saved(&save(&server, "calendar", &taken), "calendar");
    assert_eq!(value(&server, "time-zone"), "Europe/Vienna");
    assert_eq!(value(&server, "working-days"), "mon");
}

#[test]
fn a_form_that_no_page_has_is_refused() {
    let server = Server::filled();
    for fields in [
        vec![],
        vec![("section", "secrets"), ("revision", "1")],
        vec![("section", "forecast")],
        vec![("section", "forecast"), ("revision", "x")],
    ] {
        let answer = server.post(PAGE, &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text.contains("open the page again"), "{}", answer.text);
    }
    let nobody =
        server.post("/profiles/nobody/settings", &[("section", "types"), ("revision", "1")]);
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[test]
fn what_was_typed_as_a_token_is_never_sent_back() {
    let server = Server::without_folder();
    let canary = "canary-91";
    let fields = [("token", canary), ("server", "nonsense")];
    let refused = save(&server, "connection", &fields);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains(canary));

    let server = Server::demo();
    let profiles: Value = serde_json::from_str(&server.get("/api/v1/profiles").text).unwrap();
    let profile = format!("/profiles/{}", profiles[0]["id"].as_str().unwrap());
    let page = format!("{profile}/settings");
    let told =
        || -> Value { serde_json::from_str(&server.get(&format!("/api/v1{page}")).text).unwrap() };
    let revision = told()["revision"].to_string();
    let fields = [("section", "connection"), ("revision", &revision), ("token", canary)];
    let saved = server.post(&page, &fields);
    assert_eq!((saved.status, &told()["has_token"]), (StatusCode::SEE_OTHER, &Value::from(true)));
    for page in [&page, &format!("/api/v1{page}"), &profile, &format!("/api/v1{profile}")] {
        assert!(!server.get(page).text.contains(canary), "{page}");
    }
}
