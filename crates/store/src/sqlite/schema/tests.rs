//! Versions: fresh equals upgraded, a failing step changes nothing, newer files are refused.

use super::*;
use crate::contract::{Maintenance as _, Store};
use crate::sqlite::SqliteStore;

/// The schema as each released version wrote it.
const FIXTURES: [&str; 11] = [
    include_str!("../../../../../fixtures/schema/sqlite/v001.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v002.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v003.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v004.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v005.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v006.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v007.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v008.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v009.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v010.sql"),
    include_str!("../../../../../fixtures/schema/sqlite/v011.sql"),
];

/// What the next version could be.
const NEXT: Step = step(
    12,
    "ALTER TABLE task_progress ADD COLUMN note TEXT;
          CREATE TABLE budgets (query INTEGER PRIMARY KEY REFERENCES queries (row)) STRICT;
          UPDATE app_state SET value = value || '!'",
);
const BROKEN: Step = step(12, "DELETE FROM app_state; CREATE TABLE profiles (x)");

const LATER: Schema = Schema { steps: &with(NEXT) };
const FAILING: Schema = Schema { steps: &with(BROKEN) };

/// The steps of today and one more.
const fn with(next: Step) -> [Step; SCHEMA.steps.len() + 1] {
    let mut steps = [next; SCHEMA.steps.len() + 1];
    let (today, _) = steps.split_at_mut(SCHEMA.steps.len());
    today.copy_from_slice(SCHEMA.steps);
    steps
}

fn open(path: &Path, schema: Schema) -> Result<SqliteStore> {
    SqliteStore::open_schema(path, Options::default(), schema)
}

/// Makes a database of this version with a state in it.
fn filled(path: &Path) {
    let store = open(path, SCHEMA).unwrap();
    let store: &dyn Store = &store;
    store.transact(|writer| writer.put_state("greeting", "hello")).unwrap();
}

fn state(store: &SqliteStore) -> Option<String> {
    store.read().unwrap().state("greeting").unwrap()
}

/// Every part of the schema, white space aside, and the numbers in the header.
fn schema_of(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection
        .prepare("SELECT coalesce(sql, name) FROM sqlite_master ORDER BY type, name")
        .unwrap();
    let parts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let plain = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut schema: Vec<String> = parts.map(|sql| plain(sql.unwrap())).collect();
    for pragma in ["user_version", "application_id"] {
        let number: i64 = connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap();
        schema.push(format!("{pragma} {number}"));
    }
    schema
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_digest_is_that_of_the_newest_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("burndown.sqlite");
    filled(&path);
    let found = parts(&Connection::open(&path).unwrap()).unwrap();
    assert_eq!(digest(&found), NEWEST_SHA256);
}

#[test]
fn released_versions_become_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.sqlite");
    open(&fresh, SCHEMA).unwrap();
    for (number, fixture) in FIXTURES.into_iter().enumerate() {
        let frozen = folder.path().join(format!("v{number}.sqlite"));
        Connection::open(&frozen).unwrap().execute_batch(fixture).unwrap();
        assert_eq!(state(&open(&frozen, SCHEMA).unwrap()), None);
        assert_eq!(schema_of(&fresh), schema_of(&frozen));
    }
    let newest = folder.path().join("newest.sqlite");
    Connection::open(&newest).unwrap().execute_batch(FIXTURES[FIXTURES.len() - 1]).unwrap();
    assert_eq!(schema_of(&fresh), schema_of(&newest), "the newest fixture is of the newest step");
}

#[test]
fn a_fresh_schema_equals_an_upgraded_one() {
    let folder = tempfile::tempdir().unwrap();
    let (fresh, old) = (folder.path().join("fresh.sqlite"), folder.path().join("old.sqlite"));
    open(&fresh, LATER).unwrap();
    filled(&old);
    let upgraded = open(&old, LATER).unwrap();
    assert_eq!(state(&upgraded).as_deref(), Some("hello!"));
    drop(upgraded);
    assert_eq!(schema_of(&fresh), schema_of(&old));
    let backup = folder.path().join("old.before-v12.sqlite");
    assert_eq!(state(&open(&backup, SCHEMA).unwrap()).as_deref(), Some("hello"));
    assert_eq!(files(folder.path()), ["fresh.sqlite", "old.before-v12.sqlite", "old.sqlite"]);
}

/// Whatever of later steps a database has, whose number was put back: it ends like a new one, with all
/// that it holds. A table that is not as a step makes it is refused, and nothing is changed.
#[test]
fn a_number_that_is_behind_the_tables_is_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.sqlite");
    open(&fresh, SCHEMA).unwrap();
    for (number, (version, spoil, is_opened)) in [
        (1, "", true),
        (1, "DROP TABLE syncs;", true),
        (2, "DROP TABLE syncs;", false),
        (2, "DROP TABLE statuses; DROP TABLE deliveries;", true),
        (3, "DROP TABLE statuses;", false),
        (4, "DROP TABLE deliveries;", true),
        (6, "", true),
        (6, "DROP TABLE deliveries;", false),
        (7, "ALTER TABLE jira_cache DROP COLUMN facts;", true),
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.sqlite"));
        filled(&path);
        let back = format!("{spoil} PRAGMA user_version = {version}");
        Connection::open(&path).unwrap().execute_batch(&back).unwrap();
        let opened = open(&path, SCHEMA);
        if !is_opened {
            assert!(matches!(opened, Err(Error::UpgradeFailed { .. })), "{back}");
            continue;
        }
        let store = opened.unwrap();
        assert_eq!(state(&store).as_deref(), Some("hello"), "{back}");
        assert_eq!(store.check_integrity().unwrap(), [""; 0], "{back}");
        drop(store);
        assert_eq!(schema_of(&fresh), schema_of(&path), "{back}");
    }
    let path = folder.path().join("other.sqlite");
    filled(&path);
    let other = "DROP TABLE deliveries; CREATE TABLE deliveries (x); PRAGMA user_version = 5";
    Connection::open(&path).unwrap().execute_batch(other).unwrap();
    let before = schema_of(&path);
    assert!(matches!(open(&path, SCHEMA), Err(Error::UpgradeFailed { .. })));
    assert_eq!(schema_of(&path), before);
}

/// Steps that are taken together are taken or not: a failing one leaves the version that was there.
#[test]
fn all_steps_are_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    Connection::open(&path).unwrap().execute_batch(FIXTURES[0]).unwrap();
    let before = schema_of(&path);
    assert!(matches!(open(&path, FAILING), Err(Error::UpgradeFailed { version: 12, .. })));
    assert_eq!(schema_of(&path), before);
}

/// What is counted anew after an upgrade was compared before it.
#[test]
fn damage_is_told_by_an_upgrade_and_not_taken_over() {
    for (spoil, table) in [
        ("UPDATE app_state SET value = 'other'", "app_state"),
        ("UPDATE profiles SET name = 'other'", "profiles"),
        ("DELETE FROM app_state", "app_state"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        filled(&path);
        let store = open(&path, SCHEMA).unwrap();
        let store: &dyn Store = &store;
        store.transact(crate::sqlite::tests::put_query).unwrap();
        Connection::open(&path).unwrap().execute_batch(spoil).unwrap();
        let refused = open(&path, LATER);
        let is_told = matches!(&refused, Err(Error::Corrupt { what, .. }) if what.contains(table));
        assert!(is_told, "{spoil}: {refused:?}");
        let is_copy = |name: &String| name.contains("before");
        assert!(!files(folder.path()).iter().any(is_copy), "no copy of damage is made");
    }
}

#[test]
fn what_is_not_of_this_program_is_refused() {
    let spoil = [
        "CREATE TRIGGER spy AFTER UPDATE ON profiles BEGIN DELETE FROM queries; END",
        "CREATE VIEW other AS SELECT 1",
        "CREATE TABLE other (x)",
        "PRAGMA foreign_keys = OFF; DROP TABLE statuses",
        "DROP INDEX syncs_of_query",
        "DROP TABLE deletions; CREATE TABLE deletions (x)",
    ];
    for sql in spoil {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        filled(&path);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let refused = open(&path, SCHEMA);
        assert!(matches!(refused, Err(Error::Corrupt { .. })), "{sql}: {refused:?}");
    }
}

#[test]
fn a_failing_step_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    filled(&path);
    for number in ["", "-2"] {
        let backup = folder.path().join(format!("x.before-v12{number}.sqlite"));
        match open(&path, FAILING) {
            Err(Error::UpgradeFailed { version: 12, backup: told, .. }) => {
                assert_eq!(told.file_name(), backup.file_name());
            }
            other => panic!("{other:?}"),
        }
        assert!(backup.exists());
    }
    let store = open(&path, SCHEMA).unwrap();
    assert_eq!(state(&store).as_deref(), Some("hello"));
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    drop(open(&path, LATER).unwrap());
    let before = std::fs::read(&path).unwrap();
    let refused = open(&path, SCHEMA);
    assert!(matches!(refused, Err(Error::TooNew { found: 12, supported: 11, .. })), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(files(folder.path()), ["x.sqlite"]);
}

#[test]
fn an_upgrade_that_another_process_has_in_its_log_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    filled(&path);
    // The upgraded header stands in the log only, while this one is open.
    let upgraded = open(&path, LATER).unwrap();
    let refused = open(&path, SCHEMA);
    assert!(matches!(refused, Err(Error::TooNew { found: 12, .. })), "{refused:?}");
    drop(upgraded);
}

/// Whoever comes while another process upgrades waits for it, however short its patience is otherwise.
#[test]
fn an_upgrade_by_another_process_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.sqlite");
    filled(&path);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; CREATE TEMP TABLE work (x)").unwrap();
    let hasty = Options { busy_timeout_ms: 1, busy_retries: 0 };
    std::thread::scope(|scope| {
        let opened = scope.spawn(|| SqliteStore::open_schema(&path, hasty, LATER).map(drop));
        // Some tenths of a second, many times the patience.
        let numbers =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)";
        other
            .execute_batch(&format!("{numbers} INSERT INTO work SELECT i FROM n; COMMIT"))
            .unwrap();
        opened.join().unwrap().unwrap();
    });
}
