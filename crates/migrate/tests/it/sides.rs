//! The old app's database with something beside it, or in its cells, that does not belong there: it
//! costs itself, never a profile.

use model::QueryKey;

use super::old_database::changed;
use super::workspace::{Workspace, findings, query_keys};

const PROFILE: &str = "profiles/p_7612d2aa702b";
const QUERY: &str = "profiles/p_7612d2aa702b/queries/q_e44decc8c623";
const ISSUES_OF_ONE: &str = r#"{"timestamp":"2026-01-14T10:00:00+00:00","issues":[
    {"key":"A-1","fields":{"summary":"One","status":{"name":"Open"}}}]}"#;

fn fresh() -> Workspace {
    Workspace::database_of("sqlite-v2.15.3-fresh")
}

/// What a database that holds everything lacks nothing of, whatever lies beside it.
#[track_caller]
fn check_whole(path: &str, bytes: &[u8]) -> Workspace {
    let workspace = fresh();
    workspace.write(&format!("{PROFILE}/{path}"), bytes);
    let report = workspace.migrate();
    let totals = &report.totals;
    let got = [totals.profiles, totals.queries, totals.issues, totals.statistics, totals.snapshots];
    assert_eq!(got, [2, 4, 113, 63, 567], "{path}: {}", report.to_text());
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new(), "{path}");
    workspace
}

#[test]
fn a_trifle_beside_the_database_costs_nothing() {
    for (path, bytes) in [
        (".DS_Store", b"x".as_slice()),
        ("export_20260101.zip", b"PK"),
        ("queries/.keep", b""),
        ("profile.json", b""),
        ("profile.json", b"{}"),
        ("profile.json", b"\0\0\0\0"),
        ("queries/q_e44decc8c623/query.json", b"nothing"),
        ("queries/q_e44decc8c623/jira_cache.json", b""),
        ("queries/q_e44decc8c623/jira_cache.json", br#"{"issues": []}"#),
        ("queries/q_e44decc8c623/project_data.json", b"{}"),
        ("queries/q_e44decc8c623/metrics_snapshots.json", b"\x01\x02"),
    ] {
        check_whole(path, bytes);
    }
}

#[test]
fn what_json_lacks_comes_from_the_database() {
    let workspace = check_whole("profile.json", br#"{"name":"Of JSON"}"#);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let key = QueryKey::parse("p_7612d2aa702b", "q_e44decc8c623").unwrap();
    let profile = reader.profile(&key.profile).unwrap().unwrap();
    assert_eq!(profile.name, "Of JSON");
    assert!(profile.settings.base_url().is_some(), "settings are those of the database");
    drop(reader);
    let workspace =
        check_whole("queries/q_e44decc8c623/query.json", br#"{"name":"x","description":"y"}"#);
    let query = workspace.store().read().unwrap().query(&key).unwrap().unwrap();
    let told = (query.name.as_str(), query.jql.as_str(), query.description.as_deref());
    assert_eq!(told, ("x", "project = KAFKA AND type = Bug", Some("y")));
}

#[test]
fn json_that_can_be_read_counts_kind_by_kind() {
    let workspace = fresh();
    workspace.write(&format!("{QUERY}/jira_cache.json"), ISSUES_OF_ONE.as_bytes());
    workspace.write(&format!("{PROFILE}/queries/q_more/query.json"), br#"{"name":"More"}"#);
    let report = workspace.migrate();
    let totals = &report.totals;
    assert_eq!((totals.queries, totals.issues, totals.statistics), (5, 113 - 34 + 1, 63));
    assert!(findings(&report, "burndown.db", "kept-aside") > 0, "{}", report.to_text());
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
}

#[test]
fn a_query_whose_jql_is_no_text_is_taken_without_it() {
    const LOOSE: &str = "PRAGMA foreign_keys = OFF; ALTER TABLE queries RENAME TO q;
        CREATE TABLE queries AS SELECT * FROM q; DROP TABLE q;";
    for (value, code) in [("NULL", "filled-in"), ("x'ff00'", "bad-cell"), ("''", "")] {
        for column in ["jql", "name", "created_at", "last_used"] {
            let sql = format!(
                "{LOOSE} UPDATE queries SET {column} = {value} WHERE id = 'q_0c869638b66b'"
            );
            let workspace = changed(&sql);
            let report = workspace.migrate();
            assert_eq!((report.totals.queries, report.totals.issues), (4, 113), "{column}");
            if value == "x'ff00'" || (value == "NULL" && column == "jql") {
                let text = report.to_text();
                assert!(findings(&report, "burndown.db", code) > 0, "{column} {value}: {text}");
            }
            assert_eq!(workspace.verify().unexplained, Vec::<String>::new(), "{column} {value}");
        }
    }
}

/// Whatever the ids in the database say, nothing outside the folder is read.
#[track_caller]
fn check_stays_inside(profile: &str, query: &str) {
    let quoted = |text: &str| text.replace('\'', "''");
    let workspace = changed(&format!(
        "PRAGMA foreign_keys = OFF;
         INSERT OR REPLACE INTO app_state (key, value) VALUES ('migration_complete', 'true');
         UPDATE jira_issues SET profile_id = '{}', query_id = '{}' WHERE query_id = 'q_0c869638b66b';",
        quoted(profile),
        quoted(query)
    ));
    // Whatever they lead to from a profile or query: a folder with a text that tells.
    let foreign = br#"{"jql_query":"project = FOREIGN","name":"Foreign","issues":[]}"#;
    for folder in ["outside", "outside/queries/q_1", "profiles/outside", "outside/queries"] {
        for file in ["jira_cache.json", "profile.json", "query.json", "app_settings.json"] {
            workspace.write(&format!("{folder}/{file}"), foreign);
        }
    }
    let report = workspace.migrate();
    assert_eq!(report.totals.issues, 113, "{profile} {query}");
    let told: Vec<_> = report.files.iter().filter(|file| file.path.contains("..")).collect();
    assert!(told.is_empty(), "{told:?}");
    let store = workspace.store();
    let reader = store.read().unwrap();
    for key in query_keys(&*reader).iter().filter(|key| key.profile.as_str() != "outside") {
        let query = reader.query(key).unwrap().unwrap();
        assert!(!query.jql.contains("FOREIGN"), "{key}");
    }
}

#[test]
fn ids_of_the_database_lead_nowhere_else() {
    for (profile, query) in [
        ("../outside", "q_1"),
        ("../../../../../../../../../..", "q_1"),
        ("p_7612d2aa702b", "../../../outside"),
        ("..", "q_1"),
        (".", "."),
        ("", ""),
        ("/etc", "/etc"),
        ("a/../../outside", "q_1"),
        ("..\\outside", "..\\..\\outside"),
    ] {
        check_stays_inside(profile, query);
    }
    check_stays_inside(&"x".repeat(300), &"y".repeat(300));
}
