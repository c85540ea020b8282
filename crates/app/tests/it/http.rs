//! The same as `property.rs` over HTTP: syncs with Jiras of both kinds whose issues are edited, also
//! in the midst of a sync, and whose answers go wrong. What is stored at the end is what a full fetch
//! of an honest server gives.

use std::sync::Arc;
use std::time::Duration;

use fake_jira::{Behaviour, FakeJira, Fault, Kind, SPRINT_FIELD, Which, World};
use jira::{Client, ClientOptions, Login, Site};
use model::remote::{Cancelled, Patience};
use model::{CacheKind, Json, SyncOutcome, SyncRecord};
use serde_json::json;
use sync::{Silent, SyncOptions};

use crate::property::Random;
use crate::workspace::{Dump, FORCED, FULL, Workspace};

const HISTORIES: u64 = 100;
const ROUNDS: u64 = 4;
const THREADS: u64 = 4;
const PROJECTS: [&str; 2] = ["K", "L"];

/// Waits without any time passing.
struct Hurried;

impl Patience for Hurried {
    fn wait(&self, _: Duration) -> Result<(), Cancelled> {
        Ok(())
    }

    fn check(&self) -> Result<(), Cancelled> {
        Ok(())
    }
}

pub fn connect(server: &FakeJira) -> jira::Result<Client> {
    let site = Site { base_url: server.url().to_owned(), login: Login::None };
    let options = ClientOptions {
        tries_max: 3,
        read_timeout: Duration::from_secs(30),
        ..ClientOptions::default()
    };
    Client::connect(site, &options, Arc::new(Hurried))
}

/// A workspace whose sprints are asked for.
fn workspace() -> Workspace {
    let workspace = Workspace::sqlite();
    workspace.put(|writer| {
        let mut profile = writer.profile(&workspace.key.profile)?.unwrap();
        let mappings = format!(r#"{{"general":{{"sprint":"{SPRINT_FIELD}"}}}}"#);
        profile.settings.field_mappings = Json::parse(&mappings).ok();
        writer.put_profile(&profile)
    });
    workspace
}

fn world(random: &mut Random) -> World {
    let mut world = World::new();
    for number in 1..=2 {
        world.see_sprint(&json!({"id": number, "name": format!("S{number}"), "state": "active"}));
    }
    (0..3 + random.below(9)).for_each(|_| drop(world.add("K", json!({"summary": "new"})).unwrap()));
    world
}

fn edit(world: &mut World, random: &mut Random) {
    for _ in 0..1 + random.below(5) {
        let keys = world.keys();
        let key = keys.get(random.below(keys.len() as u64) as usize).cloned().unwrap_or_default();
        let project = PROJECTS[random.below(2) as usize];
        // An edit of what is not there any more, or is hidden, does nothing.
        let _ = match random.below(10) {
            0 | 1 => world.add(project, json!({"summary": "new"})).map(drop),
            2 | 3 => world.set(&key, "summary", &json!(format!("text {}", random.below(999)))),
            4 => world.move_to(&key, project).map(drop),
            5 => world.delete(&key),
            6 => world.hide(&key),
            7 => world.plan(&key, &[1 + random.below(2)]),
            // A name of a status tells of itself in the list of statuses alone.
            8 => world.rename_status("1", &format!("Status {}", random.below(99))),
            // What is closed stays as it is: of a sprint that is opened again no issue tells.
            _ if random.is_one_of(3) => world.change_sprint(2, "state", "closed"),
            _ => world.change_sprint(1, "name", &format!("S {}", random.below(99))),
        };
    }
}

/// Faults that a client can recognise; some are over after a try, some are not.
fn faults() -> Vec<Fault> {
    vec![
        Fault::too_many(Some(1)),
        Fault::unavailable(None),
        Fault::broken(),
        Fault::proxy(),
        Fault::Empty,
        Fault::Cut,
        Fault::Torn,
        Fault::Closed,
    ]
}

fn behaviour(kind: Kind, random: &mut Random) -> Behaviour {
    let page = 2 + random.below(5) as usize;
    let honest = Behaviour::honest(kind).pages(page, page).histories(2, 3, 4);
    let nth = Which::Nth(1 + random.below(4));
    let seed = random.below(u64::MAX);
    match random.below(7) {
        0 => honest.chance(150, seed, 2, faults()),
        1 => honest.chance(500, seed, 9, faults()),
        2 => honest.fault("", Which::From(3 + random.below(9)), Fault::Closed),
        3 => honest.fault("search", nth, Fault::RepeatedToken),
        4 => honest.fault("", nth, Fault::ShortChangelogs),
        5 => {
            let mut random = Random::new(seed);
            honest.edit("", nth, move |world| edit(world, &mut random))
        }
        _ => honest,
    }
}

/// What a full fetch of an honest server gives.
fn full_fetch(server: &FakeJira, kind: Kind) -> Dump {
    server.behave(Behaviour::honest(kind));
    let fresh = workspace();
    fresh.synced(&connect(server).unwrap(), FULL);
    fresh.dump()
}

/// Whether both are the same; says only what differs.
#[track_caller]
fn check_same(found: &Dump, want: &Dump, told: &str) {
    for key in found.keys().chain(want.keys()) {
        assert_eq!(found.get(key), want.get(key), "{told}: {key}");
    }
}

#[track_caller]
fn check(workspace: &Workspace, record: &SyncRecord, want: &Dump, told: &str) {
    if record.outcome == SyncOutcome::Done {
        return check_same(&workspace.dump(), want, told);
    }
    assert_eq!(record.outcome, SyncOutcome::Partial, "{told}");
    let headers =
        [CacheKind::Issues, CacheKind::Changelogs].map(|kind| workspace.header(kind).partial);
    assert!(headers.iter().any(Option::is_some), "{told}: nothing is marked");
    for (key, found) in workspace.dump() {
        let is_named = record.missing.iter().any(|missing| missing.key == key);
        assert!(is_named || want.get(&key) == Some(&found), "{told}: {key} is not named");
    }
}

fn round(workspace: &Workspace, server: &FakeJira, kind: Kind, random: &mut Random, told: &str) {
    edit(&mut server.world(), random);
    server.behave(behaviour(kind, random));
    let before = workspace.dump();
    let edits_before = server.world().now();
    let options = SyncOptions { is_full: random.is_one_of(6), ..FORCED };
    let done = connect(server)
        .map_err(Into::into)
        .and_then(|client| workspace.app.sync(&workspace.key, &client, options, &Silent));
    let is_edited = server.world().now() != edits_before;
    match done {
        Err(_) => assert_eq!(workspace.dump(), before, "{told}: half a sync"),
        Ok(_) if is_edited => {}
        Ok(record) => check(workspace, &record, &full_fetch(server, kind), told),
    }
}

fn history(kind: Kind, seed: u64) {
    let mut random = Random::new(seed);
    let server = FakeJira::start(world(&mut random), kind, Behaviour::honest(kind)).unwrap();
    let workspace = workspace();
    for number in 0..ROUNDS {
        let told = format!("{kind:?}, seed {seed}, round {number}");
        round(&workspace, &server, kind, &mut random, &told);
    }
    let want = full_fetch(&server, kind);
    let options = if want.is_empty() { FULL } else { FORCED };
    workspace.synced(&connect(&server).unwrap(), options);
    check_same(&workspace.dump(), &want, &format!("{kind:?}, seed {seed}, at the end"));
}

#[test]
fn any_history_of_syncs_with_a_jira_ends_as_one_full_fetch() {
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for seed in (thread..HISTORIES).step_by(THREADS as usize) {
                    let kind = if seed % 8 < 4 { Kind::Cloud } else { Kind::DataCenter };
                    history(kind, seed);
                }
            });
        }
    });
}
