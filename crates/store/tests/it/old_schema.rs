//! A database as an older version wrote it, with what a present one holds.

use std::path::Path;

use rusqlite::Connection;

/// Makes the database `old` by the statements of a fixture, and fills it with what `present` has in the
/// same tables and columns.
pub fn make(present: &Path, old: &Path, fixture: &str) {
    let db = Connection::open(old).unwrap();
    db.execute_batch(fixture).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    db.execute("ATTACH ? AS present", [present.to_str().unwrap()]).unwrap();
    let tables =
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
        AND name IN (SELECT name FROM present.sqlite_schema)";
    for table in names(&db, tables) {
        let columns = format!(
            "SELECT name FROM pragma_table_info('{table}', 'main')
             INTERSECT SELECT name FROM pragma_table_info('{table}', 'present')"
        );
        let columns = names(&db, &columns).join(", ");
        // What has to be said and is derived now.
        let derived = format!(
            "SELECT ', ' || name FROM pragma_table_info('{table}', 'main')
             WHERE \"notnull\" AND dflt_value IS NULL AND pk = 0 AND name NOT IN
                 (SELECT name FROM pragma_table_info('{table}', 'present'))"
        );
        let derived = names(&db, &derived);
        let (names, zeros) = (derived.concat(), ", 0".repeat(derived.len()));
        let copy = format!(
            "DELETE FROM main.{table};
             INSERT INTO main.{table} ({columns}{names}) SELECT {columns}{zeros} FROM present.{table}"
        );
        db.execute_batch(&copy).unwrap();
    }
    db.execute_batch("DETACH present").unwrap();
}

fn names(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
