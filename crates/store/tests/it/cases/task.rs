//! What the contract says about task progress.

use model::{TaskProgress, TaskStatus};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    tasks_come_back,
    the_last_updated_come_first,
    removal_says_whether_it_was_there,
    an_id_and_a_percentage_are_needed,
);

const THEN: &str = "2025-12-22T10:00:00.123Z";

fn tasks_come_back(place: &Place) {
    let store = place.open();
    assert_eq!(store.read().unwrap().task("sync").unwrap(), None);
    for (status, percent) in TaskStatus::ALL.into_iter().zip([0, 1, 99, 100]) {
        let message = "\"Größe\"\n".to_owned();
        let one = TaskProgress { percent, message, ..task("sync/p/q", status, THEN) };
        put(&*store, |writer| writer.put_task(&one));
        assert_eq!(place.open().read().unwrap().task("sync/p/q").unwrap(), Some(one));
    }
    assert_eq!(store.read().unwrap().tasks().unwrap().len(), 1);
}

fn the_last_updated_come_first(place: &Place) {
    let store = place.open();
    let running = |id: &str, at: &str| task(id, TaskStatus::Running, at);
    put(&*store, |writer| {
        writer.put_task(&running("b", THEN))?;
        writer.put_task(&running("c", "2025-12-23T00:00:00Z"))?;
        writer.put_task(&running("a", THEN))
    });
    let listed = store.read().unwrap().tasks().unwrap();
    let order: Vec<_> = listed.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(order, ["c", "a", "b"]);
}

fn removal_says_whether_it_was_there(place: &Place) {
    let store = place.open();
    put(&*store, |writer| writer.put_task(&task("x", TaskStatus::Done, THEN)));
    let remove = || store.transact(|writer| writer.remove_task("x")).unwrap();
    assert_eq!((remove(), remove()), (true, false));
}

fn an_id_and_a_percentage_are_needed(place: &Place) {
    let store = place.open();
    let good = task("x", TaskStatus::Running, THEN);
    for bad in
        [TaskProgress { id: String::new(), ..good.clone() }, TaskProgress { percent: 101, ..good }]
    {
        let refused = store.transact(|writer| writer.put_task(&bad));
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
}
