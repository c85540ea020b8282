//! How much is open, and what issues without points count for.

use forecast::{daily_progress, open_items, open_points};
use metrics::{
    AsOf, IssueHistory, Items, Measured, NoteCode, Reason, Unit, Workflow, weekly_table,
};
use model::{IssueFacts, Json, Points, Remedy, Resolution, Settings, TimeZone};

use crate::sketch::date;

/// An issue as type, status and points, e.g. `Bug Open 3` or `Bug Open -`.
fn issue(text: &str) -> IssueHistory {
    let [issue_type, status, points] = text.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{text}")
    };
    let facts = IssueFacts {
        key: "A-1".to_owned(),
        issue_type: Some(issue_type.into()),
        status: Some(status.into()),
        created: Some("2026-01-05T08:00:00Z".parse().unwrap()),
        points: points.parse().map_or(Points::Empty, Points::Known),
        ..IssueFacts::default()
    };
    IssueHistory { facts, ..IssueHistory::default() }
}

fn look(issues: &[&str], check: impl FnOnce(&Items<'_>)) {
    look_at(&issues.iter().map(|text| issue(text)).collect::<Vec<_>>(), check);
}

fn look_at(histories: &[IssueHistory], check: impl FnOnce(&Items<'_>)) {
    let lists = Json::parse(r#"{"flow_end_statuses":["Done"]}"#).ok();
    let workflow = Workflow::of(&model::ProfileSettings::read(&Settings {
        project_classification: lists,
        ..Settings::default()
    }));
    let as_of = AsOf::end_of(date("2026-03-29"), TimeZone::UTC);
    check(&Items::read(histories, &workflow, &[], &as_of, Remedy::SyncNow));
}

#[track_caller]
fn check_points(issues: &[&str], amount: f64, points_each: f64, extrapolated: f64, notes: usize) {
    look(issues, |items| {
        let Measured::Known { value, notes: found, .. } = open_points(items) else { panic!() };
        assert_eq!(
            (value.amount, value.points_each, value.extrapolated),
            (amount, points_each, extrapolated)
        );
        assert_eq!(found.len(), notes);
        assert!(found.iter().all(|note| note.code == NoteCode::PointsExtrapolated));
    });
}

#[track_caller]
fn check_refused(issues: &[&str], want: &str) {
    look(issues, |items| {
        let Measured::Unavailable { reason, .. } = open_points(items) else { panic!() };
        assert_eq!(words::reason(&reason), want);
    });
}

#[test]
fn issues_without_points_count_with_the_median_of_their_type() {
    check_points(&["Bug Open 3", "Story Open 5"], 8.0, 3.0, 0.0, 0);
    // Bugs have 1, 1 and 4: the median is 1; of all five it is 4.
    let mixed =
        ["Bug Open 1", "Bug Done 1", "Bug Open 4", "Story Open 8", "Story Done 8", "Bug Open -"];
    check_points(&mixed, 14.0, 4.0, 1.0 / 14.0, 1);
    // No task has points.
    check_points(&["Bug Open 2", "Bug Open 2", "Task Open -"], 6.0, 2.0, 1.0 / 3.0, 1);
}

#[test]
fn points_need_coverage() {
    let few = "Only 50 % of the open issues are estimated; a forecast of estimates needs 60 %.";
    check_refused(&["Bug Open 2", "Bug Open -"], few);
    check_refused(&["Bug Done -"], "No issue is estimated.");
    check_refused(&[], "The query holds no issues.");
    let enough = ["Bug Open 2", "Bug Open 2", "Bug Open 2", "Bug Open -", "Bug Open -"];
    check_points(&enough, 10.0, 2.0, 0.4, 1);
}

#[test]
fn open_items_are_those_of_the_table() {
    look(&["Bug Open 2", "Bug Open -", "Bug Done -"], |items| {
        let open = open_items(&weekly_table(items, None));
        assert_eq!(open.known().map(|open| open.amount), Some(2.0));
    });
    let none = Measured::unavailable(Reason::NoIssues, Remedy::SyncNow);
    assert_eq!(open_items(&none).known(), None);
}

#[test]
fn progress_is_told_by_the_day() {
    let dated = |text: &str, resolved: Option<&str>, resolution: &str| {
        let mut history = issue(text);
        history.facts.resolved = resolved.map(|at| at.parse().unwrap());
        history.facts.resolution = Resolution::Named(resolution.to_owned());
        history
    };
    let histories = [
        issue("Bug Open 3"),
        dated("Bug Done -", Some("2026-01-07T12:00:00Z"), "Fixed"),
        dated("Bug Done 2", Some("2026-01-08T12:00:00Z"), "Duplicate"),
        dated("Bug Done 8", None, "Fixed"),
    ];
    look_at(&histories, |items| {
        let told = |unit| {
            let days = daily_progress(items, unit, 1.5);
            days.iter().map(|day| (day.date.day(), day.done, day.arrived)).collect::<Vec<_>>()
        };
        // What nothing dates is on no day.
        assert_eq!(told(Unit::Items), [(5, 0.0, 3.0), (7, 1.0, 0.0), (8, 0.0, -1.0)]);
        assert_eq!(told(Unit::Points), [(5, 0.0, 6.5), (7, 1.5, 0.0), (8, 0.0, -2.0)]);
    });
}
