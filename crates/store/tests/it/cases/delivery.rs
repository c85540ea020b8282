//! What the contract says about deliveries.

use model::{
    Delivery, DeliveryKey, DeliveryQuery, DeliverySplit, DeliveryState, Object, Rule,
    delivery::DeliverySaid,
};
use store::{Error, Record};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    deliveries_come_back_by_place,
    deliveries_outlive_their_queries_and_go_with_their_profile,
    a_delivery_carries_a_revision,
    deliveries_are_copied,
);

pub(crate) fn bare(id: &str, place: u32) -> Delivery {
    Delivery {
        key: DeliveryKey::parse("p", id).unwrap(),
        name: format!("Delivery {id}"),
        rule: Rule::All,
        target: None,
        place,
        state: DeliveryState::Planned,
        split: None,
        queries: Vec::new(),
        created_at: at("2026-11-22T12:00:00.123Z"),
        record: Vec::new(),
        extra: Object::new(),
    }
}

fn full(id: &str, place: u32) -> Delivery {
    let query = |profile: &str, query: &str| DeliveryQuery {
        key: key(profile, query),
        name: "Größe".to_owned(),
    };
    let said = DeliverySaid {
        date: "2026-11-20".parse().unwrap(),
        scope: 7,
        done: 3,
        half: "2026-12-01".parse().ok(),
        likely: None,
        target: "2026-12-24".parse().ok(),
        odds_per_mille: Some(512),
    };
    Delivery {
        rule: r#"fix version = "1.0" and (label = "a \" b" or text ~ "x")"#.parse().unwrap(),
        target: "2026-12-24".parse().ok(),
        state: DeliveryState::Running,
        split: Some(DeliverySplit::Share),
        queries: vec![query("p", "q"), query("elsewhere", "gone")],
        record: vec![said],
        extra: object(r#"{"note":[1,null]}"#),
        ..bare(id, place)
    }
}

fn deliveries_come_back_by_place(place: &Place) {
    let (store, key) = workspace(place);
    assert_eq!(store.read().unwrap().deliveries(&key.profile).unwrap(), []);
    let all = [full("b", 1), bare("a", 2), full("z", 2)];
    put(&*store, |writer| {
        [2, 0, 1].into_iter().try_for_each(|place| writer.put_delivery(&all[place]))
    });
    let reader = place.open();
    let reader = reader.read().unwrap();
    assert_eq!(reader.deliveries(&key.profile).unwrap(), all);
    assert_eq!(reader.delivery(&all[0].key).unwrap(), Some(all[0].clone()));
    assert_eq!(reader.delivery(&bare("x", 1).key).unwrap(), None);
    drop(reader);
    put(&*store, |writer| writer.put_delivery(&bare("b", 9)));
    assert!(put(&*store, |writer| writer.remove_delivery(&all[1].key)));
    assert!(!put(&*store, |writer| writer.remove_delivery(&all[1].key)));
    let left = place.open().read().unwrap().deliveries(&key.profile).unwrap();
    assert_eq!(left, [full("z", 2), bare("b", 9)]);
    let unnamed = Delivery { name: " ".to_owned(), ..bare("n", 1) };
    let refused = store.write().unwrap().put_delivery(&unnamed);
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

fn deliveries_outlive_their_queries_and_go_with_their_profile(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_delivery(&full("d", 1)));
    put(&*store, |writer| writer.remove_query(&key).map(drop));
    assert_eq!(store.read().unwrap().deliveries(&key.profile).unwrap(), [full("d", 1)]);
    put(&*store, |writer| writer.remove_profile(&key.profile).map(drop));
    assert_eq!(store.read().unwrap().deliveries(&key.profile).unwrap(), []);
    let refused = store.write().unwrap().put_delivery(&full("d", 1));
    assert!(matches!(refused, Err(Error::ProfileNotFound(_))));
}

fn a_delivery_carries_a_revision(place: &Place) {
    let (store, _) = workspace(place);
    let delivery = bare("d", 1);
    let revision = || {
        let reader = store.read().unwrap();
        (reader.revision_of(Record::Delivery(&delivery.key)).unwrap(), reader.revision().unwrap())
    };
    assert_eq!(revision().0, None);
    put(&*store, |writer| writer.put_delivery(&delivery));
    let (found, newest) = revision();
    assert_eq!(found, Some(newest));
    put(&*store, |writer| writer.put_state("other", "x"));
    assert_eq!(revision().0, Some(newest));
    put(&*store, |writer| writer.remove_delivery(&delivery.key).map(drop));
    let (found, newest) = revision();
    assert_eq!(found, Some(newest));
}

fn deliveries_are_copied(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_delivery(&full("d", 1)));
    let other = Place::sqlite();
    let other = other.open();
    put(&*other, |writer| store::copy(&*store.read().unwrap(), writer));
    assert_eq!(other.read().unwrap().deliveries(&key.profile).unwrap(), [full("d", 1)]);
}
