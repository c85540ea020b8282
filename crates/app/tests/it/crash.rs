//! A sync that is killed at any step leaves what was stored, and the next one ends well. The child is
//! this test program; it says each step and waits to be killed there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use model::SyncOutcome;
use sync::{SyncControl, SyncProgress};

use crate::workspace::{FORCED, Workspace, app_over, key, noon};
use crate::world::{Server, World};

const CHILD: &str = "BURNDOWN_SYNC_WORKSPACE";
const STOP_AT: &str = "BURNDOWN_SYNC_STOP_AT";

/// What is stored before, and what there is then.
fn worlds() -> [World; 2] {
    let before = World::of(12, 0);
    let mut after = before.clone();
    (2..8).for_each(|id| after.change(id));
    after.create(0);
    after.tickets.remove(&1);
    [before, after]
}

fn server(world: World) -> Server {
    Server::new(world, 5, 2)
}

/// Says each step; at the last one it waits for its end.
struct Steps {
    left: AtomicUsize,
}

impl Steps {
    fn step(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // On a line of its own: the harness does not end the line that names the test.
            println!("\nstopped");
            std::io::stdout().flush().unwrap();
            loop {
                std::thread::park();
            }
        }
    }
}

impl SyncControl for Steps {
    fn told(&self, _: &SyncProgress) {
        self.step();
    }

    fn is_cancelled(&self) -> bool {
        self.step();
        false
    }
}

/// Not a test of its own: syncs in the child process.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let stop_at: usize = std::env::var(STOP_AT).unwrap().parse().unwrap();
    let database = folder.join("profiles/burndown.sqlite");
    let store = store::open(&format!("sqlite:{}", database.display())).unwrap();
    let app = app_over(store, &folder, noon);
    let [_, after] = worlds();
    let steps = Steps { left: AtomicUsize::new(stop_at) };
    app.sync(&key(), &server(after), FORCED, &steps).unwrap();
    println!("\nended");
}

/// Runs the child and kills it at its n-th step; `false` if it ended before.
fn kill_at(workspace: &Workspace, step: usize) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--nocapture"])
        .env(CHILD, workspace.folder())
        .env(STOP_AT, step.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.find_map(|line| line.ok().filter(|l| l == "stopped" || l == "ended"));
    child.kill().unwrap();
    child.wait().unwrap();
    said.as_deref() == Some("stopped")
}

#[test]
fn killed_at_every_step() {
    let [before, after] = worlds();
    let mut kills = 0;
    for step in 1.. {
        let workspace = Workspace::sqlite();
        workspace.synced(&server(before.clone()), FORCED);
        if !kill_at(&workspace, step) {
            assert_eq!(workspace.dump(), after.found());
            break;
        }
        kills += 1;
        let is_swapped = workspace.dump() == after.found();
        assert!(is_swapped || workspace.dump() == before.found(), "step {step}: half a sync");
        let interrupted = workspace.app.end_interrupted_syncs().unwrap();
        let said = usize::from(workspace.ledger()[0].outcome == SyncOutcome::Failed);
        assert_eq!(interrupted, said, "step {step}");
        workspace.synced(&server(after.clone()), FORCED);
        assert_eq!(workspace.dump(), after.found(), "step {step}");
        assert_eq!(workspace.store.check_integrity().unwrap(), Vec::<String>::new());
    }
    assert!(kills > 12, "{kills} steps");
}
