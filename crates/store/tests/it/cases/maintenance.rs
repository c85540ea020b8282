//! What the contract says about upkeep.

use model::{CacheHeader, CacheKind, QueryKey, TaskStatus};
use store::Store;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    expired_issues_stay,
    changelogs_of_gone_issues_go,
    changelogs_stay_beside_a_partial_or_older_cache,
    old_ended_tasks_go,
    a_fresh_store_is_sound,
    a_full_store_is_sound,
    compaction_keeps_everything,
);

const NOW: &str = "2026-06-01T00:00:00Z";

fn fetched(text: &str) -> CacheHeader {
    CacheHeader { fetched_at: stamp(text), ..CacheHeader::default() }
}

fn with_a_gone_issue(
    place: &Place,
    issues: &CacheHeader,
    changelogs: &CacheHeader,
) -> (Box<dyn Store>, QueryKey) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.replace_issues(&key, issues, &mut [issue("A-1")].into_iter())?;
        let entries = ["A-1", "GONE-1"].map(|name| changelog(name, "Done"));
        writer.replace_changelogs(&key, changelogs, &mut entries.into_iter())
    });
    (store, key)
}

fn expired_issues_stay(place: &Place) {
    let (store, key) = workspace(place);
    let expired = CacheHeader { expires_at: Some(at("2025-01-01T00:00:00Z")), ..header() };
    put(&*store, |writer| {
        writer.replace_issues(&key, &expired, &mut ["A-1", "A-2"].map(issue).into_iter())
    });
    store.cleanup(at(NOW)).unwrap();
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&key).unwrap(), 2);
    assert_eq!(reader.header(&key, CacheKind::Issues).unwrap(), Some(expired));
}

fn changelogs_of_gone_issues_go(place: &Place) {
    let (issues, changelogs) = (fetched("2026-05-02T00:00:00Z"), fetched("2026-05-01T00:00:00Z"));
    let (store, key) = with_a_gone_issue(place, &issues, &changelogs);
    assert!(store.cleanup(at(NOW)).unwrap() >= 1);
    let reader = store.read().unwrap();
    assert!(reader.changelog(&key, "A-1").unwrap().is_some());
    assert_eq!(reader.changelog(&key, "GONE-1").unwrap(), None);
    assert_eq!(reader.changelog_count(&key).unwrap(), 1);
    assert_eq!(reader.header(&key, CacheKind::Changelogs).unwrap(), Some(changelogs));
    assert_eq!(store.cleanup(at(NOW)).unwrap(), 0);
}

fn changelogs_stay_beside_a_partial_or_older_cache(place: &Place) {
    let partial = CacheHeader { partial: Some("cut".into()), ..fetched("2026-05-02T00:00:00Z") };
    let older = fetched("2026-04-01T00:00:00Z");
    // As after each of our syncs: both were fetched together.
    let equal = fetched("2026-05-01T00:00:00Z");
    for issues in [partial, older, equal] {
        let (store, key) = with_a_gone_issue(place, &issues, &fetched("2026-05-01T00:00:00Z"));
        store.cleanup(at(NOW)).unwrap();
        assert_eq!(store.read().unwrap().changelog_count(&key).unwrap(), 2);
    }
}

fn old_ended_tasks_go(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        writer.put_task(&task("old done", TaskStatus::Done, "2026-05-24T23:59:59Z"))?;
        writer.put_task(&task("old failed", TaskStatus::Failed, "2025-05-01T00:00:00Z"))?;
        writer.put_task(&task("old running", TaskStatus::Running, "2025-05-01T00:00:00Z"))?;
        writer.put_task(&task("new done", TaskStatus::Cancelled, "2026-05-25T00:00:01Z"))
    });
    assert_eq!(store.cleanup(at(NOW)).unwrap(), 2);
    let left = store.read().unwrap().tasks().unwrap();
    let ids: Vec<_> = left.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["new done", "old running"]);
}

fn a_fresh_store_is_sound(place: &Place) {
    let store = place.open();
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    assert!(store.schema_version().unwrap() >= 1);
    assert_eq!(store.cleanup(at(NOW)).unwrap(), 0);
    store.compact().unwrap();
}

fn a_full_store_is_sound(place: &Place) {
    let (store, key) = with_a_gone_issue(place, &header(), &header());
    put(&*store, |writer| writer.put_snapshots(&key, &[snapshot("2025-W44", "flow_time", "1")]));
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    assert!(store.size_bytes().unwrap() > 0);
}

fn compaction_keeps_everything(place: &Place) {
    let (store, key) = workspace(place);
    let many: Vec<_> = (0..500).map(|number| issue(&format!("A-{number}"))).collect();
    put(&*store, |writer| writer.put_issues(&key, &many));
    put(&*store, |writer| writer.replace_issues(&key, &header(), &mut many[..5].iter().cloned()));
    store.compact().unwrap();
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&key).unwrap(), 5);
    assert_eq!(reader.issue(&key, "A-4").unwrap(), Some(issue("A-4")));
}
