//! A disk without room, made of memory.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::program::run;
use crate::samples::{Workspace, fixture, unpack};

/// A small file system, gone when dropped.
struct Disk {
    keeper: Workspace,
}

impl Disk {
    fn mount(size: &str) -> Option<Disk> {
        let keeper = Workspace::empty();
        let options = format!("size={size}");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
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
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.keeper.path).status();
    }
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left_behind() {
    // The sample takes about 0.8 MB, backup and database need more than is left.
    let Some(disk) = Disk::mount("1m") else { return };
    unpack(&fixture("small"), &disk.keeper.path);
    let before = disk.keeper.files();
    for command in [&["migrate"][..], &["serve", "--port", "0"]] {
        run(&disk.path(), command).failed(1, &["free", "Nothing was written"]);
        let mut after = disk.keeper.files();
        // Whoever looks for room holds the lock meanwhile; its file is empty or nearly so.
        after.retain(|name, _| !name.ends_with("burndown.lock"));
        assert!(after == before, "{command:?} changed a file");
    }
    let status = run(&disk.path(), &["status"]).answer();
    assert!(status.contains("legacy"), "{status}");
}

#[test]
fn an_empty_workspace_on_a_full_disk_is_named() {
    let Some(disk) = Disk::mount("64k") else { return };
    std::fs::write(disk.keeper.path.join("ballast"), vec![0; 60 * 1024]).unwrap();
    let ended = run(&disk.keeper.path, &["serve", "--port", "0", "--workspace", "."]);
    ended.failed(1, &["full", "free some space"]);
}
