//! The flow of a query and its report: page, JSON, CSV, charts, and the issues behind them.

use axum::http::StatusCode;
use serde_json::Value;

use crate::server::{QUERY, Server, main_of};

/// A hundred issues and more, with changelogs, over half a year.
fn demo() -> (Server, String) {
    let server = Server::demo();
    let profiles: Value = serde_json::from_str(&server.get("/api/v1/profiles").text).unwrap();
    let query = &profiles[0]["queries"][0];
    let text = |name: &str| query[name].as_str().unwrap().to_owned();
    (server, format!("/profiles/{}/queries/{}", text("profile"), text("id")))
}

fn json(server: &Server, path: &str) -> Value {
    let answer = server.get(&format!("/api/v1{path}"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

/// Addresses of a page that lead to lists of issues.
fn lists(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|part| part.split_once('"'));
    let links = links.map(|(to, _)| to.replace("&amp;", "&"));
    links.filter(|to| to.starts_with("issues?event=")).collect()
}

#[test]
fn the_page_shows_every_picture() {
    let (server, query) = demo();
    let page = server.get(&format!("{query}/flow?color=type")).text;
    for chart in [
        "cycle-time",
        "cycle-time-trend",
        "behaviour",
        "cumulative-flow",
        "arrivals",
        "work-in-progress",
        "types",
    ] {
        assert!(page.contains(&format!("id=\"{chart}-title\"")), "{chart}");
        let file = server.get(&format!("{query}/charts/{chart}.svg?window=26"));
        assert_eq!(file.status, StatusCode::OK, "{chart}: {}", file.text);
    }
    assert!(page.len() < 120_000, "{}", page.len());
    assert!(page.contains("aria-current=\"page\" data-key=\"l\">Flow</a>"));
}

#[test]
fn every_number_leads_to_as_many_issues() {
    let (server, query) = demo();
    let flow = json(&server, &format!("{query}/flow?window=12"));
    let flow = &flow["cumulative_flow"]["value"];
    let last = flow["weeks"].as_array().unwrap().last().unwrap();
    for (band, count) in
        flow["bands"].as_array().unwrap().iter().zip(last["counts"].as_array().unwrap())
    {
        let stages = band["statuses"].as_array().unwrap().iter();
        let stages: String = stages
            .map(|name| format!("&stage={}", name.as_str().unwrap().replace(' ', "%20")))
            .collect();
        let week = last["week"].as_str().unwrap();
        let list = json(&server, &format!("{query}/issues?event=in_stage&week={week}{stages}"));
        assert_eq!(&list["matching"], count, "{band}");
    }
    let page = server.get(&format!("{query}/flow?window=12")).text;
    let lists = lists(main_of(&page));
    assert!(lists.len() > 50, "{}", lists.len());
    for list in lists.iter().step_by(7) {
        let found = json(&server, &format!("{query}/{list}"));
        assert_ne!(found["matching"], 0, "{list}");
    }
}

#[test]
fn values_are_the_same_as_csv() {
    let (server, query) = demo();
    let flow = json(&server, &format!("{query}/flow?window=12"));
    let csv = server.get(&format!("/api/v1{query}/flow.csv?window=12"));
    let rows: Vec<Vec<&str>> = csv.text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[0][0], rows[0][4]), (13, "week", "arrived_items"));
    for (row, week) in rows[1..].iter().zip(flow["arrivals"]["value"]["weeks"].as_array().unwrap())
    {
        assert_eq!(row[0], week["week"].as_str().unwrap());
        assert_eq!(row[4], week["arrived"]["items"].to_string());
        assert_eq!(row[5], week["started"].to_string());
    }
}

#[test]
fn what_means_nothing_is_named_and_nothing_is_invented() {
    let server = Server::filled();
    for (path, part) in [
        ("/flow?bands=x", "status or lane"),
        ("/flow?baseline=soon", "baseline"),
        ("/flow?weeks=3", "color, bands"),
        ("/issues?event=open&day=2025-06-10", "event=done"),
        ("/issues?event=in_stage", "name the week"),
        ("/report?sections=all", "headline or deliveries or forecast"),
    ] {
        let at = if path.starts_with("/report") { "" } else { "/api/v1" };
        let answer = server.get(&format!("{at}{QUERY}{path}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text.contains(part), "{path}: {}", answer.text);
    }
    let flow = json(&server, "/profiles/p%201/queries/q2/flow");
    for figure in
        ["cycle_time", "throughput", "cumulative_flow", "arrivals", "stage_times", "types"]
    {
        assert_eq!(flow[figure]["state"], "unavailable", "{figure}");
    }
    assert_eq!(server.get("/profiles/p%201/queries/q2/flow").status, StatusCode::OK);
}

#[test]
fn a_report_is_one_file_and_the_same_twice() {
    let (server, query) = demo();
    let path = format!("/api/v1{query}/report.html?window=26");
    let report = server.get(&path).text;
    assert_eq!(report, server.get(&path).text);
    assert!(report.len() < 300_000, "{}", report.len());
    for part in ["<svg", "At a glance", "Forecast", "Flow", "In progress", "About the data", "Zone"]
    {
        assert!(report.contains(part), "{part}");
    }
    for outside in ["<script", "href=", "src=", "url(http", "@import", "/profiles/"] {
        assert!(!report.contains(outside), "{outside}");
    }
    let part = server.get(&format!("{path}&section=now&section=notes")).text;
    assert!(part.contains("In progress") && !part.contains("<svg"), "{part}");
    let markdown = server.get(&format!("/api/v1{query}/report.md")).text;
    assert!(markdown.starts_with("# ") && markdown.contains("### Flow"), "{markdown}");
    assert_eq!(server.get(&format!("{query}/report")).status, StatusCode::OK);
}

#[test]
fn an_anonymous_report_names_nobody_and_nothing() {
    let (server, query) = demo();
    let issues = json(&server, &format!("{query}/issues?size=500"));
    let mut names: Vec<String> = Vec::new();
    for issue in issues["issues"].as_array().unwrap() {
        for name in ["key", "summary"] {
            names.extend(issue[name].as_str().map(str::to_owned));
        }
    }
    names.push(issues["trail"]["query"]["name"].as_str().unwrap().to_owned());
    names.push(issues["trail"]["profile"]["name"].as_str().unwrap().to_owned());
    let milestones = query.split("/queries").next().unwrap();
    let milestones = json(&server, &format!("{milestones}/milestones"));
    let listed = milestones.as_array().or(milestones["milestones"].as_array()).unwrap();
    names.extend(listed.iter().filter_map(|one| one["name"].as_str()).map(str::to_owned));
    // A milestone may be called what milestones are called without their names.
    names.retain(|name| name != "Milestone");
    for ending in ["html", "md"] {
        let path = format!("/api/v1{query}/report.{ending}?anonymise=true");
        let report = server.get(&path).text;
        for name in &names {
            assert!(!report.contains(name.as_str()), "{name} in {ending}");
        }
        assert!(report.contains("Query 1") && report.contains("Status 1"), "{report}");
        assert_eq!(report, server.get(&path).text);
    }
}
