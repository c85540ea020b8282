//! What the contract says about revisions.

use model::{CacheKind, QueryKey};
use store::{Record, Revision, Store};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    transactions_are_counted,
    written_records_carry_their_revision,
    removed_records_carry_theirs,
    records_removed_by_key_carry_theirs,
    cascades_count,
    replacing_a_cache_counts,
    what_was_never_there_has_none,
);

fn now(store: &dyn Store) -> Revision {
    store.read().unwrap().revision().unwrap()
}

#[track_caller]
fn check(store: &dyn Store, record: Record<'_>, want: Revision) {
    let found = store.read().unwrap().revision_of(record).unwrap();
    assert_eq!(found, Some(want), "{record:?}");
}

/// Every record of a query that has one of each, all written by one transaction.
fn records(key: &QueryKey) -> [Record<'_>; 8] {
    [
        Record::Profile(&key.profile),
        Record::Query(key),
        Record::Header(key, CacheKind::Issues),
        Record::Header(key, CacheKind::Changelogs),
        Record::Issue(key, "A-1"),
        Record::Changelog(key, "A-1"),
        Record::ProjectData(key),
        Record::Snapshot(key, week("2025-W44"), "flow_time"),
    ]
}

fn full(place: &Place) -> (Box<dyn Store>, QueryKey) {
    let store = place.open();
    let key = key("p", "q");
    put(&*store, |writer| {
        writer.put_profile(&profile("p"))?;
        writer.put_query(&query(&key))?;
        writer.put_header(&key, CacheKind::Issues, &header())?;
        writer.put_issues(&key, &["A-1", "A-2"].map(issue))?;
        writer.put_header(&key, CacheKind::Changelogs, &header())?;
        writer.put_changelogs(&key, &[changelog("A-1", "Done")])?;
        writer.put_project_data(&key, &Default::default())?;
        writer.put_snapshots(&key, &[snapshot("2025-W44", "flow_time", "1")])
    });
    (store, key)
}

fn transactions_are_counted(place: &Place) {
    let store = place.open();
    assert_eq!(now(&*store), 0);
    put(&*store, |writer| {
        writer.put_state("a", "1")?;
        assert_eq!(writer.revision()?, 1);
        writer.put_state("b", "1")
    });
    assert_eq!(now(&*store), 1);
    let given_up = store.transact(|writer| {
        writer.put_state("a", "2")?;
        Err::<(), _>(store::Error::Aborted("no".into()))
    });
    assert!(given_up.is_err());
    assert_eq!(now(&*store), 1);
    check(&*store, Record::State("a"), 1);
    put(&*store, |writer| writer.put_state("a", "2"));
    assert_eq!(now(&*place.open()), 2);
    check(&*store, Record::State("a"), 2);
    check(&*store, Record::State("b"), 1);
}

fn written_records_carry_their_revision(place: &Place) {
    let (store, key) = full(place);
    for record in records(&key) {
        check(&*store, record, 1);
    }
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1")])?;
        assert_eq!(writer.revision_of(Record::Issue(&key, "A-1"))?, Some(2));
        Ok(())
    });
    check(&*place.open(), Record::Issue(&key, "A-1"), 2);
    for record in [Record::Profile(&key.profile), Record::Query(&key), Record::ProjectData(&key)] {
        check(&*store, record, 1);
    }
    put(&*store, |writer| writer.rename_profile(&key.profile, "Other"));
    check(&*store, Record::Profile(&key.profile), 3);
    check(&*store, Record::Query(&key), 1);
    put(&*store, |writer| writer.touch_query(&key, at("2026-01-01T00:00:00Z")));
    check(&*store, Record::Query(&key), 4);
    check(&*store, Record::Changelog(&key, "A-1"), 1);
}

fn removed_records_carry_theirs(place: &Place) {
    let (store, key) = full(place);
    put(&*store, |writer| writer.put_state("a", "1"));
    put(&*store, |writer| {
        writer.remove_issues(&key)?;
        writer.remove_changelogs(&key)?;
        writer.remove_project_data(&key)?;
        writer.remove_snapshots(&key, week("2025-W01")..=week("2025-W52"))?;
        writer.remove_state("a")
    });
    for record in records(&key).into_iter().skip(2).chain([Record::State("a")]) {
        check(&*store, record, 3);
    }
    check(&*store, Record::Query(&key), 1);
}

fn records_removed_by_key_carry_theirs(place: &Place) {
    let (store, key) = full(place);
    put(&*store, |writer| {
        writer.remove_issues_of(&key, &["A-1"])?;
        writer.remove_changelogs_of(&key, &["A-1"])
    });
    check(&*store, Record::Issue(&key, "A-1"), 2);
    check(&*store, Record::Changelog(&key, "A-1"), 2);
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-1")]));
    check(&*store, Record::Issue(&key, "A-1"), 3);
    put(&*store, |writer| writer.remove_issues(&key));
    check(&*store, Record::Issue(&key, "A-1"), 4);
}

fn cascades_count(place: &Place) {
    let (store, key_of_q) = full(place);
    put(&*store, |writer| writer.remove_query(&key_of_q));
    for record in records(&key_of_q).into_iter().skip(1) {
        check(&*store, record, 2);
    }
    check(&*store, Record::Profile(&key_of_q.profile), 1);
    put(&*store, |writer| writer.put_query(&query(&key_of_q)));
    check(&*store, Record::Query(&key_of_q), 3);
    check(&*store, Record::Issue(&key_of_q, "A-1"), 2);
    put(&*store, |writer| writer.remove_profile(&key_of_q.profile));
    for record in records(&key_of_q) {
        check(&*store, record, 4);
    }
}

fn replacing_a_cache_counts(place: &Place) {
    let (store, key) = full(place);
    put(&*store, |writer| {
        writer.replace_issues(&key, &header(), &mut [issue("B-1")].into_iter())?;
        writer.replace_changelogs(&key, &header(), &mut std::iter::empty())
    });
    for issue_key in ["A-1", "A-2", "B-1"] {
        check(&*store, Record::Issue(&key, issue_key), 2);
    }
    check(&*store, Record::Changelog(&key, "A-1"), 2);
    check(&*store, Record::Header(&key, CacheKind::Issues), 2);
    check(&*store, Record::ProjectData(&key), 1);
}

fn what_was_never_there_has_none(place: &Place) {
    let (store, _) = workspace(place);
    let (nobody, none) = (key("nobody", "q"), key("p", "none"));
    let reader = store.read().unwrap();
    let with_nothing = key("p", "q");
    for record in records(&nobody)
        .into_iter()
        .chain(records(&none).into_iter().skip(1))
        .chain(records(&with_nothing).into_iter().skip(2))
        .chain([Record::State("a")])
    {
        assert_eq!(reader.revision_of(record).unwrap(), None, "{record:?}");
    }
}
