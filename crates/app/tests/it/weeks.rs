//! The values of the weeks after a sync: stored once, corrected, and kept when they are counted in
//! another way.

use model::{Json, Snapshot, Week};

use crate::workspace::{FORCED, Workspace};
use crate::world::{Server, World};

fn stored(workspace: &Workspace) -> Vec<Snapshot> {
    let weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
    let mut rows =
        workspace.store.read().unwrap().snapshots_between(&workspace.key, weeks).unwrap();
    rows.retain(|row| row.metric == "throughput");
    rows
}

fn number(row: &Snapshot, member: &str) -> Option<f64> {
    row.metrics.get(member).and_then(Json::as_f64)
}

/// How many were completed in all stored weeks.
fn completed(rows: &[Snapshot]) -> f64 {
    rows.iter().filter_map(|row| number(row, "completed")).sum()
}

/// All are created on 2025-06-02, and done on the day after when they changed once.
fn server() -> Server {
    let server = Server::new(World::of(5, 0), 9, 9);
    [1, 2].into_iter().for_each(|id| server.world().change(id));
    server
}

#[test]
fn weeks_are_stored_once_and_corrected() {
    let (workspace, server) = (Workspace::sqlite(), server());
    workspace.synced(&server, FORCED);
    let first = stored(&workspace);
    assert_eq!(first.len(), 60, "as many as are looked at, up to the last complete one");
    assert_eq!(first.last().unwrap().week, Week::parse("2026-W46").unwrap());
    assert_eq!(number(first.last().unwrap(), "open"), Some(3.0));
    let revision = |workspace: &Workspace| {
        let week = first[0].week;
        let record = store::Record::Snapshot(&workspace.key, week, "throughput");
        workspace.store.read().unwrap().revision_of(record).unwrap()
    };
    let before = revision(&workspace);
    workspace.synced(&server, FORCED);
    assert_eq!((stored(&workspace), revision(&workspace)), (first.clone(), before));
    server.world().change(3);
    workspace.synced(&server, FORCED);
    assert_eq!(number(stored(&workspace).last().unwrap(), "open"), Some(2.0));
}

#[test]
fn weeks_that_were_counted_otherwise_stay() {
    let (workspace, server) = (Workspace::sqlite(), server());
    workspace.synced(&server, FORCED);
    let before = stored(&workspace);
    workspace.put(|writer| {
        let mut profile = writer.profile(&workspace.key.profile)?.unwrap();
        let classes = Json::parse(r#"{"flow_end_statuses":["Nowhere"]}"#);
        profile.settings.project_classification = classes.ok();
        writer.put_profile(&profile)
    });
    workspace.synced(&server, FORCED);
    assert_eq!(stored(&workspace), before);
    assert_eq!(completed(&before), 0.0, "what was done lies before the weeks");
}

#[test]
fn the_table_of_old_metrics_does_not_show_them() {
    let (workspace, server) = (Workspace::sqlite(), server());
    workspace.synced(&server, FORCED);
    let ask = app::query::QueryAsk::default();
    let table = workspace.app.query(&workspace.key, ask).unwrap().snapshots.clone();
    let text = serde_json::to_string(&table).unwrap();
    assert!(!text.contains("throughput"), "{text}");
}

#[test]
fn the_old_apps_files_get_none() {
    let (workspace, server) = (Workspace::json(), server());
    workspace.synced(&server, FORCED);
    assert_eq!(stored(&workspace), []);
}
