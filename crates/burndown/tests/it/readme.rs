//! The commands that the README shows do what it says.

use std::path::Path;

use crate::program::run;
use crate::samples::Workspace;

#[test]
fn the_commands_of_the_readme_work_one_after_the_other() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let commands: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("burndown ")).collect();
    assert!(commands.len() > 8, "only {} commands were found", commands.len());
    let workspace = Workspace::small();
    for shown in commands {
        let command = shown.split(" # ").next().unwrap_or_default();
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let ended = run(&workspace.path, &arguments);
        assert_eq!(ended.code, 0, "burndown {command}: {}", ended.err);
    }
}
