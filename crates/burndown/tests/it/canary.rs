//! A token is where its owner put it, in the backup, and in the secret file: nowhere else.

use std::fs;

use crate::program::{BINARY, command, finish};
use crate::samples::Workspace;
use crate::serving::Server;

const CANARY: &str = "canary-5b1f0a77";

/// Whether a file may hold the token.
fn is_secret(name: &str) -> bool {
    let is_old_file = name.ends_with("/profile.json");
    is_old_file || name.contains("secret") || name.contains("token")
}

#[test]
fn a_token_stays_where_it_was_put() {
    let workspace = Workspace::small();
    for (name, bytes) in workspace.files() {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("example-token") {
            fs::write(workspace.path.join(&name), text.replace("example-token", CANARY)).unwrap();
        }
    }
    let mut said = String::new();
    for arguments in [
        &["migrate", "--dry-run"][..],
        &["migrate"],
        &["migrate", "--json", "--again"],
        &["verify", "--json"],
        &["status", "--json"],
        &["profiles", "--json"],
        &["queries", "--json"],
        &["issues", "--json", "--limit", "1000"],
        &["issues", "NOPE-1"],
        &["settings", "--json"],
        &["settings", "set", "window", "0"],
        &["export", "profile.json"],
        &["export", "-", "--config-only"],
        &["import", "profile.json", "--json"],
        &["query", "delete", "q_25d5b4b45190", "--profile", "p_a7b6725386c3", "--yes"],
        &["profile", "delete", "p_a7b6725386c3", "--yes", "--json"],
        &["trash", "list", "--json"],
    ] {
        let mut command = command(BINARY, &workspace.path);
        command.args(arguments).args(["-vv", "--log-file", "log.txt"]).env("RUST_LOG", "trace");
        let ended = finish(&mut command);
        said.push_str(&(ended.out + &ended.err));
    }
    let server = Server::start(&workspace, &["--port", "0", "--log-file", "log.txt", "-vv"]);
    for page in
        ["/", "/about", "/api/v1/workspace", "/api/v1/profiles", "/profiles/p_a7b6725386c3-2"]
    {
        said.push_str(&server.get(page).1);
    }
    drop(server);
    assert!(said.contains("Apache Kafka"));
    assert!(!said.contains(CANARY), "the token was said");
    let holders: Vec<String> = workspace
        .files()
        .into_iter()
        .filter(|(_, bytes)| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()))
        .map(|(name, _)| name)
        .collect();
    assert!(holders.len() >= 3, "old file, backup and secret file: {holders:?}");
    let leaks: Vec<&String> = holders.iter().filter(|name| !is_secret(name)).collect();
    assert!(leaks.is_empty(), "the token is in {leaks:?}");
}

#[cfg(unix)]
#[test]
fn what_holds_a_token_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::migrated();
    finish(command(BINARY, &workspace.path).args(["status", "--log-file", "log.txt"])).answer();
    for name in workspace.files().into_keys() {
        let is_ours =
            name.starts_with("backups/") || name.contains("burndown") || name == "log.txt";
        let mode = fs::metadata(workspace.path.join(&name)).unwrap().permissions().mode();
        assert!(!is_ours || mode & 0o077 == 0, "{name} has mode {mode:o}");
    }
}
