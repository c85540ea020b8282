//! The old app commits to its database without pause while it is migrated: what was there at one moment
//! arrives whole, and what came later is told. The writer is this test program as another process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use migrate::Standing;
use rusqlite::Connection;

use super::workspace::{Workspace, findings, silent};

const DATABASE: &str = "BURNDOWN_BUSY_DATABASE";
const REOPENS: &str = "BURNDOWN_BUSY_REOPENS";

/// Not a test of its own: writes until it is ended. Each commit says the same number in two tables.
#[test]
fn writer() {
    let Some(database) = std::env::var_os(DATABASE) else { return };
    let reopens = std::env::var_os(REOPENS).is_some();
    let open = || {
        let connection = Connection::open(&database).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF").unwrap();
        connection
    };
    let mut connection = open();
    for number in 1_i64.. {
        if reopens {
            connection.close().unwrap();
            connection = open();
        }
        let commit = connection.transaction().unwrap();
        let set = "UPDATE profiles SET description = ?1 WHERE rowid = 1";
        commit.execute(set, [number.to_string()]).unwrap();
        let put = "INSERT OR REPLACE INTO app_state (key, value) VALUES ('number', ?1)";
        commit.execute(put, [number.to_string()]).unwrap();
        commit.commit().unwrap();
        if number == 10 {
            println!("busy");
            std::io::stdout().flush().unwrap();
        }
    }
}

fn start(database: &Path, reopens: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["busy::writer", "--exact", "--nocapture"]).env(DATABASE, database);
    if reopens {
        command.env(REOPENS, "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("busy")));
    child
}

/// The number in the profile and in the app state.
fn numbers(workspace: &Workspace) -> (String, String) {
    let store = workspace.store();
    let reader = store.read().unwrap();
    let kept = reader.states().unwrap().into_iter().find(|(key, _)| key == "old_app_state");
    let kept = model::Json::parse(&kept.unwrap().1).unwrap();
    let state = kept.get("number").unwrap().as_text().unwrap().into_owned();
    let id = model::ProfileId::new("p_a7b6725386c3").unwrap();
    (reader.profile(&id).unwrap().unwrap().description.unwrap_or_default(), state)
}

#[track_caller]
fn check(reopens: bool) {
    let workspace = Workspace::database_of("sqlite-v2.5.0-small");
    let mut writer = start(&workspace.path.join("profiles/burndown.db"), reopens);
    let report = workspace.migrate();
    assert!(writer.try_wait().unwrap().is_none(), "the old app was disturbed");
    assert_eq!(report.totals.issues, 60);
    let (profile, state) = numbers(&workspace);
    assert_eq!(profile, state, "two moments were mixed");
    assert_eq!(findings(&report, "profiles/burndown.db", "written-later"), 1);
    assert!(report.was_written_later());
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    writer.kill().unwrap();
    writer.wait().unwrap();
    let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
    let Standing::LegacyChanged { what } = standing else { panic!("{standing:?}") };
    assert!(what.contains("profiles/burndown.db"), "{what}");
    let again = migrate::Job { again: true, ..workspace.job() };
    let report = migrate::migrate(&again, &silent).unwrap();
    assert!(!report.was_written_later());
    let (profile, state) = numbers(&workspace);
    assert_eq!(profile, state);
}

#[test]
fn an_app_that_commits_without_pause_is_no_obstacle() {
    check(false);
}

#[test]
fn nor_is_one_that_opens_the_database_for_each_commit() {
    check(true);
}

/// The same of the damaged samples: a writer is in the middle of a change that it takes back in the end.
#[test]
fn what_a_writer_has_not_committed_does_not_count() {
    let Some(workspace) = Workspace::damaged_database("locked-by-writer") else { return };
    let place = workspace.path.join("profiles/burndown.db");
    let before = std::fs::read(&place).unwrap();
    let mut holder = hold(&place, "");
    let report = workspace.migrate();
    release(&mut holder);
    assert_eq!(report.totals.issues, 113);
    let changes = report.tables.iter().filter(|table| table.table == "jira_changelog_entries");
    assert_eq!(changes.map(|table| table.taken).sum::<u64>(), 368);
    let store = workspace.store();
    let reader = store.read().unwrap();
    for profile in reader.profiles().unwrap() {
        let description = reader.profile(&profile.id).unwrap().unwrap().description;
        assert_ne!(description.as_deref(), Some("half written"));
    }
    assert_eq!(std::fs::read(&place).unwrap(), before);
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
}

#[test]
fn a_writer_that_keeps_the_database_for_itself_is_named() {
    let Some(workspace) = Workspace::damaged_database("locked-by-writer") else { return };
    let place = workspace.path.join("profiles/burndown.db");
    let before = std::fs::read(&place).unwrap();
    let mut holder = hold(&place, "PRAGMA locking_mode = EXCLUSIVE;");
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err().to_string();
    release(&mut holder);
    assert!(refused.contains("close the old app"), "{refused}");
    assert!(!workspace.database().exists() && !workspace.path.join("backups").exists());
    assert_eq!(std::fs::read(&place).unwrap(), before);
    assert_eq!(workspace.migrate().totals.issues, 113);
}

const HELD: &str = "BURNDOWN_HELD_DATABASE";
const MODE: &str = "BURNDOWN_HELD_MODE";

/// Not a test of its own: is in the middle of a change until its input ends.
#[test]
fn holder() {
    let Some(database) = std::env::var_os(HELD) else { return };
    let mode = std::env::var(MODE).unwrap();
    let connection = Connection::open(database).unwrap();
    let change = format!(
        "PRAGMA journal_mode = WAL; {mode} BEGIN IMMEDIATE;
         UPDATE profiles SET description = 'half written', last_used = '2099-01-01T00:00:00';
         DELETE FROM jira_changelog_entries",
    );
    connection.execute_batch(&change).unwrap();
    println!("busy");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
    connection.execute_batch("ROLLBACK").unwrap();
}

fn hold(database: &Path, mode: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["busy::holder", "--exact", "--nocapture"]).env(HELD, database).env(MODE, mode);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut said, mut line) = (BufReader::new(child.stdout.take().unwrap()), String::new());
    while !line.contains("busy") {
        assert!(said.read_line(&mut line).unwrap() > 0);
    }
    // What it says at its end must find somebody who listens.
    child.stdout = Some(said.into_inner());
    child
}

/// Lets the writer go, which must not have been disturbed.
#[track_caller]
fn release(holder: &mut Child) {
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success(), "its rollback was disturbed");
}
