//! Every page: what it says, and what stands there instead when something is wrong.

use axum::http::StatusCode;

use crate::server::{QUERY, Server, lines, main_of};

const HUNDRED_KB: usize = 100_000;
const THIRTY_KB: usize = 30_000;

#[track_caller]
fn check_page(server: &Server, name: &str, path: &str) {
    let answer = server.get(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    let styles = ui::asset::ALL.iter().map(|asset| asset.text().len()).sum::<usize>();
    assert!(answer.text.len() + styles < HUNDRED_KB, "{path}: {} bytes", answer.text.len());
    insta::assert_snapshot!(name, lines(&server.masked(main_of(&answer.text))));
}

#[test]
fn pages() {
    let server = Server::filled();
    check_page(&server, "workspace", "/");
    check_page(&server, "profiles", "/profiles");
    check_page(&server, "profile", "/profiles/p%201");
    check_page(&server, "profile_without_queries", "/profiles/gr%C3%B6%C3%9Fe");
    check_page(&server, "overview", QUERY);
    check_page(
        &server,
        "overview_in_points",
        &format!("{QUERY}?unit=points&window=6&as_of=2025-06-10"),
    );
    check_page(&server, "overview_without_issues", "/profiles/p%201/queries/q2");
    check_page(&server, "forecast", &format!("{QUERY}/forecast?as_of=2025-06-10&focus=80"));
    check_page(&server, "forecast_without_issues", "/profiles/p%201/queries/q2/forecast");
    check_page(&server, "weeks", &format!("{QUERY}/weeks?window=all&as_of=2025-06-10"));
    check_page(&server, "weeks_without_issues", "/profiles/p%201/queries/q2/weeks");
    check_page(&server, "data", &format!("{QUERY}/data"));
    check_page(&server, "data_without_issues", "/profiles/p%201/queries/q2/data");
    check_page(&server, "profile_setup", "/profiles/p%201/setup");
    check_page(&server, "profile_setup_without_queries", "/profiles/gr%C3%B6%C3%9Fe/setup");
    check_page(&server, "settings", "/profiles/p%201/settings");
    check_page(&server, "settings_without_queries", "/profiles/gr%C3%B6%C3%9Fe/settings");
    check_page(&server, "query_setup", &format!("{QUERY}/setup"));
    check_page(&server, "new_profile", "/setup");
    check_page(&server, "figures", "/figures");
    check_page(&server, "issues", &format!("{QUERY}/issues"));
    check_page(
        &server,
        "issues_filtered",
        &format!("{QUERY}/issues?status=Open&text=IMG&sort=points&order=desc"),
    );
    check_page(&server, "issues_second_page", &format!("{QUERY}/issues?size=2&page=2"));
    check_page(&server, "issues_beyond", &format!("{QUERY}/issues?page=7"));
    check_page(&server, "issue", &format!("{QUERY}/issues/K-10"));
    check_page(&server, "issue_with_stale_changelog", &format!("{QUERY}/issues/K-9"));
    check_page(&server, "issue_without_changelog", &format!("{QUERY}/issues/K-11"));
    check_page(&server, "migration", "/migration");
    check_page(&server, "about_checked", "/about?check=true");
}

#[test]
fn many_profiles_are_one_line_each() {
    let few = Server::crowded(20).get("/profiles").text;
    assert_eq!(main_of(&few).matches("Its query").count(), 20);
    let server = Server::crowded(1_000);
    let many = server.get("/profiles").text;
    assert!(!many.contains("Its query"));
    assert_eq!(main_of(&many).matches("<tr><th scope=\"row\">").count(), 50);
    assert!(main_of(&many).contains("Page 1 of 20"));
    let found = server.get("/profiles?text=TEAM+99").text;
    assert_eq!(main_of(&found).matches("Its query").count(), 11);
    assert!(server.get("/profiles?page=21").text.contains("Go to page 20"));
    assert!(server.get("/profiles?text=nobody").text.contains("No profile matches."));
    let profile = server.get("/profiles/p7").text;
    assert!(profile.contains("All 1\u{202f}000"), "{profile}");
    assert!(profile.matches("href=\"/profiles/p").count() < 60);
    for page in [many, profile] {
        assert!(page.len() < THIRTY_KB, "{} bytes", page.len());
    }
}

#[test]
fn the_first_page_has_the_answers_of_twenty_queries() {
    let server = Server::crowded(45);
    let rows = |path: &str| {
        let page = server.get(path).text;
        assert!(page.len() < THIRTY_KB, "{} bytes", page.len());
        main_of(&page).matches("<tr><th scope=\"row\">").count()
    };
    assert_eq!((rows("/"), rows("/?page=3"), rows("/?text=team+44")), (20, 5, 1));
    assert!(server.get("/?page=4").text.contains("Go to page 3"));
    assert!(server.get("/?text=nobody").text.contains("No query matches."));
    let json =
        |path: &str| -> serde_json::Value { serde_json::from_str(&server.get(path).text).unwrap() };
    let first = json("/api/v1/answers");
    let counts = ["matching", "page", "pages"].map(|name| first[name].as_u64().unwrap());
    assert_eq!((first["answers"].as_array().unwrap().len(), counts), (20, [45, 1, 3]));
    assert_eq!(json("/api/v1/answers?all=true")["answers"].as_array().unwrap().len(), 45);
    for (wrong, said) in [("page=0", "numbers from 1 on"), ("colour=red", "text, page or all")] {
        for path in ["/", "/api/v1/answers"] {
            let refused = server.get(&format!("{path}?{wrong}"));
            assert_eq!(refused.status.as_u16(), 422, "{path}?{wrong}");
            assert!(refused.text.contains(said), "{}", refused.text);
        }
    }
}

#[test]
fn old_data_says_so_on_every_page_of_its_query() {
    let server = Server::filled();
    for path in ["", "/forecast", "/weeks", "/issues", "/issues/K-10", "/data", "/setup"] {
        let page = server.get(&format!("{QUERY}{path}")).text;
        let strip = page.split_once("<aside class=\"stale").map(|(_, rest)| rest);
        let strip = strip.and_then(|rest| rest.split_once("</aside>")).map(|(strip, _)| strip);
        let said = strip.is_some_and(|strip| strip.contains("The data is of 22 Dec 2025"));
        assert!(said, "{path}: {strip:?}");
    }
    assert!(!server.get("/profiles/p%201/queries/q2").text.contains("<aside class=\"stale"));
}

#[test]
fn shell() {
    let server = Server::filled();
    let page = server.get(QUERY).text;
    let (before, _) = page.split_once("<main").unwrap();
    let (_, after) = page.split_once("</main>").unwrap();
    insta::assert_snapshot!(
        "shell",
        lines(&server.masked(&format!("{before}<main …</main>{after}")))
    );
}

#[test]
fn an_empty_workspace_says_what_to_do() {
    check_page(&Server::empty(), "welcome", "/");
}

#[track_caller]
fn check_refused(path: &str, status: u16, message: &str) {
    let server = Server::filled();
    let page = server.get(path);
    assert_eq!(page.status.as_u16(), status, "{path}");
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(main_of(&page.text).contains(message), "{path}: {}", main_of(&page.text));
    let json = server.get(&format!("/api/v1{path}"));
    assert_eq!(json.status.as_u16(), status, "{path} as JSON");
    assert_eq!(json.headers["content-type"], "application/json");
    let error: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert!(error["error"]["kind"].is_string() && error["error"]["message"].is_string(), "{error}");
}

#[test]
fn what_is_not_there_is_named() {
    check_refused("/nothing", 404, "There is no such page");
    check_refused("/profiles/nobody", 404, "nobody");
    check_refused("/profiles/nobody/setup", 404, "nobody");
    check_refused("/profiles/p%201/queries/nothing/setup", 404, "p 1/nothing");
    check_refused("/profiles/p%201/queries/nothing", 404, "p 1/nothing");
    check_refused("/profiles/nobody/queries/q2", 404, "nobody");
    check_refused(&format!("{QUERY}/issues/K-999"), 404, "K-999");
    check_refused("/profiles/p%201/queries/nothing/issues", 404, "nothing");
}

#[test]
fn what_means_nothing_is_named() {
    check_refused(&format!("{QUERY}/issues?page=0"), 422, "Page cannot be &quot;0&quot;");
    check_refused(&format!("{QUERY}/issues?page=minus"), 422, "minus");
    check_refused(&format!("{QUERY}/issues?size=501"), 422, "from 1 to 500");
    check_refused(&format!("{QUERY}/issues?sort=%3Cb%3E"), 422, "&lt;b&gt;");
    check_refused(&format!("{QUERY}/issues?order=up"), 422, "asc or desc");
    check_refused(&format!("{QUERY}/issues?colour=red"), 422, "colour");
    check_refused(&format!("{QUERY}/data?weeks=0"), 422, "weeks");
    check_refused(&format!("{QUERY}/data?week=1"), 422, "week");
    check_refused(&format!("{QUERY}?window=0"), 422, "from 1 to 1040, or all");
    check_refused(&format!("{QUERY}/weeks?unit=hours"), 422, "items or points");
    check_refused(&format!("{QUERY}/forecast?focus=1"), 422, "10 to 300");
    check_refused("/figures?x=1", 422, "x");
    check_refused("/profiles/p%201?x=1", 422, "x");
    check_refused("/profiles/..%2fp%201", 422, "path separator");
    check_refused("/profiles/%2e%2e/queries/q2", 422, "..");
    check_refused("/profiles/a%00b", 422, "control character");
    check_refused("/profiles/%ff", 422, "percent-encoded");
}

#[test]
fn without_a_report_the_page_says_so() {
    let page = Server::empty().get("/migration");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("no migration report"));
}

/// A form without the script sends what was left empty.
#[test]
fn an_address_holds_nothing_empty() {
    let server = Server::filled();
    let page = format!("{QUERY}/forecast");
    let at = |path: &str| {
        let answer = server.get(path);
        let place = answer.headers.get("location").map(|place| place.to_str().unwrap().to_owned());
        (answer.status.as_u16(), place)
    };
    let shorter = Some(format!("{page}?window=6&focus=80"));
    assert_eq!(at(&format!("{page}?window=6&add=&focus=80&by=")), (303, shorter));
    assert_eq!(at(&format!("{page}?add=")), (303, Some(page.clone())));
    assert_eq!(at(&format!("{page}?focus=80")), (200, None));
    assert_eq!(at("//example.org/?a="), (404, None));
    assert_eq!(at(&format!("/api/v1{page}?add=")).1, None);
}
