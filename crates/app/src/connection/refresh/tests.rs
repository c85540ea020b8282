//! What brings data up to date, in every kind of workspace.

use metrics::Reason;
use migrate::Report;
use model::{Json, Profile, Remedy, Token};

use crate::figures::ask::OverviewAsk;
use crate::figures::forecast::ForecastAsk;
use crate::query::QueryAsk;
use crate::sample::Sample;
use crate::workspace::Remark;

/// The data of the samples is of June 2025.
const BEFORE: &str = "2025-01-01T00:00:00Z";
const AFTER: &str = "2025-12-24T00:00:00Z";

fn migrated(mut sample: Sample, at: &str) -> Sample {
    sample.app.context.report = Some(Report { started_at: at.to_owned(), ..no_report() });
    sample
}

fn no_report() -> Report {
    let text = r#"{"program_version":"","started_at":"","dry_run":false,"layout":"","zone":"",
        "source":"","backup":"","totals":{"files":0,"bytes":0,"profiles":0,"queries":0,"issues":0,
        "changelogs":0,"statistics":0,"snapshots":0,"saved_queries":0},"files":[],"notes":[],
        "token_files":[],"verification":null}"#;
    serde_json::from_str(text).unwrap()
}

fn connected(sample: Sample, auth: &str) -> Sample {
    let config =
        format!(r#"{{"base_url":"https://jira.example.org","auth":"{auth}","points_field":"cf"}}"#);
    sample
        .app
        .store
        .transact(|tx| {
            let Some(profile) = tx.profile(&sample.key.profile)? else { return Ok(()) };
            let jira_config = Json::parse(&config).ok();
            let settings = model::Settings { jira_config, ..profile.settings.clone() };
            tx.put_profile(&Profile { settings, ..profile })
        })
        .unwrap();
    sample
}

fn with_token(mut sample: Sample) -> Sample {
    sample.app.context.access.token = Token::new("secret");
    sample
}

fn give_jql(sample: &Sample, jql: &str) {
    let give = |tx: &mut dyn store::Writer| {
        let Some(query) = tx.query(&sample.key)? else { return Ok(()) };
        tx.put_query(&model::Query { jql: jql.to_owned(), ..query })
    };
    sample.app.store.transact(give).unwrap();
}

/// Why nothing is known of a query without issues, and what helps.
#[track_caller]
fn check_empty(sample: &Sample, jql: &str, want: (Reason, Remedy)) {
    give_jql(sample, jql);
    let answer = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
    let answer = serde_json::to_value(&answer).unwrap();
    let told = |name: &str, value: serde_json::Value| {
        let found = answer.pointer(&format!("/summary/totals/{name}"));
        assert_eq!(found, Some(&value), "{jql}: {answer:#}");
    };
    told("reason", serde_json::to_value(want.0).unwrap());
    told("remedy", serde_json::to_value(want.1).unwrap());
}

#[test]
fn a_query_that_finds_nothing_is_told_from_one_that_was_not_asked() {
    let none = Reason::JqlFindsNothing;
    check_empty(&connected(Sample::found_none(), "none"), "project = K", (none, Remedy::CheckJql));
    let never = connected(Sample::never_fetched(), "none");
    check_empty(&never, "project = K", (Reason::NoIssues, Remedy::SyncNow));
    check_empty(&never, "", (Reason::NoIssues, Remedy::GiveJql));
    let apart = Sample::never_fetched();
    check_empty(&apart, "", (Reason::NoIssues, Remedy::ConnectAndGiveJql));
    check_empty(&Sample::found_none(), "project = K", (Reason::NoIssues, Remedy::ConnectJira));
}

#[track_caller]
fn check(sample: Sample, want: Remedy) {
    let Sample { app, key, .. } = &sample;
    let found = app.refresh_query(&*app.store.read().unwrap(), key).unwrap();
    assert_eq!(found, want);
    let view = OverviewAsk::default();
    let answers = [
        serde_json::to_string(&app.overview(key, &view).unwrap()),
        serde_json::to_string(&app.query(key, QueryAsk::default()).unwrap()),
        serde_json::to_string(&app.weeks(key, &view).unwrap()),
        serde_json::to_string(&app.forecast(key, &ForecastAsk::default()).unwrap()),
    ];
    for answer in answers.map(Result::unwrap) {
        for (code, remedy) in [
            ("sync_now", Remedy::SyncNow),
            ("connect_jira", Remedy::ConnectJira),
            ("migrate_again", Remedy::MigrateAgain),
        ] {
            let is_said = answer.contains(&format!(r#"{{"code":"{code}"}}"#));
            let is_fit = remedy == want || remedy == want.beyond_old_app();
            assert!(is_fit || !is_said, "{code} in {answer}");
        }
    }
}

#[test]
fn data_is_brought_up_to_date_as_the_workspace_can() {
    for sample in [Sample::issues, Sample::rows, Sample::steady] {
        check(sample(), Remedy::ConnectJira);
        check(connected(sample(), "bearer"), Remedy::ConnectJira);
        check(connected(sample(), "none"), Remedy::SyncNow);
        check(with_token(connected(sample(), "bearer")), Remedy::SyncNow);
        check(with_token(sample()), Remedy::ConnectJira);
        check(migrated(sample(), AFTER), Remedy::MigrateAgain);
        check(migrated(connected(sample(), "none"), AFTER), Remedy::SyncNow);
    }
    // Of rows it is not known when they were fetched.
    for sample in [Sample::issues, Sample::steady] {
        check(migrated(sample(), BEFORE), Remedy::ConnectJira);
        check(migrated(connected(sample(), "none"), BEFORE), Remedy::SyncNow);
    }
}

#[test]
fn changed_old_files_are_taken_only_where_that_gives_up_nothing() {
    let check = |sample: Sample, want: Remedy| {
        let what = "a file".to_owned();
        let found = sample.app.remark(&migrate::Standing::LegacyChanged { what: what.clone() });
        assert_eq!(found.unwrap(), Some(Remark::OldFilesChanged { what, remedy: want }));
    };
    check(migrated(Sample::issues(), AFTER), Remedy::TakeChangedFiles);
    check(migrated(Sample::issues(), BEFORE), Remedy::Nothing);
    check(Sample::issues(), Remedy::Nothing);
    let standing = migrate::Standing::Ready { migrated: false };
    assert_eq!(Sample::issues().app.remark(&standing).unwrap(), None);
}

#[test]
fn an_empty_workspace_has_nothing_to_migrate_again() {
    let (app, _folder) = Sample::empty_files();
    assert!(!app.can_migrate_again(&*app.store.read().unwrap()).unwrap());
}
