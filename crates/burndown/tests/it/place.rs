//! Where data lives, as `status` tells it.

use std::path::Path;

use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;

#[track_caller]
fn check(current: &Path, options: &[&str], variable: Option<&str>, want: (&str, &str, &Path)) {
    let mut command = command(BINARY, current);
    command.args(["status", "--json"]).args(options);
    if let Some(folder) = variable {
        command.env("BURNDOWN_WORKSPACE", folder);
    }
    let status = finish(&mut command).json();
    let (rule, state, folder) = want;
    assert_eq!(status["rule"], rule, "{status}");
    assert_eq!(status["state"], state, "{status}");
    assert_eq!(status["folder"], folder.display().to_string(), "{status}");
}

#[test]
fn the_first_rule_that_fits_counts() {
    let workspace = Workspace::small();
    let here = &workspace.path;
    check(here, &["--workspace", "a"], Some("b"), ("option", "fresh", &here.join("a")));
    check(here, &["--workspace", "."], Some("b"), ("option", "legacy", here));
    check(here, &[], Some("b"), ("variable", "fresh", &here.join("b")));
    check(here, &[], Some(""), ("current_folder", "legacy", here));
    check(here, &[], None, ("current_folder", "legacy", here));
    run(here, &["migrate"]).answer();
    check(here, &[], None, ("current_folder", "ready", here));
}

#[cfg(target_os = "linux")]
#[test]
fn without_data_here_it_is_the_systems_folder() {
    let workspace = Workspace::empty();
    let here = &workspace.path;
    check(here, &[], None, ("platform_folder", "fresh", &here.join("home/.local/share/burndown")));
    assert!(workspace.files().is_empty(), "a question makes nothing");
}

#[test]
fn a_file_is_no_workspace() {
    let workspace = Workspace::small();
    let arguments = ["status", "--workspace", "profiles/profiles.json"];
    run(&workspace.path, &arguments).failed(1, &["profiles.json", "is a file", "--workspace"]);
}

#[test]
fn the_profiles_folder_is_not_the_workspace() {
    let workspace = Workspace::small();
    let (here, inside) = (&workspace.path, workspace.path.join("profiles"));
    let before = workspace.files();
    let remedy = format!("--workspace {}", here.display());
    for (current, command) in [
        (&inside, &["status"][..]),
        (&inside, &["serve", "--port", "0"]),
        (&inside, &["migrate", "--workspace", "."]),
        (here, &["serve", "--workspace", "profiles"]),
        (here, &["migrate", "--workspace", "./x/../profiles/"]),
    ] {
        run(current, command).failed(2, &["profiles folder", &remedy]);
        assert!(workspace.files() == before, "{command:?} changed a file");
    }
}

#[test]
fn a_folder_in_place_of_the_lock_is_named() {
    let workspace = Workspace::small();
    std::fs::create_dir(workspace.path.join("profiles/burndown.lock")).unwrap();
    run(&workspace.path, &["migrate"]).failed(1, &["burndown.lock is a folder", "move"]);
}

#[test]
fn a_database_without_a_byte_is_no_database() {
    let workspace = Workspace::empty();
    std::fs::create_dir(workspace.path.join("profiles")).unwrap();
    std::fs::write(workspace.database(), "").unwrap();
    let before = workspace.files();
    let status = run(&workspace.path, &["status", "--json"]).json();
    assert_eq!(status["state"], "fresh", "{status}");
    run(&workspace.path, &["profiles"]).failed(1, &["there is no data"]);
    run(&workspace.path, &["verify"]).failed(1, &["no migrated workspace"]);
    assert!(workspace.files() == before, "a question wrote into an empty file");
}

/// What stands in a manifest or an answer is text; the folder need not be.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_no_text_works_like_any_other() {
    use std::os::unix::ffi::OsStrExt as _;
    let keeper = Workspace::empty();
    let folder = keeper.path.join(std::ffi::OsStr::from_bytes(b"Data \xff\xfe"));
    std::fs::create_dir(&folder).unwrap();
    crate::samples::unpack(&crate::samples::fixture("small"), &folder);
    let here = folder.join("small");
    let commands: [&[&str]; 12] = [
        &["migrate"],
        &["status", "--json"],
        &["verify"],
        &["profile", "create", "Later"],
        &["backup"],
        &["backup", "verify"],
        &["doctor"],
        &["export", "later.json", "--profile", "Later"],
        &["profile", "delete", "Later", "--yes"],
        &["restore", "--yes"],
        &["migrate", "--again", "--yes"],
        &["rollback", "--yes"],
    ];
    for command in commands {
        let ended = run(&here, command);
        assert_eq!(ended.code, 0, "{command:?}: {}", ended.err);
    }
}

/// SQLite takes no longer path, whatever the disk is.
#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_too_long_is_named_and_not_the_disk() {
    let keeper = Workspace::empty();
    let folder = (0..3).fold(keeper.path.clone(), |path, _| path.join("x".repeat(200)));
    std::fs::create_dir_all(&folder).unwrap();
    crate::samples::unpack(&crate::samples::fixture("small"), &folder);
    let ended = run(&folder.join("small"), &["migrate"]);
    ended.failed(1, &["SQLite takes at most", "shorter path"]);
    assert!(!ended.err.contains("disk"), "{}", ended.err);
}
