//! The figures of a query whose issues can be counted by hand, and the issues behind each.

use metrics::{Amount, NoteCode, WeekRow};
use model::{CacheKind, Json, Remedy};
use store::Writer;

use super::*;
use crate::figures::moment::MomentRule;
use crate::figures::week_range::WeekRange;
use crate::issues::{Event, IssuesAsk};
use crate::sample::Sample;

fn ask(window: &str, as_of: &str) -> OverviewAsk {
    let mut ask = OverviewAsk::default();
    ask.set("window", window).unwrap();
    ask.set("as_of", as_of).unwrap();
    ask
}

fn counts(row: &WeekRow) -> (String, [i64; 4]) {
    let flow = row.flow;
    let amounts = [flow.created, flow.done, flow.cancelled.unwrap(), row.open.unwrap()];
    (row.week.to_string(), amounts.map(|amount| amount.items))
}

#[track_caller]
fn check_weeks(window: &str, as_of: &str, before: Option<&str>, want: &[(&str, [i64; 4])]) {
    let sample = Sample::issues();
    let overview = sample.app.overview(&sample.key, &ask(window, as_of)).unwrap();
    let table = overview.weeks.known().unwrap();
    assert_eq!(table.before.map(|before| before.weeks.to_string()).as_deref(), before);
    let found: Vec<_> = table.rows.iter().map(counts).collect();
    let want: Vec<_> = want.iter().map(|(week, counts)| ((*week).to_owned(), *counts)).collect();
    assert_eq!(found, want);
    let series = overview.burnup.known().unwrap();
    let shown: Vec<_> = overview.earlier.iter().map(counts).chain(found).collect();
    let remaining = series.iter().map(|point| point.remaining.unwrap().items);
    assert!(remaining.eq(shown.iter().map(|(_, [.., open])| *open)), "{series:?}");
    assert!(overview.earlier.len() <= table.rows.len());
    let weeks = sample.app.weeks(&sample.key, &ask(window, as_of)).unwrap();
    assert_eq!(weeks.table, overview.weeks);
}

#[test]
fn a_window_shows_its_weeks_and_sums_up_those_before() {
    let all = [
        ("2025-W23", [2, 0, 0, 2]),
        ("2025-W24", [1, 1, 0, 2]),
        ("2025-W25", [1, 0, 1, 2]),
        ("2025-W26", [0, 1, 0, 1]),
    ];
    check_weeks("all", "", None, &all);
    check_weeks("12", "", None, &all);
    check_weeks("2", "", Some("2025-W23"), &all[1..]);
    check_weeks("1", "", Some("2025-W23..2025-W24"), &all[2..]);
    check_weeks("all", "2025-06-15", None, &all[..2]);
    check_weeks("1", "2025-06-15", Some("2025-W23"), &all[1..2]);
}

/// Every number of the overview and the tables leads to as many issues.
#[track_caller]
fn check_behind(sample: &Sample, as_of: &str, event: Event, week: Option<WeekRange>, want: i64) {
    let as_of = as_of.parse().ok();
    let ask = IssuesAsk { event: Some(event), week, as_of, ..IssuesAsk::default() };
    let list = sample.app.issues(&sample.key, &ask).unwrap();
    assert_eq!(list.matching as i64, want, "{event:?} {week:?} {as_of:?}");
}

#[test]
fn every_number_leads_to_its_issues() {
    let sample = Sample::issues();
    for day in ["", "2025-06-22", "2025-06-15", "2025-06-08"] {
        let overview = sample.app.overview(&sample.key, &ask("2", day)).unwrap();
        let check = |event, week, amount: Amount| {
            check_behind(&sample, day, event, week, amount.items);
        };
        let totals = overview.summary.totals.known().unwrap();
        check(Event::Scope, None, totals.scope.unwrap());
        check(Event::Done, None, totals.done);
        check(Event::Cancelled, None, totals.cancelled.unwrap());
        check(Event::Open, None, totals.open.unwrap());
        check(Event::Undated, None, totals.undated.created);
        let table = overview.weeks.known().unwrap();
        let rows = table.rows.iter().map(|row| (WeekRange::only(row.week), row.flow, row.open));
        let before = table.before.iter().map(|before| (before.weeks, before.flow, before.open));
        for (week, flow, open) in rows.chain(before) {
            check(Event::Created, Some(week), flow.created);
            check(Event::Done, Some(week), flow.done);
            check(Event::Cancelled, Some(week), flow.cancelled.unwrap());
            check(Event::Open, Some(week), open.unwrap());
        }
    }
    check_behind(&sample, "", Event::NotCounted, None, 1);
    check_behind(&sample, "", Event::Started, None, 0);
}

#[test]
fn earlier_weeks_are_the_context() {
    let sample = Sample::issues();
    for (window, earlier, last_done) in [
        ("all", &[][..], "2025-W26"),
        ("2", &["2025-W23"], "2025-W26"),
        ("1", &["2025-W23", "2025-W24"], "2025-W26"),
    ] {
        let overview = sample.app.overview(&sample.key, &ask(window, "")).unwrap();
        let weeks: Vec<_> = overview.earlier.iter().map(|row| row.week.to_string()).collect();
        assert_eq!(weeks, earlier, "{window}");
        assert_eq!(overview.last_done.unwrap().to_string(), last_done);
    }
    let overview = sample.app.overview(&sample.key, &ask("all", "2025-06-08")).unwrap();
    assert_eq!(overview.last_done, None);
}

#[test]
fn notes_are_one_list_without_repetition() {
    let sample = Sample::issues();
    let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
    let codes: Vec<NoteCode> = overview.notes.iter().map(|note| note.code).collect();
    let want = [NoteCode::NotCounted, NoteCode::NotCreated, NoteCode::ChangelogsOrphaned];
    assert_eq!(codes, want);
    let text = serde_json::to_string(&overview.notes).unwrap();
    assert!(text.contains(r#""code":"not-created""#), "{text}");
    assert!(text.contains(r#""code":"changelogs-orphaned""#), "{text}");
}

#[test]
fn stored_rows_stand_in_for_issues() {
    let sample = Sample::rows();
    let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
    assert_eq!((overview.issues, overview.origin), (0, Some(Origin::Statistics)));
    assert_eq!(overview.as_of.rule, MomentRule::Newest);
    assert_eq!(overview.as_of.date.to_string(), "2025-06-15");
    let rows = &overview.weeks.known().unwrap().rows;
    let found: Vec<_> =
        rows.iter().map(|row| (row.flow.created.items, row.flow.done.items)).collect();
    assert_eq!(found, [(2, 0), (0, 1)]);
    let codes: Vec<NoteCode> = overview.notes.iter().map(|note| note.code).collect();
    assert!(codes.contains(&NoteCode::StatisticsOnly), "{codes:?}");
    assert!(codes.contains(&NoteCode::NeverFetched), "{codes:?}");
}

#[test]
fn a_query_that_is_not_there_is_an_error() {
    let sample = Sample::issues();
    let other = QueryKey::parse("p", "other").unwrap();
    let error = sample.app.overview(&other, &OverviewAsk::default()).unwrap_err();
    assert_eq!(error.kind(), crate::Kind::NotFound);
}

/// The note about a query of which nothing is done, and the remedies of its cycle time and forecast.
#[track_caller]
fn check_idle(jql: &str, code: NoteCode, remedy: Remedy) {
    let sample = Sample::issues();
    let draft =
        crate::draft::QueryDraft { name: "Q".into(), jql: jql.into(), description: String::new() };
    let seen = sample.app.query_setup(&sample.key).unwrap().revision;
    sample.app.edit_query(&sample.key, &draft, seen).unwrap();
    let overview = sample.app.overview(&sample.key, &ask("all", "2025-06-09")).unwrap();
    let of = |code| overview.notes.iter().find(|note| note.code == code).map(|note| note.remedy);
    assert_eq!(of(code), Some(remedy), "{jql}: {:?}", overview.notes);
    let Measured::Unavailable { remedy: found, .. } = &overview.summary.cycle_time else {
        panic!()
    };
    assert_eq!(*found, remedy, "{jql}");
    let Measured::Unavailable { remedy: found, .. } = &overview.forecast.when else { panic!() };
    assert_eq!(*found, remedy, "{jql}");
}

#[test]
fn a_jql_is_blamed_only_if_it_leaves_out_what_is_done() {
    let without = |jql| check_idle(jql, NoteCode::JqlWithoutDone, Remedy::WidenJql);
    without("project = K AND resolution = Unresolved");
    without("project = K AND NOT statusCategory = Done");
    without("project = K AND status != Done");
    let idle = |jql| check_idle(jql, NoteCode::NothingDone, Remedy::WidenSample);
    idle("project = K");
    idle("project = K AND (resolution is EMPTY OR resolved > -52w)");
}

#[test]
fn what_others_link_to_as_their_epic_holds_them() {
    let sample = Sample::epic_links();
    let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
    let parts = overview.notes.iter().find(|note| note.code == NoteCode::PartsCounted);
    assert_eq!(parts.map(|note| note.count), Some(2), "{:?}", overview.notes);
}

/// What is said of a zone that nobody knows: that of the profile, and that of Jira's user.
#[track_caller]
fn check_unknown_zone(of_profile: Option<&str>, of_user: Option<&str>, want: Option<&str>) {
    let sample = Sample::issues();
    let put = |tx: &mut dyn Writer| {
        let header = tx.header(&sample.key, CacheKind::Changelogs)?.unwrap_or_default();
        let mut header = header.clone();
        header.set_user_zone(of_user);
        tx.put_header(&sample.key, CacheKind::Changelogs, &header)?;
        let Some(profile) = tx.profile(&sample.key.profile)? else { return Ok(()) };
        let group = of_profile.map(|zone| format!(r#"{{"time_zone":"{zone}"}}"#));
        let forecast_settings = group.and_then(|text| Json::parse(&text).ok());
        let settings = model::Settings { forecast_settings, ..profile.settings.clone() };
        tx.put_profile(&model::Profile { settings, ..profile })
    };
    sample.app.store.transact(put).unwrap();
    let notes = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap().notes.clone();
    let found = notes.iter().find(|note| note.code == NoteCode::UnknownZone);
    assert_eq!(found.and_then(|note| note.missing.as_deref()), want, "{of_profile:?} {of_user:?}");
}

#[test]
fn a_zone_that_nobody_knows_is_told() {
    check_unknown_zone(None, None, None);
    check_unknown_zone(Some("Europe/Berlin"), Some("UTC"), None);
    check_unknown_zone(Some("Mars/Base"), Some("UTC"), Some("Mars/Base"));
    check_unknown_zone(None, Some("Mars/Base"), Some("Mars/Base"));
    check_unknown_zone(Some("Europe/Berlin"), Some("Mars/Base"), None);
}

/// What two items a week since W13 are compared with, as of the end of W24.
#[test]
fn figures_stand_beside_those_of_as_many_weeks_before() {
    let Sample { app, key, .. } = &Sample::steady();
    let before =
        |window: &str| app.overview(key, &ask(window, "2025-06-22")).unwrap().summary.before;
    let half = before("6").unwrap();
    assert_eq!((half.weeks, half.throughput, half.scope_growth), (6, 2.0, 0.0));
    assert_eq!(before("7"), None, "there are only 12 weeks since anything was done");
    assert_eq!(before("all"), None);
}
