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
