//! The commands that the README shows do what it says.

use std::path::Path;

use fake_jira::{Behaviour, FakeJira, GENERATED_PROJECT, Kind, World};

use crate::program::{BINARY, command, finish};
use crate::samples::Workspace;

#[test]
fn the_commands_of_the_readme_work_one_after_the_other() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let jira = Behaviour::honest(Kind::DataCenter);
    let jira = FakeJira::start(World::generated(20, 1), Kind::DataCenter, jira).unwrap();
    let readme = std::fs::read_to_string(readme).unwrap();
    let readme = readme.replace("https://jira.example.org", jira.url());
    let readme = readme.replace("project = ABC", &format!("project = {GENERATED_PROJECT}"));
    let commands: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("burndown ")).collect();
    assert!(commands.len() > 12, "only {} commands were found", commands.len());
    let workspace = Workspace::small();
    for shown in commands {
        let shown = shown.split(" # ").next().unwrap_or_default();
        let mut run = command(BINARY, &workspace.path);
        let ended = finish(run.args(words(shown)).env("BURNDOWN_JIRA_TOKEN", token_for(shown)));
        assert_eq!(ended.code, 0, "burndown {shown}: {}", ended.err);
    }
}

/// Whoever connects types the token; after that it is stored.
fn token_for(shown: &str) -> &'static str {
    if shown.starts_with("connect ") { "example-token" } else { "" }
}

/// What a shell makes of a line without escapes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
