//! What single syncs do: what they ask, what they reuse, what they refuse, and what they note.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use app::issues::{Event, IssuesAsk};
use app::{App, Error};
use jiff::SignedDuration;
use model::{CacheKind, Json, Query, SyncOutcome, TaskStatus, Timestamp};
use sync::{Phase, Silent, SyncControl, SyncOptions, SyncProgress};

use crate::workspace::{FORCED, FULL, Workspace, noon, query};
use crate::world::{Fault, Faults, Server, World};

const USUAL: SyncOptions = SyncOptions { is_full: false, is_forced: false, accepts_loss: false };

fn server(issues: u64) -> Server {
    Server::new(World::of(issues, 0), 4, 2)
}

fn fails_at(request: u64) -> Faults {
    Faults { at: Some((request, Fault::Unreachable)), ..Faults::default() }
}

/// Does something as soon as a phase begins.
struct At<'a>(Phase, Mutex<Option<Box<dyn FnOnce() + Send + 'a>>>);

impl<'a> At<'a> {
    fn new(phase: Phase, work: impl FnOnce() + Send + 'a) -> At<'a> {
        At(phase, Mutex::new(Some(Box::new(work))))
    }
}

impl SyncControl for At<'_> {
    fn told(&self, progress: &SyncProgress) {
        if progress.phase == self.0
            && let Some(work) = self.1.lock().unwrap().take()
        {
            work();
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

#[test]
fn what_was_fetched_before_a_failure_is_not_fetched_again() {
    let (workspace, server) = (Workspace::sqlite(), server(20));
    // Five pages of the list, then batches of two.
    server.set_faults(fails_at(5 + 7));
    let error = workspace.sync(&server, FORCED).unwrap_err();
    assert!(matches!(error, Error::Jira(jira::Error::Unreachable { .. })), "{error}");
    assert_eq!(workspace.dump().len(), 0);
    server.set_faults(Faults::default());
    let record = workspace.synced(&server, FORCED);
    assert!(record.reused >= 12, "{record:?}");
    assert_eq!((record.reused + record.asked, record.received), (20, record.asked));
    assert_eq!(server.spent().1, record.asked);
    assert_eq!(workspace.dump(), server.world().found());
    assert_eq!(workspace.stage(), None, "nothing is kept twice");
}

#[test]
fn staged_issues_that_changed_are_fetched_again() {
    let (workspace, server) = (Workspace::sqlite(), server(6));
    server.set_faults(fails_at(2 + 3));
    workspace.sync(&server, FORCED).unwrap_err();
    (1..=6).for_each(|id| server.world().change(id));
    server.set_faults(Faults::default());
    assert_eq!(workspace.synced(&server, FORCED).reused, 0);
    assert_eq!(workspace.dump(), server.world().found());
}

/// A change in the second in which an issue was fetched leaves its time of change as it is.
#[test]
fn what_changed_as_it_was_fetched_is_asked_for_again() {
    let (workspace, server) = (Workspace::sqlite(), server(6));
    server.world().change_at(3, noon());
    assert_eq!(workspace.synced(&server, FORCED).asked, 6);
    server.world().change_at(3, noon());
    assert_eq!(workspace.synced(&server, FORCED).asked, 1);
    assert_eq!(workspace.dump(), server.world().found());
}

#[test]
fn what_changed_as_it_was_staged_is_asked_for_again() {
    let (workspace, server) = (Workspace::sqlite(), server(6));
    (1..=6).for_each(|id| server.world().change_at(id, noon()));
    server.set_faults(fails_at(2 + 3));
    workspace.sync(&server, FORCED).unwrap_err();
    (1..=6).for_each(|id| server.world().change_at(id, noon()));
    server.set_faults(Faults::default());
    assert_eq!(workspace.synced(&server, FORCED).reused, 0);
    assert_eq!(workspace.dump(), server.world().found());
}

/// A clock that goes on with every look at it.
fn ticking() -> Timestamp {
    static LOOKS: AtomicI64 = AtomicI64::new(0);
    let looks = LOOKS.fetch_add(1, Ordering::SeqCst);
    noon() + SignedDuration::new(looks, 123_456_789)
}

/// The data is of the moment at which the sync began; what it saw to be gone was gone by then.
#[test]
fn what_left_the_query_has_left_by_the_day_of_the_data() {
    for workspace in [Workspace::sqlite(), Workspace::json()] {
        let (app, server) = (workspace.other(ticking), server(6));
        let sync = || app.sync(&workspace.key, &server, FORCED, &Silent).unwrap();
        sync();
        server.world().tickets.get_mut(&3).unwrap().is_found = false;
        assert_eq!(sync().gone, 1);
        let ask = IssuesAsk { event: Some(Event::Left), ..IssuesAsk::default() };
        let list = app.issues(&workspace.key, &ask).unwrap();
        let keys: Vec<&str> = list.issues.iter().map(|issue| issue.key.as_str()).collect();
        assert_eq!(keys, ["K-3"]);
    }
}

#[test]
fn what_left_the_query_is_listed_only_for_whoever_asks() {
    let (workspace, server) = (Workspace::sqlite(), server(6));
    workspace.synced(&server, FORCED);
    server.world().tickets.get_mut(&3).unwrap().is_found = false;
    assert_eq!(workspace.synced(&server, FORCED).gone, 1);
    let listed = |event| {
        let ask = IssuesAsk { event, ..IssuesAsk::default() };
        let list = workspace.app.issues(&workspace.key, &ask).unwrap();
        let keys: Vec<String> = list.issues.iter().map(|issue| issue.key.clone()).collect();
        (list.total, keys.join(" "))
    };
    assert_eq!(listed(None), (5, "K-1 K-2 K-4 K-5 K-6".to_owned()));
    assert_eq!(listed(Some(Event::Left)), (5, "K-3".to_owned()));
    let app = &workspace.app;
    assert_eq!(
        (app.left_count(&workspace.key).unwrap(), app.forget_left(&workspace.key).unwrap()),
        (1, 1)
    );
    assert_eq!(app.left_count(&workspace.key).unwrap(), 0);
    assert_eq!(listed(Some(Event::Left)).1, "");
    assert_eq!(workspace.dump(), server.world().found());
}

#[test]
fn what_was_fetched_by_a_clock_that_is_ahead_is_due() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    let ahead: fn() -> Timestamp = || "2028-01-01T00:00:00Z".parse().unwrap();
    let record = workspace.other(ahead).sync(&workspace.key, &server, USUAL, &Silent).unwrap();
    assert_eq!(record.outcome, SyncOutcome::Done);
    server.world().change(2);
    assert_eq!(workspace.synced(&server, USUAL).asked, 1);
    assert_eq!(workspace.dump(), server.world().found());
}

/// Whoever is told that it is done finds it in the database that is in force.
#[test]
fn a_sync_is_not_done_when_another_database_took_the_place() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    let place = workspace.folder().join("profiles/burndown.sqlite");
    let other = place.with_file_name("other");
    for phase in [Phase::Fetch, Phase::Swap] {
        let replace = At::new(phase, || {
            std::fs::copy(&place, &other).unwrap();
            std::fs::rename(&other, &place).unwrap();
        });
        let ended = workspace.sync_with(&server, FORCED, &replace);
        let is_told = matches!(&ended, Err(error) if error.to_string().contains("burndown.sqlite"));
        assert!(is_told, "{phase:?}: {ended:?}");
    }
}

#[test]
fn what_is_torn_off_the_stage_is_fetched_again() {
    for cut in [1, 11, 13, 200] {
        let (workspace, server) = (Workspace::sqlite(), server(8));
        server.set_faults(fails_at(2 + 4));
        workspace.sync(&server, FORCED).unwrap_err();
        let stage =
            std::fs::OpenOptions::new().write(true).open(workspace.stage().unwrap()).unwrap();
        let whole = stage.metadata().unwrap().len();
        stage.set_len(whole - cut).unwrap();
        server.set_faults(Faults::default());
        let record = workspace.synced(&server, FORCED);
        // A byte that held nothing is no loss.
        assert!(record.reused <= 6 && record.asked == 8 - record.reused, "{cut}: {record:?}");
        assert_eq!(workspace.dump(), server.world().found());
    }
}

#[test]
fn damage_of_what_was_staged_is_noticed() {
    let (workspace, server) = (Workspace::sqlite(), server(8));
    server.set_faults(fails_at(2 + 4));
    workspace.sync(&server, FORCED).unwrap_err();
    let mut bytes = std::fs::read(workspace.stage().unwrap()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(workspace.stage().unwrap(), bytes).unwrap();
    server.set_faults(Faults::default());
    workspace.synced(&server, FORCED);
    assert_eq!(workspace.dump(), server.world().found());
}

#[test]
fn fresh_data_is_not_asked_for_again() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    workspace.synced(&server, USUAL);
    server.set_faults(Faults::default());
    let sync = |app: &App, options| app.sync(&workspace.key, &server, options, &Silent).unwrap();
    assert_eq!(sync(&workspace.app, USUAL).outcome, SyncOutcome::Fresh);
    let tomorrow: fn() -> Timestamp = || "2026-11-23T12:00:01Z".parse().unwrap();
    let evening: fn() -> Timestamp = || "2026-11-22T14:00:00Z".parse().unwrap();
    assert_eq!(sync(&workspace.other(evening), USUAL).outcome, SyncOutcome::Fresh);
    assert_eq!(server.spent(), (0, 0));
    assert_eq!(workspace.ledger().len(), 1, "nothing was done");
    assert_eq!(sync(&workspace.app, FORCED).outcome, SyncOutcome::Done);
    assert_eq!(server.spent(), (1, 0), "forced, it looks for changes");
    assert_eq!(sync(&workspace.app, FULL).received, 3);
    assert_eq!(sync(&workspace.other(tomorrow), USUAL).outcome, SyncOutcome::Done);
}

#[test]
fn a_profile_may_want_fresher_data() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    workspace.connect(r#"{"cache_ttl_hours":1}"#);
    workspace.synced(&server, USUAL);
    let later: fn() -> Timestamp = || "2026-11-22T13:00:01Z".parse().unwrap();
    let record = workspace.other(later).sync(&workspace.key, &server, USUAL, &Silent).unwrap();
    assert_eq!((record.outcome, record.unchanged), (SyncOutcome::Done, 3));
}

#[test]
fn another_mapping_or_server_asks_for_everything() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    workspace.synced(&server, USUAL);
    for connection in [
        r#"{"points_field":"customfield_9"}"#,
        r#"{"points_field":"customfield_9","base_url":"https://jira.example"}"#,
    ] {
        workspace.connect(connection);
        let record = workspace.synced(&server, USUAL);
        assert_eq!((record.received, record.changed, record.unchanged), (3, 0, 3), "{connection}");
        assert_eq!(workspace.sync(&server, USUAL).unwrap().outcome, SyncOutcome::Fresh);
    }
    workspace.connect(r#"{"base_url":"https://jira.example/"}"#);
    assert_eq!(workspace.sync(&server, USUAL).unwrap().outcome, SyncOutcome::Fresh);
}

#[test]
fn what_is_missing_is_asked_for_again_alone() {
    let (workspace, server) = (Workspace::sqlite(), server(9));
    server.world().change(5);
    server.set_faults(Faults { refused: [2, 3].into(), cut: [5].into(), ..Faults::default() });
    let record = workspace.sync(&server, USUAL).unwrap();
    assert_eq!((record.outcome, record.missing_count), (SyncOutcome::Partial, 3));
    let partial = [CacheKind::Issues, CacheKind::Changelogs].map(|kind| workspace.header(kind));
    let [issues, changelogs] = partial.map(|header| header.partial.unwrap());
    assert_eq!(issues, "2 issues could not be fetched (K-2, K-3: Jira does not show it)");
    assert_eq!(
        changelogs,
        "1 issue came without the whole history (K-5: 0 of 1 changelog entries came)"
    );
    let notes = || {
        let ask = app::overview::OverviewAsk::default();
        serde_json::to_string(&workspace.app.overview(&workspace.key, &ask).unwrap().notes).unwrap()
    };
    for missing in [&issues, &changelogs] {
        assert!(notes().contains(missing.as_str()), "{}", notes());
    }
    server.set_faults(Faults::default());
    assert_eq!(workspace.synced(&server, USUAL).received, 3, "partial data is not fresh");
    assert_eq!(workspace.dump(), server.world().found());
    assert!(!notes().contains("not all there"), "{}", notes());
}

/// An answer without histories is not one about issues that have none.
#[test]
fn histories_that_do_not_come_take_none_away() {
    for options in [FORCED, FULL] {
        for (unsent, cut) in [(&[1, 2, 3, 4][..], &[][..]), (&[2], &[3]), (&[], &[1, 2])] {
            let (workspace, server) = (Workspace::sqlite(), server(3));
            (1..=3).for_each(|id| server.world().change(id));
            workspace.synced(&server, USUAL);
            let before = workspace.dump();
            // One changes, one moves, one is new.
            server.world().change(1);
            server.world().rename(2);
            server.world().create(0);
            let (unsent, cut) = (unsent.iter().copied().collect(), cut.iter().copied().collect());
            server.set_faults(Faults { unsent, cut, ..Faults::default() });
            let record = workspace.sync(&server, options).unwrap();
            let is_full = options.is_full;
            let told = format!("full {is_full}: {record:?}");
            assert_eq!(record.outcome, SyncOutcome::Partial, "{told}");
            let (now, world) = (workspace.dump(), server.world().found());
            let moved = server.world().tickets[&2].key.clone();
            for (old, new) in [("K-1", "K-1"), ("K-2", moved.as_str()), ("K-3", "K-3")] {
                let (document, history) = &now[new];
                let has = [&before[old].1, &world[new].1].contains(&history);
                assert!(has, "{new} has {history}; {told}");
                assert_eq!(document, &world[new].0, "{told}");
            }
            server.set_faults(Faults::default());
            workspace.synced(&server, USUAL);
            assert_eq!(workspace.dump(), world, "{told}");
        }
    }
}

#[test]
fn an_issue_without_a_history_says_why() {
    let (workspace, server) = (Workspace::sqlite(), server(2));
    server.set_faults(Faults { unsent: [2].into(), ..Faults::default() });
    let record = workspace.sync(&server, USUAL).unwrap();
    assert_eq!((record.outcome, record.missing_count), (SyncOutcome::Partial, 1));
    let partial = workspace.header(CacheKind::Changelogs).partial.unwrap();
    let why = "1 issue came without the whole history (K-2: the server did not send its history)";
    assert_eq!(partial, why);
    let reader = workspace.store.read().unwrap();
    assert_eq!(reader.changelog(&workspace.key, "K-2").unwrap(), None, "it is not an empty one");
}

#[test]
fn a_query_that_is_edited_meanwhile_stays_as_it_is() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    let other = Query { jql: "project = L".to_owned(), ..query(&workspace.key) };
    let edit = At::new(Phase::Swap, || workspace.put(|writer| writer.put_query(&other)));
    let error = workspace.sync_with(&server, FORCED, &edit).unwrap_err();
    assert!(matches!(error, Error::Sync(sync::Error::ChangedDuringSync { .. })), "{error}");
    assert_eq!(workspace.dump().len(), 0);
    assert_eq!(workspace.synced(&server, FORCED).reused, 3, "documents do not depend on the JQL");

    let replace = At::new(Phase::Swap, || {
        workspace.put(|writer| writer.remove_issues(&workspace.key).map(drop));
    });
    let error = workspace.sync_with(&server, FORCED, &replace).unwrap_err();
    assert!(matches!(error, Error::Sync(sync::Error::ChangedDuringSync { .. })), "{error}");
    let remove = At::new(Phase::Swap, || {
        workspace.put(|writer| writer.remove_query(&workspace.key).map(drop));
    });
    let error = workspace.sync_with(&server, FORCED, &remove).unwrap_err();
    assert!(matches!(error, Error::Store(store::Error::QueryNotFound(_))), "{error}");
}

#[test]
fn a_second_sync_is_told_of_the_first() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    let other = workspace.other(noon);
    let second = At::new(Phase::Swap, || {
        let refused = other.sync(&workspace.key, &server, FORCED, &Silent).unwrap_err();
        let text = refused.to_string();
        assert!(matches!(refused, Error::Sync(sync::Error::SyncRunning { .. })), "{text}");
        assert!(text.contains("0 of 3 issues fetched"), "{text}");
        assert_eq!(other.end_interrupted_syncs().unwrap(), 0, "it runs");
    });
    workspace.sync_with(&server, FORCED, &second).unwrap();
    assert_eq!(workspace.dump().len(), 3);
}

#[test]
fn readers_see_the_old_data_until_the_swap() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    workspace.synced(&server, FORCED);
    server.world().change(1);
    let before = workspace.dump();
    let look = At::new(Phase::Swap, || assert_eq!(workspace.dump(), before));
    workspace.sync_with(&server, FORCED, &look).unwrap();
    assert_ne!(workspace.dump(), before);
}

#[test]
fn a_server_that_finds_nothing_takes_nothing_away() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    workspace.synced(&server, FORCED);
    server.world().tickets.clear();
    let error = workspace.sync(&server, FORCED).unwrap_err();
    assert!(matches!(error, Error::Sync(sync::Error::NothingFound { stored: 3 })), "{error}");
    assert_eq!(workspace.dump().len(), 3);
    assert_eq!(workspace.synced(&server, FULL).gone, 3);
    workspace.synced(&server, FORCED);
}

#[test]
fn every_end_is_noted() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    server.set_faults(fails_at(1));
    workspace.sync(&server, FORCED).unwrap_err();
    let task = workspace.task().unwrap();
    assert_eq!((task.status, task.percent), (TaskStatus::Failed, 0));
    assert!(task.message.contains("cannot be reached"), "{}", task.message);

    server.set_faults(Faults { at: Some((2, Fault::Kill)), ..Faults::default() });
    let dead = catch_unwind(AssertUnwindSafe(|| workspace.sync(&server, FORCED)));
    assert!(dead.is_err());
    assert_eq!(workspace.task().unwrap().status, TaskStatus::Running);
    assert_eq!(workspace.app.end_interrupted_syncs().unwrap(), 1);
    assert_eq!(workspace.app.end_interrupted_syncs().unwrap(), 0);
    let task = workspace.task().unwrap();
    assert_eq!(task.status, TaskStatus::Failed);
    assert!(task.message.contains("interrupted"), "{}", task.message);

    server.set_faults(Faults::default());
    workspace.synced(&server, FORCED);
    let task = workspace.task().unwrap();
    assert_eq!((task.status, task.percent), (TaskStatus::Done, 100));
    assert_eq!(task.message, "3 issues: 3 new, 0 changed, 0 gone");
    let ledger = workspace.ledger();
    let outcomes: Vec<SyncOutcome> = ledger.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [SyncOutcome::Done, SyncOutcome::Failed, SyncOutcome::Failed]);
    assert_eq!((ledger[0].found, ledger[0].requests), (3, server.spent().0));
    assert_eq!(ledger[2].requests, 1);
}

#[test]
fn what_is_left_of_deleted_queries_goes() {
    let (workspace, server) = (Workspace::sqlite(), server(3));
    server.set_faults(fails_at(3));
    workspace.sync(&server, FORCED).unwrap_err();
    let stage = workspace.stage().unwrap();
    workspace.app.end_interrupted_syncs().unwrap();
    assert!(stage.exists());
    workspace.put(|writer| writer.remove_query(&workspace.key));
    workspace.app.end_interrupted_syncs().unwrap();
    assert!(!stage.exists());
}

#[test]
fn headers_say_what_the_old_app_wants_to_know() {
    let (workspace, server) = (Workspace::sqlite(), server(2));
    workspace.synced(&server, FORCED);
    let header = workspace.header(CacheKind::Issues);
    assert_eq!(header.jql.as_deref(), Some("project = K"));
    assert_eq!(header.jql_hash.as_deref(), Some("896aae1d3ee526a9"));
    assert_eq!(header.fetched_at.unwrap().at, Some(noon()));
    assert_eq!(header.expires_at.unwrap().to_string(), "2026-11-23T12:00:00Z");
    assert_eq!(header.changed_keys, Json::parse(r#"["K-1","K-2"]"#).ok());
    assert_eq!(header.told_total, Some(Json::integer(2)));
    assert!(header.fields_requested.unwrap().contains("resolutiondate,status,summary,updated"));
    let entry = workspace.store.read().unwrap().changelog(&workspace.key, "K-1").unwrap();
    assert_eq!(
        entry.unwrap().document.as_str(),
        r#"{"key":"K-1","fields":{"project":{"id":"1","key":"K"},"status":{"name":"Open","statusCategory":{"key":"new"}},"created":"2025-06-02T10:00:00.000+0000"},"changelog":{"histories":[],"total":0},"last_updated":"2025-06-15T15:06:41.000Z"}"#
    );
    workspace.synced(&server, FORCED);
    let header = workspace.header(CacheKind::Issues);
    assert_eq!(header.changed_keys, Json::parse("[]").ok());
}

#[test]
fn what_cannot_be_asked_is_said() {
    let (workspace, server) = (Workspace::sqlite(), server(2));
    let nobody = model::QueryKey::parse("p", "none").unwrap();
    let missing = workspace.app.sync(&nobody, &server, FORCED, &Silent).unwrap_err();
    assert!(matches!(missing, Error::Store(store::Error::QueryNotFound(_))), "{missing}");
    let empty = Query { jql: " ".to_owned(), ..query(&workspace.key) };
    workspace.put(|writer| writer.put_query(&empty));
    let error = workspace.sync(&server, FORCED).unwrap_err();
    assert!(matches!(error, Error::Sync(sync::Error::NoJql { .. })), "{error}");
    assert_eq!(server.spent(), (0, 0));
}

#[test]
fn the_old_apps_files_can_be_synced_too() {
    let (workspace, server) = (Workspace::json(), server(5));
    workspace.synced(&server, USUAL);
    assert_eq!(workspace.sync(&server, USUAL).unwrap().outcome, SyncOutcome::Fresh);
    server.world().change(2);
    let record = workspace.synced(&server, FORCED);
    assert_eq!((record.received, record.changed, record.unchanged), (1, 1, 4));
    assert_eq!(workspace.dump(), server.world().found());
    assert_eq!(workspace.ledger().len(), 2);
}
