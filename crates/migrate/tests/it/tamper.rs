//! `verify` names a change to any value of the database, and tells later work from damage.

use model::{QueryKey, Timestamp};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::workspace::{Workspace, issues, only_query, silent};

/// Columns that hold nothing of the user's: for what a dictionary is used next and how many samples
/// trained it, and the place of a row, of which only the order counts (tested below).
const BOOKKEEPING: [(&str, &str); 4] = [
    ("dictionaries", "noun"),
    ("dictionaries", "samples"),
    ("jira_cache", "position"),
    ("jira_changelog_cache", "position"),
];

fn altered(value: &Value) -> Value {
    match value {
        Value::Null => Value::Text("1".to_owned()),
        Value::Integer(number) => Value::Integer(number + 1),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            match bytes.last_mut() {
                Some(last) => *last ^= 1,
                None => bytes.push(1),
            }
            Value::Blob(bytes)
        }
    }
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            (0..width).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()
        })
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn text(value: &Value) -> String {
    if let Value::Text(text) = value { text.clone() } else { panic!("{value:?}") }
}

#[test]
fn one_value_altered_in_any_column_is_named() {
    let workspace = Workspace::small();
    workspace.migrate();
    let pristine = std::fs::read(workspace.database()).unwrap();
    let (mut tried, mut unnoticed) = (0, Vec::new());
    let tables = {
        let connection = Connection::open(workspace.database()).unwrap();
        rows(
            &connection,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        )
    };
    // What is counted is renewed after each change.
    for table in tables.iter().map(|row| text(&row[0])).filter(|table| table != "checks") {
        let columns = {
            let connection = Connection::open(workspace.database()).unwrap();
            rows(&connection, &format!("SELECT name, pk FROM pragma_table_info('{table}')"))
        };
        let keys: Vec<String> =
            columns.iter().filter(|c| c[1] != Value::Integer(0)).map(|c| text(&c[0])).collect();
        for column in columns.iter().map(|column| text(&column[0])) {
            if BOOKKEEPING.contains(&(table.as_str(), column.as_str())) {
                continue;
            }
            if !alter(&workspace, &table, &column, &keys) {
                continue;
            }
            tried += 1;
            let is_named = match migrate::verify(&workspace.path, &silent) {
                Ok(found) => found.unexplained_count > 0,
                Err(_) => true,
            };
            if !is_named {
                unnoticed.push(format!("{table}.{column}"));
            }
            for suffix in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{suffix}", workspace.database().display()));
            }
            std::fs::write(workspace.database(), &pristine).unwrap();
        }
    }
    assert!(tried > 90, "{tried}");
    assert_eq!(unnoticed, Vec::<String>::new());
    assert_eq!(workspace.verify().unexplained_count, 0);
}

/// Alters the column in one row, preferring one that has a value; false if the table is empty or
/// its constraints refuse.
fn alter(workspace: &Workspace, table: &str, column: &str, keys: &[String]) -> bool {
    let connection = Connection::open(workspace.database()).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE").unwrap();
    let key_list = keys.join(", ");
    let found = rows(
        &connection,
        &format!(
            "SELECT {column}, {key_list} FROM {table} ORDER BY {column} IS NULL, {key_list} DESC LIMIT 1"
        ),
    );
    let Some(row) = found.into_iter().next() else { return false };
    let condition: Vec<String> = keys.iter().map(|key| format!("{key} = ?")).collect();
    let sql = format!("UPDATE {table} SET {column} = ? WHERE {}", condition.join(" AND "));
    // A column without a value takes whatever its type allows.
    let null_instead = [Value::Integer(1), Value::Blob(vec![0, b'1'])];
    let candidates = match &row[0] {
        Value::Null => [vec![altered(&row[0])], null_instead.to_vec()].concat(),
        value => vec![altered(value)],
    };
    let is_altered = candidates.into_iter().any(|value| {
        let values = std::iter::once(value).chain(row[1..].iter().cloned());
        connection
            .execute(&sql, rusqlite::params_from_iter(values))
            .is_ok_and(|changed| changed == 1)
    });
    drop(connection);
    // Else the store itself would refuse what was altered, before anything is compared.
    let _ = store::renew_checks(&workspace.database());
    is_altered
}

#[test]
fn another_order_of_rows_is_named() {
    for table in ["jira_cache", "jira_changelog_cache"] {
        let workspace = Workspace::small();
        workspace.migrate();
        let connection = Connection::open(workspace.database()).unwrap();
        let last = format!("(SELECT max(position) FROM {table})");
        let sql =
            format!("UPDATE {table} SET position = position - 1000000 WHERE position = {last}");
        assert_eq!(connection.execute(&sql, []).unwrap(), 1);
        drop(connection);
        store::renew_checks(&workspace.database()).unwrap();
        let found = workspace.verify();
        assert!(found.unexplained.iter().any(|line| line.contains("another order")), "{found:?}");
    }
}

#[test]
fn a_row_removed_behind_the_programs_back_is_named() {
    for (table, want) in [
        ("jira_cache", "is missing"),
        ("jira_changelog_cache", "is missing"),
        ("metrics_snapshots", "is missing"),
        ("project_data", "differs"),
        ("queries", "is missing"),
    ] {
        let workspace = Workspace::small();
        workspace.migrate();
        let connection = Connection::open(workspace.database()).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let key = if table == "queries" { "row" } else { "query" };
        connection.execute(&format!("DELETE FROM {table} WHERE {key} = 1"), []).unwrap();
        drop(connection);
        store::renew_checks(&workspace.database()).unwrap();
        let found = workspace.verify();
        assert!(found.unexplained.iter().any(|line| line.contains(want)), "{table}: {found:?}");
    }
}

#[test]
fn a_row_of_no_file_is_named() {
    let workspace = Workspace::small();
    workspace.migrate();
    let connection = Connection::open(workspace.database()).unwrap();
    let sql = "INSERT INTO metrics_snapshots (query, week, metric_type, metrics, forecast, revision)
        SELECT query, week + 500, metric_type, metrics, forecast, revision FROM metrics_snapshots LIMIT 1";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    drop(connection);
    store::renew_checks(&workspace.database()).unwrap();
    let found = workspace.verify();
    assert_eq!(found.unexplained.len(), 1, "{found:?}");
}

#[test]
fn later_work_is_counted_and_not_called_damage() {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let (query, all) = {
        let reader = store.read().unwrap();
        let query = only_query(&*reader);
        let all = issues(&*reader, &query.key);
        (query, all)
    };
    let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    store
        .transact(|writer| {
            writer.touch_profile(&query.key.profile, now)?;
            let mut changed = all[3].clone();
            changed.document =
                model::Document::from_stored(r#"{"key":"x","fields":{}}"#.to_owned());
            writer.put_issues(&query.key, &[changed])?;
            writer.remove_project_data(&query.key)?;
            let week = model::Week::parse("2025-W30").unwrap();
            writer.remove_snapshots(&query.key, week..=week)?;
            let other =
                QueryKey::new(query.key.profile.clone(), model::QueryId::new("new").unwrap());
            writer.put_query(&model::Query { key: other, ..query.clone() })
        })
        .unwrap();
    drop(store);
    let found = workspace.verify();
    assert_eq!(found.unexplained, Vec::<String>::new());
    assert!(found.changed_since >= 13, "{found:?}");
}

#[test]
fn a_replaced_or_removed_query_is_changed_since() {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let query = only_query(&*store.read().unwrap());
    let header = model::CacheHeader::default();
    store
        .transact(|writer| writer.replace_issues(&query.key, &header, &mut std::iter::empty()))
        .unwrap();
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    store.transact(|writer| writer.remove_profile(&query.key.profile)).unwrap();
    drop(store);
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
}

#[test]
fn a_damaged_or_missing_backup_is_said() {
    let workspace = Workspace::small();
    let report = workspace.migrate();
    let backup = workspace.path.join(&report.backup);
    std::fs::write(backup.join("profiles/profiles.json"), "{}").unwrap();
    let error = migrate::verify(&workspace.path, &silent).unwrap_err().to_string();
    assert!(error.contains("profiles/profiles.json was changed"), "{error}");
    std::fs::remove_dir_all(&backup).unwrap();
    let error = migrate::verify(&workspace.path, &silent).unwrap_err().to_string();
    assert!(error.contains("cannot be used"), "{error}");
}
