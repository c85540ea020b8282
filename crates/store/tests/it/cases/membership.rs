//! What the contract says about what issues belong to.

use model::{Changelog, Membership};

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(memberships_are_read_out_of_documents);

fn memberships_are_read_out_of_documents(place: &Place) {
    let (store, key) = workspace(place);
    let history = r#"{"created":"2025-06-02T10:00:00.000+0000","items":[
        {"field":"Fix Version","from":null,"fromString":null,"to":"1","toString":"1.0"}]}"#;
    let told = document(&format!(r#"{{"changelog":{{"histories":[{history}]}}}}"#));
    let issues = [
        issue_with("A-1", r#""fixVersions":[{"id":"1","name":"1.0"}],"labels":["x"]"#),
        issue_of("A-2", r#"{"odd":[]}"#),
    ];
    let changelogs = [Changelog { key: "A-1".into(), document: told }, changelog("A-2", "Done")];
    put(&*store, |writer| {
        writer.put_issues(&key, &issues)?;
        writer.put_changelogs(&key, &changelogs)
    });
    let store = place.open();
    let reader = store.read().unwrap();
    let mut found = Vec::new();
    let visit = &mut |issue: &str, membership: Membership| {
        let names: Vec<String> = membership.groups.into_iter().map(|group| group.name).collect();
        found.push((issue.to_owned(), membership.issue_id, names));
        Ok(())
    };
    reader.each_membership(&key, visit).unwrap();
    let all = [
        ("A-1".to_owned(), Some("1".to_owned()), vec!["1.0".to_owned(), "x".to_owned()]),
        ("A-2".to_owned(), None, Vec::new()),
    ];
    assert_eq!(found, all);
    let mut counts = Vec::new();
    let visit = &mut |issue: &str, changes: model::MembershipChanges| {
        counts.push((issue.to_owned(), changes.map(|changes| changes.len())));
        Ok(())
    };
    reader.each_membership_change(&key, visit).unwrap();
    assert_eq!(counts, [("A-1".to_owned(), Some(1)), ("A-2".to_owned(), None)]);
}
