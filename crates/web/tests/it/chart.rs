//! Charts as files: each of them, in both forms, and why there is none.

use axum::http::StatusCode;
use ui::plot::catalog::CHARTS;

use crate::server::{Answer, QUERY, Server, main_of};

/// The query of the demo that has a deadline and a forecast.
const DEMO: &str = "/profiles/demo-harbour/queries/checkout-rewrite";

fn file(server: &Server, path: &str) -> Answer {
    let answer = server.get(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer
}

/// Width of a PNG, as its head says.
fn width_px(png: &[u8]) -> u32 {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    u32::from_be_bytes(png[16..20].try_into().unwrap())
}

/// The charts that a page shows, as links to their files.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let files = targets.filter(|target| target.contains("/charts/"));
    files.map(|target| target.replace("&amp;", "&")).collect()
}

#[test]
fn every_chart_is_a_file_in_both_forms() {
    let server = Server::demo();
    for chart in &CHARTS {
        let at = |rest: &str| file(&server, &format!("{DEMO}/charts/{}{rest}", chart.name));
        let (svg, png) = (at(".svg"), at(".png"));
        assert_eq!(svg.headers["content-type"], "image/svg+xml; charset=utf-8");
        assert_eq!(png.headers["content-type"], "image/png");
        let named =
            format!("attachment; filename=\"checkout-rewrite-{}-2026-11-22.svg\"", chart.name);
        assert_eq!(svg.headers["content-disposition"], *named);
        assert!(svg.text.starts_with("<svg xmlns="), "{}", svg.text);
        assert!(svg.text.contains(" – Checkout rewrite, 22 Nov 2026</title>"), "{}", chart.name);
        let outside = svg.text.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("://") && !outside.contains("href"), "{} is alone", chart.name);
        assert_eq!((width_px(&png.bytes), width_px(&at(".png?width=320").bytes)), (1040, 320));
        assert!(png.bytes.len() > 5_000, "{} of {} bytes is blank", chart.name, png.bytes.len());
        assert_eq!(png.bytes, at(".png?theme=light&width=").bytes, "{} every time", chart.name);
        assert_ne!(png.bytes, at(".png?theme=dark").bytes);
    }
}

#[test]
fn pages_lead_to_their_charts_as_they_show_them() {
    let server = Server::demo();
    for (page, kept, charts) in [
        ("?window=6&unit=points", "?window=6&unit=points", ["burn-up", "throughput"]),
        ("/forecast?focus=80&window=26", "?window=26&focus=80", ["finish", "sample"]),
    ] {
        let found = links(&server.get(&format!("{DEMO}{page}")).text);
        let want = charts.iter().flat_map(|chart| {
            ["svg", "png"].map(|form| format!("{DEMO}/charts/{chart}.{form}{kept}"))
        });
        assert_eq!(found, want.collect::<Vec<_>>());
        for path in found {
            let usual = path.split('?').next().unwrap();
            assert_ne!(file(&server, &path).bytes, file(&server, usual).bytes, "{path}");
        }
    }
}

#[track_caller]
fn check_refused(server: &Server, path: &str, status: StatusCode, part: &str) {
    let answer = server.get(path);
    assert_eq!(answer.status, status, "{path}");
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(main_of(&answer.text).contains(part), "{path}: {}", main_of(&answer.text));
}

#[test]
fn what_means_nothing_is_a_page_that_names_it() {
    let server = Server::filled();
    for (rest, part) in [
        ("pie.svg", "there are burn-up, throughput, finish, sample"),
        ("burn-up.pdf", ".svg or .png"),
        ("burn-up", ".svg or .png"),
        (".png", "here is no chart"),
    ] {
        let path = format!("{QUERY}/charts/{rest}");
        check_refused(&server, &path, StatusCode::NOT_FOUND, part);
    }
    for (rest, part) in [
        ("burn-up.svg?width=99999", "320 to 2000"),
        ("burn-up.svg?theme=pink", "light or dark"),
        ("burn-up.svg?focus=80", "focus"),
        ("finish.png?focus=1", "10 to 300"),
        ("sample.png?as_of=soon", "a day such as"),
    ] {
        let path = format!("{QUERY}/charts/{rest}");
        check_refused(&server, &path, StatusCode::UNPROCESSABLE_ENTITY, part);
    }
    let path = "/profiles/p%201/queries/none/charts/burn-up.svg";
    check_refused(&server, path, StatusCode::NOT_FOUND, "none");
}

#[test]
fn a_chart_with_nothing_to_show_says_why() {
    let server = Server::filled();
    for chart in &CHARTS {
        let path = format!("/profiles/p%201/queries/q2/charts/{}.png", chart.name);
        check_refused(&server, &path, StatusCode::NOT_FOUND, "holds no issues");
    }
    let page = server.get("/profiles/p%201/queries/q2").text;
    assert_eq!(links(&page), Vec::<String>::new(), "no link leads to a picture of nothing");
}

#[test]
fn names_of_others_stay_text() {
    let server = Server::filled();
    let path = format!("{QUERY}/charts/burn-up.svg?window=all");
    let svg = file(&server, &path);
    assert!(!svg.text.contains("<script") && svg.text.contains("&lt;script&gt;"), "{}", svg.text);
    let named = svg.headers["content-disposition"].to_str().unwrap();
    assert!(
        named.starts_with("attachment; filename=\"script-alert-1-script-q-burn-up-"),
        "{named}"
    );
}
