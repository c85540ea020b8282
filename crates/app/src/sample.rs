//! A query with a handful of issues whose figures can be counted by hand.

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::json::Json;
use model::{
    CacheHeader, Changelog, Date, Document, Issue, Profile, ProfileId, ProjectData, Query,
    QueryKey, Settings, Stamp, Tape, TimeZone,
};
use tempfile::TempDir;

use crate::{App, Context};

/// The app over a workspace with that query, and the folder that keeps it.
pub struct Sample {
    pub app: App,
    pub key: QueryKey,
    folder: TempDir,
}

impl Sample {
    /// The database itself.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("w.sqlite")
    }

    /// Fetched on Wednesday 2025-06-25. K-1 and K-2 are created in W23, K-3 in W24, K-4 in W25; K-1
    /// is done in W24, K-2 in W26, and K-3 is cancelled in W25. K-5 does not say when it was
    /// created, X-6 lies in another project, and one changelog has no issue.
    pub fn issues() -> Sample {
        let issue = |key: &str, status: &str, rest: &str| {
            let category = if status == "Done" { "done" } else { "new" };
            parse(&format!(
                r#"{{"key":"{key}","fields":{{"status":{{"name":"{status}","statusCategory":{{"key":"{category}"}}}}{rest}}}}}"#
            ))
        };
        let done = r#","resolution":{"name":"Fixed"}"#;
        let cancelled = r#","resolution":{"name":"Won't Do"}"#;
        let created =
            |day: &str, rest: &str| format!(r#","created":"{day}T10:00:00.000+0000"{rest}"#);
        let issues = [
            ("K-1", issue("K-1", "Done", &created("2025-06-02", &format!("{done},\"cf\":3")))),
            ("K-2", issue("K-2", "Done", &created("2025-06-03", done))),
            ("K-3", issue("K-3", "Done", &created("2025-06-09", cancelled))),
            ("K-4", issue("K-4", "Open", &created("2025-06-16", ",\"cf\":0.5"))),
            ("K-5", issue("K-5", "Open", "")),
            ("X-6", issue("X-6", "Open", &created("2025-06-02", ""))),
        ];
        let done_at = [("K-1", "2025-06-10"), ("K-2", "2025-06-24"), ("K-3", "2025-06-18")];
        let mut changelogs: Vec<(&str, Document)> =
            done_at.into_iter().map(|(key, day)| (key, to_done(key, day))).collect();
        changelogs.extend(["K-4", "K-5", "K-404"].map(|key| (key, parse("{}"))));
        Sample::over("2025-06-25T12:00:00Z", &issues, &changelogs, "[]")
    }

    /// Nothing but stored rows: two created in W23, one of them done in W24.
    pub fn rows() -> Sample {
        let rows = r#"[{"date":"2025-06-02","created_items":2,"completed_items":0},
                       {"date":"2025-06-15","created_items":0,"completed_items":1}]"#;
        Sample::over("", &[], &[], rows)
    }

    /// A query that was synced and found nothing.
    pub fn found_none() -> Sample {
        Sample::over("2025-06-25T12:00:00Z", &[], &[], "null")
    }

    /// A query that was never fetched.
    pub fn never_fetched() -> Sample {
        Sample::over("", &[], &[], "null")
    }

    /// Two issues of a type of which nobody says that it holds others, and four stories that link to
    /// them in a field of the server's own.
    pub fn epic_links() -> Sample {
        let issue = |key: &str, kind: &str, epic: &str| {
            parse(&format!(
                r#"{{"key":"{key}","fields":{{"status":{{"name":"Open","statusCategory":{{"key":"new"}}}},
                   "issuetype":{{"name":"{kind}","subtask":false}},"customfield_9":{epic},
                   "project":{{"key":"K"}},
                   "created":"2025-06-02T10:00:00.000+0000"}}}}"#
            ))
        };
        let issues = [
            ("KA-1", issue("KA-1", "Vorhaben", "null")),
            ("KA-2", issue("KA-2", "Vorhaben", "null")),
            ("KA-3", issue("KA-3", "Story", "\"KA-1\"")),
            ("KA-4", issue("KA-4", "Story", "\"KA-2\"")),
            ("KA-5", issue("KA-5", "Story", "\"KA-2\"")),
            ("KA-6", issue("KA-6", "Story", "null")),
        ];
        let changelogs: Vec<(&str, Document)> =
            issues.iter().map(|(key, _)| (*key, parse("{}"))).collect();
        Sample::over("2025-06-25T12:00:00Z", &issues, &changelogs, "[]")
    }

    /// Fetched on Sunday 2025-06-22, before its week is over. All 34 issues are created in W12; two
    /// are done in each of the twelve weeks from W13 on, and 10 are open.
    pub fn steady() -> Sample {
        Sample::with_open(10)
    }

    /// The same with so many open issues.
    pub fn with_open(open: i32) -> Sample {
        Sample::with_open_and(open, Vec::new())
    }

    /// The same with one more, which somebody asked for long before there was a team.
    pub fn with_old_request() -> Sample {
        let text = r#"{"key":"K-99","fields":{"created":"2022-10-17T10:00:00.000+0000","status":{"name":"Open","statusCategory":{"key":"new"}}}}"#;
        Sample::with_open_and(10, vec![("K-99".to_owned(), parse(text))])
    }

    fn with_open_and(open: i32, more: Vec<(String, Document)>) -> Sample {
        const FIRST_DONE: Date = Date::constant(2025, 3, 26);
        let issue = |number: i32| {
            let (name, category) = if number < 24 { ("Done", "done") } else { ("Open", "new") };
            let text = format!(
                r#"{{"key":"K-{number}","fields":{{"created":"2025-03-17T10:00:00.000+0000","status":{{"name":"{name}","statusCategory":{{"key":"{category}"}}}}}}}}"#
            );
            (format!("K-{number}"), parse(&text))
        };
        let changelog = |number: i32| {
            let weeks = Duration::from_secs(u64::from(number.unsigned_abs() / 2) * 7 * 86_400);
            let day = FIRST_DONE.checked_add(weeks).unwrap().to_string();
            (format!("K-{number}"), to_done(&format!("K-{number}"), &day))
        };
        let issues: Vec<(String, Document)> = (0..24 + open).map(issue).chain(more).collect();
        let changelogs: Vec<(String, Document)> = (0..24).map(changelog).collect();
        Sample::over("2025-06-22T20:00:00Z", &named(&issues), &named(&changelogs), "[]")
    }

    /// The app over a sample that another process has made in that folder.
    pub fn again(folder: &Path) -> (App, QueryKey) {
        let store = store::open(&format!("sqlite:{}", folder.join("w.sqlite").display()));
        let app = App::new(store.unwrap(), context()).in_folder(folder);
        (app, QueryKey::parse("p", "q").unwrap())
    }

    /// The same app over nothing, kept in the old app's files.
    pub fn empty_files() -> (App, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("json:{}", folder.path().join("profiles").display()));
        (App::new(store.unwrap(), context()).in_folder(folder.path()), folder)
    }

    fn over(
        fetched_at: &str,
        issues: &[(&str, Document)],
        changelogs: &[(&str, Document)],
        rows: &str,
    ) -> Sample {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite:{}", folder.path().join("w.sqlite").display()));
        let store = store.unwrap();
        let key = QueryKey::parse("p", "q").unwrap();
        let header = CacheHeader {
            fetched_at: Some(Stamp::read(fetched_at, &TimeZone::UTC)),
            ..CacheHeader::default()
        };
        let issues = issues.iter().cloned();
        let mut issues = issues.map(|(key, document)| Issue { key: key.to_owned(), document });
        let changelogs = changelogs.iter().cloned();
        let mut changelogs =
            changelogs.map(|(key, document)| Changelog { key: key.to_owned(), document });
        let statistics = Json::parse(rows).ok();
        store
            .transact(|tx| {
                tx.put_profile(&profile())?;
                tx.put_query(&query(&key))?;
                if !fetched_at.is_empty() {
                    tx.replace_issues(&key, &header, &mut issues)?;
                    tx.replace_changelogs(&key, &header, &mut changelogs)?;
                }
                tx.put_project_data(&key, &ProjectData { statistics, ..ProjectData::default() })
            })
            .unwrap();
        let app = App::new(store, context()).in_folder(folder.path());
        Sample { app, key, folder }
    }
}

fn context() -> Context {
    Context {
        version: "0.0.0".to_owned(),
        zone: TimeZone::UTC,
        clock: || "2026-11-22T12:00:00Z".parse().unwrap(),
        report: None,
        is_demo: false,
        access: crate::connection::access::Access::default(),
    }
}

fn named(documents: &[(String, Document)]) -> Vec<(&str, Document)> {
    documents.iter().map(|(key, document)| (key.as_str(), document.clone())).collect()
}

fn profile() -> Profile {
    let group = |text: &str| Json::parse(text).ok();
    Profile {
        id: ProfileId::new("p").unwrap(),
        name: "P".to_owned(),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings {
            jira_config: group(r#"{"points_field":"cf"}"#),
            project_classification: group(
                r#"{"flow_end_statuses":["Done"],"flow_start_statuses":["Doing"],"development_projects":["K"]}"#,
            ),
            ..Settings::default()
        },
    }
}

fn query(key: &QueryKey) -> Query {
    Query {
        key: key.clone(),
        name: "Q".to_owned(),
        jql: "project = K".to_owned(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: model::Object::new(),
    }
}

fn to_done(key: &str, day: &str) -> Document {
    parse(&format!(
        r#"{{"key":"{key}","changelog":{{"histories":[{{"created":"{day}T10:00:00.000+0000","items":[{{"field":"status","fromString":"Open","toString":"Done"}}]}}]}}}}"#
    ))
}

fn parse(text: &str) -> Document {
    Document::parse(text, &mut Tape::new()).unwrap()
}
