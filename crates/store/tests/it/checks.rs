//! A row that anything but a transaction of ours changed, removed or added is noticed by whoever reads
//! it, and by the integrity check.

use std::path::Path;

use model::{QueryKey, SyncRecord, Week};
use rusqlite::Connection;
use store::{Address, Error, Reader, Result, Store};

use crate::cases::delivery::bare;
use crate::sample::*;

/// Tables that nothing shown rests on: who may come in, what was removed, what goes on; and those that
/// say by themselves that they were changed.
const NOT_COMPARED: [&str; 7] = [
    "access_keys",
    "checks",
    "deletions",
    "dictionaries",
    "task_progress",
    "trash",
    "trash_pieces",
];
/// When a record was written last, which `verify` alone reads, to tell what changed since a migration;
/// and what is always one.
const MARKS: [(&str, &str); 3] =
    [("jira_cache", "revision"), ("jira_changelog_cache", "revision"), ("workspace", "only_row")];

fn whole_key() -> QueryKey {
    key("p", "q")
}

/// A database with at least two rows in every table.
fn fill(path: &Path) {
    let store = Address::Sqlite(path.to_owned()).create().unwrap();
    let fields = |number: usize| {
        format!(
            r#""project":{{"key":"A"}},"issuetype":{{"name":"Task","subtask":false,"hierarchyLevel":0}},
            "status":{{"name":"Done","id":"5","statusCategory":{{"key":"done"}}}},"priority":{{"name":"High"}},
            "summary":"Number {number}","created":"2025-06-02T10:00:00.000+0000",
            "updated":"2025-06-03T10:00:00.000+0000","resolutiondate":"2025-06-04T10:00:00.000+0000",
            "resolution":{{"name":"Fixed"}},"parent":{{"key":"A-9"}},"labels":["x"],"customfield_1":{number}.5"#
        )
    };
    put(&*store, |writer| {
        for id in ["p", "other"] {
            let mut profile = profile(id);
            profile.settings.jira_config = Some(json(r#"{"points_field":"customfield_1"}"#));
            profile.last_used = stamp("2025-12-22T16:05:02Z");
            writer.put_profile(&profile)?;
            let status = |number: u32| model::Status {
                id: number.to_string(),
                name: format!("Status {number}"),
                untranslated_name: None,
                category: Some(model::StatusCategory::Done),
                project: None,
                order: None,
                seen_last: None,
                is_gone: false,
            };
            writer.put_statuses(&profile.id, &[status(1), status(2)])?;
            let mut query = query(&key(id, "q"));
            query.updated_at = stamp("2025-12-22T16:05:02Z");
            writer.put_query(&query)?;
        }
        writer.put_delivery(&bare("first", 1))?;
        writer.put_delivery(&bare("second", 2))?;
        writer.put_access_key(&model::AccessKey {
            id: "a1".to_owned(),
            name: "one".to_owned(),
            role: model::access_key::Role::View,
            hash: "00ff".to_owned(),
            made_at: at("2025-12-22T16:05:02Z"),
            used_at: None,
        })?;
        let key = whole_key();
        let issues = (1..4).map(|n| issue_with(&format!("A-{n}"), &fields(n)));
        writer.replace_issues(&key, &header(), &mut issues.collect::<Vec<_>>().into_iter())?;
        let resolved = r#"{"changelog":{"histories":[{"created":"2025-06-02T10:00:00.000+0000","items":[
            {"field":"resolution","fromString":null,"toString":"Fixed"},
            {"field":"labels","fromString":"","toString":"x"},
            {"field":"status","fromString":"Open","toString":"Done"}]}],"total":1}}"#;
        let entries = ["A-1", "A-2"]
            .map(|name| model::Changelog { key: name.into(), document: document(resolved) });
        writer.replace_changelogs(&key, &header(), &mut entries.into_iter())?;
        let data = model::ProjectData {
            totals: object(r#"{"total":12}"#),
            statistics: Some(json("[1,2]")),
            ..model::ProjectData::default()
        };
        writer.put_project_data(&key, &data)?;
        writer.put_snapshots(
            &key,
            &[snapshot("2025-W50", "alpha", "1"), snapshot("2025-W51", "beta", "2")],
        )?;
        writer.put_state("mark", "one")?;
        writer.add_sync(&key, &SyncRecord::default())
    });
    store.compact().unwrap();
}

/// Reads what a program shows.
pub fn read_all(store: &dyn Store) -> Result<()> {
    let reader = store.read()?;
    let reader: &dyn Reader = &*reader;
    reader.revision()?;
    reader.states()?;
    for profile in reader.profiles()? {
        reader.profile(&profile.id)?;
        reader.statuses(&profile.id)?;
        reader.deliveries(&profile.id)?;
        for query in reader.queries(&profile.id)? {
            let key = &query.key;
            reader.query(key)?;
            reader.header(key, model::CacheKind::Issues)?;
            reader.each_issue(key, &mut |_| Ok(()))?;
            reader.each_issue_facts(key, &mut |_| Ok(()))?;
            reader.each_changelog(key, &mut |_| Ok(()))?;
            reader.each_changelog_facts(key, &mut |_, _| Ok(()))?;
            reader.each_membership(key, &mut |_, _| Ok(()))?;
            reader.each_membership_change(key, &mut |_, _| Ok(()))?;
            reader.project_data(key)?;
            reader.snapshots_between(key, Week::from_number(0)..=Week::from_number(9_999))?;
            reader.syncs(key, 9)?;
        }
    }
    Ok(())
}

#[track_caller]
fn check(good: &[u8], sql: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    std::fs::write(&path, good).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF").unwrap();
    assert!(other.execute(sql, []).unwrap() > 0, "{sql} changes nothing");
    drop(other);
    let store = match Address::Sqlite(path).open_existing() {
        Err(Error::Corrupt { .. }) => return,
        store => store.unwrap(),
    };
    let read = read_all(&*store);
    assert!(matches!(read, Err(Error::Corrupt { .. })), "{sql}: {read:?}");
    let told = store.check_integrity();
    assert!(!matches!(&told, Ok(findings) if findings.is_empty()), "{sql}");
    assert!(matches!(store.look_for_damage(), Err(Error::Corrupt { .. })), "{sql}");
}

pub fn good() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    fill(&path);
    let store = Address::Sqlite(path.clone()).open_existing().unwrap();
    read_all(&*store).unwrap();
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    drop(store);
    std::fs::read(path).unwrap()
}

/// Every table and column of a database, but what is said to be left out.
pub fn compared(good: &[u8]) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    std::fs::write(&path, good).unwrap();
    let connection = Connection::open(path).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' ORDER BY t.name, c.cid",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let rows = rows.map(|row| row.unwrap()).collect::<Vec<(String, String, String)>>();
    let is_left_out = |table: &str, column: &str| {
        NOT_COMPARED.contains(&table) || MARKS.contains(&(table, column))
    };
    rows.into_iter().filter(|(table, column, _)| !is_left_out(table, column)).collect()
}

#[test]
fn a_value_that_changed_is_noticed() {
    let good = good();
    for (table, column, kind) in compared(&good) {
        let other = match kind.as_str() {
            "INTEGER" | "REAL" => format!("coalesce({column}, 0) + 1"),
            "TEXT" => format!("coalesce({column}, '') || 'x'"),
            _ => format!("CAST(coalesce({column}, x'') || x'00' AS BLOB)"),
        };
        let last = format!("(SELECT max({column}) FROM {table})");
        check(&good, &format!("UPDATE {table} SET {column} = {other} WHERE {column} IS {last}"));
    }
}

#[test]
fn a_row_that_went_or_came_is_noticed() {
    let good = good();
    let mut tables: Vec<String> = compared(&good).into_iter().map(|(table, ..)| table).collect();
    tables.dedup();
    for table in tables {
        check(&good, &format!("DELETE FROM {table}"));
    }
    check(&good, "INSERT INTO app_state VALUES ('other', 'x', 1)");
    check(&good, "INSERT INTO syncs (query, record) SELECT query, record FROM syncs");
    check(&good, "UPDATE jira_cache SET position = 9 - position");
    check(&good, "DELETE FROM checks WHERE noun = 16");
}

/// All rows of a table, values as text.
pub fn rows(path: &Path, table: &str) -> Vec<Vec<String>> {
    let connection = Connection::open(path).unwrap();
    let mut statement =
        connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect())
    };
    let rows = statement.query_map([], row).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

#[track_caller]
fn salvaged(good: &[u8], spoil: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, saved, _) = salvaged_and_told(good, spoil);
    (folder, saved)
}

/// The same, and which tables lost how many rows.
#[track_caller]
fn salvaged_and_told(
    good: &[u8],
    spoil: &str,
) -> (tempfile::TempDir, std::path::PathBuf, Vec<(&'static str, u64)>) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("x.sqlite"), folder.path().join("saved.sqlite"));
    std::fs::write(&from, good).unwrap();
    let other = Connection::open(&from).unwrap();
    other.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF").unwrap();
    other.execute_batch(spoil).unwrap();
    drop(other);
    let told = store::salvage(&from, &to).unwrap();
    let store = Address::Sqlite(to.clone()).open_existing().unwrap();
    read_all(&*store).unwrap();
    assert_eq!(store.check_integrity().unwrap(), [""; 0], "{spoil}");
    let lost = told.iter().filter(|of| of.lost > 0).map(|of| (of.table, of.lost));
    (folder, to, lost.collect())
}

#[test]
fn all_of_a_sound_database_is_saved() {
    let good = good();
    let (folder, saved) = salvaged(&good, "");
    for table in compared(&good).into_iter().map(|(table, ..)| table).chain(["access_keys".into()])
    {
        let before = rows(&folder.path().join("x.sqlite"), &table);
        assert_eq!(rows(&saved, &table).len(), before.len(), "{table}");
        if table != "workspace" && !table.starts_with("changelog") {
            assert_eq!(rows(&saved, &table), before, "{table}");
        }
    }
}

/// What is derived from documents is derived anew, whatever stood beside them; a document that was changed
/// to another one that can be read makes its cache one that a sync has to fetch.
#[test]
fn what_is_saved_of_a_damaged_database_is_what_documents_say() {
    let good = good();
    let spoil = "UPDATE jira_cache SET facts = x'0278', membership = NULL;
        UPDATE jira_changelog_cache SET transitions = x'', membership_changes = NULL";
    let (folder, saved) = salvaged(&good, spoil);
    std::fs::write(folder.path().join("good.sqlite"), &good).unwrap();
    for table in ["jira_cache", "cache_headers"] {
        assert_eq!(rows(&saved, table), rows(&folder.path().join("good.sqlite"), table), "{table}");
    }
    let swap = "UPDATE jira_cache SET document =
        (SELECT o.document FROM jira_cache o WHERE o.position = 1) WHERE position = 2";
    let (_folder, saved) = salvaged(&good, swap);
    let store = Address::Sqlite(saved).open_existing().unwrap();
    let header = |kind| store.read().unwrap().header(&whole_key(), kind).unwrap().unwrap();
    let is_damaged = |kind| format!("{:?}", header(kind).partial).contains("damaged database");
    assert!(is_damaged(model::CacheKind::Issues));
    assert!(!is_damaged(model::CacheKind::Changelogs));
}

/// What counts the rows of a cache can be made anew from them.
#[test]
fn a_cache_without_its_header_is_saved_and_says_so() {
    let (_folder, saved) = salvaged(&good(), "DELETE FROM cache_headers");
    let store = Address::Sqlite(saved).open_existing().unwrap();
    let reader = store.read().unwrap();
    assert!(reader.issue_count(&whole_key()).unwrap() > 0);
    for kind in [model::CacheKind::Issues, model::CacheKind::Changelogs] {
        let header = reader.header(&whole_key(), kind).unwrap().unwrap();
        assert!(format!("{:?}", header.partial).contains("damaged database"), "{kind:?}");
    }
}

/// A database of which the pages that begin the named tables and indexes are noise.
fn with_noise(good: &[u8], names: &[&str]) -> Vec<u8> {
    const PAGE_BYTES: usize = 4096;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    std::fs::write(&path, good).unwrap();
    let connection = Connection::open(&path).unwrap();
    let mut bytes = good.to_vec();
    for name in names {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
        let page: u32 = connection.query_row(sql, [name], |row| row.get(0)).unwrap();
        let page = page as usize;
        bytes[(page - 1) * PAGE_BYTES..page * PAGE_BYTES].fill(0xA5);
    }
    bytes
}

/// Profiles with what belongs to them, queries, snapshots by name, issues.
fn held(saved: &Path) -> [Vec<String>; 4] {
    let connection = Connection::open(saved).unwrap();
    let read = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(|row| row.unwrap()).collect()
    };
    [
        read(
            "SELECT p.id || ' ' || p.name || ' ' || (SELECT count(*) FROM deliveries d
             WHERE d.profile_id = p.id) FROM profiles p ORDER BY p.id",
        ),
        read("SELECT profile_id || ' ' || id || ' ' || jql FROM queries ORDER BY row"),
        read(
            "SELECT s.week || ' ' || t.name FROM metrics_snapshots s
             JOIN metric_types t ON t.id = s.metric_type ORDER BY 1",
        ),
        read("SELECT issue_key FROM jira_cache ORDER BY 1"),
    ]
}

/// What cannot be fetched again is saved also where what it belongs to was on a page that is spoiled: its id
/// and name are known as long as an index is whole, and the JQL as long as something was fetched with it.
#[test]
fn rows_whose_parent_is_lost_get_another_one() {
    const IDS: &str = "sqlite_autoindex_profiles_1";
    const NAMES: &str = "sqlite_autoindex_profiles_2";
    const OF_QUERIES: &str = "sqlite_autoindex_queries_1";
    const PROFILES: [&str; 2] = ["other Profile other 0", "p Profile p 2"];
    const NAMELESS: [&str; 2] = ["other recovered 0", "p recovered (p) 2"];
    const QUERIES: [&str; 2] = ["p q project = A", "other q project = A"];
    const FETCHED: &str = r#"project = A ORDER BY "x""#;
    let good = good();
    let snapshots = ["2918 alpha", "2919 beta"];
    for (names, profiles, queries, lost) in [
        (
            &["metric_types"][..],
            &PROFILES[..],
            &QUERIES.map(str::to_owned)[..],
            ("metric_types", 1),
        ),
        (
            &["profiles"],
            &["other profile other 0", "p profile p 2"],
            &QUERIES.map(str::to_owned),
            ("profiles", 2),
        ),
        (&["profiles", NAMES], &NAMELESS, &QUERIES.map(str::to_owned), ("profiles", 2)),
        (&["profiles", IDS, NAMES], &NAMELESS, &QUERIES.map(str::to_owned), ("profiles", 2)),
        (
            &["queries"],
            &PROFILES,
            &[format!("p q {FETCHED}"), "other q ".to_owned()],
            ("queries", 2),
        ),
        (
            &["queries", OF_QUERIES],
            &[PROFILES[0], PROFILES[1], "recovered recovered 0"],
            &[format!("recovered q_recovered_1 {FETCHED}")],
            ("queries", 1),
        ),
    ] {
        let (_folder, saved, told) = salvaged_and_told(&with_noise(&good, names), "");
        let found = held(&saved);
        assert_eq!(found[0], profiles, "{names:?}");
        assert_eq!(found[1], queries, "{names:?}");
        assert_eq!(found[2], snapshots, "{names:?}");
        assert_eq!(found[3], ["A-1", "A-2", "A-3"], "{names:?}");
        assert!(told.contains(&lost), "{names:?}: {told:?}");
        // A name that an index knows in its folded form alone says so.
        let near = "SELECT 1 FROM profiles WHERE description LIKE '%its name is only near%'";
        let is_near = Connection::open(&saved).unwrap().prepare(near).unwrap().exists([]).unwrap();
        assert_eq!(is_near, names == ["profiles"], "{names:?}");
    }
}

/// Names of profiles that are made anew never meet one that is there.
#[test]
fn a_profile_that_is_made_anew_has_a_name_of_its_own() {
    let spoil = "DELETE FROM profiles WHERE id = 'p';
        UPDATE profiles SET name = 'recovered', name_folded = 'recovered';
        INSERT INTO profiles (id, name, name_folded, older, extra, revision)
        VALUES ('x', 'Recovered (p)', 'recovered (p)', '{}', '{}', 1)";
    let (_folder, saved) = salvaged(&good(), spoil);
    let [profiles, ..] = held(&saved);
    assert_eq!(profiles, ["other recovered 0", "p recovered (p) 2 2", "x Recovered (p) 0"]);
}

/// Rows that were removed leave gaps of any length in the numbers by which others are found.
#[test]
fn rows_behind_a_long_gap_are_saved() {
    let spoil = "INSERT INTO trash VALUES ('t', '{}', 3);
        INSERT INTO trash_pieces (rowid, copy, number, bytes)
        VALUES (1, 't', 0, x'01'), (9000, 't', 1, x'02'), (90000, 't', 2, x'03')";
    let (_folder, saved, told) = salvaged_and_told(&good(), spoil);
    assert_eq!((rows(&saved, "trash_pieces").len(), told), (3, Vec::new()));
}

/// A copy in the trash of which a part is gone would restore nothing, and stop a copy of the workspace.
#[test]
fn a_copy_in_the_trash_is_saved_whole_or_not_at_all() {
    let spoil = "INSERT INTO trash VALUES ('t', '{}', 3), ('u', '{}', 1);
        INSERT INTO trash_pieces VALUES ('t', 0, x'01'), ('t', 1, x'02'), ('u', 0, x'03')";
    let (_folder, saved, told) = salvaged_and_told(&good(), spoil);
    assert_eq!(told, [("trash", 1), ("trash_pieces", 2)]);
    assert_eq!((rows(&saved, "trash").len(), rows(&saved, "trash_pieces").len()), (1, 1));
}

/// What belongs to nothing, and to nothing that can be made anew, would make the new database a damaged one.
#[test]
fn rows_without_a_parent_are_given_up() {
    for (spoil, lost) in [
        (
            "INSERT INTO trash_pieces VALUES ('gone', 0, x'01'), ('gone', 1, x'02')",
            ("trash_pieces", 2),
        ),
        ("UPDATE syncs SET query = 20000", ("syncs", 1)),
    ] {
        let (_folder, saved, told) = salvaged_and_told(&good(), spoil);
        assert_eq!(told, [lost], "{spoil}");
        let connection = Connection::open(&saved).unwrap();
        let orphans = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(connection.query_row(orphans, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }
}

/// A document that cannot be read any more is given up, and nothing beside it; another look finds nothing.
#[test]
fn a_document_that_is_broken_is_given_up_alone() {
    let whole = "UPDATE project_data SET metrics_history = statistics;
        UPDATE metrics_snapshots SET forecast = metrics";
    let broken_metrics = "UPDATE metrics_snapshots SET metrics = x'01' WHERE week = 2918";
    let look = |spoil: &str| {
        let (folder, saved, told) = salvaged_and_told(&good(), spoil);
        let store = Address::Sqlite(saved).open_existing().unwrap();
        let reader = store.read().unwrap();
        let data = reader.project_data(&whole_key()).unwrap();
        let weeks = Week::from_number(0)..=Week::from_number(9_999);
        let snapshots = reader.snapshots_between(&whole_key(), weeks).unwrap();
        drop(folder);
        (data, snapshots, told)
    };
    let (data, snapshots, told) = look(broken_metrics);
    assert!(data.is_some_and(|data| data.partial.is_none()));
    assert_eq!(snapshots, [snapshot("2025-W51", "beta", "2")]);
    assert_eq!(told, [("metrics_snapshots", 1)]);

    let value = json(r#"{"value":1}"#);
    let (_, snapshots, told) = look(&format!("{whole}; {broken_metrics}"));
    let (metrics, forecast) = (&snapshots[0].metrics, &snapshots[0].forecast);
    assert_eq!((metrics, forecast), (&json("{}"), &Some(value.clone())));
    assert_eq!(told, [("metrics_snapshots", 1)]);

    let (_, snapshots, told) =
        look(&format!("{whole}; UPDATE metrics_snapshots SET forecast = x'01' WHERE week = 2918"));
    assert_eq!((&snapshots[0].metrics, &snapshots[0].forecast), (&value, &None));
    assert_eq!((snapshots.len(), told), (2, vec![("metrics_snapshots", 1)]));

    let broken = "UPDATE project_data SET statistics = x'01', version = '{', last_updated = 'x'";
    let (data, _, told) = look(&format!("{whole}; {broken}"));
    let data = data.unwrap();
    assert!(data.partial.is_some_and(|why| why.contains("damaged database")));
    assert_eq!((data.statistics, data.version, data.last_updated), (None, None, None));
    assert_eq!(
        (data.totals, data.metrics_history),
        (object(r#"{"total":12}"#), Some(json("[1,2]")))
    );
    assert_eq!(told, [("project_data", 1)]);

    let (data, _, told) = look("UPDATE project_data SET statistics = x'01', totals = '['");
    assert_eq!((data, told), (None, vec![("project_data", 1)]));
}
