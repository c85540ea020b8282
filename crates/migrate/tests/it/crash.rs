//! A migration that is killed at any step leaves the old state or the new one, and the next start
//! ends well. The child is this test program; it says each step and waits to be killed there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::workspace::{Workspace, silent};

const CHILD: &str = "BURNDOWN_CRASH_WORKSPACE";
const STOP_AT: &str = "BURNDOWN_CRASH_AT";

/// Not a test of its own: migrates in the child process.
#[test]
fn child() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let stop_at: usize = std::env::var(STOP_AT).unwrap().parse().unwrap();
    let path = std::path::PathBuf::from(path);
    let job = migrate::Job {
        source: path.clone(),
        workspace: path,
        now: "2026-01-05T08:00:00Z".parse().unwrap(),
        zone: model::TimeZone::UTC,
        program_version: "1.2.3".to_owned(),
        again: false,
    };
    let seen = Mutex::new(0);
    migrate::migrate(&job, &|progress| {
        let mut seen = seen.lock().unwrap();
        *seen += 1;
        if *seen == stop_at {
            println!("step {:?} {}", progress.stage, progress.step);
            std::io::stdout().flush().unwrap();
            // Every other thread stops at its next step; then the parent kills.
            loop {
                std::thread::park();
            }
        }
    })
    .unwrap();
    println!("ended after {} steps", seen.lock().unwrap());
}

/// Runs the child and kills it at its n-th step; gives the step, or `None` if it ended before.
fn kill_at(workspace: &Workspace, step: usize) -> Option<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--nocapture"])
        .env(CHILD, &workspace.path)
        .env(STOP_AT, step.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.find_map(|line| {
        let line = line.unwrap();
        (line.contains("step ") || line.contains("ended after")).then_some(line)
    });
    child.kill().unwrap();
    child.wait().unwrap();
    said.filter(|line| line.contains("step "))
}

#[test]
fn killed_at_every_step() {
    check_kills(Workspace::small);
}

#[test]
fn killed_at_every_step_of_reading_a_database() {
    check_kills(|| Workspace::database_of("sqlite-v2.5.0-small"));
}

#[track_caller]
fn check_kills(sample: fn() -> Workspace) {
    let mut steps = Vec::new();
    for step in 1.. {
        let workspace = sample();
        let before = workspace.legacy_files();
        let Some(said) = kill_at(&workspace, step) else { break };
        assert_eq!(workspace.legacy_files(), before, "{said}: the old folder changed");
        let was_published = workspace.database().exists();
        if was_published {
            assert_eq!(workspace.verify().unexplained, Vec::<String>::new(), "{said}");
        } else {
            let report = migrate::migrate(&workspace.job(), &silent).unwrap();
            assert_eq!(report.totals.issues, 60, "{said}");
            assert_eq!(workspace.verify().unexplained, Vec::<String>::new(), "{said}");
        }
        let left = std::fs::read_dir(workspace.path.join("profiles")).unwrap().flatten();
        let partial: Vec<_> = left
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains("partial"))
            .collect();
        assert_eq!(partial, Vec::<String>::new(), "{said}");
        let backups = std::fs::read_dir(workspace.path.join("backups")).unwrap().flatten();
        let names: Vec<_> = backups.map(|entry| entry.file_name()).collect();
        let is_left = |name: &str| name.ends_with(".partial") || name.starts_with(".burndown-");
        let left = names.iter().any(|name| is_left(&name.to_string_lossy()));
        assert!(!left, "{said}: {names:?}");
        steps.push((said, was_published));
    }
    assert!(steps.len() > 15, "{steps:?}");
    assert!(steps.iter().any(|(_, published)| *published), "{steps:?}");
    assert!(steps.iter().any(|(said, _)| said.contains("Publish rename")), "{steps:?}");
}
