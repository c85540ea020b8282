//! What the contract says about queries.

use model::{Query, Stamp};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    a_full_query_comes_back,
    extra_members_keep_odd_json,
    put_needs_its_profile_and_a_name,
    put_replaces_and_keeps_what_it_owns,
    names_may_repeat,
    touch_sets_last_used,
    the_list_is_sorted_and_tells_of_the_cache,
    removal_takes_everything_below,
    ids_are_exact_in_their_profile,
    reading_below_nothing_gives_nothing,
);

fn full() -> Query {
    Query {
        name: "Bugs \"only\"".into(),
        jql: "project = A AND text ~ 'Größe'\nORDER BY created".into(),
        description: Some(String::new()),
        created_at: stamp("2025-12-22T17:09:33.638444"),
        updated_at: stamp("2025-12-22T16:05:02.176551+00:00"),
        last_used: stamp("soon"),
        extra: object(r#"{"is_active":true,"odd":{"n":1e400}}"#),
        ..query(&key("p", "q"))
    }
}

#[track_caller]
fn check_round_trip(place: &Place, query: &Query) {
    let store = place.open();
    put(&*store, |writer| writer.put_query(query));
    for store in [store, place.open()] {
        let found = store.read().unwrap().query(&query.key).unwrap();
        assert_eq!(found.as_ref(), Some(query));
    }
}

fn a_full_query_comes_back(place: &Place) {
    let (store, key) = workspace(place);
    assert_eq!(store.read().unwrap().query(&key).unwrap(), Some(query(&key)));
    check_round_trip(place, &full());
    check_round_trip(place, &Query { jql: String::new(), ..query(&key) });
}

fn extra_members_keep_odd_json(place: &Place) {
    workspace(place);
    for text in ODD_JSON {
        let extra = [("odd".to_owned(), json(text))].into_iter().collect();
        check_round_trip(place, &Query { extra, ..full() });
    }
}

fn put_needs_its_profile_and_a_name(place: &Place) {
    let (store, key_of_q) = workspace(place);
    let put_query = |query: Query| store.transact(|writer| writer.put_query(&query));
    let refused = put_query(query(&key("nobody", "q")));
    assert!(matches!(refused, Err(Error::ProfileNotFound(id)) if id.as_str() == "nobody"));
    for bad in ["", " ", "a\tb", &"x".repeat(101)] {
        let refused = put_query(Query { name: bad.into(), ..query(&key_of_q) });
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{bad:?}");
    }
}

fn put_replaces_and_keeps_what_it_owns(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1")])?;
        writer.put_snapshots(&key, &[snapshot("2025-W44", "flow_time", "1")])
    });
    check_round_trip(place, &full());
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&key).unwrap(), 1);
    assert_eq!(reader.snapshots(&key, 9).unwrap().len(), 1);
    assert_eq!(reader.queries(&key.profile).unwrap().len(), 1);
}

fn names_may_repeat(place: &Place) {
    let (store, _) = workspace(place);
    put(&*store, |writer| {
        writer.put_query(&Query { name: "Same".into(), ..query(&key("p", "b")) })?;
        writer.put_query(&Query { name: "Same".into(), ..query(&key("p", "a")) })
    });
    let listed = store.read().unwrap().queries(&profile_id("p")).unwrap();
    let order: Vec<_> = listed.iter().map(|q| q.key.query.as_str()).collect();
    assert_eq!(order, ["q", "a", "b"]);
}

fn touch_sets_last_used(place: &Place) {
    let (store, key_of_q) = workspace(place);
    let now = at("2026-01-02T03:04:05.678Z");
    let refused = store.transact(|writer| writer.touch_query(&key("p", "none"), now));
    assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key.query.as_str() == "none"));
    put(&*store, |writer| {
        writer.put_query(&full())?;
        writer.touch_query(&key_of_q, now)
    });
    let touched = store.read().unwrap().query(&key_of_q).unwrap().unwrap();
    assert_eq!(touched, Query { last_used: Some(Stamp::at(now)), ..full() });
}

fn the_list_is_sorted_and_tells_of_the_cache(place: &Place) {
    let (store, key_of_q) = workspace(place);
    put(&*store, |writer| {
        writer.put_query(&Query { description: Some("d".into()), ..query(&key_of_q) })?;
        let last_used = stamp("2025-12-22T16:05:02.176Z");
        writer.put_query(&Query { last_used, ..query(&key("p", "used")) })?;
        writer.put_query(&Query { name: "A first name".into(), ..query(&key("p", "z")) })?;
        writer.put_header(&key_of_q, model::CacheKind::Issues, &header())?;
        writer.put_issues(&key_of_q, &[issue("A-1"), issue("A-2")])?;
        writer.put_changelogs(&key_of_q, &[changelog("A-1", "Done")])
    });
    let listed = store.read().unwrap().queries(&profile_id("p")).unwrap();
    let order: Vec<_> = listed.iter().map(|q| q.key.query.as_str()).collect();
    assert_eq!(order, ["used", "z", "q"]);
    let q = &listed[2];
    assert_eq!((q.issues, q.changelogs), (2, 1));
    assert_eq!((q.name.as_str(), q.jql.as_str()), ("Query q", "project = A"));
    assert_eq!(q.description.as_deref(), Some("d"));
    assert_eq!(q.fetched_at, header().fetched_at.and_then(|stamp| stamp.at));
    assert_eq!(q.expires_at, header().expires_at);
    assert_eq!(q.partial, header().partial);
    let fresh = &listed[0];
    assert_eq!((fresh.issues, fresh.changelogs, fresh.fetched_at), (0, 0, None));
    assert_eq!((fresh.expires_at, fresh.partial.as_deref()), (None, None));
    assert_eq!(fresh.last_used, Some(at("2025-12-22T16:05:02.176Z")));
}

fn removal_takes_everything_below(place: &Place) {
    let (store, key_of_q) = workspace(place);
    put(&*store, |writer| {
        writer.put_query(&query(&key("p", "other")))?;
        for id in ["q", "other"] {
            writer.put_issues(&key("p", id), &[issue("A-1")])?;
        }
        writer.put_changelogs(&key_of_q, &[changelog("A-1", "Done")])?;
        writer.put_project_data(&key_of_q, &Default::default())?;
        writer.put_snapshots(&key_of_q, &[snapshot("2025-W44", "flow_time", "1")])
    });
    let remove = || store.transact(|writer| writer.remove_query(&key_of_q)).unwrap();
    assert_eq!((remove(), remove()), (true, false));
    put(&*store, |writer| {
        assert_eq!(writer.query(&key_of_q)?, None);
        writer.put_query(&query(&key_of_q))
    });
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&key_of_q).unwrap(), 0);
    assert_eq!(reader.header(&key_of_q, model::CacheKind::Issues).unwrap(), None);
    assert_eq!(reader.changelog_count(&key_of_q).unwrap(), 0);
    assert_eq!(reader.project_data(&key_of_q).unwrap(), None);
    assert_eq!(reader.snapshots(&key_of_q, 9).unwrap(), []);
    assert_eq!(reader.issue_count(&key("p", "other")).unwrap(), 1);
}

fn ids_are_exact_in_their_profile(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        for profile_id in ["p", "P"] {
            let name = format!("Profile of {}", profile_id.len() + usize::from(profile_id == "P"));
            writer.put_profile(&model::Profile { name, ..profile(profile_id) })?;
            for id in HOSTILE_IDS {
                writer.put_query(&query(&key(profile_id, id)))?;
                writer.put_issues(&key(profile_id, id), &[issue(id)])?;
            }
        }
        writer.remove_query(&key("p", "a")).map(drop)
    });
    let reader = store.read().unwrap();
    assert_eq!(reader.query(&key("p", "a")).unwrap(), None);
    for (profile_id, id) in [("p", "A"), ("P", "a")] {
        let found = reader.issue(&key(profile_id, id), id).unwrap();
        assert_eq!(found, Some(issue(id)));
    }
    assert_eq!(reader.queries(&profile_id("P")).unwrap().len(), HOSTILE_IDS.len());
}

fn reading_below_nothing_gives_nothing(place: &Place) {
    let (store, _) = workspace(place);
    let reader = store.read().unwrap();
    assert_eq!(reader.queries(&profile_id("nobody")).unwrap(), []);
    for nothing in [key("nobody", "q"), key("p", "none")] {
        assert_eq!(reader.query(&nothing).unwrap(), None);
        assert_eq!(reader.header(&nothing, model::CacheKind::Issues).unwrap(), None);
        assert_eq!(reader.issue(&nothing, "A-1").unwrap(), None);
        assert_eq!(reader.issues(&nothing, &["A-1"]).unwrap(), []);
        assert_eq!(reader.issue_count(&nothing).unwrap(), 0);
        reader.each_issue(&nothing, &mut |_| panic!("no issue")).unwrap();
        reader.each_issue_facts(&nothing, &mut |_| panic!("no facts")).unwrap();
        reader.each_changelog(&nothing, &mut |_| panic!("no changelog")).unwrap();
        reader.each_changelog_facts(&nothing, &mut |_, _| panic!("no transitions")).unwrap();
        assert_eq!(reader.changelog(&nothing, "A-1").unwrap(), None);
        assert_eq!(reader.changelog_count(&nothing).unwrap(), 0);
        assert_eq!(reader.project_data(&nothing).unwrap(), None);
        assert_eq!(reader.snapshots(&nothing, 9).unwrap(), []);
    }
}
