//! How long a sync takes beside the server's own time: the server is in memory and answers at once.
//!
//! `cargo bench -p app --bench sync [ISSUES]` prints seconds of one sync each and the peak of memory,
//! that of the server included; 10 000 issues with documents of 1.7 KB and two changes each unless
//! another number is given.
#![allow(
    missing_docs,
    dead_code,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed"
)]

#[path = "../../tests/it/workspace.rs"]
mod workspace;
#[path = "../../tests/it/world.rs"]
mod world;

use std::sync::Mutex;
use std::time::Instant;

use sync::{Phase, SyncControl, SyncOptions, SyncProgress};
use workspace::{FORCED, FULL, Workspace};
use world::{Server, World};

const ISSUES: u64 = 10_000;
const DOCUMENT_BYTES: usize = 1_500;

/// Notes when the swap began.
#[derive(Default)]
struct Clock(Mutex<Option<Instant>>);

impl SyncControl for Clock {
    fn told(&self, progress: &SyncProgress) {
        if progress.phase == Phase::Swap {
            self.0.lock().unwrap().get_or_insert_with(Instant::now);
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Bytes of memory at their peak, where the system tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

fn measure(what: &str, workspace: &Workspace, server: &Server, options: SyncOptions) {
    let (clock, began) = (Clock::default(), Instant::now());
    let record = workspace.sync_with(server, options, &clock).unwrap();
    let (took, swap) = (began.elapsed(), clock.0.lock().unwrap().unwrap().elapsed());
    let memory = peak_mb().map_or_else(String::new, |mb| format!(", {mb} MB at most"));
    println!(
        "{what}: {:.2} s, of it {:.2} s from the swap on{memory} ({} fetched, {} changed, {} new)",
        took.as_secs_f64(),
        swap.as_secs_f64(),
        record.received,
        record.changed,
        record.new,
    );
}

fn main() {
    let issues = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(ISSUES);
    let mut world = World::of(issues, DOCUMENT_BYTES);
    (0..2).for_each(|_| (1..=issues).for_each(|id| world.change(id)));
    let server = Server::new(world, 1_000, 100);
    println!("{issues} issues; {} MB before", peak_mb().unwrap_or_default());
    let workspace = Workspace::sqlite();
    measure("first", &workspace, &server, FORCED);
    measure("nothing changed", &workspace, &server, FORCED);
    (1..=100).for_each(|id| server.world().change(id * (issues / 100)));
    measure("100 changed", &workspace, &server, FORCED);
    measure("full", &workspace, &server, FULL);
}
