//! How much memory a server takes, and that it gives it back. Linux says so of each process.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::program::{BINARY, command};
use crate::samples::Workspace;
use crate::serving::Server;

/// What stays of a large piece of work at most, in MB.
pub const LEFT_MB_MAX: u64 = 50;

impl Server {
    /// Memory in MB: the most there was, and what there is.
    pub fn memory_mb(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
        };
        (of("VmHWM:"), of("VmRSS:"))
    }

    /// The same after more requests, as many as it takes until no more than that is left: the allocator
    /// gives pages back as it goes on, a second after they were freed.
    pub fn settled_mb(&self, left_mb_max: u64) -> (u64, u64) {
        for _ in 0..10_000 {
            self.get("/");
            if self.memory_mb().1 <= left_mb_max {
                break;
            }
        }
        self.memory_mb()
    }

    /// Looks at a file and imports it.
    pub fn import(&self, file: &str) {
        let head = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
        let (length, end) = (head.len() + file.len(), "\r\n--xyz--\r\n");
        let request = format!(
            "POST /import HTTP/1.1\r\nOrigin: http://{}\r\nContent-Length: {}\r\n\
             Content-Type: multipart/form-data; boundary=xyz\r\n",
            self.address,
            length + end.len()
        );
        let (head, page) = self.send(&request, &[head, file, end].concat());
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{page}");
        let upload = page.split("name=\"upload\" value=\"").nth(1).unwrap();
        let upload = upload.split('"').next().unwrap();
        let (head, page) = self.post("/import/confirm", &[("upload", upload), ("name", "Large")]);
        assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{page}");
    }
}

/// Looks at a file and imports it with at most so much memory, which is given back.
#[track_caller]
fn check(file: &str, growth_mb_max: u64) {
    let workspace = Workspace::empty();
    let server = Server::start(&workspace, &["--port", "0"]);
    server.get("/");
    let (_, idle) = server.memory_mb();
    server.import(file);
    let (peak, left) = server.settled_mb(idle + LEFT_MB_MAX);
    let size = file.len() >> 20;
    assert!(peak <= idle + growth_mb_max, "{size} MiB: {idle} MB before, {peak} at most");
    assert!(left <= idle + LEFT_MB_MAX, "{size} MiB: {idle} MB before, {left} afterwards");
}

#[test]
fn an_export_of_any_size_is_read_in_little_memory() {
    let fill = "x ".repeat(5_000);
    let issue = |number: u32| {
        format!(
            r#"{{"key":"K-{number}","fields":{{"status":{{"name":"Open"}},"summary":"{number}","description":"{fill}"}}}}"#
        )
    };
    let issues: Vec<String> = (0..8_000).map(issue).collect();
    let file = format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"P"}},"query_data":{{"q":{{"query_metadata":{{"name":"Q","jql":""}},"jira_cache":{{"issues":[{}]}}}}}}}}"#,
        issues.join(",")
    );
    check(&file, 90);
}

#[test]
fn a_long_list_of_issues_is_read_in_little_more_than_its_length() {
    let mut file = "Issue key,Status,Created,Resolved,Summary,Description\n".to_owned();
    let fill = "x".repeat(600);
    for number in 0..20_000 {
        let day = number % 28 + 1;
        writeln!(file, "K-{number},Done,2025-03-{day:02},2025-04-{day:02},Step {number},{fill}")
            .unwrap();
    }
    check(&file, 75);
}

/// Addresses of pages that a page leads to.
fn links(page: &str) -> impl Iterator<Item = String> {
    let links = page.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    let pages = links
        .filter(|link| !["assets/", "export", ".png"].iter().any(|other| link.contains(other)));
    pages.map(|link| {
        format!("/{}", link.split('#').next().unwrap_or_default().replace("&amp;", "&"))
    })
}

/// Every page of a server that links lead to, up to some hundreds.
pub fn pages(server: &Server) -> Vec<String> {
    let (mut known, mut next) = (BTreeSet::new(), vec!["/".to_owned()]);
    while let Some(path) = next.pop() {
        if known.len() < 250 && known.insert(path.clone()) {
            let (head, page) = server.get(&path);
            assert!(!head.starts_with("HTTP/1.1 5"), "{path}: {head}");
            next.extend(links(&page));
        }
    }
    known.into_iter().collect()
}

#[test]
fn a_thousand_requests_of_all_pages_leave_little() {
    let workspace = Workspace::empty();
    let mut serve = command(BINARY, &workspace.path);
    let server = Server::spawn(serve.args(["serve", "--demo", "--port", "0"]));
    let (_, idle) = server.memory_mb();
    let pages = pages(&server);
    assert!(pages.len() > 100, "{pages:?}");
    let asked = AtomicUsize::new(pages.len());
    std::thread::scope(|scope| {
        for client in 0..8 {
            let (server, pages, asked) = (&server, &pages, &asked);
            scope.spawn(move || {
                for page in pages.iter().cycle().skip(client * 31) {
                    if asked.fetch_add(1, Ordering::Relaxed) >= 1_000 {
                        break;
                    }
                    server.get(page);
                }
            });
        }
    });
    let (peak, left) = server.settled_mb(idle + 40);
    assert!(peak <= idle + 60, "{idle} MB before, {peak} at most");
    assert!(left <= idle + 40, "{idle} MB before, {left} afterwards");
}
