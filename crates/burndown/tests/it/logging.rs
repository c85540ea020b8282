//! What the program says about what it does.

use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;
use crate::serving::Server;

#[test]
fn it_is_quiet_unless_asked() {
    let workspace = Workspace::migrated();
    assert_eq!(run(&workspace.path, &["profiles"]).err, "");
    let told = run(&workspace.path, &["profiles", "-v"]).err;
    assert!(told.contains("INFO") && !told.contains("DEBUG"), "{told}");
    let mut refined = command(BINARY, &workspace.path);
    refined.args(["profiles", "-v"]).env("RUST_LOG", "error");
    assert_eq!(finish(&mut refined).err, "");
}

#[test]
fn what_was_written_stands_in_the_log() {
    let workspace = Workspace::small();
    let log = |arguments: &[&str]| {
        let ended = run(&workspace.path, &[arguments, &["-vv"]].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.err
    };
    #[track_caller]
    fn check(told: &str, parts: &[&str]) {
        let has_all = |line: &str| parts.iter().all(|part| line.contains(part));
        assert!(told.lines().any(has_all), "{parts:?} are on no line of: {told}");
    }
    let migrated = log(&["migrate"]);
    check(&migrated, &["put records", "key=p_", "count=60", "Issues"]);
    check(
        &migrated,
        &["committed", "revision=1", "jira_cache=60", "jira_changelog_cache=60", "ms="],
    );
    check(&migrated, &["the database is in force"]);
    let made = log(&["profile", "create", "Logged"]);
    check(&made, &["put profile", "id=p_"]);
    check(&made, &["committed", "revision=2", "profiles=1"]);
    check(&log(&["rollback", "--yes"]), &["the database was put aside"]);
}

#[test]
fn a_log_file_is_appended_to() {
    let workspace = Workspace::migrated();
    let arguments = ["profiles", "--log-file", "burndown.log"];
    let lines = || {
        assert_eq!(run(&workspace.path, &arguments).err, "");
        std::fs::read_to_string(workspace.path.join("burndown.log")).unwrap().lines().count()
    };
    let once = lines();
    assert!(once > 0);
    assert_eq!(lines(), 2 * once);
    let nowhere = ["profiles", "--log-file", "nowhere/burndown.log"];
    run(&workspace.path, &nowhere).failed(1, &["nowhere/burndown.log", "--log-file"]);
}

/// More than a pipe holds, and than may wait for its reader.
#[test]
fn a_log_that_nobody_reads_stops_no_page() {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0", "-vv"]);
    for _ in 0..3_000 {
        assert!(server.get("/healthz").0.starts_with("HTTP/1.1 200"));
    }
    let ended = server.end("-TERM");
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("answered"));
}
