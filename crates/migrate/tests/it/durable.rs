//! What a power cut leaves, and what a bad disk does: a migration gives nothing its name before it is
//! on the disk, and ends where the copy is not what was read or the database is not what the copy says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use files::{Act, Done};
use migrate::Error;

use super::workspace::{Workspace, silent};

/// What a migration did to files, in order.
fn steps_of(workspace: &Workspace) -> Vec<Done> {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&steps);
    files::watched(
        move |done| told.lock().unwrap().push(done.clone()),
        || migrate::migrate(&workspace.job(), &silent).unwrap(),
    );
    let steps = steps.lock().unwrap();
    steps.clone()
}

fn ends_with(place: &Path, end: &str) -> bool {
    place.to_str().unwrap().ends_with(end)
}

/// Where in the steps a file or folder was flushed, first and last.
fn flushed(steps: &[Done], end: &str) -> (usize, usize) {
    let is_it = |done: &Done| done.act == Act::Flush && ends_with(&done.place, end);
    let first = steps.iter().position(is_it).unwrap_or_else(|| panic!("{end} is not flushed"));
    (first, steps.iter().rposition(is_it).unwrap())
}

fn renamed_to(steps: &[Done], is_it: impl Fn(&Path) -> bool) -> usize {
    let found = steps.iter().position(|done| done.to.as_deref().is_some_and(&is_it));
    found.expect("it got its name")
}

#[test]
fn nothing_has_its_name_before_it_is_on_the_disk() {
    let workspace = Workspace::small();
    let steps = steps_of(&workspace);
    let is_backup = |place: &Path| {
        let name = place.file_name().unwrap().to_str().unwrap();
        name.starts_with("migration-") && name.ends_with('Z')
    };
    let (backup, database) = (
        renamed_to(&steps, is_backup),
        renamed_to(&steps, |place| ends_with(place, "profiles/burndown.sqlite")),
    );
    assert!(backup < database, "the old files are safe before the new database is in force");
    assert!(flushed(&steps, "burndown.sqlite.partial").1 < database, "database before its name");
    assert!(flushed(&steps, "/profiles").1 > database, "the folder after");
    assert!(flushed(&steps, "/backups").1 > backup);
    for file in ["jira_cache.json", "profile.json", "profiles.json", "manifest.json"] {
        let written = steps.iter().position(|done| {
            let place = done.to.as_deref().unwrap_or(&done.place);
            ends_with(place, file) && place.to_str().unwrap().contains("backups")
        });
        assert!(
            written.is_some_and(|at| at < backup),
            "{file} is flushed before the backup counts"
        );
    }
}

/// Migrates while `spoil` is told each step.
fn refused(workspace: &Workspace, spoil: impl FnMut(&Done) + Send + 'static) -> Error {
    let error = files::watched(spoil, || migrate::migrate(&workspace.job(), &silent).unwrap_err());
    assert!(!workspace.path.join("profiles/burndown.sqlite").exists(), "nothing is published");
    assert!(!workspace.path.join("profiles/burndown.sqlite.partial").exists());
    error
}

/// Changes a text of a file to another of the same length.
fn change(place: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(place).unwrap();
    assert!(text.contains(from));
    fs::write(place, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_copy_that_does_not_read_back_ends_the_migration() {
    let workspace = Workspace::small();
    let mut is_done = false;
    let error = refused(&workspace, move |done| {
        // The disk loses a letter right after it said that the file is safe.
        if !is_done && done.act == Act::Flush && ends_with(&done.place, "query.json") {
            change(&done.place, "All issues", "All jssues");
            is_done = true;
        }
    });
    assert!(
        matches!(&error, Error::BackupDiffers(file) if file.ends_with("query.json")),
        "{error}"
    );
}

#[test]
fn a_database_that_is_not_what_the_copy_says_is_not_published() {
    let workspace = Workspace::small();
    let mut query: Option<PathBuf> = None;
    let error = refused(&workspace, move |done| {
        if done.act == Act::Flush && ends_with(&done.place, "query.json") {
            query = Some(done.place.clone());
        }
        // After the copy was read back, before the database is compared with it.
        let is_manifest = done.to.as_deref().is_some_and(|to| ends_with(to, "manifest.json"));
        if let Some(query) = query.take_if(|_| is_manifest) {
            change(&query, "All issues", "All jssues");
        }
    });
    assert!(matches!(error, Error::NotEqual { count: 1, .. }), "{error}");
    assert!(workspace.path.join("backups/migration-report.txt").is_file(), "its report is kept");
}

#[test]
fn an_old_app_that_writes_meanwhile_is_named() {
    let workspace = Workspace::small();
    let file = workspace.path.join("profiles/p_a7b6725386c3/queries/q_25d5b4b45190/query.json");
    let mut copy: Option<PathBuf> = None;
    let error = refused(&workspace, move |done| {
        if done.act == Act::Flush && ends_with(&done.place, "query.json") {
            copy = Some(done.place.clone());
        }
        let is_manifest = done.to.as_deref().is_some_and(|to| ends_with(to, "manifest.json"));
        // The copy holds what was read before, the file what the old app wrote since.
        if let Some(copy) = copy.take_if(|_| is_manifest) {
            change(&copy, "All issues", "Old issues");
            change(&file, "All issues", "New issues");
        }
    });
    assert!(
        matches!(&error, Error::OldAppWrites { file } if file.ends_with("query.json")),
        "{error}"
    );
}
