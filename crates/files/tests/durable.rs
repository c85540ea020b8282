//! What survives a power cut: each thing that gets a name was flushed before, its folder after.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use files::Act;

/// What was done, each step as a word and names below `root`.
fn steps_of(root: &Path, work: impl FnOnce()) -> Vec<String> {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&steps);
    let root = root.to_owned();
    let name = move |path: &Path| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        // Temporary names are random.
        if name.contains(files::TEMPORARY) { "(new)".to_owned() } else { format!("/{name}") }
    };
    let watcher = move |done: &files::Done| {
        let place = name(&done.place);
        let step = match (done.act, &done.to) {
            (Act::Rename, Some(to)) => format!("name {}", name(to)),
            (act, _) => format!("{} {place}", act.as_str()),
        };
        told.lock().unwrap().push(step);
    };
    files::watched(watcher, work);
    steps.lock().unwrap().clone()
}

#[track_caller]
fn check(prepare: impl FnOnce(&Path), work: impl FnOnce(&Path), want: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    assert_eq!(steps_of(folder.path(), || work(folder.path())), want);
}

#[test]
fn a_file_is_flushed_before_it_has_its_name_and_its_folder_after() {
    let write = |root: &Path| files::write_file(&root.join("a"), b"x").unwrap();
    check(|_| {}, write, &["flushing (new)", "name /a", "flushing /"]);
    check(write, write, &["flushing (new)", "name /a", "flushing /"]);
}

#[test]
fn a_folder_is_flushed_from_its_files_up_before_it_has_its_name() {
    let publish = |root: &Path| {
        let made = files::scratch_folder(root).unwrap();
        fs::create_dir(made.path().join("b")).unwrap();
        fs::write(made.path().join("b/c"), "x").unwrap();
        files::publish_folder(made, &root.join("a")).unwrap();
        assert_eq!(fs::read(root.join("a/b/c")).unwrap(), b"x");
    };
    let want = ["flushing (new)", "flushing (new)", "flushing (new)", "name /a", "flushing /"];
    check(|_| {}, publish, &want);
}

/// Another process takes the name in between.
#[test]
fn a_name_that_was_taken_meanwhile_is_left_to_whoever_has_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = |text: &str| {
        let made = files::scratch_folder(root.path()).unwrap();
        fs::write(made.path().join("x"), text).unwrap();
        made
    };
    files::publish_folder(folder("first"), &root.path().join("a")).unwrap();
    let names = std::cell::RefCell::new(vec!["b", "a"]);
    let name = || root.path().join(names.borrow_mut().pop().unwrap());
    let place = files::publish_folder_as(folder("second"), name).unwrap();
    assert_eq!(place, root.path().join("b"));
    let text = |name: &str| fs::read_to_string(root.path().join(name).join("x")).unwrap();
    assert_eq!((text("a"), text("b")), ("first".to_owned(), "second".to_owned()));
    let taken = files::publish_folder(folder("third"), &root.path().join("a"));
    assert!(taken.is_err() && text("a") == "first");
}

#[test]
fn new_folders_are_flushed_from_the_top() {
    let create = |root: &Path| files::create_folder(&root.join("a/b")).unwrap();
    check(|_| {}, create, &["flushing /", "flushing /a"]);
    check(create, create, &[]);
}

#[test]
fn a_rename_lasts_in_both_folders_and_a_removal_in_one() {
    let prepare = |root: &Path| {
        fs::create_dir(root.join("a")).unwrap();
        fs::write(root.join("a/x"), "x").unwrap();
    };
    let rename = |root: &Path| files::rename(&root.join("a/x"), &root.join("y")).unwrap();
    check(prepare, rename, &["name /y", "flushing /", "flushing /a"]);
    let remove = |root: &Path| files::remove(&root.join("a")).unwrap();
    check(prepare, remove, &["removing /a", "flushing /"]);
    check(|_| {}, remove, &[]);
}

#[test]
fn an_existing_file_is_replaced_only_if_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("a");
    fs::write(&place, "old").unwrap();
    let made = files::scratch_file(folder.path()).unwrap();
    let refused = files::publish_file(made, &place, false).unwrap_err();
    assert_eq!(refused.source.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
}

#[test]
fn what_a_kill_left_is_removed_by_the_next_and_what_is_held_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let held = files::held_scratch_file(folder.path()).unwrap();
    let left = files::held_scratch_file(folder.path()).unwrap();
    // As after a kill: the file stays, and nobody holds it.
    let (_, left) = left.keep().unwrap();
    let foreign = folder.path().join(".burndown-other");
    fs::write(&foreign, "").unwrap();
    let next = files::held_scratch_file(folder.path()).unwrap();
    assert!(held.path().exists() && next.path().exists() && foreign.exists());
    assert!(!left.exists());
}

#[cfg(unix)]
#[test]
fn folders_that_a_kill_left_go_with_the_next_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let make = || files::scratch_folder(folder.path()).unwrap();
    let held = make();
    let (left, fresh) =
        (folder.path().join(".burndown-held-a"), folder.path().join(".burndown-held-b"));
    let (now, hour) = (std::time::SystemTime::now(), std::time::Duration::from_secs(3_600));
    let set = |path: &Path, time| fs::File::open(path).unwrap().set_modified(time).unwrap();
    let set_old = |path: &Path| set(path, now - hour);
    for path in [&left, &fresh] {
        fs::create_dir(path).unwrap();
        fs::write(path.join("burndown.sqlite"), "x").unwrap();
    }
    set_old(&left);
    set_old(held.path());
    // However long the test takes, it is not old yet.
    set(&fresh, now + hour);
    let next = make();
    assert!(!left.exists(), "nobody holds it");
    assert!(held.path().exists() && next.path().exists() && fresh.exists());
    drop(next);
    files::remove_abandoned(folder.path());
    assert!(held.path().exists());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    files::create_folder(&root.join("f/g")).unwrap();
    files::write_file(&root.join("a"), b"x").unwrap();
    drop(files::create_file(&root.join("b")).unwrap());
    drop(files::open_private(&root.join("c")).unwrap());
    let (file, made) = (files::scratch_file(root).unwrap(), files::scratch_folder(root).unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (place, want) in [
        (root.join("f"), 0o700),
        (root.join("f/g"), 0o700),
        (root.join("a"), 0o600),
        (root.join("b"), 0o600),
        (root.join("c"), 0o600),
        (file.path().to_owned(), 0o600),
        (made.path().to_owned(), 0o700),
    ] {
        assert_eq!(mode(&place), want, "{}", place.display());
        assert!(!files::is_open_to_others(&place));
    }
    fs::set_permissions(root.join("a"), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(files::is_open_to_others(&root.join("a")));
}
