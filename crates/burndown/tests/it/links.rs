//! Links in place of folders and files of a workspace: named, and never written through.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::program::run;
use crate::samples::Workspace;
use crate::serving::Server;

/// Puts a link in place of `name`, its content elsewhere, and expects each command to name it and
/// to change nothing on either side.
#[track_caller]
fn check(workspace: &Workspace, name: &str, target: &str, commands: &[&[&str]], parts: &[&str]) {
    let elsewhere = Workspace::empty();
    let (link, target) = (workspace.path.join(name), elsewhere.path.join(target));
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    if link.exists() {
        fs::rename(&link, &target).unwrap();
    } else {
        fs::create_dir(&target).unwrap();
    }
    symlink(&target, &link).unwrap();
    let before = (workspace.files(), elsewhere.files());
    for command in commands {
        let ended = run(&workspace.path, command);
        assert_eq!(ended.code, 1, "{command:?}: {}", ended.err);
        let said = ended.err.lines().last().unwrap_or_default();
        for part in [&["is a link to", &target.display().to_string()], parts].concat() {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        let after = (workspace.files(), elsewhere.files());
        assert!(after == before, "{command:?} changed a file");
    }
    fs::remove_file(&link).unwrap();
    if target.exists() {
        fs::rename(&target, &link).unwrap();
    }
}

const HERE: [&[&str]; 4] = [
    &["serve", "--port", "0"],
    &["migrate"],
    &["status"],
    &["serve", "--port", "0", "--workspace", "."],
];

#[test]
fn the_profiles_folder_as_a_link_is_named_with_the_folder_to_start_in() {
    let workspace = Workspace::small();
    check(&workspace, "profiles", "old/profiles", &HERE, &["start burndown in", "--workspace"]);
    check(&workspace, "profiles", "old/elsewhere", &HERE, &["put the folder itself there"]);
}

#[test]
fn files_and_folders_that_are_written_are_no_links() {
    let workspace = Workspace::small();
    run(&workspace.path, &["migrate"]).answer();
    let commands: [&[&str]; 5] =
        [&["status"], &["profiles"], &["serve", "--port", "0"], &["rollback"], &["verify"]];
    for name in ["profiles", "profiles/burndown.sqlite", "profiles/burndown.lock"] {
        let target = name.rsplit('/').next().unwrap();
        check(&workspace, name, target, &commands, &[]);
    }
    // What servers, syncs and SQLite clear or write over.
    for name in [
        ".burndown-uploads",
        ".burndown-sync",
        ".burndown-json",
        "burndown.sqlite-wal",
        "burndown-address",
    ] {
        check(&workspace, &format!("profiles/{name}"), name, &commands, &[]);
    }
}

/// Backups may lie on another disk, where nothing gets its name by a mere renaming.
#[test]
fn backups_may_lie_behind_a_link_to_a_folder() {
    let workspace = Workspace::small();
    let memory = std::path::Path::new("/dev/shm");
    let elsewhere = if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    };
    symlink(elsewhere.path(), workspace.path.join("backups")).unwrap();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    at(&["migrate"]).answer();
    at(&["verify"]).answer();
    at(&["backup"]).answer();
    at(&["profile", "create", "Later"]).answer();
    at(&["restore", "--yes"]).answer();
    at(&["migrate", "--again", "--yes"]).answer();
    at(&["profile", "create", "Later"]).answer();
    at(&["rollback", "--with-changes", "--yes"]).answer();
    assert!(!workspace.database().exists());
    let names = fs::read_dir(elsewhere.path()).unwrap();
    let mut kinds: Vec<String> = names
        .map(|it| it.unwrap().file_name().to_string_lossy().split('-').next().unwrap().to_owned())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["backup", "migration", "replaced", "rolled"]);
}

/// What stands there and is no folder is named, by what lists backups, too: none would be found.
#[test]
fn what_is_no_folder_for_backups_is_named() {
    let workspace = Workspace::migrated();
    let (place, kept) = (workspace.path.join("backups"), workspace.path.join("kept"));
    fs::rename(&place, kept).unwrap();
    let commands: [&[&str]; 6] = [
        &["backup"],
        &["backup", "list"],
        &["restore", "--yes"],
        &["migrate", "--again", "--yes"],
        &["rollback"],
        &["status"],
    ];
    let check = |what: &str| {
        for command in commands {
            let ended = run(&workspace.path, command);
            let said = ended.err.lines().last().unwrap_or_default();
            assert!(ended.code == 1 && said.contains(what), "{command:?}: {said}");
        }
        let doctor = run(&workspace.path, &["doctor"]);
        assert!(doctor.out.contains(&place.display().to_string()), "{}", doctor.out);
        fs::remove_file(&place).unwrap();
    };
    symlink("/nowhere/at/all", &place).unwrap();
    check("is a link to /nowhere/at/all, where no folder is");
    fs::write(&place, b"x").unwrap();
    check("is no folder");
    let file = workspace.path.join("file");
    fs::write(&file, b"x").unwrap();
    symlink(&file, &place).unwrap();
    check("where no folder is");
}

/// Folders in which a server clears what nobody needs: what is not of the program's making stays there.
#[test]
fn what_others_put_into_our_folders_stays() {
    let workspace = Workspace::migrated();
    for name in ["profiles/.burndown-uploads", "profiles/.burndown-sync"] {
        let folder = workspace.path.join(name);
        fs::create_dir_all(folder.join("empty")).unwrap();
        fs::write(folder.join("precious.txt"), "mine").unwrap();
    }
    let server = Server::start(&workspace, &["--port", "0"]);
    server.get("/");
    assert_eq!(server.end("-TERM").code, 0);
    for name in ["profiles/.burndown-uploads", "profiles/.burndown-sync"] {
        let folder = workspace.path.join(name);
        assert!(folder.join("empty").exists() && folder.join("precious.txt").exists(), "{name}");
    }
}

#[test]
fn a_linked_source_is_named_with_the_folder_to_take() {
    let old = Workspace::small();
    let from = Workspace::empty();
    symlink(old.path.join("profiles"), from.path.join("profiles")).unwrap();
    let new = Workspace::empty();
    let arguments = ["migrate", "--workspace", ".", "--from", from.path.to_str().unwrap()];
    let remedy = format!("use --from {}", old.path.display());
    run(&new.path, &arguments).failed(1, &["is a link to", &remedy]);
    assert!(new.files().is_empty());
}

/// A folder may come from somebody else, with a rollback in it that was broken off and leads elsewhere.
#[test]
fn a_broken_off_rollback_does_not_lead_elsewhere() {
    let outside = Workspace::empty();
    fs::write(outside.path.join("precious.txt"), "mine").unwrap();
    for new in ["profiles/linked/precious.txt", "profiles/linked", "", "../x", "profiles/../../x"] {
        let workspace = Workspace::migrated();
        symlink(&outside.path, workspace.path.join("profiles/linked")).unwrap();
        let aside = workspace.path.join("backups/rolled-back-20260101T000000Z.partial");
        fs::create_dir_all(aside.join("legacy/profiles/linked")).unwrap();
        fs::write(aside.join("legacy/profiles/linked/evil.txt"), "evil").unwrap();
        fs::write(aside.join("new-files.json"), format!("[{new:?}]")).unwrap();
        for command in [&["status"][..], &["profiles"], &["migrate"], &["rollback", "--yes"]] {
            run(&workspace.path, command);
            let files = outside.files();
            assert_eq!(files.keys().collect::<Vec<_>>(), ["precious.txt"], "{new:?} {command:?}");
        }
        assert!(workspace.path.join("profiles").exists(), "{new:?}");
    }
}

/// Opening a pipe that nobody writes to waits for ever.
#[test]
fn a_pipe_in_the_place_of_a_file_hangs_no_command() {
    let names = [
        "profiles/burndown-secrets.json",
        "profiles/burndown-checked.json",
        "profiles/burndown-key",
        "profiles/burndown.lock",
        "profiles/burndown-secrets.lock",
    ];
    for name in names {
        let workspace = Workspace::migrated();
        let place = workspace.path.join(name);
        let _ = std::fs::remove_file(&place);
        assert!(std::process::Command::new("mkfifo").arg(&place).status().unwrap().success());
        for arguments in
            [&["doctor"][..], &["status"], &["summary"], &["settings", "token", "--forget"]]
        {
            let mut timed = crate::program::command("timeout", &workspace.path);
            let ended = crate::program::finish(
                timed.args(["-s", "KILL", "60", crate::program::BINARY]).args(arguments),
            );
            assert!(
                [0, 1].contains(&ended.code),
                "{name} {arguments:?}: {} {}",
                ended.code,
                ended.err
            );
        }
    }
}
