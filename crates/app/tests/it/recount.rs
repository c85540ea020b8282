//! Whatever a Jira calls its statuses: after any history of edits and syncs the weekly table is what
//! a recount of the world by ids says. Names are translated, renamed and shared by two statuses,
//! categories change, issues are hidden, moved and deleted, and the user moves to other zones.

use std::collections::BTreeMap;

use app::overview::{OverviewAsk, Window};
use fake_jira::{Behaviour, FakeJira, Kind, World};
use jiff::SignedDuration;
use model::{TimeZone, Timestamp, Week};
use serde_json::json;

use crate::http::connect;
use crate::property::Random;
use crate::workspace::{FORCED, FULL, Workspace};

const HISTORIES: u64 = 60;
const ROUNDS: u64 = 5;
/// Id, name and category of each status; two have one name.
const STATUSES: [(&str, &str, &str); 6] = [
    ("1", "To Do", "new"),
    ("2", "Doing", "indeterminate"),
    ("3", "Ready", "indeterminate"),
    ("4", "Ready", "done"),
    ("5", "Done", "done"),
    ("6", "Closed", "done"),
];
const NAMES: [&str; 5] = ["Fertig", "Offen", "Doing", "完了", "Done"];
const ZONES: [&str; 3] = ["America/New_York", "Pacific/Auckland", "Asia/Kolkata"];

/// What was last seen of an issue, by its id.
#[derive(Debug, Clone)]
struct Seen {
    created: Timestamp,
    status: String,
    path: Vec<(Timestamp, String, String)>,
    has_left: bool,
}

type Facts = BTreeMap<String, Seen>;

fn world(random: &mut Random) -> World {
    let mut world = World::new();
    for (id, name, category) in STATUSES {
        let key = json!({"id": id, "name": name, "statusCategory": {"key": category}});
        world.see_status(&key);
        world.set_category(id, category).unwrap();
    }
    (0..8 + random.below(20)).for_each(|_| drop(add(&mut world, random)));
    world
}

fn add(world: &mut World, random: &mut Random) -> fake_jira::Result<String> {
    world.advance(SignedDuration::from_hours(random.below(24) as i64));
    let (id, name, _) = STATUSES[random.below(3) as usize];
    world.add("K", json!({"status": {"id": id, "name": name}}))
}

fn edit(world: &mut World, random: &mut Random) {
    for _ in 0..4 + random.below(16) {
        world.advance(SignedDuration::from_hours(random.below(24) as i64));
        let keys = world.keys();
        let key = keys.get(random.below(keys.len() as u64) as usize).cloned().unwrap_or_default();
        let status = STATUSES[random.below(6) as usize].0;
        let name = NAMES[random.below(5) as usize];
        let _ = match random.below(16) {
            0 | 1 => add(world, random).map(drop),
            2 => world.rename_status(status, name),
            3 => {
                world.call_status_in_documents(status, name);
                Ok(())
            }
            4 => world.translate_status(status, name),
            5 => world.hide(&key),
            6 => world.move_to(&key, "L").map(drop),
            7 => world.delete(&key),
            8 => {
                let zone = ZONES[random.below(3) as usize];
                world.set_zone(TimeZone::get(zone).unwrap());
                Ok(())
            }
            _ => world.transition(&key, status),
        };
    }
}

/// Takes what the query finds now over what was seen; the rest has left.
fn look(world: &mut World, facts: &mut Facts) {
    let found = world.search("project = K").unwrap();
    facts.iter_mut().for_each(|(_, seen)| seen.has_left = true);
    for id in found {
        let seen = Seen {
            created: world.created(&id).unwrap(),
            status: world.status_id(&id).unwrap(),
            path: world.status_path(&id).unwrap(),
            has_left: false,
        };
        facts.insert(id, seen);
    }
}

/// When it was last done without being taken up again; `Some(None)` if that has no date.
fn done_at(seen: &Seen) -> Option<Option<Timestamp>> {
    let is_done = |id: &str| STATUSES.iter().any(|(known, _, c)| *known == id && *c == "done");
    if !is_done(&seen.status) {
        return None;
    }
    let mut done = None;
    for (at, from, to) in &seen.path {
        match (is_done(from), is_done(to)) {
            (false, true) => done = Some(*at),
            (_, false) => done = None,
            (true, true) => {}
        }
    }
    Some(done)
}

/// Created and done by week, and how many are open.
type Counts = (BTreeMap<String, [i64; 2]>, i64);

fn recount(facts: &Facts) -> Counts {
    let mut weeks: BTreeMap<String, [i64; 2]> = BTreeMap::new();
    let week = |at: Timestamp| Week::of(at.to_zoned(TimeZone::UTC).date()).to_string();
    for seen in facts.values() {
        weeks.entry(week(seen.created)).or_default()[0] += 1;
        if let Some(Some(at)) = done_at(seen) {
            weeks.entry(week(at)).or_default()[1] += 1;
        }
    }
    let is_open = |seen: &&Seen| !seen.has_left && done_at(seen).is_none();
    (weeks, facts.values().filter(is_open).count() as i64)
}

fn counted(workspace: &Workspace) -> Counts {
    let ask = OverviewAsk { window: Window::All, ..OverviewAsk::default() };
    let weeks = workspace.app.weeks(&workspace.key, &ask).unwrap();
    let table = weeks.table.known().unwrap();
    let rows = table
        .rows
        .iter()
        .map(|row| (row.week.to_string(), [row.flow.created.items, row.flow.done.items]));
    let open = table.rows.last().map_or(0, |row| row.open.unwrap().items);
    (rows.filter(|(_, counts)| *counts != [0, 0]).collect(), open)
}

fn history(kind: Kind, seed: u64) {
    let mut random = Random::new(seed);
    let server = FakeJira::start(world(&mut random), kind, Behaviour::honest(kind)).unwrap();
    let workspace = Workspace::sqlite();
    let mut facts = Facts::new();
    for round in 0..ROUNDS {
        let options = if random.is_one_of(5) { FULL } else { FORCED };
        workspace.synced(&connect(&server).unwrap(), options);
        look(&mut server.world(), &mut facts);
        let told = format!("{kind:?}, seed {seed}, round {round}: {facts:#?}");
        assert_eq!(counted(&workspace), recount(&facts), "{told}");
        edit(&mut server.world(), &mut random);
    }
}

#[test]
fn the_facts_by_id_equal_a_recount_of_the_world() {
    for seed in 0..HISTORIES {
        history(if seed % 2 == 0 { Kind::Cloud } else { Kind::DataCenter }, seed);
    }
}
