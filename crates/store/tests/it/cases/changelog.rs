//! What the contract says about changelogs.

use std::sync::Arc;

use model::{
    CacheHeader, CacheKind, Changelog, ChangelogFacts, QueryKey, Resolution, ResolutionChange,
    StatusRef,
};
use store::{Error, Reader};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    entries_come_back_token_for_token,
    keys_are_exact,
    put_keeps_places_and_the_later_wins,
    an_entry_may_outlive_its_issue,
    replace_streams_and_forgets_the_rest,
    removal_counts_and_takes_the_header,
    removal_by_key_leaves_the_rest,
    writes_need_their_query_and_a_key,
    transitions_are_oldest_first,
    changes_of_the_resolution_are_told,
);

fn of(key: &str, text: &str) -> Changelog {
    Changelog { key: key.into(), document: document(text) }
}

fn keys(reader: &(impl Reader + ?Sized), query: &QueryKey) -> Vec<String> {
    let mut keys = Vec::new();
    reader
        .each_changelog(query, &mut |entry| {
            keys.push(entry.key);
            Ok(())
        })
        .unwrap();
    let mut again = Vec::new();
    reader
        .each_changelog_facts(query, &mut |key, _| {
            again.push(key.to_owned());
            Ok(())
        })
        .unwrap();
    assert_eq!(keys, again);
    assert_eq!(reader.changelog_count(query).unwrap(), keys.len() as u64);
    keys
}

fn entries_come_back_token_for_token(place: &Place) {
    let (store, key) = workspace(place);
    let odd: Vec<Changelog> = ODD_JSON
        .into_iter()
        .enumerate()
        .map(|(number, text)| of(&format!("O-{number}"), text))
        .collect();
    put(&*store, |writer| writer.put_changelogs(&key, &odd));
    let reopened = place.open();
    let reader = reopened.read().unwrap();
    let mut all = Vec::new();
    reader
        .each_changelog(&key, &mut |entry| {
            all.push(entry);
            Ok(())
        })
        .unwrap();
    assert_eq!(all, odd);
    assert_eq!(reader.changelog(&key, "O-3").unwrap(), Some(odd[3].clone()));
    assert_eq!(reader.changelog(&key, "O-99").unwrap(), None);
}

fn keys_are_exact(place: &Place) {
    let (store, key) = workspace(place);
    let names = ["A-1", "a-1", "issues", "timestamp", "jql_query", "\"q\"", "x\\y", "Ä-1 "];
    put(&*store, |writer| {
        writer.put_header(&key, CacheKind::Changelogs, &header())?;
        writer.put_changelogs(&key, &names.map(|name| changelog(name, "Done")))?;
        writer.put_changelogs(&key, &[of("issues", r#"[{"key":"X-1"}]"#)])
    });
    let reader = store.read().unwrap();
    assert_eq!(keys(&*reader, &key), names);
    assert_eq!(reader.header(&key, CacheKind::Changelogs).unwrap(), Some(header()));
}

fn put_keeps_places_and_the_later_wins(place: &Place) {
    let (store, key) = workspace(place);
    let done = |name: &str| changelog(name, "Done");
    put(&*store, |writer| writer.put_changelogs(&key, &[done("B-1"), done("A-1")]));
    let twins = [done("C-1"), changelog("B-1", "First"), changelog("B-1", "Second")];
    put(&*store, |writer| writer.put_changelogs(&key, &twins));
    let reader = store.read().unwrap();
    assert_eq!(keys(&*reader, &key), ["B-1", "A-1", "C-1"]);
    assert_eq!(reader.changelog(&key, "B-1").unwrap(), Some(changelog("B-1", "Second")));
}

fn an_entry_may_outlive_its_issue(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_issues(&key, &[issue("A-1")])?;
        writer.put_changelogs(&key, &[changelog("A-1", "Done"), changelog("GONE-1", "Done")])?;
        writer.remove_issues(&key)
    });
    assert_eq!(keys(&*store.read().unwrap(), &key), ["A-1", "GONE-1"]);
}

fn replace_streams_and_forgets_the_rest(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_changelogs(&key, &[changelog("OLD-1", "Done")]));
    let mut stream = (0..1_200).map(|number| changelog(&format!("N-{number}"), "Done"));
    put(&*store, |writer| writer.replace_changelogs(&key, &header(), &mut stream));
    let reader = store.read().unwrap();
    let found = keys(&*reader, &key);
    assert_eq!((found.len(), found[1_199].as_str()), (1_200, "N-1199"));
    assert_eq!(reader.changelog(&key, "OLD-1").unwrap(), None);
    assert_eq!(reader.header(&key, CacheKind::Changelogs).unwrap(), Some(header()));
    put(&*store, |writer| {
        writer.replace_changelogs(&key, &CacheHeader::default(), &mut std::iter::empty())
    });
    assert_eq!(store.read().unwrap().changelog_count(&key).unwrap(), 0);
}

fn removal_counts_and_takes_the_header(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_header(&key, CacheKind::Changelogs, &header())?;
        writer.put_changelogs(&key, &[changelog("A-1", "Done")])
    });
    let remove = || store.transact(|writer| writer.remove_changelogs(&key)).unwrap();
    assert_eq!((remove(), remove()), (1, 0));
    assert_eq!(store.read().unwrap().header(&key, CacheKind::Changelogs).unwrap(), None);
}

fn removal_by_key_leaves_the_rest(place: &Place) {
    let (store, key) = workspace(place);
    let entries = ["C-1", "A-1", "B-1"].map(|key| changelog(key, "Done"));
    put(&*store, |writer| {
        writer.replace_changelogs(&key, &header(), &mut entries.into_iter())?;
        assert_eq!(writer.remove_changelogs_of(&key, &["A-1", "none"])?, 1);
        writer.put_changelogs(&key, &[changelog("D-1", "Open")])
    });
    let reader = store.read().unwrap();
    assert_eq!(keys(&*reader, &key), ["C-1", "B-1", "D-1"]);
    assert_eq!(reader.header(&key, CacheKind::Changelogs).unwrap(), Some(header()));
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
}

fn writes_need_their_query_and_a_key(place: &Place) {
    let (store, key_of_q) = workspace(place);
    for missing in [key("p", "none"), key("nobody", "q")] {
        let entry = changelog("A-1", "Done");
        let refused = store.transact(|writer| writer.put_changelogs(&missing, &[entry]));
        assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
    }
    let refused = store.transact(|writer| writer.put_changelogs(&key_of_q, &[of("", "{}")]));
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

fn transitions_are_oldest_first(place: &Place) {
    let (store, key) = workspace(place);
    let history = |at: &str, from: &str, to: &str| {
        format!(
            r#"{{"created":"{at}","items":[{{"field":"status","from":"7","fromString":{from},"toString":{to}}},{{"field":"Sprint"}}]}}"#
        )
    };
    let histories = [
        history("2025-06-04T10:00:00.000+0000", "\"Größe\"", "\"Done\""),
        history("2025-06-03T10:00:00.123+0200", "null", "\"Größe\""),
        history("1965-01-01T00:00:00.000+0000", "\"Open\"", "5"),
        history("someday", "\"x\"", "\"y\""),
    ];
    let text = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
    put(&*store, |writer| writer.put_changelogs(&key, &[of("A-1", &text), of("A-2", "{}")]));
    let mut found = Vec::new();
    let reader = store.read().unwrap();
    reader
        .each_changelog_facts(&key, &mut |key, changes| {
            found.push((key.to_owned(), changes));
            Ok(())
        })
        .unwrap();
    let named = |text: &str| Some(Arc::new(StatusRef::named(text)));
    let known = |text: &str| Some(Arc::new(StatusRef::known("7", text)));
    let unnamed = Some(Arc::new(StatusRef { id: Some("7".into()), name: None }));
    let transitions = found[0].1.transitions.iter();
    let told: Vec<_> = transitions.map(|t| (t.at, t.from.clone(), t.to.clone())).collect();
    assert_eq!(
        told,
        [
            (at("1965-01-01T00:00:00Z"), known("Open"), None),
            (at("2025-06-03T08:00:00.123Z"), unnamed, named("Größe")),
            (at("2025-06-04T10:00:00Z"), known("Größe"), named("Done")),
        ]
    );
    assert_eq!(found[1], ("A-2".to_owned(), ChangelogFacts::default()));
    let stop = reader.each_changelog_facts(&key, &mut |_, _| Err(Error::Aborted("enough".into())));
    assert!(stop.is_err());
}

fn changes_of_the_resolution_are_told(place: &Place) {
    let (store, key) = workspace(place);
    let text = r#"{"changelog":{"histories":[
        {"created":"2025-06-04T10:00:00.000+0000","items":[{"field":"resolution","from":null,"fromString":null,"toString":"Größe"}]},
        {"created":"2025-06-05T10:00:00.000+0000","items":[{"field":"resolution","fromString":"Größe","to":"","toString":""}]}]}}"#;
    put(&*store, |writer| writer.put_changelogs(&key, &[of("A-1", text)]));
    let mut found = Vec::new();
    let visit = &mut |_: &str, changes: ChangelogFacts| {
        found.push(changes);
        Ok(())
    };
    place.open().read().unwrap().each_changelog_facts(&key, visit).unwrap();
    let named = || Resolution::Named("Größe".to_owned());
    let change = |day: &str, from, to| ResolutionChange { at: at(day), from, to };
    let want = vec![
        change("2025-06-04T10:00:00Z", Resolution::Unresolved, named()),
        change("2025-06-05T10:00:00Z", named(), Resolution::Unresolved),
    ];
    assert_eq!(found, [ChangelogFacts { transitions: Vec::new(), resolutions: want }]);
}
