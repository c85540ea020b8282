//! Databases of older versions, with issues in them: what is derived from documents is that of a new one.

use std::path::Path;

use model::{Document, Issue, IssueFacts};
use store::{Address, Store};

use crate::{old_schema, sample};

const FIXTURES: [&str; 9] = [
    include_str!("../../../../fixtures/schema/sqlite/v002.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v003.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v004.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v005.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v006.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v007.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v008.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v009.sql"),
    include_str!("../../../../fixtures/schema/sqlite/v010.sql"),
];

fn issue(number: u32) -> Issue {
    let key = format!("A-{number}");
    let text = format!(
        r#"{{"id":"{number}","key":"{key}","fields":{{"project":{{"id":"7{number}","key":"A"}},
           "issuetype":{{"id":"1{number}","name":"Task","subtask":false,"hierarchyLevel":0}},
           "status":{{"id":"3","name":"Doing"}},"created":"2025-06-02T10:00:00.000+0000","customfield_10014":"AB-{number}{number}"}}}}"#
    );
    Issue { key, document: Document::from_stored(text.split_whitespace().collect()) }
}

fn facts(store: &dyn Store) -> Vec<IssueFacts> {
    let mut found = Vec::new();
    let reader = store.read().unwrap();
    reader
        .each_issue_facts(&sample::key("p", "q"), &mut |facts| {
            found.push(facts);
            Ok(())
        })
        .unwrap();
    found
}

fn open(path: &Path) -> Box<dyn Store> {
    Address::Sqlite(path.to_owned()).open().unwrap()
}

/// What was there before is kept as it was.
fn check_copy(path: &Path, version: u32) {
    let db = rusqlite::Connection::open(path).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
    assert_eq!(number("PRAGMA user_version"), version);
    assert_eq!(number("SELECT count(*) FROM jira_cache"), 3);
}

#[test]
fn what_is_derived_is_that_of_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    let present = folder.path().join("present.sqlite");
    let issues: Vec<Issue> = (1..=3).map(issue).collect();
    let want = {
        let store = open(&present);
        sample::put(&*store, |writer| {
            writer.put_profile(&sample::profile("p"))?;
            writer.put_query(&sample::query(&sample::key("p", "q")))?;
            writer.put_issues(&sample::key("p", "q"), &issues)
        });
        facts(&*store)
    };
    assert_eq!(want[1].type_key(), Some("12"));
    assert_eq!(want[2].project_id.as_deref(), Some("73"));
    assert_eq!(want[2].parent.as_deref(), Some("AB-33"));
    for (version, fixture) in (2..).zip(FIXTURES) {
        let old = folder.path().join(format!("v{version}.sqlite"));
        old_schema::make(&present, &old, fixture);
        let store = open(&old);
        assert_eq!(facts(&*store), want, "version {version}");
        assert_eq!(store.check_integrity().unwrap(), [""; 0], "version {version}");
        let newest = store.schema_version().unwrap();
        check_copy(&folder.path().join(format!("v{version}.before-v{newest}.sqlite")), version);
    }
}
