//! Keys on the command line, and how a server says where it is without telling its key.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::program::{BINARY, command, finish, run};
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

const KEY_FILE: &str = "profiles/burndown-key";

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

fn key_in(path: &Path) -> String {
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::read_to_string(path).unwrap().trim().to_owned()
}

#[test]
fn keys_are_made_listed_and_taken_away() {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0", "--log-file", "log.txt", "-v"]);
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let made = at(&["key", "add", "Ada", "--role", "view", "--json"]).json();
    assert_eq!((&made["name"], &made["role"]), (&"Ada".into(), &"view".into()), "{made}");
    let ada = key_in(Path::new(made["key_file"].as_str().unwrap()));
    assert!(!made.to_string().contains(&ada), "stdout is no terminal");
    let said = at(&["key", "add", "script", "--file", "script.key"]).answer();
    let script = key_in(&workspace.path.join("script.key"));
    assert!(said.contains("script.key") && !said.contains(&script), "{said}");
    at(&["key", "add", "other", "--file", "script.key"]).failed(1, &["script.key"]);
    at(&["key", "add", "ADA"]).failed(2, &["exists already"]);
    at(&["key", "remove", "Eve"]).failed(1, &["Eve"]);

    let ask = |key: &str, method: &str, path: &str| {
        let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
        let own = format!("Origin: http://{}\r\n", server.address);
        let bearer = format!("Authorization: Bearer {key}\r\n");
        let head = format!("{method} {path} HTTP/1.1\r\n{bearer}{own}{form}");
        status(&server.send_as_is(&head, "").0)
    };
    assert_eq!(ask(&ada, "GET", "/api/v1/workspace"), 200);
    assert_eq!(ask(&ada, "POST", "/trash/empty"), 403);
    assert_eq!(ask(&script, "POST", "/trash/empty"), 303);
    assert_eq!(ask("", "GET", "/api/v1/workspace"), 401);
    let listed = at(&["key", "list"]).answer();
    for part in ["workspace", "Ada", "view", "script", "edit"] {
        assert!(listed.contains(part), "{part:?} is not in {listed}");
    }
    at(&["key", "remove", "ada"]).answer();
    assert_eq!(ask(&ada, "GET", "/"), 401);
    at(&["key", "remove", "workspace"]).answer();
    assert_eq!(status(&server.get("/").0), 401, "the key of before");
    let renewed = key_in(&workspace.path.join(KEY_FILE));
    assert_eq!(ask(&renewed, "GET", "/"), 200);
    assert_eq!(server.end("-TERM").code, 0);
    let log = fs::read_to_string(workspace.path.join("log.txt")).unwrap();
    let line = log.lines().find(|line| line.contains("trash/empty") && line.contains("303"));
    assert!(line.is_some_and(|line| line.contains("key=\"script\"")), "{log}");
    for (name, bytes) in workspace.files() {
        let is_key = name.starts_with(KEY_FILE) || name == "script.key";
        for key in [&ada, &script, &renewed, &server_key(&log)] {
            let holds =
                !key.is_empty() && bytes.windows(key.len()).any(|part| part == key.as_bytes());
            assert!(is_key || !holds, "{name} holds a key");
        }
    }
}

/// A key that slipped into a log.
fn server_key(log: &str) -> String {
    let found = log.split("login?key=").nth(1).map(|rest| rest.split_whitespace().next());
    assert!(found.is_none(), "{log}");
    String::new()
}

#[test]
fn what_serve_prints_tells_the_key_to_terminals_only() {
    let workspace = Workspace::migrated();
    let mut serve = command(BINARY, &workspace.path);
    let server = Server::spawn(serve.args(["serve", "--workspace", ".", "--port", "0"]));
    let key = key_in(&workspace.path.join(KEY_FILE));
    assert_eq!(server.key, key);
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let shown = fs::read(process.path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&shown).contains(&key));
    }
    let ended = server.end("-TERM");
    assert!(ended.err.contains("ask for an access key from now on"), "{}", ended.err);
    assert!(!ended.err.contains(&key), "{}", ended.err);
    assert!(!workspace.path.join("profiles/burndown-address").exists(), "it said good-bye");

    let server = Server::start(&workspace, &["--port", "0"]);
    assert_eq!(server.key, key, "a restart keeps it");
    assert_eq!(server.end("-TERM").err, "");

    if !requirement::met(requirement::has_program("script"), "the program script") {
        return;
    }
    let serve = format!("timeout -s TERM 5 {BINARY} serve --workspace . --port 0");
    let typed = finish(command("script", &workspace.path).args(["-qec", &serve, "/dev/null"]));
    assert!(typed.out.contains(&format!("/login?key={key}  (workspace")), "{}", typed.out);
    let add = format!("{BINARY} key add Eve");
    let shown =
        finish(command("script", &workspace.path).args(["-qec", &add, "/dev/null"])).answer();
    assert!(shown.contains("This key for \"Eve\" may edit"), "{shown}");
    assert_eq!(shown.split('\r').next().unwrap().len(), 57, "{shown}");
}

#[test]
fn a_key_that_others_could_read_is_not_used() {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let file = workspace.path.join(KEY_FILE);
    let key = key_in(&file);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(status(&server.get("/").0), 401);
    drop(server);
    let server = Server::start(&workspace, &["--port", "0"]);
    assert_ne!(key_in(&file), key);
    assert!(server.end("-TERM").err.contains("others could read"));
}

#[test]
fn modes_that_let_others_read_are_told() {
    let workspace = Workspace::migrated();
    let secrets = workspace.path.join("profiles/burndown-secrets.json");
    fs::write(&secrets, r#"{"version":2,"tokens":{}}"#).unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o644)).unwrap();
    let server = Server::start(&workspace, &["--port", "0"]);
    let ended = server.end("-TERM");
    let status = finish(command(BINARY, &workspace.path).arg("status"));
    for err in [ended.err, status.err] {
        assert!(err.contains("burndown-secrets.json; `chmod 600"), "{err}");
    }
}

#[test]
fn a_running_server_is_opened_any_time() {
    let workspace = Workspace::migrated();
    let programs = workspace.path.join("programs");
    fs::create_dir(&programs).unwrap();
    let write = "printf '#!/bin/sh\\ncat \"$1\" >opened\\n' >\"$0\" && chmod 755 \"$0\"";
    let written = Command::new("sh").args(["-c", write]).arg(programs.join("xdg-open")).status();
    assert!(written.unwrap().success());
    let path = std::env::join_paths(
        [programs].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let open = || finish(command(BINARY, &workspace.path).arg("open").env("PATH", &path));
    open().failed(1, &["no server runs", "burndown serve"]);
    let server = Server::start(&workspace, &["--port", "0"]);
    assert!(open().answer().contains(&server.address));
    let opened = workspace.path.join("opened");
    let page = (0..100_000).find_map(|_| {
        fs::read_to_string(&opened).ok().filter(|page| page.contains("Go on to burndown"))
    });
    let page = page.unwrap();
    let code = page.split("/login?code=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(!page.contains(&server.key));
    let enter = || server.send_as_is(&format!("GET /login?code={code} HTTP/1.1\r\n"), "").0;
    assert!(enter().contains("set-cookie: burndown-"), "{code}");
    assert_eq!(status(&enter()), 401, "a second time");
    let pages = workspace.path.join("profiles/burndown-open.html");
    assert_eq!(fs::metadata(pages).unwrap().permissions().mode() & 0o777, 0o600);
    drop(server);
    open().failed(1, &["no server runs"]);
}

#[test]
fn scripts_learn_where_the_key_is() {
    let workspace = Workspace::migrated();
    let serve = format!("timeout -s TERM 5 {BINARY} serve --workspace . --port 0 --json");
    let told = finish(command("sh", &workspace.path).args(["-c", &serve]));
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert!(told["url"].as_str().unwrap().ends_with('/'), "{told}");
    let key = key_in(Path::new(told["key_file"].as_str().unwrap()));
    assert!(!told.to_string().contains(&key), "{told}");
}

#[test]
fn no_login_is_never_for_other_machines() {
    let workspace = Workspace::empty();
    for remote in [&["--allow-remote", "0.0.0.0"][..], &["--trusted-host", "b.example"]] {
        let all = [&["serve", "--no-login"][..], remote].concat();
        run(&workspace.path, &all).failed(2, &["--no-login"]);
    }
    let serve = |option, value| run(&workspace.path, &["serve", option, value]);
    serve("--trusted-host", "https://b.example").failed(2, &["--trusted-host"]);
    serve("--allow-remote", "b.example").failed(2, &["--allow-remote"]);
    serve("--allow-remote", "192.0.2.77").failed(1, &["192.0.2.77", "--allow-remote"]);
    assert!(workspace.files().is_empty());
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0", "--no-login"]);
    assert!(server.key.is_empty());
    assert_eq!(status(&server.send_as_is("GET / HTTP/1.1\r\n", "").0), 200);
}
