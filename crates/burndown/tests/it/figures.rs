//! Figures are the same wherever they are asked for, and a database shell counts them alike.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde_json::Value;

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;
use crate::shell;

/// Days that the samples are replayed at: when they were fetched, and when their teams were at work.
const DAYS: [&str; 2] = ["", "2025-11-24"];
const DAYS_OF_REAL: [&str; 4] = ["2025-11-24", "2014-06-30", "2013-07-01", "2012-02-20"];

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
    let database = shell::open(&workspace);
    let by_week = |date: &str, filter: &str| {
        let week = format!("strftime('%G-W%V', {date})");
        sums(
            &database,
            &format!("SELECT {week}, count(*), total(points) FROM issues {filter} GROUP BY 1"),
        )
    };
    assert_eq!(column(rows, "created"), by_week("created", ""));
    let done = "WHERE status IN ('Resolved', 'Closed')";
    assert_eq!(column(rows, "done"), by_week("resolved", done));
    let open: Sums = sums(
        &database,
        "SELECT 'open', count(*), total(points) FROM issues
         WHERE status NOT IN ('Resolved', 'Closed')",
    );
    let last = &rows.last().unwrap()["open"];
    let found = (last["items"].as_i64().unwrap(), last["points"].as_f64().unwrap());
    assert_eq!(open["open"], found);
}

/// An answer about data without any date is about the moment it was asked for.
fn without_now(mut answer: Value) -> Value {
    if answer["as_of"]["rule"] == "now" {
        answer["as_of"]["at"] = Value::Null;
    }
    answer
}

/// Commands and server answer the same JSON.
#[track_caller]
fn check(workspace: &Workspace, server: &Server, path: &str, command: &[&str], parameters: &str) {
    let cli = run(&workspace.path, &[command, &["--json"]].concat()).json();
    let (head, body) = server.get(&format!("/api/v1{path}{parameters}"));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
    let api: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(without_now(cli), without_now(api), "{command:?}");
}

/// The weeks on the page, each with its four numbers, newest first; `–` for what is not known.
fn weeks_of(page: &str, class: &str) -> Vec<(String, Vec<String>)> {
    let Some((_, table)) = page.split_once(&format!("<table class=\"{class}\">")) else {
        return Vec::new();
    };
    let body = table.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let text = |cell: &str| {
        let pieces = cell.split('<').map(|piece| piece.rsplit('>').next().unwrap());
        pieces.collect::<String>().replace('\u{202f}', "").replace('−', "-")
    };
    let row = |row: &str| {
        let (head, cells) = row.split_once("</th>").unwrap();
        let week = text(head).split_whitespace().next().unwrap().to_owned();
        let cells = cells.split("<td").skip(1).map(|cell| text(&format!("<td{cell}")));
        (week, cells.collect())
    };
    let rows = body.split("<tr").skip(1).map(|found| row(&format!("<tr{found}")));
    rows.filter(|(week, _)| week.contains("-W")).collect()
}

/// The overview page shows the weeks that the command gives.
#[track_caller]
fn check_page(server: &Server, query: &str, parameters: &str, weeks: &Value) {
    let (head, page) = server.get(&format!("{query}{parameters}"));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{page}");
    let rows = weeks["table"]["value"]["rows"].as_array().cloned().unwrap_or_default();
    let number = |amount: &Value| amount["items"].as_i64().map_or("–".into(), |n| n.to_string());
    let want: Vec<(String, Vec<String>)> = rows
        .iter()
        .rev()
        .map(|row| {
            // What was cancelled is a column only where it is known.
            let is_shown = |name: &&str| *name != "cancelled" || !row["cancelled"].is_null();
            let names = ["created", "done", "cancelled", "open"].into_iter().filter(is_shown);
            let cells = names.map(|name| number(&row[name])).collect();
            (row["week"].as_str().unwrap().to_owned(), cells)
        })
        .collect();
    assert_eq!(weeks_of(&page, "wide weeks"), want, "{query}{parameters}");
}

/// What the command says before its table stands on the page in the same words.
#[track_caller]
fn check_sentences(
    workspace: &Workspace,
    server: &Server,
    query: &str,
    command: &[&str],
    parameters: &str,
) {
    let page = server.get(&format!("{query}{parameters}")).1;
    let text: String = page.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    let said = run(&workspace.path, command).answer();
    // The first line is the name; how long items take is a tile on the page.
    for sentence in said.lines().skip(1).take(2).take_while(|line| !line.is_empty()) {
        let escaped = sentence.replace('<', "&lt;").replace('>', "&gt;");
        let is_of_tile = sentence.starts_with("Half of") || sentence.contains("in progress");
        let is_remedy = sentence.contains("“burndown ");
        let reason = escaped.split(" Run “").next().unwrap_or_default();
        let wanted = if is_remedy { reason } else { &escaped };
        let is_said = squeezed(&text).contains(&squeezed(wanted));
        assert!(is_of_tile || is_said, "{query}{parameters}: {sentence}");
    }
}

/// Sentences stand in elements of their own on a page, without a space between; numbers are not torn from
/// their signs.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Command, server and page say the same of flow.
#[track_caller]
fn check_flow(
    workspace: &Workspace,
    server: &Server,
    query: &str,
    command: &[&str],
    parameters: &str,
) {
    check(workspace, server, &format!("{query}/flow"), command, parameters);
    let (head, page) = server.get(&format!("{query}/flow{parameters}"));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let text: String = page.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    let said = run(&workspace.path, command).answer();
    let sections = ["Cycle time", "Service level expectation", "Throughput", "Cumulative flow"];
    for title in sections {
        let (_, rest) = said.split_once(&format!("\n{title}\n")).unwrap();
        let sentence = rest.lines().next().unwrap();
        let reason = sentence.split(" Run “").next().unwrap_or_default();
        let reason = reason.split("burndown ").next().unwrap_or_default().trim_end_matches(" “");
        let escaped = reason.replace('<', "&lt;").replace('>', "&gt;");
        let is_remedy = sentence.contains("“burndown ");
        let is_said = squeezed(&text).contains(&squeezed(&escaped));
        assert!(is_remedy || is_said, "{query}{parameters} {title}: {sentence}");
    }
    let csv = run(&workspace.path, &[command, &["--csv"]].concat()).answer();
    assert!(server.get(&format!("/api/v1{query}/flow.csv{parameters}")).1.ends_with(&csv));
}

/// Command, server and page give the same forecast, to the digit.
#[track_caller]
fn check_forecast(
    workspace: &Workspace,
    server: &Server,
    query: &str,
    command: &[&str],
    parameters: &str,
) {
    check(workspace, server, &format!("{query}/forecast"), command, parameters);
    let answer = run(&workspace.path, &[command, &["--json"]].concat()).json();
    let page = server.get(&format!("{query}/forecast{parameters}")).1;
    let said = run(&workspace.path, command).answer();
    let when = &answer["base"]["when"];
    let sentence = when["value"]["sentence"].as_str().or(when["reason"].as_str()).unwrap();
    let escaped = sentence.replace('<', "&lt;").replace('>', "&gt;");
    let is_on_page = squeezed(&page).contains(&squeezed(&escaped));
    assert!(is_on_page && said.contains(sentence), "{query}: {sentence}");
    check_headline(&answer, &page, &said);
    for percentile in when["value"]["percentiles"].as_array().into_iter().flatten() {
        let Some(date) = percentile["date"].as_str() else { continue };
        let date: model::Date = date.parse().unwrap();
        let shown = words::format::day(date);
        let is_shown = |after| page.contains(&format!("<td>{shown}{after}</td>"));
        assert!(
            (is_shown("") || is_shown(", passed")) && said.contains(&date.to_string()),
            "{query}: {date}"
        );
    }
}

/// The headline of the JSON stands on the page, sentence by sentence, and in the command's answer. No
/// sentence gives a date about a whole query, and no day that has passed is told as one to come.
#[track_caller]
fn check_headline(answer: &Value, page: &str, said: &str) {
    if answer["base"]["when"]["state"] == "unavailable" {
        return;
    }
    let headline = answer["base"]["headline"].as_str().unwrap();
    assert!(said.contains(headline), "{headline}\n{said}");
    let text: String = page.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    for sentence in headline.split_inclusive(". ") {
        let escaped = sentence.trim().replace('<', "&lt;").replace('>', "&gt;");
        assert!(squeezed(&text).contains(&squeezed(&escaped)), "{sentence}");
    }
    if answer["work"]["kind"] != "team" {
        return;
    }
    for misleading in ["likely done by", "does not finish", "The team", "finish by"] {
        assert!(!headline.contains(misleading), "{headline}");
    }
}

/// Every query of the workspace, as the names of profile and query for a command and as its path.
fn queries(workspace: &Workspace) -> Vec<([String; 4], String)> {
    let profiles = run(&workspace.path, &["profiles", "--json"]).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found = Vec::new();
    for profile in profiles.as_array().unwrap() {
        let listed =
            run(&workspace.path, &["queries", "--profile", &text(&profile["id"]), "--json"]);
        for query in listed.json().as_array().unwrap() {
            let [profile, query] = [text(&profile["id"]), text(&query["id"])];
            let path = format!("/profiles/{profile}/queries/{query}");
            found.push((["--profile".into(), profile, "--query".into(), query], path));
        }
    }
    found
}

/// What two answers tell of one thing is the same in both.
fn check_pace(workspace: &Workspace, commands: [&[&str]; 3]) {
    let answer = |command: &[&str]| run(&workspace.path, &[command, &["--json"]].concat()).json();
    let [now, flow, summary] = commands.map(answer);
    let found = &now["items"]["value"];
    if !found.is_null() {
        let [total, aged] = ["total", "with_start"].map(|name| found[name].as_u64().unwrap());
        assert_eq!(found["service_level"], flow["service_level"], "{commands:?}");
        assert_eq!(found["rows"].as_array().unwrap().len() as u64, aged, "{commands:?}");
        if let Some(under_way) = flow["work_in_progress"]["value"]["now"].as_u64() {
            assert_eq!(total, under_way, "{commands:?}");
        }
        let ages = &summary["summary"]["work_item_age"]["value"];
        assert!(ages.as_array().is_none_or(|ages| ages.len() as u64 == aged), "{commands:?}");
        let over = &flow["service_level"]["value"]["over"];
        assert!(over.is_null() || *over == found["over"], "{commands:?}: {over}");
    }
}

fn check_all(workspace: &Workspace, days: &[&str]) {
    let server = Server::start(workspace, &["--port", "0"]);
    for (of, query) in queries(workspace) {
        for &day in days {
            let at = |command| {
                let mut at = vec![command, "--window", "6"];
                at.extend(of.iter().map(String::as_str));
                at.extend(["--as-of", day].into_iter().filter(|_| !day.is_empty()));
                at
            };
            let parameters = format!("?window=6&as_of={day}");
            let parameters = parameters.trim_end_matches("&as_of=").to_owned();
            check(workspace, &server, &query, &at("summary"), &parameters);
            check_sentences(workspace, &server, &query, &at("summary"), &parameters);
            check(workspace, &server, &format!("{query}/weeks"), &at("weeks"), &parameters);
            check_forecast(workspace, &server, &query, &at("forecast"), &parameters);
            check_flow(workspace, &server, &query, &at("flow"), &parameters);
            check(workspace, &server, &format!("{query}/now"), &at("now"), &parameters);
            check_pace(workspace, [&at("now"), &at("flow"), &at("summary")]);
            let csv = run(&workspace.path, &[&at("weeks")[..], &["--csv"]].concat()).answer();
            assert!(server.get(&format!("/api/v1{query}/weeks.csv{parameters}")).1.ends_with(&csv));
            let weeks = run(&workspace.path, &[&at("weeks")[..], &["--json"]].concat()).json();
            check_page(&server, &query, &parameters, &weeks);
        }
    }
}

#[test]
fn commands_and_server_give_the_same_figures() {
    check_all(&Workspace::migrated(), &DAYS);
    for (name, days) in [("multi", &DAYS[..]), ("real", &DAYS_OF_REAL)] {
        let Some(archive) = requirement::large_sample(name) else { return };
        let workspace = Workspace::unpacked(&archive, name);
        run(&workspace.path, &["migrate"]).answer();
        check_all(&workspace, days);
        check_shell(&workspace);
    }
}

/// What counts, by the lists of the profile, in the words of a database shell.
const COUNTED: &str = "
    FROM issues AS issue JOIN queries AS query ON query.row = issue.query
    JOIN profiles AS profile ON profile.id = query.profile_id
    WHERE query.profile_id || '/' || query.id = ?1
    AND (ifnull(json_array_length(project_classification, '$.development_projects'), 0) = 0
      OR project IN (SELECT value FROM json_each(project_classification, '$.development_projects')))
    AND lower(ifnull(issue_type, '')) NOT IN
      (SELECT lower(value) FROM json_each(project_classification, '$.parent_issue_types'))";

const IS_DONE: &str = "CASE
    WHEN ifnull(json_array_length(project_classification, '$.flow_end_statuses'), 0) > 0 THEN
      lower(status) IN (SELECT lower(value) FROM json_each(project_classification, '$.flow_end_statuses'))
    ELSE status_category = 'done' END";

/// Totals of every query, and what was created in each week, against the documents.
fn check_shell(workspace: &Workspace) {
    let database = shell::open(workspace);
    for (of, path) in queries(workspace) {
        let of: Vec<&str> = of.iter().map(String::as_str).collect();
        let overview = [&["summary", "--window", "all", "--json"], &of[..]].concat();
        let overview = run(&workspace.path, &overview).json();
        if overview["origin"] != "issues" {
            continue;
        }
        let key = [of[1], of[3]].join("/");
        let count =
            |sql: &str| -> i64 { database.query_row(sql, [&key], |row| row.get(0)).unwrap() };
        let totals = &overview["summary"]["totals"]["value"];
        let amount = |name: &str| totals[name]["items"].as_i64().unwrap();
        let done = count(&format!("SELECT count(*) {COUNTED} AND {IS_DONE}"));
        // Documents of the old app do not say which of the done ones were cancelled.
        let cancelled = totals["cancelled"]["items"].as_i64().unwrap_or_default();
        assert_eq!(amount("done") + cancelled, done, "{path}");
        assert_eq!(amount("open"), count(&format!("SELECT count(*) {COUNTED}")) - done, "{path}");
        let undated = totals["undated"]["created"]["items"].as_i64().unwrap();
        let rows = overview["weeks"]["value"]["rows"].as_array().unwrap();
        let created = column(rows, "created");
        let weeks =
            format!("SELECT strftime('%G-W%V', created), count(*), 0.0 {COUNTED} GROUP BY 1");
        let mut statement = database.prepare(&weeks).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
        let by_week: BTreeMap<String, i64> =
            statement.query_map([&key], row).unwrap().map(Result::unwrap).collect();
        let more: i64 =
            by_week.iter().map(|(week, n)| n - created.get(week).map_or(0, |c| c.0)).sum();
        assert_eq!(more, undated, "{path}");
        assert!(created.iter().all(|(week, (items, _))| items <= &by_week[week]), "{path}");
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

/// Values that were stored of weeks: command, table of comma-separated values, server and page.
#[test]
fn stored_weeks_are_the_same_everywhere() {
    let workspace = Workspace::migrated();
    let of = run(&workspace.path, &["weeks", "--json"]).json();
    let id = |name: &str| of["trail"][name]["id"].as_str().unwrap();
    let page = format!("/profiles/{}/queries/{}/data", id("profile"), id("query"));
    let server = Server::start(&workspace, &["--port", "0"]);
    for weeks in ["12", "60"] {
        let stored = run(&workspace.path, &["weeks", "--stored", "--window", weeks, "--json"]);
        let stored = stored.json();
        let api = server.get(&format!("/api/v1{page}?weeks={weeks}")).1;
        let api: Value = serde_json::from_str(&api).unwrap();
        assert_eq!(stored, api["snapshots"]);
        let columns = stored["columns"].as_array().unwrap();
        let rows = stored["weeks"].as_array().unwrap();
        assert!(rows.len() >= 12 && columns.len() >= 8, "{} {}", rows.len(), columns.len());
        let shown = weeks_of(&server.get(&format!("{page}?weeks={weeks}")).1, "wide weekly");
        let labels: Vec<&str> = shown.iter().map(|(week, _)| week.as_str()).collect();
        let want: Vec<&str> = rows.iter().map(|row| row["week"].as_str().unwrap()).collect();
        assert_eq!(labels, want);
        let csv = run(&workspace.path, &["weeks", "--stored", "--window", weeks, "--csv"]).answer();
        let mut lines = csv.lines().skip(1);
        for (row, (week, cells)) in rows.iter().zip(&shown) {
            for ((value, cell), column) in
                row["values"].as_array().unwrap().iter().zip(cells).zip(columns)
            {
                let line: Vec<&str> = lines.next().unwrap().rsplitn(3, ',').collect();
                assert!(line[2].starts_with(week.as_str()), "{week} {line:?}");
                let is_same = |text: &str| match value.as_f64() {
                    Some(value) => (text.parse::<f64>().unwrap() - value).abs() <= 0.051,
                    None => text.is_empty() || text == "–",
                };
                assert!(is_same(cell) && is_same(line[1]), "{week} {column}: {cell} {line:?}");
            }
        }
        assert_eq!(lines.next(), None);
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
    assert!(empty.contains("\nThe query holds no issues. Run “burndown sync”."), "{empty}");
    assert!(!empty.contains("figure"), "{empty}");
    let csv = at(&["weeks", "--csv", "--profile", "No data yet"]);
    assert!(csv.err.contains("The query holds no issues."), "{}", csv.err);
    assert_eq!(csv.answer().lines().count(), 1);
    let of_rows = ["--profile", "ZÜRICH – Ünïcødé 项目 🚀", "--query", "CSV вручную"];
    let rows = at(&[&["summary"], &of_rows[..]].concat()).answer();
    for part in ["78 of 165 items done", "stored counts", "Not known:"] {
        assert!(rows.contains(part), "{part:?} is not in: {rows}");
    }
}

/// A change of the model is a visible difference.
#[test]
fn forecasts_of_known_teams_are_fixed() {
    let Some(archive) = requirement::large_sample("real") else { return };
    let workspace = Workspace::unpacked(&archive, "real");
    run(&workspace.path, &["migrate"]).answer();
    let mut text = String::new();
    for (of, _) in queries(&workspace) {
        for day in DAYS_OF_REAL {
            let of = of.iter().map(String::as_str);
            let command: Vec<&str> = ["forecast", "--as-of", day].into_iter().chain(of).collect();
            text.push_str(&run(&workspace.path, &command).answer());
            text.push('\n');
        }
    }
    insta::assert_snapshot!("forecasts_of_real", text);
}
