//! What the contract says about the statuses that a server lists.

use model::{Status, StatusCategory};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(statuses_come_back_in_order, statuses_go_with_their_profile);

fn status(id: &str) -> Status {
    Status {
        id: id.to_owned(),
        name: "Größe".to_owned(),
        untranslated_name: Some("Done".to_owned()),
        category: Some(StatusCategory::Done),
        project: Some("A".to_owned()),
        order: Some(3),
        seen_last: Some(at("2026-11-22T12:00:00.123Z")),
        is_gone: true,
    }
}

fn bare(id: &str) -> Status {
    Status {
        untranslated_name: None,
        category: None,
        project: None,
        order: None,
        seen_last: None,
        is_gone: false,
        ..status(id)
    }
}

fn statuses_come_back_in_order(place: &Place) {
    let (store, key) = workspace(place);
    let listed = [status("9"), bare("10"), status("1")];
    assert_eq!(store.read().unwrap().statuses(&key.profile).unwrap(), []);
    put(&*store, |writer| writer.put_statuses(&key.profile, &listed));
    assert_eq!(place.open().read().unwrap().statuses(&key.profile).unwrap(), listed);
    put(&*store, |writer| writer.put_statuses(&key.profile, &[bare("1")]));
    assert_eq!(place.open().read().unwrap().statuses(&key.profile).unwrap(), [bare("1")]);
}

fn statuses_go_with_their_profile(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_statuses(&key.profile, &[status("1")]));
    put(&*store, |writer| writer.remove_profile(&key.profile).map(drop));
    assert_eq!(store.read().unwrap().statuses(&key.profile).unwrap(), []);
    let refused = store.write().unwrap().put_statuses(&key.profile, &[]);
    assert!(matches!(refused, Err(Error::ProfileNotFound(_))));
}
