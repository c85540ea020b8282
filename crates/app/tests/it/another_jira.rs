//! A query that is synced with another Jira than the one that its issues came from.

use app::issues::{Event, IssuesAsk};
use model::CacheKind;
use sync::SyncOptions;

use crate::workspace::{FULL, Workspace, noon};
use crate::world::{Faults, Server, World};

const USUAL: SyncOptions = SyncOptions { is_full: false, is_forced: false, accepts_loss: false };

/// Another Jira may have issues of the same keys: they are others, and what it has not is not there.
#[test]
fn another_jira_replaces_what_is_stored() {
    let (workspace, first) = (Workspace::sqlite(), Server::new(World::of(6, 0), 4, 2));
    workspace.connect(r#"{"base_url":"https://one.example"}"#);
    workspace.synced(&first, USUAL);
    workspace.connect(r#"{"base_url":"https://two.example"}"#);
    let mut world = World::of(4, 0);
    world.tickets = world.tickets.into_iter().map(|(id, ticket)| (id + 100, ticket)).collect();
    let second = Server::new(world, 4, 2);
    let refused = workspace.sync(&second, USUAL).unwrap_err().to_string();
    assert!(refused.contains("of another Jira: 6 issues"), "{refused}");
    let former = || workspace.header(CacheKind::Changelogs).former_types();
    let mut header = workspace.header(CacheKind::Changelogs);
    header.set_former_types(&[("1".to_owned(), ["Bug".to_owned()].into())].into());
    workspace.put(|writer| writer.put_header(&workspace.key, CacheKind::Changelogs, &header));
    assert_eq!(former().len(), 1);
    let accepted = SyncOptions { accepts_loss: true, ..FULL };
    let record = workspace.synced(&second, accepted);
    assert_eq!((record.found, record.changed, record.gone), (4, 4, 2), "{}", record.message);
    assert!(record.message.contains("of another Jira"), "{}", record.message);
    assert_eq!(former().len(), 0, "what the first one called things");
    let everything = IssuesAsk { event: Some(Event::Left), ..IssuesAsk::default() };
    assert_eq!(workspace.other(noon).issues(&workspace.key, &everything).unwrap().issues.len(), 0);
    assert_eq!(
        workspace.other(noon).issues(&workspace.key, &IssuesAsk::default()).unwrap().issues.len(),
        4
    );
    let kept = workspace.header(CacheKind::Changelogs);
    let is_own = |(name, _): (&str, &_)| model::CacheHeader::is_own_member(name);
    assert!(kept.extra.iter().all(is_own), "what a rollback would take for a changelog: {kept:?}");
    // The same Jira under a new address: what it does not find any more left the query.
    workspace.connect(r#"{"base_url":"https://three.example"}"#);
    let mut world = World::of(3, 0);
    world.tickets = world.tickets.into_iter().map(|(id, ticket)| (id + 100, ticket)).collect();
    let record = workspace.synced(&Server::new(world, 4, 2), USUAL);
    assert_eq!((record.unchanged, record.gone), (3, 1), "{}", record.message);
    assert_eq!(workspace.other(noon).issues(&workspace.key, &everything).unwrap().issues.len(), 1);
}

/// Of so many issues so many are found no more; `is_seen` says whether this login still gets them by
/// their ids. How many of them go, and what is said of those that stay.
#[track_caller]
fn check_loss(all: u64, missing: u64, is_seen: bool, options: SyncOptions, want: (u64, &str)) {
    let workspace = Workspace::sqlite();
    let server = Server::new(World::of(all, 0), 40, 20);
    workspace.synced(&server, USUAL);
    let mut world = server.world.lock().unwrap();
    let lost: Vec<u64> = world.tickets.keys().copied().take(missing as usize).collect();
    for id in &lost {
        world.tickets.get_mut(id).unwrap().is_found = false;
    }
    drop(world);
    let left_out = if is_seen { Vec::new() } else { lost };
    server.set_faults(Faults { left_out: left_out.into_iter().collect(), ..Faults::default() });
    let record = workspace.sync(&server, options).unwrap();
    let case = format!("{missing} of {all}, seen: {is_seen}: {}", record.message);
    assert_eq!(record.gone, want.0, "{case}");
    assert!(record.message.contains(want.1), "{case}");
    assert_eq!(workspace.dump().len() as u64, all - want.0, "{case}");
}

#[test]
fn issues_that_this_login_sees_no_more_stay() {
    let forced = SyncOptions { is_forced: true, ..USUAL };
    let said = |count| format!("this login no longer sees {count} issues");
    check_loss(30, 12, false, forced, (0, &said(12)));
    check_loss(60, 40, false, forced, (0, &said(40)));
    // They are seen, so they left the query.
    check_loss(30, 12, true, forced, (12, ""));
    // Few, or a small part of all.
    check_loss(20, 9, false, forced, (9, ""));
    check_loss(30, 10, false, forced, (10, ""));
    check_loss(30, 12, false, SyncOptions { accepts_loss: true, ..FULL }, (12, ""));
}
