//! Copies that are cut off, go on, begin again, and differ.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use model::access_key::Role;
use model::{
    AccessKey, Delivery, DeliveryKey, DeliveryState, Object, Profile, ProfileId, Query, QueryKey,
    Rule, TaskProgress, TaskStatus,
};
use tempfile::TempDir;

use super::*;
use crate::sample::Sample;

/// A workspace with two profiles of two queries each.
fn sample() -> Sample {
    let sample = Sample::issues();
    let (store, key) = (&sample.app.store, &sample.key);
    let change = |writer: &mut dyn Writer| {
        let other = ProfileId::new("other")?;
        let profile = writer.profile(&key.profile)?.unwrap();
        writer.put_profile(&Profile { id: other.clone(), name: "Other".to_owned(), ..profile })?;
        let query = writer.query(key)?.unwrap();
        for (profile, id) in [("p", "second"), ("other", "third"), ("other", "fourth")] {
            let key_there = QueryKey::parse(profile, id)?;
            writer.put_query(&Query { key: key_there.clone(), ..query.clone() })?;
            store::copy_data(&*store.read()?, key, writer, &key_there)?;
        }
        Ok(())
    };
    store.transact(change).unwrap();
    sample
}

fn delivery(id: &str) -> Delivery {
    Delivery {
        key: DeliveryKey::parse("p", id).unwrap(),
        name: id.to_owned(),
        rule: Rule::All,
        target: None,
        place: 0,
        state: DeliveryState::Running,
        split: None,
        queries: Vec::new(),
        created_at: "2026-11-01T00:00:00Z".parse().unwrap(),
        record: Vec::new(),
        extra: Object::new(),
    }
}

/// A folder that a copy was cut off in before the query of that number.
fn cut_off(app: &App, before: u32) -> (TempDir, Target) {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().to_owned());
    let begun = Cell::new(0);
    let told = |_: &str| {
        begun.set(begun.get() + 1);
        assert!(begun.get() != before, "the process ends here");
    };
    assert!(catch_unwind(AssertUnwindSafe(|| app.copy_to(&target, false, &told))).is_err());
    (folder, target)
}

fn store_in(folder: &Path) -> Box<dyn Store> {
    Address::Sqlite(migrate::database_path(folder)).open_existing().unwrap()
}

#[track_caller]
fn check_whole(app: &App, target: &Target) {
    let compared = app.compare_with(target).unwrap();
    assert_eq!(compared.different, 0, "{:?}", compared.differences);
    let again = app.copy_to(target, false, &|_| ()).unwrap_err().to_string();
    assert!(again.contains("holds a workspace already"), "{again}");
    let again = app.copy_to(target, true, &|_| ()).unwrap_err().to_string();
    assert!(again.contains("holds a workspace already"), "what is whole is never emptied: {again}");
}

#[test]
fn a_copy_that_was_interrupted_goes_on() {
    let Sample { app, .. } = &sample();
    let (_folder, target) = cut_off(app, 3);
    assert!(app.compare_with(&target).unwrap().different > 0);
    let copied = app.copy_to(&target, false, &|_| ()).unwrap();
    assert_eq!((copied.copied, copied.found, copied.different), (2, 2, 0), "{copied:?}");
    check_whole(app, &target);
}

/// What happens to the source while a copy of it is cut off; it goes on all the same.
#[track_caller]
fn check_changed(change: impl Fn(&mut dyn Writer) -> store::Result<()>) {
    for before in 1..=4 {
        let Sample { app, .. } = &sample();
        let store = &app.store;
        store.transact(|writer| writer.put_delivery(&delivery("d1"))).unwrap();
        let (folder, target) = cut_off(app, before);
        // What the end of a copy puts, as if it had been cut off there.
        let there = store_in(folder.path());
        there.transact(|writer| store::copy_rest(&*store.read()?, writer)).unwrap();
        drop(there);
        store.transact(|writer| change(writer)).unwrap();
        let copied = app.copy_to(&target, false, &|_| ()).unwrap();
        assert_eq!(copied.different, 0, "cut off before {before}: {:?}", copied.differences);
        check_whole(app, &target);
    }
}

#[test]
fn a_copy_goes_on_though_its_source_changed() {
    let p = || ProfileId::new("p").unwrap();
    let query = |id: &str| QueryKey::parse("p", id).unwrap();
    let names = |writer: &mut dyn Writer, names: [(&str, &str); 3]| -> store::Result<()> {
        for (id, name) in names {
            writer.rename_profile(&ProfileId::new(id)?, name)?;
        }
        Ok(())
    };
    check_changed(|writer| writer.remove_profile(&p()).map(drop));
    check_changed(|writer| writer.remove_query(&query("second")).map(drop));
    check_changed(|writer| writer.remove_delivery(&delivery("d1").key).map(drop));
    check_changed(|writer| writer.put_delivery(&delivery("d2")));
    // Made anew under the name that it had.
    check_changed(|writer| {
        let profile = writer.profile(&p())?.unwrap();
        writer.remove_profile(&p())?;
        writer.put_profile(&Profile { id: ProfileId::new("p_new")?, ..profile })
    });
    // Two that take each other's name.
    check_changed(|writer| {
        let name = writer.profile(&p())?.unwrap().name;
        names(writer, [("p", "between"), ("other", &name), ("p", "Other")])
    });
    check_changed(|writer| {
        writer.remove_issues_of(&query("second"), &["K-1"])?;
        writer.remove_changelogs_of(&query("second"), &["K-1"]).map(drop)
    });
}

#[test]
fn what_the_source_gave_up_goes_from_an_unfinished_copy() {
    let Sample { app, .. } = &sample();
    let at = app.now();
    let key = |id: &str| AccessKey {
        id: id.to_owned(),
        name: id.to_owned(),
        role: Role::View,
        hash: "00".to_owned(),
        made_at: at,
        used_at: None,
    };
    let task = TaskProgress {
        id: "t".to_owned(),
        status: TaskStatus::Done,
        percent: 100,
        message: String::new(),
        started_at: at,
        updated_at: at,
    };
    let put = |writer: &mut dyn Writer| {
        writer.put_access_key(&key("revoked"))?;
        writer.put_task(&task)?;
        writer.put_state("old", "1")
    };
    app.store.transact(put).unwrap();
    let (folder, target) = cut_off(app, 2);
    let there = store_in(folder.path());
    there.transact(|writer| store::copy_rest(&*app.store.read()?, writer)).unwrap();
    drop(there);
    let give_up = |writer: &mut dyn Writer| {
        writer.remove_access_key("revoked")?;
        writer.remove_task("t")?;
        writer.remove_state("old").map(drop)
    };
    app.store.transact(give_up).unwrap();
    assert_eq!(app.copy_to(&target, false, &|_| ()).unwrap().different, 0);
    assert!(store_in(folder.path()).read().unwrap().access_keys().unwrap().is_empty());
}

#[test]
fn an_unfinished_copy_of_another_source_begins_again_only_if_that_is_said() {
    let (Sample { app, .. }, other) = (&sample(), &sample());
    let (_folder, target) = cut_off(&other.app, 4);
    let refused = app.copy_to(&target, false, &|_| ()).unwrap_err().to_string();
    assert!(refused.contains("unfinished copy of") && refused.contains("--again"), "{refused}");
    let copied = app.copy_to(&target, true, &|_| ()).unwrap();
    assert_eq!((copied.copied, copied.found, copied.different), (4, 0, 0));
    check_whole(app, &target);
}

/// A query whose copy is marked and is not what it should be is copied anew by the next run.
#[test]
fn what_is_not_equal_in_the_end_is_copied_anew() {
    let Sample { app, key, .. } = &sample();
    let (folder, target) = cut_off(app, 4);
    let spoil = |writer: &mut dyn Writer| writer.remove_changelogs_of(key, &["K-1"]).map(drop);
    store_in(folder.path()).transact(spoil).unwrap();
    assert!(app.copy_to(&target, false, &|_| ()).unwrap().different > 0);
    assert_eq!(app.copy_to(&target, false, &|_| ()).unwrap().different, 0);
    check_whole(app, &target);
}

#[test]
fn keys_that_let_somebody_in_are_not_lost() {
    let Sample { app, .. } = &sample();
    let folder = tempfile::tempdir().unwrap();
    let (_, there) = open(&Target::Folder(folder.path().to_owned()), true).unwrap();
    let key = AccessKey {
        id: "mine".to_owned(),
        name: "mine".to_owned(),
        role: Role::View,
        hash: "00".to_owned(),
        made_at: app.now(),
        used_at: None,
    };
    there.transact(|writer| writer.put_access_key(&key)).unwrap();
    drop(there);
    let target = Target::Folder(folder.path().to_owned());
    let refused = app.copy_to(&target, false, &|_| ()).unwrap_err().to_string();
    assert!(refused.contains("holds access keys already"), "{refused}");
}

#[test]
fn an_unfinished_copy_is_not_used() {
    let Sample { app, .. } = &sample();
    let (folder, target) = cut_off(app, 4);
    let opened = || {
        let opened = migrate::look_into(folder.path(), folder.path()).unwrap();
        App::open(opened, app.context.clone())
    };
    let refused = opened().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("is not finished") && refused.contains("burndown copy"), "{refused}");
    app.copy_to(&target, false, &|_| ()).unwrap();
    opened().unwrap();
}

/// A server that showed an empty workspace shows nothing of one that is copied into it.
#[test]
fn a_copy_that_begins_under_a_server_is_noticed() {
    let Sample { app, .. } = &sample();
    let folder = tempfile::tempdir().unwrap();
    let (_, store) = open(&Target::Folder(folder.path().to_owned()), true).unwrap();
    let server = App::new(store, app.context.clone());
    server.refuse_unfinished_copy().unwrap();
    let target = Target::Folder(folder.path().to_owned());
    let told = |_: &str| {
        let refused = server.refuse_unfinished_copy();
        assert!(matches!(refused, Err(Error::UnfinishedCopy { .. })));
    };
    app.copy_to(&target, false, &told).unwrap();
    server.refuse_unfinished_copy().unwrap();
}

#[test]
fn what_differs_is_named() {
    let Sample { app, key, .. } = &Sample::issues();
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().to_owned());
    app.copy_to(&target, false, &|_| ()).unwrap();
    app.store.transact(|writer| writer.remove_changelogs_of(key, &["K-1"])).unwrap();
    let compared = app.compare_with(&target).unwrap();
    let named = compared.differences.join("\n");
    assert!(compared.different > 0 && named.contains("changelogs of p/q"), "{named}");
}

/// What lies beside the old app's files would be taken for what they were migrated to.
#[test]
fn nothing_is_copied_beside_unmigrated_files_of_the_old_app() {
    let Sample { app, .. } = &sample();
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("profiles");
    std::fs::create_dir(&old).unwrap();
    std::fs::write(old.join("profiles.json"), r#"{"version":"3.0","profiles":{}}"#).unwrap();
    let before = migrate::standing(folder.path(), folder.path()).unwrap();
    assert!(matches!(before, Standing::Legacy { .. }), "{before:?}");
    let target = Target::Folder(folder.path().to_owned());
    let refused = app.copy_to(&target, false, &|_| ()).unwrap_err().to_string();
    assert!(refused.contains("is not migrated"), "{refused}");
    assert_eq!(migrate::standing(folder.path(), folder.path()).unwrap(), before);
}

/// The copy of a migrated workspace was not migrated itself: there is no backup to verify or go back to.
#[test]
fn a_copy_does_not_claim_to_be_migrated() {
    let Sample { app, .. } = &sample();
    let put = |writer: &mut dyn Writer| {
        writer.put_state("migration_complete", "2026-11-01T00:00:00Z")?;
        writer.put_state("migration_backup", "backups/migration-1")?;
        writer.put_state("migration_timestamp", "kept")
    };
    app.store.transact(put).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().to_owned());
    assert_eq!(app.copy_to(&target, false, &|_| ()).unwrap().different, 0);
    let there = store_in(folder.path());
    let states = there.read().unwrap().states().unwrap();
    let names: Vec<&str> = states.iter().map(|(state, _)| state.as_str()).collect();
    let of_migration = |name: &&&str| name.starts_with("migration_");
    assert_eq!(names.iter().filter(of_migration).collect::<Vec<_>>(), [&"migration_timestamp"]);
    drop(there);
    let standing = migrate::standing(folder.path(), folder.path()).unwrap();
    assert_eq!(standing, Standing::Ready { migrated: false });
}
