//! The program over a PostgreSQL server: there and back, several nodes, what cannot be done there.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};
use postgres_server::Database;
use serde_json::Value;

use crate::program::{BINARY, Ended, command, run};
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

/// An answer without what is no data: the moment of asking, and what the report of the migration, a
/// file beside the database, has to say.
fn without_surroundings(mut answer: Value) -> Value {
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
    ended.failed(1, &[nowhere, "cannot be read or written"]);
    assert!(!ended.err.contains("s3cret"));
    run(&here.path, &["profiles", "--store", nowhere, "--store-password-command", "false"])
        .failed(1, &["--store-password-command failed"]);
    run(&here.path, &["profiles", "--store", "somewhere"]).failed(2, &["--workspace"]);
    run(&here.path, &["profiles", "--state-folder", "here"]).failed(2, &["need --store"]);
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
        let serve =
            ["serve", "--no-login", "--port", "0", "--store", &address, "--state-folder", state];
        Server::spawn(command(BINARY, &here.path).args(serve))
    };
    let (one, two) = (node("state-1"), node("state-2"));
    let profile = "/profiles/p_a7b6725386c3";
    assert!(two.get("/").1.contains("Apache Kafka"));
    let page = two.get(&format!("{profile}/setup")).1;
    let revision = page.split("name=\"revision\" value=\"").nth(1).unwrap();
    let revision = revision.split('"').next().unwrap();
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
