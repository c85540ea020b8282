//! Other users of the machine get nothing, and a Jira that says nothing stops no page.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::program::{BINARY, command, finish};
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

#[cfg(unix)]
#[test]
fn another_user_of_the_machine_gets_nothing() {
    let is_met = requirement::is_root()
        && requirement::met(requirement::has_program("setpriv"), "the program setpriv")
        && requirement::met(requirement::has_program("curl"), "the program curl");
    if !is_met {
        return;
    }
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let ask = |arguments: &[&str], path: &str| {
        let mut other = command("setpriv", &std::env::temp_dir());
        other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-s"]);
        other.args(["-o", "/dev/null", "-w", "%{http_code}"]).args(arguments);
        finish(other.arg(format!("http://{}{path}", server.address))).answer()
    };
    let page = server.get("/").1;
    let asset = page.split("href=\"").find(|link| link.starts_with("/assets/")).unwrap();
    for open in ["/healthz", asset.split('"').next().unwrap()] {
        assert_eq!(ask(&[], open), "200", "{open}");
    }
    for path in [
        "/",
        "/about",
        "/connect",
        "/import",
        "/keys",
        "/trash",
        "/api/v1/workspace",
        "/api/v1/profiles",
        "/api/v1/profiles/p_a7b6725386c3/export",
        "/profiles/p_a7b6725386c3/connection?jql=x",
        "/no-such-page",
    ] {
        assert_eq!(ask(&[], path), "401", "{path}");
        let origin = format!("Origin: http://{}", server.address);
        assert_eq!(ask(&["-H", &origin, "-d", "form=test"], path), "401", "POST {path}");
    }
    assert_eq!(ask(&["-H", "Authorization: Bearer x"], "/"), "401", "a guess");
    let mut read = command("setpriv", &std::env::temp_dir());
    read.args(["--reuid=65534", "--regid=65534", "--clear-groups", "cat"]);
    let ended = finish(read.arg(workspace.path.join("profiles/burndown-key")));
    assert_ne!((ended.code, ended.out.trim()), (0, server.key.as_str()));
}

/// How many ask at once; more than wait for a Jira, and more than there are threads.
const ASKERS: usize = 40;

#[test]
fn a_silent_jira_stops_no_page_and_its_queue_is_bounded() {
    let workspace = Workspace::empty();
    // It takes calls in its backlog, and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let run = |arguments: &[&str]| {
        finish(command(BINARY, &workspace.path).args(["--workspace", "."]).args(arguments)).answer()
    };
    run(&["profile", "create", "Team"]);
    run(&["settings", "set", "server", &address]);
    run(&["settings", "set", "authentication", "none"]);
    let server = Server::start(&workspace, &["--port", "0"]);
    let profiles: serde_json::Value =
        serde_json::from_str(&server.get("/api/v1/profiles").1).unwrap();
    let id = profiles[0]["id"].as_str().unwrap();
    let request = format!(
        "POST /profiles/{id}/connection HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n\
         Authorization: Bearer {1}\r\nContent-Length: 9\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\nform=test",
        server.address, server.key
    );
    let mut askers: Vec<(TcpStream, Vec<u8>)> = (0..ASKERS)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            stream.set_nonblocking(true).unwrap();
            (stream, Vec::new())
        })
        .collect();
    let (head, _) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    // Two are with the Jira and eight wait for that; the others are sent away at once.
    let refused = |askers: &mut Vec<(TcpStream, Vec<u8>)>| {
        for (stream, answer) in askers.iter_mut() {
            let _ = stream.read_to_end(answer);
        }
        askers.iter().filter(|(_, answer)| answer.windows(4).any(|end| end == b"\r\n\r\n")).count()
    };
    while refused(&mut askers) < ASKERS - 10 {
        std::thread::yield_now();
    }
    for (_, answer) in askers.iter().filter(|(_, answer)| !answer.is_empty()) {
        let head = String::from_utf8_lossy(answer).to_lowercase();
        assert!(head.starts_with("http/1.1 503") && head.contains("retry-after: "), "{head}");
    }
    let (head, _) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}
