//! Queries made, edited, duplicated and moved; and what is refused.

use metrics::NoteCode;

use super::*;
use crate::draft::ProfileDraft;
use crate::figures::ask::OverviewAsk;
use crate::profile::Extent;
use crate::query::QueryAsk;
use crate::sample::Sample;

fn draft(name: &str, jql: &str) -> QueryDraft {
    QueryDraft { name: name.to_owned(), jql: jql.to_owned(), description: String::new() }
}

fn other_profile(app: &App) -> ProfileId {
    app.create_profile(&ProfileDraft { name: "Other".into(), ..ProfileDraft::default() }).unwrap()
}

#[test]
fn a_query_is_made_and_named_after_its_jql() {
    let Sample { app, key, .. } = &Sample::issues();
    let made = app.create_query(&key.profile, &draft("", " project = K\r\norder by key ")).unwrap();
    let setup = app.query_setup(&made).unwrap();
    assert_eq!(setup.draft, draft("K", "project = K\norder by key"));
    assert_eq!(setup.fetched_with, None);
    for (name, jql, field) in
        [("", " ", Field::Jql), ("a\nb", "x = 1", Field::Name), ("x", "\u{0}", Field::Jql)]
    {
        let error = app.create_query(&key.profile, &draft(name, jql)).unwrap_err();
        assert!(matches!(error, Error::Field { field: found, .. } if found == field), "{error}");
    }
    assert_eq!(app.workspace().unwrap().totals.queries, 2);
}

#[test]
fn another_jql_makes_what_was_fetched_stale_and_keeps_it() {
    let Sample { app, key, .. } = &Sample::issues();
    let edit = |name: &str, jql: &str| {
        app.edit_query(key, &draft(name, jql), app.query_setup(key).unwrap().revision)
    };
    let note = || {
        let query = app.query(key, QueryAsk::default()).unwrap();
        let is_due = query.freshness.known().is_some_and(|fresh| fresh.is_due);
        let said = query.notes.iter().any(|note| note.code == NoteCode::OtherJql);
        (query.issues, is_due, said)
    };
    edit("Named", "project = K").unwrap();
    assert_eq!(note(), (6, false, false), "another name is no other JQL");
    edit("Named", "project = L").unwrap();
    assert_eq!(note(), (6, true, true), "all is there, and a refetch is due");
    edit("Named", "project = M").unwrap();
    let fetched_with = app.query_setup(key).unwrap().fetched_with;
    assert_eq!(fetched_with.as_deref(), Some("project = K"), "the first one that it had");
    let error = edit("Named", " ").unwrap_err();
    assert!(matches!(error, Error::Field { field: Field::Jql, .. }), "{error}");
}

#[test]
fn the_jql_of_the_fetch_is_remembered() {
    let Sample { app, key, .. } = &Sample::issues();
    let mut writer = app.store.write().unwrap();
    let before = lookup::query(&*writer, key).unwrap();
    writer.put_query(&Query { jql: "project = K".into(), ..before }).unwrap();
    writer.commit().unwrap();
    let edit = |jql: &str| {
        app.edit_query(key, &draft("Q", jql), app.query_setup(key).unwrap().revision).unwrap();
        app.query_setup(key).unwrap().fetched_with
    };
    assert_eq!(edit("project = L").as_deref(), Some("project = K"));
    let query = app.query(key, QueryAsk::default()).unwrap();
    assert!(query.notes.iter().any(|note| note.code == NoteCode::OtherJql));
    assert_eq!(edit("project = K"), None);
}

#[test]
fn an_edit_of_what_changed_meanwhile_is_refused() {
    let Sample { app, key, .. } = &Sample::issues();
    let seen = app.query_setup(key).unwrap().revision;
    app.edit_query(key, &draft("First", "a = 1"), seen).unwrap();
    let error = app.edit_query(key, &draft("Second", "b = 2"), seen).unwrap_err();
    assert!(matches!(error, Error::ChangedMeanwhile { .. }), "{error}");
    assert_eq!(app.query_setup(key).unwrap().draft, draft("First", "a = 1"));
}

#[test]
fn a_duplicate_has_data_only_if_asked() {
    let Sample { app, key, .. } = &Sample::issues();
    for (with_data, issues) in [(false, 0), (true, 6)] {
        let copy = app.duplicate_query(key, "Copy", with_data).unwrap();
        assert_ne!(copy.query, key.query);
        assert_eq!(app.query(&copy, QueryAsk::default()).unwrap().issues, issues);
    }
    assert_eq!(app.query_setup(key).unwrap().copy_name, "Q (copy)");
}

#[test]
fn a_query_moves_with_all_it_holds() {
    let Sample { app, key, .. } = &Sample::issues();
    let to = other_profile(app);
    app.choose(&key.profile, Some(&key.query)).unwrap();
    let before = app.query(key, QueryAsk::default()).unwrap();
    let error = app.move_query(key, &key.profile).unwrap_err();
    assert!(matches!(error, Error::Field { field: Field::Profile, .. }), "{error}");

    let moved = app.move_query(key, &to).unwrap();
    assert_eq!(moved, QueryKey::new(to, key.query.clone()));
    assert!(app.overview(key, &OverviewAsk::default()).is_err(), "it is not where it was");
    let after = app.query(&moved, QueryAsk::default()).unwrap();
    assert_eq!((after.issues, after.changelogs), (before.issues, before.changelogs));
    assert_eq!((&after.freshness, after.last_used), (&before.freshness, before.last_used));
    let active = app.workspace().unwrap().active;
    assert_eq!(active.profile.as_deref(), Some(moved.profile.as_str()));
    assert_eq!(active.query.as_deref(), Some(moved.query.as_str()));
}

#[test]
fn the_old_apps_files_are_edited_as_well() {
    let (app, _folder) = Sample::empty_files();
    let from = other_profile(&app);
    let key = app.create_query(&from, &draft("", "project = K")).unwrap();
    let seen = app.query_setup(&key).unwrap().revision;
    app.edit_query(&key, &draft("Edited", "project = L"), seen).unwrap();
    assert!(app.edit_query(&key, &draft("Again", "x = 1"), seen).is_err());
    app.choose(&from, Some(&key.query)).unwrap();
    let to = app.duplicate_profile(&from, "Copy", Extent::Data).unwrap();
    let moved = app.move_query(&key, &to).unwrap();
    assert_eq!(app.query_setup(&moved).unwrap().draft, draft("Edited", "project = L"));
    assert_eq!(app.workspace().unwrap().active.profile.as_deref(), Some(to.as_str()));
    let counts: Vec<usize> =
        app.workspace().unwrap().profiles.iter().map(|profile| profile.queries.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 2);
    assert_eq!(app.store.check_integrity().unwrap(), Vec::<String>::new());
}
