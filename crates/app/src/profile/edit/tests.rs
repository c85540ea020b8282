//! Profiles made, renamed and duplicated; and what is refused.

use super::*;
use crate::draft::QueryDraft;
use crate::sample::Sample;

fn draft(name: &str, description: &str) -> ProfileDraft {
    ProfileDraft { name: name.to_owned(), description: description.to_owned() }
}

#[track_caller]
fn check_refused(name: &str, want: &str) {
    let Sample { app, key, .. } = &Sample::issues();
    let seen = app.profile_setup(&key.profile).unwrap().revision;
    for tried in [
        app.create_profile(&draft(name, "")).map(drop),
        app.duplicate_profile(&key.profile, name, Extent::Data).map(drop),
        app.create_profile(&draft("Another", "")).and_then(|other| {
            let revision = app.profile_setup(&other).unwrap().revision;
            app.edit_profile(&other, &draft(name, ""), revision)
        }),
    ] {
        let error = tried.unwrap_err();
        assert!(matches!(error, Error::Field { field: Field::Name, .. }), "{error:?}");
        assert!(error.to_string().contains(want), "{error}");
    }
    assert_eq!(app.workspace().unwrap().totals.profiles, 2, "only the one that was made is there");
    assert_eq!(app.profile_setup(&key.profile).unwrap().revision, seen);
}

#[test]
fn a_name_is_checked_and_taken_once() {
    check_refused(" ", "must not be empty");
    check_refused(&"x".repeat(101), "100 characters");
    check_refused("a\u{7}", "control characters");
    check_refused(" p ", "exists already");
}

#[test]
fn an_edit_changes_what_it_says_and_nothing_else() {
    let Sample { app, key, .. } = &Sample::issues();
    let seen = || app.profile_setup(&key.profile).unwrap().revision;
    let before = app.profile(&key.profile).unwrap();
    app.edit_profile(&key.profile, &draft(" Renamed ", "a\r\nb"), seen()).unwrap();
    let after = app.profile(&key.profile).unwrap();
    assert_eq!(after.trail.profile.name, "Renamed");
    assert_eq!(after.description.as_deref(), Some("a\nb"));
    assert_eq!((after.settings, after.created_at), (before.settings, before.created_at));
    let unchanged = seen();
    app.edit_profile(&key.profile, &draft("Renamed", "a\nb"), unchanged).unwrap();
    assert_eq!(seen(), unchanged, "nothing was written");
}

#[test]
fn an_edit_of_what_changed_meanwhile_is_refused() {
    let Sample { app, key, .. } = &Sample::issues();
    let seen = app.profile_setup(&key.profile).unwrap().revision;
    app.edit_profile(&key.profile, &draft("First", ""), seen).unwrap();
    let error = app.edit_profile(&key.profile, &draft("Second", ""), seen).unwrap_err();
    assert!(matches!(&error, Error::ChangedMeanwhile { name } if name == "First"), "{error:?}");
    let now = app.profile_setup(&key.profile).unwrap();
    assert_eq!(now.draft.name, "First");
    app.edit_profile(&key.profile, &draft("Second", ""), now.revision).unwrap();
    assert_eq!(app.profile_setup(&key.profile).unwrap().draft.name, "Second");
}

#[track_caller]
fn check_duplicate(extent: Extent, queries: usize, issues: u64) {
    let Sample { app, key, .. } = &Sample::issues();
    let copy = app.duplicate_profile(&key.profile, "Copy", extent).unwrap();
    let (original, copied) = (app.profile(&key.profile).unwrap(), app.profile(&copy).unwrap());
    assert_eq!(copied.settings, original.settings);
    assert_eq!((copied.created_at, copied.last_used), (Some(app.now()), None));
    assert_eq!(copied.queries.len(), queries);
    assert_eq!(copied.queries.iter().map(|query| query.issues).sum::<u64>(), issues);
    if extent == Extent::Data {
        let of = |profile: &ProfileId| {
            let key = QueryKey::new(profile.clone(), key.query.clone());
            let mut answer = serde_json::to_value(app.overview(&key, &Default::default()).unwrap());
            answer.as_mut().unwrap()["trail"].take();
            answer.unwrap()
        };
        assert_eq!(of(&copy), of(&key.profile), "the figures are the same");
    }
}

#[test]
fn a_duplicate_has_as_much_as_was_asked_for() {
    check_duplicate(Extent::Settings, 0, 0);
    check_duplicate(Extent::Queries, 1, 0);
    check_duplicate(Extent::Data, 1, 6);
}

#[test]
fn a_name_for_a_duplicate_is_proposed() {
    let Sample { app, key, .. } = &Sample::issues();
    let proposed = || app.profile_setup(&key.profile).unwrap().copy_name;
    assert_eq!(proposed(), "P (copy)");
    app.duplicate_profile(&key.profile, "p (COPY)", Extent::Settings).unwrap();
    assert_eq!(proposed(), "P (copy) (2)");
}

#[test]
fn looking_changes_nothing() {
    let sample = Sample::issues();
    let Sample { app, key, .. } = &sample;
    app.create_query(&key.profile, &QueryDraft { jql: "a = 1".into(), ..QueryDraft::default() })
        .unwrap();
    let revision = || app.store.read().unwrap().revision().unwrap();
    let before = revision();
    app.workspace().unwrap();
    app.profile(&key.profile).unwrap();
    app.profile_setup(&key.profile).unwrap();
    app.query_setup(key).unwrap();
    app.overview(key, &Default::default()).unwrap();
    assert_eq!(revision(), before);
}
