//! Fetching issues that are cut short, moved, hidden or gone.

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};
use jira::{Error, standard_fields};
use serde_json::json;

use crate::world::{KINDS, check_same, client, fetched, swept, three_projects};

/// One issue of project L that changed so often.
fn long_history(changes: usize) -> World {
    let mut world = World::new();
    for _ in 0..3 {
        let key = world.add("L", json!({})).unwrap();
        for number in 0..changes {
            world.set(&key, "summary", &json!(format!("{number}"))).unwrap();
        }
    }
    world
}

#[test]
fn cloud_gives_the_whole_history_in_three_ways() {
    for changes in [0, 1, 39, 40, 41, 250] {
        for (path, fault) in [
            ("/none", Fault::not_found()),
            ("/changelog/bulkfetch", Fault::not_found()),
            ("/changelog/bulkfetch", Fault::gone()),
            ("/changelog/bulkfetch", Fault::Cut),
        ] {
            // What passes after one try, and what stays.
            let which = if fault == Fault::Cut { Which::Nth(1) } else { Which::Each };
            let behaviour = Behaviour::honest(Kind::Cloud).histories(40, 100, 35);
            let behaviour = behaviour.fault(path, which, fault);
            let server = FakeJira::start(long_history(changes), Kind::Cloud, behaviour).unwrap();
            check_same(&server, "project = L");
        }
    }
}

#[test]
fn a_history_that_comes_short_is_told() {
    let behaviour = Behaviour::honest(Kind::DataCenter);
    let behaviour = behaviour.fault("/search", Which::Nth(2), Fault::ShortChangelogs);
    let server = FakeJira::start(long_history(9), Kind::DataCenter, behaviour).unwrap();
    let client = client(&server);
    let (found, _) = swept(&client, "project = L").unwrap();
    for issue in fetched(&client, &found).issues {
        assert_eq!((issue.histories_told, issue.histories_received), (Some(9), 2));
    }
}

/// What comes of issues with `changes` histories each if these faults are at these paths: how many are
/// told of, and how many came.
#[track_caller]
fn check_history(
    (kind, changes): (Kind, usize),
    faults: &[(&str, Which, Fault)],
    want: (Option<u64>, u64),
) {
    let mut behaviour = Behaviour::honest(kind);
    for (path, which, fault) in faults {
        behaviour = behaviour.fault(path, *which, fault.clone());
    }
    let server = FakeJira::start(long_history(changes), kind, behaviour).unwrap();
    let client = client(&server);
    let (found, _) = swept(&client, "project = L").unwrap();
    let batch = fetched(&client, &found);
    assert_eq!(batch.issues.len(), 3, "{kind:?} {faults:?}: {:?}", batch.failed);
    for issue in batch.issues {
        let got = (issue.histories_told, issue.histories_received);
        assert_eq!(got, want, "{kind:?} {changes} {faults:?}");
    }
    assert!(server.requests().len() < 20, "{:?}", server.requests().len());
}

/// What stands between may drop the wish for histories: an issue without any in the answer is not one that
/// has none.
#[test]
fn a_history_that_is_not_sent_is_asked_for_in_another_way_or_not_known() {
    let (unsent, refused) = (Fault::NoChangelogs, Fault::forbidden());
    let each = |path, fault: &Fault| (path, Which::Each, fault.clone());
    for changes in [0, 9] {
        let (all, nothing) = ((Some(changes as u64), changes as u64), (None, 0));
        let server = (Kind::DataCenter, changes);
        check_history(server, &[each("/search", &unsent)], all);
        check_history(server, &[each("/search", &unsent), each("/issue/", &unsent)], nothing);
        check_history(server, &[each("/search", &unsent), each("/issue/", &refused)], nothing);
        let cloud = (Kind::Cloud, changes);
        let absent = each("/issue/bulkfetch", &unsent);
        let many = each("/changelog/bulkfetch", &refused);
        check_history(cloud, std::slice::from_ref(&absent), all);
        check_history(cloud, &[absent.clone(), many.clone()], all);
        for fault in [&refused, &Fault::not_found()] {
            let one = each("/changelog", fault);
            check_history(cloud, &[absent.clone(), many.clone(), one], nothing);
        }
    }
}

/// Cloud cuts long histories and does not say so; where nothing else may be asked it is not known whether
/// that is all.
#[test]
fn a_history_that_may_be_cut_is_not_taken_for_whole() {
    let refused = ("/changelog", Which::Each, Fault::forbidden());
    check_history((Kind::Cloud, 50), std::slice::from_ref(&refused), (None, 40));
    check_history((Kind::Cloud, 39), &[refused], (Some(39), 39));
}

#[test]
fn what_moved_comes_under_its_new_key_and_what_is_gone_is_told() {
    for kind in KINDS {
        let server = FakeJira::start(three_projects(4), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let (found, _) = swept(&client, "project in (A, B, C)").unwrap();
        let id = |key: &str| server.world().id(key).unwrap();
        let (moved, deleted, hidden) = (id("A-1"), id("A-2"), id("B-1"));
        let key = server.world().move_to("A-1", "C").unwrap();
        server.world().delete("A-2").unwrap();
        server.world().hide("B-1").unwrap();
        let batch = fetched(&client, &found);
        let mut gone = batch.gone.clone();
        gone.sort();
        let mut want = vec![deleted, hidden];
        want.sort();
        assert_eq!((gone, batch.failed.len()), (want, 0), "{kind:?}");
        assert_eq!(batch.issues.len(), found.len() - 2);
        let issue = batch.issues.iter().find(|issue| issue.stub.id == moved).unwrap();
        assert_eq!(issue.stub.key, key);
    }
}

#[test]
fn one_issue_that_fails_leaves_the_others() {
    for kind in KINDS {
        let world = three_projects(3);
        let id = world.id("B-2").unwrap();
        let all = if kind == Kind::Cloud { "/bulkfetch" } else { "/search" };
        let behaviour = Behaviour::honest(kind)
            .fault(&format!("/issue/{id}"), Which::Each, Fault::forbidden())
            .fault(all, Which::From(if kind == Kind::Cloud { 1 } else { 2 }), Fault::not_found());
        let server = FakeJira::start(world, kind, behaviour).unwrap();
        let client = client(&server);
        let (found, _) = swept(&client, "project in (A, B, C)").unwrap();
        let batch = fetched(&client, &found);
        let (failed, why) = batch.failed.first().unwrap();
        assert_eq!((failed, batch.failed.len(), batch.issues.len()), (&id, 1, 8));
        assert!(why.contains("You do not have permission to do that."), "{why}");
    }
}

#[test]
fn one_broken_issue_does_not_spoil_the_others_but_a_broken_server_is_told() {
    for kind in KINDS {
        let world = three_projects(3);
        let id = world.id("A-1").unwrap();
        let all = if kind == Kind::Cloud { "/bulkfetch" } else { "/search" };
        let which = Which::From(if kind == Kind::Cloud { 1 } else { 2 });
        let one = Behaviour::honest(kind).fault(all, which, Fault::broken());
        let every = one.clone().fault("/issue/", Which::Each, Fault::broken());
        let one = one.fault(&format!("/issue/{id}"), Which::Each, Fault::broken());
        for (behaviour, is_one) in [(one, true), (every, false)] {
            let server = FakeJira::start(three_projects(3), kind, behaviour).unwrap();
            let client = client(&server);
            let (found, _) = swept(&client, "project in (A, B, C)").unwrap();
            let ids: Vec<&str> = found.keys().map(String::as_str).collect();
            match client.fetch(&ids, &standard_fields(&[])) {
                Ok(batch) => {
                    assert!(is_one);
                    assert_eq!((batch.issues.len(), batch.failed.len()), (8, 1));
                }
                Err(error) => assert!(!is_one && matches!(error, Error::Server { .. }), "{error}"),
            }
            // A few rounds of tries, not one for each issue.
            assert!(server.requests().len() < 30);
        }
    }
}

#[test]
fn an_answer_too_large_is_asked_for_in_parts() {
    for kind in KINDS {
        let server =
            FakeJira::start(World::generated(40, 1), kind, Behaviour::honest(kind)).unwrap();
        let site = jira::Site { base_url: server.url().to_owned(), login: jira::Login::None };
        let options =
            jira::ClientOptions { answer_bytes_max: 40_000, ..jira::ClientOptions::default() };
        let patience = std::sync::Arc::new(crate::patience::Noted::default());
        let client = jira::Client::connect(site, &options, patience).unwrap();
        let (found, _) = swept(&client, "project = DEMO").unwrap();
        let ids: Vec<&str> = found.keys().map(String::as_str).collect();
        let batch = client.fetch(&ids, &standard_fields(&[])).unwrap();
        assert_eq!((batch.issues.len(), batch.failed.len()), (40, 0), "{kind:?}");
    }
}

#[test]
fn only_the_fields_asked_for_come() {
    for kind in KINDS {
        let server =
            FakeJira::start(World::generated(3, 1), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let (found, _) = swept(&client, "project = DEMO").unwrap();
        let ids: Vec<&str> = found.keys().map(String::as_str).collect();
        let fields = ["summary", "customfield_10016"].map(str::to_owned);
        for issue in client.fetch(&ids, &fields).unwrap().issues {
            let document = issue.document.to_json().unwrap();
            let names = document.get("fields").and_then(|f| f.as_object()).unwrap();
            assert!(names.iter().all(|(name, _)| fields.contains(&name.to_owned())));
            assert!(names.get("summary").is_some());
        }
    }
}

/// A total that is less than what came is none: what came is all that is known, and it is not taken for
/// cut short.
#[test]
fn a_total_below_what_came_is_none() {
    for total in [json!(0), json!(3), json!(-1), json!("x"), json!(null)] {
        let lower = Fault::Members(vec![("total", Some(total))]);
        let refused = ("/changelog/bulkfetch", Which::Each, Fault::forbidden());
        let lower = ("/changelog", Which::Each, lower);
        check_history((Kind::Cloud, 60), std::slice::from_ref(&lower), (Some(60), 60));
        check_history((Kind::Cloud, 60), &[refused, lower], (Some(60), 60));
    }
}
