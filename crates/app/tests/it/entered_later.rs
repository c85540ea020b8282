//! Issues that a query finds long after they were made, and the note about them.

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
