//! `burndown serve` as a process: ports, the first page, the end.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use crate::program::{BINARY, Ended, command, run};
use crate::requirement;
use crate::samples::Workspace;

/// A server that ends with its test.
pub struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    /// `127.0.0.1:PORT`
    pub address: String,
    /// The workspace's own key; empty where none is asked for.
    pub key: String,
}

/// The sessions of servers that were started here, for browsers that open their pages.
static SESSIONS: Mutex<BTreeMap<String, (String, String)>> = Mutex::new(BTreeMap::new());

/// Name and value of the cookie that lets a browser in at the server of a URL.
pub fn session_for(url: &str) -> Option<(String, String)> {
    let address = url.strip_prefix("http://")?.split('/').next()?;
    SESSIONS.lock().unwrap().get(address).cloned()
}

impl Server {
    /// Starts one and waits until it says where it is.
    pub fn start(workspace: &Workspace, options: &[&str]) -> Server {
        let here = ["serve", "--workspace", "."];
        Server::spawn(command(BINARY, &workspace.path).args(here).args(options))
    }

    /// Starts one with a command that is ready to run.
    pub fn spawn(command: &mut Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).to_owned();
        let file = line.trim_end().split(", key in ").nth(1).map(|file| file.trim_end_matches(')'));
        let key = file.map(|file| std::fs::read_to_string(file).unwrap().trim().to_owned());
        let server = Server { child, out, address, key: key.unwrap_or_default() };
        if !server.key.is_empty() {
            server.sign_in();
        }
        server
    }

    /// Gets a session, for the browsers of its test.
    fn sign_in(&self) {
        let login = format!("GET /login?key={} HTTP/1.1\r\n", self.key);
        // One that ends at once needs no session.
        let Some((head, _)) = self.try_to_send(&login, "") else { return };
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()?.split_once('='));
        let (name, value) = cookie.unwrap_or_else(|| panic!("no session: {head}"));
        let session = (name.to_owned(), value.to_owned());
        SESSIONS.lock().unwrap().insert(self.address.clone(), session);
    }

    /// Asks for a page; the head and the body of the answer.
    pub fn get(&self, path: &str) -> (String, String) {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Sends a form as its page does; the head and the body of the answer.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let fields = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = fields.collect::<Vec<_>>().join("&");
        let head = format!(
            "POST {path} HTTP/1.1\r\nOrigin: http://{}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n",
            self.address,
            body.len()
        );
        self.send(&head, &body)
    }

    /// Sends a request with the key.
    pub fn send(&self, head: &str, body: &str) -> (String, String) {
        self.send_as_is(&format!("{head}Authorization: Bearer {}\r\n", self.key), body)
    }

    /// Sends a request without the key.
    pub fn send_as_is(&self, head: &str, body: &str) -> (String, String) {
        self.try_to_send(head, body).unwrap_or_else(|| panic!("no answer to {head}"))
    }

    fn try_to_send(&self, head: &str, body: &str) -> Option<(String, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let host = &self.address;
        write!(stream, "{head}Host: {host}\r\nConnection: close\r\n\r\n{body}").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.to_owned(), body.to_owned()))
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and waits.
    #[cfg(unix)]
    pub fn end(mut self, signal: &str) -> Ended {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut ended = Ended { code: -1, out: String::new(), err: String::new() };
        self.out.read_to_string(&mut ended.out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut ended.err).unwrap();
        ended.code = self.child.wait().unwrap().code().unwrap_or(-1);
        ended
    }
}

/// A value as it stands in a form that is sent.
pub fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn an_old_folder_is_migrated_served_and_left_in_order() {
    let workspace = Workspace::small();
    let server = Server::start(&workspace, &["--port", "0"]);
    let (head, body) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(body.contains("Apache Kafka"), "{body}");
    let (head, body) = server.get("/api/v1/workspace");
    assert!(
        head.starts_with("HTTP/1.1 200") && body.contains("\"Apache Kafka\""),
        "{head}\n{body}"
    );
    let ended = server.end("-TERM");
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
    for part in
        ["found 1 profile, 1 query", "60 issues", "0 differences unexplained", "backup in backups/"]
    {
        assert!(ended.err.contains(part), "{part:?} is not in: {}", ended.err);
    }
    assert!(run(&workspace.path, &["verify"]).answer().contains("0 unexplained"));
    let server = Server::start(&workspace, &["--port", "0"]);
    assert!(server.get("/healthz").0.starts_with("HTTP/1.1 200"));
    let ended = server.end("-INT");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn an_empty_folder_gets_a_welcome() {
    let workspace = Workspace::empty();
    let server = Server::start(&workspace, &["--port", "0"]);
    let (head, body) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(body.contains("Take over my folder"), "{body}");
    drop(server);
    let status = run(&workspace.path, &["status", "--json"]).json();
    assert_eq!(status["state"], "ready", "{status}");
}

#[cfg(unix)]
#[test]
fn after_a_rollback_the_old_files_are_shown_as_they_are() {
    let workspace = Workspace::migrated();
    run(&workspace.path, &["rollback", "--yes"]).answer();
    let before = workspace.files();
    let server = Server::start(&workspace, &["--port", "0"]);
    assert!(server.get("/").1.contains("Apache Kafka"));
    let ended = server.end("-TERM");
    assert!(ended.err.contains("migrate --again"), "{}", ended.err);
    let changed: Vec<String> = workspace
        .files()
        .into_iter()
        .filter(|(name, bytes)| before.get(name) != Some(bytes))
        .map(|(name, _)| name)
        .collect();
    assert!(!workspace.database().exists());
    assert!(changed.iter().all(|name| name.contains("burndown")), "{changed:?} changed");
}

#[test]
fn what_other_processes_do_to_the_workspace_is_shown() {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let at = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    let profiles = |word: &str| {
        let (head, body) = server.get("/");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
        assert!(body.contains("Apache Kafka"), "{body}");
        assert_eq!(body.contains("class=\"strip\" role=\"status\""), !word.is_empty(), "{body}");
        assert!(body.contains(word), "{word:?} is not in: {body}");
    };
    profiles("");
    let first_report = server.get("/migration").1;

    // The forecasts of the week may have been kept meanwhile.
    at(&["rollback", "--yes"]);
    profiles("after a rollback");
    at(&["migrate", "--again", "--yes"]);
    profiles("");
    let (head, second_report) = server.get("/migration");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_ne!(first_report, second_report);
    assert!(at(&["verify"]).contains("0 unexplained"));

    let file = workspace.path.join("profiles/profiles.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("Public Kafka tracker", "Another")).unwrap();
    profiles("changed after the migration (profiles/profiles.json)");
    at(&["migrate", "--again", "--yes"]);
    profiles("");

    std::fs::rename(workspace.database(), workspace.path.join("away")).unwrap();
    let (head, body) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 500") && body.contains("burndown serve"), "{head}{body}");
    assert!(!workspace.database().exists(), "a question made a database");
    std::fs::rename(workspace.path.join("away"), workspace.database()).unwrap();
    profiles("");
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_if_asked() {
    let workspace = Workspace::empty();
    let programs = workspace.path.join("programs");
    std::fs::create_dir(&programs).unwrap();
    let serve = || {
        let mut command = command(BINARY, &workspace.path);
        command.args(["serve", "--workspace", ".", "--port", "0", "--open"]).env("PATH", &programs);
        command
    };
    let server = Server::spawn(&mut serve());
    assert!(server.get("/healthz").0.starts_with("HTTP/1.1 200"));
    let ended = server.end("-TERM");
    assert!(ended.err.contains("the browser could not be opened"), "{}", ended.err);

    // The browser ends the server, so that the test can wait for it. Another process writes the
    // script: a descriptor of ours might still be open in what other tests start meanwhile.
    let script = "#!/bin/sh\necho \"$1\" >opened\nkill -TERM $PPID\n";
    let write = "printf %s \"$1\" >\"$0\" && chmod 755 \"$0\"";
    let browser = programs.join("xdg-open");
    let written = Command::new("sh").args(["-c", write]).arg(&browser).arg(script).status();
    assert!(written.unwrap().success());
    let mut server = Server::spawn(&mut serve());
    server.child.wait().unwrap();
    let opened = std::fs::read_to_string(workspace.path.join("opened")).unwrap();
    let page = std::fs::read_to_string(opened.trim()).unwrap();
    assert!(page.contains(&format!("url=http://{}/login?code=", server.address)), "{page}");
    assert!(!page.contains(&server.key) && !opened.contains(&server.key), "{page}");
}

#[test]
fn a_taken_port_is_named_before_anything_is_done() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let workspace = Workspace::small();
    let before = workspace.files();
    let ended = run(&workspace.path, &["serve", "--port", &port]);
    ended.failed(1, &[&format!("port {port} is taken"), "--port"]);
    assert!(workspace.files() == before);
}

#[test]
fn without_a_port_the_next_free_one_is_taken() {
    let (one, other) = (Workspace::empty(), Workspace::empty());
    // Whoever holds 8050, this test or another program: both servers have to find a place.
    let (first, second) = (Server::start(&one, &[]), Server::start(&other, &[]));
    let port = |server: &Server| server.address.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    assert!(port(&first) >= 8050 && port(&second) > 8050);
    assert_ne!(port(&first), port(&second));
}

#[cfg(unix)]
#[test]
fn a_port_of_the_system_is_refused() {
    if !requirement::met(
        requirement::has_program("setpriv") && requirement::is_root(),
        "root and setpriv",
    ) {
        return;
    }
    let is_open = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if is_open.is_ok_and(|start| start.trim() == "0") {
        eprintln!("skipped: this system reserves no ports");
        return;
    }
    let ended = crate::unprivileged::run(&Workspace::empty(), &["serve", "--port", "80"]);
    ended.failed(1, &["port 80 is reserved", "--port"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_server_says_that_there_is_a_first_one() {
    let workspace = Workspace::migrated();
    let first = Server::start(&workspace, &["--port", "0"]);
    let second = Server::start(&workspace, &["--port", "0"]);
    let said = second.end("-TERM").err;
    let pid = format!("pid {}", first.child.id());
    assert!(said.contains("shows this workspace") && said.contains(&pid), "{said}");
    assert!(!first.end("-TERM").err.contains("shows this workspace"));
}
