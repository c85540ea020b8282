//! Reports: what they hold, that the same data makes the same one, and that names leave none behind.

use std::fs;

use crate::program::run;
use crate::samples::Workspace;

/// Writes a report and reads it.
#[track_caller]
fn report(workspace: &Workspace, file: &str, options: &[&str]) -> String {
    let arguments = [&["report", "-o", file, "--force"], options].concat();
    run(&workspace.path, &arguments).answer();
    fs::read_to_string(workspace.path.join(file)).unwrap()
}

/// A workspace with a delivery and a milestone that have names.
fn with_names() -> Workspace {
    let workspace = Workspace::migrated();
    let add = ["delivery", "add", "type = bug", "--name", "Harbour gate", "--target", "2026-06-01"];
    run(&workspace.path, &add).answer();
    run(&workspace.path, &["milestone", "set", "Spring fair", "2026-04-01"]).answer();
    // One that the first sentences name.
    run(&workspace.path, &["milestone", "set", "Frost", "2026-01-12"]).answer();
    workspace
}

#[test]
fn the_same_data_makes_the_same_report() {
    let workspace = with_names();
    for file in ["report.html", "report.md"] {
        let first = report(&workspace, file, &[]);
        assert_eq!(first, report(&workspace, file, &[]), "{file}");
        assert!(first.len() < 300_000, "{file}: {}", first.len());
        for said in
            ["Harbour gate", "Spring fair", "Frost", "Calendar", "Zone", "Window", "burndown 0."]
        {
            assert!(first.contains(said), "{said} is not in {file}");
        }
        assert!(!first.contains("<script") && !first.contains("src="), "{file}");
    }
}

#[test]
fn a_report_has_the_parts_that_were_asked_for() {
    let workspace = with_names();
    let only = report(&workspace, "report.md", &["--sections", "deliveries"]);
    assert!(only.contains("Deliveries") && only.contains("Harbour gate"), "{only}");
    assert!(!only.contains("At a glance") && !only.contains("Cycle time"), "{only}");
    run(&workspace.path, &["delivery", "state", "Harbour gate", "done"]).answer();
    let over = report(&workspace, "report.md", &[]);
    assert!(!over.contains("Deliveries"), "{over}");
    let refused = run(&workspace.path, &["report", "-o", "x.md", "--sections", "colours"]);
    refused.failed(2, &["colours", "deliveries"]);
}

#[test]
fn a_report_without_names_has_none() {
    let workspace = with_names();
    let issues = run(&workspace.path, &["issues", "--json"]).json();
    let of = |name: &str| -> Vec<String> {
        let all = issues["issues"].as_array().unwrap().iter();
        all.filter_map(|issue| issue[name].as_str().map(str::to_owned)).collect()
    };
    let [keys, summaries, statuses] = ["key", "summary", "status"].map(of);
    assert!(!keys.is_empty() && !statuses.is_empty());
    for file in ["report.html", "report.md"] {
        let text = report(&workspace, file, &["--anonymise"]);
        assert!(text.contains("Delivery 1") && text.contains("Milestone 1"), "{text}");
        let names =
            ["Harbour gate", "Spring fair", "Frost", "issues.example.org"].map(str::to_owned);
        for name in keys.iter().chain(&summaries).chain(&names) {
            assert!(!text.contains(name.as_str()), "{name} is in {file}");
        }
        // A status may be called like a word of the report, such as Done.
        for status in statuses.iter().filter(|status| !["Done", "Open"].contains(&status.as_str()))
        {
            assert!(!text.contains(&format!(">{status}<")), "{status} is in {file}");
        }
    }
}

/// Marks that turn texts around or drive a terminal leave by no file.
#[test]
fn files_hold_no_marks_that_change_how_texts_are_seen() {
    let odd = "\u{202e}\u{1b}[31m\u{2066}\u{200f}";
    let issue = |number: u32| {
        serde_json::json!({"key": format!("K-{number}"), "fields": {
            "summary": format!("S{odd}"),
            "status": {"name": format!("Done{odd}"), "statusCategory": {"key": "done"}},
            "issuetype": {"name": format!("Story{odd}")}, "created": "2026-01-01T00:00:00.000+0000",
            "resolutiondate": format!("2026-02-{:02}T00:00:00.000+0000", number % 28 + 1),
        }})
    };
    let export = serde_json::json!({
        "manifest": {},
        "profile_data": {"id": "p", "name": format!("P{odd}")},
        "query_data": {"q": {
            "query_metadata": {"name": format!("Q{odd}"), "jql": ""},
            "jira_cache": {"issues": (1..40).map(issue).collect::<Vec<_>>()},
        }},
    });
    let workspace = Workspace::empty();
    fs::write(workspace.path.join("odd.json"), export.to_string()).unwrap();
    let at = |arguments: &[&str]| {
        run(&workspace.path, &[arguments, &["--workspace", "."]].concat()).answer();
    };
    at(&["import", "odd.json"]);
    at(&["report", "q", "--profile", "p", "-o", "r.html"]);
    at(&["report", "q", "--profile", "p", "-o", "r.md"]);
    for chart in ["burn-up", "types"] {
        at(&["chart", chart, "--profile", "p", "--query", "q", "-o", &format!("{chart}.svg")]);
    }
    at(&["export", "tables", "--format", "csv", "--profile", "p"]);
    let files = workspace.files();
    let written = files.iter().filter(|(name, _)| {
        ["html", "md", "svg", "csv"].iter().any(|ending| name.ends_with(ending))
    });
    let mut count = 0;
    for (name, bytes) in written {
        count += 1;
        let text = String::from_utf8_lossy(bytes);
        let is_odd =
            |c: char| model::plain::is_direction(c) || (c.is_control() && !"\r\n\t".contains(c));
        let at = text.find(is_odd);
        assert!(at.is_none(), "{name} at {at:?}");
    }
    assert!(count >= 8, "{:?}", files.keys());
}
