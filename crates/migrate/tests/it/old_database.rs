//! The old app's database (2.5 and later): every sample arrives whole, row by row.

use std::collections::BTreeMap;
use std::path::Path;

use migrate::Report;

use super::workspace::{Workspace, findings, silent};

/// Counts of profiles, queries, issues, statistics, snapshots.
#[track_caller]
fn check(name: &str, want: [u64; 5]) -> Option<(Workspace, Report)> {
    let workspace = Workspace::shared(name)?;
    let before = files(&workspace.path);
    let planned = migrate::dry_run(&workspace.job(), &silent).unwrap();
    assert_eq!(files(&workspace.path), before, "a dry run changes nothing");
    let report = workspace.migrate();
    for (path, bytes) in &before {
        assert_eq!(std::fs::read(workspace.path.join(path)).ok().as_ref(), Some(bytes), "{path}");
    }
    let totals = &report.totals;
    let got = [totals.profiles, totals.queries, totals.issues, totals.statistics, totals.snapshots];
    assert_eq!(got, want);
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    assert_eq!(planned.tables, report.tables);
    assert_eq!(planned.finding_count(), report.finding_count());
    Some((workspace, report))
}

/// Every file below a folder but ours, with its bytes.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn small() {
    let Some((_workspace, report)) = check("sqlite-v2.5.0-small", [1, 1, 60, 29, 261]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn multi() {
    let Some((_workspace, report)) = check("sqlite-v2.5.0-multi", [3, 7, 1550, 229, 1854]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn both() {
    let Some((_workspace, report)) = check("sqlite-v2.5.0-both", [1, 1, 120, 37, 104]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn budget() {
    let Some((_workspace, report)) = check("sqlite-v2.11.0-budget", [1, 3, 206, 64, 576]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn fresh() {
    let Some((_workspace, report)) = check("sqlite-v2.15.3-fresh", [2, 4, 113, 63, 567]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn full() {
    let Some((_workspace, report)) = check("sqlite-v2.15.3-full", [6, 12, 532, 0, 0]) else {
        return;
    };
    println!("{}", report.to_text());
}

#[test]
fn real() {
    let Some((_workspace, report)) = check("sqlite-v2.15.3-real", [1, 2, 376, 0, 0]) else {
        return;
    };
    println!("{}", report.to_text());
}
