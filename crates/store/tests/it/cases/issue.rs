//! What the contract says about issues.

use model::{CacheHeader, CacheKind, Issue, IssueFacts, Points, Profile, QueryKey, Resolution};
use store::{Error, Reader, Store};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    documents_come_back_token_for_token,
    a_deep_document_comes_back,
    keys_are_exact,
    put_keeps_places,
    the_later_of_two_wins,
    issues_are_given_in_the_order_asked,
    replace_streams_and_forgets_the_rest,
    a_failed_replace_leaves_nothing,
    removal_counts_and_takes_the_header,
    removal_by_key_leaves_the_rest,
    writes_need_their_query_and_a_key,
    an_error_of_the_visitor_ends_the_walk,
    facts_follow_the_document,
    what_left_is_marked_until_it_is_found_again,
    a_changed_points_field_derives_facts_anew,
    a_visitor_may_read,
);

fn keys(reader: &(impl Reader + ?Sized), query: &QueryKey) -> Vec<String> {
    let mut keys = Vec::new();
    reader
        .each_issue(query, &mut |issue| {
            keys.push(issue.key);
            Ok(())
        })
        .unwrap();
    let mut again = Vec::new();
    reader
        .each_issue_facts(query, &mut |facts| {
            again.push(facts.key);
            Ok(())
        })
        .unwrap();
    assert_eq!(keys, again);
    assert_eq!(reader.issue_count(query).unwrap(), keys.len() as u64);
    keys
}

fn facts(store: &dyn Store, query: &QueryKey) -> Vec<IssueFacts> {
    let mut found = Vec::new();
    let reader = store.read().unwrap();
    reader
        .each_issue_facts(query, &mut |facts| {
            found.push(facts);
            Ok(())
        })
        .unwrap();
    found
}

fn documents_come_back_token_for_token(place: &Place) {
    let (store, key) = workspace(place);
    let odd: Vec<Issue> = ODD_JSON
        .into_iter()
        .enumerate()
        .map(|(number, text)| issue_of(&format!("O-{number}"), text))
        .collect();
    put(&*store, |writer| writer.put_issues(&key, &odd));
    let reopened = place.open();
    let reader = reopened.read().unwrap();
    for one in &odd {
        assert_eq!(reader.issue(&key, &one.key).unwrap().as_ref(), Some(one));
    }
    let mut all = Vec::new();
    reader
        .each_issue(&key, &mut |issue| {
            all.push(issue);
            Ok(())
        })
        .unwrap();
    assert_eq!(all, odd);
}

fn a_deep_document_comes_back(place: &Place) {
    let (store, key) = workspace(place);
    let text = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let deep = issue_of(
        "D-1",
        &format!(r#"{{"key":"D-1","deep":{text},"long":"{}"}}"#, "x".repeat(100_000)),
    );
    put(&*store, |writer| writer.put_issues(&key, std::slice::from_ref(&deep)));
    assert_eq!(store.read().unwrap().issue(&key, "D-1").unwrap(), Some(deep));
}

fn keys_are_exact(place: &Place) {
    let (store, key) = workspace(place);
    let names = ["A-1", "a-1", "A-1 ", "Ä-1", "\"q\"", "x\\y", "x\ny", "issues", "timestamp", "0"];
    put(&*store, |writer| writer.put_issues(&key, &names.map(issue)));
    let reader = store.read().unwrap();
    assert_eq!(keys(&*reader, &key), names);
    for name in names {
        assert_eq!(reader.issue(&key, name).unwrap(), Some(issue(name)));
    }
    assert_eq!(reader.issue(&key, "A-10").unwrap(), None);
    assert_eq!(reader.issue(&key, "").unwrap(), None);
}

fn put_keeps_places(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_issues(&key, &["B-1", "A-1", "C-1"].map(issue)));
    let changed = issue_with("A-1", r#""summary":"new""#);
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("0-1"), changed.clone()])?;
        writer.put_issues(&key, &[])?;
        assert_eq!(keys(writer, &key), ["B-1", "A-1", "C-1", "0-1"]);
        Ok(())
    });
    let reader = store.read().unwrap();
    assert_eq!(keys(&*reader, &key), ["B-1", "A-1", "C-1", "0-1"]);
    assert_eq!(reader.issue(&key, "A-1").unwrap(), Some(changed));
}

fn the_later_of_two_wins(place: &Place) {
    let (store, key) = workspace(place);
    let numbered = |number: u32| issue_with("A-1", &format!(r#""n":{number}"#));
    let twins = [numbered(1), issue("B-1"), numbered(2)];
    put(&*store, |writer| writer.put_issues(&key, &twins));
    assert_eq!(keys(&*store.read().unwrap(), &key), ["A-1", "B-1"]);
    assert_eq!(store.read().unwrap().issue(&key, "A-1").unwrap(), Some(numbered(2)));
    put(&*store, |writer| writer.replace_issues(&key, &header(), &mut twins.clone().into_iter()));
    assert_eq!(store.read().unwrap().issue_count(&key).unwrap(), 2);
    assert_eq!(store.read().unwrap().issue(&key, "A-1").unwrap(), Some(numbered(2)));
}

fn issues_are_given_in_the_order_asked(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_issues(&key, &["A-1", "A-2", "A-3"].map(issue)));
    let asked = store.read().unwrap().issues(&key, &["A-3", "none", "A-1"]).unwrap();
    assert_eq!(asked, [issue("A-3"), issue("A-1")]);
    assert_eq!(store.read().unwrap().issues(&key, &[]).unwrap(), []);
}

fn replace_streams_and_forgets_the_rest(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_issues(&key, &["OLD-1", "N-5"].map(issue)));
    let mut stream = (0..1_500).rev().map(|number| issue(&format!("N-{number}")));
    put(&*store, |writer| writer.replace_issues(&key, &header(), &mut stream));
    let reader = store.read().unwrap();
    let found = keys(&*reader, &key);
    assert_eq!((found.len(), found[0].as_str(), found[1_499].as_str()), (1_500, "N-1499", "N-0"));
    assert_eq!(reader.issue(&key, "OLD-1").unwrap(), None);
    assert_eq!(reader.header(&key, CacheKind::Issues).unwrap(), Some(header()));
    put(&*store, |writer| {
        writer.replace_issues(&key, &CacheHeader::default(), &mut std::iter::empty())
    });
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&key).unwrap(), 0);
    assert_eq!(reader.header(&key, CacheKind::Issues).unwrap(), Some(CacheHeader::default()));
}

fn a_failed_replace_leaves_nothing(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-1")]));
    let refused = store.transact(|writer| {
        writer.replace_issues(&key, &header(), &mut [issue("B-1"), issue("")].into_iter())
    });
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    assert_eq!(keys(&*store.read().unwrap(), &key), ["A-1"]);
}

fn removal_counts_and_takes_the_header(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.replace_issues(&key, &header(), &mut ["A-1", "A-2"].map(issue).into_iter())
    });
    let remove = || store.transact(|writer| writer.remove_issues(&key)).unwrap();
    assert_eq!((remove(), remove()), (2, 0));
    let reader = store.read().unwrap();
    assert_eq!(reader.header(&key, CacheKind::Issues).unwrap(), None);
    assert_eq!(keys(&*reader, &key), [""; 0]);
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-2")]));
    assert_eq!(keys(&*store.read().unwrap(), &key), ["A-2"]);
}

fn removal_by_key_leaves_the_rest(place: &Place) {
    let (store, key_of_q) = workspace(place);
    let names = ["C-1", "A-1", "B-1", "D-1"];
    put(&*store, |writer| {
        writer.replace_issues(&key_of_q, &header(), &mut names.map(issue).into_iter())
    });
    put(&*store, |writer| {
        assert_eq!(writer.remove_issues_of(&key_of_q, &["A-1", "none", "A-1", "D-1"])?, 2);
        assert_eq!(keys(writer, &key_of_q), ["C-1", "B-1"]);
        assert_eq!(writer.remove_issues_of(&key_of_q, &[])?, 0);
        assert_eq!(writer.remove_issues_of(&key("p", "none"), &["A-1"])?, 0);
        writer.put_issues(&key_of_q, &[issue("E-1"), issue("A-1")])
    });
    let reopened = place.open();
    let reader = reopened.read().unwrap();
    assert_eq!(keys(&*reader, &key_of_q), ["C-1", "B-1", "E-1", "A-1"]);
    assert_eq!(reader.header(&key_of_q, CacheKind::Issues).unwrap(), Some(header()));
    assert_eq!(reader.issue(&key_of_q, "D-1").unwrap(), None);
    assert_eq!(reopened.check_integrity().unwrap(), [""; 0]);
}

fn writes_need_their_query_and_a_key(place: &Place) {
    let (store, key_of_q) = workspace(place);
    for missing in [key("p", "none"), key("nobody", "q")] {
        let refused = store.transact(|writer| writer.put_issues(&missing, &[issue("A-1")]));
        assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
        let refused = store
            .transact(|writer| writer.replace_issues(&missing, &header(), &mut std::iter::empty()));
        assert!(matches!(refused, Err(Error::QueryNotFound(_))));
    }
    let refused = store.transact(|writer| writer.put_issues(&key_of_q, &[issue("")]));
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

fn an_error_of_the_visitor_ends_the_walk(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_issues(&key, &["A-1", "A-2", "A-3"].map(issue)));
    let reader = store.read().unwrap();
    let mut visits = 0;
    let stop = || Err(Error::Aborted("enough".into()));
    let ended = reader.each_issue(&key, &mut |_| {
        visits += 1;
        if visits == 2 { stop() } else { Ok(()) }
    });
    assert!(matches!(ended, Err(Error::Aborted(why)) if why == "enough"));
    assert_eq!(visits, 2);
    assert!(reader.each_issue_facts(&key, &mut |_| stop()).is_err());
    assert_eq!(reader.issue_count(&key).unwrap(), 3);
}

fn facts_follow_the_document(place: &Place) {
    let (store, key) = workspace(place);
    let fields = r#""project":{"id":"7","key":"A"},"issuetype":{"id":11,"name":"Bug","subtask":false,"hierarchyLevel":-1},"priority":{"name":"High"},
        "status":{"id":"3","name":"Größe","statusCategory":{"key":"done"}},"summary":"It \"breaks\"",
        "created":"2025-06-02T11:33:59.123+0200","updated":"2025-06-03","resolutiondate":null,"resolution":{"name":"Won't Do"},
        "parent":{"key":"A-9"}"#;
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue_with("A-1", fields), issue_of("A-2", "5"), issue("A-3")])
    });
    let found = facts(&*store, &key);
    let (some, name) = (|text: &str| Some(text.to_owned()), |text: &str| Some(text.into()));
    let want = IssueFacts {
        key: "A-1".into(),
        project: name("A"),
        project_id: name("7"),
        issue_type: name("Bug"),
        issue_type_id: name("11"),
        status: name("Größe"),
        status_id: name("3"),
        status_category: name("done"),
        is_subtask: Some(false),
        hierarchy_level: Some(-1),
        priority: name("High"),
        summary: some("It \"breaks\""),
        created: Some(at("2025-06-02T09:33:59.123Z")),
        updated: Some(at("2025-06-03T00:00:00Z")),
        resolved: None,
        resolution: Resolution::Named("Won't Do".into()),
        points: Points::Absent,
        parent: some("A-9"),
        left: None,
    };
    assert_eq!(found[0], want);
    assert_eq!(found[1], IssueFacts { key: "A-2".into(), ..IssueFacts::default() });
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-1")]));
    assert_eq!(facts(&*store, &key)[0].summary, None);
}

fn a_changed_points_field_derives_facts_anew(place: &Place) {
    let (store, key) = workspace(place);
    let mapped = |field: &str| {
        let mut mapped = profile("p");
        mapped.settings.jira_config = Some(json(&format!(r#"{{"points_field":"{field}"}}"#)));
        mapped
    };
    let issues = [
        issue_with("A-1", r#""one":0.5,"two":"8""#),
        issue_with("A-2", r#""one":null,"two":[]"#),
        issue_with("A-3", r#""summary":"delta""#),
    ];
    let points = || facts(&*store, &key).into_iter().map(|facts| facts.points).collect::<Vec<_>>();
    put(&*store, |writer| {
        writer.put_profile(&mapped("one"))?;
        writer.put_issues(&key, &issues)
    });
    assert_eq!(points(), [Points::Known(0.5), Points::Empty, Points::NotRequested]);
    put(&*store, |writer| writer.put_profile(&mapped("two")));
    assert_eq!(points(), [Points::Known(8.0), Points::Unreadable, Points::NotRequested]);
    put(&*store, |writer| writer.put_profile(&Profile { name: "Other".into(), ..profile("p") }));
    assert_eq!(points(), [Points::Absent; 3]);
}

fn a_visitor_may_read(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_issues(&key, &["A-1", "A-2"].map(issue))?;
        writer.put_changelogs(&key, &[changelog("A-2", "Done")])?;
        let writer = &*writer;
        let mut with_history = Vec::new();
        writer.each_issue(&key, &mut |issue| {
            if writer.changelog(&key, &issue.key)?.is_some() {
                with_history.push(writer.issue(&key, &issue.key)?.unwrap().key);
            }
            Ok(())
        })?;
        assert_eq!(with_history, ["A-2"]);
        Ok(())
    });
}

fn what_left_is_marked_until_it_is_found_again(place: &Place) {
    let (store, key) = workspace(place);
    let day = at("2026-11-22T12:00:00.123Z");
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1"), issue("A-2"), issue("A-3")])?;
        writer.mark_left(&key, &[("A-1", day), ("A-3", day), ("B-9", day)])
    });
    let left = |key: &QueryKey| -> Vec<Option<_>> {
        facts(&*place.open(), key).into_iter().map(|facts| facts.left).collect()
    };
    assert_eq!(left(&key), [Some(day), None, Some(day)]);
    assert!(store.read().unwrap().issue(&key, "A-1").unwrap().is_some());
    let other = query(&self::key("p", "other"));
    put(&*store, |writer| writer.put_query(&other));
    let reader = store.read().unwrap();
    put(&*place.open(), |writer| store::copy_data(&*reader, &key, writer, &other.key));
    assert_eq!(left(&other.key), [Some(day), None, Some(day)]);
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-1")]));
    assert_eq!(left(&key), [None, None, Some(day)]);
    put(&*store, |writer| writer.remove_issues_of(&key, &["A-3"]).map(drop));
    put(&*store, |writer| writer.put_issues(&key, &[issue("A-3")]));
    assert_eq!(left(&key), [None, None, None]);
    let nowhere = self::key("p", "nowhere");
    let refused = store.write().unwrap().mark_left(&nowhere, &[("A-1", day)]);
    assert!(matches!(refused, Err(Error::QueryNotFound(_))));
}
