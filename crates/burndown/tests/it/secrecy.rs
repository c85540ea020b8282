//! All that the program makes, says and sends, by every command and with a mask that keeps nothing from
//! anybody: no secret is in it, and no other user of the machine can read it.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Login, World};
use postgres_server::Database;

use crate::memory::pages;
use crate::program::{BINARY, Ended, command, finish};
use crate::samples::Workspace;
use crate::serving::Server;
use crate::{requirement, unprivileged};

/// What is stored for Jira, what the old app's files hold, and what a file to be imported holds.
const STORED: &str = "canary-stored-5b1f0a77";
const OLD: &str = "canary-old-31c9e2d4";
const FILED: &str = "canary-filed-8d07b1aa";

const PROFILE: &str = "p_a7b6725386c3";
const QUERY: &str = "q_25d5b4b45190";

/// What a server says while pages are opened.
const SAID: &str = "said.txt";

/// Runs what follows with a mask of nothing.
const UNMASKED: &str = "umask 0; exec \"$0\" \"$@\"";

/// What commands did so far.
struct Commands {
    here: Workspace,
    /// What was there before, by whoever made it.
    before: BTreeSet<PathBuf>,
    said: String,
    commands: BTreeSet<String>,
}

impl Commands {
    /// A folder of the old app that everybody may look into.
    fn new() -> Commands {
        let here = Workspace::small();
        for (name, bytes) in here.files() {
            let text = String::from_utf8_lossy(&bytes);
            if text.contains("example-token") {
                fs::write(here.path.join(name), text.replace("example-token", OLD)).unwrap();
            }
        }
        let with_token = format!(
            r#"{{"manifest":{{}},"profile_data":{{"id":"p_f","name":"F","jira_config":{{"base_url":"https://x.example.org","token":"{FILED}"}}}},"query_data":{{}}}}"#
        );
        let table = "Issue key,Status,Created\nA-1,Done,2026-01-01\n";
        for (name, text) in
            [("with_token.json", with_token.as_str()), ("list.csv", table), ("token.txt", STORED)]
        {
            fs::write(here.path.join(name), text).unwrap();
        }
        // What the server says goes into a file of the shell that starts it.
        fs::write(here.path.join(SAID), "").unwrap();
        for name in ["token.txt", SAID] {
            fs::set_permissions(here.path.join(name), Permissions::from_mode(0o600)).unwrap();
        }
        for folder in ["home", "tmp"] {
            fs::create_dir(here.path.join(folder)).unwrap();
        }
        for folder in here.path.ancestors().take_while(|folder| *folder != std::env::temp_dir()) {
            fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
        }
        let before = walk(&here.path).into_iter().collect();
        Commands { here, before, said: String::new(), commands: BTreeSet::new() }
    }

    fn unmasked(&self, program: &str) -> Command {
        let mut sh = command("sh", &self.here.path);
        sh.args(["-c", UNMASKED, program])
            .env("TMPDIR", self.here.path.join("tmp"))
            .env("RUST_LOG", "trace")
            .stdin(fs::File::open(self.here.path.join("token.txt")).unwrap());
        sh
    }

    /// Runs a command as loud as it can be; what it made, nobody else may read.
    #[track_caller]
    fn tried(&mut self, arguments: &[&str]) -> Ended {
        let mut sh = self.unmasked(BINARY);
        let ended = finish(sh.args(arguments).args(["-vv", "--log-file", "log.txt"]));
        assert!(!ended.err.contains("panicked"), "{arguments:?}: {}", ended.err);
        self.said.push_str(&ended.out);
        self.said.push_str(&ended.err);
        let words = arguments.iter().take_while(|word| !word.starts_with('-'));
        for count in 1..=2 {
            let name: Vec<&str> = words.clone().take(count).copied().collect();
            self.commands.insert(name.join("-"));
        }
        self.check_closed(&arguments.join(" "));
        ended
    }

    #[track_caller]
    fn run(&mut self, arguments: &[&str]) -> String {
        self.tried(arguments).answer()
    }

    /// Checks that all that was made is its owner's alone.
    #[track_caller]
    fn check_closed(&self, after: &str) {
        for place in walk(&self.here.path) {
            if self.before.contains(&place) || is_of_old_app(&place) {
                continue;
            }
            let Ok(found) = fs::symlink_metadata(&place) else { continue };
            // A manual is for everybody.
            let is_public = place.strip_prefix(&self.here.path).unwrap().starts_with("manual");
            let closed = if is_public { 0o022 } else { 0o077 };
            let mode = found.permissions().mode();
            let is_closed = found.is_symlink() || mode & closed == 0;
            assert!(is_closed, "{} has mode {mode:o} after {after}", place.display());
        }
    }

    /// Starts a server that writes what it says into a file.
    fn serve(&mut self) -> Server {
        let mut sh = self.unmasked("sh");
        let serve =
            format!("exec {BINARY} serve --workspace . --port 0 --log-file log.txt -vv 2>>{SAID}");
        sh.args(["-c", &serve]).stdin(Stdio::null());
        self.commands.insert("serve".to_owned());
        Server::spawn(&mut sh)
    }

    /// Checks that a secret is nowhere but in files whose names contain one of these texts.
    #[track_caller]
    fn check_secret(&self, secret: &str, places: &[&str]) {
        let at = self.said.find(secret);
        let near =
            at.map(|at| &self.said[self.said.floor_char_boundary(at.saturating_sub(300))..at]);
        assert!(near.is_none(), "{secret} was said after {near:?}");
        for (name, bytes) in self.here.files() {
            let holds = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            let is_its_place = places.iter().any(|place| name.contains(place));
            assert!(!holds || is_its_place, "{secret} is in {name}");
        }
    }

    /// What a user who owns nothing of it can read.
    fn readable_by_nobody(&self) -> Vec<String> {
        let find = "find . \\( -type f -o -type d \\) -readable 2>/dev/null";
        let mut sh = Command::new("setpriv");
        sh.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", find]);
        let found = sh.current_dir(&self.here.path).output().unwrap();
        let found = String::from_utf8(found.stdout).unwrap();
        found.lines().map(str::to_owned).collect()
    }
}

/// Everything below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(walk(&path));
        }
        found.push(path);
    }
    found
}

/// Files of the old app that a rollback moved aside as they were, in a folder that is closed.
fn is_of_old_app(place: &Path) -> bool {
    let folder = place.ancestors().find(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("rolled-back-")
    });
    folder.is_some_and(|folder| {
        let mode = fs::metadata(folder).unwrap().permissions().mode();
        folder != place && mode & 0o077 == 0
    })
}

/// A Jira that lets only the stored token in.
fn jira() -> FakeJira {
    let login = Login::Bearer(STORED.to_owned());
    let honest = Behaviour::honest(Kind::DataCenter).login(login, Anonymous::Refused);
    FakeJira::start(World::generated(60, 7), Kind::DataCenter, honest).unwrap()
}

fn look(course: &mut Commands) {
    for arguments in [
        "answers",
        "profiles",
        "queries",
        "issues",
        "summary",
        "weeks",
        "now",
        "flow",
        "forecast",
        "status",
        "settings list",
        "settings seen",
        "settings propose",
        "settings lane",
        "trash list",
        "milestone list",
        "delivery list",
        "delivery offer",
        "key list",
        "backup list",
        "verify",
        "doctor",
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        course.tried(&words);
        course.tried(&[&words[..], &["--json"]].concat());
    }
}

fn edit(course: &mut Commands) {
    let steps: [&[&str]; 38] = [
        &["use", "Apache Kafka"],
        &["profile", "create", "New"],
        &["profile", "rename", "New", "Newer"],
        &["profile", "describe", "Newer", "Text"],
        &["profile", "duplicate", "Newer", "Other"],
        &["settings", "set", "window", "10"],
        &["settings", "unset", "window"],
        &["settings", "add", "done_statuses", "Done"],
        &["settings", "remove", "done_statuses", "Done"],
        &["milestone", "set", "M", "2030-01-01"],
        &["milestone", "remove", "M"],
        &["query", "duplicate", QUERY, "Twin"],
        &["query", "work", "Twin", "delivery"],
        &["query", "edit", "Twin", "--name", "Pair"],
        &["query", "move", "Pair", "Other"],
        &["query", "forget-left", QUERY, "--yes"],
        &["delivery", "add", "all", "--name", "D"],
        &["delivery", "show", "D"],
        &["delivery", "edit", "D", "--name", "E"],
        &["delivery", "order", "E", "1"],
        &["delivery", "state", "E", "done"],
        &["delivery", "remove", "E", "--yes"],
        &["query", "delete", "Pair", "--profile", "Other", "--yes"],
        &["profile", "delete", "Other", "--yes"],
        &["key", "add", "Ada"],
        &["key", "add", "script", "--file", "script.key"],
        &["key", "remove", "script"],
        &["import", "list.csv"],
        &["import", "with_token.json"],
        &["import", "with_token.json", "--dry-run", "--json"],
        &["import", "list.csv", "--replace", "Imported issues", "--yes"],
        &["import", "missing.json"],
        &["completions", "bash"],
        &["man", "manual"],
        &["demo"],
        &["demo", "--remove"],
        &["issues", "KAFKA-1002"],
        &["issues", "NOPE-1"],
    ];
    for step in steps {
        course.tried(step);
    }
}

fn write(course: &mut Commands) {
    let of = ["--profile", PROFILE, "--query", QUERY];
    for (name, format) in [("f.json", "file"), ("f.json.gz", "file"), ("t", "csv"), ("o", "legacy")]
    {
        course.run(&["export", name, "--profile", PROFILE, "--format", format]);
    }
    course.run(&["export", "-", "--profile", PROFILE]);
    course.run(&["import", "f.json", "--name", "Again"]);
    for name in ["r.html", "r.md"] {
        course.run(&["report", QUERY, "--profile", PROFILE, "-o", name]);
    }
    for name in ["c.svg", "c.png"] {
        course.run(&[&["chart", "burn-up", "-o", name], &of[..]].concat());
    }
    course.run(&["backup"]);
    course.run(&["backup", "--to", "elsewhere"]);
    course.run(&["backup", "verify"]);
    course.run(&["restore", "--yes"]);
    course.run(&["backup", "restore", "--yes"]);
    let deleted = course.run(&["trash", "list", "--json"]);
    let deleted: serde_json::Value = serde_json::from_str(&deleted).unwrap();
    let id = deleted[0]["id"].as_str().unwrap_or("none").to_owned();
    course.tried(&["trash", "restore", &id]);
    course.run(&["trash", "empty", "--yes"]);
    course.run(&["copy", "--to", "copied"]);
}

fn ask_jira(course: &mut Commands, jira: &FakeJira) {
    course.run(&["connect", jira.url(), "--profile", "Team"]);
    course.run(&["jql", "project = DEMO", "--profile", "Team"]);
    course.run(&["query", "create", "project = DEMO", "--name", "All", "--profile", "Team"]);
    course.run(&["settings", "token", "--profile", "Team"]);
    course.run(&["sync", "All", "--profile", "Team"]);
    course.run(&["sync", "All", "--profile", "Team", "--full", "--json"]);
    course.run(&["export", "team.json", "--profile", "Team"]);
}

/// Opens every page and its JSON, imports a file there, and leaves half an upload.
fn open_pages(course: &mut Commands, server: &Server) {
    let pages = pages(server);
    for path in pages.iter().flat_map(|path| [path.clone(), format!("/api/v1{path}")]) {
        let (head, body) = server.get(&path);
        course.said.push_str(&head);
        course.said.push_str(&body);
    }
    course.check_closed("pages");
    course.tried(&["open"]);
}

/// Starts a command, waits until it made something, and kills it.
fn kill_amid(course: &Commands, arguments: &[&str]) {
    let before = walk(&course.here.path).len();
    let mut sh = course.unmasked(BINARY);
    sh.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = sh.spawn().unwrap();
    while child.try_wait().unwrap().is_none() && walk(&course.here.path).len() <= before + 2 {}
    course.check_closed(&arguments.join(" "));
    child.kill().unwrap();
    child.wait().unwrap();
    course.check_closed("a kill");
}

/// Over PostgreSQL a node keeps a folder for itself.
fn use_server(course: &mut Commands, own: &str) {
    let Some(database) = Database::new() else { return };
    let address = database.address();
    fs::write(course.here.path.join("shared.key"), "0123456789abcdef0123456789abcdef").unwrap();
    let key = course.here.path.join("shared.key");
    fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
    course.run(&["copy", "--to", &address]);
    let at = ["--store", &address, "--state-folder", "state", "--shared-key-file", "shared.key"];
    for arguments in [
        &["status"][..],
        &["settings", "token", "--profile", "Team"],
        &["sync", "All", "--profile", "Team"],
        &["key", "add", "Eve"],
        &["doctor"],
        &["export", "from_server.json", "--profile", "Team"],
    ] {
        course.tried(&[arguments, &at].concat());
    }
    let tables = "SELECT query_to_xml('SELECT * FROM ' || quote_ident(tablename), true, true, '')::text \
                  FROM pg_tables WHERE schemaname = 'public'";
    let all = database.texts(tables).join("\n");
    assert!(all.contains("DEMO-1") && all.contains("sealed_tokens"), "nothing was copied");
    for secret in [STORED, OLD, FILED, own] {
        assert!(!all.contains(secret), "{secret} is in the database");
    }
}

/// Every command that the manual has was run.
fn check_commands(course: &Commands) {
    let folder = fs::read_dir(course.here.path.join("manual")).unwrap();
    for entry in folder {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let name = name.trim_start_matches("burndown-").trim_end_matches(".1").to_owned();
        let is_run = name == "burndown" || course.commands.contains(&name);
        assert!(is_run, "`burndown {name}` is not run here");
    }
}

#[test]
fn nothing_that_is_made_said_or_sent_holds_a_secret_or_is_open_to_others() {
    let (jira, mut course) = (jira(), Commands::new());
    course.run(&["migrate", "--dry-run"]);
    course.run(&["migrate"]);
    look(&mut course);
    edit(&mut course);
    ask_jira(&mut course, &jira);
    write(&mut course);
    let server = course.serve();
    let own = server.key.clone();
    assert!(!own.is_empty());
    open_pages(&mut course, &server);
    drop(server);
    course.check_closed("a server that was killed");
    for arguments in
        [&["import", "f.json"][..], &["export", "g.json"], &["backup"], &["import", "list.csv"]]
    {
        kill_amid(&course, arguments);
    }
    look(&mut course);
    use_server(&mut course, &own);
    course.run(&["rollback", "--with-changes", "--yes"]);
    course.run(&["migrate", "--again", "--yes"]);
    check_commands(&course);
    let log = fs::read_to_string(course.here.path.join("log.txt")).unwrap();
    let said = fs::read_to_string(course.here.path.join(SAID)).unwrap();
    assert!(log.len() > 10_000 && said.len() > 1_000 && course.said.len() > 100_000);

    let secrets = "burndown-secrets.json";
    // A rollback that keeps the changes gives the old app the token that it connects with.
    course.check_secret(STORED, &[secrets, "token.txt", "/profile.json"]);
    course.check_secret(OLD, &[secrets, "/profile.json"]);
    course.check_secret(FILED, &["with_token.json"]);
    course.check_secret(&own, &["profiles/burndown-key"]);
    if unprivileged::can_run() && requirement::is_root() {
        let open: Vec<String> = course.readable_by_nobody();
        let is_ours = |name: &&String| {
            let place = course.here.path.join(name.trim_start_matches("./"));
            !course.before.contains(&place)
                && place != course.here.path
                && !name.starts_with("./manual")
        };
        let open: Vec<&String> = open.iter().filter(|name| *name != ".").filter(is_ours).collect();
        assert!(open.is_empty(), "another user reads {open:?}");
    }
}

/// To another user of the machine a server says that a key is missing, that it is alive, and how its pages
/// look; whatever is asked in whatever way.
#[test]
fn another_user_gets_nothing_but_health_and_assets() {
    if !(unprivileged::can_run() && requirement::met(requirement::has_program("curl"), "curl")) {
        return;
    }
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let asset = server.get("/").1.split("href=\"/assets/").nth(1).unwrap().to_owned();
    let asset = format!("/assets/{}", asset.split('"').next().unwrap());
    let paths = pages(&server);
    let url = |path: &str| format!("http://{}{path}", server.address);
    let ask = |method: &str, urls: &[String]| {
        let mut curl = Command::new(if requirement::is_root() { "setpriv" } else { "env" });
        if requirement::is_root() {
            curl.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        curl.args(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\n", "-X", method]);
        curl.args(["-H", &format!("Origin: http://{}", server.address)]).args(urls);
        // Each address writes its own answer.
        curl.args(urls.iter().skip(1).flat_map(|_| ["-o", "/dev/null"]));
        String::from_utf8(curl.output().unwrap().stdout).unwrap()
    };
    let all = paths.iter().flat_map(|path| [path.clone(), format!("/api/v1{path}")]);
    let others = ["/api/v1/openapi.json", "/keys", "/api/v1/profiles/x/export"];
    let all: Vec<String> = all.chain(others.map(str::to_owned)).map(|path| url(&path)).collect();
    for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS"] {
        let answers = ask(method, &all);
        assert_eq!(answers.lines().count(), all.len(), "{method}");
        let open: Vec<(&String, &str)> = all
            .iter()
            .zip(answers.lines())
            .filter(|(_, status)| !["401", "405"].contains(status))
            .collect();
        assert!(open.is_empty(), "{method}: {open:?}");
    }
    assert_eq!(ask("GET", &[url("/login?code=1.2.3"), url("/login?key=x")]), "401\n401\n");
    assert_eq!(ask("GET", &[url("/healthz"), url(&asset)]), "200\n200\n");
}
