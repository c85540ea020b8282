//! What could stop all pages: a Jira that says nothing, requests of other sites, forecasts that nobody waits
//! for, exports that nobody reads. How long the first page takes meanwhile:
//! `BURNDOWN_BINARY=target/release/burndown cargo test -p burndown --test it -- --ignored --nocapture stops::soak`

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};

use crate::program::{BINARY, command};
use crate::samples::Workspace;
use crate::serving::Server;

const ISSUES: usize = 10_000;
/// How often the first page is asked for while something goes on.
const ASKED: usize = 100;
/// The most that it may take, in milliseconds.
const FIRST_PAGE_MS_MAX: f64 = 100.0;

/// The program to measure: another build, if one is named.
pub fn binary() -> PathBuf {
    std::env::var_os("BURNDOWN_BINARY").map_or_else(|| BINARY.into(), PathBuf::from)
}

/// Holds the first page to its milliseconds while `stop` goes on, and says them: median, 95 of 100, all.
fn measure(name: &str, server: &Server, stop: impl Fn(&AtomicBool) + Send + Sync) {
    let is_over = AtomicBool::new(false);
    let mut took: Vec<f64> = std::thread::scope(|scope| {
        scope.spawn(|| stop(&is_over));
        // Until what is to stop it has begun.
        std::thread::sleep(Duration::from_millis(300));
        let took = (0..ASKED).map(|_| {
            let began = Instant::now();
            let (head, _) = server.get("/");
            assert!(head.starts_with("HTTP/1.1 200"), "{name}: {head}");
            std::thread::sleep(Duration::from_millis(10));
            began.elapsed().as_secs_f64() * 1_000.0 - 10.0
        });
        let took = took.collect();
        is_over.store(true, Ordering::Relaxed);
        took
    });
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    eprintln!("{name}: median {:.0} ms, 95 % {:.0} ms, most {:.0} ms", at(50), at(95), at(100));
    assert!(at(100) <= FIRST_PAGE_MS_MAX, "{name}: {took:?}");
}

/// Sends a request and does with the connection what `then` says.
fn send(server: &Server, request: &str, then: impl Fn(TcpStream)) {
    let Ok(mut stream) = TcpStream::connect(&server.address) else { return };
    let head = format!(
        "{request}\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n",
        server.address, server.key
    );
    let _ = stream.write_all(head.as_bytes());
    then(stream);
}

/// The status that comes within two seconds, if one does; nothing behind it is read.
fn status(stream: &mut TcpStream) -> Option<String> {
    let mut head = [0; 12];
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    stream.read_exact(&mut head).ok()?;
    Some(String::from_utf8_lossy(&head[9..]).into_owned())
}

/// Text that does not get half as long when it is packed.
fn noise(bytes: usize, seed: &mut u64) -> String {
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        write!(text, "{:08x}", *seed >> 32).unwrap();
    }
    text
}

fn answered(mut stream: TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Does something that often at once, again and again until it is over.
fn in_parallel(times: usize, is_over: &AtomicBool, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..times {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    work();
                    std::thread::sleep(Duration::from_millis(5));
                }
            });
        }
    });
}

/// An export of the old app with issues of some kilobytes, and where its Jira is.
fn export(jira: &FakeJira) -> String {
    let (mut issues, mut seed) = (String::new(), 7);
    for number in 0..ISSUES {
        let fill = noise(3_000, &mut seed);
        let comma = if number > 0 { "," } else { "" };
        let (day, month) = (number % 28 + 1, number % 12 + 1);
        write!(
            issues,
            r#"{comma}{{"key":"K-{number}","fields":{{"status":{{"name":"Done","statusCategory":{{"key":"done"}}}},"summary":"S {number}","created":"2024-{month:02}-{day:02}T09:00:00.000+0000","resolutiondate":"2025-{month:02}-{day:02}T09:00:00.000+0000","description":"{fill}"}}}}"#
        )
        .unwrap();
    }
    let url = jira.url();
    format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"P","jira_config":{{"base_url":"{url}"}}}},"query_data":{{"q":{{"query_metadata":{{"name":"Q","jql":"project = K"}},"jira_cache":{{"issues":[{issues}]}}}}}}}}"#
    )
}

#[test]
#[ignore = "a measurement"]
fn soak() {
    let silent = Behaviour::honest(Kind::DataCenter).fault("", Which::Each, Fault::Stalled);
    let jira = FakeJira::start(World::generated(5, 1), Kind::DataCenter, silent).unwrap();
    let workspace = Workspace::empty();
    let mut serve = command(binary(), &workspace.path);
    let server = Server::spawn(serve.args(["serve", "--workspace", ".", "--port", "0"]));
    server.import(&export(&jira));
    server.post("/profiles/p/settings", &[("form", "connection"), ("authentication", "none")]);
    server.get("/");
    let get = |path: &str| format!("GET {path} HTTP/1.1");
    measure("nothing else", &server, |_| {});
    measure("40 tests of a silent Jira", &server, |is_over| {
        let body = "form=test&jql=project";
        let form = format!(
            "POST /profiles/p/connection HTTP/1.1\r\nOrigin: http://{}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}",
            server.address,
            body.len()
        );
        in_parallel(40, is_over, || {
            send(&server, &form, |mut stream| {
                let _ = write!(stream, "\r\n{body}");
                let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
                answered(stream);
            });
        });
    });
    let before = jira.requests().len();
    measure("30 embeddings of another site", &server, |is_over| {
        let embedded =
            "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image";
        let request = get("/profiles/p/connection?jql=project") + embedded;
        in_parallel(30, is_over, || {
            send(&server, &request, |mut stream| {
                let _ = stream.write_all(b"\r\n");
                answered(stream);
            });
        });
    });
    eprintln!("requests of these to Jira: {}", jira.requests().len() - before);
    measure("400 forecasts that nobody waits for", &server, |is_over| {
        let mut number = 0;
        while number < 400 && !is_over.load(Ordering::Relaxed) {
            number += 1;
            let ask =
                format!("/profiles/p/queries/q/forecast?window=all&model=exact&items={number}");
            send(&server, &get(&ask), |mut stream| {
                let _ = stream.write_all(b"\r\n");
                std::thread::sleep(Duration::from_millis(1));
            });
        }
    });
    let (begun, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    measure("16 exports that nobody reads", &server, |is_over| {
        in_parallel(16, is_over, || {
            send(&server, &get("/api/v1/profiles/p/export"), |mut stream| {
                let _ = stream.write_all(b"\r\n");
                match status(&mut stream).as_deref() {
                    Some("200") => begun.fetch_add(1, Ordering::Relaxed),
                    Some("503") => {
                        refused.fetch_add(1, Ordering::Relaxed);
                        return;
                    }
                    // It waits for its turn.
                    None => 0,
                    Some(other) => panic!("{other}"),
                };
                while !is_over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
        });
    });
    let (begun, refused) = (begun.into_inner(), refused.into_inner());
    eprintln!("exports that began: {begun}, that were refused: {refused}");
    assert!(begun > 0 && refused > 0, "{begun} began, {refused} were refused");
}
