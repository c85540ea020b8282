//! What is remembered is what would be found anew.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::{Date, Issue, Json, Profile, ProjectData, Query, Timestamp, Week};
use proptest::prelude::*;

use super::*;
use crate::figures::ask::OverviewAsk;
use crate::figures::flow::FlowAsk;
use crate::figures::forecast::ForecastAsk;
use crate::figures::now::NowAsk;
use crate::issues::IssuesAsk;
use crate::profile::settings::{Change, Setting, SettingsDraft};
use crate::query::QueryAsk;
use crate::sample::Sample;

/// Something that changes what answers say.
#[derive(Debug, Clone, Copy)]
enum Write {
    RenameProfile(u8),
    RenameQuery(u8),
    PutMilestone(u8),
    RemoveMilestones,
    PutIssue(u8),
    RemoveIssue(u8),
    MarkLeft(u8),
    PutChangelog(u8),
    PutRows(u8),
    PutSnapshot(u8),
    SetLane(u8),
    SetPointsField(u8),
}

fn writes() -> impl Strategy<Value = Write> {
    (0..12_u8, 0..5_u8).prop_map(|(kind, number)| match kind {
        0 => Write::RenameProfile(number),
        1 => Write::RenameQuery(number),
        2 => Write::PutMilestone(number),
        3 => Write::RemoveMilestones,
        4 => Write::PutIssue(number),
        5 => Write::RemoveIssue(number),
        6 => Write::MarkLeft(number),
        7 => Write::PutChangelog(number),
        8 => Write::PutRows(number),
        9 => Write::PutSnapshot(number),
        10 => Write::SetLane(number),
        _ => Write::SetPointsField(number),
    })
}

fn document(text: &str) -> model::Document {
    model::Document::parse(text, &mut model::Tape::new()).unwrap()
}

fn set(app: &App, key: &QueryKey, name: &str, line: &str) {
    let draft = SettingsDraft::of(Setting::find(name).unwrap(), Change::Set(vec![line.to_owned()]));
    app.edit_settings(&key.profile, &draft, None).unwrap();
}

fn make(app: &App, key: &QueryKey, write: Write) {
    match write {
        Write::SetLane(number) => {
            let lane =
                ["not-started", "active", "waiting", "done", "not-delivered"][usize::from(number)];
            return set(app, key, "lanes", &format!("Open: {lane}"));
        }
        Write::SetPointsField(number) => {
            return set(app, key, "points-field", &format!("cf{number}"));
        }
        _ => {}
    }
    let issue = |number: u8| format!("K-{number}");
    app.store
        .transact(|tx| {
            let profile = tx.profile(&key.profile)?.unwrap();
            let query = tx.query(key)?.unwrap();
            match write {
                Write::RenameProfile(number) => {
                    tx.put_profile(&Profile { name: format!("P {number}"), ..profile })
                }
                Write::RenameQuery(number) => {
                    tx.put_query(&Query { name: format!("Q {number}"), ..query })
                }
                Write::PutMilestone(number) => {
                    let text = format!(r#"{{"milestones":[{{"name":"M","date":"2025-07-0{}"}}]}}"#, number + 1);
                    let forecast = Json::parse(&text).ok();
                    let settings = model::Settings { forecast_settings: forecast, ..profile.settings.clone() };
                    tx.put_profile(&Profile { settings, ..profile })
                }
                Write::RemoveMilestones => {
                    let settings = model::Settings { forecast_settings: None, ..profile.settings.clone() };
                    tx.put_profile(&Profile { settings, ..profile })
                }
                Write::PutIssue(number) => {
                    let text = format!(
                        r#"{{"key":"K-{number}","fields":{{"created":"2025-06-0{}T10:00:00.000+0000","status":{{"name":"Done","statusCategory":{{"key":"done"}}}}}}}}"#,
                        number + 1
                    );
                    let document = document(&text);
                    tx.put_issues(key, &[Issue { key: issue(number), document }])
                }
                Write::RemoveIssue(number) => {
                    tx.remove_issues_of(key, &[&issue(number)]).map(drop)
                }
                Write::MarkLeft(number) => {
                    let at: Timestamp = "2025-06-20T10:00:00Z".parse().unwrap();
                    tx.mark_left(key, &[(&issue(number), at)])
                }
                Write::PutChangelog(number) => {
                    let document = document("{}");
                    tx.put_changelogs(key, &[model::Changelog { key: issue(number), document }])
                }
                Write::PutRows(number) => {
                    let rows = format!(r#"[{{"date":"2025-06-02","created_items":{number}}}]"#);
                    let statistics = Json::parse(&rows).ok();
                    tx.put_project_data(key, &ProjectData { statistics, ..ProjectData::default() })
                }
                Write::PutSnapshot(number) => tx.put_snapshots(
                    key,
                    &[model::Snapshot {
                        week: Week::of(Date::constant(2025, 6, 2)),
                        metric: crate::figures::FORECASTS.to_owned(),
                        metrics: Json::parse(&format!(r#"{{"unit":"items","n":{number}}}"#)).unwrap(),
                        forecast: None,
                    }],
                ),
                Write::SetLane(_) | Write::SetPointsField(_) => Ok(()),
            }
        })
        .unwrap();
}

/// Every answer that is remembered, as JSON. Issues come first: an app that knows nothing reads them
/// from the store, one that knows their facts lists those.
fn answers(app: &App, key: &QueryKey) -> [serde_json::Value; 8] {
    fn json<T: Serialize>(answer: Result<T>) -> serde_json::Value {
        serde_json::to_value(answer.unwrap()).unwrap()
    }
    let view = OverviewAsk::default();
    [
        json(app.issues(key, &IssuesAsk::default())),
        json(app.overview(key, &view)),
        json(app.weeks(key, &view)),
        json(app.forecast(key, &ForecastAsk::default())),
        json(app.flow(key, &FlowAsk::default())),
        json(app.now_page(key, &NowAsk::default())),
        json(app.query(key, QueryAsk::default())),
        json(app.profile_settings(&key.profile)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_is_what_would_be_found_anew(
        steps in prop::collection::vec((any::<bool>(), writes()), 1..6),
    ) {
        let sample = Sample::issues();
        answers(&sample.app, &sample.key);
        for (by_another, write) in steps {
            // Another process writes through a store of its own.
            let (other, key) = Sample::again(sample.database().parent().unwrap());
            make(if by_another { &other } else { &sample.app }, &key, write);
            let (fresh, _) = Sample::again(sample.database().parent().unwrap());
            prop_assert_eq!(answers(&sample.app, &key), answers(&fresh, &key), "{:?}", write);
        }
    }
}

#[test]
fn the_same_question_gets_the_same_answer_until_something_is_written() {
    let Sample { app, key, .. } = &Sample::issues();
    let ask = OverviewAsk::default();
    let first = app.overview(key, &ask).unwrap();
    assert!(Arc::ptr_eq(&first, &app.overview(key, &ask).unwrap()));
    make(app, key, Write::RenameQuery(1));
    assert!(!Arc::ptr_eq(&first, &app.overview(key, &ask).unwrap()));
}

#[test]
fn a_token_that_comes_changes_what_is_advised() {
    let mut sample = Sample::issues();
    let ask = OverviewAsk::default();
    let first = sample.app.overview(&sample.key, &ask).unwrap();
    let text = r#"{"base_url":"https://jira.example.org","auth":"bearer"}"#;
    sample
        .app
        .store
        .transact(|tx| {
            let profile = tx.profile(&sample.key.profile)?.unwrap();
            let jira_config = Json::parse(text).ok();
            let settings = model::Settings { jira_config, ..profile.settings.clone() };
            tx.put_profile(&Profile { settings, ..profile })
        })
        .unwrap();
    let connected = sample.app.overview(&sample.key, &ask).unwrap();
    sample.app.context.access.token = model::Token::new("secret");
    let with_token = sample.app.overview(&sample.key, &ask).unwrap();
    assert!(!Arc::ptr_eq(&first, &connected));
    assert!(!Arc::ptr_eq(&connected, &with_token), "no record changed, the remedy did");
}

#[test]
fn an_unchanged_page_is_the_same_answer() {
    let Sample { app, key, .. } = &Sample::issues();
    let page = || app.query(key, QueryAsk::default()).unwrap();
    let settings = || app.profile_settings(&key.profile).unwrap();
    assert!(Arc::ptr_eq(&page(), &page()));
    assert!(Arc::ptr_eq(&settings(), &settings()));
    let first = app.known_facts(&*app.store.read().unwrap(), key).unwrap().unwrap();
    let again = app.facts(&*app.store.read().unwrap(), key).unwrap();
    assert!(Arc::ptr_eq(&first.issues, &again.issues), "they share one copy of the facts");
}

#[test]
fn a_token_that_is_stored_shows_at_once() {
    let Sample { app, key, .. } = &Sample::issues();
    std::fs::create_dir(app.folder.as_ref().unwrap().join("profiles")).unwrap();
    assert!(!app.profile_settings(&key.profile).unwrap().list.has_token);
    let token = crate::profile::settings::TokenChange::Set(model::Token::new("secret").unwrap());
    let draft = SettingsDraft { token, ..SettingsDraft::default() };
    app.edit_settings(&key.profile, &draft, None).unwrap();
    assert!(app.profile_settings(&key.profile).unwrap().list.has_token);
}

#[test]
fn one_finds_while_all_who_ask_the_same_wait() {
    let remembered = Remembered::<u8, u8, u8>::within(10);
    let (found, begin) = (AtomicUsize::new(0), Barrier::new(8));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                begin.wait();
                let value =
                    remembered.get(1, &0, || Ok((found.fetch_add(1, Ordering::SeqCst) as u8, 1)));
                assert_eq!(value.unwrap(), 0);
            });
        }
    });
    assert_eq!(found.into_inner(), 1);
}

/// Which of the keys have to be found anew.
fn missing(remembered: &Remembered<u8, u8, u8>, keys: &[u8]) -> Vec<u8> {
    let held = locked(&remembered.entries);
    keys.iter().copied().filter(|key| !held.by_key.contains_key(key)).collect()
}

#[test]
fn what_was_not_asked_for_longest_goes_first() {
    let remembered = Remembered::<u8, u8, u8>::within(10);
    let ask = |key: u8, size: usize| remembered.get(key, &0, || Ok((key, size))).unwrap();
    ask(1, 4);
    ask(2, 4);
    ask(1, 4);
    ask(3, 4);
    assert_eq!(missing(&remembered, &[1, 2, 3]), [2]);
    ask(4, 40);
    assert_eq!(missing(&remembered, &[1, 2, 3, 4]), [1, 2, 3], "what is too big stays alone");
}

#[test]
fn what_nobody_asks_for_is_forgotten() {
    let remembered = Remembered::<u8, u8, u8>::within(10);
    let ask = |key: u8| remembered.get(key, &0, || Ok((key, 1))).unwrap();
    ask(1);
    ask(2);
    remembered.forget_idle();
    ask(2);
    remembered.forget_idle();
    assert_eq!(missing(&remembered, &[1, 2]), [1]);
    remembered.forget_idle();
    assert_eq!(missing(&remembered, &[1, 2]), [1, 2]);
}

#[test]
fn an_error_is_not_remembered() {
    let remembered = Remembered::<u8, u8, u8>::within(10);
    let gone = || crate::Error::BeingReplaced { by: String::new() };
    assert!(remembered.get(1, &0, || Err(gone())).is_err());
    assert_eq!(remembered.get(1, &0, || Ok((7, 1))).unwrap(), 7);
}
