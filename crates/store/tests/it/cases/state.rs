//! What the contract says about app state.

use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    values_come_back,
    the_list_is_in_order_of_the_key,
    removal_says_whether_it_was_there,
    a_key_is_needed,
);

fn values_come_back(place: &Place) {
    let store = place.open();
    assert_eq!(store.read().unwrap().state("active_profile_id").unwrap(), None);
    for key in ["active_profile_id", "active_query_id", "migration_complete", "Größe '\"\n"] {
        for value in ["p_1", "", "null", "None", "{\"a\":1}", "Größe\n\0🚀"] {
            put(&*store, |writer| {
                writer.put_state(key, value)?;
                assert_eq!(writer.state(key)?.as_deref(), Some(value));
                Ok(())
            });
            let found = place.open().read().unwrap().state(key).unwrap();
            assert_eq!(found.as_deref(), Some(value), "{key}");
        }
    }
}

fn the_list_is_in_order_of_the_key(place: &Place) {
    let store = place.open();
    assert_eq!(store.read().unwrap().states().unwrap(), []);
    let keys = ["b", "active_query_id", "a", "B", "active_profile_id", "ä"];
    put(&*store, |writer| keys.iter().try_for_each(|key| writer.put_state(key, "1")));
    let listed = store.read().unwrap().states().unwrap();
    let order: Vec<_> = listed.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(order, ["B", "a", "active_profile_id", "active_query_id", "b", "ä"]);
}

fn removal_says_whether_it_was_there(place: &Place) {
    let store = place.open();
    for key in ["active_profile_id", "other"] {
        put(&*store, |writer| writer.put_state(key, "x"));
        let remove = || store.transact(|writer| writer.remove_state(key)).unwrap();
        assert_eq!((remove(), remove()), (true, false));
        assert_eq!(store.read().unwrap().state(key).unwrap(), None);
    }
}

fn a_key_is_needed(place: &Place) {
    let refused = place.open().transact(|writer| writer.put_state("", "x"));
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}
