//! Tests of what only this backend has: files, settings, plans, blobs.

use std::path::Path;

use model::{
    CacheHeader, CacheKind, Document, Issue, Object, Profile, ProfileId, Query, QueryKey, Settings,
};
use rusqlite::Connection;

use super::*;
use crate::contract::{Maintenance, NewStore as _, Record};

pub(super) fn key() -> QueryKey {
    QueryKey::parse("p", "q").unwrap()
}

pub(super) fn put_query(writer: &mut dyn Writer) -> Result<()> {
    writer.put_profile(&Profile {
        id: ProfileId::new("p")?,
        name: "p".into(),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings::default(),
    })?;
    writer.put_query(&Query {
        key: key(),
        name: "q".into(),
        jql: String::new(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: Object::new(),
    })
}

pub(super) fn issues(numbers: std::ops::Range<usize>) -> Vec<Issue> {
    let filler = "lorem ipsum dolor sit amet ".repeat(60);
    let issue = |number| {
        let text = format!(r#"{{"key":"A-{number}","fields":{{"text":"{filler}{number}"}}}}"#);
        Issue { key: format!("A-{number}"), document: Document::from_stored(text) }
    };
    numbers.map(issue).collect()
}

pub(super) fn transact<R>(
    store: &SqliteStore,
    work: impl FnOnce(&mut dyn Writer) -> Result<R>,
) -> R {
    (store as &dyn Store).transact(work).unwrap()
}

/// Every table of a new database.
pub(super) fn tables() -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("x.sqlite")).unwrap();
    let connection = store.take_connection().unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

#[test]
fn every_table_is_checked_or_said_not_to_be() {
    let mut known = crate::sql::known_tables();
    known.sort_unstable();
    assert_eq!(tables(), known);
}

#[test]
fn no_hot_read_scans_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    let connection = store.take_connection().unwrap();
    for sql in crate::sql::hot_reads() {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut searches = 0;
        while let Some(row) = rows.next().unwrap() {
            let detail: String = row.get("detail").unwrap();
            assert!(!detail.contains("SCAN"), "{sql}: {detail}");
            searches += usize::from(detail.contains("SEARCH"));
        }
        assert!(searches > 0, "{sql}");
    }
}

#[test]
fn settings_are_in_force_on_every_connection() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("x.sqlite")).unwrap();
    let (first, second) = (store.take_connection().unwrap(), store.take_connection().unwrap());
    for connection in [first, second] {
        for (name, want) in [
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("trusted_schema", 0),
            ("cell_size_check", 1),
            ("busy_timeout", 1_000),
        ] {
            let got: i64 = connection.pragma_query_value(None, name, |row| row.get(0)).unwrap();
            assert_eq!(got, want, "{name}");
        }
        let journal: String =
            connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(journal, "wal");
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_new_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    transact(&store, put_query);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["x.sqlite", "x.sqlite-wal", "x.sqlite-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[track_caller]
fn check_refused(content: &[u8], want: fn(&Error) -> bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    std::fs::write(&path, content).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(want(&error), "{error:?}");
    assert_eq!(std::fs::read(&path).unwrap(), content);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn files_that_are_not_ours_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    let ours = std::fs::read(&path).unwrap();
    let changed = |at: usize, byte: u8| {
        let mut bytes = ours.clone();
        bytes[at] = byte;
        bytes
    };
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE burndown (x)").unwrap();

    check_refused(b"{\"not\": \"a database\"}", |e| matches!(e, Error::Foreign { .. }));
    check_refused(b"SQLite", |e| matches!(e, Error::Foreign { .. }));
    check_refused(&std::fs::read(&other).unwrap(), |e| matches!(e, Error::Foreign { .. }));
    check_refused(&changed(68, 0), |e| matches!(e, Error::Foreign { .. }));
    check_refused(&changed(63, 99), |e| matches!(e, Error::TooNew { found: 99, .. }));
    check_refused(&ours[..50], |e| matches!(e, Error::Corrupt { .. }));
    check_refused(&ours[..2000], |e| matches!(e, Error::Corrupt { .. }));
    check_refused(&changed(16, 0), |e| matches!(e, Error::Corrupt { .. }));
    check_refused(&changed(22, 0), |e| matches!(e, Error::Corrupt { .. }));
    assert!(matches!(SqliteStore::open(folder.path()), Err(Error::Foreign { .. })));
}

#[test]
fn a_damaged_blob_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        writer.put_issues(&key(), &issues(0..20))
    });
    let damage = |sql: &str| {
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = store.read().unwrap().issue(&key(), "A-1").unwrap_err();
        assert!(matches!(&error, Error::Corrupt { place, .. } if place.contains("x.sqlite")));
    };
    damage("UPDATE jira_cache SET document = substr(document, 1, 9) WHERE issue_key = 'A-1'");
    damage("UPDATE jira_cache SET document = x'' WHERE issue_key = 'A-1'");
    damage("UPDATE jira_cache SET document = x'09' WHERE issue_key = 'A-1'");
    damage("UPDATE jira_cache SET document = x'037f00' WHERE issue_key = 'A-1'");
}

#[test]
fn counts_that_do_not_fit_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        writer.put_issues(&key(), &issues(0..3))
    });
    assert!(store.check_integrity().unwrap().is_empty());
    let other = Connection::open(&path).unwrap();
    other.execute_batch("DELETE FROM jira_cache WHERE issue_key = 'A-1'").unwrap();
    other.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM profiles").unwrap();
    let findings = store.check_integrity().unwrap();
    assert_eq!(findings.len(), 4, "{findings:?}");
    assert!(findings.iter().any(|finding| finding.contains("jira_cache")), "{findings:?}");
    assert!(findings.iter().any(|finding| finding.contains("queries")), "{findings:?}");
}

#[test]
fn a_better_dictionary_supersedes_and_cleanup_removes_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("x.sqlite")).unwrap();
    let dictionaries = || {
        let connection = store.take_connection().unwrap();
        let count = connection
            .query_row("SELECT count(*) FROM dictionaries", [], |row| row.get::<_, i64>(0))
            .unwrap();
        store.give_back(connection);
        count
    };
    let now = model::Timestamp::UNIX_EPOCH;
    for (range, want) in [(0..3, 0), (0..20, 1), (20..60, 1), (60..400, 2)] {
        transact(&store, |writer| {
            if range.end == 3 {
                put_query(writer)?;
            }
            writer.put_issues(&key(), &issues(range.clone()))
        });
        assert_eq!(dictionaries(), want, "{range:?}");
    }
    assert_eq!(store.cleanup(now).unwrap(), 0);
    transact(&store, |writer| writer.put_issues(&key(), &issues(0..60)));
    assert_eq!((store.cleanup(now).unwrap(), dictionaries()), (1, 1));
    let all = store.read().unwrap().issues(&key(), &["A-1", "A-30", "A-399"]).unwrap();
    assert_eq!(all[2], issues(399..400)[0]);
    assert_eq!(all.len(), 3);
    transact(&store, |writer| writer.remove_issues(&key()));
    assert_eq!(dictionaries(), 0);
}

#[test]
fn a_built_database_is_one_durable_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite.partial");
    let store = SqliteStore::create_for_build(&path).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        let header = CacheHeader::default();
        writer.replace_issues(&key(), &header, &mut issues(0..1000).into_iter())
    });
    assert_eq!(store.read().unwrap().issue_count(&key()).unwrap(), 1000);
    let flushed = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&flushed);
    files::watched(
        move |done| told.lock().unwrap().push(done.place.clone()),
        || Box::new(store).finish().unwrap(),
    );
    assert!(flushed.lock().unwrap().iter().any(|place| place.ends_with("x.sqlite.partial")));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(matches!(SqliteStore::create_for_build(&path), Err(Error::Aborted(_))));
    let store = SqliteStore::open(&path).unwrap();
    assert!(store.check_integrity().unwrap().is_empty());
    let reader = store.read().unwrap();
    assert_eq!(reader.issue(&key(), "A-999").unwrap().unwrap(), issues(999..1000)[0]);
    assert!(reader.header(&key(), CacheKind::Issues).unwrap().is_some());
}

#[test]
fn a_transaction_that_changed_nothing_is_no_revision() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("x.sqlite")).unwrap();
    transact(&store, put_query);
    transact(&store, |writer| {
        let (nobody, at) = (ProfileId::new("nobody")?, model::Timestamp::UNIX_EPOCH);
        assert!(writer.touch_profile(&nobody, at).is_err());
        assert!(writer.rename_profile(&nobody, "n").is_err());
        assert!(writer.touch_query(&QueryKey::parse("p", "nothing")?, at).is_err());
        writer.remove_profile(&nobody)
    });
    assert_eq!(store.read().unwrap().revision().unwrap(), 1);
}

#[test]
fn a_lock_that_is_never_given_back_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let options = Options { busy_timeout_ms: 1, busy_retries: 1 };
    let store = SqliteStore::open_with(&path, options).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(store.write().err(), Some(Error::Busy { .. })));
    assert!(store.read().is_ok());
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.write().is_ok());
}

/// A store with a query of 20 issues, changed by `sql` as no program of ours would.
fn changed_by(sql: &str) -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        writer.put_issues(&key(), &issues(0..20))
    });
    drop(store);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (folder, SqliteStore::open(&path).unwrap())
}

#[test]
fn a_walk_that_meets_fewer_or_more_rows_than_were_stored_is_refused() {
    for sql in ["DELETE FROM jira_cache WHERE position = 7", "UPDATE cache_headers SET records = 3"]
    {
        let (_folder, store) = changed_by(sql);
        let reader = store.read().unwrap();
        let walked = reader.each_issue(&key(), &mut |_| Ok(()));
        assert!(matches!(walked, Err(Error::Corrupt { .. })), "{sql}: {walked:?}");
        let walked = reader.each_issue_facts(&key(), &mut |_| Ok(()));
        assert!(matches!(walked, Err(Error::Corrupt { .. })), "{sql}: {walked:?}");
    }
}

#[test]
fn a_column_that_is_not_what_its_document_says_is_found() {
    let (_folder, store) = changed_by("UPDATE jira_cache SET facts = x'00' WHERE position = 7");
    let findings = store.check_integrity().unwrap();
    assert!(findings.iter().any(|finding| finding.contains("A-7")), "{findings:?}");
}

#[test]
fn a_byte_that_changes_in_a_document_is_found() {
    let (_folder, store) = changed_by(
        "UPDATE jira_cache SET document = CAST(substr(document, 1, length(document) - 6) || x'00'
             || substr(document, -5) AS BLOB) WHERE position = 7",
    );
    assert!(store.read().unwrap().each_issue(&key(), &mut |_| Ok(())).is_err());
}

#[test]
fn a_network_file_system_has_no_log_in_shared_memory() {
    assert_eq!(journal_on(Some("nfs4")), Journal::Rollback);
    assert_eq!(journal_on(None), Journal::Wal);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    let schema = SCHEMA;
    let options = Options::default();
    let store =
        SqliteStore::open_to_write(&path, options, schema, journal_on(Some("smb3"))).unwrap();
    transact(&store, put_query);
    assert!(side_files(&path).iter().all(|file| !file.exists()));
}

#[test]
fn the_size_counts_the_log_and_compaction_gives_room_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        writer.put_issues(&key(), &issues(0..600))
    });
    let bytes = |file: &Path| std::fs::metadata(file).map_or(0, |found| found.len());
    let [log, memory, _] = side_files(&path);
    assert!(bytes(&log) > 0);
    assert_eq!(store.size_bytes().unwrap(), bytes(&path) + bytes(&log) + bytes(&memory));
    store.compact().unwrap();
    let full = bytes(&path);
    transact(&store, |writer| writer.remove_issues(&key()));
    store.compact().unwrap();
    assert!(bytes(&path) < full, "{} of {full}", bytes(&path));
    assert_eq!(bytes(&log), 0);
}

#[test]
fn a_sync_that_failed_is_no_damage() {
    let (_folder, store) = changed_by("");
    transact(&store, |writer| writer.add_sync(&key(), &model::SyncRecord::default()));
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
}

#[test]
fn where_nothing_can_be_written_all_that_was_is_read() {
    let (folder, store) = changed_by("");
    drop(store);
    let path = folder.path().join("x.sqlite");
    let refused = || Error::ReadOnly { place: String::new(), why: "read-only".into() };
    let read_only = || read_only::open(&path, Options::default(), SCHEMA, refused());
    let store = read_only().unwrap();
    assert_eq!(store.read().unwrap().issue_count(&key()).unwrap(), 20);
    let written = (&store as &dyn Store).transact(|writer| writer.put_state("a", "b"));
    assert!(matches!(written, Err(Error::ReadOnly { .. })), "{written:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no file is made beside it");
    drop(store);
    std::fs::write(folder.path().join("x.sqlite-wal"), "something").unwrap();
    assert!(matches!(read_only(), Err(Error::ReadOnly { why, .. }) if why == "read-only"));
}

/// How often each read that must be fast ran on the connection that is idle, since it was compiled.
fn runs(store: &SqliteStore) -> Vec<(&'static str, i32)> {
    let connection = store.take_connection().unwrap();
    let run = |sql: &'static str| {
        let statement = connection.prepare_cached(sql).unwrap();
        (sql, statement.get_status(rusqlite::StatementStatus::Run))
    };
    let runs = crate::sql::hot_reads().into_iter().map(run).collect();
    store.give_back(connection);
    runs
}

/// Every way to read a profile, a query and what lies in it.
fn read_all(store: &SqliteStore) {
    let (key, reader) = (key(), store.read().unwrap());
    reader.profiles().unwrap();
    reader.profile(&key.profile).unwrap();
    reader.statuses(&key.profile).unwrap();
    reader.deliveries(&key.profile).unwrap();
    reader.queries(&key.profile).unwrap();
    reader.query(&key).unwrap();
    reader.issues(&key, &["A-1", "A-2"]).unwrap();
    reader.each_issue(&key, &mut |_| Ok(())).unwrap();
    reader.each_issue_facts(&key, &mut |_| Ok(())).unwrap();
    reader.each_membership(&key, &mut |_, _| Ok(())).unwrap();
    reader.each_membership_change(&key, &mut |_, _| Ok(())).unwrap();
    reader.changelog(&key, "A-1").unwrap();
    reader.each_changelog(&key, &mut |_| Ok(())).unwrap();
    reader.each_changelog_facts(&key, &mut |_, _| Ok(())).unwrap();
    reader.header(&key, CacheKind::Issues).unwrap();
    reader.project_data(&key).unwrap();
    reader.snapshots(&key, 9).unwrap();
    reader.syncs(&key, 9).unwrap();
    reader.states().unwrap();
    reader.state("active_profile_id").unwrap();
    reader.tasks().unwrap();
    reader.revision_of(Record::Query(&key)).unwrap();
}

#[test]
fn statements_are_compiled_once_however_often_they_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("x.sqlite")).unwrap();
    transact(&store, |writer| {
        put_query(writer)?;
        writer.put_issues(&key(), &issues(0..3))
    });
    let before = runs(&store);
    read_all(&store);
    let once = runs(&store);
    let rounds = 4;
    (0..rounds).for_each(|_| read_all(&store));
    let mut read = 0;
    for (((sql, before), (_, once)), (_, all)) in before.iter().zip(&once).zip(runs(&store)) {
        read += u32::from(once > before);
        // One that was compiled anew would begin to count anew.
        assert_eq!(all, once + rounds * (once - before), "{sql}");
    }
    assert!(read > 20, "{read} statements");
}

/// Why a transaction cannot begin is said, and not what giving it up says.
#[test]
fn why_a_transaction_cannot_begin_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("ALTER TABLE workspace RENAME TO elsewhere").unwrap();
    for begun in [store.read().map(drop), store.write().map(drop)] {
        let error = begun.unwrap_err();
        let is_told = matches!(&error, Error::Corrupt { what, .. } if what.contains("workspace"));
        assert!(is_told, "{error:?}");
    }
    other.execute_batch("ALTER TABLE elsewhere RENAME TO workspace").unwrap();
    store.write().unwrap();
    store.read().unwrap();
}
