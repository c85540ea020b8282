//! Wrong command lines: code 2, one sentence, and nothing is touched.

use std::process::Stdio;

use crate::program::{BINARY, command, run};
use crate::samples::Workspace;

#[track_caller]
fn check(arguments: &[&str], parts: &[&str]) {
    let workspace = Workspace::empty();
    run(&workspace.path, arguments).failed(2, parts);
    assert!(workspace.files().is_empty());
}

#[test]
fn the_sentence_names_what_is_wrong() {
    check(
        &["serve", "--port", "eight"],
        &["--port", "'eight'", "0 to 65535", "`burndown serve --help`"],
    );
    check(&["serve", "--port", "65536"], &["--port", "'65536'"]);
    check(&["serv"], &["'serv'", "'serve'"]);
    check(&["status", "--colour"], &["--colour", "--color"]);
    check(&["status", "--color", "pink"], &["pink", "auto"]);
    check(&["issues", "--limit", "many"], &["--limit", "many"]);
    check(&["issues", "--week", "2025-W44"], &["--done"]);
    check(&["issues", "--created"], &["--week"]);
    check(&["issues", "--done", "--open"], &["--done", "--open"]);
    check(&["weeks", "--window", "0"], &["window", "from 1 to 1040, or all"]);
    check(&["summary", "--as-of", "soon"], &["--as-of", "2025-11-24"]);
    check(&["issues", "A-1", "--status", "Done"], &["[KEY]", "--status"]);
}

#[test]
fn help_and_version_are_answers() {
    let workspace = Workspace::empty();
    let ended = run(&workspace.path, &["milestone", "set"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(run(&workspace.path, &["help"]).answer().contains("Usage: burndown"));
    assert!(run(&workspace.path, &["--version"]).answer().starts_with("burndown "));
}

#[test]
fn errors_are_json_where_answers_are() {
    let workspace = Workspace::empty();
    for (arguments, code, kind) in [
        (&["serve", "--port", "x", "--json"][..], 2, "usage"),
        (&["weeks", "--csv", "--json"], 2, "usage"),
        (&["migrate", "--json"], 3, "nothing_to_migrate"),
        (&["profiles", "--json"], 1, "not_found"),
        (&["verify", "--json"], 1, "failed"),
    ] {
        let ended = run(&workspace.path, &[arguments, &["--workspace", "."]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{arguments:?}");
        let error: serde_json::Value = serde_json::from_str(&ended.err).unwrap();
        assert_eq!(error["error"]["kind"], kind, "{error}");
        assert!(error["error"]["message"].as_str().unwrap().len() > 20, "{error}");
    }
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    at(&["queries", "--profile", "Kafka"]).failed(1, &["\"Kafka\"", "\"Apache Kafka\""]);
    at(&["issues", "--query", "nope"]).failed(1, &["query \"nope\"", "there are"]);
    at(&["issues", "NOPE-1"]).failed(1, &["NOPE-1"]);
    at(&["issues", "--sort", "size"]).failed(2, &["size", "created", "points"]);
    at(&["issues", "--limit", "-1"]).failed(2, &["--limit", "whole number from 0"]);
    at(&["weeks", "--as-of", "soon"]).failed(2, &["'soon'", "--as-of", "2025-11-24"]);
    let by_update = at(&["issues", "--sort", "-updated", "--limit", "1"]).answer();
    assert!(by_update.lines().nth(1).unwrap().contains("updated"), "{by_update}");
    at(&["issues", "--done", "--week", "44"]).failed(2, &["week", "2025-W44"]);
    let ended = at(&["issues", "--status", "Resolvd"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let warned = at(&["issues", "--status", "Resolvd", "--json"]).err;
    let warned: serde_json::Value = serde_json::from_str(&warned).unwrap();
    assert!(warned["warning"].as_str().unwrap().contains("Resolvd"), "{warned}");
    assert!(ended.err.contains("\"Resolvd\"") && ended.err.contains("Resolved"), "{}", ended.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let workspace = Workspace::migrated();
    let arguments = ["issues", "--limit", "1000", "--json"];
    let mut child = command(BINARY, &workspace.path)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}
