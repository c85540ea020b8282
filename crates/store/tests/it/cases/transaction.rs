//! What the contract says about transactions, views, threads and handles.

use std::panic::{AssertUnwindSafe, catch_unwind};

use store::{Error, Store};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    an_error_rolls_back,
    a_panic_rolls_back,
    a_dropped_writer_rolls_back,
    nesting_is_an_error,
    a_writer_sees_its_own_writes,
    nobody_else_sees_them_before_the_commit,
    a_reader_keeps_its_view,
    an_empty_transaction_is_fine,
    remove_and_put_again_in_one_transaction,
    many_threads_write_at_once,
    two_handles_share_one_place,
    reopening_gives_everything_again,
);

#[test]
fn addresses_open_what_they_name() {
    let places = [Some(Place::sqlite()), Some(Place::json()), Place::empty_postgres()];
    places.iter().flatten().for_each(check_address);
}

fn state(store: &dyn Store, key: &str) -> Option<String> {
    store.read().unwrap().state(key).unwrap()
}

/// Changes every noun of a workspace.
fn change_all(writer: &mut dyn store::Writer) -> store::Result<()> {
    let key = key("p", "q");
    writer.put_state("a", "changed")?;
    writer.rename_profile(&key.profile, "Changed")?;
    writer.put_profile(&profile("new"))?;
    writer.replace_issues(&key, &header(), &mut [issue("NEW-1")].into_iter())?;
    writer.put_changelogs(&key, &[changelog("NEW-1", "Done")])?;
    writer.put_snapshots(&key, &[snapshot("2025-W44", "flow_time", "1")])?;
    writer.put_project_data(&key, &Default::default())
}

fn prepared(place: &Place) -> Box<dyn Store> {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_state("a", "old")?;
        writer.put_issues(&key, &[issue("OLD-1")])
    });
    store
}

#[track_caller]
fn check_unchanged(store: &dyn Store) {
    let key = key("p", "q");
    let reader = store.read().unwrap();
    assert_eq!(reader.state("a").unwrap().as_deref(), Some("old"));
    assert_eq!(reader.profile(&key.profile).unwrap(), Some(profile("p")));
    assert_eq!(reader.profiles().unwrap().len(), 1);
    assert_eq!(reader.issue(&key, "OLD-1").unwrap(), Some(issue("OLD-1")));
    assert_eq!(reader.issue_count(&key).unwrap(), 1);
    assert_eq!(reader.changelog_count(&key).unwrap(), 0);
    assert_eq!(reader.snapshots(&key, 9).unwrap(), []);
    assert_eq!(reader.project_data(&key).unwrap(), None);
}

fn an_error_rolls_back(place: &Place) {
    let store = prepared(place);
    let given_up = store.transact(|writer| {
        change_all(writer)?;
        Err::<(), _>(Error::Aborted("changed my mind".into()))
    });
    assert!(matches!(given_up, Err(Error::Aborted(why)) if why == "changed my mind"));
    check_unchanged(&*store);
    check_unchanged(&*place.open());
}

fn a_panic_rolls_back(place: &Place) {
    let store = prepared(place);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.transact(|writer| -> store::Result<()> {
            change_all(writer)?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    check_unchanged(&*store);
    put(&*store, change_all);
    assert_eq!(state(&*place.open(), "a").as_deref(), Some("changed"));
}

fn a_dropped_writer_rolls_back(place: &Place) {
    let store = prepared(place);
    let mut writer = store.write().unwrap();
    change_all(&mut *writer).unwrap();
    drop(writer);
    check_unchanged(&*store);
}

fn nesting_is_an_error(place: &Place) {
    let store = prepared(place);
    let outer = store.transact(|writer| {
        assert!(matches!(store.write().map(drop), Err(Error::Nested)));
        assert!(matches!(store.transact(|_| Ok(())), Err(Error::Nested)));
        writer.put_state("a", "outer")
    });
    outer.unwrap();
    assert_eq!(state(&*store, "a").as_deref(), Some("outer"));
    put(&*store, |writer| writer.put_state("a", "after"));
}

fn a_writer_sees_its_own_writes(place: &Place) {
    let store = prepared(place);
    let key = key("p", "q");
    put(&*store, |writer| {
        change_all(writer)?;
        assert_eq!(writer.state("a")?.as_deref(), Some("changed"));
        assert_eq!(writer.profiles()?.len(), 2);
        assert_eq!(writer.profile(&key.profile)?.unwrap().name, "Changed");
        assert_eq!(writer.issue(&key, "NEW-1")?, Some(issue("NEW-1")));
        assert_eq!(writer.issue(&key, "OLD-1")?, None);
        assert_eq!(writer.queries(&key.profile)?[0].issues, 1);
        assert_eq!(writer.queries(&key.profile)?[0].changelogs, 1);
        assert_eq!(writer.snapshots(&key, 9)?.len(), 1);
        writer.remove_query(&key)?;
        assert_eq!(writer.queries(&key.profile)?, []);
        assert_eq!(writer.issue_count(&key)?, 0);
        Ok(())
    });
}

fn nobody_else_sees_them_before_the_commit(place: &Place) {
    let store = prepared(place);
    let mut writer = store.write().unwrap();
    change_all(&mut *writer).unwrap();
    check_unchanged(&*store);
    check_unchanged(&*place.open());
    writer.commit().unwrap();
    assert_eq!(state(&*store, "a").as_deref(), Some("changed"));
}

fn a_reader_keeps_its_view(place: &Place) {
    let store = prepared(place);
    let key = key("p", "q");
    let before = store.read().unwrap();
    // Twice, so that what the first commit kept for the reader is not tidied by the second.
    put(&*store, change_all);
    put(&*store, |writer| writer.remove_profile(&key.profile).map(drop));
    assert_eq!(before.state("a").unwrap().as_deref(), Some("old"));
    assert_eq!(before.profile(&key.profile).unwrap(), Some(profile("p")));
    assert_eq!(before.profiles().unwrap().len(), 1);
    assert_eq!(before.issue(&key, "OLD-1").unwrap(), Some(issue("OLD-1")));
    assert_eq!(before.changelog_count(&key).unwrap(), 0);
    assert_eq!(before.queries(&key.profile).unwrap().len(), 1);
    let after = store.read().unwrap();
    assert_eq!(after.profile(&key.profile).unwrap(), None);
    assert!(before.revision().unwrap() < after.revision().unwrap());
}

fn an_empty_transaction_is_fine(place: &Place) {
    let store = prepared(place);
    put(&*store, |_| Ok(()));
    check_unchanged(&*store);
}

fn remove_and_put_again_in_one_transaction(place: &Place) {
    let store = prepared(place);
    let key = key("p", "q");
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("MID-1")])?;
        writer.remove_profile(&key.profile)?;
        writer.put_profile(&profile("p"))?;
        writer.put_query(&query(&key))?;
        writer.put_issues(&key, &[issue("NEW-1")])?;
        writer.remove_issues(&key)?;
        writer.put_issues(&key, &[issue("NEW-2")])
    });
    let reopened = place.open();
    let reader = reopened.read().unwrap();
    assert_eq!(reader.issue_count(&key).unwrap(), 1);
    assert_eq!(reader.issue(&key, "NEW-2").unwrap(), Some(issue("NEW-2")));
}

fn many_threads_write_at_once(place: &Place) {
    const THREADS: usize = 6;
    const ROUNDS: usize = 8;
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_state("count", "0"));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, key) = (&store, &key);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    put(&**store, |writer| {
                        let count: usize = writer.state("count")?.unwrap().parse().unwrap();
                        writer.put_state("count", &(count + 1).to_string())?;
                        writer.put_issues(key, &[issue(&format!("T{thread}-{round}"))])
                    });
                    let reader = store.read().unwrap();
                    let count: u64 = reader.state("count").unwrap().unwrap().parse().unwrap();
                    assert_eq!(reader.issue_count(key).unwrap(), count);
                }
            });
        }
    });
    assert_eq!(state(&*store, "count"), Some((THREADS * ROUNDS).to_string()));
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
}

fn two_handles_share_one_place(place: &Place) {
    let (one, two) = (place.open(), place.open());
    put(&*one, |writer| writer.put_profile(&profile("p")));
    assert_eq!(two.read().unwrap().profiles().unwrap().len(), 1);
    let held = one.read().unwrap();
    put(&*two, |writer| writer.put_query(&query(&key("p", "q"))));
    assert_eq!(held.queries(&profile_id("p")).unwrap(), []);
    drop(held);
    assert_eq!(one.read().unwrap().queries(&profile_id("p")).unwrap().len(), 1);
    std::thread::scope(|scope| {
        for store in [&one, &two] {
            scope.spawn(move || {
                for _ in 0..10 {
                    put(&**store, |writer| {
                        let count = writer.state("n")?.unwrap_or_default().len();
                        writer.put_state("n", &"x".repeat(count + 1))
                    });
                }
            });
        }
    });
    assert_eq!(state(&*one, "n").unwrap().len(), 20);
}

fn reopening_gives_everything_again(place: &Place) {
    let store = prepared(place);
    put(&*store, change_all);
    put(&*store, |writer| {
        writer.put_task(&task("t", model::TaskStatus::Running, "2025-12-22T10:00:00Z"))
    });
    let before = everything(&*store);
    drop(store);
    assert_eq!(everything(&*place.open()), before);
}

fn everything(store: &dyn Store) -> String {
    let key = key("p", "q");
    let reader = store.read().unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        reader.states().unwrap(),
        reader.profiles().unwrap(),
        reader.queries(&key.profile).unwrap(),
        reader.header(&key, model::CacheKind::Issues).unwrap(),
        reader.issue(&key, "NEW-1").unwrap(),
        reader.changelog(&key, "NEW-1").unwrap(),
        reader.snapshots(&key, 9).unwrap(),
        reader.tasks().unwrap(),
    )
}

fn check_address(place: &Place) {
    assert!(matches!(store::open_existing(&place.address()), Err(Error::NotFound(_))));
    prepared(place);
    let store = store::open_existing(&place.address()).unwrap();
    assert_eq!(store.address(), place.address());
    check_unchanged(&*store);
    if place.folder().is_some() {
        let bare = place.address().split_once(':').unwrap().1.to_owned();
        check_unchanged(&*store::open(&bare).unwrap());
    }
}
