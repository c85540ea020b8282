//! Deadlines of old and of new, set, replaced and taken away; and the days that are worked on.

use super::*;
use crate::sample::Sample;

fn settings(text: &str) -> Settings {
    Settings { forecast_settings: Json::parse(text).ok(), ..Settings::default() }
}

#[track_caller]
fn check_read(text: &str, want: &[(&str, &str)]) {
    let found = milestones(&settings(text));
    let found: Vec<(String, String)> =
        found.into_iter().map(|found| (found.name, found.date.to_string())).collect();
    let want: Vec<(String, String)> =
        want.iter().map(|(name, date)| ((*name).into(), (*date).into())).collect();
    assert_eq!(found, want, "{text}");
}

#[test]
fn deadlines_are_read_as_they_were_written() {
    check_read("{}", &[]);
    check_read("[]", &[]);
    check_read(r#"{"deadline":"","milestone":null}"#, &[]);
    check_read(r#"{"deadline":"soon","milestone":"2026-02-30"}"#, &[]);
    check_read(
        r#"{"deadline":"2026-06-30","milestone":"2026-03-01","milestones":[{"name":"Beta","date":"2026-01-15"},{"name":"No date"},7]}"#,
        &[("Beta", "2026-01-15"), ("Milestone", "2026-03-01"), ("Deadline", "2026-06-30")],
    );
}

#[test]
fn working_days_are_monday_to_friday_unless_others_are_named() {
    let of = |text: &str| calendar(&settings(text));
    assert_eq!(of("{}"), WorkingCalendar::default());
    assert_eq!(of(r#"{"working_days":[]}"#), WorkingCalendar::default());
    let found = of(r#"{"working_days":["sun","Mon","someday"],"holidays":["2026-12-25","x"]}"#);
    assert_eq!(found.weekdays, [true, false, false, false, false, false, true]);
    assert_eq!(found.holidays.iter().map(Date::to_string).collect::<Vec<_>>(), ["2026-12-25"]);
}

#[test]
fn the_old_apps_setting_is_a_number_of_weeks() {
    for (text, want) in [
        ("{}", 3),
        (r#"{"pert_factor":6}"#, 6),
        (r#"{"pert_factor":1.2}"#, 1),
        (r#"{"pert_factor":99}"#, 15),
        (r#"{"pert_factor":"6"}"#, 3),
        (r#"{"pert_factor":-1}"#, 1),
    ] {
        assert_eq!(pert_factor(&settings(text)), want, "{text}");
    }
}

#[test]
fn deadlines_are_set_replaced_and_removed() {
    let Sample { app, key, .. } = &Sample::issues();
    let shown = || {
        let found = app.milestones(&key.profile).unwrap();
        found.into_iter().map(|found| format!("{} {}", found.name, found.date)).collect::<Vec<_>>()
    };
    app.put_milestone(&key.profile, "Deadline", "2026-06-30").unwrap();
    app.put_milestone(&key.profile, " Beta ", "2026-03-01").unwrap();
    app.put_milestone(&key.profile, "beta", "2026-04-01").unwrap();
    assert_eq!(shown(), ["beta 2026-04-01", "Deadline 2026-06-30"]);
    app.remove_milestone(&key.profile, "DEADLINE").unwrap();
    assert_eq!(shown(), ["beta 2026-04-01"]);
    app.remove_milestone(&key.profile, "Beta").unwrap();
    assert_eq!(shown(), Vec::<String>::new());
}

#[track_caller]
fn check_refused(name: &str, date: &str, message: &str) {
    let Sample { app, key, .. } = &Sample::issues();
    let error = app.put_milestone(&key.profile, name, date).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
    assert_eq!(app.milestones(&key.profile).unwrap(), []);
}

#[test]
fn what_means_nothing_changes_nothing() {
    check_refused("", "2026-01-01", "1 to 60 characters");
    check_refused(&"x".repeat(61), "2026-01-01", "1 to 60 characters");
    check_refused("a\nb", "2026-01-01", "1 to 60 characters");
    check_refused("a\u{202e}b", "2026-01-01", "1 to 60 characters");
    check_refused("Beta", "tomorrow", "2025-11-24");
    check_refused("Beta", "0001-01-01", "1970 to 2199");
    let Sample { app, key, .. } = &Sample::issues();
    for name in ["Deadline", "Beta"] {
        let error = app.remove_milestone(&key.profile, name).unwrap_err().to_string();
        assert!(error.contains("there is none of that name"), "{error}");
    }
    for number in 0..MILESTONES_MAX {
        app.put_milestone(&key.profile, &format!("M{number}"), "2026-01-01").unwrap();
    }
    let error = app.put_milestone(&key.profile, "one more", "2026-01-01").unwrap_err().to_string();
    assert!(error.contains("at most 20"), "{error}");
}
