//! The order of statuses: from the boards of a Jira into the workflow of the profile and its pictures.

use fake_jira::{Behaviour, FakeJira, Fault, Kind, Which, World};
use serde_json::json;

use crate::http::connect;
use crate::workspace::{FORCED, FULL, Workspace};

/// The board shows *Review* before *Doing*; all issues went the other way.
fn world() -> World {
    let mut world = World::new();
    let statuses = [("1", "To Do"), ("5", "Review"), ("4", "Doing"), ("9", "Done")];
    for (id, name) in statuses {
        let category = match name {
            "To Do" => "new",
            "Done" => "done",
            _ => "indeterminate",
        };
        world.see_status(&json!({"id": id, "name": name, "statusCategory": {"key": category}}));
    }
    for _ in 0..3 {
        let key = world.add("K", json!({})).unwrap();
        ["4", "5", "9"].iter().for_each(|status| world.transition(&key, status).unwrap());
    }
    world
}

fn order(workspace: &Workspace) -> String {
    let lanes = workspace.app.lanes(&workspace.key.profile).unwrap().lanes;
    lanes.into_iter().map(|lane| lane.name).collect::<Vec<String>>().join(", ")
}

const OF_BOARD: &str = "To Do, Review, Doing, Done";
const OF_PATHS: &str = "To Do, Doing, Review, Done";

fn boards_asked(server: &FakeJira) -> usize {
    let asked = server.requests().into_iter().filter(|request| request.path.contains("/board"));
    let asked = asked.count();
    server.forget_requests();
    asked
}

#[test]
fn statuses_stand_as_the_board_shows_them() {
    for kind in [Kind::Cloud, Kind::DataCenter] {
        let server = FakeJira::start(world(), kind, Behaviour::honest(kind)).unwrap();
        let workspace = Workspace::sqlite();
        workspace.synced(&connect(&server).unwrap(), FORCED);
        assert_eq!(order(&workspace), OF_BOARD, "{kind:?}");
        assert!(boards_asked(&server) > 0);
        // Boards are asked again where something tells that they may have changed.
        workspace.synced(&connect(&server).unwrap(), FORCED);
        assert_eq!((boards_asked(&server), order(&workspace).as_str()), (0, OF_BOARD), "{kind:?}");
        server.world().see_status(&json!({"id": "7", "name": "Blocked"}));
        workspace.synced(&connect(&server).unwrap(), FORCED);
        assert!(boards_asked(&server) > 0, "{kind:?}");
        workspace.synced(&connect(&server).unwrap(), FULL);
        assert!(boards_asked(&server) > 0, "{kind:?}");
    }
}

#[test]
fn without_a_board_statuses_stand_as_issues_went() {
    for fault in [Fault::broken(), Fault::Empty] {
        let behaviour = Behaviour::honest(Kind::DataCenter).fault("/board", Which::From(1), fault);
        let server = FakeJira::start(world(), Kind::DataCenter, behaviour).unwrap();
        let workspace = Workspace::sqlite();
        workspace.synced(&connect(&server).unwrap(), FORCED);
        assert_eq!(order(&workspace), OF_PATHS);
    }
}
