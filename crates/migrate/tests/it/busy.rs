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
