//! Databases that are whole, damaged, locked, of others or not there.

use std::path::{Path, PathBuf};

use model::Json;
use rusqlite::Connection;

use super::*;

const TABLES: &str = "
    CREATE TABLE profiles (id TEXT PRIMARY KEY, jira_config TEXT, field_mappings TEXT);
    CREATE TABLE queries (id TEXT, profile_id TEXT, jql TEXT, PRIMARY KEY (profile_id, id));
    CREATE TABLE app_state (key TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE jira_issues (id INTEGER PRIMARY KEY AUTOINCREMENT, profile_id TEXT, query_id TEXT,
        issue_key TEXT, custom_fields TEXT, points REAL);
    CREATE INDEX by_query ON jira_issues (profile_id, query_id);";

fn database(folder: &Path, rows: &str) -> PathBuf {
    let place = folder.join("burndown.db");
    let connection = Connection::open(&place).unwrap();
    connection.execute_batch(&format!("{TABLES} {rows}")).unwrap();
    place
}

#[track_caller]
fn ready(place: &Path) -> OldDatabase {
    match OldDatabase::open(place, &std::env::temp_dir()).unwrap() {
        Ok(database) => database,
        Err(why) => panic!("{why}"),
    }
}

#[track_caller]
fn unusable(place: &Path) -> Unusable {
    match OldDatabase::open(place, &std::env::temp_dir()).unwrap() {
        Ok(_) => panic!("it can be read"),
        Err(why) => why,
    }
}

fn issues(database: &OldDatabase) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    database
        .each_row("jira_issues", None, Order::Inserted, &mut |row| {
            found.push((row.rowid, Json::Object(row.cells).to_compact()));
            Ok::<(), Error>(())
        })
        .unwrap();
    found
}

#[test]
fn cells_are_read_by_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let place = database(
        folder.path(),
        "INSERT INTO jira_issues VALUES (3, 'p', 'q', 'A-1', CAST(x'5AFC' AS TEXT), 'five'), (7, 'p', 'q', x'00ff', NULL, 5);",
    );
    let database = ready(&place);
    let mut odd = Vec::new();
    database
        .each_row("jira_issues", Some(("p", "q")), Order::Inserted, &mut |row| {
            odd.extend(row.odd.into_iter().map(|cell| (row.rowid, cell.column, cell.text)));
            Ok::<(), Error>(())
        })
        .unwrap();
    let cell = |rowid, column: &str, text: &str| (rowid, column.to_owned(), text.to_owned());
    assert_eq!(odd, [cell(3, "custom_fields", "Zü"), cell(7, "issue_key", "2 bytes: 00ff")]);
    let rows = issues(&database);
    assert_eq!(
        rows[0].1,
        r#"{"id":3,"profile_id":"p","query_id":"q","issue_key":"A-1","custom_fields":"Zü","points":"five"}"#
    );
    assert!(rows[1].1.ends_with(r#""issue_key":null,"custom_fields":null,"points":5.0}"#));
    let table = database.table("jira_issues").unwrap();
    assert_eq!((table.rows, table.groups[0].rows), (2, 2));
}

#[test]
fn the_folder_stays_as_it_is_and_the_log_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = database(folder.path(), "PRAGMA journal_mode = WAL;");
    let writer = Connection::open(&place).unwrap();
    writer.execute_batch("INSERT INTO app_state VALUES ('a', 'b')").unwrap();
    let listing = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.file_name(), std::fs::read(entry.path()).unwrap())
            })
            .collect();
        names.sort();
        names
    };
    // What is written and not committed does not count.
    writer.execute_batch("BEGIN IMMEDIATE; INSERT INTO app_state VALUES ('c', 'd')").unwrap();
    let before = listing();
    assert_eq!(before.len(), 3);
    let database = ready(&place);
    assert_eq!((database.log, database.table("app_state").unwrap().rows), (Log::Taken, 1));
    drop(database);
    assert_eq!(listing(), before);
    writer.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_log_of_another_file_is_left_out() {
    const ROWS: &str = "PRAGMA journal_mode = WAL;
        INSERT INTO jira_issues (profile_id, query_id, issue_key, custom_fields)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        SELECT 'p' || (i % 7), 'q', 'A-' || i, hex(randomblob(400)) FROM n;";
    let folder = tempfile::tempdir().unwrap();
    let place = database(folder.path(), ROWS);
    std::fs::create_dir(folder.path().join("other")).unwrap();
    let other = database(&folder.path().join("other"), ROWS);
    let writer = Connection::open(&other).unwrap();
    // The same content on other pages.
    writer.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    writer.execute_batch("UPDATE jira_issues SET profile_id = 'x' || profile_id").unwrap();
    std::fs::copy(copy::beside(&other, "-wal"), copy::beside(&place, "-wal")).unwrap();
    let database = ready(&place);
    assert_eq!((database.log, database.is_damaged()), (Log::LeftOut, false));
    assert_eq!(database.table("jira_issues").unwrap().groups[0].profile, "p1");
}

/// As a crash leaves it: half of a change is in the database, what was there before in its journal.
#[test]
fn a_change_that_broke_off_is_taken_back() {
    const ROWS: &str = "INSERT INTO jira_issues (profile_id, query_id, issue_key, custom_fields)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        SELECT 'p', 'q', 'A-' || i, hex(randomblob(400)) FROM n;";
    let folder = tempfile::tempdir().unwrap();
    let place = database(folder.path(), ROWS);
    let before = issues(&ready(&place));
    let writer = Connection::open(&place).unwrap();
    // A cache that is too small for the change: pages reach the file before its end.
    writer.execute_batch("PRAGMA cache_size = 2; BEGIN").unwrap();
    writer.execute_batch("UPDATE jira_issues SET issue_key = 'half', points = 1").unwrap();
    let crashed = folder.path().join("crashed.db");
    for suffix in ["", "-journal"] {
        std::fs::copy(copy::beside(&place, suffix), copy::beside(&crashed, suffix)).unwrap();
    }
    drop(writer);
    let found = ready(&crashed);
    assert_eq!((found.log, issues(&found) == before), (Log::Taken, true));
    assert_eq!(found.moment.files().count(), 2);
    // One that was done with, as some programs leave it, is none.
    std::fs::write(copy::beside(&place, "-journal"), [0; 4096]).unwrap();
    let found = ready(&place);
    assert_eq!((found.log, issues(&found) == before), (Log::None, true));
}

#[test]
fn what_is_no_database_of_the_old_app_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("burndown.db");
    assert_eq!(unusable(&place), Unusable::OnlyLog);
    std::fs::write(&place, b"").unwrap();
    assert_eq!(unusable(&place), Unusable::Empty);
    std::fs::write(&place, b"hello").unwrap();
    assert!(matches!(unusable(&place), Unusable::Foreign(_)));
    std::fs::write(&place, b"").unwrap();
    Connection::open(&place).unwrap().execute_batch("CREATE TABLE queries (a)").unwrap();
    let Unusable::Foreign(lacking) = unusable(&place) else { panic!() };
    assert_eq!(lacking, "profiles, queries, app_state, jira_issues");
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.resize(4096, 7);
    std::fs::write(&place, &bytes).unwrap();
    assert_eq!(unusable(&place), Unusable::Unreadable);
}

#[test]
fn every_page_that_is_left_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = database(
        folder.path(),
        "INSERT INTO jira_issues (profile_id, query_id, issue_key, custom_fields)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
         SELECT 'p', 'q', 'A-' || i, hex(randomblob(400)) FROM n;",
    );
    let mut bytes = std::fs::read(&place).unwrap();
    // A page in the middle of the table is lost: one with issues on it, by its first byte.
    let pages: Vec<usize> =
        (0..bytes.len() / 4096).filter(|page| bytes[page * 4096] == 13).collect();
    let middle = pages[pages.len() / 2] * 4096;
    bytes[middle..middle + 4096].fill(0);
    std::fs::write(&place, &bytes).unwrap();
    let database = ready(&place);
    let table = database.table("jira_issues").unwrap();
    assert!(table.is_cut && database.is_damaged());
    assert!((385..400).contains(&table.rows), "{}", table.rows);
    let rows = issues(&database);
    assert_eq!(rows.last().unwrap().0, 400);
    // The end of the file is lost.
    bytes.truncate(bytes.len() / 2 / 4096 * 4096);
    std::fs::write(&place, &bytes).unwrap();
    let database = ready(&place);
    assert!((50..385).contains(&database.table("jira_issues").unwrap().rows));
}

/// Not a test of its own: keeps a database for itself in the child process.
#[test]
fn holder() {
    let Some(place) = std::env::var_os("BURNDOWN_HELD_DATABASE") else { return };
    let connection = Connection::open(place).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;
             INSERT INTO app_state VALUES ('half', 'written')",
        )
        .unwrap();
    println!("held");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    connection.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_database_that_another_process_keeps_for_itself_is_not_copied() {
    use std::io::BufRead as _;
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let place = database(folder.path(), "");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["legacy::sqlite::tests::holder", "--exact", "--nocapture"])
        .env("BURNDOWN_HELD_DATABASE", &place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("held")));
    let target = folder.path().join("copy.db");
    assert_eq!(copy::copy_settled(&place, &target, 2).unwrap(), Err(Unusable::Busy));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "its rollback was disturbed");
    assert!(copy::copy_settled(&place, &target, 2).unwrap().is_ok());
}
