//! Milestones of old and of new, set, replaced and taken away.

use super::*;
use crate::profile::settings::{Change, SettingsDraft};
use crate::sample::Sample;
use model::settings::{MILESTONES_MAX, Setting};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn deadlines_are_set_replaced_and_removed() {
    let Sample { app, key, .. } = &Sample::issues();
    let shown = || {
        let found = app.milestones(&key.profile).unwrap();
        found.into_iter().map(|found| format!("{} {}", found.name, found.date)).collect::<Vec<_>>()
    };
    let set = |name, date| app.put_milestone(&key.profile, name, day(date), None).unwrap();
    set("Deadline", "2026-06-30");
    set(" Beta ", "2026-03-01");
    set("beta", "2026-04-01");
    assert_eq!(shown(), ["beta 2026-04-01", "Deadline 2026-06-30"]);
    app.remove_milestone(&key.profile, "DEADLINE", None).unwrap();
    assert_eq!(shown(), ["beta 2026-04-01"]);
    app.remove_milestone(&key.profile, "Beta", None).unwrap();
    assert_eq!(shown(), Vec::<String>::new());
}

#[track_caller]
fn check_refused(name: &str, message: &str) {
    let Sample { app, key, .. } = &Sample::issues();
    let put = app.put_milestone(&key.profile, name, day("2026-01-01"), None);
    let error = put.unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
    assert_eq!(app.milestones(&key.profile).unwrap(), []);
}

#[test]
fn what_means_nothing_changes_nothing() {
    check_refused("", "1 to 60 characters");
    check_refused(&"x".repeat(61), "1 to 60 characters");
    check_refused("a\nb", "1 to 60 characters");
    check_refused("a\u{202e}b", "1 to 60 characters");
    let Sample { app, key, .. } = &Sample::issues();
    for name in ["Deadline", "Beta"] {
        let error = app.remove_milestone(&key.profile, name, None).unwrap_err().to_string();
        assert!(error.contains("there is no milestone"), "{error}");
    }
    for number in 0..MILESTONES_MAX {
        app.put_milestone(&key.profile, &format!("M{number}"), day("2026-01-01"), None).unwrap();
    }
    let one_more = app.put_milestone(&key.profile, "one more", day("2026-01-01"), None);
    let error = one_more.unwrap_err().to_string();
    assert!(error.contains("at most 20"), "{error}");
}

/// What `milestone set` and `settings add milestones` do to the same workspace.
#[track_caller]
fn check_same(lines: &[&str]) {
    let (set, added) = (Sample::issues(), Sample::issues());
    for line in lines {
        let (date, name) = line.split_once(' ').unwrap();
        set.app.put_milestone(&set.key.profile, name, day(date), None).unwrap();
        let setting = Setting::find("milestones").unwrap();
        let draft = SettingsDraft::of(setting, Change::Add(vec![(*line).to_owned()]));
        added.app.edit_settings(&added.key.profile, &draft, None).unwrap();
    }
    let stored = |sample: &Sample| {
        let profile = sample.app.store.read().unwrap().profile(&sample.key.profile).unwrap();
        profile.unwrap().settings
    };
    assert_eq!(stored(&set), stored(&added), "{lines:?}");
    assert!(!set.app.milestones(&set.key.profile).unwrap().is_empty());
}

#[test]
fn both_ways_to_set_a_milestone_do_the_same() {
    check_same(&["2026-12-25 Deadline"]);
    check_same(&["2026-12-25 milestone", "2026-12-26 Milestone"]);
    check_same(&["2026-12-25 Beta", "2026-12-26 beta", "2026-01-01 Alpha"]);
}

#[test]
fn a_milestone_is_not_set_over_what_was_not_seen() {
    let Sample { app, key, .. } = &Sample::issues();
    let seen = app.profile_revision(&key.profile).unwrap();
    app.put_milestone(&key.profile, "Beta", day("2026-03-01"), seen).unwrap();
    let late = app.put_milestone(&key.profile, "Beta", day("2026-04-01"), seen);
    assert!(matches!(late, Err(Error::ChangedMeanwhile { .. })));
    let late = app.remove_milestone(&key.profile, "Beta", seen);
    assert!(matches!(late, Err(Error::ChangedMeanwhile { .. })));
}
