//! Replacing a database: nobody has it open, its log goes with it, and a kill leaves one of the two.

use std::fs;
use std::path::{Path, PathBuf};

use migrate::{Hold, Job};
use store::{Address, Store, Writer};

use super::workspace::{Workspace, silent};

fn again(workspace: &Workspace) -> Job {
    Job { again: true, ..workspace.job() }
}

/// Writes a state that tells databases apart.
fn mark(store: &dyn Store, value: &str) {
    store.transact(|writer: &mut dyn Writer| writer.put_state("mark", value)).unwrap();
}

fn open(database: &Path) -> Box<dyn Store> {
    Address::Sqlite(database.to_owned()).open_existing().unwrap()
}

fn mark_of(database: &Path) -> Option<String> {
    open(database).read().unwrap().state("mark").unwrap()
}

fn database(workspace: &Workspace) -> PathBuf {
    migrate::database_path(&workspace.path)
}

/// The folders in `backups` whose name begins so.
fn kept(workspace: &Workspace, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace.path.join("backups")).unwrap().flatten();
    let is_it = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(start);
    entries.map(|entry| entry.path()).filter(is_it).collect()
}

/// Leaves the log of a database that a crash ended, as it would be found beside it.
fn crash(workspace: &Workspace) {
    let log = PathBuf::from(format!("{}-wal", database(workspace).display()));
    let store = open(&database(workspace));
    (0..40).for_each(|number| mark(&*store, &number.to_string()));
    let saved = fs::read(&log).unwrap();
    assert!(!saved.is_empty());
    drop(store);
    fs::write(&log, saved).unwrap();
}

#[test]
fn a_log_that_a_crash_left_is_put_aside_and_never_folded_into_another_database() {
    let workspace = Workspace::small();
    workspace.migrate();
    crash(&workspace);
    fs::remove_file(database(&workspace)).unwrap();
    workspace.migrate();
    assert_eq!(mark_of(&database(&workspace)), None);
    let store = open(&database(&workspace));
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    let [aside] = kept(&workspace, "replaced-").try_into().unwrap();
    assert!(aside.join("burndown.sqlite-wal").is_file());
}

#[test]
fn what_stands_in_the_log_is_kept_with_the_database_that_is_replaced() {
    let workspace = Workspace::small();
    workspace.migrate();
    crash(&workspace);
    migrate::migrate(&again(&workspace), &silent).unwrap();
    let [aside] = kept(&workspace, "replaced-").try_into().unwrap();
    assert_eq!(fs::read_dir(&aside).unwrap().count(), 1, "the log was folded in");
    assert_eq!(mark_of(&aside.join("burndown.sqlite")).as_deref(), Some("39"));
}

#[test]
fn whoever_has_the_database_open_is_asked_and_waited_for() {
    let workspace = Workspace::small();
    workspace.migrate();
    for command in ["migrate", "rollback"] {
        let hold = Hold::share(&workspace.path).unwrap();
        let store = open(&database(&workspace));
        std::thread::scope(|scope| {
            let replacer = scope.spawn(|| match command {
                "migrate" => drop(migrate::migrate(&again(&workspace), &silent).unwrap()),
                _ => drop(migrate::rollback(&workspace.path, false, workspace.job().now).unwrap()),
            });
            while hold.is_asked_to_end_by().is_none() {
                std::thread::yield_now();
            }
            mark(&*store, command);
            drop((store, hold));
            replacer.join().unwrap();
        });
        let start = if command == "migrate" { "replaced-" } else { "rolled-back-" };
        let [aside] = kept(&workspace, start).try_into().unwrap();
        let found = mark_of(&aside.join("burndown.sqlite"));
        assert_eq!(found.as_deref(), Some(command), "what was acknowledged is kept");
    }
    assert!(!database(&workspace).exists());
}

#[cfg(unix)]
#[test]
fn a_replacement_that_was_killed_is_finished_by_the_next() {
    let workspace = Workspace::small();
    workspace.migrate();
    // Killed before the new database had its name: the one in force has a second name.
    let unfinished = workspace.path.join("backups/replaced-20260101T000000Z.partial");
    fs::create_dir(&unfinished).unwrap();
    fs::hard_link(database(&workspace), unfinished.join("burndown.sqlite")).unwrap();
    migrate::migrate(&again(&workspace), &silent).unwrap();
    assert!(!unfinished.exists());
    assert_eq!(kept(&workspace, "replaced-").len(), 1, "only the one of now");
    // Killed after that: what was replaced has no other name.
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("burndown.sqlite"), "the one before").unwrap();
    migrate::migrate(&again(&workspace), &silent).unwrap();
    let finished = workspace.path.join("backups/replaced-20260101T000000Z/burndown.sqlite");
    assert_eq!(fs::read_to_string(finished).unwrap(), "the one before");
}

#[cfg(unix)]
#[test]
fn a_workspace_behind_a_link_works_like_its_target() {
    let workspace = Workspace::small();
    let link = workspace.path.with_file_name("link");
    std::os::unix::fs::symlink(&workspace.path, &link).unwrap();
    let job = Job { source: link.clone(), workspace: link.clone(), ..workspace.job() };
    migrate::migrate(&job, &silent).unwrap();
    assert!(migrate::verify(&link, &silent).unwrap().is_proven());
    migrate::rollback(&link, false, job.now).unwrap();
    assert!(!database(&workspace).exists());
}
