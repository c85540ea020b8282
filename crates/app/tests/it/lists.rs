//! Lists that are broken or lie. One that only helps: a sync goes on without it, and what it stores is what a
//! full fetch gives all the same. That of the issues: what it passes over is not gone.

use fake_jira::{Behaviour, FakeJira, Fault, Kind, SPRINT_FIELD, Which, World};
use model::SyncOutcome;
use serde_json::json;

use crate::http::connect;
use crate::workspace::{FORCED, FULL, Workspace};

/// Two issues, one of them in a sprint; nothing is mapped, so that the list of fields alone tells where
/// sprints are.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let sprint = json!([{
        "id": SPRINT_FIELD, "name": "Sprint", "custom": true, "clauseNames": ["Sprint"],
        "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"},
    }]);
    let list = folder.path().join("our-fields.json");
    std::fs::write(&list, sprint.to_string()).unwrap();
    let mut world = World::load(&[list]).unwrap();
    world.see_sprint(&json!({"id": 1, "name": "S1", "state": "closed"}));
    let planned = world.add("K", json!({"summary": "a"})).unwrap();
    world.plan(&planned, &[1]).unwrap();
    world.add("K", json!({"summary": "b"})).unwrap();
    world
}

/// A status is renamed and an issue changes while that list is answered so; whether the sync is whole.
#[track_caller]
fn check(kind: Kind, list: &str, fault: Fault) {
    let told = format!("{kind:?} {list} {fault:?}");
    let server = FakeJira::start(world(), kind, Behaviour::honest(kind)).unwrap();
    let workspace = Workspace::sqlite();
    workspace.synced(&connect(&server).unwrap(), FORCED);
    server.world().rename_status("1", "Renamed").unwrap();
    server.world().set("K-1", "summary", &json!("changed")).unwrap();
    server.behave(Behaviour::honest(kind).fault(list, Which::Each, fault));
    let record = workspace.synced(&connect(&server).unwrap(), FORCED);
    assert!(!record.refused.is_empty(), "{told}");
    server.behave(Behaviour::honest(kind));
    let fresh = Workspace::sqlite();
    fresh.synced(&connect(&server).unwrap(), FULL);
    let (found, want) = (workspace.dump(), fresh.dump());
    assert!(want["K-1"].0.contains(SPRINT_FIELD), "{told}: {:?}", want["K-1"]);
    assert_eq!(found, want, "{told}");
    // What the list says is heard again as soon as it is whole.
    let again = workspace.synced(&connect(&server).unwrap(), FORCED);
    assert_eq!((again.changed, again.refused.len()), (0, 0), "{told}");
}

#[test]
fn a_broken_list_ends_no_sync_and_hides_nothing() {
    let wrong = Fault::Answer {
        status: 200,
        headers: Vec::new(),
        content_type: "application/json".to_owned(),
        body: "{\"x\":1}".to_owned(),
    };
    for kind in [Kind::Cloud, Kind::DataCenter] {
        for list in ["/status", "/issuetype", "/priority", "/resolution", "/field"] {
            for fault in [wrong.clone(), Fault::login_page(), Fault::broken(), Fault::Empty] {
                check(kind, list, fault);
            }
        }
    }
}

#[test]
fn a_list_of_fields_that_is_refused_takes_no_field_away() {
    for fault in [Fault::forbidden(), Fault::not_found()] {
        check(Kind::DataCenter, "/field", fault);
    }
}

/// A list of issues that ends too early without a sign of it takes nothing away.
#[test]
fn what_a_walk_passed_over_is_not_gone() {
    let (early, alone) = (Some(json!(4)), Some(json!(1_000)));
    for (kind, path, members) in [
        (Kind::Cloud, "/search/jql", vec![("nextPageToken", None), ("isLast", None)]),
        (Kind::DataCenter, "/search", vec![("total", early), ("maxResults", alone)]),
    ] {
        for (found, options) in [(30, FORCED), (30, FULL), (9, FORCED), (9, FULL)] {
            let told = format!("{kind:?} {found} {options:?}");
            let mut world = World::new();
            for _ in 0..found {
                world.add("K", json!({"summary": "a"})).unwrap();
            }
            let honest = Behaviour::honest(kind).pages(4, 50);
            let server = FakeJira::start(world, kind, honest.clone()).unwrap();
            let workspace = Workspace::sqlite();
            workspace.synced(&connect(&server).unwrap(), FORCED);
            let before = workspace.dump();
            assert_eq!(before.len(), found);
            server.behave(honest.clone().fault(
                path,
                Which::Nth(1),
                Fault::Members(members.clone()),
            ));
            let record = workspace.sync(&connect(&server).unwrap(), options).unwrap();
            assert_eq!((record.outcome, record.gone), (SyncOutcome::Partial, 0), "{told}");
            assert_eq!(workspace.dump(), before, "{told}");
            // What did leave is seen to have left as soon as the list is whole.
            server.behave(honest);
            server.world().delete("K-7").unwrap();
            let record = workspace.synced(&connect(&server).unwrap(), FORCED);
            assert_eq!(record.gone, 1, "{told}");
        }
    }
}
