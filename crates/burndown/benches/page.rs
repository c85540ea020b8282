//! What each page of a workspace costs in a browser: `cargo bench -p burndown --bench page -- FOLDER`.
//!
//! Prints requests, bytes and milliseconds from the click to the end of loading (the median of
//! several visits, each with an empty cache). Without a folder it measures the demo.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use browser::{Browser, Page};
use serde_json::Value;

/// Visits of each page that are measured; one more comes before them.
const VISITS: usize = 9;

/// From the start of the navigation to the end of loading, as the page itself saw it.
const LOADED_MS: &str = "performance.getEntriesByType('navigation')[0].loadEventEnd";

/// From the start of the navigation to the first byte of the answer.
const ANSWERED_MS: &str = "performance.getEntriesByType('navigation')[0].responseStart";

/// Pages that the page links to.
const LINKS: &str = "[...document.links].map(link => link.href.split('#')[0])";

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_burndown"));
    command.args(["serve", "--port", "0", "--no-login"]).stdout(Stdio::piped());
    match folder {
        Some(folder) => command.args(["--workspace", &folder]),
        None => command.arg("--demo").env("XDG_DATA_HOME", home.path()),
    };
    let mut server = command.spawn().unwrap();
    let origin = origin(&mut server);
    let named = std::env::var_os("BURNDOWN_CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = browser::find(named.as_deref(), &path).expect("there is no Chromium");
    let mut page = Browser::start(&program).unwrap().page().unwrap();
    println!("requests   bytes  answered ms  loaded ms  page");
    for url in urls(&mut page, &origin) {
        measure(&mut page, &url);
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

fn origin(server: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let start = line.find("http://").unwrap_or_else(|| panic!("no address in {line:?}"));
    line[start..].split('/').take(3).collect::<Vec<_>>().join("/")
}

/// One page of each kind, found by following links from the first.
fn urls(page: &mut Page, origin: &str) -> Vec<String> {
    let mut urls = vec![format!("{origin}/")];
    let mut at = 0;
    while let Some(url) = urls.get(at) {
        page.open(url).unwrap();
        let links = page.eval(LINKS).unwrap();
        for link in links.as_array().unwrap().iter().filter_map(Value::as_str) {
            let is_page =
                link.starts_with(origin) && !link.contains("/api/") && !link.contains('?');
            if is_page && urls.iter().all(|known| kind(known) != kind(link)) {
                urls.push(link.to_owned());
            }
        }
        at += 1;
    }
    urls
}

/// What pages have in common that differ in ids only.
fn kind(url: &str) -> (Option<&str>, Option<&str>, usize) {
    let parts: Vec<&str> = url.split('/').skip(3).collect();
    // `profiles/ID/queries/ID/WORD`
    (parts.first().copied(), parts.get(4).copied(), parts.len())
}

fn measure(page: &mut Page, url: &str) {
    let mut loaded = Vec::new();
    let mut answered = Vec::new();
    for visit in 0..=VISITS {
        page.open(url).unwrap();
        if visit > 0 {
            loaded.push(page.eval(LOADED_MS).unwrap().as_f64().unwrap());
            answered.push(page.eval(ANSWERED_MS).unwrap().as_f64().unwrap());
        }
    }
    let requests = page.requests().unwrap();
    let bytes: u64 = requests.iter().map(|request| request.bytes).sum();
    let (answered, loaded) = (median(answered), median(loaded));
    println!("{:8} {bytes:7} {answered:12.1} {loaded:10.1}  {url}", requests.len());
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
