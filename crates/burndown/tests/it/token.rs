//! A token belongs to a server: no database, redirect or import takes it to another one.

use std::fs;
use std::path::Path;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Login, Which, World};

use crate::program::{BINARY, Ended, command, finish};
use crate::samples::Workspace;
use crate::serving::Server;

const TOKEN: &str = "canary-of-one-server";

/// A Jira that takes that token.
fn jira() -> FakeJira {
    let login = Login::Bearer(TOKEN.to_owned());
    let honest = Behaviour::honest(Kind::DataCenter).login(login, Anonymous::Refused);
    FakeJira::start(World::generated(20, 1), Kind::DataCenter, honest).unwrap()
}

fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let variables = variables.iter().copied();
    finish(command(BINARY, folder).args(["--workspace", "."]).args(arguments).envs(variables))
}

/// Checks that a command said no, to the person or of one of its queries, and why.
#[track_caller]
fn refused(ended: &Ended, why: &str) {
    assert_eq!(ended.code, 1, "{}", ended.err);
    let said = format!("{}{}", ended.out, ended.err);
    assert!(said.contains(why), "{why:?} is not in: {said}");
}

/// Whether anybody sent that server a login.
#[track_caller]
fn check_learned_nothing(jira: &FakeJira) {
    let logins =
        jira.requests().into_iter().filter(|asked| asked.header("authorization").is_some());
    assert_eq!(logins.count(), 0, "the token went to another server");
}

/// A workspace connected to `own`, its token stored; and an export of it that names `evil`.
fn connected(own: &FakeJira, evil: &FakeJira) -> Workspace {
    let workspace = Workspace::empty();
    let at = |arguments: &[&str]| {
        run(&workspace.path, arguments, &[("BURNDOWN_JIRA_TOKEN", TOKEN)]).answer()
    };
    at(&["connect", own.url(), "--profile", "Team"]);
    at(&["query", "add", "project = DEMO", "--name", "All"]);
    at(&["export", "plain.json", "--config-only"]);
    let text = fs::read_to_string(workspace.path.join("plain.json")).unwrap();
    fs::write(workspace.path.join("evil.json"), text.replace(own.url(), evil.url())).unwrap();
    workspace
}

#[test]
fn an_import_does_not_take_a_token_that_lies_under_its_id() {
    let (own, evil) = (jira(), jira());
    let workspace = connected(&own, &evil);
    // The database is lost, the secret file stays.
    for name in ["burndown.sqlite", "burndown.sqlite-wal", "burndown.sqlite-shm"] {
        let _ = fs::remove_file(workspace.path.join("profiles").join(name));
    }
    run(&workspace.path, &["import", "evil.json"], &[]).answer();
    refused(&run(&workspace.path, &["sync"], &[]), "no token");
    refused(&run(&workspace.path, &["connect"], &[]), "no token");
    check_learned_nothing(&evil);
}

#[test]
fn a_stored_token_stays_with_its_server_whatever_the_database_says() {
    let (own, evil) = (jira(), jira());
    let workspace = connected(&own, &evil);
    // As after a database that was put back: it names a server that the token is not for.
    let secrets = workspace.path.join("profiles/burndown-secrets.json");
    let kept = fs::read(&secrets).unwrap();
    run(&workspace.path, &["settings", "set", "server", evil.url()], &[]).answer();
    fs::write(&secrets, kept).unwrap();
    for arguments in [&["sync"][..], &["jql", "project = X"], &["connect"]] {
        refused(&run(&workspace.path, arguments, &[]), "is not sent to");
    }
    let server = Server::start(&workspace, &["--port", "0"]);
    let profiles: serde_json::Value =
        serde_json::from_str(&server.get("/api/v1/profiles").1).unwrap();
    let page = format!("/api/v1/profiles/{}/connection", profiles[0]["id"].as_str().unwrap());
    assert!(server.post(&page, &[("jql", "project = X")]).1.contains("is not sent to"));
    check_learned_nothing(&evil);
}

#[test]
fn a_token_from_outside_goes_where_it_was_said_that_it_is_for() {
    let (own, evil) = (jira(), jira());
    let workspace = connected(&own, &evil);
    let outside = [("BURNDOWN_JIRA_TOKEN", TOKEN)];
    run(&workspace.path, &["sync"], &outside).answer();

    let elsewhere = Workspace::empty();
    fs::copy(workspace.path.join("evil.json"), elsewhere.path.join("evil.json")).unwrap();
    run(&elsewhere.path, &["import", "evil.json"], &outside).answer();
    for arguments in [&["sync"][..], &["jql", "project = X"], &["connect"]] {
        refused(&run(&elsewhere.path, arguments, &outside), "BURNDOWN_JIRA_SERVER");
        let by_command = [arguments, &["--token-command", "echo canary-of-one-server"]].concat();
        refused(&run(&elsewhere.path, &by_command, &[]), "BURNDOWN_JIRA_SERVER");
    }
    let named = [outside[0], ("BURNDOWN_JIRA_SERVER", own.url())];
    refused(&run(&elsewhere.path, &["sync"], &named), "BURNDOWN_JIRA_SERVER");
    check_learned_nothing(&evil);
    let named = [outside[0], ("BURNDOWN_JIRA_SERVER", evil.url())];
    run(&elsewhere.path, &["jql", "project = DEMO"], &named).answer();
}

#[cfg(unix)]
#[test]
fn a_folder_of_somebody_else_confirms_nothing() {
    let evil = jira();
    let theirs = Workspace::empty();
    let token = [("BURNDOWN_JIRA_TOKEN", TOKEN)];
    run(&theirs.path, &["connect", evil.url(), "--profile", "T"], &token).answer();
    run(&theirs.path, &["query", "add", "project = DEMO"], &token).answer();
    fs::remove_file(theirs.path.join("profiles/burndown-key")).unwrap_or_default();
    evil.forget_requests();
    // As it comes out of an archive: the same files in another folder.
    let mine = Workspace::empty();
    fs::create_dir(mine.path.join("profiles")).unwrap();
    for entry in fs::read_dir(theirs.path.join("profiles")).unwrap().flatten() {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), mine.path.join("profiles").join(entry.file_name())).unwrap();
        }
    }
    let outside = [("BURNDOWN_JIRA_TOKEN", "another-canary")];
    for arguments in [&["sync"][..], &["jql", "project = X"]] {
        refused(&run(&mine.path, arguments, &outside), "BURNDOWN_JIRA_SERVER");
    }
    check_learned_nothing(&evil);
}

#[test]
fn a_redirect_to_another_port_takes_no_token_along() {
    let (own, evil) = (jira(), jira());
    let honest = Behaviour::honest(Kind::DataCenter);
    let to = format!("{}/rest/api/2/serverInfo", evil.url());
    own.behave(honest.fault("serverInfo", Which::Each, Fault::redirect(&to)));
    let workspace = Workspace::empty();
    let token = [("BURNDOWN_JIRA_TOKEN", TOKEN)];
    run(&workspace.path, &["connect", own.url()], &token).failed(1, &["sends on to"]);
    check_learned_nothing(&evil);
}

#[test]
fn a_trigger_in_the_database_does_not_choose_the_server() {
    let (own, evil) = (jira(), jira());
    let workspace = connected(&own, &evil);
    let database = rusqlite::Connection::open(workspace.database()).unwrap();
    let trigger = format!(
        "CREATE TRIGGER t AFTER UPDATE ON profiles BEGIN UPDATE profiles SET jira_config = \
         replace(jira_config, '{}', '{}'); END",
        own.url(),
        evil.url()
    );
    database.execute_batch(&trigger).unwrap();
    drop(database);
    let token = [("BURNDOWN_JIRA_TOKEN", TOKEN)];
    for arguments in [&["connect", own.url(), "--profile", "Team"][..], &["sync"]] {
        let ended = run(&workspace.path, arguments, &token);
        assert_eq!(ended.code, 1, "{}", ended.err);
    }
    check_learned_nothing(&evil);
}

#[test]
fn a_token_is_not_sent_where_others_can_read_it() {
    let workspace = Workspace::empty();
    let token = [("BURNDOWN_JIRA_TOKEN", TOKEN)];
    // Nobody answers there, neither with http nor with https.
    let address = "http://192.0.2.2:9";
    let connect = |more: &[&str]| {
        let all = [&["connect", address, "--profile", "T"], more].concat();
        run(&workspace.path, &all, &token)
    };
    connect(&[]).failed(1, &["begins with http", "--allow-http"]);
}
