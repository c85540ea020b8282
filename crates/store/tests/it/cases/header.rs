//! What the contract says about cache headers.

use model::{CacheHeader, CacheKind};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    a_full_header_comes_back,
    members_keep_odd_json,
    absent_members_stay_absent,
    the_two_caches_are_apart,
    records_alone_make_an_empty_header,
    put_needs_its_query,
    times_are_kept_to_the_millisecond,
);

const KINDS: [CacheKind; 2] = [CacheKind::Issues, CacheKind::Changelogs];

#[track_caller]
fn check_round_trip(place: &Place, header: &CacheHeader) {
    let (store, key) = workspace(place);
    for kind in KINDS {
        put(&*store, |writer| writer.put_header(&key, kind, header));
        for store in [place.open(), place.open()] {
            let found = store.read().unwrap().header(&key, kind).unwrap();
            assert_eq!(found.as_ref(), Some(header), "{kind:?}");
        }
    }
}

fn a_full_header_comes_back(place: &Place) {
    check_round_trip(place, &header());
    check_round_trip(place, &CacheHeader { expires_at: None, partial: None, ..header() });
}

fn members_keep_odd_json(place: &Place) {
    for text in ODD_JSON {
        let odd = CacheHeader {
            cache_version: Some(json(text)),
            changed_keys: Some(json(text)),
            told_total: Some(json(text)),
            extra: [("odd".to_owned(), json(text))].into_iter().collect(),
            ..CacheHeader::default()
        };
        check_round_trip(place, &odd);
    }
}

fn absent_members_stay_absent(place: &Place) {
    check_round_trip(place, &CacheHeader::default());
    let empty = || Some(String::new());
    check_round_trip(
        place,
        &CacheHeader {
            jql: empty(),
            jql_hash: empty(),
            fields_requested: empty(),
            partial: empty(),
            fetched_at: stamp("2025-12-22T17:09:33.638444"),
            last_updated: stamp("never"),
            ..CacheHeader::default()
        },
    );
}

fn the_two_caches_are_apart(place: &Place) {
    let (store, key) = workspace(place);
    let [issues, changelogs] = KINDS;
    for kind in KINDS {
        assert_eq!(store.read().unwrap().header(&key, kind).unwrap(), None);
    }
    put(&*store, |writer| writer.put_header(&key, issues, &header()));
    assert_eq!(store.read().unwrap().header(&key, changelogs).unwrap(), None);
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1")])?;
        writer.put_changelogs(&key, &[changelog("A-1", "Done")])?;
        writer.put_header(&key, changelogs, &CacheHeader::default())?;
        writer.remove_changelogs(&key)
    });
    let reader = store.read().unwrap();
    assert_eq!(reader.header(&key, changelogs).unwrap(), None);
    assert_eq!(reader.header(&key, issues).unwrap(), Some(header()));
    assert_eq!(reader.issue_count(&key).unwrap(), 1);
}

fn records_alone_make_an_empty_header(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1")])?;
        writer.put_changelogs(&key, &[changelog("A-1", "Done")])
    });
    for kind in KINDS {
        let found = store.read().unwrap().header(&key, kind).unwrap();
        assert_eq!(found, Some(CacheHeader::default()), "{kind:?}");
    }
}

fn put_needs_its_query(place: &Place) {
    let (store, _) = workspace(place);
    for missing in [key("p", "none"), key("nobody", "q")] {
        let refused =
            store.transact(|writer| writer.put_header(&missing, CacheKind::Issues, &header()));
        assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
    }
}

/// Whatever clock it came from, it is the same in the transaction that puts it, later, and in a copy.
fn times_are_kept_to_the_millisecond(place: &Place) {
    let (store, key) = workspace(place);
    let due = |text: &str| CacheHeader { expires_at: Some(at(text)), ..CacheHeader::default() };
    let (put_in, kept) = (due("2026-11-30T20:04:21.542987654Z"), due("2026-11-30T20:04:21.542Z"));
    for kind in KINDS {
        put(&*store, |writer| {
            writer.put_header(&key, kind, &put_in)?;
            assert_eq!(writer.header(&key, kind)?.as_ref(), Some(&kept), "{kind:?}");
            Ok(())
        });
        assert_eq!(place.open().read().unwrap().header(&key, kind).unwrap().as_ref(), Some(&kept));
    }
}
