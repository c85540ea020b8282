//! Databases of the old app that other tools, hands or disks changed: everything that can be read arrives,
//! every row is accounted for, the source stays as it is; or it is refused and nothing is left.

use std::path::Path;

use rusqlite::Connection;

use super::old_database::files;
use super::workspace::{Workspace, findings, silent};

const TABLES: [&str; 10] = [
    "profiles",
    "queries",
    "app_state",
    "jira_issues",
    "jira_changelog_entries",
    "project_statistics",
    "project_scope",
    "metrics_data_points",
    "budget_settings",
    "budget_revisions",
];

/// A name and what is done to the sample.
type Variant<'v> = (&'v str, &'v dyn Fn(&Workspace));

fn open(workspace: &Workspace) -> Connection {
    Connection::open(workspace.path.join("profiles/burndown.db")).unwrap()
}

fn fresh() -> Workspace {
    Workspace::database_of("sqlite-v2.15.3-fresh")
}

/// Makes every table anew without keys, types and constraints, as a dump by some tools does.
fn without_constraints(workspace: &Workspace) -> Connection {
    let connection = open(workspace);
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for table in TABLES {
        let sql = format!(
            "CREATE TABLE plain AS SELECT * FROM {table}; DROP TABLE {table};
             ALTER TABLE plain RENAME TO {table}"
        );
        connection.execute_batch(&sql).unwrap();
    }
    connection
}

/// What is wrong with how a workspace is migrated; `None` if nothing is.
fn fault(workspace: &Workspace) -> Option<String> {
    let before = files(&workspace.path);
    let is_untouched = || {
        let now = files(&workspace.path);
        before.iter().all(|(path, bytes)| now.get(path) == Some(bytes))
    };
    let planned = match migrate::dry_run(&workspace.job(), &silent) {
        Ok(planned) => planned,
        Err(error) => return Some(format!("dry run: {error}")),
    };
    if files(&workspace.path) != before {
        return Some("a dry run changed a file".to_owned());
    }
    let report = match migrate::migrate(&workspace.job(), &silent) {
        Ok(report) => report,
        Err(error) => return Some(error.to_string()),
    };
    if !is_untouched() {
        return Some("a file of the old app changed".to_owned());
    }
    if planned.tables != report.tables || planned.finding_count() != report.finding_count() {
        return Some("the plan said something else".to_owned());
    }
    for table in &report.tables {
        if table.rows != table.taken + table.merged + table.kept_aside {
            return Some(format!("{}: {} rows are not accounted for", table.table, table.rows));
        }
    }
    match migrate::verify(&workspace.path, &silent) {
        Ok(found) if found.unexplained_count == 0 => None,
        Ok(found) => Some(format!("{:?}", found.unexplained.first())),
        Err(error) => Some(format!("verify: {error}")),
    }
}

#[track_caller]
fn check(variants: &[Variant<'_>]) {
    let faults: Vec<String> = variants
        .iter()
        .filter_map(|(name, change)| {
            let workspace = fresh();
            change(&workspace);
            fault(&workspace).map(|fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Values that no column promises, each in every column of every table.
#[test]
fn any_value_in_any_column_costs_itself_at_most() {
    let values = [
        "NULL",
        "''",
        "42",
        "-1",
        "1.5e308",
        "9e999",
        "x'00ff'",
        "'not what it should be'",
        "CAST(x'c328' AS TEXT)",
        "'[1,{\"a\":null}]'",
        "'{}'",
        "'a' || char(0) || 'b'",
        "hex(zeroblob(200000))",
    ];
    let change = |value: &str, workspace: &Workspace| {
        let connection = without_constraints(workspace);
        for table in TABLES {
            let select = format!("SELECT * FROM {table} LIMIT 0");
            let columns: Vec<String> =
                connection.prepare(&select).unwrap().column_names().map(str::to_owned).collect();
            for (place, column) in columns.iter().enumerate() {
                let sql = format!(
                    "UPDATE {table} SET {column} = {value}
                     WHERE rowid = 1 + {place} % (SELECT count(*) FROM {table})"
                );
                connection.execute_batch(&sql).unwrap();
            }
        }
    };
    let changes: Vec<_> =
        values.map(|value| move |workspace: &Workspace| change(value, workspace)).into();
    let variants: Vec<Variant<'_>> =
        values.iter().zip(&changes).map(|(name, change)| (*name, change as _)).collect();
    check(&variants);
}

fn sql(batch: &'static str) -> impl Fn(&Workspace) {
    move |workspace| open(workspace).execute_batch(batch).unwrap()
}

fn plain_sql(batch: &'static str) -> impl Fn(&Workspace) {
    move |workspace| without_constraints(workspace).execute_batch(batch).unwrap()
}

#[test]
fn a_schema_that_others_changed_is_read_by_its_names() {
    check(&[
        ("numbers of the header", &sql("PRAGMA user_version = 7; PRAGMA application_id = 99")),
        ("a later schema", &sql("UPDATE app_state SET value = '2.0' WHERE key = 'schema_version'")),
        (
            "triggers and views",
            &sql("CREATE VIEW deliveries AS SELECT * FROM profiles;
                  CREATE VIEW jira_cache AS SELECT * FROM queries;
                  CREATE TRIGGER t AFTER INSERT ON queries BEGIN DELETE FROM profiles; END;
                  CREATE TABLE workspace (revision); INSERT INTO workspace VALUES (1)"),
        ),
        (
            "a view in place of a table",
            &sql("PRAGMA foreign_keys = OFF; ALTER TABLE project_scope RENAME TO scopes;
                  CREATE VIEW project_scope AS SELECT * FROM scopes"),
        ),
        ("more columns", &sql("ALTER TABLE jira_issues ADD COLUMN row TEXT;
                  ALTER TABLE jira_issues ADD COLUMN fields TEXT DEFAULT '{}';
                  ALTER TABLE queries ADD COLUMN description TEXT DEFAULT 'd';
                  ALTER TABLE profiles ADD COLUMN queries TEXT DEFAULT '[1]'")),
        ("a column named like the number of a row", &plain_sql(
                "CREATE TABLE x AS SELECT *, 'x' AS rowid FROM jira_issues; DROP TABLE jira_issues;
                 ALTER TABLE x RENAME TO jira_issues",
            )),
        (
            "tables without numbers of rows",
            &sql("PRAGMA foreign_keys = OFF;
                  CREATE TABLE other (profile_id, query_id, scope_data, updated_at, PRIMARY KEY (profile_id, query_id)) WITHOUT ROWID;
                  INSERT INTO other SELECT profile_id, query_id, scope_data, updated_at FROM project_scope;
                  DROP TABLE project_scope; ALTER TABLE other RENAME TO project_scope;
                  CREATE TABLE mine (a PRIMARY KEY) WITHOUT ROWID; INSERT INTO mine VALUES (1), (2)"),
        ),
        ("fewer columns", &plain_sql("ALTER TABLE jira_issues DROP COLUMN issue_type; ALTER TABLE jira_issues DROP COLUMN fetched_at;
                  ALTER TABLE profiles DROP COLUMN name; ALTER TABLE queries DROP COLUMN jql;
                  ALTER TABLE jira_changelog_entries DROP COLUMN change_date;
                  ALTER TABLE project_statistics DROP COLUMN stat_date;
                  ALTER TABLE metrics_data_points DROP COLUMN metric_name")),
        ("no ids of owners", &plain_sql("ALTER TABLE jira_issues DROP COLUMN query_id;
                  ALTER TABLE project_statistics DROP COLUMN profile_id")),
        ("names in capitals", &plain_sql("ALTER TABLE jira_issues RENAME TO x; ALTER TABLE x RENAME TO JIRA_ISSUES;
                  ALTER TABLE queries RENAME COLUMN jql TO JQL; ALTER TABLE jira_changelog_entries RENAME COLUMN issue_key TO Issue_Key")),
        ("a table of words to search in", &sql("CREATE VIRTUAL TABLE search USING fts5(a); INSERT INTO search VALUES ('x')")),
        ("generated and strict", &sql("CREATE TABLE g (a INT, b INT GENERATED ALWAYS AS (a + 1)) STRICT; INSERT INTO g (a) VALUES (1)")),
        ("a hostile name of a table", &sql("CREATE TABLE \"a\"\"b'; DROP TABLE profiles; --\" (x); INSERT INTO \"a\"\"b'; DROP TABLE profiles; --\" VALUES (1)")),
    ]);
}

#[test]
fn rows_that_nothing_holds_together_are_accounted_for() {
    check(&[
        ("no profiles", &plain_sql("DELETE FROM profiles")),
        ("no queries", &plain_sql("DELETE FROM queries")),
        ("neither", &plain_sql("DELETE FROM profiles; DELETE FROM queries; DELETE FROM app_state")),
        ("nothing but profiles", &plain_sql("DELETE FROM queries; DELETE FROM jira_issues; DELETE FROM jira_changelog_entries;
                  DELETE FROM project_statistics; DELETE FROM project_scope; DELETE FROM metrics_data_points")),
        ("histories without issues", &plain_sql("DELETE FROM jira_issues")),
        (
            "everything twice",
            &plain_sql("INSERT INTO profiles SELECT * FROM profiles; INSERT INTO queries SELECT * FROM queries;
                  INSERT INTO app_state SELECT * FROM app_state; INSERT INTO jira_issues SELECT * FROM jira_issues;
                  INSERT INTO jira_changelog_entries SELECT * FROM jira_changelog_entries;
                  INSERT INTO project_statistics SELECT * FROM project_statistics;
                  INSERT INTO project_scope SELECT * FROM project_scope;
                  INSERT INTO metrics_data_points SELECT * FROM metrics_data_points;
                  INSERT INTO budget_settings SELECT * FROM budget_settings;
                  INSERT INTO budget_revisions SELECT * FROM budget_revisions"),
        ),
        (
            "odd ids",
            &plain_sql("UPDATE profiles SET id = '../x' WHERE rowid = 1; UPDATE queries SET id = '' WHERE rowid = 1;
                  UPDATE queries SET id = ' ' WHERE rowid = 2; UPDATE queries SET id = 'con' WHERE rowid = 3;
                  UPDATE queries SET id = hex(zeroblob(300)) WHERE rowid = 4;
                  UPDATE jira_issues SET query_id = char(10) WHERE rowid % 9 = 0;
                  UPDATE jira_issues SET query_id = 'a' || char(0) WHERE rowid % 9 = 1;
                  UPDATE project_statistics SET query_id = '🚀' WHERE rowid = 1;
                  UPDATE metrics_data_points SET profile_id = upper(profile_id) WHERE rowid % 2 = 0"),
        ),
        ("names that are one", &plain_sql("UPDATE profiles SET name = char(27) || '[2J' || hex(zeroblob(9000));
                  INSERT INTO profiles SELECT 'other', upper(name), description, created_at, last_used, jira_config, field_mappings,
                      forecast_settings, project_classification, flow_type_mappings, show_milestone, show_points FROM profiles")),
        ("changes of one moment", &plain_sql("UPDATE jira_changelog_entries SET change_date = '2025-06-02T11:33:59.000+0000', issue_key = (SELECT issue_key FROM jira_issues LIMIT 1)")),
        ("times beyond time", &plain_sql("UPDATE jira_issues SET created = '99999-01-01', resolved = '-0001-01-01T00:00:00Z', updated = '0';
                  UPDATE project_statistics SET stat_date = '2026-02-30', recorded_at = 'x';
                  UPDATE jira_changelog_entries SET change_date = 'yesterday'")),
        ("weeks that are none", &plain_sql("UPDATE metrics_data_points SET snapshot_date = '2026-W99' WHERE rowid % 3 = 0;
                  UPDATE metrics_data_points SET snapshot_date = '9999999-W01' WHERE rowid % 3 = 1;
                  UPDATE metrics_data_points SET snapshot_date = '' WHERE rowid % 3 = 2")),
        ("JSON at its limits", &plain_sql("UPDATE jira_issues SET custom_fields = replace(hex(zeroblob(50000)), '00', '[') WHERE rowid = 1;
                  UPDATE jira_issues SET custom_fields = '{\"customfield_1\":' || replace(hex(zeroblob(900)), '00', '[') || replace(hex(zeroblob(900)), '00', ']') || '}' WHERE rowid = 6;
                  UPDATE jira_issues SET custom_fields = '{\"a\":NaN,\"a\":1e400,\"b\":\"\\ud800\",\"c\":-Infinity}' WHERE rowid = 2;
                  UPDATE jira_issues SET labels = '\"one\"', fix_versions = '{}', components = '[1,null]' WHERE rowid = 3;
                  UPDATE jira_issues SET custom_fields = '{\"summary\":\"taken?\",\"status\":{\"name\":\"No\"}}' WHERE rowid = 4;
                  UPDATE project_scope SET scope_data = '[]'; UPDATE profiles SET jira_config = '[]', field_mappings = '{\"general\":[]}', flow_type_mappings = 'null'")),
        ("very long cells", &plain_sql("UPDATE jira_issues SET summary = hex(zeroblob(6000000)) WHERE rowid = 1;
                  UPDATE jira_issues SET custom_fields = '{\"customfield_1\":\"' || hex(zeroblob(6000000)) || '\"}' WHERE rowid = 2;
                  INSERT INTO app_state (key, value) VALUES (hex(zeroblob(40000)), hex(zeroblob(400000)))")),
        ("many states", &plain_sql("INSERT INTO app_state WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT 'k' || i, i FROM n")),
        ("an old budget", &plain_sql("ALTER TABLE budget_settings DROP COLUMN query_id; ALTER TABLE budget_revisions DROP COLUMN query_id;
                  ALTER TABLE budget_settings DROP COLUMN baseline_velocity_items; ALTER TABLE budget_settings DROP COLUMN updated_at")),
    ]);
}

fn rewritten(settings: &'static str) -> impl Fn(&Workspace) {
    move |workspace| {
        let place = workspace.path.join("profiles/burndown.db");
        let connection = open(workspace);
        connection.execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        connection.execute_batch(settings).unwrap();
        connection.execute_batch("VACUUM").unwrap();
        drop(connection);
        assert!(place.exists());
    }
}

/// Writes a log with changes beside the database and damages it.
fn with_log(damage: impl Fn(&Path)) -> impl Fn(&Workspace) {
    move |workspace| {
        let place = workspace.path.join("profiles/burndown.db");
        let log = workspace.path.join("profiles/burndown.db-wal");
        let kept = workspace.path.join("kept-log");
        let connection = open(workspace);
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
                 UPDATE jira_issues SET summary = 'of the log'; UPDATE profiles SET description = 'of the log'",
            )
            .unwrap();
        let main = std::fs::read(&place).unwrap();
        std::fs::copy(&log, &kept).unwrap();
        drop(connection);
        std::fs::write(&place, main).unwrap();
        std::fs::rename(&kept, &log).unwrap();
        damage(&log);
    }
}

#[test]
fn any_form_of_the_file_and_any_log_beside_it() {
    let edit = |change: fn(&mut Vec<u8>)| {
        move |log: &Path| {
            let mut bytes = std::fs::read(log).unwrap();
            change(&mut bytes);
            std::fs::write(log, bytes).unwrap();
        }
    };
    check(&[
        ("small pages", &rewritten("PRAGMA page_size = 512")),
        ("large pages", &rewritten("PRAGMA page_size = 65536")),
        ("vacuumed", &rewritten("PRAGMA auto_vacuum = FULL")),
        ("a whole log", &with_log(|_| ())),
        ("a torn log", &with_log(edit(|bytes| bytes.truncate(bytes.len() - 5000)))),
        ("the head of a log", &with_log(edit(|bytes| bytes.truncate(32)))),
        ("half a head", &with_log(edit(|bytes| bytes.truncate(17)))),
        ("an empty log", &with_log(edit(Vec::clear))),
        (
            "a log of noise",
            &with_log(edit(|bytes| bytes.iter_mut().for_each(|byte| *byte ^= 0x5a))),
        ),
        (
            "a flipped bit in a log",
            &with_log(edit(|bytes| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            })),
        ),
        ("a folder in place of the log", &|workspace: &Workspace| {
            workspace.write("profiles/burndown.db-wal/x", b"x");
        }),
        ("an index of noise", &|workspace: &Workspace| {
            workspace.write("profiles/burndown.db-shm", &[7; 40_000]);
        }),
        ("a journal of noise", &|workspace: &Workspace| {
            workspace.write("profiles/burndown.db-journal", &[7; 40_000]);
        }),
        ("bytes after the end", &|workspace: &Workspace| {
            let place = workspace.path.join("profiles/burndown.db");
            let mut bytes = std::fs::read(&place).unwrap();
            bytes.extend([9; 10_000]);
            std::fs::write(place, bytes).unwrap();
        }),
    ]);
}

/// A database from which nothing can be read: named, and nothing is left behind.
#[cfg(unix)]
#[test]
fn what_is_no_database_is_refused_whatever_it_is() {
    use std::os::unix::fs::symlink;
    let place = |workspace: &Workspace| workspace.path.join("profiles/burndown.db");
    let replaced: [Variant<'_>; 6] = [
        ("encrypted", &|workspace| {
            let mut bytes = std::fs::read(place(workspace)).unwrap();
            bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_mul(31).wrapping_add(7));
            std::fs::write(place(workspace), bytes).unwrap();
        }),
        ("empty", &|workspace| std::fs::write(place(workspace), b"").unwrap()),
        ("without tables", &|workspace| {
            std::fs::write(place(workspace), b"").unwrap();
            open(workspace)
                .execute_batch("PRAGMA user_version = 1; CREATE TABLE t (a); DROP TABLE t")
                .unwrap();
        }),
        ("a link", &|workspace| {
            let other = workspace.path.join("elsewhere.db");
            std::fs::rename(place(workspace), &other).unwrap();
            symlink(other, place(workspace)).unwrap();
        }),
        ("a folder", &|workspace| {
            std::fs::remove_file(place(workspace)).unwrap();
            std::fs::create_dir(place(workspace)).unwrap();
        }),
        ("a pipe", &|workspace| {
            std::fs::remove_file(place(workspace)).unwrap();
            let made = std::process::Command::new("mkfifo").arg(place(workspace)).status().unwrap();
            assert!(made.success());
        }),
    ];
    for (name, change) in replaced {
        let workspace = fresh();
        change(&workspace);
        let names = || {
            let entries = std::fs::read_dir(workspace.path.join("profiles")).unwrap().flatten();
            entries.map(|entry| entry.file_name()).collect::<std::collections::BTreeSet<_>>()
        };
        let before = names();
        let refused = migrate::migrate(&workspace.job(), &silent);
        assert!(refused.is_err(), "{name}");
        assert_eq!(names(), before, "{name}: {}", refused.unwrap_err());
        assert!(!workspace.path.join("backups").exists(), "{name}");
    }
}

#[test]
fn a_form_that_is_newer_than_known_is_told() {
    for (batch, want) in [
        ("PRAGMA user_version = 7", 1),
        ("UPDATE app_state SET value = '2.0' WHERE key = 'schema_version'", 1),
        ("DELETE FROM app_state WHERE key = 'schema_version'", 0),
    ] {
        let workspace = fresh();
        open(&workspace).execute_batch(batch).unwrap();
        let report = workspace.migrate();
        assert_eq!(findings(&report, "burndown.db", "newer-form"), want, "{batch}");
        assert_eq!(report.totals.issues, 113, "{batch}");
    }
}

/// Names in capitals are the same names, and rows are found whatever their columns are called.
#[test]
fn names_that_sql_knows_lose_no_row() {
    for batch in [
        "ALTER TABLE jira_issues RENAME TO x; ALTER TABLE x RENAME TO JIRA_ISSUES;
         ALTER TABLE JIRA_ISSUES RENAME COLUMN issue_key TO Issue_Key",
        "CREATE TABLE x AS SELECT *, 'x' AS rowid FROM jira_issues; DROP TABLE jira_issues;
         ALTER TABLE x RENAME TO jira_issues",
        "CREATE TABLE x (id, profile_id, query_id, issue_key, summary, status, PRIMARY KEY (id)) WITHOUT ROWID;
         INSERT INTO x SELECT id, profile_id, query_id, issue_key, summary, status FROM jira_issues;
         DROP TABLE jira_issues; ALTER TABLE x RENAME TO jira_issues",
    ] {
        let workspace = fresh();
        without_constraints(&workspace).execute_batch(batch).unwrap();
        let report = workspace.migrate();
        assert_eq!(report.totals.issues, 113, "{batch}: {}", report.to_text());
    }
}
