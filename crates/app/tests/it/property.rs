//! After any sync what is stored is what a full fetch would give, or it is marked with what is
//! missing: random histories of edits, syncs, faults and kills.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use model::{CacheKind, SyncOutcome, SyncRecord};
use sync::{SyncControl, SyncOptions, SyncProgress};

use crate::workspace::{Dump, FORCED, FULL, Workspace};
use crate::world::{Fault, Faults, Server, World};

/// How many random histories there are.
const SQLITE_HISTORIES: u64 = 300;
const JSON_HISTORIES: u64 = 40;
const THREADS: u64 = 8;
/// Rounds of edits and a sync in each.
const ROUNDS: u64 = 6;

/// Numbers that look random and are the same every time (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    pub fn is_one_of(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn some_of(&mut self, ids: &[u64]) -> BTreeSet<u64> {
        ids.iter().copied().filter(|_| self.is_one_of(4)).collect()
    }
}

/// Cancels, or dies, when it is asked for the nth time.
struct Ending {
    left: AtomicU64,
    is_kill: bool,
}

impl Ending {
    fn at(number: Option<u64>, is_kill: bool) -> Ending {
        Ending { left: AtomicU64::new(number.unwrap_or(u64::MAX)), is_kill }
    }
}

impl SyncControl for Ending {
    fn told(&self, progress: &SyncProgress) {
        assert!(progress.percent <= 100 && !progress.message.is_empty());
    }

    fn is_cancelled(&self) -> bool {
        let is_over = self.left.fetch_sub(1, Ordering::SeqCst) == 1;
        if is_over && self.is_kill {
            std::panic::panic_any("killed");
        }
        is_over
    }
}

fn edit(world: &mut World, random: &mut Random) {
    for _ in 0..random.below(6) {
        let ids: Vec<u64> = world.tickets.keys().copied().collect();
        let id = ids.get(random.below(ids.len() as u64) as usize).copied().unwrap_or_default();
        match random.below(7) {
            0 | 1 => world.create(0),
            2 | 3 => world.change(id),
            4 => world.rename(id),
            5 => drop(world.tickets.remove(&id)),
            _ => {
                if let Some(ticket) = world.tickets.get_mut(&id) {
                    ticket.is_found = !ticket.is_found;
                }
            }
        }
    }
    // Sprints move on without their issues being touched; a sprint begins by being assigned.
    for id in world.tickets.keys().copied().collect::<Vec<_>>() {
        let state = world.tickets[&id].sprint;
        if state.is_none() && random.is_one_of(12) {
            world.change(id);
            world.tickets.get_mut(&id).unwrap().sprint = Some("future");
        } else if random.is_one_of(3) {
            let next = match state {
                Some("future") => Some("active"),
                Some("active") => Some("closed"),
                other => other,
            };
            world.tickets.get_mut(&id).unwrap().sprint = next;
        }
    }
}

fn faults(world: &World, random: &mut Random) -> Faults {
    let ids: Vec<u64> = world.tickets.keys().copied().collect();
    let mut faults = Faults { walks_again: random.is_one_of(5), ..Faults::default() };
    match random.below(10) {
        0 => faults.at = Some((1 + random.below(12), Fault::Unreachable)),
        1 => faults.at = Some((1 + random.below(12), Fault::Kill)),
        2 => faults.at = Some((1 + random.below(12), Fault::Edit)),
        3 => faults.refused = random.some_of(&ids),
        4 => faults.left_out = random.some_of(&ids),
        5 => faults.cut = random.some_of(&ids),
        6 => faults.unsent = random.some_of(&ids),
        7 => faults.unlisted = 1 + random.below(3),
        _ => {}
    }
    faults
}

/// Kills print where they happened; nobody wants to read that a thousand times.
fn without_noise<R>(work: impl FnOnce() -> R) -> R {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let told = info.payload().downcast_ref::<&str>();
        if !told.is_some_and(|told| ["killed", "a scoped thread panicked"].contains(told)) {
            usual(info);
        }
    }));
    let done = work();
    drop(std::panic::take_hook());
    done
}

/// What may differ from the world after a sync that was partial: what it names.
#[track_caller]
fn check_partial(workspace: &Workspace, record: &SyncRecord, world: &Dump, told: &str) {
    let stored = workspace.dump();
    let keys: BTreeSet<&String> = stored.keys().chain(world.keys()).collect();
    let named: BTreeSet<&str> = record.missing.iter().map(|missing| &*missing.key).collect();
    let headers =
        [CacheKind::Issues, CacheKind::Changelogs].map(|kind| workspace.header(kind).partial);
    assert!(headers.iter().any(Option::is_some), "{told}: nothing is marked");
    let is_short = headers[0].as_ref().is_some_and(|partial| partial.contains("listed"));
    for key in keys {
        let is_same = stored.get(key) == world.get(key);
        let is_left = is_short && !world.contains_key(key);
        assert!(is_same || is_left || named.contains(key.as_str()), "{told}: {key} is not named");
    }
}

fn round(workspace: &Workspace, server: &Server, random: &mut Random, told: &str) {
    edit(&mut server.world(), random);
    let faults = faults(&server.world(), random);
    let is_edited = matches!(faults.at, Some((_, Fault::Edit)));
    server.set_faults(faults);
    let before = workspace.dump();
    let ends_at = random.is_one_of(4).then(|| 1 + random.below(14));
    let ending = Ending::at(ends_at, random.is_one_of(2));
    let options = SyncOptions { is_full: random.is_one_of(5), ..FORCED };
    let done = catch_unwind(AssertUnwindSafe(|| workspace.sync_with(server, options, &ending)));
    let world = server.world().found();
    match done {
        Err(_) | Ok(Err(_)) => assert_eq!(workspace.dump(), before, "{told}: half a sync"),
        Ok(Ok(record)) if is_edited => assert_ne!(record.outcome, SyncOutcome::Failed),
        Ok(Ok(record)) if record.outcome == SyncOutcome::Partial => {
            check_partial(workspace, &record, &world, told);
            check_no_history_lost(&before, &workspace.dump(), told);
        }
        Ok(Ok(record)) => {
            assert_eq!(record.outcome, SyncOutcome::Done, "{told}");
            assert_eq!(workspace.dump(), world, "{told}");
            let counted = record.new + record.changed + record.moved + record.unchanged;
            assert_eq!(counted, world.len() as u64, "{told}: {record:?}");
        }
    }
}

fn history(workspace: &Workspace, seed: u64) {
    let mut random = Random(seed);
    let server = Server::new(World::of(random.below(14), 0), 3, 2);
    for number in 0..ROUNDS {
        round(workspace, &server, &mut random, &format!("seed {seed}, round {number}"));
    }
    server.set_faults(Faults::default());
    let world = server.world().found();
    let is_emptied = world.is_empty() && !workspace.dump().is_empty();
    let options = if is_emptied { FULL } else { FORCED };
    workspace.synced(&server, options);
    assert_eq!(workspace.dump(), world, "seed {seed}");
    assert_eq!(workspace.header(CacheKind::Issues).partial, None);
    assert_eq!(workspace.header(CacheKind::Changelogs).partial, None);
    assert_eq!(workspace.store.check_integrity().unwrap(), Vec::<String>::new());
    // Nothing of it is left to do, but for sprints that nobody tells about.
    server.set_faults(Faults::default());
    let again = workspace.synced(&server, FORCED);
    assert_eq!((again.new, again.changed, again.gone), (0, 0, 0), "seed {seed}: {again:?}");
}

/// Histories are never taken back: an issue that is still there under its key has at least those that it
/// had.
#[track_caller]
fn check_no_history_lost(before: &Dump, now: &Dump, told: &str) {
    for (key, (_, had)) in before {
        let Some((_, has)) = now.get(key) else { continue };
        let count = |list: &str| list.matches("\"created\"").count();
        assert!(count(has) >= count(had), "{told}: {key} had {had} and has {has}");
    }
}

#[test]
fn any_history_of_syncs_ends_as_one_full_fetch() {
    without_noise(|| {
        // Most of the time is spent waiting for the disk.
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || {
                    for seed in (thread..SQLITE_HISTORIES).step_by(THREADS as usize) {
                        history(&Workspace::sqlite(), seed);
                    }
                    for seed in (thread..JSON_HISTORIES).step_by(THREADS as usize) {
                        history(&Workspace::json(), 10_000 + seed);
                    }
                });
            }
        });
    });
}
