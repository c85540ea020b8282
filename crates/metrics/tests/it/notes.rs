//! Data notes: what they count and name.

use metrics::{Doubts, IssueHistory, Note, NoteCode, Statistics, data_notes, weekly_table};
use model::{Json, Points, ProjectData, Resolution};

use crate::sketch::{CONFIGURED, at, issue, look, with, without_changelog};

fn notes(histories: &[IssueHistory], doubts: &Doubts<'_>) -> Vec<Note> {
    look(histories, CONFIGURED, "2025-07-02", |items| {
        data_notes(items, &weekly_table(items, doubts.statistics), doubts)
    })
}

/// A sound issue; each case spoils one thing in it.
fn sound() -> IssueHistory {
    with(issue("A-1", "2025-06-02", "To Do > 2025-06-03 Doing > 2025-06-05 Done"), |facts| {
        facts.status_category = Some("done".into());
        facts.resolution = Resolution::Named("Fixed".to_owned());
    })
}

#[track_caller]
fn check(history: IssueHistory, want: &[NoteCode]) {
    // Another issue tells that `To Do` is of category new.
    let other = with(issue("A-2", "2025-06-02", "To Do"), |facts| {
        facts.status_category = Some("new".into());
    });
    let found = notes(&[history, other], &Doubts::default());
    let codes: Vec<NoteCode> = found.iter().map(|note| note.code).collect();
    assert_eq!(codes, want);
}

#[test]
fn each_doubt_has_its_note() {
    use NoteCode as N;
    check(sound(), &[]);
    check(with(sound(), |f| f.key = "B-1".to_owned()), &[N::NotCounted]);
    check(with(sound(), |f| f.created = None), &[N::NotCreated]);
    check(with(sound(), |f| f.created = Some(at("2025-06-20"))), &[N::DoneBeforeCreated]);
    check(with(sound(), |f| f.resolution = Resolution::Absent), &[N::ResolutionUnavailable]);
    check(with(sound(), |f| f.points = Points::NotRequested), &[N::PointsNotRequested]);
    check(with(sound(), |f| f.points = Points::Unreadable), &[N::PointsUnreadable]);
    check(with(sound(), |f| f.points = Points::Known(1e12)), &[N::PointsUnreadable]);
    check(with(sound(), |f| f.status = Some("Closed".into())), &[N::ChangelogStale]);
    check(without_changelog(sound()), &[N::DoneWithoutDate, N::ChangelogMissing]);
    let resolved = |history| with(history, |f| f.resolved = Some(at("2025-06-20")));
    check(resolved(without_changelog(sound())), &[N::ChangelogMissing, N::DatedByResolution]);
    let path = "To Do > 2025-06-03 Limbo > 2025-06-05 Done";
    let odd = issue("A-1", "2025-06-02", path);
    check(with(odd, |f| f.resolution = Resolution::Unresolved), &[N::StatusesUnmapped]);
    check(resolved(with(sound(), |f| f.status = None)), &[N::StatusMissing, N::ChangelogStale]);
}

#[test]
fn notes_say_what_they_count() {
    let limbo = |key: &str| issue(key, "2025-06-02", "To Do > 2025-06-03 Limbo");
    let histories = [limbo("A-1"), limbo("A-2"), limbo("B-1"), issue("A-3", "2025-06-02", "Away")];
    let doubts = Doubts { partial_issues: Some("the file ends early"), ..Doubts::default() };
    let found = notes(&histories, &doubts);
    use NoteCode as N;
    let counts: Vec<_> = found.iter().map(|note| (note.code, note.count)).collect();
    assert_eq!(counts, [(N::PartialIssues, 0), (N::NotCounted, 1), (N::StatusesUnmapped, 3)]);
    assert_eq!(found[0].missing.as_deref(), Some("the file ends early"));
    let shares = |note: &Note| -> Vec<String> {
        note.shares.iter().map(|share| format!("{} {}", share.count, share.name)).collect()
    };
    assert_eq!(shares(&found[1]), ["1 project B is no development project"]);
    assert_eq!(shares(&found[2]), ["2 Limbo", "2 To Do", "1 Away"]);
    assert_eq!(found[2].keys, ["A-1", "A-2", "A-3"]);
}

#[test]
fn stored_weeks_that_differ_are_named() {
    let row = |date: &str, created: i64, completed: i64| {
        format!(r#"{{"date":"{date}","created_items":{created},"completed_items":{completed}}}"#)
    };
    let rows = [row("2025-06-02", 2, 1), row("2025-06-09", 1, 0), row("2025-06-30", 9, 9)];
    let stored = Json::parse(&format!("[{}]", rows.join(","))).ok();
    let data = ProjectData { statistics: stored, ..ProjectData::default() };
    let statistics = Statistics::read(&data);
    let histories = [sound(), issue("A-2", "2025-06-02", "To Do")];
    let found = notes(&histories, &Doubts { statistics: Some(&statistics), ..Doubts::default() });
    let differ = found.iter().find(|note| note.code == NoteCode::StatisticsDiffer).unwrap();
    assert_eq!((differ.count, &differ.keys[..]), (1, &["2025-W24".to_owned()][..]));
}
