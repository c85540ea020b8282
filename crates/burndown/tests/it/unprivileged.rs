//! Folders without rights, tried as a user who has none.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::program::{BINARY, Ended, command, finish};
use crate::requirement;
use crate::samples::Workspace;

/// The user that owns nothing.
const NOBODY: &str = "65534";

/// Runs the program as a user who is not root: as nobody where the tests run as root, else as who
/// runs them. Everybody may reach the workspace; what is in it keeps its rights.
pub fn run(workspace: &Workspace, arguments: &[&str]) -> Ended {
    if !requirement::is_root() {
        return finish(command(BINARY, &workspace.path).args(arguments));
    }
    // Where the program was built may be closed to others.
    let copy = tempfile::tempdir().unwrap();
    open_to_all(copy.path());
    let binary = copy.path().join("burndown");
    // Copied by another process: a descriptor of ours would be held open by what other tests start
    // meanwhile, and a program that is open for writing cannot be run.
    assert!(Command::new("cp").arg(BINARY).arg(&binary).status().unwrap().success());
    let mut parent = workspace.path.as_path();
    while let Some(folder) = parent.parent().filter(|folder| *folder != std::env::temp_dir()) {
        open_to_all(folder);
        parent = folder;
    }
    let user =
        [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
    finish(command("setpriv", &workspace.path).args(user).arg(binary).args(arguments))
}

fn open_to_all(folder: &Path) {
    // The root of the file system and the like are open anyway.
    let _ = fs::set_permissions(folder, Permissions::from_mode(0o755));
}

pub fn can_run() -> bool {
    let is_possible = !requirement::is_root() || requirement::has_program("setpriv");
    requirement::met(is_possible, "the program setpriv")
}

/// Sets the rights of a file or folder of a workspace, runs a command as a user who does not own
/// it, and expects a sentence and no change.
#[track_caller]
fn check(workspace: &Workspace, place: &str, mode: u32, arguments: &[&str], parts: &[&str]) {
    let before = workspace.files();
    let place = workspace.path.join(place);
    fs::set_permissions(&workspace.path, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&place, Permissions::from_mode(mode)).unwrap();
    let ended = run(workspace, arguments);
    fs::set_permissions(&place, Permissions::from_mode(0o755)).unwrap();
    ended.failed(1, parts);
    assert!(workspace.files() == before, "{arguments:?} changed a file");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    if !can_run() {
        return;
    }
    let rights = "rights";
    let old = Workspace::small();
    check(&old, "", 0o555, &["migrate"], &[&old.path.display().to_string(), rights]);
    check(&old, "", 0o555, &["serve", "--port", "0"], &[rights]);
    let empty = Workspace::empty();
    check(&empty, "", 0o555, &["serve", "--port", "0", "--workspace", "."], &[rights]);
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    if !can_run() {
        return;
    }
    let old = Workspace::small();
    check(&old, "profiles", 0o000, &["migrate", "--workspace", "."], &["profiles", "rights"]);
    check(&old, "profiles", 0o000, &["serve", "--port", "0", "--workspace", "."], &["profiles"]);
    // The current folder is the workspace, not a new one in the system's folder for data.
    for arguments in [&["serve", "--port", "0"][..], &["migrate"], &["profiles"]] {
        check(&old, "profiles", 0o000, arguments, &["profiles", "Permission denied", "rights"]);
    }
}

#[test]
fn a_database_that_cannot_be_read_is_named() {
    if !can_run() {
        return;
    }
    let workspace = Workspace::migrated();
    let place = "profiles/burndown.sqlite";
    check(&workspace, place, 0o000, &["profiles"], &["burndown.sqlite", "rights"]);
    check(&workspace, place, 0o000, &["serve", "--port", "0"], &["burndown.sqlite", "rights"]);
}

/// Nobody can say that all is well where nobody can look.
#[test]
fn doctor_fails_where_it_cannot_look() {
    if !can_run() {
        return;
    }
    for folder in ["profiles", "backups"] {
        let workspace = Workspace::migrated();
        fs::set_permissions(&workspace.path, Permissions::from_mode(0o755)).unwrap();
        let place = workspace.path.join(folder);
        if requirement::is_root() {
            let whose = ["-R", NOBODY, &workspace.path.display().to_string()].map(str::to_owned);
            assert!(Command::new("chown").args(whose).status().unwrap().success());
        }
        fs::set_permissions(&place, Permissions::from_mode(0o000)).unwrap();
        let ended = run(&workspace, &["doctor", "--workspace", "."]);
        fs::set_permissions(&place, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(ended.code, 1, "{}", ended.out);
        for part in [folder, "cannot be looked into"] {
            assert!(ended.err.contains(part), "{part:?} is not in: {}", ended.err);
        }
        assert!(!ended.out.contains("all is well"), "{}", ended.out);
    }
}
