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

/// What the table of stored weeks shows of a week, by the names of its columns.
fn shown(workspace: &Workspace, week: &str) -> Vec<(String, Option<f64>)> {
    let ask = app::query::QueryAsk { weeks: 60 };
    let query = workspace.app.query(&workspace.key, ask).unwrap();
    let table = query.snapshots.known().unwrap();
    let week = table.weeks.iter().find(|row| row.week == week).unwrap();
    table.columns.iter().map(|column| column.label.clone()).zip(week.values.clone()).collect()
}

/// What the old app stored stays; syncs go on from there in the same column, and add theirs.
#[test]
fn weeks_of_the_old_app_are_kept_and_go_on() {
    let (workspace, server) = (Workspace::sqlite(), server());
    let old = |week: &str, metric: &str, metrics: &str| Snapshot {
        week: Week::parse(week).unwrap(),
        metric: metric.to_owned(),
        metrics: Json::parse(metrics).unwrap(),
        forecast: None,
    };
    let of_old_app = [
        old("2026-W44", "flow_velocity", r#"{"completed_count":4}"#),
        old("2026-W44", "flow_load", r#"{"wip_count":9}"#),
        old("2026-W45", "flow_velocity", r#"{"completed_count":5}"#),
    ];
    workspace.put(|writer| writer.put_snapshots(&workspace.key, &of_old_app));
    workspace.synced(&server, FORCED);
    let reader = workspace.store.read().unwrap();
    let weeks = Week::parse("2026-W44").unwrap()..=Week::parse("2026-W45").unwrap();
    let kept = reader.snapshots_between(&workspace.key, weeks).unwrap();
    assert!(of_old_app.iter().all(|row| kept.contains(row)), "{kept:?}");
    let value = |week: &str, label: &str| {
        shown(&workspace, week).into_iter().find(|(name, _)| name == label).unwrap().1
    };
    assert_eq!(value("2026-W44", "Completed"), Some(4.0));
    assert_eq!(value("2026-W45", "Completed"), Some(5.0));
    // Nothing was done in the week after, and nothing before the old app's weeks.
    assert_eq!(value("2026-W46", "Completed"), Some(0.0));
    assert_eq!(value("2026-W43", "Completed"), Some(0.0));
    assert_eq!(value("2026-W44", "In progress"), Some(9.0));
    assert_eq!(value("2026-W46", "In progress"), None);
    assert_eq!(value("2026-W46", "Under way, mean of the week"), Some(0.0));
}

/// What a sync stored equals what is counted on the same data. What was stored of another past is told
/// beside today's value, the newest week first, or without one where that is not known any more; what
/// differs by less than a hundredth, lies before the window or is of another kind is not.
#[test]
fn what_was_recorded_then_is_told_where_it_differs() {
    use app::flow::RecordedFigure::{Arrived, CycleTimeP85, Done, Efficiency, Started, UnderWay};
    let (workspace, server) = (Workspace::sqlite(), server());
    workspace.synced(&server, FORCED);
    let told = || {
        let flow = workspace.app.flow(&workspace.key, &app::flow::FlowAsk::default()).unwrap();
        let all = flow.recorded_then.iter();
        all.map(|then| (then.week.to_string(), then.figure, then.recorded, then.today))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(), []);
    let row = |week: &str, metric: &str, metrics: &str| Snapshot {
        week: Week::parse(week).unwrap(),
        metric: metric.to_owned(),
        metrics: Json::parse(metrics).unwrap(),
        forecast: None,
    };
    let rows = [
        row("2026-W46", "throughput", r#"{"completed":7,"created":2}"#),
        row("2026-W45", "throughput", r#"{"completed":0,"created":0}"#),
        row("2026-W45", "work_in_progress", r#"{"mean":2.5,"at_end":0}"#),
        row("2026-W44", "work_in_progress", r#"{"mean":0.004}"#),
        row("2026-W45", "arrivals", r#"{"started":3}"#),
        row("2026-W45", "cycle_time", r#"{"items":1,"p85_days":12}"#),
        row("2026-W45", "efficiency", r#"{"items":1,"share":0.4}"#),
        row("2026-W45", "flow_load", r#"{"wip_count":9}"#),
        row("2025-W45", "arrivals", r#"{"started":3}"#),
    ];
    workspace.put(|writer| writer.put_snapshots(&workspace.key, &rows));
    let week = |week: &str, figure, recorded, today| (week.to_owned(), figure, recorded, today);
    let want = [
        week("2026-W46", Done, 7.0, Some(0.0)),
        week("2026-W46", Arrived, 2.0, Some(0.0)),
        week("2026-W45", Started, 3.0, Some(0.0)),
        week("2026-W45", CycleTimeP85, 12.0, None),
        week("2026-W45", UnderWay, 2.5, Some(0.0)),
        week("2026-W45", Efficiency, 0.4, None),
    ];
    assert_eq!(told(), want);
}

#[test]
fn the_old_apps_files_get_none() {
    let (workspace, server) = (Workspace::json(), server());
    workspace.synced(&server, FORCED);
    assert_eq!(stored(&workspace), []);
}
