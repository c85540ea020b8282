//! A token is where its owner put it, in the backup, and in the secret file: nowhere else.

use std::fs;
use std::process::Stdio;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Login, Which, World};

use crate::program::{BINARY, command, finish};
use crate::samples::Workspace;
use crate::serving::Server;

const CANARY: &str = "canary-5b1f0a77";

/// Whether a file may hold the token.
fn is_secret(name: &str) -> bool {
    let is_old_file = name.ends_with("/profile.json");
    is_old_file || name.contains("secret") || name.contains("token")
}

#[test]
fn a_token_stays_where_it_was_put() {
    let workspace = Workspace::small();
    for (name, bytes) in workspace.files() {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("example-token") {
            fs::write(workspace.path.join(&name), text.replace("example-token", CANARY)).unwrap();
        }
    }
    let mut said = String::new();
    for arguments in [
        &["migrate", "--dry-run"][..],
        &["migrate"],
        &["migrate", "--json", "--again"],
        &["verify", "--json"],
        &["status", "--json"],
        &["profiles", "--json"],
        &["queries", "--json"],
        &["issues", "--json", "--limit", "1000"],
        &["issues", "NOPE-1"],
        &["settings", "--json"],
        &["settings", "set", "window", "0"],
        &["export", "profile.json"],
        &["export", "-", "--config-only"],
        &["import", "profile.json", "--json"],
        &["query", "delete", "q_25d5b4b45190", "--profile", "p_a7b6725386c3", "--yes"],
        &["profile", "delete", "p_a7b6725386c3", "--yes", "--json"],
        &["trash", "list", "--json"],
    ] {
        let mut command = command(BINARY, &workspace.path);
        command.args(arguments).args(["-vv", "--log-file", "log.txt"]).env("RUST_LOG", "trace");
        let ended = finish(&mut command);
        said.push_str(&(ended.out + &ended.err));
    }
    let server = Server::start(&workspace, &["--port", "0", "--log-file", "log.txt", "-vv"]);
    for page in
        ["/", "/about", "/api/v1/workspace", "/api/v1/profiles", "/profiles/p_a7b6725386c3-2"]
    {
        said.push_str(&server.get(page).1);
    }
    drop(server);
    assert!(said.contains("Apache Kafka"));
    assert!(!said.contains(CANARY), "the token was said");
    let holders = holders(&workspace);
    assert!(holders.len() >= 3, "old file, backup and secret file: {holders:?}");
}

/// The files that hold the token; others than those that may fail the test.
#[track_caller]
fn holders(workspace: &Workspace) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
    let files = workspace.files().into_iter();
    let holders: Vec<String> =
        files.filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect();
    let leaks: Vec<&String> = holders.iter().filter(|name| !is_secret(name)).collect();
    assert!(leaks.is_empty(), "the token is in {leaks:?}");
    holders
}

const EMAIL: &str = "ada@example.org";
const JQL: &str = "project = DEMO";
/// Requests of a sync before which it has stored something outside of the database.
const LATE: Which = Which::From(3);

/// A Jira that lets only the token in.
fn jira(kind: Kind) -> (FakeJira, Behaviour) {
    let login = match kind {
        Kind::Cloud => Login::Basic(EMAIL.to_owned(), CANARY.to_owned()),
        Kind::DataCenter => Login::Bearer(CANARY.to_owned()),
    };
    let behaviour = Behaviour::honest(kind).login(login, Anonymous::Refused);
    let world = World::generated(250, 7);
    (FakeJira::start(world, kind, behaviour.clone()).unwrap(), behaviour)
}

/// Failures that repeat what was sent, wherever a server could do so. None of them is tried again.
fn echoes(jira: &FakeJira) -> Vec<Fault> {
    let text = format!("you sent {CANARY}, that is Bearer {CANARY}");
    let json = format!(r#"{{"errorMessages":["{text}"],"errors":{{"{CANARY}":"{CANARY}"}}}}"#);
    let answer = |status: u16, content_type: &str, body: &str| Fault::Answer {
        status,
        headers: vec![("X-Seraph-LoginReason".to_owned(), CANARY.to_owned())],
        content_type: content_type.to_owned(),
        body: body.to_owned(),
    };
    let mut faults: Vec<Fault> = [400, 401, 403, 404, 410, 413]
        .map(|status| answer(status, "application/json", &json))
        .into();
    faults.extend([
        answer(401, "text/html", &format!("<html>{text}</html>")),
        answer(403, "text/plain", &text),
        Fault::redirect(&format!("https://elsewhere.example.org/{CANARY}?token={CANARY}")),
        Fault::redirect(&format!("{}/login/{CANARY}", jira.url())),
        Fault::redirect(&format!("//{CANARY}@{CANARY}.example.org/")),
    ]);
    faults
}

/// The same in answers that are damaged, which are asked for again.
fn damaged_echoes() -> [Fault; 3] {
    let answer = |content_type: String, body: String| Fault::Answer {
        status: 200,
        headers: Vec::new(),
        content_type,
        body,
    };
    let json = || "application/json".to_owned();
    [
        answer(format!("text/plain; was={CANARY}"), CANARY.to_owned()),
        answer(json(), CANARY.to_owned()),
        answer(json(), format!(r#"{{"{CANARY}":"#)),
    ]
}

/// Runs a command with the token on its way in, as loud as it can be; all that it says.
fn loud(workspace: &Workspace, arguments: &[&str]) -> String {
    let mut command = command(BINARY, &workspace.path);
    command.args(arguments).args(["-vv", "--log-file", "log.txt"]).env("RUST_LOG", "trace");
    command.stdin(fs::File::open(workspace.path.join("token.txt")).unwrap());
    let ended = finish(&mut command);
    ended.out + &ended.err
}

/// A workspace with the token in a file to be piped in.
fn with_token() -> Workspace {
    let workspace = Workspace::empty();
    fs::write(workspace.path.join("token.txt"), CANARY).unwrap();
    workspace
}

#[track_caller]
fn check_silent(said: &str, about: &str) {
    let at = said.find(CANARY).map(|at| &said[said.floor_char_boundary(at.saturating_sub(300))..]);
    assert!(at.is_none(), "{about} said the token: {}", at.unwrap_or_default());
}

/// What interrupted syncs left.
fn staged_bytes(workspace: &Workspace) -> usize {
    let stages = workspace.files().into_iter().filter(|(name, _)| name.ends_with(".stage"));
    stages.map(|(_, bytes)| bytes.len()).sum()
}

#[test]
fn commands_that_ask_jira_say_no_token() {
    for kind in [Kind::DataCenter, Kind::Cloud] {
        let (jira, honest) = jira(kind);
        let workspace = with_token();
        let email: &[&str] = if kind == Kind::Cloud { &["--email", EMAIL] } else { &[] };
        let connect = [&["connect", jira.url()], email].concat();
        let steps: [&[&str]; 12] = [
            &[&connect[..], &["--dry-run", "--json"]].concat(),
            &[&connect[..], &["--profile", "Team"]].concat(),
            &["connect"],
            &["jql", JQL],
            &["query", "create", JQL, "--name", "All"],
            &["sync"],
            &["sync", "--full", "--json"],
            &["settings", "--json"],
            &["export", "profile.json"],
            &["export", "tables", "--format", "csv"],
            &["export", "old", "--format", "legacy"],
            &["sync", "--all", "--force", "--token-command", "cat token.txt"],
        ];
        for step in steps {
            check_silent(&loud(&workspace, step), &step.join(" "));
        }
        assert!(workspace.files()["profile.json"].len() > 50_000, "nothing was synced");
        let mut staged = 0;
        for fault in echoes(&jira) {
            for (path, which) in
                [("", Which::Each), ("search", LATE), ("bulkfetch", Which::From(2))]
            {
                jira.behave(honest.clone().fault(path, which, fault.clone()));
                let probe = [&connect[..], &["--dry-run"]].concat();
                for step in [&probe[..], &["jql", "project = X"], &["sync", "--full"]] {
                    check_silent(&loud(&workspace, step), &format!("{} after {fault:?}", step[0]));
                }
                staged += staged_bytes(&workspace);
            }
        }
        for fault in damaged_echoes() {
            for path in ["serverInfo", "myself"] {
                jira.behave(honest.clone().fault(path, Which::Each, fault.clone()));
                let said = loud(&workspace, &[&connect[..], &["--dry-run"]].concat());
                check_silent(&said, &format!("connect after {fault:?}"));
            }
        }
        holders(&workspace);
        assert!(staged > 0, "no interrupted sync left something behind");
        let delete = ["profile", "delete", "Team", "--yes", "--json"];
        check_silent(&loud(&workspace, &delete), "delete");
        holders(&workspace);
    }
}

#[cfg(unix)]
#[test]
fn pages_that_ask_jira_show_no_token() {
    let (jira, honest) = jira(Kind::DataCenter);
    let workspace = with_token();
    // So loud that a pipe which nobody reads would be full soon.
    let serve = "exec \"$0\" serve --workspace . --port 0 --log-file log.txt -vv 2>said.txt";
    let mut shell = command("sh", &workspace.path);
    let server = Server::spawn(shell.args(["-c", serve, BINARY]).env("RUST_LOG", "trace"));
    let connect = |auth: &str, token: &str| {
        let fields = [("server", jira.url()), ("authentication", auth), ("email", EMAIL)];
        let (head, body) =
            server.post("/connect", &[&fields[..], &[("token", token), ("jql", JQL)]].concat());
        check_silent(&(head.clone() + &body), "the page that connects");
        head
    };
    assert!(connect("bearer", &format!("{CANARY}-wrong")).starts_with("HTTP/1.1 422"));
    assert!(connect("basic", CANARY).starts_with("HTTP/1.1 422"));
    let head = connect("bearer", CANARY);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    let profile = head.split("/profiles/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let path = format!("/profiles/{profile}");
    let keep = [("form", "new-query"), ("jql", JQL), ("name", "All")];
    let (head, _) = server.post(&format!("{path}/connection"), &keep);
    let query = head.split("/queries/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let sync = format!("{path}/queries/{query}/sync");
    // Ends with the job: a server that stops makes the test fail on its next request.
    let settle = || while server.get(&format!("/api/v1{sync}")).1.contains("\"running\":{") {};
    settle();
    assert!(server.get(&sync).1.contains("250 issues: 250 new"));
    let tried = |page: &str| {
        let (head, _) = server.post(page, &[("form", "test"), ("jql", "project")]);
        let found = head.split("?found=").nth(1).and_then(|rest| rest.split_whitespace().next());
        format!("{page}?found={}", found.unwrap_or_else(|| panic!("not tried: {head}")))
    };
    for fault in echoes(&jira) {
        jira.behave(honest.clone().fault("", Which::Each, fault.clone()));
        connect("bearer", CANARY);
        server.post(&sync, &[("full", "true")]);
        settle();
        for page in [
            &sync,
            &format!("/api/v1{sync}"),
            &tried(&format!("{path}/connection")),
            &format!("/api/v1{path}/connection"),
            &format!("{path}/settings"),
            &format!("/api/v1{path}/settings"),
            "/",
        ] {
            let (head, body) = server.get(page);
            check_silent(&(head + &body), &format!("{page} after {fault:?}"));
        }
    }
    // While the server runs, what was written last lies beside the database.
    holders(&workspace);
    assert_eq!(server.end("-TERM").code, 0);
    assert!(workspace.files()["said.txt"].len() > 1_000);
    holders(&workspace);
}

#[cfg(target_os = "linux")]
#[test]
fn the_list_of_processes_shows_no_token() {
    let (jira, honest) = jira(Kind::DataCenter);
    let workspace = with_token();
    for step in [&["connect", jira.url(), "--profile", "T"][..], &["query", "create", JQL]] {
        loud(&workspace, step);
    }
    jira.behave(honest.fault("search", Which::Each, Fault::Stalled));
    for token in [&[][..], &["--token-command", "cat token.txt"]] {
        jira.forget_requests();
        let mut sync = command(BINARY, &workspace.path);
        sync.args([&["sync", "--full"], token].concat());
        let mut child = sync.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !jira.requests().iter().any(|request| request.path.contains("search")) {
            assert!(child.try_wait().unwrap().is_none(), "the sync ended early");
        }
        let shown = fs::read_to_string(format!("/proc/{}/cmdline", child.id())).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(shown.contains("sync"), "{shown}");
        check_silent(&shown, "the list of processes");
    }
}

#[cfg(unix)]
#[test]
fn what_holds_a_token_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::migrated();
    finish(command(BINARY, &workspace.path).args(["status", "--log-file", "log.txt"])).answer();
    for name in workspace.files().into_keys() {
        let is_ours =
            name.starts_with("backups/") || name.contains("burndown") || name == "log.txt";
        let mode = fs::metadata(workspace.path.join(&name)).unwrap().permissions().mode();
        assert!(!is_ours || mode & 0o077 == 0, "{name} has mode {mode:o}");
    }
}
