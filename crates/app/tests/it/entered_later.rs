//! Issues that a query finds long after they were made, and the note about them.

use app::settings::{Change, Setting, SettingsDraft};
use metrics::NoteCode;
use model::Query;

use crate::workspace::{FORCED, Workspace, query};
use crate::world::{Server, World};

/// Keys that the note names; empty if there is none.
fn noted(workspace: &Workspace) -> String {
    let ask = app::overview::OverviewAsk::default();
    let overview = workspace.app.overview(&workspace.key, &ask).unwrap();
    let note = overview.notes.iter().find(|note| note.code == NoteCode::EnteredLater);
    note.map(|note| note.keys.join(" ")).unwrap_or_default()
}

/// A query that finds the first 18 of 20 issues, and was synced. All were made in June 2025, and it is
/// November 2026.
fn synced() -> (Workspace, Server) {
    let server = Server::new(World::of(20, 0), 4, 2);
    [19, 20].iter().for_each(|id| find(&server, *id, false));
    let workspace = Workspace::sqlite();
    workspace.synced(&server, FORCED);
    (workspace, server)
}

fn find(server: &Server, id: u64, is_found: bool) {
    server.world().tickets.get_mut(&id).unwrap().is_found = is_found;
}

#[test]
fn what_entered_later_is_noted_where_it_is_much() {
    let (workspace, server) = synced();
    assert_eq!(noted(&workspace), "", "what the first sync finds was there before");
    [19, 20].iter().for_each(|id| find(&server, *id, true));
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "", "2 of 20 are not more than 10 %");
    server.world().create(0);
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "K-19 K-20 K-21");
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "K-19 K-20 K-21", "a sync without changes forgets nothing");
}

#[test]
fn an_edit_of_the_query_is_a_new_beginning() {
    let (workspace, server) = synced();
    [19, 20].iter().for_each(|id| find(&server, *id, true));
    server.world().create(0);
    workspace.synced(&server, FORCED);
    assert_ne!(noted(&workspace), "");
    let edited = Query { jql: "project = K AND x = y".to_owned(), ..query(&workspace.key) };
    workspace.put(|writer| writer.put_query(&edited));
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "");
}

#[test]
fn what_has_another_key_came_when_it_came() {
    let (workspace, server) = synced();
    (1..=18).for_each(|id| server.world().rename(id));
    let record = workspace.synced(&server, FORCED);
    assert_eq!((record.moved, noted(&workspace).as_str()), (18, ""));
    [19, 20].iter().for_each(|id| find(&server, *id, true));
    server.world().create(0);
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "K-19 K-20 K-39");
    server.world().rename(19);
    workspace.synced(&server, FORCED);
    assert_eq!(noted(&workspace), "K-20 K-39 M-40");
}

/// How many issues count.
fn counted(workspace: &Workspace) -> Option<i64> {
    let ask = app::overview::OverviewAsk::default();
    let overview = workspace.app.overview(&workspace.key, &ask).unwrap();
    Some(overview.summary.totals.known()?.scope?.items)
}

#[test]
fn a_setting_goes_on_to_mean_a_project_that_has_another_key() {
    let (workspace, server) = synced();
    let set = |key: &str| {
        let setting = Setting::find("development-projects").unwrap();
        let draft = SettingsDraft::of(setting, Change::Set(vec![key.to_owned()]));
        workspace.app.edit_settings(&workspace.key.profile, &draft, None).unwrap();
    };
    set("K");
    assert_eq!(counted(&workspace), Some(18));
    (1..=18).for_each(|id| server.world().rename(id));
    workspace.synced(&server, FORCED);
    assert_eq!(counted(&workspace), Some(18));
    workspace.synced(&server, FORCED);
    assert_eq!(counted(&workspace), Some(18), "a sync without changes forgets nothing");
    set("X");
    assert_eq!(counted(&workspace), None);
}
