//! Whatever is done to one profile leaves every row of another one as it was, byte for byte.

use model::{ProfileId, QueryKey};
use rusqlite::Connection;

use crate::App;
use crate::draft::{ProfileDraft, QueryDraft};
use crate::profile::Extent;
use crate::sample::Sample;
use crate::trash::Thing;

/// Tables that belong to no profile.
const SHARED: [&str; 9] = [
    "access_keys",
    "workspace",
    "app_state",
    "dictionaries",
    "changelog_values",
    "metric_types",
    "task_progress",
    "trash",
    "trash_pieces",
];

/// Every row that belongs to a profile, as SQL literals, beginning with its table.
fn rows(sample: &Sample, profile: &str) -> Vec<String> {
    let database = Connection::open(sample.database()).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        found.map(Result::unwrap).collect()
    };
    let tables = texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let mut rows = Vec::new();
    for table in tables.iter().filter(|table| !SHARED.contains(&table.as_str())) {
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}')"));
        let of_profile = |column: &str| columns.iter().any(|known| known == column);
        let filter = if of_profile("profile_id") {
            format!("profile_id = '{profile}'")
        } else if of_profile("query") {
            format!("query IN (SELECT row FROM queries WHERE profile_id = '{profile}')")
        } else {
            assert_eq!(table, "profiles", "a table that no filter knows");
            format!("id = '{profile}'")
        };
        let values: Vec<String> =
            columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let sql = format!(
            "SELECT '{table}: ' || {} FROM {table} WHERE {filter} ORDER BY 1",
            values.join(" || ', ' || ")
        );
        rows.extend(texts(&sql));
    }
    rows
}

/// A sample whose profile has a twin: the same query ids and issue keys.
fn twins() -> (Sample, ProfileId) {
    let sample = Sample::issues();
    let twin = sample.app.duplicate_profile(&sample.key.profile, "Twin", Extent::Data).unwrap();
    (sample, twin)
}

#[track_caller]
fn check(what: &str, change: impl FnOnce(&App, &QueryKey)) {
    let (sample, twin) = twins();
    let before = rows(&sample, twin.as_str());
    let own = rows(&sample, sample.key.profile.as_str());
    for table in [
        "profiles",
        "queries",
        "cache_headers",
        "jira_cache",
        "jira_changelog_cache",
        "project_data",
    ] {
        assert!(before.iter().any(|row| row.starts_with(&format!("{table}: "))), "{table}");
    }
    change(&sample.app, &sample.key);
    assert_ne!(rows(&sample, sample.key.profile.as_str()), own, "{what} did nothing");
    assert_eq!(rows(&sample, twin.as_str()), before, "{what} reached the twin");
    assert_eq!(sample.app.store.check_integrity().unwrap(), Vec::<String>::new(), "{what}");
}

#[test]
fn a_profile_is_an_island() {
    check("choosing", |app, key| {
        app.choose(&key.profile, Some(&key.query)).unwrap();
    });
    check("editing a profile", |app, key| {
        let seen = app.profile_setup(&key.profile).unwrap().revision;
        let draft = ProfileDraft { name: "Other".into(), description: "'; DROP".into() };
        app.edit_profile(&key.profile, &draft, seen).unwrap();
    });
    check("setting a milestone", |app, key| {
        app.put_milestone(&key.profile, "Beta", "2026-01-01".parse().unwrap(), None).unwrap();
    });
    check("making a query", |app, key| {
        let draft = QueryDraft { jql: "project = K".into(), ..QueryDraft::default() };
        app.create_query(&key.profile, &draft).unwrap();
    });
    check("editing a query", |app, key| {
        let seen = app.query_setup(key).unwrap().revision;
        let draft = QueryDraft { jql: "project = L".into(), ..QueryDraft::default() };
        app.edit_query(key, &draft, seen).unwrap();
    });
    check("duplicating a query", |app, key| {
        app.duplicate_query(key, "Copy", true).unwrap();
    });
    check("deleting a query", |app, key| {
        app.delete(&Thing::Query(key.clone())).unwrap();
    });
    check("deleting a profile", |app, key| {
        app.delete(&Thing::Profile(key.profile.clone())).unwrap();
    });
    check("restoring a query", |app, key| {
        let deleted = app.delete(&Thing::Query(key.clone())).unwrap();
        app.restore(&deleted.id).unwrap();
    });
    check("restoring a profile", |app, key| {
        let deleted = app.delete(&Thing::Profile(key.profile.clone())).unwrap();
        app.restore(&deleted.id).unwrap();
    });
    check("moving a query", |app, key| {
        let draft = ProfileDraft { name: "Third".into(), ..ProfileDraft::default() };
        let third = app.create_profile(&draft).unwrap();
        app.move_query(key, &third).unwrap();
    });
}

#[test]
fn a_query_moved_to_its_twin_stands_beside_it() {
    let (sample, twin) = twins();
    let before = rows(&sample, twin.as_str());
    let moved = sample.app.move_query(&sample.key, &twin).unwrap();
    assert_ne!(moved.query, sample.key.query);
    let after = rows(&sample, twin.as_str());
    assert!(before.iter().all(|row| after.contains(row)));
    assert_eq!(after.len(), before.len() * 2 - 1, "all but the profile is there twice");
}

#[test]
fn names_are_only_names() {
    let Sample { app, key, .. } = &Sample::issues();
    for name in ["../../etc", "<script>alert(1)</script>", "a'b\"c; DROP TABLE profiles;--", "🚀"]
    {
        let draft = ProfileDraft { name: name.into(), ..ProfileDraft::default() };
        let id = app.create_profile(&draft).unwrap();
        assert!(id.as_str().starts_with("p_") && id.as_str().len() == 14, "{id}");
        assert_eq!(app.profile_setup(&id).unwrap().draft.name, name);
        let draft = QueryDraft { name: name.into(), jql: name.into(), ..QueryDraft::default() };
        let made = app.create_query(&key.profile, &draft).unwrap();
        assert!(made.query.as_str().starts_with("q_") && made.query.as_str().len() == 14);
        assert_eq!(app.query_setup(&made).unwrap().draft, draft);
    }
}
