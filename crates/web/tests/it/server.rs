//! A small workspace with everything in it that pages must cope with, and a server over it.

use std::path::Path;

use app::{App, Context};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use migrate::{Fate, FileReport, FindingReport, Report, Totals, Verification};
use model::json::Json;
use model::{
    CacheHeader, Changelog, Document, Issue, Profile, ProfileId, ProjectData, Query, QueryKey,
    Settings, Snapshot, Stamp, Tape, TimeZone, Timestamp, Week,
};
use tempfile::TempDir;
use tower::ServiceExt;

/// A name that must never become markup.
pub const HOSTILE: &str = "<script>alert(1)</script> & \"q\"";
/// Path of the query that holds the issues.
pub const QUERY: &str = "/profiles/p%201/queries/q%26%C3%BC";

/// Where the server would listen.
pub const PORT: u16 = 8050;

pub struct Server {
    router: Router,
    folder: TempDir,
    key: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body; what is no text in it is lossy.
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Server {
    /// Over a workspace with two profiles.
    pub fn filled() -> Server {
        Server::over(fill, Some(report()))
    }

    /// The same as [`Server::filled`] without a folder for what is not in the store.
    pub fn without_folder() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite:{}", folder.path().join("w.sqlite").display()));
        let store = store.unwrap();
        fill(&*store);
        Server::with_keys(app_of(store, None), folder)
    }

    /// The same as [`Server::filled`], with another address of the Jira.
    pub fn with_jira(address: &str) -> Server {
        let put = |store: &dyn store::Store| {
            fill(store);
            let mut main = profile("p 1", HOSTILE, Some("cf"));
            main.settings.jira_config =
                Some((&serde_json::json!({ "base_url": address, "auth": "none" })).into());
            store.transact(|tx| tx.put_profile(&main)).unwrap();
        };
        Server::over(put, Some(report()))
    }

    /// Over a workspace that holds nothing.
    pub fn empty() -> Server {
        Server::over(|_| (), None)
    }

    /// Over that many profiles, each with a query.
    pub fn crowded(profiles: usize) -> Server {
        let put = |tx: &mut dyn store::Writer| {
            (0..profiles).try_for_each(|number| {
                let key = QueryKey::parse(&format!("p{number}"), "q").unwrap();
                tx.put_profile(&profile(
                    key.profile.as_str(),
                    &format!("Team {number}"),
                    Some("cf"),
                ))?;
                tx.put_query(&query(&key, "Its query", "project = K"))
            })
        };
        Server::over(|store| store.transact(put).unwrap(), None)
    }

    /// Over the demo.
    pub fn demo() -> Server {
        Server::demo_with(|_| ())
    }

    /// Over the demo, with something more in it.
    pub fn demo_with(put: impl FnOnce(&dyn store::Store)) -> Server {
        let folder = tempfile::tempdir().unwrap();
        app::demo::prepare(folder.path(), now(), &TimeZone::UTC).unwrap();
        let database = migrate::database_path(folder.path());
        let store = store::Address::Sqlite(database).open().unwrap();
        put(&*store);
        Server::with_keys(app_of(store, None).in_folder(folder.path()), folder)
    }

    fn over(fill: impl FnOnce(&dyn store::Store), report: Option<Report>) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill, report);
        Server::with_keys(app, folder)
    }

    /// The same as [`Server::filled`], asked under other names or by other machines too.
    pub fn reached(trusted_hosts: &[&str], is_remote: bool) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill, None);
        let trusted_hosts = trusted_hosts.iter().map(|name| (*name).to_owned()).collect();
        Server::with(app, folder, |login| web::Options { login, trusted_hosts, is_remote })
    }

    /// The same as [`Server::filled`] for whoever comes.
    pub fn open() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill, None);
        Server::with(app, folder, |_| web::Options::local(web::Login::Off))
    }

    fn with_keys(app: App, folder: TempDir) -> Server {
        Server::with(app, folder, web::Options::local)
    }

    /// Over an app whose workspace has a key of its own.
    fn with(app: App, folder: TempDir, options: impl FnOnce(web::Login) -> web::Options) -> Server {
        let prepared = app::access_key::prepare(folder.path()).unwrap();
        let gate = app::access_key::Gate::new(folder.path(), &prepared.file, PORT);
        let key = prepared.key.reveal().to_owned();
        let router = web::router(app, options(web::Login::Keys(gate)));
        Server { router, folder, key }
    }

    /// The workspace's own key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The folder of the workspace.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(
            Request::get(path).header(header::HOST, "127.0.0.1:8050").body(Body::empty()).unwrap(),
        )
    }

    /// Sends a form as one of the server's own pages does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode =
            |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        let pair = |(name, value): &(&str, &str)| format!("{}={}", encode(name), encode(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8050")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap())
    }

    /// Sends a request with the workspace's own key.
    pub fn send(&self, mut request: Request<Body>) -> Answer {
        let bearer = format!("Bearer {}", self.key).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        self.send_as_is(request)
    }

    /// Sends a request as somebody who has no key, or shows what is in it.
    pub fn send_as_is(&self, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes().to_vec();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status: parts.status, headers: parts.headers, text, bytes }
        })
    }

    /// `text` without what differs from run to run.
    pub fn masked(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let assets = ui::asset::ALL.into_iter();
        assets.fold(text.replace(&folder, "WORKSPACE"), |text, asset| {
            text.replace(asset.path(), &format!("/assets/HASH/{}", asset.name))
        })
    }
}

/// A page with one block element a line.
pub fn lines(page: &str) -> String {
    const BLOCKS: [&str; 22] = [
        "<section", "<header", "<nav", "<main", "<footer", "<table", "<thead", "<tr", "<li", "<p>",
        "<p ", "<h1", "<h2", "<dt", "<form", "<label", "<dialog", "<body", "<link", "<script",
        "<pre", "</body",
    ];
    BLOCKS.iter().fold(page.to_owned(), |text, block| text.replace(block, &format!("\n{block}")))
}

/// The part of a page between the landmarks.
pub fn main_of(page: &str) -> &str {
    let start = page.find("<main").unwrap();
    let end = page.find("</main>").unwrap();
    page.get(start..end).unwrap()
}

pub fn app(folder: &TempDir, fill: impl FnOnce(&dyn store::Store), report: Option<Report>) -> App {
    let address = format!("sqlite:{}", folder.path().join("burndown.sqlite").display());
    let store = store::open(&address).unwrap();
    fill(&*store);
    app_of(store, report).in_folder(folder.path())
}

fn app_of(store: Box<dyn store::Store>, report: Option<Report>) -> App {
    let context = Context {
        version: "0.0.0".to_owned(),
        zone: TimeZone::UTC,
        clock: now,
        report,
        is_demo: app::demo::is_demo(&*store).unwrap(),
        access: app::access::Access::default(),
    };
    App::new(store, context)
}

fn now() -> Timestamp {
    at("2026-11-22T12:00:00Z")
}

pub fn fill(store: &dyn store::Store) {
    let main = QueryKey::parse("p 1", "q&ü").unwrap();
    let empty = QueryKey::parse("p 1", "q2").unwrap();
    store
        .transact(|tx| {
            tx.put_profile(&profile("p 1", HOSTILE, Some("cf")))?;
            tx.put_profile(&profile("größe", "Größe", None))?;
            tx.put_query(&query(&main, HOSTILE, "project = K & x < 3"))?;
            tx.put_query(&query(&empty, "Nothing yet", "project = N"))?;
            tx.put_state("active_profile_id", "p 1")?;
            tx.put_state("active_query_id", main.query.as_str())?;
            tx.put_state("migration_complete", "2026-01-02T03:04:05.000Z")?;
            tx.replace_issues(&main, &header(), &mut issues().into_iter())?;
            tx.replace_changelogs(&main, &header(), &mut changelogs().into_iter())?;
            tx.put_snapshots(&main, &snapshots())?;
            tx.put_project_data(&main, &project_data())
        })
        .unwrap();
}

fn profile(id: &str, name: &str, points_field: Option<&str>) -> Profile {
    let connection = points_field.map(|field| {
        parse(&format!(
            r#"{{"base_url":"https://jira.example.org","token":"","points_field":"{field}"}}"#
        ))
    });
    Profile {
        id: ProfileId::new(id).unwrap(),
        name: name.to_owned(),
        description: Some("First line\nsecond <b>line</b>".to_owned()),
        created_at: Some(stamp("2025-01-01T00:00:00Z")),
        last_used: points_field.map(|_| stamp("2025-12-22T16:05:02Z")),
        settings: Settings { jira_config: connection, ..Settings::default() },
    }
}

fn query(key: &QueryKey, name: &str, jql: &str) -> Query {
    Query {
        key: key.clone(),
        name: name.to_owned(),
        jql: jql.to_owned(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: model::Object::new(),
    }
}

fn header() -> CacheHeader {
    CacheHeader {
        fetched_at: Some(stamp("2025-12-22T16:05:02Z")),
        expires_at: Some(at("2025-12-23T16:05:02Z")),
        jql: Some("project = K & x < 3".to_owned()),
        ..CacheHeader::default()
    }
}

fn issues() -> Vec<Issue> {
    let issue = |key: &str, status: &str, category: &str, rest: &str| Issue {
        key: key.to_owned(),
        document: document(&format!(
            r#"{{"key":"{key}","fields":{{"project":{{"key":"K"}},"issuetype":{{"name":"Bug"}},"status":{{"name":"{status}","statusCategory":{{"key":"{category}"}}}}{rest}}}}}"#
        )),
    };
    vec![
        issue(
            "K-10",
            "Done",
            "done",
            r#","created":"2025-06-01T10:00:00.000+0000","resolutiondate":"2025-06-05T10:00:00.000+0000","cf":5"#,
        ),
        issue(
            "K-9",
            "In Review",
            "indeterminate",
            r#","created":"2025-06-02T10:00:00.000+0000","cf":null"#,
        ),
        issue("K-11", "Open", "new", r#","summary":"<img src=x onerror=alert(1)>","cf":NaN"#),
        issue(
            "../é/K 1",
            "Open",
            "new",
            r#","created":"2025-06-03T10:00:00.000+0000","summary":"A key like a path""#,
        ),
    ]
}

fn changelogs() -> Vec<Changelog> {
    let changelog = |key: &str, histories: &str| Changelog {
        key: key.to_owned(),
        document: document(&format!(
            r#"{{"key":"{key}","changelog":{{"histories":[{histories}]}}}}"#
        )),
    };
    let change = |at: &str, from: &str, to: &str| {
        format!(
            r#"{{"created":"{at}","items":[{{"field":"status","fromString":"{from}","toString":"{to}"}}]}}"#
        )
    };
    vec![
        changelog(
            "K-10",
            &[
                change("2025-06-05T10:00:00.000+0000", "Doing", "Done"),
                change("2025-06-03T22:00:00.000+0000", "<i>Open</i>", "Doing"),
            ]
            .join(","),
        ),
        changelog("K-9", &change("2025-06-03T10:00:00.000+0000", "Open", "Doing")),
        changelog("K-404", ""),
    ]
}

fn snapshots() -> Vec<Snapshot> {
    let row = |week: &str, metric: &str, metrics: &str| Snapshot {
        week: Week::parse(week).unwrap(),
        metric: metric.to_owned(),
        metrics: parse(metrics),
        forecast: None,
    };
    vec![
        row("2025-W23", "flow_velocity", r#"{"completed_count":1}"#),
        row("2025-W23", "flow_time", r#"{"median_days":4.0,"completed_count":1}"#),
        row("2025-W22", "flow_velocity", r#"{"completed_count":0}"#),
        row("2025-W22", "flow_time", r#"{"median_days":0,"completed_count":0}"#),
        row("2025-W22", "trends", "{}"),
    ]
}

fn project_data() -> ProjectData {
    let rows = r#"[{"date":"2025-06-02","completed_items":1,"created_items":3},{"date":"2025-06-02","completed_items":0},{"date":"NaT"}]"#;
    ProjectData { statistics: Some(parse(rows)), ..ProjectData::default() }
}

pub fn report() -> Report {
    let file = |path: &str, fate, query: Option<&str>, findings| FileReport {
        path: path.to_owned(),
        bytes: 1_234,
        sha256: String::new(),
        fate,
        profile: Some("p 1".to_owned()),
        query: query.map(str::to_owned),
        records: 4,
        findings,
    };
    let finding = FindingReport {
        code: "bad-record".to_owned(),
        count: 2,
        examples: vec!["issues.1: <b>not an object</b>".to_owned()],
    };
    Report {
        program_version: "0.0.0".to_owned(),
        started_at: "2026-01-02T03:04:05Z".to_owned(),
        dry_run: false,
        layout: "profiles folder (2.x)".to_owned(),
        zone: "UTC".to_owned(),
        source: "/old".to_owned(),
        backup: "backups/migration-1".to_owned(),
        totals: Totals::default(),
        tables: Vec::new(),
        files: vec![
            file("profiles/p 1/profile.json", Fate::Imported, None, vec![]),
            file(
                "profiles/p 1/queries/q&ü/jira_cache.json",
                Fate::Partly,
                Some("q&ü"),
                vec![finding],
            ),
        ],
        notes: vec![],
        token_files: vec!["profiles/p 1/profile.json".to_owned()],
        verification: Some(Verification {
            compared: 9,
            equal: 7,
            normalised: 2,
            ..Verification::default()
        }),
    }
}

fn document(text: &str) -> Document {
    Document::parse(text, &mut Tape::new()).unwrap()
}

fn parse(text: &str) -> Json {
    Json::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stamp(text: &str) -> Stamp {
    Stamp::at(at(text))
}
