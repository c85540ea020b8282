//! What is said of a past day is what was said on it: nothing that came later is looked at.

use serde_json::Value;

use crate::program::run;
use crate::recorded::{cut, issues, synced};
use crate::samples::Workspace;

/// A file of issues, the statuses that mean done in it, and days on which its team was at work.
const PROJECTS: [(&str, &[&str], [&str; 3]); 3] = [
    ("aearep", &["Done"], ["2024-06-30", "2025-02-19", "2025-09-14"]),
    ("aerogear", &["Resolved", "Closed"], ["2012-01-29", "2012-03-07", "2012-09-30"]),
    ("agpush", &["Resolved", "Closed"], ["2013-06-16", "2013-07-14", "2013-09-04"]),
];

/// All that is said of a day, but for what a workspace calls its query and how many issues that holds
/// by now.
fn said(workspace: &Workspace, command: &[&str], day: &str) -> Value {
    let asked = [command, &["--as-of", day, "--json"]].concat();
    let mut said = run(&workspace.path, &asked).json();
    let members = said.as_object_mut().unwrap();
    for name in ["trail", "issues", "fetched_at"] {
        members.remove(name);
    }
    said
}

#[test]
fn figures_of_a_past_day_are_those_of_the_data_cut_off_at_it() {
    for (file, done, days) in PROJECTS {
        let Some(issues) = issues(file) else { return };
        let whole = synced(&issues, &issues, done);
        for day in days {
            let then = synced(&cut(&issues, day), &issues, done);
            for command in [&["summary"][..], &["weeks", "--window", "all"], &["forecast"]] {
                let [want, found] = [&then, &whole].map(|workspace| said(workspace, command, day));
                assert_eq!(found, want, "{file} {day} {command:?}");
            }
        }
    }
}
