//! The weekly table as CSV.

use super::*;
use crate::sample::Sample;

#[track_caller]
fn check(sample: &Sample, want: &[&str]) {
    let weeks = sample.app.weeks(&sample.key, &OverviewAsk::default()).unwrap();
    let csv = weeks.to_csv();
    let (head, rows) = csv.split_once("\r\n").unwrap();
    assert_eq!(head, header(Estimates::Points).join(","));
    assert!(csv.ends_with("\r\n"), "{csv}");
    assert_eq!(rows.lines().collect::<Vec<_>>(), want);
}

#[test]
fn weeks_become_lines() {
    check(
        &Sample::issues(),
        &[
            "2025-W23,2025-06-02,false,2,0,0,0,2,3,0,0,0,3",
            "2025-W24,2025-06-09,false,1,1,0,0,2,0,3,0,0,0",
            "2025-W25,2025-06-16,false,1,0,1,0,2,0.5,0,0,0,0.5",
            "2025-W26,2025-06-23,true,0,1,0,0,1,0,0,0,0,0.5",
        ],
    );
}

#[test]
fn what_is_not_known_is_empty() {
    check(
        &Sample::rows(),
        &["2025-W23,2025-06-02,false,2,0,,,,0,0,,,", "2025-W24,2025-06-09,false,0,1,,,,0,0,,,"],
    );
}
