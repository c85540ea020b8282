//! A query that is synced with another Jira than the one that its issues came from.

use app::issues::{Event, IssuesAsk};
use model::CacheKind;
use sync::SyncOptions;

use crate::workspace::{FULL, Workspace, noon};
use crate::world::{Server, World};

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
