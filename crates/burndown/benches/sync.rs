//! What a sync of 10 000 issues costs, and what it costs those who look at pages meanwhile:
//! `cargo bench -p burndown --bench sync`.
//!
//! The server of this process gives issues with their history over the loopback; the program syncs
//! them as a process of its own. The floor of the same run downloads them with the same client and
//! keeps nothing. Pages are those of `large` of the test data where that is there.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fake_jira::{Behaviour, FakeJira, Kind, World};
use jira::{Client, ClientOptions, Login, Site};
use model::remote::{Cancelled, Page, Patience, Remote as _};
use serde_json::Value;

const ISSUES: usize = 10_000;
const CHANGED: usize = 100;
const BINARY: &str = env!("CARGO_BIN_EXE_burndown");
/// What a sync asks for of each issue.
const FIELDS: [&str; 14] = [
    "assignee",
    "components",
    "created",
    "fixVersions",
    "issuetype",
    "labels",
    "parent",
    "priority",
    "project",
    "resolution",
    "resolutiondate",
    "status",
    "summary",
    "updated",
];
/// How often a page is asked for on an idle machine.
const VISITS: usize = 40;

fn main() {
    for kind in [Kind::DataCenter, Kind::Cloud] {
        measure(kind);
    }
}

fn measure(kind: Kind) {
    let keeper = tempfile::tempdir().unwrap();
    let (folder, page) = workspace(keeper.path());
    let world = World::generated(ISSUES, 7);
    let jira = FakeJira::start(world, kind, Behaviour::honest(kind)).unwrap();
    run(&folder, &["connect", jira.url(), "--public", "--profile", "Team"]);
    run(&folder, &["query", "create", "project = DEMO", "--name", "All", "--profile", "Team"]);
    println!("{kind:?}, {ISSUES} issues\nms      MB of memory  requests  MB on the wire  what");
    let begun = Instant::now();
    let (requests, bytes) = download(&jira);
    row(begun.elapsed(), None, requests, bytes, "floor: download, keep nothing");
    sync(&folder, &[], "first");
    sync(&folder, &[], "nothing changed");
    let keys = jira.world().keys();
    for key in keys.iter().step_by(keys.len() / CHANGED) {
        jira.world().touch(key).unwrap();
    }
    sync(&folder, &[], "100 changed");
    sync(&folder, &["--full"], "all anew");
    let path = page.unwrap_or_else(|| "/".to_owned());
    visit_while_syncing(&folder, &path);
}

/// A migrated `large` and the page of its figures, or an empty workspace.
fn workspace(folder: &Path) -> (PathBuf, Option<String>) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("BURNDOWN_TEST_DATA").map_or(beside, PathBuf::from);
    let Ok(archive) = File::open(data.join("legacy/large.tar.gz")) else {
        return (folder.to_owned(), None);
    };
    tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(folder).unwrap();
    let folder = folder.join("large");
    run(&folder, &["migrate"]);
    let query: Value = serde_json::from_str(&run(&folder, &["summary", "--json"])).unwrap();
    let (profile, query) = (&query["trail"]["profile"]["id"], &query["trail"]["query"]["id"]);
    let [profile, query] = [profile, query].map(|id| id.as_str().unwrap());
    let page = format!("/profiles/{profile}/queries/{query}");
    (folder, Some(page))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["--workspace", "."]).args(arguments).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Nobody cancels.
struct Calm;

impl Patience for Calm {
    fn wait(&self, time: Duration) -> Result<(), Cancelled> {
        std::thread::sleep(time);
        Ok(())
    }

    fn check(&self) -> Result<(), Cancelled> {
        Ok(())
    }
}

/// Walks and fetches as a sync does; requests and bytes.
fn download(jira: &FakeJira) -> (u64, u64) {
    let site = Site { base_url: jira.url().to_owned(), login: Login::None };
    let client = Client::connect(site, &ClientOptions::default(), Arc::new(Calm)).unwrap();
    let mut ids = Vec::new();
    client
        .sweep("project = DEMO", &mut |page| {
            match page {
                Page::Stubs { stubs, .. } => ids.extend(stubs.into_iter().map(|stub| stub.id)),
                Page::Again => ids.clear(),
            }
            Ok(())
        })
        .unwrap();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let fields = FIELDS.map(str::to_owned);
    std::thread::scope(|scope| {
        for part in ids.chunks(ids.len().div_ceil(4)) {
            let (client, fields) = (&client, &fields);
            scope.spawn(move || {
                for ids in part.chunks(client.fetch_ids_max()) {
                    client.fetch(ids, fields).unwrap();
                }
            });
        }
    });
    let traffic = client.traffic();
    (traffic.requests, traffic.bytes)
}

fn sync(folder: &Path, more: &[&str], what: &str) {
    let begun = Instant::now();
    let mut child = spawn_sync(folder, more);
    let mut most_kb = 0;
    let status = format!("/proc/{}/status", child.id());
    while child.try_wait().unwrap().is_none() {
        most_kb = most_kb.max(high_water_kb(&status));
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    let record = &told[0]["sync"];
    let number = |name: &str| record[name].as_u64().unwrap();
    let what = format!("{what}: {}", record["message"].as_str().unwrap());
    row(took, Some(most_kb), number("requests"), number("bytes"), &what);
}

fn spawn_sync(folder: &Path, more: &[&str]) -> Child {
    let sync = ["sync", "All", "--profile", "Team", "--json"];
    let mut sync = command(folder, &[&sync[..], more].concat());
    sync.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// The most memory that a process had so far; 0 where that is not told.
fn high_water_kb(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn row(took: Duration, memory_kb: Option<u64>, requests: u64, bytes: u64, what: &str) {
    let memory = memory_kb.map_or("–".to_owned(), |kb| (kb / 1024).to_string());
    let (ms, megabytes) = (took.as_millis(), bytes as f64 / 1e6);
    println!("{ms:<7} {memory:12}  {requests:8}  {megabytes:14.2}  {what}");
}

/// How long a page takes alone, and while all issues of another query are fetched anew.
fn visit_while_syncing(folder: &Path, path: &str) {
    let mut server = command(folder, &["serve", "--port", "0", "--no-login"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    visit(address, path);
    let alone = (0..VISITS).map(|_| visit(address, path)).collect();
    percentiles(alone, path, "alone");
    let mut child = spawn_sync(folder, &["--full"]);
    let mut during = Vec::new();
    while child.try_wait().unwrap().is_none() {
        during.push(visit(address, path));
    }
    percentiles(during, path, "during a sync");
    server.kill().unwrap();
    server.wait().unwrap();
}

fn visit(address: &str, path: &str) -> Duration {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    begun.elapsed()
}

fn percentiles(mut times: Vec<Duration>, path: &str, when: &str) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_millis();
    let (count, p50, p95) = (times.len(), at(50), at(95));
    println!("{path} {when}: p50 {p50} ms, p95 {p95} ms, of {count} visits");
}
