//! What the contract says about access keys.

use model::AccessKey;
use model::access_key::Role;
use store::{Error, Record};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    keys_come_back,
    those_made_first_come_first,
    removal_says_whether_it_was_there,
    nothing_may_be_empty,
    no_record_is_touched,
);

fn key(id: &str, made_at: &str) -> AccessKey {
    AccessKey {
        id: id.to_owned(),
        name: format!("\"{id}\" größe"),
        role: Role::View,
        hash: "00ff".to_owned(),
        made_at: made_at.parse().unwrap(),
        used_at: None,
    }
}

const THEN: &str = "2025-12-22T10:00:00.123Z";

fn keys_come_back(place: &Place) {
    let store = place.open();
    assert_eq!(store.read().unwrap().access_keys().unwrap(), []);
    for (role, used_at) in [(Role::View, None), (Role::Edit, Some(THEN.parse().unwrap()))] {
        let one = AccessKey { role, used_at, ..key("a1", THEN) };
        put(&*store, |writer| writer.put_access_key(&one));
        assert_eq!(place.open().read().unwrap().access_keys().unwrap(), [one]);
    }
}

fn those_made_first_come_first(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        writer.put_access_key(&key("c", THEN))?;
        writer.put_access_key(&key("a", "2025-12-23T00:00:00Z"))?;
        writer.put_access_key(&key("b", THEN))
    });
    let listed = store.read().unwrap().access_keys().unwrap();
    let order: Vec<_> = listed.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(order, ["b", "c", "a"]);
}

fn removal_says_whether_it_was_there(place: &Place) {
    let store = place.open();
    put(&*store, |writer| writer.put_access_key(&key("x", THEN)));
    let remove = || store.transact(|writer| writer.remove_access_key("x")).unwrap();
    assert_eq!((remove(), remove()), (true, false));
    assert_eq!(place.open().read().unwrap().access_keys().unwrap(), []);
}

fn nothing_may_be_empty(place: &Place) {
    let store = place.open();
    let good = key("x", THEN);
    for bad in [
        AccessKey { id: String::new(), ..good.clone() },
        AccessKey { name: String::new(), ..good.clone() },
        AccessKey { hash: String::new(), ..good },
    ] {
        let refused = store.transact(|writer| writer.put_access_key(&bad));
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
}

fn no_record_is_touched(place: &Place) {
    let store = place.open();
    put(&*store, |writer| writer.put_state("a", "b"));
    let revision = || store.read().unwrap().revision_of(Record::State("a")).unwrap();
    let before = revision();
    put(&*store, |writer| writer.put_access_key(&key("x", THEN)));
    assert_eq!(revision(), before);
    assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
}
