//! A disk without room, made of memory.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::{BINARY, Ended, command, finish, run};
use crate::samples::{Workspace, fixture, unpack};
use crate::serving::Server;

/// A small file system, gone when dropped.
struct Disk {
    keeper: Workspace,
}

impl Disk {
    /// With these options of a file system in memory, e.g. `size=1m`.
    fn mount(options: &str) -> Option<Disk> {
        let keeper = Workspace::empty();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&keeper.path)
            .stderr(Stdio::null())
            .status();
        let disk = mount.is_ok_and(|status| status.success()).then_some(Disk { keeper });
        if disk.is_none() {
            eprintln!("skipped: no file system can be mounted here");
        }
        disk
    }

    fn path(&self) -> PathBuf {
        self.keeper.path.join("small")
    }

    /// Makes it writable (`rw`) or not (`ro`).
    fn remount(&self, mode: &str) {
        let options = format!("remount,{mode}");
        let mount = Command::new("mount").args(["-o", &options]).arg(&self.keeper.path).status();
        assert!(mount.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.keeper.path).status();
    }
}

/// Whoever looks for room holds the lock meanwhile; its file is empty or nearly so.
#[track_caller]
fn check_unchanged(workspace: &Workspace, before: &BTreeMap<String, Vec<u8>>) {
    let mut after = workspace.files();
    after.retain(|name, _| !name.ends_with("burndown.lock"));
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(after == *before, "a file changed, or is new: {new:?}");
}

/// A migration meets a disk without room at some moment: it ends well, or with a sentence that has
/// all of `parts` and names the folder, and nothing changed. Says whether it failed.
#[track_caller]
fn fails_in_order(
    keeper: &Workspace,
    before: &BTreeMap<String, Vec<u8>>,
    folder: &Path,
    ended: &Ended,
    parts: &[&str],
) -> bool {
    if ended.code == 0 {
        return false;
    }
    let place = folder.display().to_string();
    ended.failed(1, &[&[place.as_str(), "try again"], parts].concat());
    check_unchanged(keeper, before);
    assert!(!folder.join("backups").exists(), "an empty folder is left");
    true
}

#[test]
fn a_disk_that_fills_up_meanwhile_is_named_and_nothing_is_left_behind() {
    // There is room enough, but every file and folder needs a number too.
    let parts = ["filled up", "MB", "Nothing was changed"];
    let mut failed = 0;
    for numbers in [22, 24, 26, 30, 34, 40] {
        let Some(disk) = Disk::mount(&format!("size=64m,nr_inodes={numbers}")) else { return };
        unpack(&fixture("small"), &disk.keeper.path);
        let before = disk.keeper.files();
        let ended = run(&disk.path(), &["migrate"]);
        failed += u32::from(fails_in_order(&disk.keeper, &before, &disk.path(), &ended, &parts));
    }
    assert!(failed >= 2, "the disk had room for all: {failed}");
}

#[test]
fn a_file_that_cannot_grow_is_named_and_nothing_is_left_behind() {
    // Stands for a disk that fails at some byte. In blocks of 512 bytes.
    let mut failed = 0;
    for blocks in [1, 8, 32, 64, 96, 128, 192, 256, 320] {
        let workspace = Workspace::small();
        let before = workspace.files();
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" migrate");
        let ended = finish(command("sh", &workspace.path).args(["-c", &script, BINARY]));
        failed += u32::from(fails_in_order(&workspace, &before, &workspace.path, &ended, &[]));
    }
    assert!(failed >= 4, "every file could grow: {failed}");
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left_behind() {
    // The sample takes about 0.8 MB, backup and database need more than is left.
    let Some(disk) = Disk::mount("size=1m") else { return };
    unpack(&fixture("small"), &disk.keeper.path);
    let before = disk.keeper.files();
    for command in [&["migrate"][..], &["serve", "--port", "0"]] {
        run(&disk.path(), command).failed(1, &["free", "Nothing was written"]);
        check_unchanged(&disk.keeper, &before);
    }
    let status = run(&disk.path(), &["status"]).answer();
    assert!(status.contains("legacy"), "{status}");
}

#[test]
fn an_empty_workspace_on_a_full_disk_is_named() {
    let Some(disk) = Disk::mount("size=64k") else { return };
    std::fs::write(disk.keeper.path.join("ballast"), vec![0; 60 * 1024]).unwrap();
    let ended = run(&disk.keeper.path, &["serve", "--port", "0", "--workspace", "."]);
    ended.failed(1, &["full", "free some space"]);
}

#[test]
fn a_medium_that_cannot_be_written_is_named_with_a_way_out() {
    let Some(disk) = Disk::mount("size=64m") else { return };
    unpack(&fixture("small"), &disk.keeper.path);
    disk.remount("ro");
    let before = disk.keeper.files();
    let elsewhere = Workspace::empty();
    for command in [&["migrate"][..], &["serve", "--port", "0"]] {
        run(&disk.path(), command).failed(1, &["cannot be written", "--workspace"]);
    }
    assert!(run(&disk.path(), &["status"]).answer().contains("legacy"));
    let there = elsewhere.path.join("data").display().to_string();
    let from = disk.path().display().to_string();
    run(&disk.path(), &["migrate", "--from", &from, "--workspace", &there]).answer();
    run(&disk.path(), &["verify", "--workspace", &there]).answer();
    assert!(disk.keeper.files() == before);

    disk.remount("rw");
    run(&disk.path(), &["migrate"]).answer();
    disk.remount("ro");
    run(&disk.path(), &["rollback"]).failed(1, &["cannot be written", "--workspace"]);
    // What only reads works, and says that nothing is kept.
    run(&disk.path(), &["verify"]).answer();
    let kept = elsewhere.path.join("kept").display().to_string();
    let made = run(&disk.path(), &["backup", "--to", &kept, "--json"]).json();
    assert_eq!(made["counts"]["issues"], 60, "{made}");
    run(&disk.path(), &["backup", "verify", made["path"].as_str().unwrap()]).answer();
    for command in [&["profiles"][..], &["status"]] {
        let ended = run(&disk.path(), command);
        assert!(ended.code == 0 && ended.err.contains("only read"), "{command:?}: {}", ended.err);
    }
    let server = Server::spawn(command(BINARY, &disk.path()).args(["serve", "--port", "0"]));
    let (head, page) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200") && page.contains("Apache Kafka"), "{head}{page}");
}

#[test]
fn a_full_disk_is_no_damage() {
    let Some(disk) = Disk::mount("size=24m") else { return };
    unpack(&fixture("small"), &disk.keeper.path);
    run(&disk.path(), &["migrate"]).answer();
    let ballast = std::fs::File::create(disk.keeper.path.join("ballast")).unwrap();
    let piece = [0; 4096];
    while std::io::Write::write_all(&mut &ballast, &piece).is_ok() {}
    let ended = run(&disk.path(), &["doctor"]);
    ended.failed(1, &["full", "free some space"]);
    assert!(!ended.err.contains("damage"), "{}", ended.err);
    let status = run(&disk.path(), &["status"]);
    assert!(status.code == 1 && status.err.contains("is full"), "{}", status.err);
}

/// Emptying the trash needs no room; taking its traces out of the database does, and that is said.
#[test]
fn a_trash_that_leaves_traces_on_a_full_disk_says_so() {
    let Some(disk) = Disk::mount("size=24m") else { return };
    unpack(&fixture("small"), &disk.keeper.path);
    let at = |arguments: &[&str]| run(&disk.path(), arguments);
    at(&["migrate"]).answer();
    at(&["profile", "create", "Canary-7d1e"]).answer();
    at(&["profile", "delete", "Canary-7d1e", "--yes"]).answer();
    let ballast = disk.keeper.path.join("ballast");
    let filled = std::fs::File::create(&ballast).unwrap();
    while std::io::Write::write_all(&mut &filled, &[0; 4096]).is_ok() {}
    while std::io::Write::write_all(&mut &filled, &[0]).is_ok() {}
    let ended = at(&["trash", "empty", "--yes"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert_eq!(ended.out, "removed 1 thing for good\n");
    for part in ["may still stand in unused space", "full", "once more"] {
        assert!(ended.err.contains(part), "{part:?} is not in: {}", ended.err);
    }
    drop(filled);
    std::fs::remove_file(ballast).unwrap();
    assert_eq!(at(&["trash", "empty", "--yes"]).answer(), "removed 0 things for good\n");
    let database = std::fs::read(disk.path().join("profiles/burndown.sqlite")).unwrap();
    assert!(!database.windows(11).any(|part| part == b"Canary-7d1e"), "it stands there still");
}
