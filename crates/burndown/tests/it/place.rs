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
