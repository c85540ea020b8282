//! Figures are the same wherever they are asked for, and a database shell counts them alike.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde_json::Value;

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

/// Days that the samples are replayed at; the first is the day they were fetched.
const DAYS: [&str; 4] = ["", "2025-11-24", "2025-07-06", "2012-02-20"];

/// Items and points of a week by week.
type Sums = BTreeMap<String, (i64, f64)>;

fn sums(database: &Connection, sql: &str) -> Sums {
    let mut statement = database.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

fn column(rows: &[Value], name: &str) -> Sums {
    let amount = |row: &Value| {
        let items = row[name]["items"].as_i64().unwrap();
        (row["week"].as_str().unwrap().to_owned(), (items, row[name]["points"].as_f64().unwrap()))
    };
    rows.iter().map(amount).filter(|(_, (items, _))| *items > 0).collect()
}

#[test]
fn weeks_are_what_a_database_shell_counts() {
    let workspace = Workspace::migrated();
    let weeks = run(&workspace.path, &["weeks", "--window", "all", "--json"]).json();
    let rows = weeks["table"]["value"]["rows"].as_array().unwrap();
    let database = Connection::open(workspace.database()).unwrap();
    let by_week = |date: &str, filter: &str| {
        let week = format!("strftime('%G-W%V', {date})");
        sums(
            &database,
            &format!("SELECT {week}, count(*), total(points) FROM jira_cache {filter} GROUP BY 1"),
        )
    };
    assert_eq!(column(rows, "created"), by_week("created", ""));
    let done = "WHERE status IN ('Resolved', 'Closed')";
    assert_eq!(column(rows, "done"), by_week("resolved", done));
    let open: Sums = sums(
        &database,
        "SELECT 'open', count(*), total(points) FROM jira_cache
         WHERE status NOT IN ('Resolved', 'Closed')",
    );
    let last = &rows.last().unwrap()["open"];
    let found = (last["items"].as_i64().unwrap(), last["points"].as_f64().unwrap());
    assert_eq!(open["open"], found);
}

/// Commands and server answer the same JSON.
#[track_caller]
fn check(workspace: &Workspace, server: &Server, path: &str, command: &[&str], parameters: &str) {
    let cli = run(&workspace.path, &[command, &["--json"]].concat()).json();
    let (head, body) = server.get(&format!("/api/v1{path}{parameters}"));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
    let api: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(cli, api, "{command:?}");
}

fn check_all(workspace: &Workspace) {
    let server = Server::start(workspace, &["--port", "0"]);
    let overview = run(&workspace.path, &["summary", "--json"]).json();
    let id = |noun: &str| overview["trail"][noun]["id"].as_str().unwrap().to_owned();
    let query = format!("/profiles/{}/queries/{}", id("profile"), id("query"));
    for day in DAYS {
        let at = |command: &'static str| match day {
            "" => vec![command, "--window", "6"],
            day => vec![command, "--window", "6", "--as-of", day],
        };
        let parameters = format!("?window=6&as_of={day}");
        check(workspace, &server, &format!("{query}/overview"), &at("summary"), &parameters);
        check(workspace, &server, &format!("{query}/weeks"), &at("weeks"), &parameters);
        let csv = run(&workspace.path, &[&at("weeks")[..], &["--csv"]].concat()).answer();
        assert!(server.get(&format!("/api/v1{query}/weeks.csv{parameters}")).1.ends_with(&csv));
    }
}

#[test]
fn commands_and_server_give_the_same_figures() {
    check_all(&Workspace::migrated());
    if let Some(archive) = requirement::large_sample("multi") {
        let workspace = Workspace::unpacked(&archive, "multi");
        run(&workspace.path, &["migrate"]).answer();
        check_all(&workspace);
    }
}

#[test]
fn every_week_leads_to_its_issues() {
    let workspace = Workspace::migrated();
    let weeks = run(&workspace.path, &["weeks", "--json"]).json();
    for row in weeks["table"]["value"]["rows"].as_array().unwrap() {
        let week = row["week"].as_str().unwrap();
        for (column, flag) in [("created", "--created"), ("done", "--done"), ("open", "--open")] {
            let list = run(&workspace.path, &["issues", flag, "--week", week, "--json"]).json();
            assert_eq!(list["matching"], row[column]["items"], "{week} {column}");
        }
    }
}

#[test]
fn a_day_that_the_data_does_not_reach_is_said() {
    let workspace = Workspace::migrated();
    let later = run(&workspace.path, &["summary", "--as-of", "2026-06-01"]);
    assert!(later.err.contains("nothing is known after 22 Dec 2025"), "{}", later.err);
    assert_eq!(later.answer(), run(&workspace.path, &["summary"]).answer());
}

#[test]
fn queries_without_issues_say_what_they_have() {
    let Some(archive) = requirement::large_sample("multi") else { return };
    let workspace = Workspace::unpacked(&archive, "multi");
    run(&workspace.path, &["migrate"]).answer();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let empty = at(&["summary", "--profile", "No data yet"]).answer();
    assert!(empty.contains("\nThe query holds no issues. Fetch the query.\n"), "{empty}");
    assert!(!empty.contains("figure"), "{empty}");
    let csv = at(&["weeks", "--csv", "--profile", "No data yet"]);
    assert!(csv.err.contains("The query holds no issues."), "{}", csv.err);
    assert_eq!(csv.answer().lines().count(), 1);
    let of_rows = ["--profile", "ZÜRICH – Ünïcødé 项目 🚀", "--query", "CSV вручную"];
    let rows = at(&[&["summary"], &of_rows[..]].concat()).answer();
    for part in ["78 of 165 issues are done", "counts that the old app stored", "Not known:"] {
        assert!(rows.contains(part), "{part:?} is not in: {rows}");
    }
}
