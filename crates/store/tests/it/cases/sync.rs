//! What the contract says about the ledger of a query.

use model::{SyncOutcome, SyncRecord};
use store::Error;
use store::contract::SYNCS_KEPT;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    entries_come_back_newest_first,
    the_last_ones_are_kept,
    entries_need_their_query_and_go_with_it,
    entries_move_with_a_copy,
);

fn record(number: u64) -> SyncRecord {
    SyncRecord {
        started_at: at("2026-11-22T12:00:00.123456Z"),
        outcome: SyncOutcome::Done,
        message: "\"Größe\"\n".to_owned(),
        bytes: u64::MAX,
        found: number,
        ..SyncRecord::default()
    }
}

fn entries_come_back_newest_first(place: &Place) {
    let (store, key) = workspace(place);
    assert_eq!(store.read().unwrap().syncs(&key, 9).unwrap(), []);
    put(&*store, |writer| {
        writer.add_sync(&key, &record(1))?;
        writer.add_sync(&key, &record(2))?;
        assert_eq!(writer.syncs(&key, 1)?, [record(2)]);
        Ok(())
    });
    let reopened = place.open();
    assert_eq!(reopened.read().unwrap().syncs(&key, 9).unwrap(), [record(2), record(1)]);
    assert_eq!(reopened.read().unwrap().syncs(&key, 0).unwrap(), []);
}

fn the_last_ones_are_kept(place: &Place) {
    let (store, key_of_q) = workspace(place);
    let other = key("p", "other");
    put(&*store, |writer| {
        writer.put_query(&query(&other))?;
        writer.add_sync(&other, &record(0))?;
        (0..SYNCS_KEPT as u64 + 3)
            .try_for_each(|number| writer.add_sync(&key_of_q, &record(number)))
    });
    let kept = store.read().unwrap().syncs(&key_of_q, usize::MAX).unwrap();
    let want: Vec<SyncRecord> = (3..SYNCS_KEPT as u64 + 3).rev().map(record).collect();
    assert_eq!(kept, want);
    assert_eq!(store.read().unwrap().syncs(&other, 9).unwrap(), [record(0)]);
}

fn entries_need_their_query_and_go_with_it(place: &Place) {
    let (store, key_of_q) = workspace(place);
    let missing = key("p", "none");
    let refused = store.transact(|writer| writer.add_sync(&missing, &record(1)));
    assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
    assert_eq!(store.read().unwrap().syncs(&missing, 9).unwrap(), []);
    put(&*store, |writer| writer.add_sync(&key_of_q, &record(1)));
    put(&*store, |writer| writer.remove_query(&key_of_q));
    put(&*store, |writer| writer.put_query(&query(&key_of_q)));
    assert_eq!(store.read().unwrap().syncs(&key_of_q, 9).unwrap(), []);
}

fn entries_move_with_a_copy(place: &Place) {
    let (store, from) = workspace(place);
    let to = key("p", "to");
    put(&*store, |writer| {
        writer.put_query(&query(&to))?;
        writer.add_sync(&from, &record(1))?;
        writer.add_sync(&from, &record(2))
    });
    let reader = store.read().unwrap();
    put(&*store, |writer| store::copy_data(&*reader, &from, writer, &to));
    assert_eq!(store.read().unwrap().syncs(&to, 9).unwrap(), [record(2), record(1)]);
}
