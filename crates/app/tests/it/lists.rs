//! Lists that only help: a sync goes on without one that is refused or broken, and what it stores is what
//! a full fetch gives all the same.

use fake_jira::{Behaviour, FakeJira, Fault, Kind, SPRINT_FIELD, Which, World};
use serde_json::json;

use crate::http::connect;
use crate::workspace::{FORCED, FULL, Workspace};

/// Two issues, one of them in a sprint; nothing is mapped, so that the list of fields alone tells where
/// sprints are.
fn world() -> World {
    let mut world = World::new();
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
