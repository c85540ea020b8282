//! What is under way: the page, its twin, its filters, and that the view is kept between pages.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{QUERY, Server};

const DEMO: &str = "/profiles/demo-harbour/queries/checkout-rewrite";

fn rows(server: &Server, path: &str) -> Vec<Value> {
    let answer = server.get(&format!("/api/v1{path}"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    answer["items"]["value"]["rows"].as_array().cloned().unwrap_or_default()
}

#[test]
fn page_and_twin_name_the_same_items() {
    let server = Server::demo();
    let path = format!("{DEMO}/now");
    let page = server.get(&path).text;
    let rows = rows(&server, &path);
    assert!(rows.len() > 3, "{rows:?}");
    let mut ages: Vec<i64> = Vec::new();
    for row in &rows {
        let (key, age) = (row["key"].as_str().unwrap(), row["age_days"].as_i64().unwrap());
        assert!(page.contains(&format!("{DEMO}/issues/{key}\"")), "{key}");
        assert!(page.contains(&format!(">{age} d</td>")), "{key} {age}");
        assert!(row["in_status_days"].as_i64().unwrap() <= age, "{row}");
        ages.push(age);
    }
    let sorted = ages.windows(2).all(|pair| pair[0] >= pair[1]);
    assert!(sorted || rows[0]["is_blocked"] == true, "{ages:?}");
    assert!(
        page.contains("class=\"chart ageing\"")
            && page.contains("% of what is started is done within")
    );
}

#[test]
fn filters_and_order_are_in_the_address() {
    let server = Server::demo();
    let all = rows(&server, &format!("{DEMO}/now"));
    let status = all[0]["status"].as_str().unwrap();
    let asked = format!("{DEMO}/now?status={}", status.replace(' ', "%20"));
    let some = rows(&server, &asked);
    let same = all.iter().filter(|row| row["status"] == status).count();
    assert_eq!(some.len(), same);
    let over = rows(&server, &format!("{DEMO}/now?over=true"));
    assert!(over.iter().all(|row| row["odds"]["state"] != "within"), "{over:?}");
    let key = all.last().unwrap()["key"].as_str().unwrap();
    assert_eq!(rows(&server, &format!("{DEMO}/now?text={key}"))[0]["key"], key);
    let turned = rows(&server, &format!("{DEMO}/now?sort=age&order=asc"));
    assert!(turned[0]["age_days"].as_i64() <= turned.last().unwrap()["age_days"].as_i64());
    for wrong in ["colour=red", "sort=size", "blocked=perhaps", "order=up"] {
        let answer = server.get(&format!("{DEMO}/now?{wrong}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let page = server.get(&format!("{DEMO}/now?text=nothing-like-it")).text;
    assert!(page.contains("No item matches."), "{page}");
    let page = server.get(&format!("{DEMO}/now?by_epic=true")).text;
    assert!(page.contains("As one list") || !page.contains("By epic"), "{page}");
}

#[test]
fn hostile_text_stays_text() {
    let server = Server::filled();
    for path in [
        format!("{QUERY}/now"),
        format!("{QUERY}/now?as_of=2025-06-04"),
        format!(
            "{QUERY}/now?text=%3Cscript%3Ealert(1)%3C/script%3E&status=%22%3E%3Cimg%3E&epic=%3Cb%3E"
        ),
    ] {
        let page = server.get(&path).text;
        for markup in ["<script>alert", "<img", "\"><img"] {
            assert!(!page.contains(markup), "{path} holds {markup}");
        }
    }
}

/// Whoever chose a window, a unit and a day looks at every page of the query with them.
#[test]
fn tabs_and_numbers_keep_the_view() {
    let server = Server::demo();
    let view = "window=26&unit=points&as_of=2026-11-02";
    let escaped = view.replace('&', "&amp;");
    for page in ["", "/forecast", "/now", "/weeks", "/issues", "/data", "/sync"] {
        let answer = server.get(&format!("{DEMO}{page}?{view}"));
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.text);
        for tab in ["", "/forecast", "/now", "/weeks", "/issues", "/data", "/sync"] {
            let link = format!("href=\"{DEMO}{tab}?{escaped}\"");
            assert!(answer.text.contains(&link), "{page} does not lead to {link}");
        }
    }
    let overview = server.get(&format!("{DEMO}?{view}")).text;
    assert!(overview.contains("issues?event=done&amp;week="), "{overview}");
    assert!(overview.contains("&amp;as_of=2026-11-02&amp;window=26&amp;unit=points\""));
    let wrong = server.get(&format!("{DEMO}/data?colour=red"));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.get("/about?window=26").status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A bookmark of one query is told from that of another.
#[test]
fn titles_name_the_query() {
    let server = Server::demo();
    for (page, title) in [
        ("", "Checkout rewrite – burndown"),
        ("/forecast", "Forecast · Checkout rewrite – burndown"),
        ("/now", "Now · Checkout rewrite – burndown"),
        ("/sync", "Sync · Checkout rewrite – burndown"),
        ("/issues", "Issues of Checkout rewrite – burndown"),
    ] {
        let text = server.get(&format!("{DEMO}{page}")).text;
        assert!(text.contains(&format!("<title>{title}</title>")), "{page}");
    }
}
