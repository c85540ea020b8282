//! `burndown demo` and `serve --demo`: kept apart from the user's data, and taken away again.

use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;
use crate::serving::Server;

const FOLDER: &str = "home/.local/share/burndown-demo";

#[cfg(target_os = "linux")]
#[test]
fn a_demo_is_made_kept_and_removed() {
    let workspace = Workspace::migrated();
    let before = workspace.files();
    let demo = workspace.path.join(FOLDER);
    let made = run(&workspace.path, &["demo", "--json"]).json();
    assert_eq!(made["outcome"], "made", "{made}");
    assert_eq!(made["folder"], demo.display().to_string(), "{made}");
    let kept = run(&workspace.path, &["demo"]).answer();
    assert!(kept.contains("burndown serve --demo"), "{kept}");
    let profiles = run(&workspace.path, &["profiles", "--json", "--workspace", FOLDER]).json();
    assert!(profiles.to_string().contains("Demo: Harbour shop"), "{profiles}");
    let mine = run(&workspace.path, &["profiles", "--json"]).json();
    assert!(!mine.to_string().contains("Demo"), "{mine}");
    run(&workspace.path, &["backup", "--workspace", FOLDER]).answer();
    run(&workspace.path, &["status", "--check", "--workspace", FOLDER]).answer();
    let removed = run(&workspace.path, &["demo", "--remove"]).answer();
    assert!(removed.contains("deleted the demo"), "{removed}");
    assert!(!demo.exists());
    assert!(workspace.files() == before, "the user's files changed");
    let again = run(&workspace.path, &["demo", "--remove", "--json"]).json();
    assert_eq!(again["removed"].as_array().unwrap().len(), 0, "{again}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_demo_is_served_whatever_the_workspace_is() {
    let workspace = Workspace::small();
    let before = workspace.files();
    let mut serve = command(BINARY, &workspace.path);
    serve.args(["serve", "--demo", "--port", "0"]).env("BURNDOWN_WORKSPACE", &workspace.path);
    let server = Server::spawn(&mut serve);
    let (head, body) = server.get("/");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    for part in ["Demo: Harbour shop", "Checkout rewrite", "burndown demo --remove"] {
        assert!(body.contains(part), "{part:?} is not in: {body}");
    }
    assert!(!body.contains("Apache Kafka"), "{body}");
    let ended = server.end("-TERM");
    assert!(ended.err.contains("made a demo"), "{}", ended.err);
    let after = workspace.files();
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
    assert!(after.keys().all(|name| before.contains_key(name) || name.starts_with(FOLDER)));
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_not_the_demo_is_not_touched() {
    let workspace = Workspace::small();
    let demo = workspace.path.join(FOLDER);
    run(&workspace.path, &["migrate", "--workspace", FOLDER, "--from", "."]).answer();
    let before = workspace.files();
    for arguments in [&["demo"][..], &["demo", "--remove"], &["serve", "--demo", "--port", "0"]] {
        run(&workspace.path, arguments).failed(1, &["burndown-demo", "not the demo"]);
    }
    assert!(demo.join("profiles/burndown.sqlite").exists());
    let of_user = |name: &String| !name.ends_with("-wal") && !name.ends_with("-shm");
    let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| -> Vec<String> {
        files.keys().filter(|name| of_user(name)).cloned().collect()
    };
    assert_eq!(names(&workspace.files()), names(&before));
}

#[test]
fn another_workspace_cannot_hold_the_demo() {
    let workspace = Workspace::empty();
    for arguments in [&["demo"][..], &["demo", "--remove"], &["serve", "--demo"]] {
        let all = [arguments, &["--workspace", "."]].concat();
        finish(command(BINARY, &workspace.path).args(all))
            .failed(2, &["folder of its own", "--workspace"]);
    }
    assert!(workspace.files().is_empty());
}
