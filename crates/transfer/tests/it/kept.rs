//! Files that stay in their workspace: proven, told apart, and taken back as they are.

use std::io::Cursor;

use model::{ProfileId, QueryId, QueryKey};
use store::Writer;
use transfer::{Error, ExportAsk, ImportAsk, read_note, verify_kept};

use crate::sample::{ASK, IMPORT, Place};

const NOTE: &str = r#"{"why":"a \"test\""}"#;

fn kept(place: &Place, profile: &ProfileId, query: Option<&QueryId>) -> Vec<u8> {
    let ask = ExportAsk { query, is_gzip: true, note: Some(NOTE), ..ASK };
    place.export(profile, &ask).0
}

fn verify(place: &Place, profile: &ProfileId, file: &[u8]) -> transfer::Result<()> {
    verify_kept(&*place.store.read()?, profile, None, &mut Cursor::new(file))
}

#[test]
fn a_copy_is_proven_and_says_what_it_is() {
    let places = ["multi", "real"].into_iter().filter_map(Place::shared);
    for place in std::iter::once(Place::small()).chain(places) {
        for id in place.profiles() {
            let file = kept(&place, &id, None);
            verify(&place, &id, &file).unwrap();
            assert_eq!(read_note(&mut Cursor::new(&file)).unwrap(), NOTE);
            for query in place.store.read().unwrap().queries(&id).unwrap() {
                let query = Some(&query.key.query);
                let file = kept(&place, &id, query);
                let reader = place.store.read().unwrap();
                verify_kept(&*reader, &id, query, &mut Cursor::new(file)).unwrap();
            }
        }
    }
}

/// Changes the store after the copy, and expects the difference to be noticed.
#[track_caller]
fn check_noticed(part: &str, change: impl FnOnce(&mut dyn Writer, &QueryKey) -> store::Result<()>) {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let key = place.store.read().unwrap().queries(&id).unwrap().remove(0).key;
    let file = kept(&place, &id, None);
    place.store.transact(|writer| change(writer, &key)).unwrap();
    let error = verify(&place, &id, &file).unwrap_err();
    assert!(matches!(error, Error::Differs(_)), "{error}");
    assert!(error.to_string().contains(part), "{error}");
}

#[test]
fn what_the_syncs_did_is_kept_and_no_part_of_exports() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let key = place.store.read().unwrap().queries(&id).unwrap().remove(0).key;
    let record = |jql: &str| model::SyncRecord { jql: jql.to_owned(), ..Default::default() };
    let entries = [record("\"first\" \n"), record("second")];
    place.store.transact(|tx| entries.iter().try_for_each(|it| tx.add_sync(&key, it))).unwrap();
    let file = kept(&place, &id, None);
    verify(&place, &id, &file).unwrap();
    let (export, _) = place.export(&id, &ASK);
    assert!(!String::from_utf8(export).unwrap().contains("{\"sync\":"));
    place.store.transact(|writer| writer.remove_profile(&id)).unwrap();
    place.import(&file, &ImportAsk { is_own: true, ..IMPORT }).unwrap();
    let [second, first] = place.store.read().unwrap().syncs(&key, 9).unwrap().try_into().unwrap();
    assert_eq!([first, second], entries);
    place.store.transact(|tx| tx.add_sync(&key, &record("third"))).unwrap();
    assert!(matches!(verify(&place, &id, &file), Err(Error::Differs(_))));
}

#[test]
fn every_difference_is_noticed() {
    check_noticed("record 1 is another one", |writer, key| {
        writer.touch_profile(&key.profile, model::Timestamp::UNIX_EPOCH)
    });
    check_noticed("it ends before record", |writer, key| {
        let query = writer.query(key)?.unwrap();
        let key = QueryKey::new(key.profile.clone(), QueryId::new("zzz").unwrap());
        writer.put_query(&model::Query { key, last_used: None, ..query })
    });
    check_noticed("is another one", |writer, key| writer.remove_issues(key).map(drop));
    check_noticed("it holds more than the workspace", |writer, key| {
        let all = model::Week::from_number(i32::MIN)..=model::Week::from_number(i32::MAX);
        writer.remove_snapshots(key, all).map(drop)
    });
}

#[test]
fn what_is_cut_or_no_copy_is_named() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let file = kept(&place, &id, None);
    let damaged = |error: &Error| matches!(error, Error::Damaged(_) | Error::Unknown(_));
    for bytes in [0, 1, 100, file.len() / 2, file.len() - 1] {
        let error = verify(&place, &id, file.get(..bytes).unwrap()).unwrap_err();
        assert!(damaged(&error), "{bytes}: {error}");
    }
    let (export, _) = place.export(&id, &ASK);
    let endless = b"{\"format\":1,".repeat(100_000);
    for no_copy in [&export[..], &endless, b"", b"{}", b"\n\n"] {
        let error = read_note(&mut Cursor::new(no_copy)).unwrap_err();
        assert!(damaged(&error), "{error}");
    }
}

#[test]
fn queries_go_into_a_profile_that_is_there() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let key = place.store.read().unwrap().queries(&id).unwrap().remove(0).key;
    let file = kept(&place, &id, Some(&key.query));
    let into = ImportAsk { into: Some(&id), is_own: true, ..IMPORT };
    let twin = place.import(&file, &into).unwrap();
    assert_eq!((&twin.profile, twin.queries.len()), (&id.to_string(), 1));
    assert_eq!(twin.queries[0].id, format!("{}-2", key.query));
    assert_eq!(twin.notes.len(), 2, "{:?}", twin.notes);
    place.store.transact(|writer| writer.remove_query(&key)).unwrap();
    let back = place.import(&file, &into).unwrap();
    assert_eq!((back.queries[0].id.as_str(), back.notes.len()), (key.query.as_str(), 0));
    let nobody = ProfileId::new("nobody").unwrap();
    let error = place.import(&file, &ImportAsk { into: Some(&nobody), ..into }).unwrap_err();
    assert!(matches!(error, Error::Store(store::Error::ProfileNotFound(_))), "{error}");
}
