//! The program over a PostgreSQL server: there and back, several nodes, what cannot be done there.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Login, Which, World};
use postgres_server::{Database, Options};
use serde_json::Value;

use crate::program::{BINARY, Ended, command, finish, run};
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

/// What is worked out from data, by command.
const FIGURES: [&str; 3] = ["summary", "weeks", "forecast"];

fn figures(workspace: &Workspace, place: &[&str]) -> Vec<Value> {
    let ask = |arguments: &[&str]| run(&workspace.path, &[arguments, place, &["--json"]].concat());
    let profiles = ask(&["profiles"]).json();
    let mut all = Vec::new();
    for profile in profiles.as_array().unwrap() {
        let profile = profile["id"].as_str().unwrap();
        let queries = ask(&["queries", "--profile", profile]).json();
        for query in queries.as_array().unwrap() {
            let query = query["id"].as_str().unwrap();
            for command in FIGURES {
                let told = ask(&[command, "--profile", profile, "--query", query]);
                // What cannot be told is told in the same words.
                let told = serde_json::from_str(&told.out).unwrap_or(Value::String(told.err));
                all.push(without_surroundings(told));
            }
        }
    }
    assert!(!all.is_empty());
    all
}

/// An answer without what is no data: the moment of asking, what the report of the migration, a file
/// beside the database, has to say, and what can be done, as tokens do not go along.
fn without_surroundings(mut answer: Value) -> Value {
    fn forget_remedies(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !name.starts_with("remedy"));
                members.values_mut().for_each(forget_remedies);
            }
            Value::Array(values) => values.iter_mut().for_each(forget_remedies),
            _ => {}
        }
    }
    forget_remedies(&mut answer);
    if answer["as_of"]["rule"] == "now" {
        answer["as_of"]["at"] = Value::Null;
    }
    for list in ["notes", "migration"] {
        if let Some(notes) = answer[list].as_array_mut() {
            notes.retain(|note| note["code"] != "migration-findings");
        }
    }
    answer
}

/// Copies a migrated workspace to a server and back; documents and figures are the same.
fn check_there_and_back(workspace: &Workspace) {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), &workspace.path);
    run(here, &["migrate"]).answer();
    let before = figures(workspace, &[]);
    let told = run(here, &["copy", "--to", &address]).answer();
    assert!(told.contains("all are equal"), "{told}");
    let server = ["--store", &address];
    assert_eq!(figures(workspace, &server), before);
    run(here, &[&["copy", "--to", "back"], server.as_slice()].concat()).answer();
    let back = ["--workspace", "back"];
    assert_eq!(figures(workspace, &back), before);
    run(here, &["copy", "--verify", "--to", "back"]).answer();
    run(here, &["copy", "--verify", "--to", &address]).answer();
    run(here, &[&["doctor"], server.as_slice()].concat()).answer();
    let again = run(here, &["copy", "--to", &address]);
    again.failed(1, &["holds a workspace already"]);
}

#[test]
fn a_workspace_goes_to_a_server_and_back() {
    check_there_and_back(&Workspace::small());
}

/// A copy that is cut off leaves a part of a workspace, whose figures would be wrong: nobody uses it, each
/// command says why, and the same copy goes on.
#[test]
fn a_copy_that_was_cut_off_is_used_by_nobody_and_goes_on() {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), Workspace::migrated());
    let at = |arguments: &[&str]| {
        run(&here.path, &[arguments, &["--store", &address, "--state-folder", "s"]].concat())
    };
    let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", "s1"];
    let node = Server::spawn(command(BINARY, &here.path).args(serve));
    assert!(node.get("/").0.starts_with("HTTP/1.1 200"));
    database.run(
        "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'cut off'; END $$;
        CREATE TRIGGER cut_off BEFORE INSERT ON queries FOR EACH ROW EXECUTE FUNCTION cut_off()",
    );
    run(&here.path, &["copy", "--to", &address]).failed(1, &["cut off"]);
    database.run("DROP TRIGGER cut_off ON queries; DROP FUNCTION cut_off");
    let asked: [&[&str]; 5] = [
        &["doctor"],
        &["profiles"],
        &["profile", "create", "Later"],
        &["key", "add", "Ada"],
        &["serve", "--port", "0"],
    ];
    for arguments in asked {
        at(arguments).failed(1, &["is not finished", "`burndown copy` goes on"]);
    }
    let status = at(&["status"]);
    assert!(status.code == 1 && status.err.contains("is not finished"), "{}", status.err);
    assert!(
        status.out.contains("unfinished copy") && !status.out.contains("ready"),
        "{}",
        status.out
    );
    let json = at(&["profiles", "--json"]);
    assert!(json.err.contains("\"kind\":\"unfinished_copy\""), "{}", json.err);
    for page in ["/", "/profiles", "/api/v1/workspace"] {
        let (head, body) = node.get(page);
        assert!(head.starts_with("HTTP/1.1 503") && body.contains("is not finished"), "{body}");
    }
    // What the source has meanwhile goes along.
    run(&here.path, &["profile", "create", "Later"]).answer();
    run(&here.path, &["copy", "--to", &address]).answer();
    at(&["doctor"]).answer();
    assert!(at(&["profiles"]).answer().contains("Later"));
    assert!(node.get("/profiles").0.starts_with("HTTP/1.1 200"));
    assert_eq!(node.end("-TERM").code, 0);
}

/// What is said of a server that gives too few rights, or holds less than was written, names ways of a server.
#[test]
fn rights_and_damage_on_a_server_are_said_in_its_terms() {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), Workspace::migrated());
    run(&here.path, &["copy", "--to", &address]).answer();
    let at = |arguments: &[&str]| run(&here.path, &[arguments, &["--store", &address]].concat());
    let of_files = ["burndown restore", "--repair", "--workspace", "backup list"];
    let check = |ended: Ended, wanted: &str| {
        assert!(ended.code == 1 && ended.err.contains(wanted), "{}", ended.err);
        assert!(of_files.iter().all(|name| !ended.err.contains(name)), "{}", ended.err);
    };
    database.run("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    let as_reader = address.replace("burndown@", "reader@");
    let create = ["profile", "create", "Later", "--store", &as_reader];
    check(run(&here.path, &create), "ask the administrator of the database");
    database.run("DELETE FROM jira_cache WHERE position < 5");
    check(at(&["status", "--check"]), "pg_restore");
    check(at(&["doctor"]), "pg_restore");
    check(at(&["summary"]), "pg_restore");
}

#[test]
fn real_workspaces_go_to_a_server_and_back() {
    for name in ["multi", "real"] {
        let Some(archive) = requirement::large_sample(name) else { return };
        check_there_and_back(&Workspace::unpacked(&archive, name));
    }
}

#[test]
fn a_password_is_never_shown() {
    let here = Workspace::empty();
    for address in ["postgres://me:s3cret@host/db", "postgres://me@host/db?password=s3cret"] {
        let ended = run(&here.path, &["status", "--store", address]);
        ended.failed(2, &["PGPASSWORD"]);
        assert!(!ended.err.contains("s3cret"));
    }
    let nowhere = "postgres://me@127.0.0.1:1/db?patience=1";
    let password = ["--store-password-command", "echo s3cret", "-vv"];
    let ended = run(&here.path, &[["profiles", "--store", nowhere].as_slice(), &password].concat());
    ended.failed(1, &[nowhere, "cannot be used"]);
    assert!(!ended.err.contains("s3cret"));
    run(&here.path, &["profiles", "--store", nowhere, "--store-password-command", "false"])
        .failed(1, &["--store-password-command failed"]);
    run(&here.path, &["profiles", "--store", "somewhere"]).failed(2, &["--workspace"]);
    run(&here.path, &["profiles", "--state-folder", "here"])
        .failed(2, &["--state-folder needs --store"]);
}

/// Who can read the password of the database, or the key of its nodes, is not only who should.
#[cfg(unix)]
#[test]
fn secrets_that_others_can_read_are_told() {
    use std::os::unix::fs::PermissionsExt as _;

    let here = Workspace::empty();
    std::fs::write(here.path.join("pass"), "127.0.0.1:1:db:me:s3cret\n").unwrap();
    std::fs::write(here.path.join("key"), "0123456789abcdef0123456789abcdef").unwrap();
    let nowhere = "postgres://me@127.0.0.1:1/db?patience=1";
    for (mode, is_told) in [(0o600, false), (0o644, true), (0o660, true)] {
        for name in ["pass", "key"] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(here.path.join(name), mode).unwrap();
        }
        let mut asked = command(BINARY, &here.path);
        asked.args(["profiles", "--store", nowhere, "--shared-key-file", "key"]);
        let ended = finish(asked.env("PGPASSFILE", here.path.join("pass")));
        ended.failed(1, &["cannot be used"]);
        for told in ["so its password is not used", "can read the shared key"] {
            assert_eq!(ended.err.contains(told), is_told, "{mode:o}: {}", ended.err);
        }
        assert!(!ended.err.contains("s3cret") && !ended.err.contains("01234567"));
    }
}

#[test]
fn what_is_for_files_says_what_to_do_instead() {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), Workspace::empty());
    run(&here.path, &["profiles", "--store", &address]).failed(1, &["there is no store at"]);
    for (asked, instead) in [
        (["backup", "list"], "pg_dump"),
        (["restore", "1"], "pg_restore"),
        (["migrate", "--again"], "burndown copy"),
        (["doctor", "--repair"], "pg_restore"),
    ] {
        let ended = run(&here.path, &[&asked, ["--store", &address].as_slice()].concat());
        ended.failed(1, &[instead, "burndown copy --to FOLDER"]);
    }
}

#[test]
fn what_one_node_changes_the_other_shows() {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), Workspace::migrated());
    run(&here.path, &["copy", "--to", &address]).answer();
    let node = |state: &str| {
        let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", state];
        Server::spawn(command(BINARY, &here.path).args(serve))
    };
    let (one, two) = (node("state-1"), node("state-2"));
    let profile = "/profiles/p_a7b6725386c3";
    assert!(two.get("/").1.contains("Apache Kafka"));
    let page = two.get(&format!("{profile}/setup")).1;
    let revision = revision_on(&page);
    let name = ("name", "Renamed here");
    let fields = [("form", "edit"), name, ("description", ""), ("revision", revision)];
    let (head, body) = one.post(&format!("{profile}/setup"), &fields);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
    assert!(two.get("/").1.contains("Renamed here"));
    // The same edit, made of what was seen before, is refused on the other node.
    let (head, _) = two.post(&format!("{profile}/setup"), &fields);
    assert!(head.starts_with("HTTP/1.1 409"), "{head}");
    for node in [one, two] {
        assert_eq!(node.end("-TERM").code, 0);
    }
}

const CUT_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Takes the value of a hidden field out of a page.
fn revision_on(page: &str) -> &str {
    let found = page.split("name=\"revision\" value=\"").nth(1).and_then(|at| at.split('"').next());
    found.unwrap_or_else(|| panic!("no revision in {page}"))
}

#[test]
fn what_was_acknowledged_outlives_cut_connections() {
    let Some(database) = postgres_server::Server::start(&Options::default()) else { return };
    database.run("CREATE DATABASE store");
    let (address, here) = (database.address("store") + "?patience=2", Workspace::migrated());
    run(&here.path, &["copy", "--to", &address]).answer();
    let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", "s"];
    let node = Server::spawn(command(BINARY, &here.path).args(serve));
    let setup = "/profiles/p_a7b6725386c3/setup";
    for number in 0..8 {
        database.run_in("store", CUT_ALL);
        let page = node.get(setup).1;
        let name = format!("Name {number}");
        let fields = [
            ("form", "edit"),
            ("name", name.as_str()),
            ("description", ""),
            ("revision", revision_on(&page)),
        ];
        database.run_in("store", CUT_ALL);
        let (head, body) = node.post(setup, &fields);
        assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
        database.run_in("store", CUT_ALL);
        let (head, body) = node.get("/profiles");
        assert!(head.starts_with("HTTP/1.1 200") && body.contains(&name), "{head}\n{body}");
    }
    database.stop();
    let (head, body) = node.get("/profiles");
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    assert!(body.contains("The database cannot be reached"), "{body}");
    assert_eq!(node.end("-TERM").code, 0);
}

#[test]
fn a_session_with_one_node_is_one_with_all_that_have_the_shared_key() {
    let Some(database) = Database::new() else { return };
    let (address, here) = (database.address(), Workspace::migrated());
    run(&here.path, &["copy", "--to", &address]).answer();
    std::fs::write(here.path.join("key"), "0123456789abcdef0123456789abcdef\n").unwrap();
    std::fs::write(here.path.join("short"), "0123456789abcdef\n").unwrap();
    let node = |state: &str, key: &[&str]| {
        let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", state];
        Server::spawn(command(BINARY, &here.path).args(serve).args(key))
    };
    let shared = ["--shared-key-file", "key"];
    let nodes = [node("1", &shared), node("2", &shared), node("3", &[])];
    let add = ["key", "add", "Ada", "--json", "--store", &address, "--state-folder", "1"];
    let made = run(&here.path, &add).json();
    let key = std::fs::read_to_string(made["key_file"].as_str().unwrap()).unwrap();
    let key = key.trim();
    let head = nodes[0].send_as_is(&format!("GET /login?key={key} HTTP/1.1\r\n"), "").0;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let answers = nodes.each_ref().map(|node| {
        let asked = format!("GET /profiles HTTP/1.1\r\nCookie: {cookie}\r\n");
        node.send_as_is(&asked, "").0.split(' ').nth(1).unwrap().to_owned()
    });
    assert_eq!(answers, ["200", "200", "401"]);
    let short = ["serve", "--port", "0", "--store", &address, "--shared-key-file", "short"];
    run(&here.path, &short).failed(1, &["less than 32 characters"]);
    for node in nodes {
        assert_eq!(node.end("-TERM").code, 0);
    }
}

#[test]
fn a_token_in_the_store_is_sealed_for_nodes_that_have_the_shared_key() {
    const TOKEN: &str = "example-token";
    let Some(database) = Database::new() else { return };
    let login = Login::Bearer(TOKEN.to_owned());
    let behaviour = Behaviour::honest(Kind::DataCenter).login(login, Anonymous::Refused);
    let jira = FakeJira::start(World::generated(20, 7), Kind::DataCenter, behaviour).unwrap();
    let (address, here) = (database.address(), Workspace::empty());
    for (name, text) in
        [("key", "a".repeat(32)), ("other", "b".repeat(32)), ("typed", TOKEN.into())]
    {
        std::fs::write(here.path.join(name), text).unwrap();
    }
    let at = |node: &str, key: &[&str], arguments: &[&str]| {
        let mut asked = command(BINARY, &here.path);
        asked.args(arguments).args(["--store", &address, "--state-folder", node]).args(key);
        asked
    };
    let key = ["--shared-key-file", "key"];
    finish(at("1", &key, &["connect", jira.url()]).env("BURNDOWN_JIRA_TOKEN", TOKEN)).answer();
    let create = ["query", "create", "project = DEMO", "--name", "All"];
    finish(at("1", &key, &create).env("BURNDOWN_JIRA_TOKEN", TOKEN)).answer();
    let typed = std::fs::File::open(here.path.join("typed")).unwrap();
    finish(at("1", &key, &["settings", "token"]).stdin(typed)).answer();
    let told = finish(&mut at("2", &key, &["sync", "All", "--json"])).json();
    assert_eq!(told[0]["sync"]["new"], 20, "{told}");
    let without = finish(&mut at("3", &[], &["sync", "All"]));
    assert!(without.code == 1 && without.out.contains("token"), "{without:?}");
    let other = finish(&mut at("4", &["--shared-key-file", "other"], &["sync", "All"]));
    let said = format!("{}{}", other.out, other.err);
    assert!(other.code == 1 && said.contains("sealed with another key"), "{other:?}");
    // All that needs no token works there, and nobody is asked as a stranger.
    let elsewhere =
        |arguments: &[&str]| finish(&mut at("4", &["--shared-key-file", "other"], arguments));
    for command in ["profiles", "settings", "answers", "status"] {
        elsewhere(&[command]).answer();
    }
    elsewhere(&["copy", "--to", "copied"]).answer();
    let serve = ["serve", "--port", "0"];
    let node = Server::spawn(&mut at("5", &["--shared-key-file", "other"], &serve));
    assert!(node.get("/").0.starts_with("HTTP/1.1 200"), "{}", node.get("/").1);
    assert_eq!(node.end("-TERM").code, 0);
    elsewhere(&["profile", "create", "Later"]).answer();
    elsewhere(&["profile", "delete", "Later", "--yes"]).answer();
    let stored = database.texts("SELECT string_agg(key || value, ' ') FROM app_state");
    assert!(stored[0].contains("sealed_tokens") && !stored[0].contains(TOKEN), "{stored:?}");
    let looked = |key: &str, part: &str| {
        let told = finish(&mut at("6", &["--shared-key-file", key], &["doctor"])).answer();
        assert!(told.starts_with(part), "{told}");
    };
    looked("key", "all is well");
    looked("other", "tokens: ");
    database.run("UPDATE app_state SET value = 'AAAA' WHERE key = 'sealed_tokens'");
    looked("key", "tokens: ");
    let file = std::fs::read_to_string(here.path.join("1/profiles/burndown-secrets.json"));
    assert!(!file.unwrap_or_default().contains(TOKEN), "it is in the store alone");
}

/// A Jira of 60 issues, a query of them in a database, and nodes that sync it.
struct Nodes {
    jira: FakeJira,
    database: Database,
    here: Workspace,
}

impl Nodes {
    fn new() -> Option<Nodes> {
        let database = Database::new()?;
        let honest = Behaviour::honest(Kind::DataCenter);
        let jira = FakeJira::start(World::generated(60, 7), Kind::DataCenter, honest).unwrap();
        let nodes = Nodes { jira, database, here: Workspace::empty() };
        nodes.run("1", &["connect", nodes.jira.url(), "--public"]).answer();
        nodes.run("1", &["query", "create", "project = DEMO", "--name", "All"]).answer();
        Some(nodes)
    }

    fn run(&self, node: &str, arguments: &[&str]) -> Ended {
        let address = self.database.address();
        run(&self.here.path, &[arguments, &["--store", &address, "--state-folder", node]].concat())
    }

    /// A node in the midst of a sync: every answer takes it long.
    fn syncing(&self) -> Child {
        let slow = Fault::Slow { piece_bytes: 2_000, pause: Duration::from_millis(40) };
        let behaviour = Behaviour::honest(Kind::DataCenter).fault("search", Which::Each, slow);
        self.jira.behave(behaviour);
        let mut sync = command(BINARY, &self.here.path);
        sync.args(["sync", "All", "--store", &self.database.address(), "--state-folder", "1"]);
        let node = sync.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Until it has the lease, the other node would be the first; until it asks, it still writes.
        let asks = "DO $$ BEGIN
            WHILE NOT EXISTS (SELECT 1 FROM task_progress WHERE id LIKE 'sync/%') LOOP
                PERFORM pg_sleep(0.01);
            END LOOP;
        END $$";
        self.database.run(asks);
        self.jira.behave(Behaviour::honest(Kind::DataCenter));
        node
    }

    fn let_leases_end(&self) {
        let end = "UPDATE task_progress SET updated_at = '2000-01-01T00:00:00.000Z'
            WHERE id LIKE 'lease/%'";
        self.database.run(end);
    }
}

fn signal(node: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &node.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_node_takes_over_from_one_that_was_killed() {
    let Some(nodes) = Nodes::new() else { return };
    let mut killed = nodes.syncing();
    killed.kill().unwrap();
    killed.wait().unwrap();
    let refused = nodes.run("2", &["sync", "All"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.out.contains("is being synced already (on another node)"), "{refused:?}");
    nodes.let_leases_end();
    let told = nodes.run("2", &["sync", "All", "--json"]).json();
    assert_eq!(told[0]["sync"]["new"], 60, "{told}");
    let full = nodes.run("2", &["sync", "All", "--full", "--json"]).json();
    assert_eq!((&full[0]["sync"]["changed"], &full[0]["sync"]["new"]), (&0.into(), &0.into()));
}

#[test]
fn a_node_that_was_paused_beyond_its_lease_stores_nothing() {
    let Some(nodes) = Nodes::new() else { return };
    let paused = nodes.syncing();
    signal(&paused, "-STOP");
    nodes.let_leases_end();
    let told = nodes.run("2", &["sync", "All", "--json"]).json();
    assert_eq!(told[0]["sync"]["new"], 60, "{told}");
    signal(&paused, "-CONT");
    let ended = Ended::from(paused.wait_with_output().unwrap());
    assert_eq!(ended.code, 1, "{ended:?}");
    let why = ["taken over by another node", "cancelled"];
    let is_said = why.iter().any(|why| ended.out.contains(why));
    assert!(is_said, "{ended:?}");
}
